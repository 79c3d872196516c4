"""One claim from its entries: state, terms, flags, and what bars a decision."""

from __future__ import annotations

import datetime as dt
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.evaluation.domain.facts import Case, Step
from services.evaluation.domain.payments.fold import Claim, fold
from services.evaluation.domain.payments.proposing import propose, propose_months
from services.evaluation.domain.payments.rules import Known, above
from services.evaluation.domain.rules import Cited, Dated
from services.evaluation.rules.payments import HERE, load_payment_rules, payment_rules, use
from shared.calendar import Span
from shared.contracts import When, record_id
from shared.rulebooks import RulesError

D = dt.date
TODAY = D(2024, 6, 1)
TEAM = "HGCS-1"


def uri(name: str) -> str:
    return f"https://phuong.example/vu-viec/{name}"


def step(record: str, kind: str, on: str, team: str = TEAM, time: str = "", **data: Any) -> Step:
    return Step(
        id=f"{record}-{kind}-{on}-{team}-{data.get('amount', '')}", record=record, type=f"payment.{kind}", team=team,
        on=D.fromisoformat(on), time=When(time or on), source="s", event_id="e", data=data,
    )


def asked(record: str, on: str, *cases: str, team: str = TEAM, amount: int = 400_000, **more: Any) -> Step:
    return step(record, "requested", on, team, amount=amount, purpose="case", cases=[uri(c) for c in cases], **more)


def known(name: str, status: str = "settled", ended: str = "2024-03-20", team: str = TEAM) -> dict[str, Known]:
    id = record_id(uri(name))
    steps = ((D(2024, 3, 4), "received"), (D.fromisoformat(ended), status))
    return {id: Known(id, Case(id=id, received=D(2024, 3, 4), steps=steps), frozenset({team}))}


def claim(*steps: Step, cases: dict[str, Known] | None = None, record: str = "a", today: D = TODAY) -> Claim:
    found = fold(payment_rules(), steps, known("1") if cases is None else cases, today)
    return next(one for one in found if one.record == record)


def codes(said: Any) -> list[str]:
    return [one.code for one in said]


def wanted(name: str) -> dict[str, Any]:
    return {"month": name} if name.startswith("20") else {"cases": [uri(name)]}


REQUEST = asked("a", "2024-03-25", "1")
DECISION = step("a", "decided", "2024-03-28", amount=400_000, number="12/QĐ")
PAID = step("a", "paid", "2024-03-31", amount=400_000)


def test_a_claim_goes_from_request_to_payment() -> None:
    at = claim(REQUEST, today=D(2024, 3, 26))
    assert (at.state, at.due, at.ceiling, codes(at.flags)) == ("requested", D(2024, 4, 1), 400_000, [])
    at = claim(REQUEST, DECISION, today=D(2024, 3, 29))
    assert (at.state, at.due, at.number) == ("decided", D(2024, 3, 31), "12/QĐ")
    at = claim(REQUEST, DECISION, PAID)
    assert (at.state, at.due, at.paid, codes(at.flags), at.refused) == ("paid", None, 400_000, [], ())


def test_the_fifth_working_day_is_in_time_and_the_sixth_is_late() -> None:
    assert codes(claim(REQUEST, step("a", "decided", "2024-04-01", amount=400_000), today=D(2024, 4, 2)).flags) == []
    late = step("a", "decided", "2024-04-02", amount=400_000)
    assert codes(claim(REQUEST, late, today=D(2024, 4, 3)).flags) == ["decided_late"]


def test_the_third_day_is_in_time_and_the_fourth_is_late() -> None:
    assert codes(claim(REQUEST, DECISION, PAID).flags) == []
    assert codes(claim(REQUEST, DECISION, step("a", "paid", "2024-04-01", amount=400_000)).flags) == ["paid_late"]


def test_working_days_of_a_decision_pass_over_tet() -> None:
    at = claim(asked("a", "2024-02-07", "1"), cases=known("1", ended="2024-02-01"), today=D(2024, 2, 8))
    assert at.due == D(2024, 2, 21), at


def test_what_happened_is_taken_and_flagged() -> None:
    assert codes(claim(REQUEST, PAID).flags) == ["paid_undecided"]
    other = claim(REQUEST, DECISION, step("a", "paid", "2024-03-30", amount=300_000))
    assert (other.state, codes(other.flags)) == ("paid", ["other_amount"])
    over = claim(REQUEST, DECISION, step("a", "paid", "2024-03-30", amount=500_000))
    assert codes(over.flags) == ["other_amount", "paid_above_max"]
    assert codes(claim(REQUEST).flags) == ["overdue"]


