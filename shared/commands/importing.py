"""Intake's side of an import: what it has of the source, what is sent, and what became of it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from shared import contracts
from shared.contracts import keys
from shared.messaging.publisher import ConfirmingPublisher, Outgoing
from shared.messaging.rpc import RpcClient
from shared.messaging.topology import INBOUND
from shared.registers import Event, Known, Words, World

ASK_EVERY = 0.1
PAGE = 1_000


@dataclass(slots=True)
class Sending:
    """``patience``: seconds to wait for intake's answer to what was sent. All raise ``PublishError``, ``RpcError``."""

    source: str
    patience: float
    _publisher: ConfirmingPublisher
    _rpc: RpcClient

    @classmethod
    @contextmanager
    def open(cls, uri: str, source: str, patience: float) -> Iterator[Sending]:
        publisher = ConfirmingPublisher(uri, mandatory=True)
        try:
            with RpcClient(uri, timeout=20) as rpc:
                yield cls(source, patience, publisher, rpc)
        finally:
            publisher.close()

    def known(self, world: World) -> Known:
        """What intake holds of the source's registers."""
        known, after = Known(world), ""
        while True:
            page = self._rpc.call("intake", "imported", source=self.source, after=after, limit=PAGE)
            known.add(page["items"])
            if page["next"] is None:
                return known
            after = page["next"]

    def send(self, events: Sequence[Event]) -> list[str]:
        """Of each: applied, duplicate (it was there), refused, or waiting (no answer in time)."""
        if not events:
            return []
        asked = [
            [keys.entry_key(self.source, event.id),
             keys.content_hash(contracts.read(event.body, contracts.STRUCTURED, {})).hex(),
             keys.raw_key(event.body, contracts.STRUCTURED, {})]
            for event in events
        ]
        places = dict(enumerate(self._whereabouts(asked)))
        new = [i for i, place in places.items() if place not in ("applied", "both")]
        self._publisher.publish([
            Outgoing(INBOUND.name, "", events[i].body, content_type=contracts.STRUCTURED) for i in new
        ])
        until, left = time.monotonic() + self.patience, new
        while left:
            places |= dict(zip(left, self._whereabouts([asked[i] for i in left]), strict=True))
            left = [i for i in left if places[i] == "nowhere"]
            if left and time.monotonic() > until:
                break
            if left:
                time.sleep(ASK_EVERY)
        told, sent = {"both": "applied", "nowhere": "waiting"}, set(new)
        return [told.get(place, place) if i in sent else "duplicate" for i, place in places.items()]

    def why(self, event: Event) -> Words:
        """The reason for which intake refused it."""
        found = self._rpc.call("intake", "outcome", source=self.source, id=event.id)
        reason = f"{found.get('field')}: {found.get('reason')}"
        return Words(f"Không tiếp nhận: {found.get('people') or reason}", f"Refused: {reason}")

    def _whereabouts(self, asked: list[list[str]]) -> list[str]:
        places: list[str] = self._rpc.call("intake", "whereabouts", events=asked)["places"]
        return places
