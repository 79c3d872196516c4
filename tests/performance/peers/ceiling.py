"""The ceiling: what broker, database and drivers allow a batching process that does no work of its own.

    python -m tests.performance.peers.ceiling BATCH

In series: take a batch from the queue, one majority transaction with as many log, record and vault documents and one outbox
document, publish as many events and await their confirms, delete the outbox document, acknowledge. Nothing is decoded, checked,
looked up, folded or encrypted; all documents and events are copies of one. No eventlet, and the same publisher as intake's.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

from bson.binary import Binary
from kombu import Connection

from services.intake.domain.inspection import Accepted, inspect
from services.intake.domain.record import fold
from services.intake.domain.telling import changed_events
from services.intake.store import prepare
from services.intake.store.writing import log_document, record_document
from shared import settings
from shared.contracts import STRUCTURED, moment
from shared.messaging import topology
from shared.messaging.outbox import Outbox
from shared.messaging.publisher import ConfirmingPublisher
from shared.privacy import SALT_BYTES
from shared.storage import connect, database, transact, utc_now
from tests.performance import workload

Document = dict[str, Any]
SEALED_OVERHEAD = 66 + SALT_BYTES
"""Bytes that encryption adds: header, initialisation vector, tag; and our salt."""


class Ceiling:
    def __init__(self, batch: int) -> None:
        loaded = settings.load()
        self.batch = batch
        self.client = connect(loaded)
        self.db = database(self.client, loaded, "intake")
        prepare(self.db)
        self.outbox = Outbox(self.db, ConfirmingPublisher(loaded.amqp_uri), "intake.events")
        self.connection = Connection(loaded.amqp_uri, heartbeat=0)
        self.connection.connect()
        topology.declare(self.connection)
        self.waiting: list[int] = []
        self.channel = self.connection.default_channel
        self.log, self.record, self.vault, self.event = samples()

    def run(self) -> None:
        self.channel.basic_qos(0, self.batch * 2, False)
        self.channel.basic_consume(topology.INTAKE, callback=lambda message: self.waiting.append(message.delivery_tag))
        while True:
            self.connection.drain_events()
            # what has arrived by now, up to a batch
            while len(self.waiting) < self.batch:
                try:
                    self.connection.drain_events(timeout=0.005)
                except TimeoutError:
                    break
            taken, self.waiting = self.waiting[:self.batch], self.waiting[self.batch:]
            if taken:
                self.write(len(taken))
                self.channel.basic_ack(taken[-1], multiple=True)

    def write(self, count: int) -> None:
        keys = [os.urandom(16).hex() for _ in range(count)]
        log = [{**self.log, "_id": key, "record": key} for key in keys]
        records = [{**self.record, "_id": key} for key in keys]
        vault = [{**self.vault, "_id": key} for key in keys]
        owed = self.outbox.document([self.event] * count, utc_now())

        def apply(session: Any) -> None:
            self.db["log"].insert_many(log, session=session)
            self.db["vault"].insert_many(vault, session=session)
            self.db["records"].insert_many(records, session=session)
            self.db["outbox"].insert_one(owed, session=session)

        transact(self.client, apply)
        self.outbox.send(owed)


def samples() -> tuple[Document, Document, Document, tuple[str, bytes]]:
    """A log, record and vault document and an event of the size that the workload leads to."""
    now = utc_now()
    at = moment(now)
    read = inspect(workload.reported("sample", 1), STRUCTURED, {}, now=at, limit=at, max_body=10**6, allowed=lambda s, t: True)
    assert isinstance(read, Accepted)
    record = fold([read.entry])
    vault = {"_id": "", "period": f"{now:%Y-%m}", "sealed": Binary(os.urandom(len(read.private) + SEALED_OVERHEAD), 6)}
    event = changed_events(read.record, read.subject, 1, record, [read.entry.type])[0]
    return log_document(read, now, os.urandom(32)), record_document(read.record, read.subject, 1, record, now), vault, event


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    Ceiling(int(sys.argv[1])).run()
