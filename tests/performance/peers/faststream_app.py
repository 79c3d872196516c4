"""FastStream: one message a task, published with confirms, then acknowledged.

    python -m tests.performance.peers.faststream_app PREFETCH

In its favour: bodies pass as bytes without its type conversion, and the private part is encrypted by the synchronous cipher,
whose data key is cached (an awaited call would only add to it). It reads the same quorum queue as intake.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import Any

from faststream import AckPolicy, FastStream
from faststream.rabbit import Channel, ExchangeType, QueueType, RabbitBroker, RabbitExchange, RabbitMessage, RabbitQueue
from pymongo import AsyncMongoClient
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import DuplicateKeyError
from pymongo.read_concern import ReadConcern

from services.intake.store import prepare
from services.intake.store.reading import entry_of
from shared import settings
from shared.contracts import JSON
from shared.messaging.topology import INTAKE
from shared.privacy import Cipher
from shared.storage import MAJORITY, connect, database
from tests.performance.peers import work

EVENTS = RabbitExchange("intake.events", type=ExchangeType.TOPIC, durable=True, declare=False)


class Store:
    def __init__(self, loaded: settings.Settings) -> None:
        blocking = connect(loaded)
        prepare(database(blocking, loaded, "intake"))
        self.cipher = Cipher(blocking, loaded, f"{loaded.database_prefix}_intake")
        self.cipher.prepare()
        self.client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(loaded.mongo_uri, tz_aware=True)
        self.db = self.client.get_database(
            f"{loaded.database_prefix}_intake", read_concern=ReadConcern("majority"), write_concern=MAJORITY
        )

    async def apply(self, piece: work.Piece) -> list[tuple[str, bytes]]:
        """Log, vault and case in one majority transaction; the events to publish. A duplicate changes nothing."""
        id = piece.accepted.record

        async def change(session: AsyncClientSession) -> list[tuple[str, bytes]]:
            await self.db["log"].insert_one(piece.log, session=session)
            await self.db["vault"].insert_one(piece.vault, session=session)
            held = await self.db["records"].find_one({"_id": id}, {"n": 1}, session=session)
            if held is None:
                document, events = work.changed(piece, [], 0)
                await self.db["records"].insert_one(document, session=session)
                return events
            found = await self.db["log"].find({"record": id}, work.ENTRY_FIELDS, session=session).to_list()
            document, events = work.changed(piece, [entry_of(d) for d in found if d["_id"] != piece.log["_id"]], held["n"])
            await self.db["records"].replace_one({"_id": id}, document, session=session)
            return events

        try:
            async with self.client.start_session() as session:
                return await session.with_transaction(change, read_concern=ReadConcern("snapshot"), write_concern=MAJORITY)
        except DuplicateKeyError:
            return await self.announced(piece)

    async def announced(self, piece: work.Piece) -> list[tuple[str, bytes]]:
        """A redelivered message: its event may not have gone out, so it is published once more."""
        id = piece.accepted.record
        found = await self.db["log"].find({"record": id}, work.ENTRY_FIELDS).to_list()
        held = await self.db["records"].find_one({"_id": id}, {"n": 1})
        if held is None:
            raise LookupError(f"no record {id}")
        return work.changed(piece, [entry_of(d) for d in found if d["_id"] != piece.log["_id"]], held["n"] - 1)[1]


async def undecoded(message: RabbitMessage) -> bytes:
    return message.body


def create(prefetch: int) -> FastStream:
    loaded = settings.load()
    store = Store(loaded)
    broker = RabbitBroker(loaded.amqp_uri, apply_types=False, log_level=logging.DEBUG, logger=logging.getLogger("peer"))
    queue = RabbitQueue(INTAKE, queue_type=QueueType.QUORUM, durable=True, declare=False)

    @broker.subscriber(
        queue, channel=Channel(prefetch_count=prefetch), ack_policy=AckPolicy.NACK_ON_ERROR, decoder=undecoded
    )
    async def take(body: bytes) -> None:
        for type, event in await store.apply(work.read(body, store.cipher)):
            await broker.publish(event, exchange=EVENTS, routing_key=type, persist=True, content_type=JSON, mandatory=False)

    return FastStream(broker, logger=None)


if __name__ == "__main__":
    asyncio.run(create(int(sys.argv[1])).run())
