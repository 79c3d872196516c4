"""What a decision of recognition says it is based on: by day, from a strict file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from services.evaluation.rules.grounds import FILE, load_grounds, recognition_grounds
from shared.rulebooks import RulesError


def test_a_decision_names_what_was_in_force() -> None:
    assert recognition_grounds(dt.date(2003, 5, 1)) == ["Hướng dẫn 1269/TP-MTTQ của thành phố Hà Nội"]
    assert recognition_grounds(dt.date(2024, 12, 5)) == [
        "Luật Hòa giải ở cơ sở số 35/2013/QH13", "Nghị định số 15/2014/NĐ-CP", "Hướng dẫn 1269/TP-MTTQ của thành phố Hà Nội",
    ]
    assert recognition_grounds(dt.date(1990, 1, 1)) is None, "dots to be filled in"


@pytest.mark.parametrize(("old", "new", "told"), [
    ("papers: grounds", "papers: other", "the file calls itself 'other'"),
    ("2014-01-01", "2001-01-01", "does not come after 2002-01-01"),
    ("mark: I", "mark: X", "'X' is not known"),
    ("recognition:", "recognitions:", "recognition"),
])
def test_a_broken_file_is_said_with_its_line(tmp_path: Path, old: str, new: str, told: str) -> None:
    path = tmp_path / "grounds.yaml"
    path.write_text(FILE.read_text().replace(old, new, 1))
    with pytest.raises(RulesError, match=told) as raised:
        load_grounds(path)
    assert "grounds.yaml" in str(raised.value)
