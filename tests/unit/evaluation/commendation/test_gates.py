"""What the law bars has no effect and says why; what is late or missing is pointed out; what lacks a paper waits."""

from __future__ import annotations

import dataclasses

import pytest
from msgspec import structs

from services.evaluation.domain.commendation.rules import CommendationRules
from services.evaluation.domain.rules import Cited, Dated
from tests.unit.evaluation.commendation.builders import (
    PAPERS,
    RULES,
    appraised,
    closed,
    codes,
    decided,
    dossier,
    folded,
    one,
    opened,
    proposed,
    step,
    submitted,
    uri,
)


def test_a_dossier_with_everything_is_decided_without_a_word() -> None:
    found = one([*dossier(), decided()])
    assert (found.state, found.number, found.amount) == ("decided", "a/QĐ-UBND", 1_404_000)
    assert (found.flags, found.refused, found.waiting) == ((), (), ())
    assert found.law.endswith("NĐ 98/2023/NĐ-CP")
    assert [n.code for n in found.next] == ["give", "pay"]


# -- one achievement is commended once


def test_a_second_award_for_the_same_achievement_has_no_effect() -> None:
    found = folded([*dossier(), decided(), *dossier("b"), decided("b", "2024-12-20")])
    assert (found["a"].state, found["b"].state) == ("decided", "appraised")
    (refusal,) = found["b"].refused
    assert refusal.code == "same_achievement"
    assert "a/QĐ-UBND" in refusal.vi and "18/12/2024" in refusal.vi and "2024-12-18" in refusal.en
    assert "06/2022/QH15" in refusal.article and "98/2023" in refusal.article
    assert found["a"].flags == ()


def test_one_that_is_dated_before_but_written_up_later_is_the_second() -> None:
    late = decided("b", "2024-12-17", written="2025-01-05T08:00:00+07:00")
    found = folded([*dossier(), decided(), *dossier("b"), late])
    assert (found["a"].state, found["b"].state) == ("decided", "appraised")
    assert codes(found["b"].refused) == ["same_achievement"]


def test_a_mediator_of_the_team_is_another_subject() -> None:
    found = folded([*dossier(), decided(), *dossier("b", mediator="m1"), decided("b")])
    assert found["b"].state == "decided"
    assert found["b"].amount == 702_000


def test_another_source_may_use_the_same_short_key_for_something_else() -> None:
    other = proposed("b", achievement="7", source="https://khac.example/kt")
    steps = [*dossier(achievement="7"), decided(), other, submitted("b"), appraised("b"), decided("b", "2024-12-20")]
    found = folded(steps)
    assert (found["a"].state, found["b"].state) == ("decided", "decided")
    same = folded([*dossier(achievement="7"), decided(), *dossier("b", achievement=" 7 "), decided("b", "2024-12-20")])
    assert same["b"].state == "appraised"


def test_after_a_revocation_the_achievement_may_be_commended() -> None:
    revoked = step("a", "revoked", "2025-02-01", number="2/QĐ", ground="unlawful_appraisal", reason="Sai thẩm quyền")
    again = [proposed("b", "2025-02-03"), submitted("b", "2025-02-04"), appraised("b", "2025-02-05"), decided("b", "2025-02-06")]
    assert folded([*dossier(), decided(), revoked, *again])["b"].state == "decided"


# -- lower and higher awards


def test_no_lower_award_is_ever_asked_for_before_a_higher_one() -> None:
    """A first award may be the highest, of whatever kind it is."""
    for form, signer in (("bang_khen_city", "city_chair"), ("bang_khen_ministry", "ministry")):
        found = one([*dossier(form=form), decided(form=form, signed_by=signer)])
        assert (found.state, found.refused, found.waiting) == ("decided", (), ())
    (gate,) = (g for g in RULES.gates if g.check == "lower_award_first")
    assert gate.effect == "none"


@pytest.mark.parametrize("kind", ["unexpected", "campaign"])
def test_unexpected_and_campaign_awards_cannot_support_a_higher_merit_proposal(kind: str) -> None:
    support = [*dossier("b", kind=kind, achievement="lu-lut"), decided("b")]
    higher = dossier(form="bang_khen_city", supports=[uri("b")])
    found = one([*support, *higher, decided(form="bang_khen_city", signed_by="city_chair")])
    assert (found.state, codes(found.refused)) == ("appraised", ["support_kind"])
    assert "b/QĐ-UBND" in found.refused[0].vi
    # of the same rank it does not lift anything
    assert one([*support, *dossier(supports=[uri("b")]), decided()]).state == "decided"
    # a merit award may
    merit = [*dossier("b", achievement="2023"), decided("b")]
    assert one([*merit, *higher, decided(form="bang_khen_city", signed_by="city_chair")]).state == "decided"


