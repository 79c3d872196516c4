"""The rules file is read strictly; what is wrong is named with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.notification.domain.text import SMS_PART, WORDS, longest_sms
from services.notification.loading import SHIPPED, RulesError, load_rules

TEXT = SHIPPED.read_text(encoding="utf-8")


def test_the_shipped_rules_are_whole_and_cited() -> None:
    rules = load_rules()
    assert {r.id for r in rules.rules} == set(WORDS)
    for rule in rules.rules:
        assert rule.citation and rule.purpose and longest_sms(rule) <= SMS_PART
        assert rule.max_age_days is None  # the demonstration plays a past year
    deadline = rules["assignment"].deadline
    assert deadline is not None and deadline.days == 3 and "khoản 2 Điều 20" in deadline.citation


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("attempts: 8", "attempts: 8\n  attempts: 9", "'attempts' is given twice"),
        ("attempts: 8", "atempts: 8", "unknown field `atempts`"),
        ("attempts: 8", "attempts: 0", ">= 1"),
        ("valid_from: 2014-01-01", "valid_from: 2014-13-01", "Invalid RFC3339"),
        ("valid_from: 2002-01-01", "valid_from: 2002", "date"),
        ("id: team_lacks", "id: team_lax", "Invalid enum value 'team_lax'"),
        ("id: team_lacks", "id: assignment", "team_lacks"),
        ("{case} ngày {assigned_on}", "{case} ngày {party}", "{party} is not known here"),
        ("{office} gửi {team}.", "{office.name} gửi", "not a plain word"),
        ("De nghi bat dau truoc het ngay", "De nghi " * 6 + "bat dau truoc het ngay", "fit one part"),
        ("wait_seconds: 20", "wait_seconds: [20", "expected"),
        ("      days: 3 ", "      day: 3 ", "`day`"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(tmp_path: Path, old: str, new: str, words: str) -> None:
    assert old in TEXT
    path = tmp_path / "rules.yaml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulesError) as error:
        load_rules(path)
    message = str(error.value)
    assert words in message and str(path) in message
    if "no rule" not in message:
        line = int(message.removeprefix(f"{path}:").split(":")[0])
        changed = new.split("\n")[-1].strip()[:12]
        near = "\n".join(path.read_text(encoding="utf-8").splitlines()[max(0, line - 8) : line + 1])
        assert changed in near, f"line {line} is not where {changed!r} is"


def test_a_missing_or_empty_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(RulesError, match="No such file"):
        load_rules(tmp_path / "none.yaml")
    (tmp_path / "empty.yaml").write_text("")
    with pytest.raises(RulesError, match="empty"):
        load_rules(tmp_path / "empty.yaml")
