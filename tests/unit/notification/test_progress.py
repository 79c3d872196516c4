"""What is told of recognitions and commendations, and to whom."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from services.notification.domain import progress
from services.notification.domain.progress import Progress, deliveries
from services.notification.loading import load_rules
from shared.contracts.outgoing import CommendationChanged, RecognitionChanged, RefusedStep

RULES = load_rules()
TODAY = dt.date(2024, 12, 20)
VOID = RefusedStep(source="https://bode.example/so", id="qd-1", code="vote", article="Hướng dẫn 1269/TP-MTTQ")


def recognition(state: str, generation: int = 3, **more: Any) -> RecognitionChanged:
    return RecognitionChanged(
        team="HG-1", unit="00139", year=2024, generation=generation, state=state, **more  # type: ignore[arg-type]
    )


def commendation(state: str, **more: Any) -> CommendationChanged:
    return CommendationChanged(record="k1", team="HG-1", unit="00139", generation=3, state=state, **more)  # type: ignore[arg-type]


def rules_told(change: progress.Change, held: Progress | None = None) -> list[str]:
    return [d.rule for d in deliveries(change, held, RULES, TODAY)]


def test_a_team_hears_of_what_was_decided_about_it_and_of_nothing_between() -> None:
    assert rules_told(recognition("recognised", number="412/QĐ-UBND")) == ["recognised"]
    assert rules_told(recognition("returned")) == ["recognition_returned"]
    assert rules_told(commendation("decided", number="455/QĐ-UBND")) == ["commended"]
    for state in ("assessed", "requested", "under_review", "not_recognised"):
        assert rules_told(recognition(state)) == []
    assert rules_told(commendation("submitted")) == []


def test_a_state_that_is_known_is_not_told_again_but_its_return_is() -> None:
    assert rules_told(recognition("returned", 4), Progress(generation=3, state="returned")) == []
    first, again = (deliveries(recognition("returned", n), None, RULES, TODAY)[0] for n in (3, 7))
    assert first.key != again.key
    # a decision is one, however often it is announced
    one, other = (deliveries(recognition("recognised", n, number="412"), None, RULES, TODAY)[0] for n in (3, 9))
    assert one.key == other.key


def test_the_source_of_a_decision_without_effect_hears_why_once() -> None:
    (told,) = deliveries(recognition("under_review", refused=[VOID]), None, RULES, TODAY)
    held = Progress(generation=3, state="under_review")
    (later,) = deliveries(recognition("under_review", 8, refused=[VOID]), held, RULES, TODAY)
    assert told.rule == "decision_void" and told.to.kind == "source" and told.about == VOID.source
    assert told.key == later.key
    answer = {"refused": [
        {"source": VOID.source, "id": "qd-1", "vi": "Chưa quá bán."}, {"source": VOID.source, "id": "qd-2", "vi": "Khác."},
    ]}
    assert progress.sentences(answer, VOID.source, "qd-1") == "Chưa quá bán."
    assert progress.sentences({"refused": []}, VOID.source, "qd-1") == ""


def test_a_year_long_past_is_told_to_nobody_where_rules_say_so() -> None:
    strict = msgspec.structs.replace(RULES, rules=[msgspec.structs.replace(r, max_age_days=365) for r in RULES.rules])
    assert deliveries(recognition("recognised", number="1"), None, strict, dt.date(2026, 12, 1)) == []


def test_an_office_is_reminded_once_a_week() -> None:
    keys = {progress.owed("00139", RULES, dt.date(2024, 12, day)).key for day in (16, 18, 22)}
    assert len(keys) == 1
    assert progress.owed("00139", RULES, dt.date(2024, 12, 23)).key not in keys
    assert progress.owed("00139", RULES, dt.date(2027, 1, 1)).occasion == "2026-W53"


def test_a_long_list_is_cut_and_a_mediator_is_no_name() -> None:
    items = [{"team_name": f"Tổ {n}", "vi": "chờ 40 ngày", "mediator": "hgv/5" if n == 0 else None} for n in range(40)]
    lines = progress.owed_lines(items).splitlines()
    assert lines[0] == "- Tổ 0 (một hòa giải viên): chờ 40 ngày" and "hgv/5" not in "".join(lines)
    assert lines[-1] == "- và 10 trường hợp khác"
