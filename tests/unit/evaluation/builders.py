"""Facts of a team that has everything, to be taken apart by tests."""

from __future__ import annotations

import dataclasses
import datetime as dt
from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from services.evaluation.domain.facts import (
    Attestation,
    Case,
    Coordination,
    Declaration,
    Delivery,
    Meeting,
    Payment,
    Request,
    Sheet,
    Team,
    TeamFacts,
    Training,
)
from services.evaluation.domain.judge import Judgement, YearRules, judge, year_rules
from services.evaluation.domain.tree import Node
from services.evaluation.rules import shipped
from shared.calendar import Span

T = TypeVar("T")
CODE = "HG-TEST0000"
TEAM = Team(code=CODE, established=dt.date(2010, 1, 1), members=frozenset({"m1", "m2", "m3"}))
LATER = dt.date(2025, 3, 1)
WINDOW = Span(dt.date(2023, 11, 1), dt.date(2024, 10, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@lru_cache
def rules(scheme: str = "hanoi-v2", year: int = 2024) -> YearRules:
    found = year_rules(shipped()[scheme], year)
    assert found is not None
    return found


def settled(id: str, received: str = "2024-03-04", ended: str = "2024-03-20", status: str = "settled") -> Case:
    return Case(
        id=id, received=day(received), assigned=day(received), sessions=(day(received),),
        steps=((day(received), "received"), (day(received), "assigned"), (day(received), "mediating"), (day(ended), status)),
    )


FULL = TeamFacts(
    cases=(settled("case-1"), settled("case-2"), settled("case-3", ended="2024-03-21")),
    trainings=(
        Training(
            id="class-1", held=day("2024-01-10"), invited=frozenset({CODE}), sheets={CODE: Sheet(2, frozenset({"m1", "m2"}))}
        ),
        Training(id="class-2", held=day("2024-08-10"), invited=frozenset({CODE}), sheets={CODE: Sheet(1)}),
    ),
    deliveries=(Delivery("d-1", day("2024-01-15"), frozenset({CODE})), Delivery("d-2", day("2024-06-15"), frozenset({CODE}))),
    payments=(Payment(
        id="p-1", team=CODE, paid=((day("2024-03-27"), 1_200_000),),
        requests=(Request(
            on=day("2024-03-25"), purpose="case", amount=1_200_000, cases=frozenset({"case-1", "case-2", "case-3"})
        ),),
    ),),
    meetings=(Meeting("m-1", CODE, "half_year", day("2024-06-01")), Meeting("m-2", CODE, "self_assessment", day("2024-11-10"))),
    coordinations=(
        Coordination(id="co-1", team=CODE, asked=day("2024-01-05"), answered=day("2024-01-09"), agency="Công an phường"),
        Coordination(id="co-2", team=CODE, asked=day("2024-07-05"), answered=day("2024-07-06"), agency="Hội Phụ nữ"),
    ),
    attestations=(Attestation(
        id="at-1", team=CODE, matter="coordination", by_role="front_committee", positive=True, period=WINDOW,
        on=day("2024-11-01"), paper="12/XN",
    ),),
)
DECLARED = Declaration("decl-1", CODE, WINDOW)


def judged(facts: TeamFacts = FULL, scheme: str = "hanoi-v2", today: dt.date = LATER, team: Team = TEAM) -> Judgement:
    found = judge(rules(scheme), team, facts, today)
    assert found is not None
    return found


def node(judgement: Judgement, id: str) -> Node:
    def search(at: Node) -> Node | None:
        if at.id == id:
            return at
        return next((found for child in at.children if (found := search(child)) is not None), None)

    found = search(judgement.tree)
    assert found is not None, id
    return found


def having(**changes: object) -> TeamFacts:
    return replace(FULL, **changes)


def replace(thing: T, **changes: Any) -> T:
    """Facts are structs, rules and teams are dataclasses: a test changes either in the same words."""
    return msgspec.structs.replace(thing, **changes) if isinstance(thing, msgspec.Struct) else dataclasses.replace(
        thing, **changes,  # type: ignore[type-var]
    )
