"""A commune's year: whose choice counts, when it is closed, which corrections are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest

from services.evaluation.domain.closing.choosing import Choices, choices
from services.evaluation.domain.closing.ending import cause_of, corrections, ending, is_over
from services.evaluation.domain.facts import Step, UnitStep
from services.evaluation.domain.rules import Scheme
from services.evaluation.rules import shipped
from shared.calendar import Span
from shared.contracts import When
from tests.unit.evaluation.builders import day

UNIT = "00118"


def unit_step(id: str, type: str, on: str, time: str | None = None, **data: Any) -> UnitStep:
    return UnitStep(
        id=id, record=f"r-{id}", type=type, unit=UNIT, on=day(on), time=When(time or on), source="https://x", event_id=id,
        data={"on": on, "unit": UNIT, "year": 2024, **data},
    )


def choice(id: str, scheme: str, on: str, time: str | None = None, **data: Any) -> UnitStep:
    return unit_step(id, "evaluation.scheme-chosen", on, time, scheme=scheme, **data)


def correction(id: str, time: str, **data: Any) -> Step:
    return Step(
        id=id, record=f"r-{id}", type="evaluation.corrected", team="HG-1", on=day(time[:10]), time=When(time),
        source="https://x", event_id=id, data={"team": "Tổ 1", "year": 2024, "reason": "bổ sung", **data},
    )


class Bad(ValueError):
    field = "changes[0].value"


def vary(base: Scheme, changes: Sequence[Any], additions: Sequence[Any]) -> Scheme:
    if changes[0]["value"] == "much":
        raise Bad("'much' is not a share; write 85% or 9/10")
    return replace(base, id=f"{base.id}+abc")


def picked(*steps: UnitStep, closed: str | None = None, schemes: Mapping[str, Scheme] | None = None) -> Choices:
    return choices(steps, 2024, schemes or shipped(), vary, None if closed is None else When(closed))


def test_nobody_chose() -> None:
    assert picked() == Choices()
    assert picked(choice("other-year", "hanoi-v1", "2024-01-10", year=2023)) == Choices()


def test_the_last_choice_counts_in_every_order() -> None:
    steps = [choice("a", "hanoi-v1", "2024-01-10"), choice("b", "hanoi-v2", "2024-02-10"), choice("c", "hanoi-v1", "2024-02-10")]
    for order in permutations(steps):
        counts = picked(*order, *order).counts
        assert counts is not None and counts.step.id == "c" and counts.scheme is counts.base is shipped()["hanoi-v1"]


def test_what_was_changed_makes_a_variant() -> None:
    changed = choice("a", "hanoi-v2", "2024-01-10", changes=[{"at": "settled_rate.threshold", "value": "90%", "citation": "x"}])
    counts = picked(changed).counts
    assert counts is not None and (counts.base.id, counts.scheme.id) == ("hanoi-v2", "hanoi-v2+abc")


@pytest.mark.parametrize(("step", "code", "field"), [
    (choice("x", "hanoi-v9", "2024-05-01"), "scheme.unknown_scheme", "scheme"),
    (choice("x", "hanoi-v2", "2024-05-01", changes=[{"at": "settled_rate.threshold", "value": "much", "citation": "x"}]),
     "scheme.bad_value", "changes[0].value"),
])
def test_a_choice_that_cannot_be_followed_has_no_effect(step: UnitStep, code: str, field: str) -> None:
    found = picked(choice("good", "hanoi-v1", "2024-01-10"), step)
    assert found.counts is not None and found.counts.step.id == "good"
    assert [(r.code, r.field) for r in found.refused] == [(code, field)]
    assert all(r.words.vi and r.words.en for r in found.refused)


def test_a_scheme_before_its_time() -> None:
    steps = [choice("a", "hanoi-v2", "2010-01-10", year=2010)]
    found = choices(steps, 2010, shipped(), vary)
    assert found.counts is None and found.refused[0].code == "scheme.not_in_force"


def test_a_choice_after_the_closing_has_no_effect() -> None:
    early = choice("a", "hanoi-v1", "2024-02-10")
    late = choice("b", "hanoi-v2", "2024-03-01", time="2024-12-20T08:00:00+07:00")
    found = picked(late, early, closed="2024-12-10T08:00:00+07:00")
    assert found.counts is not None and found.counts.step.id == "a"
    assert [r.code for r in found.refused] == ["scheme.closed"]
    assert picked(late, early, closed="2024-12-31").counts != found.counts


# -- the end

def closing(id: str, time: str, year: int = 2024) -> UnitStep:
    return unit_step(id, "evaluation.closed", time[:10], time, year=year)


def test_what_was_written_up_first_closes_the_year() -> None:
    said, again = closing("a", "2024-12-12T10:00:00+07:00"), closing("b", "2024-12-20T10:00:00+07:00")
    decision = replace_cause("d", "2024-12-11T10:00:00+07:00")
    for order in permutations([again, said]):
        found = ending(order, 2024)
        assert found is not None and found.entry == "a"
        first = ending(order, 2024, [decision])
        assert first is not None and first.entry == "d"
    assert ending([closing("c", "2024-12-12", 2023)], 2024) is None


def replace_cause(entry: str, time: str) -> Any:
    return cause_of(unit_step(entry, "recognition.decided", time[:10], time, number="12/QĐ"))


def test_not_before_the_window_is_over() -> None:
    window = Span(dt.date(2023, 11, 1), dt.date(2024, 10, 31))
    assert not is_over(window, day("2024-10-31"))
    assert is_over(window, day("2024-11-01"))


def test_corrections_after_the_closing_are_due_once() -> None:
    closed = cause_of(closing("a", "2024-12-12T10:00:00+07:00"))
    early, one, two = (
        correction("e", "2024-12-11T10:00:00+07:00"), correction("x", "2025-01-10T10:00:00+07:00"),
        correction("w", "2025-02-10T10:00:00+07:00"),
    )
    other = correction("o", "2025-02-10T10:00:00+07:00", year=2023)
    for order in permutations([two, early, one, other]):
        due, idle = corrections(order, 2024, closed, ())
        assert [step.id for step in due] == ["x", "w"]
        assert [(none.step.id, none.code) for none in idle] == [("e", "correction.open")]
    assert [step.id for step in corrections([one, two], 2024, closed, ["x"])[0]] == ["w"]
    assert corrections([one], 2024, None, ())[0] == []


def test_a_correction_says_who_and_why() -> None:
    cause = cause_of(correction("x", "2025-01-10T10:00:00+07:00", by="cb-7"))
    assert (cause.reason, cause.by, cause.entry) == ("bổ sung", "cb-7", "x")
