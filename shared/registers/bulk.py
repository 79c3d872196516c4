"""One sheet for many teams: documents handed out, an attendance sheet, a month's zero reports. Rows about the same thing become
one event; "Tất cả" in the team's column means every team of the unit on that day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.registers.dates import read_month
from shared.registers.errors import RowError
from shared.registers.tables import Line
from shared.registers.text import folded, plain
from shared.registers.world import Event, World

ALL = ("tat ca", "tat ca cac to", "toan phuong", "toan xa", "toan bo", "all")
MOST_TEAMS = 2_000


@dataclass(slots=True)
class Bulk:
    """``kind``: documents, attendance or zero. ``gathered``: by what the rows are about."""

    world: World
    kind: str
    gathered: dict[tuple[str, ...], dict[str, Any]] = field(default_factory=dict)

    def add(self, line: Line) -> None:
        """Raise ``RowError``."""
        values = line.values
        team = plain(values.get("team")) or plain(values.get("group"))
        if not team:
            raise RowError("Thiếu tên tổ hòa giải (hoặc “Tất cả”).", "The team is missing (or “Tất cả” for all).")
        every = folded(team) in ALL
        key, present = self._about(values)
        if self.kind == "attendance" and every:
            raise RowError("Danh sách dự phải ghi từng tổ.", "An attendance sheet names each team.")
        found = self.gathered.setdefault(key, {"teams": {}, "every": False})
        if every:
            found["every"] = True
        elif team in found["teams"]:
            raise RowError("Tổ này đã có ở một dòng khác.", "The team stands in another row already.")
        elif len(found["teams"]) >= MOST_TEAMS:
            raise RowError(f"Quá {MOST_TEAMS} tổ.", f"More than {MOST_TEAMS} teams.")
        else:
            found["teams"][team[:200]] = present

    def _about(self, values: dict[str, Any]) -> tuple[tuple[str, ...], int]:
        world = self.world
        if self.kind == "zero":
            first, last = read_month(values.get("month"))
            if last > world.today:
                raise RowError("Tháng chưa kết thúc.", "The month is not over.")
            return (first.isoformat(), last.isoformat()), 0
        title = plain(values.get("title"))
        if not title:
            raise RowError("Thiếu tên tài liệu hoặc tên lớp.", "The title is missing.")
        day = world.day(values.get("day"))
        if day is None:
            raise RowError("Thiếu ngày.", "The day is missing.")
        if self.kind == "documents":
            return (title[:500], day, plain(values.get("paper"))[:500]), 0
        text = plain(values.get("present"))
        if not text.isdecimal() or len(text) > 5:
            raise RowError("Thiếu số người dự.", "How many were present is missing.")
        return (title[:500], day), int(text)

    def events(self) -> Iterator[Event]:
        for key, found in self.gathered.items():
            yield self._event(key, found)

    def _event(self, key: tuple[str, ...], found: dict[str, Any]) -> Event:
        world, teams = self.world, sorted(found["teams"])
        whom: dict[str, Any] = {"all_of": world.unit} if found["every"] else {"teams": teams}
        if self.kind == "zero":
            subject = world.subject("khong-phat-sinh", *key)
            return world.event("period.declared", subject, {"on": key[1], "period_from": key[0], "period_to": key[1], **whom}, ())
        if self.kind == "documents":
            paper = [{"kind": "list", "number": key[2]}] if key[2] else []
            data = {"on": key[1], "title": key[0], **whom, **({"evidence": paper} if paper else {})}
            return world.event("documents.distributed", world.subject("tai-lieu", *key), data, ())
        lines = [{"team": team, "present": found["teams"][team]} for team in teams]
        return world.event("training.attended", world.subject("tap-huan", *key), {"on": key[1], "attendance": lines}, ())
