"""Who may read what for which purpose, as data."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from shared.privacy.access import FILE, policy
from shared.rulebooks import RulesError

DAY = dt.date(2026, 3, 1)


@pytest.mark.parametrize(("role", "purpose", "parts"), [
    ("mediator", "gặp các bên", {"parties", "content", "agreement"}),
    ("justice_officer@00118", "payment", {"parties", "agreement"}),
    ("mediator", "payment: quý 4", {"parties", "agreement"}),
    ("operator", "danger", set()),
    ("nobody", "danger", set()),
    ("data_protection", "person_request", {"person"}),
    ("data_protection", "mediate", set()),
    ("justice_officer@00118", "mend: ngày sai", {"refused"}),
    ("operator", "mend", set()),
])
def test_a_role_reads_what_its_purpose_needs(role: str, purpose: str, parts: set[str]) -> None:
    assert policy().parts(role, purpose, DAY) == parts


def test_without_a_purpose_or_before_the_law_nothing_is_read() -> None:
    with pytest.raises(ValueError, match="purpose"):
        policy().parts("mediator", "  ", DAY)
    assert policy().parts("mediator", "mediate", dt.date(2013, 1, 1)) == frozenset()


@pytest.mark.parametrize(("old", "new", "told"), [
    ("mark: I", "mark: X", "is not known"), ("content, agreement]", "contents]", "is not known"), ("title:", "titel:", "missing"),
    ("2014-01-01", "2014-13-01", "is not a day"), ("mark: I", "mark: I\nmore: 1", "unknown key"),
])
def test_a_wrong_table_is_an_error_with_file_and_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    file = tmp_path / "access.yaml"
    file.write_text(FILE.read_text().replace(old, new, 1))
    with pytest.raises(RulesError, match=told) as error:
        policy(file)
    assert error.value.line > 0
