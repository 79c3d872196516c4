"""How long private parts are kept, as data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from shared.privacy.retention import FILE, retention
from shared.rulebooks import RulesError

TODAY = dt.date(2026, 11, 24)


def test_what_ships_keeps_everything_for_no_source_states_a_time() -> None:
    assert {retention().before(kind, TODAY) for kind in ("case", "activity", "refused")} == {None}


def test_days_are_counted_back_from_today(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(FILE.read_text().replace("case: {days: null", "case: {days: 10"))
    assert retention(file).before("case", TODAY) == dt.date(2026, 11, 14)
    assert retention(file).before("case", dt.date(2025, 12, 31)) is None


@pytest.mark.parametrize(("old", "new"), [
    ("case: {days: null", "case: {days: soon"), ("case: {days: null", "case: {dais: 3"), ("refused:", "refuse:"),
])
def test_a_wrong_rule_is_an_error_with_file_and_line(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(FILE.read_text().replace(old, new, 1))
    with pytest.raises(RulesError):
        retention(file)