def test_a_support_that_is_not_on_record_is_pointed_out_and_bars_in_hindsight_only_as_a_flag() -> None:
    higher = [*dossier(form="bang_khen_city", supports=[uri("b")]), decided(form="bang_khen_city", signed_by="city_chair")]
    assert codes(one(higher).flags) == ["support_known"]
    late = [
        structs.replace(s, time=type(s.time)("2025-03-01T08:00:00+07:00"))
        for s in (*dossier("b", kind="campaign", achievement="x"), decided("b"))
    ]
    found = one([*higher, *late])
    assert found.state == "decided"
    (flag,) = found.flags
    assert (flag.code, flag.hindsight) == ("support_kind", True)
    assert flag.vi.startswith("Phát hiện sau khi ghi")


# -- verification


def test_nothing_is_decided_or_given_while_a_verification_is_open() -> None:
    before = one([*dossier(), opened()])
    assert before.state == "suspended"
    assert [n.type for n in before.next] == ["verification.closed"]
    barred = one([*dossier(), opened(), decided()])
    assert (barred.state, codes(barred.refused)) == ("suspended", ["under_verification"])
    assert "khiếu nại, tố cáo" in barred.refused[0].vi and "14/12/2024" in barred.refused[0].vi
    given = step("a", "given", "2024-12-25")
    held = one([*dossier(), decided(), opened(on="2024-12-20"), given])
    assert (held.state, held.given_on, codes(held.refused)) == ("decided", None, ["under_verification"])
    assert [n.code for n in held.next] == ["conclude", "pay"]


def test_when_it_is_closed_the_decision_may_be_taken() -> None:
    assert one([*dossier(), opened(), closed(), decided()]).state == "decided"
    on_the_day = one([*dossier(), opened(), closed(on="2024-12-18"), decided()])
    assert on_the_day.state == "decided"
    still_open_that_day = one([*dossier(), opened(), closed(on="2024-12-19", written="2024-12-18T10:00:00+07:00"), decided()])
    assert codes(still_open_that_day.refused) == ["under_verification"]


def test_a_verification_that_is_written_up_later_is_a_flag_on_the_standing_decision() -> None:
    late = opened(written="2025-01-20T09:00:00+07:00")
    found = one([*dossier(), decided(), late])
    assert found.state == "decided"
    assert [(f.code, f.hindsight) for f in found.flags] == [("under_verification", True)]
    after = opened(on="2024-12-19", written="2025-01-20T09:00:00+07:00")
    assert one([*dossier(), decided(), after]).flags == ()


def test_an_allegation_against_one_mediator_suspends_that_mediator_and_is_shown_to_the_team() -> None:
    about = opened(mediator="m1")
    found = folded([*dossier(), *dossier("b", mediator="m1"), *dossier("c", mediator="m2"), about, *map(decided, "abc")])
    assert {name: found[name].state for name in "abc"} == {"a": "decided", "b": "suspended", "c": "decided"}
    assert codes(found["a"].flags) == ["member_verified"]
    strict = dataclasses.replace(RULES, limits=dataclasses.replace(
        RULES.limits, mediator_verification_bars_team=Dated((Cited(True, "Quy định của xã", "I"),)),
    ))
    assert folded([*dossier(), about, decided()], rules=strict)["a"].state == "suspended"


def test_an_allegation_against_the_team_suspends_its_mediators_too() -> None:
    assert folded([*dossier("b", mediator="m1"), opened(), decided("b")])["b"].state == "suspended"


def test_a_verification_may_be_taken_up_again() -> None:
    again = opened(on="2024-12-18", written="2024-12-18T10:00:00+07:00")
    found = one([*dossier(), opened(), closed(), again, decided(on="2024-12-19")])
    assert (found.state, codes(found.refused)) == ("suspended", ["under_verification"])
    assert "18/12/2024" in found.refused[0].vi
    after = [closed(on="2024-12-20"), decided(on="2024-12-20", written="2024-12-21T08:00:00+07:00")]
    assert one([*dossier(), opened(), closed(), again, *after]).state == "decided"


