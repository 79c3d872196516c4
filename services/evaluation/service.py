"""evaluation: keeps a fact per case and activity, scores teams under each scheme, explains every verdict.

A thin shell over ``services.evaluation.store``, ``scoring`` and ``queries``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import perf_counter
from typing import Any

import eventlet
import structlog
from nameko.extensions import DependencyProvider
from nameko.rpc import rpc
from nameko.timer import timer
from pymongo.errors import PyMongoError

from services.evaluation import locking, metrics, queries
from services.evaluation.chosen import held_digest
from services.evaluation.domain import recognition
from services.evaluation.domain.commendation.fold import fold
from services.evaluation.domain.facts import Activity, Step
from services.evaluation.domain.reading import opening_days, places, read_activity, read_case, read_unit_steps
from services.evaluation.domain.statistics.locks import read as read_monthly
from services.evaluation.rules import shipped
from services.evaluation.rules.commendation import commendation_rules
from services.evaluation.rules.commendation import use as use_commendation_rules
from services.evaluation.rules.payments import use as use_payment_rules
from services.evaluation.store import directory, facts, placing, prepare, rules
from services.evaluation.store.replica import Replica
from services.evaluation.tending import Tending, clock
from shared.contracts import Refusal
from shared.contracts.outgoing import (
    ACTIVITY_CHANGED,
    CASE_CHANGED,
    NAMES_CHANGED,
    TEAM_CHANGED,
    UNIT_CHANGED,
    CaseChanged,
    NamesChanged,
    RecordChanged,
    TeamState,
    UnitState,
)
from shared.messaging import Delivery, EventPublisher, PublishError, batch_event_handler, read_event
from shared.messaging.topology import EVALUATION_DIRECTORY, EVALUATION_FACTS
from shared.storage import refusals
from shared.storage.provider import Store

log = structlog.get_logger(__name__)

FACTS = {CASE_CHANGED: CaseChanged, ACTIVITY_CHANGED: RecordChanged}
DIRECTORY = {UNIT_CHANGED: UnitState, TEAM_CHANGED: TeamState, NAMES_CHANGED: NamesChanged}
REPLICA = Replica()
TENDING = Tending(REPLICA)


def read(delivery: Delivery, events: Mapping[str, type]) -> Any:
    """Raise ``Refusal`` for what is none of ``events``, or cannot be read to the end."""
    _, told = read_event(delivery, events)
    try:
        # read once now, so that a fact which cannot be read is kept aside and not found out while scoring
        if isinstance(told, CaseChanged):
            read_case(told.case, told.state)
        elif isinstance(told, RecordChanged):
            codes = {(place.source, place.team): "?" for place, _ in places(told.entries) if place.team is not None}
            read_steps(read_activity(told.record, told.entries, codes))
            read_unit_steps(told.record, told.entries)
            read_monthly(told.record, told.entries)
            opening_days(told.entries)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Refusal("data", "data", f"{type(error).__name__}: {error}"[:300]) from None
    return told


def read_steps(activities: Iterable[Activity]) -> None:
    """Raise for a step that its procedure could not read."""
    steps = [fact for fact in activities if isinstance(fact, Step)]
    for year in recognition.years(steps):
        recognition.read_papers(steps, year)
    fold(commendation_rules(), "", steps, {})


class RulesHolder(Store):
    """The store, which gives up this release's rules at a graceful end."""

    def setup(self) -> None:
        use_commendation_rules(self.container.config["namtot"].commendation_rules)
        use_payment_rules(self.container.config["namtot"].payment_rules)
        super().setup()

    def stop(self) -> None:
        try:
            rules.release(self.database, held_digest(self.container.config["namtot"].scheme))
        except PyMongoError as error:
            log.warning("rules not given up; they run out by themselves", error=type(error).__name__)
        super().stop()


class DefaultScheme(DependencyProvider):
    """The id of the scheme of communes that chose none."""

    def get_dependency(self, worker_ctx: Any) -> str:
        return str(self.container.config["namtot"].scheme)


