"""A row of the mediation log (Part I) as events: a finished case as recorded, an unfinished one as reported and assigned."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from unicodedata import normalize

from shared.registers.dates import Read, read
from shared.registers.errors import RowError
from shared.registers.tables import DISPUTES, Line
from shared.registers.text import folded, plain
from shared.registers.world import Event, World

DATES = ("received", "assigned", "started", "ended")
"""In the order in which they must follow one another."""
_NO = {"", "0", "khong", "k", "no", "chua"}
_SPLIT = re.compile(r"(?:[;\n+,]|/(?![0-9])|\s[-–]\s|\bvà\s)(?![^()]*\))")
"""Not within brackets; a stroke before a digit is part of a house number."""
_BORN = re.compile(r"(?:sinh(?: năm)?|sn|năm sinh)[:\s]*((?:19|20)\d\d)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]{2}")
_AFTER_NAME = re.compile(r"\s*[(,]|\s+(?:sinh năm|sinh|sn|trú tại|địa chỉ)\b", re.IGNORECASE)
_SEPARATE = re.compile(r"[;,\n]|\s+và\s+")
_LISTED = re.compile(r"[;,\n]")
_ADDRESS = re.compile(r"(?:địa chỉ|đ/c|trú tại|ở)[:\s]+([^;)]+)", re.IGNORECASE)
_RESULTS = {
    "settled": ("thanh", "hg thanh", "hoa giai thanh", "ht", "hoa giai thanh cong", "settled"),
    "not_settled": ("khong thanh", "hoa giai khong thanh", "hg khong thanh", "ko thanh", "kt", "not settled"),
    "ended_by_party": ("cham dut", "cham dut theo yeu cau", "rut yeu cau", "cham dut theo yeu cau cua cac ben", "ended"),
    None: ("dang hoa giai", "dang giai quyet", "chua", "chua xong", "dang", "in progress"),
}
_DISPUTES = {
    "family": ("hon nhan", "gia dinh", "hon nhan gia dinh", "hon nhan va gia dinh", "hngd", "family"),
    "civil": ("dan su", "tranh chap dan su", "dat dai", "civil"),
    "minor_violation": ("vi pham phap luat", "vi pham", "minor violation"),
    "personal": ("mau thuan", "xich mich", "mau thuan ca nhan", "sinh hoat", "khac", "personal"),
}
_TOLD = {kind: re.compile(f" (?:{'|'.join(map(re.escape, words))}) ") for kind, words in DISPUTES.items()}


def dates_of(line: Line) -> list[Read]:
    """The row's dates in order; what is no date is left to ``events``."""
    found = []
    for name in DATES:
        try:
            one = read(line.values.get(name))
        except RowError:
            continue
        if one is not None:
            found.append(one)
    return found


def events(lines: list[Line], world: World) -> Iterator[Event]:
    """``lines``: the row and those that continue it. Raise ``RowError``."""
    first = lines[0]
    values = first.values
    days: dict[str, str] = {}
    for name in DATES:
        if (when := world.day(values.get(name))) is not None:
            days[name] = when
    if "received" not in days:
        raise RowError("Thiếu ngày nhận.", "The date received is missing.")
    team = plain(values.get("team")) or plain(values.get("group")) or first.table.team or ""
    if not team:
        raise RowError("Không biết tổ hòa giải nào: thêm cột “Tổ hòa giải”.", "Which team is it? Add a column “Tổ hòa giải”.")
    outcome = _outcome(values)
    ended = days.get("ended") or days.get("started")
    if outcome is not None and ended is None:
        # the mandatory log has one date a row: mediators settle on the spot and write it up with that day
        ended = days["received"]
    for before, after in ((days["received"], days.get("started")), (days["received"], ended if outcome else None)):
        if after is not None and after < before:
            raise RowError(
                f"Kết thúc hoặc hòa giải ({after}) trước ngày nhận ({before}).",
                f"It ended or began ({after}) before it came in ({before}).",
            )
    parties = [p for line in lines for p in _parties(line.values.get("parties"))]
    content = " ".join(filter(None, (plain(line.values.get("content")) for line in lines)))
    agreement = " ".join(filter(None, (plain(line.values.get("agreement")) for line in lines)))
    if not parties and not content:
        raise RowError("Thiếu các bên và nội dung vụ việc.", "Parties and content are missing.")
    private: dict[str, Any] = {}
    if parties:
        private["parties"] = parties[:100]
    if content:
        private["content"] = content[:20_000]
    if agreement:
        private["agreement"] = agreement[:20_000]
    dispute, by = _dispute(plain(values.get("dispute")), content)
    placed: dict[str, Any] = {"team": team[:200], "unit": world.unit}
    if group := plain(values.get("group")):
        placed["group"] = group[:500]
    number = plain(values.get("number"))
    names = sorted(folded(p["name"]) for p in parties)
    subject, marks = _known_by(world, folded(team), number, days["received"], names, folded(content))
    about: dict[str, Any] = {
        **placed, "dispute": dispute, "ground": "party_request",
        "evidence": [{"kind": "list", "number": f"Sổ theo dõi hoạt động hòa giải, số {number}" if number else
                      "Sổ theo dõi hoạt động hòa giải"}],
        # what the log does not say is marked, so that nobody takes it for what was written
        "ext": {"dispute_by": by, "ground_by": "default"},
        "private": private,
    }
    named, others = _mediators(values)
    mediator = world.references.mediator(world.unit, team, named) if named else None
    invited = others + _count(values.get("invited"))
    if outcome is None:
        yield world.event("case.reported", subject, {"on": days["received"], **about}, marks)
        if mediator and (assigned := days.get("assigned")):
            yield world.event("case.assigned", subject, {"on": assigned, "mediator": mediator}, ())
        if "started" in days:
            yield world.event("case.mediation-held", subject, {"on": days["started"], "invited": invited}, ())
        return
    recorded = {"on": ended, **about, "received_on": days["received"], "outcome": outcome, "invited": invited}
    if mediator:
        recorded["mediator"] = mediator
    if "assigned" in days:
        recorded["assigned_on"] = days["assigned"]
    if "started" in days:
        recorded["started_on"] = days["started"]
    yield world.event("case.recorded", subject, recorded, marks)


