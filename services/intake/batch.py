"""Taking in a batch: each message read alone, one transaction for all, then the events confirmed by the broker.

    inspect each ─ judge against the ledger ─ fold the touched records ─ seal ─ COMMIT ─ publish ─ delete outbox ─ (ack)

A crash before the commit leaves nothing; after it, the redelivered messages are found in the ledger and the outbox document is
published by whoever finds it.
"""

from __future__ import annotations

import datetime as dt
import os
import random
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any

import structlog
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from services.intake.domain.accounting import Arrival, Ledger, Tally, Verdict, judge
from services.intake.domain.inspection import Accepted, Allowed, Refused, inspect
from services.intake.domain.people import people
from services.intake.domain.record import Record, fold
from services.intake.domain.telling import changed_events, refused_event
from services.intake.store import reading
from services.intake.store.refusals import refused_write
from services.intake.store.writing import Conflict, Writes, log_document, record_document, tally_increments
from services.intake.turns import Turns
from shared.contracts import Refusal, When, moment, read
from shared.contracts.keys import raw_key
from shared.failpoints import reach
from shared.messaging.delivery import Delivery
from shared.messaging.outbox import Outbox
from shared.privacy import SALT_BYTES, Cipher, commitment
from shared.settings import Settings
from shared.storage import Unavailable, transact, utc_now

Document = dict[str, Any]
SKEW = dt.timedelta(minutes=5)
"""How far a sender's clock may run ahead."""
TRIES = 20
SLOTS = 9
"""Places in the tally per instance: one for whatever re-reads, and more than there are batches in work at once."""
Entered = tuple[Document, Document | None]
"""What an entry adds to log and vault. Kept over a lost race, for encrypting is dear."""


class Stale(Exception):
    """The batch took so long that its messages may no longer be this process's."""


log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Result:
    """What became of a batch, for replies and metrics. ``versions``: by record id, of every record that it named."""

    verdicts: list[Verdict]
    arrivals: list[Arrival]
    versions: dict[str, int]
    tally: Tally