def test_an_upheld_allegation_is_pointed_out() -> None:
    assert codes(one([*dossier(), opened(), closed(upheld=True), decided()]).flags) == ["allegation_upheld"]


# -- authority, form, law of the day


def test_who_signs_must_have_the_authority_for_the_form() -> None:
    found = one([*dossier(), decided(signed_by="city_chair")])
    assert (found.state, codes(found.refused)) == ("appraised", ["authority"])
    assert "Chủ tịch UBND phường, xã" in found.refused[0].vi


def test_the_district_form_ended_on_1_july_2025() -> None:
    def district(on: str) -> list[str]:
        steps = [proposed(form="giay_khen_district"), submitted(), appraised()]
        return codes(one([*steps, decided(on=on, form="giay_khen_district", signed_by="district_chair")]).refused)

    assert district("2025-06-30") == []
    assert district("2025-07-01") == ["form_in_force"]


def test_the_law_is_that_of_the_day() -> None:
    def law(on: str) -> tuple[str, str]:
        found = folded([*dossier(), decided(on=on), *dossier("b"), decided("b", on, written=f"{on}T21:00:00+07:00")])
        return found["a"].law, found["b"].refused[0].article

    for on, decree in (("2025-06-30", "NĐ 98/2023/NĐ-CP"), ("2025-07-01", "NĐ 152/2025/NĐ-CP")):
        assert law(on) == (f"Luật Thi đua, khen thưởng 06/2022/QH15; {decree}",) * 2


# -- the dossier


def test_a_second_request_for_supplements_is_barred() -> None:
    ask = step("a", "supplement-asked", "2024-12-14", reason="Thiếu báo cáo")
    again = step("a", "supplement-asked", "2024-12-15", reason="Thiếu biên bản")
    found = one([proposed(), submitted(), ask, again])
    assert (found.state, codes(found.refused)) == ("supplement_asked", ["supplement_once"])
    done = one([proposed(), submitted(), ask, step("a", "supplemented", "2024-12-16")])
    assert done.state == "submitted"
    assert [n.code for n in done.next] == ["appraise", "decline"]


def test_a_decision_waits_for_what_comes_before_it() -> None:
    waiting = one([proposed(), decided()])
    assert (waiting.state, codes(waiting.waiting), waiting.refused) == ("proposed", ["needed_before"], ())
    assert "trình hồ sơ" in waiting.waiting[0].vi and "biên bản" in waiting.waiting[0].vi
    came = one([
        proposed(), decided(), submitted(written="2025-01-02T08:00:00+07:00"), appraised(written="2025-01-03T08:00:00+07:00"),
    ])
    assert (came.state, came.waiting) == ("decided", ())


def test_what_a_commune_asks_for_is_its_own_setting() -> None:
    bare = dataclasses.replace(RULES, limits=dataclasses.replace(
        RULES.limits, needed_before_decision=Dated((Cited((), "Quy định của thành phố", "I"),)),
    ))
    assert one([proposed(), decided()], rules=bare).state == "decided"


def test_a_decision_that_waited_is_judged_by_what_is_known_when_it_takes_effect() -> None:
    """Otherwise two decisions for one achievement could both stand."""
    steps = [decided("a", "2024-12-18"), *dossier("b"), decided("b", "2024-12-19")]
    late = [
        proposed(written="2025-01-02T08:00:00+07:00"), submitted(written="2025-01-02T09:00:00+07:00"),
        appraised(written="2025-01-02T10:00:00+07:00"),
    ]
    found = folded([*steps, *late])
    assert (found["b"].state, found["a"].state) == ("decided", "appraised")
    assert codes(found["a"].refused) == ["same_achievement"]


def test_without_a_proposal_the_decision_waits_and_is_shown() -> None:
    found = one([decided()])
    assert (found.state, codes(found.waiting)) == ("proposed", ["needed_before"])
    assert [n.code for n in found.next] == ["propose"]


def test_a_dossier_is_decided_once() -> None:
    found = one([*dossier(), decided(), decided(on="2024-12-19", number="other")])
    assert (found.number, codes(found.refused)) == ("a/QĐ-UBND", ["decided_before"])
    declined = one([*dossier(), decided(), step("a", "declined", "2024-12-20", reason="Không đủ")])
    assert (declined.state, codes(declined.refused)) == ("decided", ["decided_before"])


