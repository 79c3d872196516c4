"""The procedure's file: what it says, and what is refused with file, line and remedy."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from services.evaluation.domain.recognition.gates import FIELDS, GUARDS, TESTS
from services.evaluation.domain.recognition.procedure import Effect
from services.evaluation.rules import RulesError
from services.evaluation.rules.procedure import PROCEDURES, load_procedure, procedure_of, procedures

TEXT = (PROCEDURES / "hanoi-1269.yaml").read_text(encoding="utf-8")


def test_what_is_shipped() -> None:
    procedure = procedures()["hanoi-1269"]
    assert procedure_of(None) is procedure_of("hanoi-1269") is procedure_of("another") is procedure
    assert TESTS.keys() == FIELDS.keys() == GUARDS.keys() == procedure.gates.keys()
    last = {stage: procedure.deadline(stage, 2024).last_day.isoformat() for stage in procedure.deadlines}  # type: ignore[union-attr]
    assert last == {"self_assessment": "2024-11-14", "request": "2024-11-29", "decision": "2024-12-14"}


def test_only_these_bar() -> None:
    """No source lets anything else stand in the way; what is late is never asked."""
    effects = {id: gate.effect.at(dt.date(2024, 12, 1)).value for id, gate in procedures()["hanoi-1269"].gates.items()}
    assert {id for id, effect in effects.items() if effect is Effect.BAR} == {
        "vote", "all_met", "authority", "undecided", "recognition",
    }
    assert {id for id, effect in effects.items() if effect is Effect.WAIT} == {"assessment", "request", "review"}


def test_offices_by_day() -> None:
    procedure = procedures()["hanoi-1269"]
    assert procedure.office("emulation", dt.date(2025, 6, 30)) is None, "no source says who it was before"
    found = procedure.office("emulation", dt.date(2025, 7, 1))
    assert found is not None and found.vi == "Phòng Văn hóa - Xã hội"
    assert procedure.office("nobody", dt.date(2025, 7, 1)) is None


def test_before_it_was_in_force_nothing_is_asked() -> None:
    assert procedures()["hanoi-1269"].deadline("request", 1999) is None


def test_inclusive_is_a_setting(tmp_path: Path) -> None:
    path = tmp_path / "hanoi-1269.yaml"
    path.write_text(TEXT.replace("value: strict", "value: inclusive"), encoding="utf-8")
    found = load_procedure(path).deadline("self_assessment", 2024)
    assert found is not None and found.last_day == dt.date(2024, 11, 15)


@pytest.mark.parametrize(("old", "new", "says", "remedy"), [
    ("procedure: hanoi-1269", "procedure: other", "calls itself 'other'", "name it as its file"),
    ('value: "11-15"', 'value: "15/11"', "is not a day of every year", '"MM-DD"'),
    ("value: 50%", "value: 0.5", "is not a share", "write 85%"),
    ("value: strict", "value: exact", "'exact' is not known", "strict, inclusive"),
    ("- commune_chair\n", "- mayor\n", "'mayor' is not known", "commune_chair"),
    ("  vote:\n    guards", "  votes:\n    guards", "there is no condition 'votes'", "use some of"),
    ("value: bar", "value: stop", "'stop' is not known", "bar, wait, flag"),
    ("guards: [revoke]", "guards: [assess]", "cannot guard 'assess'", "use each once of: revoke"),
    ("guards: [revoke]", "guards: [revoke, revoke]", "or does already", "use each once of"),
    ("guards: [revoke]", "guards: [undo]", "'undo' is not known", "write one of"),
    ("Chỉ {agreed}/{members}", "Chỉ {votes}/{members}", "'vote' tells no votes", "may name: agreed, members, on, share"),
    ("Chỉ {agreed}/{members}", "Chỉ {agreed/{members}", "a brace too many or too few", "write {name}"),
    ("Chỉ {agreed}/{members}", "Chỉ agreed}/{members}", "a brace too many or too few", "write {name}"),
    ("  request:\n    - from: 2002-01-01\n      value: \"11-30\"", "  asking:\n    - from: 2002-01-01\n      value: \"11-30\"",
     "'request' is missing", "add `request: …`"),
    ("mark: U\n", "mark: X\n", "'X' is not known", "F, I, U"),
    ("        vi: Văn phòng HĐND và UBND\n", "", "'vi' is missing", "add `vi: …`"),
    ("citation: Hướng dẫn 1269/TP-MTTQ của thành phố Hà Nội", "citations: x", "'citation' is missing", "add `citation: …`"),
    ("gates:\n", "more: x\ngates:\n", "unknown key 'more'", "known here are"),
])
def test_a_broken_file_says_what_and_where(tmp_path: Path, old: str, new: str, says: str, remedy: str) -> None:
    assert old in TEXT
    path = tmp_path / "hanoi-1269.yaml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesError) as error:
        load_procedure(path)
    assert says in str(error.value) and remedy in str(error.value)
    assert str(error.value).startswith("hanoi-1269.yaml:") and error.value.line >= 1


def test_every_condition_is_named(tmp_path: Path) -> None:
    path = tmp_path / "hanoi-1269.yaml"
    cut = TEXT.index("  review_papers:\n    guards")
    path.write_text(TEXT[:cut], encoding="utf-8")
    with pytest.raises(RulesError, match="no word on review_papers"):
        load_procedure(path)
