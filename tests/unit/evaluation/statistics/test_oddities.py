"""Figures that look wrong are pointed out with their cases; what is ordinary is left alone."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.facts import Case
from services.evaluation.domain.statistics.counting import COLUMNS, Entry, figures
from services.evaluation.domain.statistics.locks import Told
from services.evaluation.domain.statistics.oddities import NAMES, Odd, Seen, Stated, _touches, before, odd
from services.evaluation.queries.odd import statistics_odd
from services.evaluation.queries.statistics import BadQuestion
from services.evaluation.rules.odd_figures import HERE, load_odd_rules, odd_rules
from shared.calendar import Span
from shared.contracts.statistics import StatedFigures
from shared.rulebooks import RulesError

MARCH = Span(dt.date(2024, 3, 1), dt.date(2024, 3, 31))
FEBRUARY = Span(dt.date(2024, 2, 1), dt.date(2024, 2, 29))


def entry(number: int, day: dt.date, *, team: str = "A", status: str = "settled", written: dt.date | None = None) -> Entry:
    return Entry(team=team, dispute="civil", unit="00118", case=Case(
        id=f"c{number:03}", received=day, steps=((day, "received"), (day, status)), written_up=written or day,
    ))


def march(count: int, at: int = 0, **more: object) -> list[Entry]:
    return [entry(at + n, MARCH.first + dt.timedelta(days=n % 28), team="ABC"[n % 3], **more) for n in range(count)]  # type: ignore[arg-type]


def february(count: int) -> list[Entry]:
    return [entry(100 + n, FEBRUARY.first + dt.timedelta(days=n % 28), team="ABC"[n % 3]) for n in range(count)]


def found(entries: list[Entry], **more: object) -> list[Odd]:
    return odd(Seen(span=MARCH, entries={"00118": entries}, **more), odd_rules())  # type: ignore[arg-type]


def codes(listed: list[Odd]) -> list[str]:
    return [one.code for one in listed]


def test_all_settled_in_many_teams_is_pointed_out_and_one_that_was_not_ends_it() -> None:
    one, = found(march(21))
    assert (one.code, len(one.cases)) == ("all_settled", 21) and "21 vụ việc" in one.said.vi and one.rules[0].mark == "I"
    assert found([*march(21), entry(50, MARCH.last, status="not_settled")]) == []
    assert found(march(19)) == [], "few cases may well all be settled"
    assert found([entry(n, MARCH.first) for n in range(21)]) == [], "one team may well settle all"


def test_all_settled_in_every_unit_is_pointed_out_even_where_each_alone_is_small() -> None:
    units = {f"0011{n}": march(8, at=n * 20) for n in range(3)}
    one, = odd(Seen(span=MARCH, entries=units), odd_rules())
    assert (one.code, one.unit, len(one.cases)) == ("all_settled", None, 24)


def test_a_month_like_the_one_before_in_every_column_is_pointed_out_with_the_cases_of_both() -> None:
    one, = found([*march(6), *february(6)])
    assert one.code == "copied" and len(one.cases) == 12
    assert found([*march(6), *february(5)]) == [] and found([*march(3), *february(3)]) == []


def test_all_written_up_on_one_day_is_pointed_out_if_they_came_over_weeks() -> None:
    day = dt.date(2024, 4, 2)
    one, = found(march(20, written=day)[:16])
    assert one.code == "one_day" and "02/04/2024" in one.said.vi
    assert found([*march(15, written=day), entry(40, MARCH.last, written=dt.date(2024, 4, 3))]) == []
    assert found([entry(n, MARCH.first, written=day) for n in range(8)]) == [], "they came on one day, too"


def stated(month: str, team: str | None = "A", counted: dict[str, tuple[str, ...]] | None = None, **numbers: int) -> Stated:
    told = Told(
        entry=f"e{month}", record="r", type="statistics.submitted", month=month, on="2024-04-01", time="2024-04-01", source="s:x",
        event_id="x", team=team, stated=numbers,
    )
    return Stated(told=told, unit="00118", team=team, counted={**dict.fromkeys(COLUMNS, ()), **(counted or {})})


def test_stated_figures_unlike_the_counted_ones_are_told_side_by_side() -> None:
    one, = found([], stated=[stated("2024-03", received=3, settled=1, counted={"received": ("a", "b"), "settled": ("a",)})])
    assert (one.code, one.team, one.cases) == ("stated_differs", "A", ("a", "b")) and "tiếp nhận 3 ≠ 2" in one.said.vi
    assert found([], stated=[stated("2024-02", received=3)]) == [], "another month's are told when that month is asked for"


def test_stating_again_what_was_stated_for_the_month_before_is_pointed_out() -> None:
    ids = {"received": tuple("abcdef"), "settled": tuple("abcdef")}
    same = [stated("2024-02", received=6, settled=6), stated("2024-03", received=6, settled=6, counted=ids)]
    assert codes(found([], stated=same)) == ["copied_stated"]
    of_unit = stated("2024-02", None, received=6, settled=6)
    assert found([], stated=[of_unit, same[1]]) == [], "what the unit stated is not the team's"


def test_nothing_arose_beside_cases_of_that_time_is_pointed_out() -> None:
    own = march(3)
    one, = found(own, declared=[("00118", "A", Span(dt.date(2024, 1, 1), dt.date(2024, 3, 31)))])
    assert (one.code, one.cases) == ("declared_nothing", ("c000",)) and "không phát sinh" in one.said.vi
    assert found(own, declared=[("00118", "A", FEBRUARY), ("00118", "D", MARCH)]) == []


def test_the_period_before_has_as_many_whole_months() -> None:
    assert before(MARCH) == FEBRUARY
    assert before(Span(dt.date(2024, 1, 1), dt.date(2024, 3, 31))) == Span(dt.date(2023, 10, 1), dt.date(2023, 12, 31))
    assert before(Span(dt.date(2024, 3, 2), dt.date(2024, 3, 31))) is None


days = st.dates(FEBRUARY.first, MARCH.last)


@settings(max_examples=60)
@given(st.lists(st.tuples(days, st.sampled_from(["settled", "not_settled", "received"]), st.sampled_from("ABC")), max_size=30))
def test_whatever_is_pointed_out_names_cases_that_are_there_and_alters_no_figure(drawn: list[tuple[dt.date, str, str]]) -> None:
    own = [entry(n, day, team=team, status=status) for n, (day, status, team) in enumerate(drawn)]
    before_ = figures(own, MARCH)
    for one in found(own):
        assert set(one.cases) <= {each.case.id for each in own} and one.said.vi != one.said.en and one.cases
    assert figures(own, MARCH) == before_


def test_every_figure_that_can_be_stated_has_a_name_and_is_counted() -> None:
    assert set(NAMES) == set(StatedFigures.__struct_fields__) <= set(COLUMNS)


def test_a_threshold_that_is_no_number_is_refused_with_its_place(tmp_path: Path) -> None:
    broken = tmp_path / "odd-figures.yaml"
    broken.write_text((HERE / "odd-figures.yaml").read_text("utf-8").replace("value: 20", "value: many"), "utf-8")
    with pytest.raises(RulesError, match="all_settled_cases"):
        load_odd_rules(broken)


@given(st.lists(st.tuples(
    st.integers(0, 150), st.integers(0, 90), st.sampled_from(["settled", "not_settled", "mediating", "out_of_scope", "reopened"]),
), max_size=25))
@settings(max_examples=60, deadline=None)
def test_cases_that_touch_neither_month_are_in_none_of_their_figures(told: list[tuple[int, int, str]]) -> None:
    first = dt.date(2023, 12, 1)
    entries = [
        Entry(team="A", dispute="civil", unit="00118", case=Case(id=f"c{n:03}", received=day, steps=(
            (day, "received"), (day + dt.timedelta(days=later), status),
        )))
        for n, (start, later, status) in enumerate(told) for day in [first + dt.timedelta(days=start)]
    ]
    near = [one for one in entries if _touches(one, Span(FEBRUARY.first, MARCH.last))]
    for span in (FEBRUARY, MARCH):
        assert figures(near, span) == figures(entries, span)


def test_a_period_that_would_keep_everybody_waiting_is_refused_before_anything_is_read() -> None:
    with pytest.raises(BadQuestion, match="36 months"):
        statistics_odd(None, None, None, "2000-01-01", "2024-12-31")  # type: ignore[arg-type]
