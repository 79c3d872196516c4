"""Reading a file of events, one JSON object a line, as messages to send."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

import msgspec

from shared.messaging.topology import URGENT

LONGEST = 16 * 1024 * 1024
"""Bytes in a line. A broker takes more, an intake takes far less; beyond it the file is not one of events."""


class LineError(Exception):
    """A line that is not sent; the message names it by its number, counted from 1."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"line {number} {reason}")
        self.number = number


class Message(NamedTuple):
    """``number``: of its line, from 1. ``end``: offset of the first byte after it in the file."""

    number: int
    end: int
    body: bytes
    routing_key: str


def messages(stream: BinaryIO, *, lines: int = 0, offset: int = 0, raw: bool = False) -> Iterator[Message]:
    """The messages of a stream that stands at ``offset``, after ``lines`` lines. Empty lines are passed over.

    A line that is not a JSON object raises ``LineError`` when its turn comes; ``raw`` sends it as it is.
    """
    number, end = lines, offset
    while line := stream.readline(LONGEST + 1):
        number += 1
        end += len(line)
        if len(line) > LONGEST:
            raise LineError(number, f"is longer than {LONGEST // 1024 // 1024} MiB: this is not a file of events")
        body = line.strip(b" \t\r\n")
        if body:
            yield Message(number, end, body, "" if raw else routing_key(number, body))


def routing_key(number: int, body: bytes) -> str:
    """What cannot wait has a queue of its own: an event whose ``data.urgent`` says why."""
    try:
        event = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise LineError(number, f"is not JSON ({error})") from None
    if not isinstance(event, dict):
        raise LineError(number, "is JSON but not an object, so it is not an event")
    data: Any = event.get("data")
    return URGENT if isinstance(data, dict) and data.get("urgent") else ""
