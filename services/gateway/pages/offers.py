"""What a form can offer to pick, asked of the services. Whatever does not answer is typed in by hand instead."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from services.gateway.forms.acts import Act
from services.gateway.forms.posted import Posted
from services.gateway.pages.commended import AwardForm
from services.gateway.pages.desk import Desk
from services.gateway.pages.form import Offer, Offers
from services.gateway.pages.recognised import Board
from services.gateway.pages.shapes import Both, Team, Tree, UnitName
from services.gateway.pages.view import SCHEMES, View
from shared.naming import alphabet

Kind = TypeVar("Kind")

TEAM_LISTS = frozenset({"results", "recognised", "declined"})
DUE = frozenset({"requested", "returned", "under_review"})
"""States in which a meeting or a decision is due."""
DECIDED_FOR = "under_review"
PLACED = frozenset({"team", "unit", "all_of", "code", "teams", "but", "attendance", "merged_into"})
"""Fields that name teams or units."""
SEVERAL = frozenset({"teams", "but", "attendance"})
MOST_UNITS = 3
"""Of so many units the teams are listed; who has more types codes."""


async def offers_for(desk: Desk, view: View, act: Act, given: Posted) -> Offers:
    unit, team, year = given.one("unit"), given.one("team"), given.one("year")
    lists = {field.name for field in act.fields} & TEAM_LISTS
    board, known, tree, forms, units = await asyncio.gather(
        _softly(desk, Board, bool(unit and lists and year.isdecimal()), "recognitions", unit=unit, year=_year(year)),
        _known(desk, team if act.has("team") else "", view.reference_day),
        _softly(desk, Tree, bool(team and act.has("criteria") and year.isdecimal()), "explain", team=team, scheme=view.scheme,
                year=_year(year)),
        _softly(desk, list[AwardForm], act.has("form"), "forms"),
        desk.ask_softly(list[UnitName], "directory", "units", on=view.reference_day) if unit else _nothing(),
    )
    picks: dict[str, list[Offer]] = {}
    if board is not None:
        teams = sorted(board.teams, key=lambda row: (row.state not in DUE, alphabet.order(row.name), row.code))
        for name in lists:
            picks[name] = [
                Offer(row.code, Both(row.name, row.name), Both(*view.in_both("recognition_state", row.state)),
                      picked=row.state == DECIDED_FOR and row.reviewed is not False)
                # any team may be recognised; rows to fill in are shown for those that wait
                for row in teams if name == "recognised" or row.state in DUE
            ]
    for field in (inner for one in act.fields for inner in (one, *(one.fields if one.kind == "part" else ()))):
        if field.kind == "lines" and field.choices:
            picks[field.name] = [Offer(value, Both(*view.in_both("choice", value))) for value in field.choices]
    if tree is not None:
        picks["criteria"] = [Offer(child.id, child.title) for child in tree.children]
    if forms:
        picks["form"] = [Offer(form.id, form.title) for form in forms]
    if act.has("scheme"):
        picks["scheme"] = [Offer(scheme, Both(*view.in_both("scheme", scheme))) for scheme in SCHEMES]
    mine = await _places(desk, view, act) if view.signing else Places()
    for name in sorted(PLACED & {field.name for field in act.fields}):
        if listed := mine.units if name in ("unit", "all_of") else mine.teams:
            picks.setdefault(name, _with_given(listed, given.one(name) if name not in SEVERAL else ""))
    names: dict[str, str] = {}
    for one in units or []:
        if one.code == unit:
            names["unit"] = f"{one.name} ({unit})"
    if known is not None:
        names["team"] = f"{known.name} ({known.code})"
    return Offers(picks, names)


class Places(NamedTuple):
    """What a person who is signed in may name: units, and teams that work there or are the person's own."""

    units: Sequence[Offer] = ()
    teams: Sequence[Offer] = ()


async def _places(desk: Desk, view: View, act: Act) -> Places:
    if view.who is None or not PLACED & {field.name for field in act.fields}:
        return Places()
    held = view.who.now(view.today)
    codes = sorted({one.unit for one in held if one.unit})[:MOST_UNITS]
    own = sorted({one.team for one in held if one.team})
    on = view.today.isoformat()
    units = await desk.ask_softly(list[UnitName], "directory", "units", on=on)
    listed = await asyncio.gather(
        *(desk.ask_softly(list[Team], "directory", "teams", unit=code, on=on) for code in codes),
        *(_known(desk, code, on) for code in own),
    )
    teams: dict[str, Team] = {}
    for found in listed:
        for team in found if isinstance(found, list) else [found]:
            if isinstance(team, Team):
                teams[team.code] = team
    return Places(
        [Offer(one.code, Both(one.name, one.name)) for one in units or [] if one.code in codes],
        [Offer(one.code, Both(said := f"{one.name}{f' ({one.group})' if one.group else ''}", said)) for one in teams.values()],
    )


def _with_given(listed: Sequence[Offer], given: str) -> list[Offer]:
    """What came by the address stays among what can be picked."""
    return [*listed, *([] if not given or given in {one.value for one in listed} else [Offer(given, Both(given, given))])]


async def _nothing() -> None:
    return None


async def _known(desk: Desk, code: str, on: str) -> Team | None:
    if not code:
        return None
    return await desk.ask_softly(Team | None, "directory", "team", code=code, on=on)  # type: ignore[arg-type]


async def _softly(desk: Desk, kind: type[Kind], wanted: bool, method: str, **asked: object) -> Kind | None:
    if not wanted:
        return None
    return await desk.ask_softly(kind | None, "evaluation", method, **asked)  # type: ignore[arg-type]


def _year(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 0