def test_a_refusal_has_its_reason_and_the_later_paper_holds() -> None:
    no = step("a", "refused", "2024-03-27", reason="Thiếu bản sao Sổ theo dõi")
    assert (claim(REQUEST, no).state, claim(REQUEST, no).reason) == ("refused", "Thiếu bản sao Sổ theo dõi")
    assert claim(REQUEST, no, DECISION).state == "decided"


def test_an_incomplete_request_has_no_term() -> None:
    at = claim(asked("a", "2024-03-25", "1", complete=False))
    assert (at.state, at.due, codes(at.flags)) == ("incomplete", None, [])


def test_a_month_is_asked_for_once() -> None:
    first = step("a", "requested", "2024-02-01", amount=150_000, purpose="monthly", month="2024-01")
    again = step("b", "requested", "2024-02-03", amount=150_000, purpose="monthly", month="2024-01")
    assert codes(claim(first, again, record="b", today=D(2024, 2, 4)).flags) == ["month_twice"]
    assert codes(claim(first, again, today=D(2024, 2, 4)).flags) == []
    assert claim(first).ceiling == 150_000


def test_a_decision_that_the_rules_bar_has_no_effect_and_says_why() -> None:
    def refused(*steps: Step, cases: dict[str, Known] | None = None) -> list[str]:
        at = claim(*steps, cases=cases, today=D(2024, 3, 29))
        assert at.state == "requested"
        assert at.amount_decided is None
        assert all(one.vi and one.en and one.article for one in at.refused)
        return codes(at.refused)

    modest = step("a", "decided", "2024-03-28", amount=300_000)
    assert refused(REQUEST, modest, cases=known("1", "mediating")) == ["case_open"]
    assert refused(REQUEST, modest, cases=known("1", ended="2024-03-29")) == ["case_open"]
    assert refused(REQUEST, modest, cases=known("1", "out_of_scope")) == ["out_of_scope"]
    assert refused(REQUEST, DECISION, cases=known("1", team="HGCS-2")) == ["other_team"]
    assert refused(REQUEST, step("a", "decided", "2024-03-28", amount=400_001)) == ["above_max"]
    assert refused(REQUEST, DECISION, cases=known("1", "not_settled")) == ["above_max"]


def test_a_linked_case_is_the_same_case() -> None:
    one, two = known("1"), known("2")
    (leader,), (follower,) = one, two
    cases = {**one, follower: Known(leader, two[follower].case, frozenset({TEAM}))}
    second = [asked("b", "2024-04-10", "2"), step("b", "decided", "2024-04-11", amount=400_000)]
    assert codes(claim(REQUEST, DECISION, PAID, *second, cases=cases, record="b").refused) == ["case_paid"]


SECOND = (asked("b", "2024-03-26", "1"), step("b", "decided", "2024-03-29", amount=400_000))


def test_a_case_is_not_paid_for_twice_in_whatever_order_the_events_came() -> None:
    for order in permutations((REQUEST, DECISION, *SECOND)):
        found = {one.record: one for one in fold(payment_rules(), order, known("1"), D(2024, 3, 30))}
        assert (found["a"].state, found["b"].state) == ("decided", "requested")
        assert codes(found["b"].refused) == ["case_paid"]


