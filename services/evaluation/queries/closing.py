"""What a commune picked and closed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from services.evaluation.chosen import Chosen, Rules
from services.evaluation.domain.closing.choosing import Refused
from services.evaluation.domain.closing.ending import CLOSED, undone
from services.evaluation.domain.closing.sealing import Cause, Head
from services.evaluation.domain.rules import Scheme
from services.evaluation.store import Db, Document, closings
from services.evaluation.verifying import stored_flaws
from shared.contracts import When

FROZEN_STAYS = "Quy tắc của namtot: năm đã khóa sổ không tự thay đổi"


def scheme_of(db: Db, schemes: Mapping[str, Scheme], default: str, unit: str, year: int) -> Document:
    """Under which criteria a unit is judged in a year; ``scheme`` is a variant's id where the commune changed or added something.
    ``refused``: choices without effect, each with the field that is why."""
    rules = Chosen(db, schemes, default, [unit]).of(unit, year)
    step = None if rules.choice is None else rules.choice.step
    data = {} if step is None else step.data
    return {
        "unit": unit, "year": year, "scheme": rules.scheme.id, "base": rules.base.id,
        "variant": rules.scheme.id if rules.is_variant else None, "title": words(rules.scheme.title),
        "chosen_on": None if step is None else step.on.isoformat(), "number": data.get("number"),
        "entry": None if step is None else step.id, "changes": list(data.get("changes", ())),
        "additions": list(data.get("additions", ())), "refused": [_refused(one) for one in rules.found.refused],
        "closed": None if rules.closed is None else closing(db, rules.closed),
    }


def closing(db: Db, head: Document) -> Document:
    """What closed a year, for a reader. ``head``: the first head's document."""
    cause = head["cause"]
    return {
        "on": cause["on"], "written_up": cause["time"], "type": cause["type"], "number": cause["number"],
        "entry": cause["entry"], "source": cause["source"], "id": cause["event_id"], "frozen_at": head["frozen_at"],
        "scheme": head["scheme"]["id"], "hash": head["hash"], "undone": undone_since(db, head),
    }


def undone_since(db: Db, head: Document) -> Document | None:
    """What to tell of a closing whose entry was withdrawn or corrected afterwards; None while it stands as it was."""
    cause = msgspec.convert(head["cause"], Cause)
    unit, year = head["unit"], head["year"]
    # either way by a small index, wherever the teams of a decision are by now
    where: Document = {"units": unit} if cause.type == CLOSED else {"entries.type": cause.type}
    found = db["activities"].find_one({**where, "entries.entry": cause.entry}, {"entries": 1})
    entry = next((e for e in ([] if found is None else found["entries"]) if e["entry"] == cause.entry), None)
    now = about = None
    if entry is not None:
        data = entry["data"]
        now = msgspec.structs.replace(cause, on=When(entry["on"]).day.isoformat(), number=data.get("number"))
        about = data["unit"], data["year"]
    told = undone(cause, now, unit, year, about)
    return None if told is None else {"code": told.code, "article": FROZEN_STAYS, **words(told.words)}


def closed_beside(db: Db, live: Document) -> Document | None:
    """The closed verdict of a team's year beside the live one (``live``: its document), and every revision; None if that year is
    not closed for the team."""
    revisions = list(db["closed"].find(
        {"team": live["team"], "year": live["year"]}, {"tree": 0, "facts": 0},
    ).sort("revision", 1))
    if not revisions:
        return None
    last = revisions[-1]
    return {
        "verdict": last["verdict"], "scheme": last["scheme"], "revision": last["revision"], "as_of": last["today"],
        "hash": last["hash"], "unit": last["unit"], "state": last["state"], "undone": _undone_in(db, last["unit"], last["year"]),
        "differs": _alike(live["scheme"], last["scheme"]) and any(live[name] != last[name] for name in ("verdict", "criteria")),
        "revisions": [
            {"revision": d["revision"], "verdict": d["verdict"], "as_of": d["today"], "on": d["cause"]["on"],
             "reason": d["cause"]["reason"], "by": d["cause"]["by"], "source": d["cause"]["source"], "id": d["cause"]["event_id"],
             "hash": d["hash"]}
            for d in revisions
        ],
    }