def _known_by(
    world: World, team: str, number: str, received: str, names: list[str], content: str
) -> tuple[str, tuple[str, ...]]:
    """The subject of the row's case: its number and day in the team's book, or, where the book has no numbers, its day and
    parties. And marks that stay when one of these is mended: number, day, team, or parties."""
    who = "\x1e".join(names) or content
    if number:
        subject = world.subject("vu-viec", world.unit, team, number, received)
        return subject, (world.mark("day", received, who), world.mark("number", number, who))
    subject = world.subject("vu-viec", world.unit, team, "", received, who)
    return subject, (
        world.mark("day", received, who), world.mark("content", who, content), world.mark("text", team, received, content),
    )


def _outcome(values: dict[str, Any]) -> str | None:
    ticked = [name for name in ("settled", "not_settled") if name in values and _is_tick(plain(values[name]))]
    if len(ticked) == 2:
        raise RowError("Đánh dấu cả “thành” và “không thành”.", "Both “settled” and “not settled” are ticked.")
    if ticked:
        return ticked[0]
    text = folded(plain(values.get("result")))
    if not text:
        return None
    for outcome, words in _RESULTS.items():
        if text in words:
            return outcome
    raise RowError(f"Không hiểu kết quả “{plain(values['result'])[:40]}”: ghi Thành hoặc Không thành.",
                   "The result is not understood: write Thành (settled) or Không thành (not settled).")


def _is_tick(text: str) -> bool:
    return folded(text.replace("+", "x")) not in _NO or text in ("✓", "✔", "√", "●")


def _dispute(given: str, content: str) -> tuple[str, str]:
    """The kind, and by what it is known."""
    words = folded(given)
    for kind, names in _DISPUTES.items():
        if words and (words in names or any(words.startswith(f"{name} ") for name in names)):
            return kind, "column"
    text = f" {folded(content)} "
    for kind, told in _TOLD.items():
        if told.search(text):
            return kind, "content"
    return "personal", "unclear"


def _parties(value: Any) -> list[dict[str, Any]]:
    found = []
    for piece in _SPLIT.split(normalize("NFC", str(value))) if value is not None else ():
        text = plain(piece).strip("-– .")
        if not _LETTERS.search(text):
            continue
        party: dict[str, Any] = {}
        if born := _BORN.search(text):
            party["born"] = int(born[1])
        if address := _ADDRESS.search(text):
            party["address"] = plain(address[1])[:500]
        name = _AFTER_NAME.split(text, maxsplit=1)[0]
        found.append({"name": (plain(name) or text)[:500], **party})
    return found


def _mediators(values: dict[str, Any]) -> tuple[str, int]:
    """The mediator's name, and how many others the cell names ("HGV và người được mời")."""
    return _named(str(values.get("mediator") or ""))


@lru_cache(maxsize=4_096)
def _named(text: str) -> tuple[str, int]:
    names = [name for piece in _SEPARATE.split(text) if (name := plain(piece))]
    return (names[0] if names else "", max(0, len(names) - 1))


def _count(value: Any) -> int:
    if value is None:
        return 0
    text = plain(value)
    return int(text) if text.isdecimal() and len(text) < 5 else sum(1 for piece in _LISTED.split(text) if piece.strip())