@given(st.lists(st.tuples(
    st.sampled_from("ab"), st.sampled_from((TEAM, "HGCS-2")), st.sampled_from(("requested", "decided", "refused", "paid")),
    st.integers(0, 20), st.integers(0, 20), st.sampled_from((100_000, 400_000, 500_000)),
    st.sampled_from(("1", "2", "2024-01", "2024-02")), st.booleans(),
), max_size=12), st.randoms())
def test_no_order_matters_and_two_decisions_about_a_case_never_stand(drawn: list[Any], chance: Any) -> None:
    first = D(2024, 3, 18)
    both = {
        id: Known(one.leader, one.case, frozenset({TEAM, "HGCS-2"})) for id, one in {**known("1"), **known("2")}.items()
    }
    steps = [
        step(
            record, kind, (first + dt.timedelta(days=on)).isoformat(), team, time=f"2024-05-{written + 1:02d}T08:00:00+07:00",
            amount=amount, reason="x", complete=complete, **({} if kind != "requested" else wanted(name)),
        ) for record, team, kind, on, written, amount, name, complete in drawn
    ]
    steps = list({one.id: one for one in steps}.values())
    found = fold(payment_rules(), steps, both, TODAY)
    for id in both:
        standing = [one for one in found if one.decided_on is not None and id in one.cases]
        assert len(standing) <= 1, (id, standing)
    for team in (TEAM, "HGCS-2"):
        for month in ("2024-01", "2024-02"):
            assert sum(one.decided_on is not None and one.team == team and month in one.months for one in found) <= 1
    for one in found:
        assert one.amount_decided is None or one.ceiling is None or one.amount_decided <= one.ceiling
        assert all(said.vi and said.en and said.article for said in (*one.flags, *one.refused))
    chance.shuffle(steps)
    assert fold(payment_rules(), steps, both, TODAY) == found


def test_a_request_that_names_nothing_is_pointed_out() -> None:
    assert codes(claim(asked("a", "2024-03-25"), today=D(2024, 3, 26)).flags) == ["nothing_named"]


def test_ended_cases_without_a_request_are_proposed_at_the_maximum() -> None:
    cases = [next(iter(known(*args).values())).case for args in (("1",), ("2", "not_settled"), ("3", "mediating"))]
    found = propose(payment_rules(), TEAM, "00118", cases, [claim(REQUEST)], D(2024, 4, 20))
    assert [(one.case, one.amount, one.basis, one.late) for one in found] == [(record_id(uri("2")), 300_000, "maximum", True)]
    in_time = propose(payment_rules(), TEAM, "00118", cases[:1], [], D(2024, 4, 19))
    assert [(one.amount, one.ask_by, one.late) for one in in_time] == [(400_000, D(2024, 4, 19), False)]


def test_without_rate_and_maximum_no_amount_is_made_up() -> None:
    case = Case(id="x", received=D(2022, 1, 1), steps=((D(2022, 1, 1), "received"), (D(2022, 2, 1), "settled")))
    (found,) = propose(payment_rules(), TEAM, None, [case], [], D(2022, 3, 1))
    assert (found.amount, found.basis) == (None, "unknown")


# -- papers that were written up late, or together

def test_an_older_decision_written_up_late_does_not_replace_the_one_that_holds() -> None:
    old = step("a", "decided", "2024-03-26", time="2024-05-02T08:00:00+07:00", amount=300_000, number="9/QĐ")
    at = claim(REQUEST, DECISION, old)
    assert (at.number, at.amount_decided, at.refused) == ("12/QĐ", 400_000, ())
    newer = step("a", "decided", "2024-03-29", time="2024-05-02T08:00:00+07:00", amount=300_000, number="13/QĐ")
    assert claim(REQUEST, DECISION, newer).number == "13/QĐ"


def test_a_refusal_sets_the_case_free_for_another_claim() -> None:
    no = step("a", "refused", "2024-03-29", reason="Trùng hồ sơ")
    again = (asked("b", "2024-03-30", "1"), step("b", "decided", "2024-04-02", amount=400_000))
    assert claim(REQUEST, DECISION, no, *again, record="b").state == "decided"
    # and whoever was paid keeps it
    at = claim(REQUEST, DECISION, step("a", "paid", "2024-03-28", amount=400_000), no, *again, record="b")
    assert codes(at.refused) == ["case_paid"]
    # a refusal that the decision came after sets nothing free
    before = step("a", "refused", "2024-03-27", time="2024-03-29", reason="Thiếu giấy tờ")
    assert codes(claim(REQUEST, DECISION, before, *again, record="b").refused) == ["case_paid"]


def test_a_case_that_was_paid_under_two_claims_is_not_free_when_one_is_refused() -> None:
    paid = (asked("b", "2024-03-26", "1"), step("b", "paid", "2024-03-30", amount=400_000))
    no = step("a", "refused", "2024-03-31", reason="Trùng hồ sơ")
    third = (asked("c", "2024-04-01", "1"), step("c", "decided", "2024-04-02", amount=400_000))
    at = claim(REQUEST, DECISION, *paid, no, *third, record="c")
    assert codes(at.refused) == ["case_paid"] and "hồ sơ b" in at.refused[0].vi


