"""Rosters: rows of mediators, gathered by team into snapshots of the unit's roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from shared.registers.dates import read_year
from shared.registers.errors import RowError
from shared.registers.tables import Line
from shared.registers.text import folded, plain
from shared.registers.world import Event, World

AT_ONCE = 1_500
"""Mediators in one snapshot: their event stays far below what intake takes. What is absent from a snapshot is not ended."""
MOST_IN_TEAM = 200
_YES = {"x", "co", "da", "yes", "v", "1", "r", "da tap huan", "duoc tap huan"}
_KINH = {"", "kinh", "viet", "nguoi kinh"}
_NOT_LAW = {"", "khong", "0", "chua", "k", "no"}


@dataclass(slots=True)
class Roster:
    """Gathers rows; each keeps its reference, so that the order of rows changes nothing."""

    world: World
    teams: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    last: tuple[str, str] | None = None

    def add(self, line: Line) -> None:
        """Raise ``RowError``."""
        values = line.values
        team = plain(values.get("team")) or line.table.team or ""
        group = plain(values.get("group"))
        team, group = team or (f"Tổ hòa giải {group}" if group else ""), group or _group_of(team)
        name = plain(values.get("name"))
        if not name:
            raise RowError("Thiếu họ và tên.", "The name is missing.")
        if not team:
            raise RowError("Thiếu tên tổ hòa giải hoặc tổ dân phố.", "Team and residential group are missing.")
        born = read_year(values.get("born"), self.world.today.year)
        mediators = self.teams.get((team, group), [])
        if len(mediators) >= MOST_IN_TEAM:
            raise RowError(f"Tổ có hơn {MOST_IN_TEAM} hòa giải viên.", f"The team has more than {MOST_IN_TEAM} mediators.")
        ref = self.world.references.mediator(self.world.unit, team, name)
        if ref in self.people:
            if self.people[ref].get("born") == born:
                raise RowError("Trùng với một dòng khác của cùng tổ.", "The same person stands in another row of the team.")
            ref = self.world.references.mediator(self.world.unit, team, name, born or 0)
            if ref in self.people:
                raise RowError("Trùng với một dòng khác của cùng tổ.", "The same person stands in another row of the team.")
        entry: dict[str, Any] = {"ref": ref, "sex": _sex(values)}
        entry |= {"leader": True} if "to truong" in folded(plain(values.get("role"))) or _ticked(values.get("role")) else {}
        entry |= {"ethnic_minority": True} if folded(plain(values.get("ethnic"))) not in _KINH else {}
        entry |= {"law_qualified": True} if _law(values.get("law")) else {}
        entry |= {"trained": True} if _ticked(values.get("trained")) else {}
        person: dict[str, Any] = {"ref": ref, "name": name[:500]}
        person |= {"born": born} if born is not None else {}
        person |= {"phone": phone} if (phone := _phone(values.get("phone"))) else {}
        self.teams.setdefault((team[:200], group[:500]), mediators).append(entry)
        self.people[ref] = person

    def events(self) -> Iterator[Event]:
        some: dict[tuple[str, str], list[dict[str, Any]]] = {}
        for key in sorted(self.teams):
            if some and sum(map(len, some.values())) + len(self.teams[key]) > AT_ONCE:
                yield self._snapshot(some)
                some = {}
            some[key] = self.teams[key]
        if some:
            yield self._snapshot(some)

    def _snapshot(self, teams: dict[tuple[str, str], list[dict[str, Any]]]) -> Event:
        world = self.world
        refs = [entry["ref"] for entries in teams.values() for entry in entries]
        data: dict[str, Any] = {
            "on": world.on.isoformat(), "unit": {"code": world.unit, "valid_from": world.valid_from},
            "unit_name": world.unit_name,
            "groups": sorted({group for _, group in teams}),
            "teams": [
                {"name": team, "group": group, "mediators": sorted(entries, key=lambda e: str(e["ref"]))}
                for (team, group), entries in teams.items()
            ],
            "private": {"people": [self.people[ref] for ref in sorted(refs)]},
        }
        which = (f"{team}\x1e{group}" for team, group in teams)
        return world.event("directory.roster.snapshot", world.subject("danh-sach", world.on.isoformat(), *which), data)


def _group_of(team: str) -> str:
    words = team.split(" ")
    at = 3 if folded(" ".join(words[:3])) == "to hoa giai" else 0
    return " ".join(words[at:]) or team


def _sex(values: dict[str, Any]) -> str:
    if _ticked(values.get("female")):
        return "female"
    if _ticked(values.get("male")):
        return "male"
    text = folded(plain(values.get("sex")))
    if text in ("nu", "female", "f"):
        return "female"
    if text in ("nam", "male", "m"):
        return "male"
    raise RowError("Thiếu giới tính (Nam hoặc Nữ).", "The sex (Nam or Nữ) is missing.")


def _ticked(value: Any) -> bool:
    return folded(plain(value)) in _YES or plain(value) in ("✓", "✔", "√", "+")


def _law(value: Any) -> bool:
    text = folded(plain(value))
    return text in _YES or (text not in _NOT_LAW and "luat" in text.split(" ") and not text.startswith(("khong", "chua")))


def _phone(value: Any) -> str:
    """Excel drops the zero at the beginning of a number."""
    text = plain(value)
    return f"0{text}" if isinstance(value, int | float) and len(text) == 9 else text[:500]
