"""The rules' file: every value dated, cited and marked, every sentence complete; what is written wrong is refused with one clear
error that says where and what to do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from services.evaluation.domain.commendation.gates import WORDS
from services.evaluation.domain.commendation.titles import STATES
from services.evaluation.domain.rules import Dated
from services.evaluation.rules.commendation import HERE, commendation_rules, load_commendation_rules, use
from shared.contracts.commendation import Authority, Kind
from shared.contracts.outgoing import CommendationChanged
from shared.rulebooks import RulesError
from tests.unit.evaluation.commendation.builders import RULES

TEXT = (HERE / "vietnam.yaml").read_text(encoding="utf-8")

BROKEN = [
    ("rules: vietnam", "rules: other", "name them as their file"),
    ("mark: F\ncitation", "mark: X\ncitation", "write one of: F, I, U"),
    ("mark: F\ncitation", "mark: F\nsurprise: 1\ncitation", "known here are"),
    ("mark: F\ncitation: Luật", "mark: F\ncitatoin: Luật", "add `citation: …`"),
    ("law:\n  - from: 2024-01-01", "law:\n  - from: 2024-02-30", "write it as YYYY-MM-DD"),
    ("  - from: 2025-07-01\n    value: Luật", "  - from: 2023-07-01\n    value: Luật", "from the oldest to the newest"),
    ("kinds:\n  - id: merit", "kinds:\n  - id: unexpected", "an id of its own"),
    ("    rank: 1\n", "    rank: first\n", "write 30, or 300_000"),
    ("        value: commune_chair", "        value: mayor", "write one of: commune_chair"),
    ("          value: \"0.6\"", "          value: \"-0.6\"", ""),
    ("    factors: {}\n  - id: giay_khen_de", "    factors: {family: []}\n  - id: giay_khen_de", "known here are"),
    ("    until: 2025-07-01", "    until: soon", "write it as YYYY-MM-DD"),
    ("      value: 2_340_000", "      value: 2.340.000", "write 30, or 300_000"),
    ("      value: half_up", "      value: nearest", "write one of: half_up, up, down"),
    ("  base_pay:", "  base_salary:", "add `base_pay: …`"),
    ("      value: [proposed, submitted, appraised]", "      value: [proposed, discussed]", "write one of: proposed"),
    ("      value: [request, report, minutes]", "      value: []", "give at least one entry"),
    ("      value: false", "      value: no", "write true or false"),
    ("  - check: same_achievement", "  - check: same_thing", "use one of: achievement_on_record"),
    ("    at: [decided]\n    effect: bar", "    at: [deciding]\n    effect: bar", "write one of: proposed"),
    ("    effect: bar\n    from: 2024-01-01", "    effect: forbid\n    from: 2024-01-01", "write one of: bar, wait, flag, none"),
    ("số {number} ngày {day} ({form})", "số {number} ngày {day} ({grade})", "words that it says: {number}, {day}, {form}"),
    ("số {number} ngày {day} ({form})", "số {number ngày {day} ({form})", "write each word of the check as {word}"),
    ("    result: recognition", "    result: applause", "write one of: recognition, mediator"),
    ("    kind: merit\n    form: giay_khen_commune", "    kind: merit\n    form: giay_khen", "write one of: bang_khen_city"),
    ("          value: 85%\n          mark: I", "          value: 185%\n          mark: I", "between 0% and 100%"),
    ("      settled_share:", "      settled_rate:", "add `settled_share: …`"),
    ("ties:\n  women_share:", "ties:\n  men_share:", "add `women_share: …`"),
    ("gates:\n", "gates: many\nrest:\n", "begin each entry with a dash"),
]


@pytest.mark.parametrize(("right", "wrong", "remedy"), BROKEN, ids=[wrong.strip()[:40] for _, wrong, _ in BROKEN])
def test_each_mistake_is_one_clear_error(right: str, wrong: str, remedy: str, tmp_path: Path) -> None:
    assert right in TEXT
    path = tmp_path / "vietnam.yaml"
    path.write_text(TEXT.replace(right, wrong, 1), encoding="utf-8")
    with pytest.raises(RulesError) as caught:
        load_commendation_rules(path)
    error = caught.value
    assert error.file == path
    where = TEXT[:TEXT.index(right)].count("\n") + 1
    # a key that is missing is told at the head of its block, an id that stands twice at the second
    assert abs(error.line - where) <= 20
    assert str(error).startswith(f"vietnam.yaml:{error.line}:")
    assert remedy in error.remedy


def test_a_province_may_have_a_file_of_its_own(tmp_path: Path) -> None:
    own = tmp_path / "thanh-pho.yaml"
    text = TEXT.replace("rules: vietnam", "rules: thanh-pho", 1).replace("      value: 10\n", "      value: 12\n", 1)
    own.write_text(text, encoding="utf-8")
    try:
        use(str(own))
        days = commendation_rules().limits.decide_within_working_days
        assert (commendation_rules().id, days.at(dt.date(2025, 1, 1)).value) == ("thanh-pho", 12)
        assert commendation_rules().digest != RULES.digest
    finally:
        use("")
    assert commendation_rules().id == "vietnam"
    with pytest.raises(OSError, match="nowhere"):
        use("/nowhere.yaml")
    assert commendation_rules().id == "vietnam"


def dated() -> Iterator[Dated[object]]:
    yield RULES.law  # type: ignore[misc]
    yield RULES.women_share  # type: ignore[misc]
    for holder in (RULES.money, RULES.limits, *(rule.goal for rule in RULES.proposals)):
        yield from (getattr(holder, name) for name in holder.__dataclass_fields__)
    for form in RULES.forms.values():
        yield from (form.authority, *form.factors.values())  # type: ignore[misc]


def test_every_value_has_its_source() -> None:
    values = [value for one in dated() for value in one.values]
    assert len(values) > 25
    assert all(value.citation for value in values)


def test_every_sentence_can_be_said_in_both_languages() -> None:
    for gate in RULES.gates:
        words = {name: f"<{name}>" for name in WORDS[gate.check]}
        for text in (gate.refusal.vi, gate.refusal.en):
            said = text.format(**words)
            assert all(word in said for word in words.values()), gate.check
        assert gate.title.vi != gate.title.en


def test_the_rules_speak_of_what_the_contract_knows() -> None:
    assert set(RULES.kinds) == set(get_args(Kind))
    assert {value.value for form in RULES.forms.values() for value in form.authority.values} <= set(get_args(Authority))
    assert set(get_args(get_type_hints(CommendationChanged)["state"])) == set(STATES)
