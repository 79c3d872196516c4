"""Writing beside judging: in order, to the end, and no error is lost."""

from __future__ import annotations

import threading

import pytest

from services.evaluation.beside import Beside


def test_work_is_done_in_the_order_in_which_it_was_given_and_one_at_a_time() -> None:
    done: list[int] = []
    busy = threading.Lock()

    def work(number: int) -> None:
        assert busy.acquire(blocking=False), "two at a time"
        done.append(number)
        busy.release()

    with Beside() as beside:
        for number in range(50):
            beside.run(lambda number=number: work(number))  # type: ignore[misc]
    assert done == list(range(50)), "nothing is left running after it"


def test_an_error_is_raised_by_what_comes_next_and_once() -> None:
    def fail() -> None:
        raise OSError("the database went away")

    with Beside() as beside:
        beside.run(fail)
        with pytest.raises(OSError, match="went away"):
            beside.run(lambda: None)
        beside.run(lambda: None)
    with pytest.raises(OSError, match="went away"), Beside() as beside:
        beside.run(fail)


def test_where_the_judging_fails_what_was_being_written_still_comes_to_its_end() -> None:
    go, written = threading.Event(), threading.Event()

    def write() -> None:
        go.wait(30)
        written.set()

    with pytest.raises(ValueError, match="judging"), Beside() as beside:
        beside.run(write)
        go.set()
        raise ValueError("judging")
    assert written.is_set()
