"""What would be refused: asked before an event is published, answered by the same rules that fold it afterwards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from services.evaluation import recognising
from services.evaluation.chosen import Chosen
from services.evaluation.domain.facts import Step
from services.evaluation.domain.reading import places, read_steps
from services.evaluation.domain.recognition import TYPES as RECOGNITION_TYPES
from services.evaluation.domain.rules import Scheme
from services.evaluation.domain.wording import Words
from services.evaluation.queries.finding import UnknownTeam, find_team
from services.evaluation.store import Db, Document, sheets
from services.evaluation.store.recognitions import Found
from services.evaluation.store.replica import Replica
from shared.contracts import TYPES, VIETNAM, When, from_builtins, moment, record_id, short, to_builtins
from shared.contracts.outgoing import RecordEntry

ENTRY = "check"
"""Id of the entry that is asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An event that was not published yet, with what it is read beside. ``source``: of its names for teams. ``breathe`` is called
    between two teams."""

    db: Db
    replica: Replica
    schemes: Mapping[str, Scheme]
    default: str
    type: str
    data: Document
    subject: str
    source: str
    now: dt.datetime
    today: dt.date
    breathe: Callable[[], None] = lambda: None


Answer = tuple[list[Document], list[Document]]
"""Refusals and flags."""


def check(asked: Asked) -> Document:
    """``allowed``: publishing it would have effect, now or once the papers come that it waits for. ``refusals``: each with code,
    field of the data, article and sentence; ``flags`` likewise: what would be noted, and what it would wait for."""
    known = {short(name): event for name, event in TYPES.items()}
    event = known.get(short(asked.type))
    if event is None:
        return _answer([_said("unknown_type", "type", "", Words(
            f"Không có loại thông điệp {asked.type!r}.", f"There is no type {asked.type!r}.",
        ))], [])
    try:
        data = to_builtins(from_builtins(asked.data, event.data))
    except (msgspec.ValidationError, ValueError, TypeError) as error:
        return _answer([_said("data", "data", "", Words(f"Chưa đọc được: {error}", f"Cannot be read: {error}"))], [])
    checker = CHECKERS.get(short(asked.type).partition(".")[0])
    if checker is None:
        return _answer([], [])
    entry = RecordEntry(
        entry=ENTRY, source=asked.source, id=ENTRY, type=short(asked.type), on=When.parse(data["on"]),
        time=moment(asked.now.astimezone(VIETNAM)), data=data,
    )
    return _answer(*checker(asked, entry))


def _answer(refusals: list[Document], flags: list[Document]) -> Document:
    return {"allowed": not refusals, "refusals": _once(refusals), "flags": _once(flags)}


def _once(listed: Iterable[Document]) -> list[Document]:
    return list({(one["code"], one["field"], one["vi"]): one for one in listed}.values())


def _said(code: str, field: str, article: str, words: Words) -> Document:
    return {"code": code, "field": field, "article": article, "vi": words.vi, "en": words.en}


def steps_of(asked: Asked, entry: RecordEntry) -> tuple[list[Step], list[Document]]:
    """The event as a step of each team that it names, and a flag for each name that no team is known by."""
    codes: dict[tuple[str, str], str] = {}
    flags: list[Document] = []
    for place, on in places([entry]):
        if place.team is None:
            continue
        code = asked.replica.resolve(place, on)
        if code is None:
            try:
                code = find_team(asked.db, asked.replica, place.team)
            except UnknownTeam as error:
                flags.append(_said("team.unknown", _field(entry.data, frozenset({place.team})), "", Words(
                    f"Chưa rõ “{place.team}” là tổ nào: sẽ chờ xác nhận tên gọi.", f"{error}.",
                )))
                continue
        codes[(place.source, place.team)] = code
    record = record_id(asked.subject) if asked.subject else ENTRY
    return read_steps(record, [entry], codes), flags


def _field(data: Document, names: frozenset[str]) -> str:
    """Where in the data the team stands."""
    for key in ("recognised", "declined", "results"):
        for index, line in enumerate(data.get(key, ())):
            if (line if isinstance(line, str) else line["team"]) in names:
                return f"{key}[{index}]"
    return "team"


def _check_recognition(asked: Asked, entry: RecordEntry) -> Answer:
    if entry.type not in RECOGNITION_TYPES:
        return [], []
    asked.replica.refresh(asked.db)
    steps, flags = steps_of(asked, entry)
    teams = sorted({step.team for step in steps})
    year: int = entry.data["year"]
    facts = sheets.facts_of(asked.db, teams, keep=False)
    chosen = Chosen(asked.db, asked.schemes, asked.default, asked.replica.units_of(teams))
    judged = recognising.stored(asked.db, asked.schemes, teams, year)
    refusals: list[Document] = []
    for step in steps:
        asked.breathe()
        own = [*facts[step.team].steps, step]
        found = recognising.find(asked.replica, chosen, step.team, year, own, judged, asked.today)
        several = len(steps) > 1
        for refused, one in _about_this(found):
            field = "signed_by" if one["code"] == "authority" else _field(entry.data, step.names)
            told = {**one, "field": field}
            if several and field != "signed_by":
                told |= {"vi": f"{found.name}: {one['vi']}", "en": f"{found.name}: {one['en']}"}
            (refusals if refused else flags).append(told)
    return refusals, flags


def _about_this(found: Found) -> Iterator[tuple[bool, Document]]:
    """What the rules say of the entry that is asked about, and whether it refuses it."""
    recognition = found.recognition
    for one in recognition.refused:
        if one.entry == ENTRY:
            yield True, _said(one.code, "", one.article, Words(one.vi, one.en))
    for waiting in recognition.waiting:
        if waiting.entry == ENTRY:
            yield False, _said(f"waits.{waiting.code}", "", waiting.article, Words(waiting.vi, waiting.en))
    for flag in recognition.flags:
        if flag.entry == ENTRY:
            yield False, _said(flag.code, "", flag.article, Words(flag.vi, flag.en))
    progress = recognition.progress
    for who, paper in (("team", progress.assessed), ("meeting", progress.reviewed), ("decision", progress.decided)):
        if paper is not None and paper.id == ENTRY:
            for remark in recognition.remarks:
                if remark.code.partition(".")[0] == who:
                    yield False, _said(remark.code, "", "", Words(remark.vi, remark.en))


CHECKERS: dict[str, Callable[[Asked, RecordEntry], Answer]] = {"recognition": _check_recognition}
"""By the first part of a type; of what has no checker, nothing is ever refused."""
