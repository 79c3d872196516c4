"""Forms are data, read strictly; what was not obtained is not offered."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.evaluation.rules.reports import HERE, load_form, shipped_forms
from shared.rulebooks import RulesError


def test_only_the_historic_forms_are_offered_and_say_so() -> None:
    forms = shipped_forms()
    assert {id: form.regime for id, form in forms.items()} == {"form-10": "TT 03/2019/TT-BTP", "form-12": "TT 20/2013/TT-BTP"}
    assert all(form.historic and "17/2025" in form.note for form in forms.values())
    assert [len(form.columns) for form in forms.values()] == [8, 11]


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
    path = tmp_path / "form-12.yaml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesError, match=words):
        load_form(path)
