"""The reward: by the base pay of the day of the decision, exact, rounded as the rules say; paid, too much, and taken back."""

from __future__ import annotations

import dataclasses
import datetime as dt
from fractions import Fraction

import msgspec
import pytest

from services.evaluation.domain.commendation.deserving import results
from services.evaluation.domain.commendation.money import reward, rounded
from services.evaluation.domain.commendation.rules import Rounding, Subject
from services.evaluation.domain.rules import Cited, Dated
from shared.contracts import from_builtins
from shared.contracts.commendation import CommendationProposed
from tests.unit.evaluation.commendation.builders import (
    RECOGNISED,
    RULES,
    TEAM,
    UNIT,
    codes,
    decided,
    dossier,
    folded,
    one,
    opened,
    step,
)


@pytest.mark.parametrize(("form", "subject", "on", "amount"), [
    ("giay_khen_commune", "collective", "2024-12-18", 1_404_000),
    ("giay_khen_commune", "collective", "2026-06-30", 1_404_000),
    ("giay_khen_commune", "collective", "2026-07-01", 1_518_000),
    ("giay_khen_commune", "individual", "2026-07-01", 759_000),
    ("giay_khen_commune", "household", "2024-12-18", 1_053_000),
    ("bang_khen_city", "collective", "2024-12-18", 7_020_000),
    ("bang_khen_city", "individual", "2024-12-18", None),
    ("giay_khen_commune", "collective", "2024-06-30", None),
    ("khen_front", "collective", "2024-12-18", None),
    ("unheard_of", "collective", "2024-12-18", None),
])
def test_the_reward_is_that_of_the_day_or_is_not_stated(form: str, subject: Subject, on: str, amount: int | None) -> None:
    found = reward(RULES, form, subject, dt.date.fromisoformat(on))
    assert (None if found is None else found.amount) == amount


def test_it_says_how_it_comes_about_and_that_it_is_not_verified() -> None:
    found = reward(RULES, "giay_khen_commune", "collective", dt.date(2026, 7, 1))
    assert found is not None
    assert found.how.vi == "0,6 × 2.530.000 đ = 1.518.000 đ"
    assert found.unverified
    assert len(found.citations) == 2


def test_every_figure_of_money_is_marked_unverified() -> None:
    dated = [*RULES.forms["giay_khen_commune"].factors.values(), *RULES.forms["bang_khen_city"].factors.values()]
    dated += [RULES.money.base_pay, RULES.money.household_factor, RULES.money.rounding_unit]  # type: ignore[list-item]
    assert {value.mark for one in dated for value in one.values} == {"U"}


@pytest.mark.parametrize(("mode", "amount"), [
    (Rounding.UP, 1_410_000), (Rounding.DOWN, 1_400_000), (Rounding.HALF_UP, 1_400_000),
])
def test_rounding_is_a_setting(mode: Rounding, amount: int) -> None:
    always = dt.date.min
    money = dataclasses.replace(
        RULES.money, rounding_unit=Dated((Cited(10_000, "", "U", always),)), rounding=Dated((Cited(mode, "", "U", always),))
    )
    found = reward(dataclasses.replace(RULES, money=money), "giay_khen_commune", "collective", dt.date(2024, 12, 18))
    assert found is not None and found.amount == amount
    assert rounded(Fraction(5, 2), 1, Rounding.HALF_UP) == 3


def paid(amount: int, on: str = "2025-01-03") -> object:
    return step("a", "paid", on, amount=amount)


def test_given_then_paid() -> None:
    found = one([*dossier(), decided(amount=1_404_000), step("a", "given", "2024-12-25"), paid(1_404_000)])  # type: ignore[list-item]
    assert (found.state, found.paid, found.next, found.flags) == ("paid", 1_404_000, (), ())


