"""What a plan would change, team by team. Pure: a world before, a world after."""

from __future__ import annotations

from collections import Counter
from typing import Any

import msgspec

from services.directory.domain.onday import covers, place_on, works_on
from services.directory.domain.reorganising.expanding import Expansion, World, day_before
from services.directory.domain.reorganising.plan import Plan
from shared.contracts.outgoing import TeamState
from shared.naming import fold_name

SENTENCES = {
    "unknown_unit": (
        "Chưa có thông tin về đơn vị này vào ngày đó nên không ghi được liên hệ trước – sau",
        "the directory knows no such unit on that day, so it is not named as predecessor or successor",
    ),
    "unknown_group": (
        "Chưa có tổ dân phố này trong danh bạ vào ngày trước đó",
        "no such residential group is known there on the day before",
    ),
    "no_groups": ("Chưa có tổ dân phố nào của đơn vị này trong danh bạ", "no residential group of this unit is known"),
}


class Moved(msgspec.Struct, kw_only=True, frozen=True):
    """A team on the day of a change. ``to`` None: where it works is to be confirmed, by one of ``choices``; or it ended."""

    code: str
    name: str
    on: str
    source: dict[str, str] | None
    to: dict[str, str] | None
    choices: list[str] = []
    ended: bool = False


def moves(plan: Plan, world: World, done: Expansion) -> list[Moved]:
    """Every team whose unit, the unit's extent or group differs before and on the day of a change: by day, unit and code."""
    after = world.and_(plan.id, done.events)
    found: list[Moved] = []
    extents = {code: after.units(code) for code in plan.units}

    def place(team: TeamState, day: str) -> dict[str, str] | None:
        held = place_on(team, day)
        if held is None:
            return None
        unit = next((u for u in extents.get(held.unit, ()) if covers(u, day)), None)
        since = {"unit_name": unit.name, "since": unit.valid_from[:10]} if unit else {}
        return {"unit": held.unit, "group": held.group, **since}

    for change in plan.changes:
        heirs = {end.unit: end.into for end in change.end}
        for team in after.teams():
            was, now = place(team, day_before(change.on)), place(team, change.on)
            if was is None or was == now:
                continue
            ended = not works_on(team, change.on)
            found.append(Moved(
                code=team.code, name=team.name, on=change.on, source=was, to=now, ended=ended,
                choices=[] if now or ended else heirs.get(was["unit"], []),
            ))
    return sorted(found, key=lambda m: (m.on, m.source["unit"] if m.source else "", m.code))


def clashes(plan: Plan, world: World, done: Expansion) -> list[dict[str, Any]]:
    """[{"on", "unit", "group", "teams"}]: groups of one name in one unit with more than one team after a change. A case that is
    reported with nothing but the group's name then waits for a person."""
    after = world.and_(plan.id, done.events)
    found = []
    for change in plan.changes:
        there: Counter[tuple[str, str]] = Counter()
        names: dict[tuple[str, str], str] = {}
        for team in after.teams():
            held = place_on(team, change.on)
            if held is not None and held.unit in plan.units:
                key = held.unit, fold_name(held.group)
                there[key] += 1
                names.setdefault(key, held.group)
        found += [
            {"on": change.on, "unit": key[0], "group": names[key], "teams": count}
            for key, count in sorted(there.items()) if count > 1
        ]
    return found


def preview(plan: Plan, world: World, done: Expansion) -> dict[str, Any]:
    """Plain JSON: {"plan", "title", "days", "units", "events": [{"key", "type", "data"}], "teams": [Moved], "clashes",
    "problems": [{"code", "on", "unit", "what", "vi", "en"}], "to_confirm": count, "groups_moved": count}."""
    moved = moves(plan, world, done)
    return {
        "plan": plan.id, "title": plan.title, "units": sorted(plan.units),
        "days": [{"on": c.on, "mark": c.mark, "citation": c.citation} for c in plan.changes],
        "events": [{"key": e.key, "type": e.type, "on": e.on, "data": e.data} for e in done.events],
        "teams": [{**msgspec.to_builtins(m), "from": m.source} for m in moved],
        "clashes": clashes(plan, world, done),
        "problems": [
            {**msgspec.to_builtins(p), "vi": SENTENCES[p.code][0], "en": SENTENCES[p.code][1]} for p in done.problems
        ],
        "to_confirm": sum(m.to is None and not m.ended for m in moved),
        "groups_moved": sum(e.type.startswith("directory.group.") for e in done.events),
    }
