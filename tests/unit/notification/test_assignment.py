"""Who is told of an assignment, and by when mediation is to begin."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec
import pytest

from services.notification.domain import assignment
from services.notification.domain.ledger import Delivery
from services.notification.domain.rules import Rules
from services.notification.loading import load_rules
from shared.contracts import When
from shared.contracts.outgoing import CaseChanged, CaseState, Place, Step

TODAY = dt.date(2024, 11, 12)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def change(**state: Any) -> CaseChanged:
    given = {
        "status": "assigned",
        "assigned_on": When("2024-11-11"),
        "mediator": "hgv/52",
        "place": Place(source="https://bode.example/so", team="Tổ 5", unit="00118", group="TDP 5"),
        "history": [
            Step(on=When("2024-11-10"), status="received", by="case.reported"),
            Step(on=When("2024-11-11"), status="assigned", by="case.assigned"),
        ],
        **state,
    }
    return CaseChanged(case="c" * 32, subject="case://bode.example/vu-viec/12-2026", n=2, state=CaseState(**given))


def told(rules: Rules, today: dt.date = TODAY, **state: Any) -> Delivery | None:
    of = change(**state)
    found = assignment.assignment_of(of)
    return None if found is None else assignment.delivery(of, found, rules, today)


def with_age(rules: Rules, days: int) -> Rules:
    return msgspec.structs.replace(rules, rules=[msgspec.structs.replace(r, max_age_days=days) for r in rules.rules])


def test_the_mediator_hears_case_and_last_day(rules: Rules) -> None:
    delivery = told(rules)
    assert delivery is not None
    assert (delivery.rule, delivery.to.kind, delivery.to.ref, delivery.to.source) == (
        "assignment",
        "mediator",
        "hgv/52",
        "https://bode.example/so",
    )
    assert (delivery.words["case"], delivery.words["assigned_on"], delivery.words["deadline"]) == (
        "12-2026",
        "11/11/2024",
        "14/11/2024",
    )


@pytest.mark.parametrize(
    ("assigned", "last"),
    [
        ("2024-11-11", "14/11/2024"),  # Monday, Thursday
        ("2024-11-11T23:59:00+07:00", "14/11/2024"),  # the hour does not count
        ("2024-11-06", "11/11/2024"),  # the third day is a Saturday: Monday
        ("2024-02-06", "15/02/2024"),  # the third day is in Tết
    ],
)
def test_three_days_without_the_first_and_a_day_off_rolls_over(rules: Rules, assigned: str, last: str) -> None:
    delivery = told(rules, dt.date(2024, 12, 1), assigned_on=When(assigned))
    assert delivery is not None and delivery.words["deadline"] == last


def test_what_the_parties_agreed_goes_before_the_three_days(rules: Rules) -> None:
    delivery = told(rules, start_agreed_on=When("2024-11-20"))
    assert delivery is not None
    assert (delivery.rule, delivery.words["deadline"]) == ("assignment_agreed", "20/11/2024")


@pytest.mark.parametrize(
    "state",
    [
        {"chosen_by_parties": True},
        {"mediator": None},
        {"linked_to": "d" * 32},
        {"status": "settled"},
        {"status": "settled", "history": [Step(on=When("2024-11-12"), status="settled", by="case.recorded")]},
    ],
)
def test_nobody_is_called_to_begin_what_is_not_theirs_or_is_over(rules: Rules, state: dict[str, Any]) -> None:
    """The parties chose; no one is named; another case counts; it has ended; a paper log reports a finished case."""
    assert told(rules, **state) is None


def test_another_mediator_or_day_is_another_occasion_the_same_fact_is_not(rules: Rules) -> None:
    first = told(rules)
    assert first is not None and first.key == told(rules, status="mediating").key  # type: ignore[union-attr]
    others = [
        told(rules, mediator="hgv/53"),
        told(rules, assigned_on=When("2024-11-12")),
        told(rules, start_agreed_on=When("2024-11-20")),
    ]
    assert len({first.key, *(d.key for d in others if d)}) == 4


def test_old_facts_are_told_only_where_the_rule_sets_no_age(rules: Rules) -> None:
    much_later = dt.date(2026, 11, 12)
    assert told(rules, much_later) is not None
    assert told(with_age(rules, 30), much_later) is None
    assert told(with_age(rules, 30), dt.date(2024, 12, 11)) is not None
    assert told(with_age(rules, 30), dt.date(2024, 12, 12)) is None


def test_a_delivery_holds_while_the_case_is_still_so_assigned(rules: Rules) -> None:
    delivery = told(rules)
    assert delivery is not None
    assert assignment.still_true(delivery.check, assignment.assignment_of(change(status="mediating")))
    assert assignment.still_true(delivery.check, assignment.assignment_of(change(status="settled")))
    assert not assignment.still_true(delivery.check, assignment.assignment_of(change(mediator="hgv/53")))
    assert not assignment.still_true(delivery.check, None)