def test_paid_in_parts_is_paid_when_all_is() -> None:
    steps = [*dossier(), decided(), step("a", "given", "2024-12-25"), paid(1_000_000)]
    partly = one(steps)  # type: ignore[arg-type]
    assert partly.state == "given"
    assert partly.next[0].vi == "Chi tiền thưởng: 404.000 đ"
    assert one([*steps, paid(404_000, "2025-01-10")]).state == "paid"  # type: ignore[list-item]


def test_more_than_is_due_is_a_flag() -> None:
    found = one([*dossier(), decided(), paid(1_404_000), paid(1, "2025-01-04"), paid(2, "2025-01-05")])  # type: ignore[list-item]
    assert found.state == "paid"
    assert codes(found.flags) == ["paid_as_computed"]
    assert "1.404.001 đ" in found.flags[0].vi


def test_given_or_paid_before_it_was_decided_waits() -> None:
    found = one([*dossier(), step("a", "given", "2024-12-17"), paid(1_404_000)])  # type: ignore[list-item]
    assert (found.state, codes(found.waiting)) == ("appraised", ["decision_missing", "decision_missing"])
    late = decided(written="2025-02-01T08:00:00+07:00")
    came = one([*dossier(), step("a", "given", "2024-12-17"), paid(1_404_000), late])  # type: ignore[list-item]
    assert (came.state, came.waiting, codes(came.flags)) == ("paid", (), ["in_order"])


def test_a_refused_decision_brings_nothing() -> None:
    found = one([*dossier(), opened(), decided(), paid(1_404_000)])  # type: ignore[list-item]
    assert (found.state, found.paid, codes(found.waiting)) == ("suspended", 0, ["decision_missing"])


def revoked(on: str = "2025-03-01", **more: object) -> object:
    return step("a", "revoked", on, number="9/QĐ", ground="false_papers", reason="Hồ sơ không đúng", **more)  # type: ignore[arg-type]


def test_what_a_revoked_award_brought_is_to_come_back() -> None:
    steps = [*dossier(), decided(), step("a", "given", "2024-12-25"), paid(1_404_000), revoked()]
    found = one(steps)  # type: ignore[arg-type]
    assert (found.state, found.revoked_on) == ("revoked", dt.date(2025, 3, 1))
    assert found.recovery is not None and (found.recovery.certificate, found.recovery.amount) == (True, 1_404_000)
    assert [n.type for n in found.next] == ["commendation.recovered"]
    part = one([*steps, step("a", "recovered", "2025-03-10", certificate=True, amount=404_000)])  # type: ignore[list-item]
    assert part.recovery is not None and part.recovery.amount == 1_000_000 and part.next
    whole = one([*steps, step("a", "recovered", "2025-03-10", certificate=True, amount=1_404_000)])  # type: ignore[list-item]
    assert whole.recovery is not None and not whole.recovery.outstanding and whole.next == ()


def test_nothing_is_given_or_paid_after_the_revocation() -> None:
    steps = [*dossier(), decided(), revoked(), step("a", "given", "2025-03-02"), paid(1_404_000, "2025-03-03")]
    found = one(steps)  # type: ignore[arg-type]
    assert codes(found.refused) == ["revoked_before", "revoked_before"]
    assert found.recovery is not None and not found.recovery.outstanding


def test_on_the_day_of_the_revocation_nothing_is_given_any_more() -> None:
    given = step("a", "given", "2025-03-01", written="2025-03-01T21:00:00+07:00")
    assert codes(one([*dossier(), decided(), revoked(), given]).refused) == ["revoked_before"]  # type: ignore[list-item]


def test_what_was_given_before_though_written_up_later_stands() -> None:
    given = step("a", "given", "2025-02-01", written="2025-03-05T08:00:00+07:00")
    found = one([*dossier(), decided(), revoked(), given])  # type: ignore[list-item]
    assert (found.given_on, found.refused) == (dt.date(2025, 2, 1), ())
    assert found.recovery is not None and found.recovery.certificate


