"""Plain nameko: ``@event_handler``, one message a worker, published with its ``EventDispatcher`` (which confirms each), then
acknowledged.

    python -m tests.performance.peers.plain_nameko WORKERS

In its favour: bodies pass as bytes (no second JSON round), as many publishing connections as workers, a quorum queue like ours.
Named ``intake``, so that it publishes on the exchange that intake publishes on, with the same subscribers' queues behind it.
"""

from __future__ import annotations

import eventlet

eventlet.monkey_patch()

import signal  # noqa: E402
import sys  # noqa: E402
from functools import partial  # noqa: E402
from typing import Any  # noqa: E402

import kombu  # noqa: E402
import nameko.events  # noqa: E402
from kombu import pools  # noqa: E402
from nameko.events import EventDispatcher, event_handler  # noqa: E402
from nameko.extensions import DependencyProvider  # noqa: E402
from nameko.runners import ServiceRunner  # noqa: E402
from pymongo.errors import DuplicateKeyError  # noqa: E402

from services.intake.store import prepare  # noqa: E402
from services.intake.store.reading import entry_of  # noqa: E402
from shared import settings  # noqa: E402
from shared.contracts import STRUCTURED  # noqa: E402
from shared.privacy import Cipher  # noqa: E402
from shared.storage import connect, database, transact  # noqa: E402
from tests.performance.peers import work  # noqa: E402

QUEUE = "evt-outside-case--intake.take"
# nameko offers no way to choose the kind of queue
nameko.events.Queue = partial(kombu.Queue, queue_arguments={"x-queue-type": "quorum"})


def as_is(body: Any) -> Any:
    return body


class Store(DependencyProvider):
    def setup(self) -> None:
        loaded = self.container.config["namtot"]
        self.client = connect(loaded)
        self.db = database(self.client, loaded, "intake")
        self.cipher = Cipher(self.client, loaded, self.db.name)
        prepare(self.db)
        self.cipher.prepare()

    def get_dependency(self, worker_ctx: Any) -> Store:
        return self

    def apply(self, piece: work.Piece) -> list[tuple[str, bytes]]:
        """Log, vault and case in one majority transaction; the events to publish. A duplicate changes nothing."""
        id = piece.accepted.record

        def change(session: Any) -> list[tuple[str, bytes]]:
            self.db["log"].insert_one(piece.log, session=session)
            self.db["vault"].insert_one(piece.vault, session=session)
            held = self.db["records"].find_one({"_id": id}, {"n": 1}, session=session)
            if held is None:
                document, events = work.changed(piece, [], 0)
                self.db["records"].insert_one(document, session=session)
                return events
            found = self.db["log"].find({"record": id}, work.ENTRY_FIELDS, session=session)
            document, events = work.changed(piece, [entry_of(d) for d in found if d["_id"] != piece.log["_id"]], held["n"])
            self.db["records"].replace_one({"_id": id}, document, session=session)
            return events

        try:
            return transact(self.client, change)
        except DuplicateKeyError:
            return self.announced(piece)

    def announced(self, piece: work.Piece) -> list[tuple[str, bytes]]:
        """A redelivered message: its event may not have gone out, so it is published once more."""
        entries = [entry_of(d) for d in self.db["log"].find({"record": piece.accepted.record}, work.ENTRY_FIELDS)]
        held = self.db["records"].find_one({"_id": piece.accepted.record}, {"n": 1})
        if held is None:
            raise LookupError(f"no record {piece.accepted.record}")
        return work.changed(piece, [e for e in entries if e.key != piece.log["_id"]], held["n"] - 1)[1]


class PlainIntake:
    name = "intake"

    store = Store()
    dispatch = EventDispatcher(serializer="events")

    @event_handler("outside", "case", requeue_on_error=True)
    def take(self, body: bytes) -> None:
        for type, event in self.store.apply(work.read(body, self.store.cipher)):
            self.dispatch(type, event)


def main(workers: int) -> None:
    kombu.serialization.register("events", as_is, as_is, content_type=STRUCTURED, content_encoding="utf-8")
    pools.set_limit(workers)
    loaded = settings.load()
    runner = ServiceRunner({
        "AMQP_URI": loaded.amqp_uri, "namtot": loaded, "max_workers": workers, "serializer": "events", "accept": ["events"],
    })
    runner.add_service(PlainIntake)
    runner.start()
    signal.signal(signal.SIGTERM, lambda *_: eventlet.spawn_after(0, runner.stop))
    runner.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]))
