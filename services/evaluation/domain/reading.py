"""From what intake announces (``shared.contracts.outgoing``) to facts.

Names come as the source writes them. ``places`` lists them, for whoever knows the teams; reading takes the codes that
were found for them. A name without a code is left out of the facts: it waits among the unplaced.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from services.evaluation.domain.facts import (
    Activity,
    Attestation,
    Case,
    Coordination,
    Declaration,
    Delivery,
    Meeting,
    Payment,
    Request,
    Sheet,
    Step,
    Training,
    UnitStep,
)
from shared.calendar import Span
from shared.contracts import When, record_id
from shared.contracts.outgoing import CaseState, Place, RecordEntry

Name = tuple[str, str]
"""A source and the name that it uses for a team."""
Codes = Mapping[Name, str]
Entries = Sequence[RecordEntry]

EVERY = "\x1f"
"""Instead of a team's name: all teams of the place's unit. No source can write it as a name: names are matched without it."""

ABOUT_UNITS = frozenset({"evaluation.scheme-chosen", "evaluation.closed"})
"""Types of steps that concern every team of a unit."""


def read_case(case_id: str, state: CaseState) -> Case:
    sessions = tuple(s.on.day for s in state.sessions)
    invited = [(s.on.day, s.invited) for s in state.sessions if s.invited]
    unseen = state.invited - sum(count for _, count in invited)
    received = _day(state.received_on)
    if unseen > 0:
        # a paper log says how many were invited but not when: the day it ended, or was received
        day = _day(state.ended_on) or received
        invited += [(day, unseen)] if day else []
    assigned = None if state.chosen_by_parties else _day(state.assigned_on)
    return Case(
        id=case_id,
        received=None if state.status == "parked" else received,
        steps=tuple((step.on.day, step.status) for step in state.history),
        first_known_by=state.first_known_by or "team",
        written_up=_day(state.logged_on),
        assigned=assigned,
        agreed_start=_day(state.start_agreed_on),
        sessions=sessions,
        invited=tuple(invited),
        linked_to=state.linked_to,
        mediator=state.mediator,
    )


def case_place(state: CaseState) -> tuple[Place, When] | None:
    """Where a case belongs and the day that decides it; None while that is not known."""
    on = state.received_on or (state.history[0].on if state.history else state.logged_on)
    if state.place is None or on is None:
        return None
    return (state.place if state.place.team != EVERY else replace(state.place, team=None)), on


def places(entries: Entries) -> list[tuple[Place, When]]:
    """Every team that an activity names, once, with the day that decides which team the name means."""
    found: dict[tuple[str | None, ...], tuple[Place, When]] = {}
    for entry in entries:
        for place in _places(entry):
            day = entry.on[:10] if place.team == EVERY else None
            found.setdefault((place.source, place.team, place.unit, place.group, day), (place, entry.on))
    return list(found.values())


def _places(entry: RecordEntry) -> Iterator[Place]:
    if entry.type == "situation.noted":
        data = entry.data
        team = data.get("team")
        yield Place(source=entry.source, team=None if team == EVERY else team, unit=data["unit"], group=data.get("group"))
        return
    for name in _named(entry.data):
        yield Place(source=entry.source, team=name)
    if entry.data.get("all_of") is not None:
        yield Place(source=entry.source, team=EVERY, unit=entry.data["all_of"])


def _named(data: Mapping[str, Any]) -> Iterator[str]:
    """Every name of a team in an entry. A unit beside it is who acts, not where."""
    if data.get("team") is not None:
        yield data["team"]
    yield from data.get("teams", ())
    yield from data.get("but", ())
    yield from data.get("recognised", ())
    for lines in ("attendance", "results", "declined"):
        yield from (line["team"] for line in data.get(lines, ()))


def every(unit: str, on: str, code: str) -> str:
    """The name under which ``Codes`` hold one of all the teams of a unit on a day."""
    return f"{EVERY}{unit}{EVERY}{on[:10]}{EVERY}{code}"


def _of_many(entry: RecordEntry, codes: Codes) -> frozenset[str]:
    """The teams that an entry about many teams concerns."""
    data = entry.data
    names = [*data.get("teams", ()), *([data["team"]] if data.get("team") is not None else [])]
    listed = {code for name in names if (code := codes.get((entry.source, name)))}
    if data.get("all_of") is None:
        return frozenset(listed)
    beginning = every(data["all_of"], entry.on, "")
    without = {code for name in data.get("but", ()) if (code := codes.get((entry.source, name)))}
    working = {code for (source, name), code in codes.items() if source == entry.source and name.startswith(beginning)}
    return frozenset(listed | (working - without))


def units(entries: Entries) -> set[str]:
    """Codes of the units that an activity concerns as a whole."""
    return {entry.data["unit"] for entry in entries if entry.type in ABOUT_UNITS}


def read_unit_steps(record: str, entries: Entries) -> list[UnitStep]:
    """Raise ``KeyError`` or ``ValueError`` for what the contract does not know."""
    return [
        UnitStep(
            id=e.entry, record=record, type=e.type, unit=e.data["unit"], on=e.on.day, time=e.time, source=e.source,
            event_id=e.id, data=e.data,
        )
        for e in entries if e.type in ABOUT_UNITS
    ]


def opening_days(entries: Entries) -> set[dt.date]:
    """The days by which an activity opens a year: one in whose window they lie is evaluated."""
    return {day for entry in entries if (day := _opening(entry)) is not None}


def _opening(entry: RecordEntry) -> dt.date | None:
    data = entry.data
    match entry.type:
        case "payment.requested" if data.get("month"):
            return dt.date.fromisoformat(f"{data['month']}-01")
        case "payment.requested" | "payment.decided" | "payment.refused" | "payment.paid" | "coordination.answered":
            # paid or answered weeks after what it belongs to, which opens its year by itself
            return None
        case "training.convened":
            return When.parse(data["held_on"]).day
        case _ if entry.type.startswith(("recognition.", "evaluation.")):
            # comes after the year that it is about; a day that lies in the window of that year under every scheme
            return dt.date(data["year"], 6, 30)
        case _ if entry.type.startswith(("commendation.", "verification.", "practice.", "statistics.")):
            return None
        case "attestation.given" | "period.declared":
            return When.parse(data["period_from"]).day
        case "meeting.held" if data["kind"] in ("year", "self_assessment"):
            # held up to two weeks after the year that it looks back on
            return entry.on.day - dt.timedelta(days=30)
    return entry.on.day


def read_activity(record: str, entries: Entries, codes: Codes) -> list[Activity]:
    """The facts that a record holds. One subject ought to be one activity; where a source mixed several under one,
    each is read."""
    by_type: dict[str, list[RecordEntry]] = {}
    for entry in entries:
        by_type.setdefault(entry.type.partition(".")[0], []).append(entry)
    facts: list[Activity] = []
    for family, reader in _READERS.items():
        if family in by_type:
            facts.extend(reader(record, by_type[family], codes))
    return facts


def _training(record: str, entries: Entries, codes: Codes) -> Iterator[Activity]:
    held: dt.date | None = None
    title = ""
    invited: set[str] = set()
    sheets: dict[str, Sheet] = {}
    for entry in entries:
        if entry.type == "training.convened":
            held = When.parse(entry.data["held_on"]).day
            title = entry.data["title"]
            invited |= _of_many(entry, codes)
        else:
            for line in entry.data["attendance"]:
                code = codes.get((entry.source, line["team"]))
                if code:
                    sheets[code] = _with_line(sheets.get(code), line)
    first = min(entry.on.day for entry in entries)
    yield Training(id=record, held=held or first, title=title, invited=frozenset(invited), sheets=sheets)


def _with_line(known: Sheet | None, line: Mapping[str, Any]) -> Sheet:
    mediators = frozenset(line.get("mediators", ()))
    present = max(line["present"], len(mediators))
    if known is None:
        return Sheet(present, mediators)
    # two sheets of one class: the fuller one counts, the people of both
    return Sheet(max(present, known.present, len(mediators | known.mediators)), mediators | known.mediators)


def _documents(record: str, entries: Entries, codes: Codes) -> Iterator[Activity]:
    for entry in entries:
        yield Delivery(record, entry.on.day, _of_many(entry, codes), entry.data["title"])


def _payment(record: str, entries: Entries, codes: Codes) -> Iterator[Activity]:
    for code, own in _by_team(entries, codes):
        kinds: dict[str, list[RecordEntry]] = {}
        for entry in own:
            kinds.setdefault(entry.type.partition(".")[2], []).append(entry)
        yield Payment(
            id=record, team=code,
            requests=tuple(
                Request(
                    on=e.on.day, purpose=e.data["purpose"], amount=e.data["amount"],
                    cases=frozenset(map(record_id, e.data.get("cases", ()))), month=e.data.get("month"),
                    complete=e.data.get("complete", True),
                )
                for e in kinds.get("requested", ())
            ),
            decided=tuple((e.on.day, e.data["amount"]) for e in kinds.get("decided", ())),
            refused=tuple(e.on.day for e in kinds.get("refused", ())),
            paid=tuple((e.on.day, e.data["amount"]) for e in kinds.get("paid", ())),
        )


def _meeting(record: str, entries: Entries, codes: Codes) -> Iterator[Activity]:
    for code, own in _by_team(entries, codes):
        yield from (Meeting(record, code, e.data["kind"], e.on.day) for e in own)


def _coordination(record: str, entries: Entries, codes: Codes) -> Iterator[Activity]:
    for code, own in _by_team(entries, codes):
        asked = [e for e in own if e.type == "coordination.requested"]
        answered = [e.on.day for e in own if e.type == "coordination.answered"]
        yield Coordination(
            id=record, team=code, agency=own[0].data["agency"],
            asked=min((e.on.day for e in asked), default=None), answered=min(answered, default=None),
        )


def _attestation(record: str, entries: Entries, codes: Codes) -> Iterator[Activity]:
    for code, own in _by_team(entries, codes):
        for e in own:
            paper = e.data.get("paper") or next(iter(e.data.get("evidence", ())), None)
            yield Attestation(
                id=record, team=code, matter=e.data["matter"], by_role=e.data["by_role"],
                positive=e.data["positive"], on=e.on.day,
                period=Span(When.parse(e.data["period_from"]).day, When.parse(e.data["period_to"]).day),
                paper=None if paper is None else paper.get("number"),
            )


def _period(record: str, entries: Entries, codes: Codes) -> Iterator[Activity]:
    for e in entries:
        span = Span(When.parse(e.data["period_from"]).day, When.parse(e.data["period_to"]).day)
        yield from (Declaration(record, code, span) for code in sorted(_of_many(e, codes)))


def read_steps(record: str, entries: Entries, codes: Codes) -> list[Step]:
    """Each entry as a step of each team that it names, whatever its family."""
    found: list[Step] = []
    for e in entries:
        names: dict[str, set[str]] = {}
        for name in _named(e.data):
            if code := codes.get((e.source, name)):
                names.setdefault(code, set()).add(name)
        found += [
            Step(
                id=e.entry, record=record, type=e.type, team=code, on=e.on.day, time=e.time, source=e.source, event_id=e.id,
                data=_about(e.data, names[code]), names=frozenset(names[code]),
            )
            for code in sorted(names)
        ]
    return found


def _steps(record: str, entries: Entries, codes: Codes) -> Iterator[Activity]:
    for step in read_steps(record, entries, codes):
        yield step
        if step.type == "recognition.self-assessed":
            # where the team assesses itself it meets: the yearly meeting, unless told as such already
            yield Meeting(step.id, step.team, "self_assessment", step.on)


def _about(data: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    """A paper about many teams without the lines about others: a decision would be as long as its list on every team's sheet."""
    return {
        **data,
        **{key: [name for name in data[key] if name in names] for key in ("recognised",) if key in data},
        **{key: [line for line in data[key] if line["team"] in names] for key in ("results", "declined") if key in data},
    }


def _by_team(entries: Iterable[RecordEntry], codes: Codes) -> Iterator[tuple[str, list[RecordEntry]]]:
    found: dict[str, list[RecordEntry]] = {}
    for entry in entries:
        code = codes.get((entry.source, entry.data["team"]))
        if code:
            found.setdefault(code, []).append(entry)
    yield from found.items()


_READERS: dict[str, Callable[[str, Entries, Codes], Iterator[Activity]]] = {
    "training": _training, "documents": _documents, "payment": _payment, "meeting": _meeting,
    "coordination": _coordination, "attestation": _attestation, "period": _period,
    **dict.fromkeys(("recognition", "evaluation", "commendation", "verification", "practice", "outreach"), _steps),
}


def _day(when: When | None) -> dt.date | None:
    return None if when is None else when.day
