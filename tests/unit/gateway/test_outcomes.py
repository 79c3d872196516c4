"""What senders are told."""

from __future__ import annotations

import pytest

from services.gateway import outcomes, words
from services.gateway.inbound import CannotForward
from services.gateway.outcomes import Told
from shared.contracts import CODES

WORDS = words.load()


def test_applied_and_duplicate() -> None:
    applied = outcomes.told(WORDS, Told(outcome="applied", source="s:1", id="7", record="ab", n=3), None, None)
    assert (applied.status, applied.outcome) == (200, "applied")
    assert applied.body == {
        "source": "s:1", "id": "7", "outcome": "applied", "record": "ab", "n": 3,
        "message": {"vi": "Đã ghi nhận.", "en": "Applied."},
    }
    assert outcomes.told(WORDS, Told(outcome="duplicate"), "s:1", "7").body["outcome"] == "duplicate"


def test_a_second_delivery_by_the_broker_is_told_as_what_the_first_one_was() -> None:
    assert outcomes.told(WORDS, Told(outcome="redelivered"), "s:1", "7").body["outcome"] == "applied"
    assert outcomes.told(WORDS, Told(outcome="redelivered", code="data"), "s:1", "7").status == 422


def test_an_event_that_waits_for_earlier_ones_says_so() -> None:
    body = outcomes.told(WORDS, Told(outcome="applied", parked=True), "s:1", "7").body
    assert body["outcome"] == "applied"
    assert "đang chờ dữ liệu trước đó" in body["message"]["vi"]


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_refusal_names_field_reason_and_what_to_do_in_both_languages(code: str) -> None:
    answer = outcomes.told(WORDS, Told(outcome="refused", code=code, field="data.on", reason="not a date"), "s:1", "7")
    assert answer.status == 422
    assert answer.body["field"] == "data.on"
    assert answer.body["reason"] == {"vi": f"{CODES[code]} (data.on)", "en": "not a date"}
    assert answer.body["next"]["vi"] and answer.body["next"]["en"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_code_of_a_newer_intake_passes() -> None:
    answer = outcomes.told(WORDS, Told(outcome="refused", code="newer", reason="why"), None, None)
    assert answer.body["reason"] == {"vi": "newer", "en": "why"}


def test_pending_says_where_to_ask() -> None:
    answer = outcomes.pending(WORDS, "https://a.example/x?y=1&z", "7 8")
    assert answer.status == 202
    assert answer.body["status_url"] == "/events?source=https%3A%2F%2Fa.example%2Fx%3Fy%3D1%26z&id=7+8"
    assert answer.headers["Location"] == answer.body["status_url"]
    assert "status_url" not in outcomes.pending(WORDS, None, "7").body


def test_what_was_not_confirmed_was_not_accepted() -> None:
    answer = outcomes.not_accepted(WORDS, "s:1", "7")
    assert (answer.status, answer.body["outcome"], answer.headers["Retry-After"]) == (503, "not_accepted", "5")


def test_a_batch_is_503_only_when_none_was_accepted() -> None:
    good, away = outcomes.told(WORDS, Told(outcome="applied"), "s:1", "7"), outcomes.not_accepted(WORDS, "s:1", "8")
    mixed = outcomes.listed([good, away])
    assert (mixed.status, [e["status"] for e in mixed.body["events"]]) == (207, [200, 503])
    assert outcomes.listed([away, away]).status == 503
    assert outcomes.listed([]).body == {"events": []}


def test_what_is_turned_away_says_the_limit() -> None:
    answer = outcomes.turned_away(WORDS, CannotForward("too_large", 413, most=100))
    assert answer.status == 413
    assert "100" in answer.body["reason"]["vi"] and "100" in answer.body["reason"]["en"]
