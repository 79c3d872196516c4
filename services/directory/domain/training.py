"""Classes of a year for a unit's teams: who was invited, who came, and who still has to be trained.

Target of Hà Nội (KH 183/KH-UBND): all mediators trained, new ones within 6 months. Someone is new whose joining is on record: not
who stood in a team's first roster, of whom nobody said since when.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.directory.domain.course import Course
from services.directory.domain.facts import Fact, Invited
from services.directory.domain.law import Law
from services.directory.domain.onday import members_on, place_on, works_on
from shared.calendar import add_months
from shared.contracts.outgoing import Membership, TeamState
from shared.naming import fold_name, read_code

Row = dict[str, Any]


STATES = ("in_time", "open", "missed")
"""Of a new mediator's training: it was had by the last day, that day is to come, it is over."""


def training(
    unit: str, year: int, day: str, teams: Sequence[tuple[TeamState, Course]], invitations: Iterable[Fact], law: Law
) -> Row:
    """{"unit", "year", "on", "classes": [{"record", "title"?, "organiser"?, "held_on", "hours"?, "invited": [codes],
    "absent": [codes], "attended": [{"team", "present", "mediators"}]}], "needed": [{"team", "name", "ref", "source", "since",
    "why": "new" or "untrained", "due"?, "overdue"}], "new": {"joined", "in_time", "open", "missed"}}.

    ``teams``: all that ever worked in the unit; ``invitations``: to classes of that year; ``day``: on which it is asked.
    ``new`` counts those who joined in the year.
    """
    here = [(team, course) for team, course in teams if (place := place_on(team, day)) is not None and place.unit == unit]
    joined = [row for team, course in here for row in _members(team, course, day, law)]
    fresh = [row["state"] for row in joined if row["known"] and row["since"][:4] == str(year)]
    return {
        "unit": unit, "year": year, "on": day, "classes": _classes(unit, year, teams, invitations),
        "needed": sorted(
            ({k: v for k, v in row.items() if k not in ("known", "state", "trained")} for row in joined if not row["trained"]),
            key=lambda row: (not row["overdue"], row.get("due", "9"), row["name"], row["ref"]),
        ),
        "new": {"joined": len(fresh), **{state: fresh.count(state) for state in STATES}},
    }


def _members(team: TeamState, course: Course, day: str, law: Law) -> Iterable[Row]:
    """Whoever is a member on ``day``, once. ``known``: somebody said when the mediator joined; ``state``: one of ``STATES``, None
    where no day is due."""
    seen: set[tuple[str, str]] = set()
    for member in members_on(team, day):
        who = member.source, member.ref
        if who in seen:
            continue
        seen.add(who)
        rows = [m for m in team.members if (m.source, m.ref) == who]
        since = _since(rows, member)
        first = min(m.valid_from[:10] for m in team.members if m.source == member.source)
        known = since > first or any(m.recognised_on is not None and m.recognised_on[:10] == since for m in rows)
        days = [since] if rows[0].trained else []
        days += [m.valid_from[:10] for m in rows if m.trained and m.valid_from[:10] <= day]
        days += [a.on for a in course.training if member.ref in a.mediators and a.on <= day]
        rule = law.on("new_trained_months", since) if known else None
        due = None if rule is None else add_months(dt.date.fromisoformat(since), rule.whole).isoformat()
        row: Row = {
            "team": team.code, "name": team.name, "ref": member.ref, "source": member.source, "since": since, "known": known,
            "trained": bool(days), "why": "untrained", "overdue": False, "state": None,
        }
        if due is not None:
            in_time = bool(days) and min(days) <= due
            row |= {"why": "new", "due": due, "overdue": not days and due < day}
            row["state"] = "in_time" if in_time else "missed" if days or due < day else "open"
        yield row


def _since(rows: Sequence[Membership], member: Membership) -> str:
    """The first day of the unbroken run of rows that leads to ``member``: a changed entry begins a row, not a membership."""
    by_end = {m.valid_to: m for m in rows if m.valid_to is not None}
    while (before := by_end.get(member.valid_from)) is not None:
        member = before
    return member.valid_from[:10]


def _classes(unit: str, year: int, teams: Sequence[tuple[TeamState, Course]], invitations: Iterable[Fact]) -> list[Row]:
    found: dict[str, Row] = {}
    by_code = {team.code: team for team, _ in teams}
    by_name: dict[tuple[str, str], list[str]] = {}
    for team in by_code.values():
        for source, name in team.names:
            by_name.setdefault((source, fold_name(name)), []).append(team.code)
    for fact in sorted(invitations, key=lambda f: f.order):
        if isinstance(fact.body, Invited):
            invited = _invited(fact, fact.body, unit, by_code, by_name)
            if invited:
                body = fact.body
                row = found.setdefault(fact.record, {"record": fact.record, "invited": [], "attended": []})
                row |= {"title": body.title, "organiser": body.organiser, "held_on": body.held_on, "hours": body.hours}
                row["invited"] = sorted({*row["invited"], *invited})
    for team, course in teams:
        for came in course.training:
            place = place_on(team, came.on)
            if came.on[:4] == str(year) and place is not None and place.unit == unit:
                row = found.setdefault(came.record, {"record": came.record, "held_on": came.on, "invited": [], "attended": []})
                row["attended"].append({"team": team.code, "present": came.present, "mediators": came.mediators})
    for row in found.values():
        row["attended"].sort(key=lambda a: a["team"])
        row["absent"] = sorted(set(row["invited"]) - {a["team"] for a in row["attended"] if a["present"] or a["mediators"]})
    return sorted(found.values(), key=lambda row: (row["held_on"], row["record"]))


def _invited(
    fact: Fact, body: Invited, unit: str, by_code: Mapping[str, TeamState], by_name: Mapping[tuple[str, str], list[str]]
) -> set[str]:
    """Teams of the unit that an invitation means; a name that could be several teams' means none."""
    def meant(names: Iterable[str]) -> set[str]:
        found = set()
        for name in names:
            code = read_code(name)
            codes = [code] if code in by_code else by_name.get((fact.source, fold_name(name)), [])
            working = [c for c in codes if c is not None and works_on(by_code[c], fact.day)] or codes
            if len(working) == 1 and working[0] is not None:
                found.add(working[0])
        return found

    def here(code: str) -> bool:
        place = place_on(by_code[code], fact.day)
        return place is not None and place.unit == unit

    everybody = {code for code in by_code if here(code)} - meant(body.but) if body.all_of == unit else set()
    return everybody | {code for code in meant(body.teams) if here(code)}