class EvaluationService:
    name = "evaluation"

    default = DefaultScheme()
    db = RulesHolder("evaluation", prepare)
    events = EventPublisher("evaluation")

    @batch_event_handler(EVALUATION_FACTS)
    def take_facts(self, deliveries: list[Delivery]) -> None:
        began = perf_counter()
        now, _ = clock()
        told = self._read(deliveries, FACTS)
        taken = facts.take(self.db, REPLICA, told, now)
        locking.freeze(self.db, REPLICA, told, now)
        metrics.FACTS.labels("fact", "applied").inc(taken.applied)
        metrics.FACTS.labels("fact", "stale").inc(taken.stale)
        metrics.BATCH_SIZE.labels(EVALUATION_FACTS).observe(len(deliveries))
        metrics.BATCH_SECONDS.labels(EVALUATION_FACTS).observe(perf_counter() - began)

    @batch_event_handler(EVALUATION_DIRECTORY)
    def take_directory(self, deliveries: list[Delivery]) -> None:
        began = perf_counter()
        now, _ = clock()
        told = self._read(deliveries, DIRECTORY)
        # a name's meaning is also in its team's state, which is told whenever that changes
        changed = directory.take(
            self.db, [t for t in told if isinstance(t, TeamState)], [u for u in told if isinstance(u, UnitState)], now
        )
        if changed:
            metrics.MOVED.inc(placing.run_moves(self.db, REPLICA, now))
        metrics.FACTS.labels("directory", "applied").inc(changed)
        metrics.FACTS.labels("directory", "stale").inc(len(told) - changed)
        metrics.BATCH_SIZE.labels(EVALUATION_DIRECTORY).observe(len(deliveries))
        metrics.BATCH_SECONDS.labels(EVALUATION_DIRECTORY).observe(perf_counter() - began)

    @batch_event_handler("evaluation.dead")
    def bury(self, deliveries: list[Delivery]) -> None:
        """Keep what crashed the service again and again."""
        crashed = Refusal("crashed", "", "taken up again and again without an end")
        refusals.keep(self.db, [(delivery, crashed) for delivery in deliveries])
        metrics.FACTS.labels("unknown", "crashed").inc(len(deliveries))

    def _read(self, deliveries: list[Delivery], events: Mapping[str, type]) -> list[Any]:
        good: list[Any] = []
        unread: list[tuple[Delivery, Refusal]] = []
        for delivery in deliveries:
            try:
                good.append(read(delivery, events))
            except Refusal as refusal:
                unread.append((delivery, refusal))
        refusals.keep(self.db, unread)
        metrics.FACTS.labels("unknown", "unread").inc(len(unread))
        return good

    @timer(interval=0.1)
    def score(self) -> None:
        """Score who waits and tell what changed. What cannot be done now is done at a later tick: the lag shows it."""
        try:
            TENDING.tick(self.db, self.events.publish, lambda: eventlet.sleep(0), self.default)
        except (PyMongoError, PublishError) as error:
            log.warning("not scored", error=type(error).__name__)

    # -- questions

    @rpc
    def league(self, scheme: str, year: int, unit: str | None = None) -> dict[str, Any]:
        return queries.league(self.db, shipped(), scheme, year, unit)

    @rpc
    def explain(self, team: str, scheme: str, year: int) -> dict[str, Any] | None:
        return queries.explain(self.db, shipped(), REPLICA, team, scheme, year)

    @rpc
    def counts(self, scheme: str, year: int) -> dict[str, Any]:
        return queries.counts(self.db, shipped(), scheme, year)

    @rpc
    def lag(self) -> dict[str, Any]:
        return queries.lag(self.db, clock()[0])

    @rpc
    def unplaced(self, unit: str | None = None) -> list[dict[str, Any]]:
        return queries.unplaced(self.db, unit)

    @rpc
    def cases(
        self, unit: str | None = None, team: str | None = None, status: str | None = None, open: bool | None = None,
        year: int | None = None, due_by: str | None = None, ids: list[str] | None = None, units: list[str] | None = None,
        teams: list[str] | None = None, skip: int = 0, limit: int = 50,
    ) -> dict[str, Any]:
        """Cases to work through: urgent first, then by the nearest deadline."""
        return queries.cases(
            self.db, REPLICA, clock()[1], unit=unit, team=team, status=status, open_=open, year=year, due_by=due_by, ids=ids,
            units=units, teams=teams, skip=skip, limit=limit,
        )

    @rpc
    def recognition(self, team: str, year: int) -> dict[str, Any]:
        return queries.recognition(self.db, shipped(), self.default, REPLICA, team, year, clock()[1])

    @rpc
    def recognitions(self, unit: str, year: int) -> dict[str, Any]:
        return queries.recognitions(self.db, shipped(), self.default, unit, year, clock()[1])

    @rpc
    def check(self, type: str, data: dict[str, Any], subject: str = "", source: str = "") -> dict[str, Any]:
        """What would be refused, were this event published now."""
        now, today = clock()
        return queries.check(queries.Asked(
            db=self.db, replica=REPLICA, schemes=shipped(), default=self.default, type=type, data=data, subject=subject,
            source=source, now=now, today=today, breathe=lambda: eventlet.sleep(0),
        ))

    @rpc
    def scheme_of(self, unit: str, year: int) -> dict[str, Any]:
        return queries.scheme_of(self.db, shipped(), self.default, unit, year)

    @rpc
    def closed(self, team: str, year: int, revision: int | None = None) -> dict[str, Any] | None:
        return queries.closed(self.db, queries.find_team(self.db, REPLICA, team), year, revision)

    @rpc
    def verify(self, unit: str, year: int) -> dict[str, Any]:
        return queries.verify(self.db, shipped(), self.default, unit, year)

    @rpc
    def rollup(self, year: int) -> dict[str, Any]:
        return queries.rollup(self.db, shipped(), self.default, REPLICA, year, clock()[1])

    @rpc
    def result_sheet(self, unit: str, year: int) -> dict[str, Any] | None:
        return queries.result_sheet(self.db, shipped(), self.default, unit, year, clock()[1])

    @rpc
    def commendations(
        self, unit: str | None = None, year: int | None = None, state: str | None = None, team: str | None = None
    ) -> dict[str, Any]:
        return queries.commendations(self.db, clock()[1], unit, year, state, team)

    @rpc
    def commendation(self, id: str) -> dict[str, Any]:
        return queries.commendation(self.db, shipped(), self.default, REPLICA, id, clock()[1])

    @rpc
    def owed(self, unit: str | None = None) -> dict[str, Any]:
        return queries.owed(self.db, clock()[1], unit)

    @rpc
    def timeliness(self, year: int, whole: bool = False) -> list[dict[str, Any]]:
        return queries.timeliness(self.db, year, clock()[1], whole)

    @rpc
    def proposals(self, unit: str, year: int) -> dict[str, Any]:
        return queries.proposals(self.db, shipped(), self.default, REPLICA, unit, year, clock()[1])

    @rpc
    def mediator(self, team: str, ref: str) -> dict[str, Any]:
        return queries.mediator(self.db, shipped(), self.default, REPLICA, team, ref, clock()[1])

    @rpc
    def registry(self, scheme: str, year: int, unit: str | None = None) -> dict[str, Any]:
        """What the year's good teams did differently."""
        return queries.registry(self.db, shipped(), REPLICA, scheme, year, unit, breathe=lambda: eventlet.sleep(0))

    @rpc
    def statistics(
        self, from_: str, to: str, unit: str | None = None, as_of: str | None = None, by: str = "unit"
    ) -> dict[str, Any]:
        """Figures of a period, each with the cases that it counts."""
        return queries.statistics(self.db, REPLICA, unit, from_, to, as_of, by)

    @rpc
    def statistics_lock(self, unit: str, period: str) -> dict[str, Any]:
        """Who submitted a month, what was locked, what differs now."""
        return queries.statistics_lock(self.db, REPLICA, unit, period)

    @rpc
    def statistics_locks(self, period: str, unit: str | None = None) -> dict[str, Any]:
        return queries.statistics_locks(self.db, REPLICA, period, unit)

    @rpc
    def statistics_odd(self, from_: str, to: str, unit: str | None = None) -> dict[str, Any]:
        """Figures that look wrong, each with its cases."""
        return queries.statistics_odd(self.db, REPLICA, unit, from_, to)

    @rpc
    def payments(self, unit: str, year: int | None = None, state: str | None = None) -> dict[str, Any]:
        return queries.payments(self.db, REPLICA, unit, year, state, clock()[1])

    @rpc
    def payment(self, id: str, team: str | None = None) -> dict[str, Any]:
        return queries.payment(self.db, REPLICA, id, team, clock()[1])

    @rpc
    def payment_proposals(self, unit: str, year: int) -> dict[str, Any]:
        return queries.payment_proposals(self.db, REPLICA, unit, year, clock()[1])

    @rpc
    def workload(self, year: int, unit: str | None = None, team: str | None = None) -> dict[str, Any]:
        """By reference, for whoever gives out cases."""
        return queries.workloads(self.db, REPLICA, unit, team, year, clock()[1])

    @rpc
    def log_book(self, where: str, from_: str, to: str) -> dict[str, Any]:
        """A team's or unit's log book without its private parts; ``shared.papers.logbook`` draws it."""
        return queries.log_book(self.db, REPLICA, where, from_, to)

    @rpc
    def report_forms(self) -> dict[str, Any]:
        return queries.report_forms()

    @rpc
    def report_form(
        self, form: str, unit: str | None = None, from_: str = "", to: str = "", period: str = "", as_of: str | None = None,
        estimates: dict[str, dict[str, int]] | None = None, estimated_by: str = "",
    ) -> dict[str, Any]:
        """A filled form; ``shared.papers.form`` draws it."""
        return queries.report_form(self.db, REPLICA, form, unit, from_, to, period, as_of, estimates, estimated_by)

    @rpc
    def forms(self) -> list[dict[str, Any]]:
        """Forms of commendation, to pick from."""
        return queries.forms(clock()[1])

    @rpc
    def golden_book(self, unit: str, number: str, year: int | None = None) -> dict[str, Any]:
        """Every award of a decision with its ordinal ("số sổ vàng"), taken or proposed."""
        return queries.decision(self.db, unit, number, year)

    @rpc
    def papers_data(
        self, kind: str, unit: str | None = None, team: str | None = None, commendation: str | None = None,
        year: int | None = None, payment: str | None = None,
    ) -> dict[str, Any] | None:
        """What stands in an official paper; ``shared.papers`` writes it, in a process of its own."""
        desk = queries.Desk(db=self.db, schemes=shipped(), default=self.default, replica=REPLICA, today=clock()[1])
        return queries.papers_data(desk, kind, unit, team, commendation, year, payment)

    @rpc
    def notice(self, unit: str, number: str, year: int | None = None) -> dict[str, Any]:
        """What is made public of a decision."""
        return queries.notice(self.db, unit, number, year)


SERVICE = EvaluationService
