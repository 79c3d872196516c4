"""Forms are data, read strictly; what was not obtained is not offered; what they say holds for whatever cases there are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.statistics import forms
from services.evaluation.domain.statistics.counting import Entry, by_unit, figures
from services.evaluation.queries.reports import span_of
from services.evaluation.queries.statistics import BadQuestion
from services.evaluation.rules.reports import (
    HERE,
    load_book,
    load_estimates,
    load_form,
    load_regimes,
    shipped_book,
    shipped_forms,
    shipped_regimes,
)
from shared.calendar import Span
from shared.rulebooks import RulesError
from tests.unit.evaluation.statistics.test_statistics import Y2025, entries, moves

FORM_10, FORM_12 = shipped_forms()["form-10"], shipped_forms()["form-12"]


def test_only_the_historic_forms_are_offered_and_say_so() -> None:
    found = shipped_forms()
    assert {id: form.regime for id, form in found.items()} == {"form-10": "TT 03/2019/TT-BTP", "form-12": "TT 20/2013/TT-BTP"}
    assert all(form.historic and "17/2025" in form.note for form in found.values())
    assert [len(form.columns) for form in found.values()] == [8, 11]
    present, = (one for one in shipped_regimes()[0] if one.state == "present")
    assert (present.id, present.forms) == ("TT 17/2025/TT-BTP", "not_obtained")
    assert present.id not in {form.regime for form in found.values()}


@pytest.mark.parametrize(("named", "last", "counted_to"), [
    ("2024-h1", dt.date(2024, 6, 30), dt.date(2024, 5, 31)), ("2024-year-10", dt.date(2024, 12, 31), dt.date(2024, 10, 31)),
    ("2024-year-11", dt.date(2024, 12, 31), dt.date(2024, 11, 30)),
    ("2024-official", dt.date(2024, 12, 31), dt.date(2024, 12, 31)),
])
def test_what_comes_after_the_cut_off_is_estimated_by_people(named: str, last: dt.date, counted_to: dt.date) -> None:
    first = dt.date(2024, 1, 1)
    assert span_of(named) == (Span(first, last), Span(first, counted_to))


@pytest.mark.parametrize("named", ["2024", "2024-q1", "-h1", "x-h1", "²024-h1", "99999-h1", "2024-H1", ""])
def test_a_period_that_nobody_prescribed_is_refused(named: str) -> None:
    with pytest.raises(BadQuestion, match="write for example 2024-h1"):
        span_of(named)


@settings(max_examples=40)
@given(entries())
def test_rows_by_team_add_up_to_the_city_and_no_identity_breaks(found: list[Entry]) -> None:
    parts = by_unit(found, Y2025, Y2025.last, lambda team, _: team)
    rows = [forms.row(FORM_12, str(team), "", forms.filled(FORM_12, own)) for team, own in parts.items()]
    total = forms.total(FORM_12, "total", "", rows)
    assert all(row.broken == () for row in (*rows, total))
    if rows:
        assert total.cells == forms.filled(FORM_12, figures(found, Y2025)) and not total.unknown


@settings(max_examples=40)
@given(entries(), st.sampled_from([dt.date(2025, 6, 30), dt.date(2025, 7, 1)]), st.integers(0, 3))
def test_a_row_that_is_not_known_is_told_and_never_breaks_the_total(found: list[Entry], as_of: dt.date, silent: int) -> None:
    parts = by_unit(found, Y2025, as_of, moves)
    known = [forms.row(FORM_12, str(unit), "", forms.filled(FORM_12, own)) for unit, own in parts.items()]
    unknown = [forms.row(FORM_12, f"x{n}", "", dict.fromkeys(column.id for column in FORM_12.columns)) for n in range(silent)]
    total = forms.total(FORM_12, "total", "", [*unknown, *known])
    assert total.broken == ()
    if known and silent:
        assert set(total.unknown.values()) == {silent} and total.cells == forms.total(FORM_12, "total", "", known).cells
    if not known:
        assert set(total.cells.values()) == {None}


people = st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()), max_size=20)


@given(people)
def test_the_identities_of_form_10_hold_for_whatever_roster_there_is(members: list[tuple[bool, bool, bool, bool]]) -> None:
    def those(wanted: Callable[[tuple[bool, bool, bool, bool]], bool]) -> tuple[str, ...]:
        return tuple(str(n) for n, one in enumerate(members) if wanted(one))

    cells = forms.filled(FORM_10, {
        "teams": ("t",), "mediators": those(lambda one: True), "men": those(lambda one: one[0]),
        "women": those(lambda one: not one[0]), "law_qualified": those(lambda one: one[1]),
        "not_law_qualified": those(lambda one: not one[1]), "ethnic_minority": those(lambda one: one[2]),
        "trained": those(lambda one: one[3]),
    })
    assert forms.row(FORM_10, "u", "", cells).broken == ()


def test_a_broken_identity_is_shown_and_no_number_is_mended() -> None:
    cells = {"1": ("t",), "2": ("a", "b"), "3": ("a",), "4": (), "5": None, "6": ("a",), "7": ("a", "b", "c"), "8": ()}
    row = forms.row(FORM_10, "u", "", cells, estimates={"2": 5, "3": 1, "4": 1})
    assert [(one.identity.left, one.left, one.right) for one in row.broken] == [("2", 2, 1), ("7", 3, 2)]
    assert [(one.left, one.right) for one in row.broken_estimates] == [(5, 2)] and row.cells == cells


def test_a_column_that_is_known_of_one_unit_only_is_no_reason_to_doubt_the_total() -> None:
    knows = forms.row(FORM_10, "a", "", {
        "1": ("t",), "2": ("a", "b"), "3": ("a",), "4": ("b",), "5": ("a",), "6": ("b",), "7": None, "8": None,
    })
    not_told = forms.row(FORM_10, "b", "", {
        "1": ("u",), "2": ("c",), "3": ("c",), "4": (), "5": None, "6": None, "7": None, "8": None,
    })
    total = forms.total(FORM_10, "total", "", [knows, not_told])
    assert (total.broken, dict(total.unknown)) == ((), {"5": 1, "6": 1})
    assert total.cells["5"] == ("a",) and total.cells["7"] is None


def test_a_sum_of_which_a_part_is_not_known_is_not_known() -> None:
    other = next(column for column in FORM_12.columns if column.id == "4")
    assert forms.summed(other, {"personal": ("a",), "minor_violation": (), "unknown": ("b",)}) == ("a", "b")
    assert forms.summed(other, {"personal": ("a",), "minor_violation": None, "unknown": ()}) is None


def refused(load: Callable[[Path], Any], path: Path, text: str, old: str, new: str, words: str) -> None:
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesError, match=words):
        load(path)


@pytest.mark.parametrize(("old", "new", "words"), [
    ("sum: [civil]", "sum: [cival]", "no figure 'cival'"),
    ('right: ["2", "3", "4"]', 'right: ["2", "3", "44"]', "no column '44'"),
    ('id: "2"', 'id: "1"', "stands twice"),
    ("rows: team", "rows: team\nrow: 1", "unknown key"),
    ("form: form-12", "form: form-13", "name it as its file"),
    ("historic: true", "historic: yes", "'yes' is not known"),
])
def test_a_form_that_cannot_hold_is_refused_with_its_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    text = (HERE / "form-12.yaml").read_text(encoding="utf-8")
    refused(load_form, tmp_path / "form-12.yaml", text, old, new, words)


@pytest.mark.parametrize(("file", "load", "old", "new", "words"), [
    ("log-book", load_book, "shows: parties", "shows: party", "'party' is not known"),
    ("log-book", load_book, "width: 9", "width: 900", "900 mm is no width"),
    ("log-book", load_book, "sum: [carried]", "sum: [caried]", "no figure 'caried'"),
    ("regimes", load_regimes, "first: 01-01", "first: 02-29", "not a day of the year"),
    ("regimes", load_regimes, "counted_to: 05-31", "counted_to: 07-31", "lies outside the period"),
    ("regimes", load_regimes, "id: year-11", "id: year-10", "stands twice"),
    ("regimes", load_regimes, "state: present", "state: now", "'now' is not known"),
])
def test_a_layout_or_period_that_cannot_hold_is_refused(
    tmp_path: Path, file: str, load: Callable[[Path], Any], old: str, new: str, words: str
) -> None:
    refused(load, tmp_path / f"{file}.yaml", (HERE / f"{file}.yaml").read_text(encoding="utf-8"), old, new, words)


def test_the_book_has_the_columns_that_were_found() -> None:
    assert [column.shows for column in shipped_book().columns] == [
        "number", "received", "mediator", "parties", "content", "agreement", "settled", "not_settled", "signatures", "notes",
    ]
    assert all(line.mark == "I" for line in shipped_book().lines), "nobody found the tally's lines"


ESTIMATES = 'by: An\nrows:\n  total: {"1": 3}\n'


@pytest.mark.parametrize(("old", "new", "words"), [
    ('"1": 3', '"44": 3', "no column '44'"), ('"1": 3', '"1": about 3', "not a whole number"),
    ('"1": 3', '"1": -3', "not a whole number"), ("by: An\n", "", "'by' is missing"),
    ("by: An\n", "by: An\nto: 1\n", "unknown key"),
])
def test_an_estimate_that_cannot_be_read_is_refused(tmp_path: Path, old: str, new: str, words: str) -> None:
    refused(lambda path: load_estimates(path, FORM_12), tmp_path / "e.yaml", ESTIMATES, old, new, words)


def test_estimates_are_read_by_row_and_column(tmp_path: Path) -> None:
    (tmp_path / "e.yaml").write_text(ESTIMATES, encoding="utf-8")
    assert load_estimates(tmp_path / "e.yaml", FORM_12) == ("An", {"total": {"1": 3}})
