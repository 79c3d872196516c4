"""What is left out before a year is judged, and what must not be."""

from __future__ import annotations

import pytest

from services.evaluation.domain.facts import Case, Payment, Request, TeamFacts
from services.evaluation.domain.near import near
from tests.unit.evaluation.builders import CODE, FULL, WINDOW, day, replace, settled


def test_a_full_year_is_kept_whole() -> None:
    assert near(FULL, WINDOW) == FULL


@pytest.mark.parametrize(("steps", "kept"), [
    ((("2019-05-01", "received"),), True),                                         # open ever since
    ((("2019-05-01", "received"), ("2019-06-01", "settled")), False),
    ((("2019-05-01", "received"), ("2019-06-01", "not_settled"), ("2024-01-05", "reopened")), True),
    ((("2019-05-01", "received"), ("2019-06-01", "assigned")), True),
    ((("2026-05-01", "received"),), False),
])
def test_old_cases(steps: tuple[tuple[str, str], ...], kept: bool) -> None:
    dated = tuple((day(on), status) for on, status in steps)
    case = Case(id="a", received=dated[0][0], steps=dated)
    assert (near(TeamFacts(cases=(case,)), WINDOW).cases == (case,)) == kept


def test_a_payment_made_years_later_stays_with_its_case() -> None:
    late = Payment(
        id="p", team=CODE, paid=((day("2027-01-05"), 400_000),),
        requests=(Request(on=day("2027-01-04"), purpose="case", amount=400_000, cases=frozenset({"a"})),),
    )
    other = replace(late, requests=(replace(late.requests[0], cases=frozenset({"z"})),))
    facts = TeamFacts(cases=(settled("a"),), payments=(late, other))
    assert near(facts, WINDOW).payments == (late,)
    linked = TeamFacts(cases=(settled("b"),), aliases={"b": frozenset({"a"})}, payments=(late,))
    assert near(linked, WINDOW).payments == (late,)
