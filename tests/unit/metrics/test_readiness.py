"""Ready when every check says so."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.metrics import readiness


@pytest.fixture(autouse=True)
def nothing_registered(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(readiness, "_checks", {})
    yield


def test_without_checks_there_are_no_problems() -> None:
    assert readiness.problems() == {}


def test_each_problem_is_named() -> None:
    readiness.register("broker", lambda: None)
    readiness.register("store", lambda: "MongoDB does not answer")
    readiness.register("disk", lambda: "full")
    assert readiness.problems() == {"store": "MongoDB does not answer", "disk": "full"}


def test_a_check_that_fails_is_a_problem_and_hides_no_other() -> None:
    def broken() -> str | None:
        raise LookupError("Nguyễn Văn A")

    readiness.register("broken", broken)
    readiness.register("store", lambda: "away")
    assert readiness.problems() == {"broken": "the check failed with LookupError", "store": "away"}


def test_the_last_check_of_a_name_counts_and_can_be_taken_back() -> None:
    readiness.register("store", lambda: "away")
    readiness.register("store", lambda: None)
    assert readiness.problems() == {}
    readiness.register("store", lambda: "away")
    readiness.unregister("store")
    readiness.unregister("store")
    assert readiness.problems() == {}
