"""Reading a file as messages, and remembering how far it was sent."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.simulation import bookmark, lines
from shared.simulation.bookmark import Bookmark, BookmarkError
from shared.simulation.lines import LineError, Message, messages

EVENT = b'{"id":"1","data":{"on":"2024-03-05"}}'


def read(text: bytes, **how: bool) -> list[Message]:
    return list(messages(io.BytesIO(text), **how))  # type: ignore[arg-type]


def test_each_line_is_a_message_with_its_number_and_where_it_ends() -> None:
    found = read(EVENT + b"\n\n  " + EVENT + b"\r\n" + EVENT)
    assert [m.number for m in found] == [1, 3, 4]
    assert [m.body for m in found] == [EVENT] * 3
    assert [m.end for m in found] == [38, 39 + 41, 39 + 41 + 37]


@settings(deadline=None)
@given(st.lists(st.sampled_from([EVENT, b"", b"   ", b'{"id":"2"}']), max_size=12), st.integers(0, 12))
def test_going_on_after_any_message_reads_the_rest(rows: list[bytes], at: int) -> None:
    text = b"".join(row + b"\n" for row in rows)
    whole = read(text)
    if at >= len(whole):
        return
    stream = io.BytesIO(text)
    stream.seek(whole[at].end)
    assert list(messages(stream, lines=whole[at].number, offset=whole[at].end)) == whole[at + 1 :]


@pytest.mark.parametrize(("event", "key"), [
    ({"data": {"urgent": ["violence_risk"]}}, "urgent"), ({"data": {"urgent": []}}, ""), ({"data": {}}, ""), ({"data": 3}, ""),
    ({}, ""),
])
def test_what_cannot_wait_has_a_key_of_its_own(event: dict[str, object], key: str) -> None:
    (message,) = read(json.dumps(event).encode())
    assert message.routing_key == key


@pytest.mark.parametrize(("bad", "why"), [
    (b"not json", "line 2 is not JSON"), (b'{"a":1', "line 2 is not JSON"), (b'{"a":"\xff"}', "line 2 is not JSON"),
    (b"[1]", "line 2 is JSON but not an object"), (b'"text"', "line 2 is JSON but not an object"),
])
def test_a_line_that_is_no_event_is_named_when_its_turn_comes(bad: bytes, why: str) -> None:
    reading = messages(io.BytesIO(EVENT + b"\n" + bad + b"\n" + EVENT))
    assert next(reading).number == 1
    with pytest.raises(LineError, match=why):
        next(reading)
    assert [m.body for m in read(EVENT + b"\n" + bad, raw=True)] == [EVENT, bad]


def test_a_file_without_line_feeds_is_not_read_into_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST", 100)
    with pytest.raises(LineError, match="line 1 is longer"):
        read(b"x" * 200)


def test_a_bookmark_is_found_again(tmp_path: Path) -> None:
    file = tmp_path / "year.jsonl"
    file.write_bytes(EVENT + b"\n" + EVENT + b"\n")
    assert bookmark.load(file) == Bookmark()
    mark = Bookmark(lines=1, offset=38, head=bookmark.head_of(file, 38))
    bookmark.save(file, mark)
    assert (tmp_path / "year.jsonl.sent").exists()
    assert bookmark.load(file) == mark
    bookmark.forget(file)
    assert bookmark.load(file) == Bookmark()


@pytest.mark.parametrize("now", [b"something else, and longer than what was sent before\n" * 3, EVENT[:20]])
def test_a_file_that_changed_is_not_gone_on_with(tmp_path: Path, now: bytes) -> None:
    file = tmp_path / "year.jsonl"
    file.write_bytes(EVENT + b"\n")
    bookmark.save(file, Bookmark(lines=1, offset=38, head=bookmark.head_of(file, 38)))
    file.write_bytes(now)
    with pytest.raises(BookmarkError, match="--no-resume"):
        bookmark.load(file)


def test_lines_added_at_the_end_are_gone_on_with(tmp_path: Path) -> None:
    file = tmp_path / "year.jsonl"
    file.write_bytes(EVENT + b"\n")
    mark = Bookmark(lines=1, offset=38, head=bookmark.head_of(file, 38))
    bookmark.save(file, mark)
    with file.open("ab") as more:
        more.write(EVENT + b"\n")
    assert bookmark.load(file) == mark


@pytest.mark.parametrize("damaged", ["", "{", "[]", '{"lines": 1, "other": 2}'])
def test_a_damaged_bookmark_says_what_to_do(tmp_path: Path, damaged: str) -> None:
    file = tmp_path / "year.jsonl"
    file.write_bytes(EVENT)
    bookmark.path_of(file).write_text(damaged)
    with pytest.raises(BookmarkError, match=r"damaged.*--no-resume"):
        bookmark.load(file)
