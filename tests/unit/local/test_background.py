"""A process that is known by its pid file."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path

import pytest

from deploy.local import background
from deploy.local.background import Background, Identity, poll, uninterrupted
from tests.support.eventually import eventually

PATIENT = "import time; print('on', flush=True); time.sleep(600)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True); time.sleep(600)"


def launch(home: Path, code: str) -> Background:
    process = Background("sleeper", home, guarded=True)
    process.launch([sys.executable, "-c", code], os.environ)
    eventually(lambda: "on" in process.log.read_text())
    return process


def test_it_is_found_again_by_another_object(tmp_path: Path) -> None:
    process = launch(tmp_path, PATIENT)
    again = Background("sleeper", tmp_path)
    assert again.pid == process.pid is not None
    assert again.stop(grace=10)
    assert eventually(lambda: process.exit_code) == -signal.SIGTERM
    assert process.pid is None
    assert not process.stale


def test_what_ignores_the_request_is_killed(tmp_path: Path) -> None:
    process = launch(tmp_path, STUBBORN)
    assert not process.stop(grace=0.2)
    assert process.exit_code == -signal.SIGKILL


def test_a_paused_process_hears_the_request(tmp_path: Path) -> None:
    process = launch(tmp_path, PATIENT)
    process.send(signal.SIGSTOP)
    assert process.stop(grace=10)


def test_a_process_that_died_leaves_a_stale_file(tmp_path: Path) -> None:
    process = launch(tmp_path, PATIENT)
    process.kill()
    assert process.stale
    process.stop()
    assert not process.stale


def test_a_pid_that_was_given_away_is_not_ours(tmp_path: Path) -> None:
    me = Identity.of(os.getpid())
    assert me is not None
    assert Identity.of(os.getpid()) == me
    assert Identity(me.pid, me.started + 1, me.boot) != me


def test_nobody_has_this_pid() -> None:
    assert Identity.of(2**22 + 1) is None


def test_a_guarded_process_needs_the_main_thread(tmp_path: Path) -> None:
    """It would die with the thread that started it."""
    raised: list[BaseException] = []

    def start() -> None:
        try:
            Background("sleeper", tmp_path, guarded=True).launch(["true"], os.environ)
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(raised[0])


def test_a_large_log_is_put_aside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "LARGEST_LOG", 10)
    (tmp_path / "sleeper.log").write_text("x" * 11)
    process = launch(tmp_path, PATIENT)
    process.kill()
    assert (tmp_path / "sleeper.log.1").read_text() == "x" * 11
    assert process.last_lines() == "on"


def test_a_signal_waits_for_the_end_of_the_block() -> None:
    done: list[str] = []
    with pytest.raises(KeyboardInterrupt), uninterrupted():
        signal.raise_signal(signal.SIGINT)
        done.append("the block was finished")
    assert done


def test_polling_ends_at_the_deadline() -> None:
    assert not poll(lambda: False, 0)
    answers = iter([False, True])
    assert poll(lambda: next(answers), 10, every=0)