class Intake:
    """One instance's hands: database, vault, outbox. Holds no state between batches."""

    def __init__(
        self, client: MongoClient[Document], db: Database[Document], cipher: Cipher, outbox: Outbox, settings: Settings,
        allowed: Allowed,
    ) -> None:
        self.client, self.db, self.cipher = client, db, cipher
        self.outbox, self.settings, self.allowed = outbox, settings, allowed
        # few slots, so that the tally stays small over years of restarts; two instances in one slot only wait for each other
        self.slot, *free = (f"slot-{number}" for number in random.sample(range(64), SLOTS))
        self.slots = deque(free)
        self.turns = Turns()

    def take(self, deliveries: Sequence[Delivery]) -> Result:
        """Raise ``Unavailable``, ``Stale`` or ``PublishError`` if it must be taken again; everything else ends in a verdict."""
        began, now = monotonic(), utc_now()
        at, limit = moment(now), moment(now + SKEW)
        arrivals = [self._inspect(delivery, at, limit) for delivery in deliveries]
        return self._commit(arrivals, deliveries, now, began)

    def bury(self, deliveries: Sequence[Delivery]) -> Result:
        """Take in what the broker gave up on: it killed its reader too often. Kept as refused, for a person to see."""
        began, now = monotonic(), utc_now()
        arrivals = [self._dead(delivery) for delivery in deliveries]
        return self._commit(arrivals, deliveries, now, began)

    def _inspect(self, delivery: Delivery, now: When, limit: When) -> Arrival:
        read = inspect(
            delivery.body, delivery.content_type, delivery.headers, now=now, limit=limit, max_body=self.settings.max_body,
            allowed=self.allowed,
        )
        if isinstance(read, Accepted):
            reach("intake.inspected", read.entry.id)
        return Arrival(read, raw_key(delivery.body, delivery.content_type, delivery.headers), delivery.redelivered)

    def _dead(self, delivery: Delivery) -> Arrival:
        """Only the envelope is read of what killed its readers; and not even that if this killed its reader, too."""
        raw = raw_key(delivery.body, delivery.content_type, delivery.headers)
        refusal = Refusal("crashed", "", "reading this message failed again and again; see the service's log, then replay it")
        if delivery.redelivered:
            return Arrival(Refused(refusal=refusal), raw, True)
        try:
            envelope = read(delivery.body, delivery.content_type, delivery.headers, self.settings.max_body)
        except Refusal as unreadable:
            return Arrival(Refused(refusal=unreadable), raw, False)
        return Arrival(Refused(refusal=refusal, source=envelope.source, id=envelope.id, type=envelope.type), raw, False)

    def _commit(
        self, arrivals: list[Arrival], deliveries: Sequence[Delivery], now: dt.datetime, began: float
    ) -> Result:
        try:
            with self.turns.of({a.read.record for a in arrivals if isinstance(a.read, Accepted)}):
                result, writes = self._write(arrivals, deliveries, now, began)
        except PyMongoError as error:
            raise Unavailable(error) from None
        reach("intake.committed")
        if writes.outbox is not None:
            try:
                self.outbox.send(writes.outbox)
            except PyMongoError as error:
                raise Unavailable(error) from None
        reach("intake.published")
        return result

    def _write(
        self, arrivals: list[Arrival], deliveries: Sequence[Delivery], now: dt.datetime, began: float
    ) -> tuple[Result, Writes]:
        entered: dict[str, Entered] = {}
        for _ in range(TRIES):
            result, writes = self._prepare(arrivals, deliveries, now, entered)
            if monotonic() - began > self.settings.heartbeat:
                # this process was stopped, or starved: the broker may have given these messages to another, who counted
                # them; taken again they come flagged as redelivered
                raise Stale
            reach("intake.prepared")
            try:
                with self._slot() as slot:
                    transact(self.client, partial(writes.apply, self.db, slot=slot))
                return result, writes
            except Conflict:
                continue
        raise Unavailable(Conflict(f"{TRIES} conflicts in a row"))

    @contextmanager
    def _slot(self) -> Iterator[str]:
        """A place in the tally for one transaction alone: two that add to the same one would fail each other."""
        slot = self.slots.popleft()
        try:
            yield slot
        finally:
            self.slots.append(slot)

    def _prepare(
        self, arrivals: list[Arrival], deliveries: Sequence[Delivery], now: dt.datetime, entered: dict[str, Entered]
    ) -> tuple[Result, Writes]:
        accepted = [a.read for a in arrivals if isinstance(a.read, Accepted)]
        touched = {a.record for a in accepted}
        heads = reading.heads(self.db, touched)
        ledger = Ledger(
            reading.contents(self.db, {a.entry.key for a in accepted}),
            reading.refused_keys(self.db, {a.raw for a in arrivals if a.redelivered or isinstance(a.read, Refused)}),
            {id: head.n for id, head in heads.items()},
        )
        verdicts = judge(arrivals, ledger)
        tally = Tally(received=sum(v.outcome != "redelivered" for v in verdicts))
        writes = Writes()
        new: dict[str, list[Accepted]] = {}
        events: list[tuple[str, bytes]] = []
        for arrival, delivery, verdict in zip(arrivals, deliveries, verdicts, strict=True):
            tally.add(_type_of(arrival), verdict.outcome)
            if verdict.outcome == "applied" and isinstance(arrival.read, Accepted):
                new.setdefault(arrival.read.record, []).append(arrival.read)
                key = arrival.read.entry.key
                if key not in entered:
                    entered[key] = self._enter(arrival.read, now)
                writes.enter(*entered[key])
            elif verdict.outcome == "refused" and verdict.refusal is not None:
                writes.refused.append(refused_write(arrival, delivery, verdict.refusal, self.cipher, now))
                events.append(refused_event(arrival, verdict.refusal))
        versions = dict(ledger.versions)
        for id, (record, before) in self._folded(new, ledger).items():
            subject = new[id][0].subject
            writes.record(record_document(id, subject, before + 1, record, now))
            versions[id] = before + 1
            tally.move(heads[id].status if id in heads else None, record.status)
            events.extend(changed_events(id, subject, before + 1, record, [a.entry.type for a in new[id]]))
        writes.tally = tally_increments(tally)
        if events:
            writes.outbox = self.outbox.document(events, now)
        return Result(verdicts, arrivals, versions, tally), writes

    def _enter(self, accepted: Accepted, now: dt.datetime) -> Entered:
        if not accepted.private:
            return log_document(accepted, now, None), None
        salt = os.urandom(SALT_BYTES)
        period = f"{now:%Y-%m}"
        document: Document = {
            "_id": accepted.entry.key, "period": period, "sealed": self.cipher.encrypt(salt + accepted.private, period),
        }
        refs = people(accepted)
        if refs:
            document |= {"source": accepted.entry.source, "people": refs, "on": str.__str__(accepted.entry.on)}
        return log_document(accepted, now, commitment(salt, accepted.private)), document

    def _folded(self, new: dict[str, list[Accepted]], ledger: Ledger) -> dict[str, tuple[Record, int]]:
        known = [id for id in new if ledger.versions.get(id)]
        before = reading.entries(self.db, known)
        return {
            id: (fold([*before.get(id, ()), *(a.entry for a in added)]), ledger.versions.get(id, 0))
            for id, added in new.items()
        }


def _type_of(arrival: Arrival) -> str | None:
    return arrival.read.type if isinstance(arrival.read, Refused) else arrival.read.entry.type
