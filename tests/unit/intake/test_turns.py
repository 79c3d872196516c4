"""Two batches of one process, and the records that both touch."""

from __future__ import annotations

import threading

import pytest

from services.intake.turns import Turns
from tests.support.eventually import eventually


class Batch(threading.Thread):
    """Holds its records until told to let go."""

    def __init__(self, turns: Turns, *records: str) -> None:
        super().__init__(daemon=True)
        self.turns, self.records = turns, set(records)
        self.holds, self.let_go = threading.Event(), threading.Event()
        self.start()

    def run(self) -> None:
        with self.turns.of(self.records):
            self.holds.set()
            self.let_go.wait(30)

    def end(self) -> None:
        self.let_go.set()
        self.join(30)


def test_batches_without_a_record_in_common_do_not_wait() -> None:
    turns = Turns()
    first, second = Batch(turns, "a", "b"), Batch(turns, "c")
    assert first.holds.wait(10)
    assert second.holds.wait(10)
    first.end()
    second.end()


def test_a_record_in_common_makes_the_later_one_wait() -> None:
    turns = Turns()
    first = Batch(turns, "a", "b")
    assert first.holds.wait(10)
    second = Batch(turns, "b", "c")
    eventually(lambda: turns.waiting == 1)
    assert not second.holds.is_set()
    first.end()
    assert second.holds.wait(10)
    second.end()


def test_a_batch_that_fails_gives_its_records_back() -> None:
    turns = Turns()
    with pytest.raises(ValueError, match="broken"), turns.of({"a"}):
        raise ValueError("broken")
    with turns.of({"a"}):
        assert turns.waiting == 0
