"""intake: takes cases and everything else that other systems report into the log, and says what became of it.

A thin shell over ``services.intake.batch`` (what is written) and ``services.intake.queries`` (what is asked).
"""

from __future__ import annotations

from typing import Any

from nameko.rpc import rpc
from nameko.timer import timer

from services.intake.batch import Intake
from services.intake.private import Private
from services.intake.provider import IntakeProvider
from services.intake.queries import Queries
from shared.messaging.batches import batch_event_handler
from shared.messaging.delivery import Delivery
from shared.messaging.topology import INTAKE, INTAKE_DEAD, INTAKE_URGENT


class IntakeService:
    name = "intake"

    provider = IntakeProvider()

    @property
    def intake(self) -> Intake:
        return self.provider.intake

    @property
    def queries(self) -> Queries:
        return self.provider.queries

    @property
    def private(self) -> Private:
        return self.provider.private

    @batch_event_handler(INTAKE, abreast=2)
    def take(self, deliveries: list[Delivery]) -> None:
        self.provider.take(deliveries, INTAKE)

    @batch_event_handler(INTAKE_URGENT)
    def take_urgent(self, deliveries: list[Delivery]) -> None:
        self.provider.take(deliveries, INTAKE_URGENT)

    @batch_event_handler(INTAKE_DEAD)
    def bury(self, deliveries: list[Delivery]) -> None:
        self.provider.bury(deliveries, INTAKE_DEAD)

    @timer(interval=5)
    def tend(self) -> None:
        """Publish what a crash left in the outbox, read what an older release could not, refresh the gauges."""
        self.provider.tend()

    @rpc
    def flow(self) -> dict[str, Any]:
        return self.queries.flow()

    @rpc
    def reconcile(self) -> dict[str, Any]:
        return self.queries.reconcile()

    @rpc
    def totals(self) -> dict[str, Any]:
        return self.queries.totals()

    @rpc
    def refused(self, limit: int = 50, skip: int = 0, status: str | None = "open") -> dict[str, Any]:
        return self.queries.refused(limit, skip, status)

    @rpc
    def refused_show(self, id: str) -> dict[str, Any] | None:
        return self.queries.refused_show(id)

    @rpc
    def refused_replay(self, id: str, body: str | None = None) -> dict[str, Any]:
        return self.queries.refused_replay(id, body)

    @rpc
    def outcome(self, source: str, id: str) -> dict[str, Any]:
        return self.queries.outcome(source, id)

    @rpc
    def case(self, id: str) -> dict[str, Any] | None:
        return self.queries.case(id)

    @rpc
    def check(self, type: str, data: dict[str, Any], subject: str, source: str = "") -> dict[str, Any]:
        """What a case would be flagged with, were this event published now."""
        return self.queries.check(type, data, subject, source)

    @rpc
    def whereabouts(self, events: list[list[str]]) -> dict[str, Any]:
        return self.queries.whereabouts(events)

    @rpc
    def imported(self, source: str, after: str = "", limit: int = 1000) -> dict[str, Any]:
        return self.queries.imported(source, after, limit)

    # -- private life: each of these is an entry of the audit trail

    @rpc
    def reveal_contact(
        self, source: str, ref: str, purpose: str, who: str = "notification", role: str = "notification"
    ) -> dict[str, Any] | None:
        return self.private.reading.contact(source, ref, purpose, who, role)

    @rpc
    def reveal_cases(self, cases: list[str], who: str, role: str, purpose: str) -> dict[str, Any]:
        return self.private.reading.cases(cases, who, role, purpose)

    @rpc
    def reveal_refused(self, id: str, who: str, role: str, purpose: str) -> dict[str, Any] | None:
        return self.private.reading.refused(id, who, role, purpose)

    @rpc
    def note(self, who: str, role: str, action: str, purpose: str, about: list[str]) -> dict[str, Any]:
        return self.private.reading.note(who, role, action, purpose, about)

    @rpc
    def audit(self, after: int = 0, limit: int = 100, seal: bool = False) -> dict[str, Any]:
        return self.private.audit(after, limit, seal)

    @rpc
    def person(
        self, who: str, role: str, purpose: str, name: str, born: int | None = None, do: str = "find", after: str = "",
        limit: int = 500,
    ) -> dict[str, Any]:
        """``do``: find, export or erase. One page of the vault and the refused bodies; ``next`` leads to the next."""
        return self.private.people.page(do, name, born, who, role, purpose, after, limit)

    @rpc
    def keys(self) -> dict[str, Any]:
        return self.private.keys.listed()

    @rpc
    def rotate(
        self, who: str, role: str, purpose: str, period: str | None = None, after: str = "", limit: int = 500,
        begin: bool = True,
    ) -> dict[str, Any]:
        """Without ``period``: every data key under the present master key. With it: what a month's keys before the last one
        sealed is sealed anew, a page at a time; ``begin``: make the next key first, unless one is being brought in."""
        return self.private.keys.rotate(who, role, purpose, period, after, limit, begin)

    @rpc
    def retire(
        self, who: str, role: str, purpose: str, apply: bool = False, after: str = "", limit: int = 500
    ) -> dict[str, Any]:
        return self.private.retiring.page(who, role, purpose, apply, after, limit)

    @rpc
    def verify_vault(self, after: str = "", limit: int = 500) -> dict[str, Any]:
        return self.private.verify(after, limit)

    @rpc
    def announce(self, after: str = "", limit: int = 500) -> dict[str, Any]:
        return self.queries.announce(after, limit)


SERVICE = IntakeService