def _undone_in(db: Db, unit: str, year: int) -> Document | None:
    head = closings.first_heads(db, [unit]).get((unit, year))
    return None if head is None else undone_since(db, head)


def _alike(one: str, other: str) -> bool:
    """Whether both are the same scheme, or a commune's variant of the same one."""
    return one == other or ("+" in one and "+" in other and one.partition("+")[0] == other.partition("+")[0])


def closed(db: Db, team: str, year: int, revision: int | None = None) -> Document | None:
    """A closed verdict's explanation, the last revision unless another is asked for, with ``about`` on its root."""
    wanted: dict[str, Any] = {"team": team, "year": year, **({} if revision is None else {"revision": revision})}
    found = db["closed"].find_one(wanted, sort=[("revision", -1)])
    if found is None:
        return None
    about = {name: found[name] for name in (
        "team", "name", "unit", "group", "year", "scheme", "revision", "state", "hash", "cause", "verdict", "settled", "rated",
    )}
    return {**closings.tree_of(found), "about": {**about, "as_of": found["today"]}}


def readable_heads(db: Db, unit: str, year: int) -> list[tuple[Head, str]]:
    """None of them if somebody made one unreadable: ``verify`` says so."""
    try:
        return closings.heads_of(db, unit, year)
    except (KeyError, msgspec.ValidationError):
        return []


def closed_scheme(rules: Rules) -> str:
    """The id of the scheme by which a year counts. A release may call a commune's variant otherwise than the one that closed."""
    return rules.scheme.id if rules.closed is None else str(rules.closed["scheme"]["id"])


def verify(db: Db, schemes: Mapping[str, Scheme], default: str, unit: str, year: int) -> Document:
    """What a page can show at once: whether the stored copies are as they were closed, and where the live verdict is another one.
    The command `namtot evaluation verify` judges everything anew and names the facts."""
    heads, verdicts, flaws = stored_flaws(db, unit, year)
    newest = {one.sealed.team: one for one in verdicts if one.sealed is not None}
    scheme = Chosen(db, schemes, default, [unit]).of(unit, year).scheme.id
    live = {
        d["team"]: d for d in db["verdicts"].find(
            {"scheme": scheme, "year": year, "team": {"$in": sorted(newest)}}, {"team": 1, "verdict": 1, "criteria": 1},
        )
    }
    teams = []
    for code, one in sorted(newest.items()):
        sealed = one.sealed
        assert sealed is not None  # it was read
        now = live.get(code)
        alike = now is not None and (now["verdict"], now["criteria"]) == (sealed.verdict, sealed.criteria)
        why = "altered" if one.flaw or one.key in flaws else "same" if alike else "facts"
        teams.append({
            "team": code, "name": sealed.name, "same": why == "same", "why": why, "closed": sealed.verdict,
            "now": None if now is None else now["verdict"], "revision": sealed.revision,
        })
    return {
        "unit": unit, "year": year, "closed": bool(heads), "head": heads[-1][1] if heads else None,
        "corrections": max(len(heads) - 1, 0),
        "ok": bool(heads) and not flaws and all(team["same"] for team in teams),
        "flaws": [{"key": key, "what": what} for key, what in sorted(flaws.items())], "teams": teams,
    }


def words(given: Any) -> Document:
    return {"vi": given.vi, "en": given.en}


def _refused(one: Refused) -> Document:
    return {
        "entry": one.step.id, "source": one.step.source, "id": one.step.event_id, "code": one.code, "field": one.field,
        "on": one.step.on.isoformat(), **words(one.words),
    }