def test_two_teams_under_one_record_bar_each_other() -> None:
    both = {id: Known(one.leader, one.case, frozenset({TEAM, "HGCS-2"})) for id, one in known("1").items()}
    second = (
        asked("a", "2024-03-25", "1", team="HGCS-2"),
        step("a", "decided", "2024-03-29", team="HGCS-2", amount=400_000),
    )
    found = {one.team: one for one in fold(payment_rules(), (REQUEST, DECISION, *second), both, TODAY)}
    assert (found[TEAM].state, found["HGCS-2"].state) == ("decided", "requested")
    assert codes(found["HGCS-2"].refused) == ["case_paid"] and f"tổ {TEAM}" in found["HGCS-2"].refused[0].vi


def test_a_month_is_decided_once_and_each_team_has_its_own() -> None:
    def month(record: str, on: str, team: str = TEAM) -> tuple[Step, Step]:
        return (
            step(record, "requested", "2024-02-01", team=team, amount=150_000, purpose="monthly", month="2024-01"),
            step(record, "decided", on, team=team, amount=150_000),
        )
    steps = (*month("a", "2024-02-02"), *month("b", "2024-02-05"), *month("c", "2024-02-05", "HGCS-2"))
    assert codes(claim(*steps, record="b", today=D(2024, 2, 6)).refused) == ["month_paid"]
    assert claim(*steps, record="c", today=D(2024, 2, 6)).state == "decided"


def test_what_was_paid_for_without_having_been_asked_for_is_not_proposed_again() -> None:
    paid = step("a", "paid", "2024-03-31", amount=400_000, cases=[uri("1")])
    at = claim(paid)
    assert at.cases == (record_id(uri("1")),) and codes(at.flags) == ["paid_undecided"]
    assert propose(payment_rules(), TEAM, None, [next(iter(known("1").values())).case], [at], TODAY) == ()


def test_past_months_without_a_claim_are_proposed_where_an_amount_is_known() -> None:
    year = Span(D(2023, 9, 15), D(2024, 12, 31))
    asked_for = step("a", "requested", "2024-02-01", amount=150_000, purpose="monthly", month="2024-01")
    found = propose_months(payment_rules(), TEAM, None, year, [claim(asked_for)], D(2024, 4, 1))
    assert [one.month for one in found] == ["2023-10", "2023-11", "2023-12", "2024-02", "2024-03"]
    assert {one.amount for one in found} == {150_000}
    assert [one.month for one in propose_months(payment_rules(), TEAM, None, year, [], D(2024, 3, 31))][-1] == "2024-02"


# -- rates

def rules_file(folder: Path, amount: int, since: str = "2024-01-01") -> Path:
    lines = "".join(
        f"    {name}: [{{from: {since}, value: {value}, mark: U, citation: thử}}]\n"
        for name, value in (("case", amount), ("settled_case", 300_000), ("month", 100_000))
    )
    shipped = (HERE / "vietnam.yaml").read_text(encoding="utf-8")
    path = folder / "vietnam.yaml"
    path.write_text(f'{shipped}\nrates:\n  - unit: "00118"\n{lines}', encoding="utf-8")
    return path


def test_a_units_own_rate_is_what_is_proposed(tmp_path: Path) -> None:
    rules = load_payment_rules(rules_file(tmp_path, 200_000))
    cases = [next(iter(known("1", "not_settled").values())).case]
    assert [(one.amount, one.basis) for one in propose(rules, TEAM, "00118", cases, [], TODAY)] == [(200_000, "rate")]
    assert [(one.amount, one.basis) for one in propose(rules, TEAM, "00127", cases, [], TODAY)] == [(300_000, "maximum")]


@pytest.mark.parametrize("since", ["2024-01-01", "2022-01-01"])
def test_a_rate_above_the_maximum_of_any_of_its_days_is_refused(tmp_path: Path, since: str) -> None:
    with pytest.raises(RulesError, match="above the maximum of 300000"):
        load_payment_rules(rules_file(tmp_path, 300_001, since))
    load_payment_rules(rules_file(tmp_path, 300_000, since))