def test_declined_first_and_decided_after_all_is_pointed_out() -> None:
    found = one([*dossier(), step("a", "declined", "2024-12-17", reason="Chưa đủ"), decided()])
    assert (found.state, codes(found.flags), found.refused) == ("decided", ["declined_before"], ())
    assert one([*dossier(), step("a", "declined", "2024-12-17", reason="Chưa đủ")]).state == "declined"


def test_late_is_never_a_bar() -> None:
    """10 working days from 13/12/2024: 27/12, and the first of January off."""
    assert one([*dossier(), decided(on="2024-12-27")]).flags == ()
    late = one([*dossier(), decided(on="2024-12-30")])
    assert (late.state, codes(late.flags)) == ("decided", ["in_time"])
    assert "27/12/2024" in late.flags[0].vi


def test_the_term_runs_from_the_completed_dossier() -> None:
    ask = step("a", "supplement-asked", "2024-12-14", reason="Thiếu báo cáo")
    found = one([
        proposed(), submitted(), ask, step("a", "supplemented", "2024-12-20"), appraised(on="2024-12-23"),
        decided(on="2024-12-30"),
    ])
    assert (found.flags, found.due is not None and found.due.isoformat()) == ((), "2025-01-06")


@pytest.mark.parametrize(("steps", "code"), [
    ([proposed(), submitted(evidence=PAPERS[:1]), appraised(), decided()], "papers"),
    ([*dossier(), decided(form="khen_front", signed_by="front")], "form_as_proposed"),
    ([proposed(), submitted(), appraised(favourable=False), decided()], "appraised_favourably"),
    ([*dossier(), decided(on="2024-12-14")], "in_order"),
    ([*dossier(), decided(amount=1_000_000)], "amount_as_computed"),
    ([*dossier(form="la"), decided(form="la", signed_by="other")], "form_known"),
    ([*dossier(), proposed(on="2024-12-14", form="bang_khen_city"), decided()], "proposal_known"),
    ([*dossier(achievement="recognition:2023"), decided()], "achievement_on_record"),
])
def test_what_is_odd_is_pointed_out_and_stands(steps: list[object], code: str) -> None:
    found = one(steps)  # type: ignore[arg-type]
    assert found.state == "decided"
    assert code in codes(found.flags)
    assert found.refused == ()


def _fields(rules: CommendationRules) -> list[str]:
    return [gate.check for gate in rules.gates]


def test_every_gate_stands_in_the_rules_once() -> None:
    from services.evaluation.domain.commendation.gates import CHECKS, WORDS

    assert sorted(_fields(RULES)) == sorted(CHECKS) == sorted(WORDS)


# -- mistyped days


def test_a_day_mistyped_into_an_earlier_year_is_under_no_older_rules() -> None:
    again = decided("b", "2004-12-20", written="2024-12-20T20:00:00+07:00")
    found = folded([*dossier(), decided(), *dossier("b"), again])
    assert codes(found["b"].refused) == ["same_achievement"]
    signed = decided("a", "2004-12-20", written="2024-12-20T20:00:00+07:00", signed_by="other")
    assert "authority" in codes(one([*dossier(), signed]).refused)
    # where the proposal names no year, the key of its achievement does
    unsaid = folded([*dossier(), decided(), *dossier("b", year=None), again])
    assert codes(unsaid["b"].refused) == ["same_achievement"]


def test_an_achievement_is_the_same_however_its_key_is_spaced() -> None:
    found = folded([*dossier(), decided(), *dossier("b", achievement="Recognition :  2024"), decided("b", "2024-12-27")])
    assert codes(found["b"].refused) == ["same_achievement"]


def test_an_amount_says_whether_what_it_is_made_of_was_verified() -> None:
    assert one([*dossier(), decided()]).amount_unverified is True, "base pay and factors of communes are marked U"


def test_what_was_supplemented_before_it_was_asked_for_does_not_answer() -> None:
    early, asked = step("a", "supplemented", "2024-12-14"), step("a", "supplement-asked", "2024-12-15", reason="thiếu báo cáo")
    assert one([proposed(), submitted(), early, asked]).state == "supplement_asked"
    assert one([proposed(), submitted(), early, asked, step("a", "supplemented", "2024-12-15")]).state == "submitted"
