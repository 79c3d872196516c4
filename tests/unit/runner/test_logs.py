"""Log lines say what failed and where, never what was in the data."""

from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Iterator
from typing import Literal

import msgspec
import pymongo.errors
import pytest
import structlog

from shared.runner import logs


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """What is written; the test run's own logging is put back afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    # basicConfig(force=True) closes what it replaces
    root.handlers = []
    logs.configure("intake", "info")
    yield stream
    root.handlers, root.level = handlers, level
    structlog.reset_defaults()


def last(lines: io.StringIO) -> dict[str, object]:
    written: dict[str, object] = json.loads(lines.getvalue().splitlines()[-1])
    return written


def test_both_kinds_of_loggers_write_the_same_lines(lines: io.StringIO) -> None:
    structlog.get_logger("services.intake").info("batch done", events=3, unit="Bồ Đề")
    ours = last(lines)
    assert ours["event"] == "batch done"
    assert (ours["events"], ours["unit"], ours["service"], ours["level"]) == (3, "Bồ Đề", "intake", "info")
    assert "Bồ Đề" in lines.getvalue(), "readable, not escaped"
    logging.getLogger("kombu.mixins").warning("Connection lost (%s)", "reset")
    theirs = last(lines)
    assert theirs["event"] == "Connection lost (reset)"
    assert ours.keys() - {"events", "unit"} == theirs.keys()


def test_the_level_is_kept(lines: io.StringIO) -> None:
    structlog.get_logger("services.intake").debug("detail")
    logging.getLogger("nameko").debug("detail")
    logging.getLogger("amqp").info("detail")
    assert lines.getvalue() == ""


def test_an_error_is_its_kind_its_place_and_its_cause(lines: io.StringIO) -> None:
    try:
        try:
            raise KeyError("first")
        except KeyError as error:
            raise ValueError("then") from error
    except ValueError:
        structlog.get_logger("x").exception("failed")
    chain = last(lines)["error"]
    assert isinstance(chain, list)
    assert [(link["kind"], link["message"]) for link in chain] == [("ValueError", "then"), ("KeyError", "'…'")]
    assert "test_logs.py:" in chain[0]["at"][-1]


def test_the_text_of_a_database_error_is_left_out(lines: io.StringIO) -> None:
    try:
        raise pymongo.errors.BulkWriteError({"writeErrors": [{"op": {"name": "Nguyễn Văn A"}, "code": 11000}]})
    except pymongo.errors.BulkWriteError:
        logging.getLogger("nameko").exception("error handling worker")
    assert "Nguyễn" not in lines.getvalue()
    assert '"message": "code 65"' in lines.getvalue()


def test_data_that_an_error_quotes_is_left_out(lines: io.StringIO) -> None:
    decoded = "msgspec.json.decode(b'\"Nguyen\"', type=Literal['x'])"
    for wrong in ("{'Nguyễn Văn A': 1}['Nguyễn Văn B']", "int('Nguyễn Văn A')", decoded):
        try:
            eval(wrong, {"msgspec": msgspec, "Literal": Literal})
        except Exception as error:
            # as nameko does when a worker fails
            logging.getLogger("nameko.containers").exception("error handling worker %s: %s", "<intake.take>", error)
            structlog.get_logger("x").exception("failed")
    assert "Nguy" not in lines.getvalue()
    assert len(lines.getvalue().splitlines()) == 6


def test_a_long_message_is_cut(lines: io.StringIO) -> None:
    try:
        raise ValueError("x" * 10_000)
    except ValueError:
        structlog.get_logger("x").exception("failed")
    assert len(lines.getvalue()) < 2_000