def test_a_rate_may_lie_above_a_maximum_that_no_longer_holds() -> None:
    def dated(*values: tuple[str, int]) -> Dated[int]:
        return Dated(tuple(Cited(value, "x", "U", D.fromisoformat(since)) for since, value in values))

    most = dated(("2020-01-01", 100), ("2024-01-01", 200))
    assert list(above(dated(("2024-01-01", 150)), most)) == []
    assert len(list(above(dated(("2023-12-31", 150)), most))) == 1
    assert len(list(above(dated(("2019-01-01", 150), ("2020-01-01", 90)), most))) == 0
    assert len(list(above(dated(("2019-01-01", 150), ("2020-01-02", 90)), most))) == 1


def test_a_decision_that_a_later_refusal_had_overtaken_holds_no_case() -> None:
    no = step("a", "refused", "2024-03-29", reason="Trùng hồ sơ")
    late = step("a", "decided", "2024-03-28", time="2024-04-01", amount=400_000)
    other = (asked("b", "2024-03-30", "1"), step("b", "decided", "2024-04-02", amount=400_000))
    assert claim(REQUEST, no, late, *other).state == "refused"
    assert claim(REQUEST, no, late, *other, record="b").state == "decided"


def test_a_decision_other_than_the_units_rate_is_pointed_out_and_holds(tmp_path: Path) -> None:
    rules = load_payment_rules(rules_file(tmp_path, 200_000))

    def flagged(amount: int, unit: str) -> list[str]:
        steps = (REQUEST, step("a", "decided", "2024-03-28", amount=amount))
        (one,) = fold(rules, steps, known("1"), D(2024, 3, 28), lambda team, on: unit)
        assert one.state == "decided"
        return codes(one.flags)

    assert (flagged(300_000, "00118"), flagged(400_000, "00118"), flagged(400_000, "00127")) == ([], ["other_than_rate"], [])


def test_a_citys_rate_is_every_units_that_has_none_of_its_own(tmp_path: Path) -> None:
    path = rules_file(tmp_path, 200_000)
    own = path.read_text(encoding="utf-8").partition("\nrates:\n")[2]
    path.write_text(
        path.read_text(encoding="utf-8") + own.replace('  - unit: "00118"\n    case', "  - case").replace("200000", "250000"),
        encoding="utf-8",
    )
    rules = load_payment_rules(path)
    day = D(2024, 6, 1)
    assert [getattr(rules.amount(unit, "case", day)[0], "value", None) for unit in ("00118", "00127", None)] == [
        200_000, 250_000, 250_000,
    ]
    text = path.read_text(encoding="utf-8").replace("from: 2024-01-01, value: 200000", "from: 2024-06-01, value: 200000")
    path.write_text(text, encoding="utf-8")
    rules = load_payment_rules(path)
    assert [getattr(rules.amount("00118", "case", on)[0], "value", None) for on in (D(2024, 5, 31), day)] == [250_000, 200_000], (
        "until a unit's own rate begins, the city's holds there"
    )


def test_another_file_is_taken_and_the_shipped_one_again(tmp_path: Path) -> None:
    path = rules_file(tmp_path, 200_000)
    try:
        use(str(path))
        assert payment_rules().rates_of("00118") is not None
        with pytest.raises(OSError, match="khong-co"):
            use(str(tmp_path / "khong-co.yaml"))
        assert payment_rules().rates_of("00118") is not None, "what cannot be read changes nothing"
    finally:
        use("")
    assert payment_rules().rates_of("00118") is None


def test_a_request_after_the_decision_neither_widens_nor_undoes_it() -> None:
    cases = known("1") | known("2", status="mediating")
    first = [asked("a", "2024-03-25", "1"), step("a", "decided", "2024-03-28", amount=400_000)]
    # a case that has not ended would bar the decision, one that has would raise its maximum
    more = step("a", "requested", "2024-04-10", amount=1, purpose="case", cases=[uri("2")])
    again = [asked("b", "2024-04-12", "1"), step("b", "decided", "2024-04-13", amount=400_000)]
    found = claim(*first, more, *again, cases=cases)
    assert (found.state, found.ceiling, codes(found.refused)) == ("decided", 400_000, [])
    assert "after_decision" in codes(found.flags) and found.beyond == (record_id(uri("2")),)
    assert codes(claim(*first, more, *again, cases=cases, record="b").refused) == ["case_paid"]
    late = step("a", "decided", "2024-03-28", time="2024-04-11", amount=400_000)
    assert codes(claim(first[0], more, late, cases=cases).refused) == ["case_open"]