def test_nothing_can_be_revoked_or_recovered_that_is_not_there() -> None:
    found = one([*dossier(), revoked(), step("a", "recovered", "2025-03-10", certificate=True)])  # type: ignore[list-item]
    assert codes(found.waiting) == ["decision_missing", "revocation_missing"]
    assert found.state == "appraised"


LATE = "2026-11-20T09:00:00+07:00"
"""When a clerk writes everything up: after each of the changes."""


@pytest.mark.parametrize(("on", "amount"), [
    ("2026-06-30", 1_404_000), ("2026-07-01", 1_518_000), ("2026-07-02", 1_518_000),
])
def test_base_pay_is_that_of_the_decisions_own_day_however_late_it_is_written_up(on: str, amount: int) -> None:
    found = one([*dossier(), decided(on=on, written=LATE, amount=1_404_000)])  # type: ignore[list-item]
    assert (found.amount, found.amount_unverified) == (amount, True)
    assert ("amount_as_computed" in codes(found.flags)) == (amount != 1_404_000)


@pytest.mark.parametrize(("on", "decree"), [("2025-06-30", "98/2023"), ("2025-07-01", "152/2025")])
def test_the_decree_is_that_of_the_decisions_own_day_however_late_it_is_written_up(on: str, decree: str) -> None:
    found = one([*dossier(), decided(on=on, written=LATE)])  # type: ignore[list-item]
    assert decree in found.law
    # what the law says of a decision cites that decree too
    wrong = one([*dossier(), decided(on=on, written=LATE, signed_by="city_chair")])  # type: ignore[list-item]
    assert codes(wrong.refused) == ["authority"]
    assert wrong.state == "appraised"


@pytest.mark.parametrize(("on", "refused"), [("2025-06-30", []), ("2025-07-01", ["form_in_force"])])
def test_the_districts_authority_ends_on_the_decisions_own_day_however_late_it_is_written_up(on: str, refused: list[str]) -> None:
    found = one([
        *dossier(form="giay_khen_district"),
        decided(on=on, written=LATE, form="giay_khen_district", signed_by="district_chair"),  # type: ignore[list-item]
    ])
    assert codes(found.refused) == refused
    assert found.state == ("appraised" if refused else "decided")


def test_a_households_reward_is_its_own_and_unverified() -> None:
    """NĐ 91/2017's 1.5 times an individual's: no source confirms it for communes."""
    found = one([*dossier(household="ho-17"), decided()])
    assert (found.state, found.household, found.mediator) == ("decided", "ho-17", None)
    assert (found.amount, found.amount_unverified) == (1_053_000, True)


def test_a_household_and_its_team_may_both_be_praised_for_one_achievement_each_once() -> None:
    steps = [*dossier("a", household="ho-17"), decided("a"), *dossier("b"), decided("b")]
    found = folded(steps)
    assert [found[name].state for name in "ab"] == ["decided", "decided"]
    later = [step for name, who in (("c", "ho-17"), ("d", "ho-18")) for step in (
        *dossier(name, household=who), decided(name, on="2024-12-19"),
    )]
    again = folded([*steps, *later])
    assert codes(again["c"].refused) == ["same_achievement"]
    assert again["d"].state == "decided"


def test_a_households_award_answers_no_result_of_the_team() -> None:
    commendations = list(folded([*dossier(household="ho-17"), decided()]).values())
    (owed,) = [r for r in results(
        RULES, TEAM, RECOGNISED.values(), [], {}, lambda day: (1, 3), commendations, dt.date(2025, 1, 10),
    ) if r.mediator is None]
    assert owed.record is None


def test_one_proposal_is_for_one_recipient() -> None:
    both = {
        "on": "2024-12-12", "team": "Tổ hòa giải 1", "unit": UNIT, "kind": "merit", "form": "giay_khen_commune",
        "achievement": "recognition:2024", "mediator": "hgv-1", "household": "ho-17",
    }
    with pytest.raises(msgspec.ValidationError, match="household"):
        from_builtins(both, CommendationProposed)
