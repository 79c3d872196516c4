"""Evaluation derived again beside the running system, and compared with what is stored.

First the facts, against what intake would announce of them now; then, team by team, everything that was scored out of the
facts: judged from the records anew, as of the day for which it stands. A fact on its way, or a team that waits to be scored, is
looked at again until it came to rest or the patience is over; such are told apart from what differs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import msgspec

from services.evaluation import praising, recognising, scoring
from services.evaluation.domain.rules import Scheme
from services.evaluation.store import Db, Document, commendations, generations, locks, recognitions, verdicts
from services.evaluation.store.facts import document_of
from services.evaluation.store.gathering import read_facts
from services.evaluation.store.replica import Replica
from services.evaluation.store.standing import Derived, body_of
from shared.contracts import dec_hook
from shared.contracts.outgoing import ACTIVITY_CHANGED, CASE_CHANGED, CaseChanged, RecordChanged
from shared.storage.differing import ABSENT, Difference, differences

TOGETHER = 200
"""Teams judged at a time."""
OF_SCORING = {"generation", "as_of", "scored_at", "revisit_on", "changed", "announced", "unannounced", "digest", "body", "_id"}
"""What a derived document holds besides what was derived."""
COLLECTIONS = {
    CASE_CHANGED: ("cases", CaseChanged), ACTIVITY_CHANGED: ("activities", RecordChanged),
}
Ask = Callable[[Document], Iterable[bytes]]
"""The events that intake would announce now of the records whose ids a query names."""


class _Outline(msgspec.Struct):
    type: str
    data: msgspec.Raw


_OUTLINE = msgspec.json.Decoder(_Outline)


@dataclass(slots=True)
class Compared:
    """``unsettled``: ids of facts that are still on their way, or teams that still wait to be scored."""

    checked: int = 0
    different: list[Difference] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)

    def add(self, other: Compared) -> None:
        self.checked += other.checked
        self.different += other.different
        self.unsettled += other.unsettled


# -- facts

def facts(db: Db, replica: Replica, ask: Ask, which: Document) -> Compared:
    """Cases and activities whose ids ``which`` names, beside what intake says of them."""
    found = Compared()
    told = dict(_told(ask(which)))
    # read after intake's word, so what is stored is as new or the word is on its way
    stored = {(name, d["_id"]): d for name in ("cases", "activities") for d in db[name].find({"_id": which})}
    replica.refresh(db)
    found.checked = len(told)
    for key in sorted(told.keys() | stored.keys()):
        name, id = key
        change, document = told.get(key), stored.get(key)
        if change is None:
            found.different.append(Difference(name, id, "", "a fact", "intake has no such record"))
            continue
        if document is None:
            found.different.append(Difference(name, id, "", ABSENT, f"version {change.n}"))
            continue
        expected = document_of(change, replica)
        if _bare(document) != _bare(expected):
            found.different += differences(name, id, _bare(document), _bare(expected))
    return found


def _bare(document: Document) -> Document:
    # the directory's version by which it was placed says nothing about where
    return {key: value for key, value in document.items() if key not in ("_id", "at")}


def _told(events: Iterable[bytes]) -> Iterator[tuple[tuple[str, str], CaseChanged | RecordChanged]]:
    for body in events:
        outline = _OUTLINE.decode(body)
        if outline.type not in COLLECTIONS:
            continue
        name, kind = COLLECTIONS[outline.type]
        change: CaseChanged | RecordChanged = msgspec.json.decode(outline.data, type=kind, dec_hook=dec_hook)
        yield (name, change.case if isinstance(change, CaseChanged) else change.record), change


# -- what was frozen

def frozen(db: Db) -> Compared:
    """What monthly locks froze cannot be derived again: each must be as its hash says, and each lock in the records have its own.
    One that is missing is named by its record: taken in again, it is frozen as of then."""
    live = locks.live(db)
    held = locks.held(db, live)
    found = Compared(checked=db["locks"].count_documents({}))
    found.different += [
        Difference("locks", key, "hash", "not that of what it holds", "as it was frozen") for key in locks.unsound(db)
    ]
    found.different += [
        Difference("activities", record, "", "no frozen figures", f"lock {key}")
        for key, record in sorted(live.items()) if key not in held
    ]
    return found


# -- what is derived

def teams(db: Db) -> list[str]:
    return sorted(d["_id"] for d in db["generations"].find({}, {"_id": 1}))


def derived(
    db: Db, replica: Replica, schemes: Mapping[str, Scheme], codes: Sequence[str], today: dt.date, default: str
) -> Compared:
    """Everything that stands of these teams, beside what their records come to now."""
    before = _generations(db, codes)
    stored = {
        (name, d["_id"]): d
        for name in ("verdicts", "recognitions", "commendations", "praise") for d in db[name].find({"team": {"$in": list(codes)}})
    }
    days: dict[str, str] = {code: today.isoformat() for code in codes}
    unsettled = {code for code in codes if before.get(code, (0, True))[1]}
    for document in stored.values():
        days[document["team"]] = document["as_of"]
        due = document.get("revisit_on")
        if due is not None and due <= today.isoformat():
            unsettled.add(document["team"])
    expected: dict[tuple[str, str], Derived] = {}
    for day, own in groupby(sorted(codes, key=lambda code: (days[code], code)), key=lambda code: days[code]):
        for name, one in _derive(db, replica, schemes, list(own), dt.date.fromisoformat(day), default):
            expected[name, one.key] = one
    after = _generations(db, codes)
    unsettled |= {code for code in codes if before.get(code) != after.get(code)}
    found = Compared(checked=len(expected), unsettled=sorted(unsettled))
    for key in sorted(stored.keys() | expected.keys()):
        held, due_now = stored.get(key), expected.get(key)
        team = due_now.team if due_now is not None else stored[key]["team"]
        if team not in unsettled:
            found.different += _compare(key, held, due_now, before[team][0])
    return found


def _generations(db: Db, codes: Sequence[str]) -> dict[str, tuple[int, bool]]:
    """Of each team: how often it changed, and whether it waits."""
    fields = {"generation": 1, "waiting": 1}
    return {d["_id"]: (d["generation"], d["waiting"]) for d in db["generations"].find({"_id": {"$in": list(codes)}}, fields)}


def _derive(
    db: Db, replica: Replica, schemes: Mapping[str, Scheme], codes: Sequence[str], day: dt.date, default: str
) -> Iterator[tuple[str, Derived]]:
    known = scoring.look(db, replica, schemes, codes, day, default, facts_of=read_facts)
    results = scoring.judge_all(replica, known)
    yield from (("verdicts", verdicts.derived(one)) for one in results)
    steps = {code: own.steps for code, own in known.facts.items()}
    _, recognised = recognising.derive(db, replica, steps, known.chosen, results, day)
    yield from (("recognitions", recognitions.derived(one)) for one in recognised)
    years = (period.year for period in known.periods)
    _, praised, deserving = praising.derive(db, replica, known.facts, known.chosen, recognised, years, day)
    yield from (("commendations", commendations.derived(one)) for one in praised)
    yield from (("praise", one) for one in deserving)


def _compare(key: tuple[str, str], document: Document | None, one: Derived | None, generation: int) -> list[Difference]:
    name, id = key
    if one is None or document is None:
        said = ("a document", "nothing") if one is None else (ABSENT, "a document")
        return [Difference(name, id, "", *said)]
    found: list[Difference] = []
    if document["generation"] != generation:
        found.append(Difference(name, id, "generation", document["generation"], generation))
    summary: Any = {field: value for field, value in document.items() if field not in OF_SCORING}
    found += differences(name, id, summary, {**one.summary, "team": one.team})
    try:
        body: Any = body_of(document)
    except Exception as error:  # noqa: BLE001 - isal's and msgspec's have no common parent; it cannot be read, whatever it is
        body = f"unreadable: {type(error).__name__}"
    found += differences(name, id, body, msgspec.json.decode(one.body), "body")
    return found


# -- mending

def mend(db: Db, different: Iterable[Difference], now: dt.datetime) -> int:
    """Have these facts taken again when intake announces them, and these teams scored again; how many teams. What a lock froze is
    left as it is: nothing can tell what it was."""
    bumped: set[str] = set()
    for name, listed in groupby(sorted(different), key=lambda one: one.collection):
        if name == "locks":
            continue
        ids = sorted({one.id for one in listed})
        touched = {team for d in db[name].find({"_id": {"$in": ids}}) for team in (d.get("teams") or [d.get("team")]) if team}
        if name in ("cases", "activities"):
            # older than whatever intake says next
            db[name].update_many({"_id": {"$in": ids}}, {"$set": {"n": -1}})
        else:
            # unlike anything that will be derived, so it is written anew
            db[name].update_many({"_id": {"$in": ids}}, {"$set": {"digest": ""}})
            touched |= {id.rpartition("|")[2] for id in ids if name != "praise"}
        bumped |= touched
    generations.bump(db, bumped, now)
    return len(bumped)
