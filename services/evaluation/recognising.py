"""Recognitions out of what the scorer knows: a team's steps, the verdict under the scheme that its unit picked, and the
directory's days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.evaluation.chosen import Chosen, last_of
from services.evaluation.domain.facts import Step
from services.evaluation.domain.judge import Judgement
from services.evaluation.domain.recognition import TYPES, Measured, Whereabouts, recognise, years
from services.evaluation.domain.rules import Scheme
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words
from services.evaluation.rules.procedure import procedure_of
from services.evaluation.store import Db
from services.evaluation.store.recognitions import STANDING, Found, derived
from services.evaluation.store.replica import Replica
from services.evaluation.store.verdicts import Scored
from shared.calendar import Span

Judged = Mapping[tuple[str, str, int], Measured]
"""By team, scheme and year."""


def write(
    db: Db, replica: Replica, generations: Mapping[str, int], steps: Mapping[str, Sequence[Step]], chosen: Chosen,
    results: Iterable[Scored], today: dt.date, now: dt.datetime,
) -> list[Found]:
    """Write what these teams' generations come to. Teams that nobody took a step about cost one query for all of them."""
    wanted, found = derive(db, replica, steps, chosen, results, today)
    if wanted:
        STANDING.write(db, {code: generations[code] for code in wanted}, [derived(one) for one in found], today, now)
    return found


def derive(
    db: Db, replica: Replica, steps: Mapping[str, Sequence[Step]], chosen: Chosen, results: Iterable[Scored], today: dt.date
) -> tuple[set[str], list[Found]]:
    """The teams of which there is, or was, anything to say, and what."""
    wanted: dict[str, set[int]] = {code: about for code, own in steps.items() if (about := years(own))}
    for document in STANDING.held(db, steps, "year"):
        wanted.setdefault(document["team"], set()).add(document["year"])
    judged = {
        (one.team, one.scheme, one.year): _measured(one.scheme, one.judgement)
        for one in results if one.year in wanted.get(one.team, ())
    }
    found = [
        find(replica, chosen, code, year, steps[code], judged, today)
        for code in sorted(wanted) for year in sorted(wanted[code])
    ]
    return set(wanted), found


def find(
    replica: Replica, chosen: Chosen, code: str, year: int, steps: Iterable[Step], judged: Judged, today: dt.date,
) -> Found:
    last = min(last_day(replica, chosen, code, year), today)
    seat = replica.seat(code, last)
    scheme = chosen.of(seat.unit, year).scheme
    own = [step for step in steps if step.type in TYPES and step.data["year"] == year]
    measured = judged.get((code, scheme.id, year))
    recognition = recognise(
        procedure_of(scheme.procedure), year, own, measured, whereabouts(replica, code, (step.on for step in own)),
    )
    team = replica.team(code, last)
    return Found(
        team=code, name=replica.name(code), seat=seat, year=year, scheme=scheme.id,
        verdict=None if measured is None else str(measured.verdict), members=0 if team is None else len(team.members),
        recognition=recognition,
    )


def window(replica: Replica, chosen: Chosen, code: str, year: int) -> Span | None:
    """Of the team's year, under the scheme that its unit goes by."""
    return chosen.window(year, lambda day: replica.seat(code, day).unit)


def last_day(replica: Replica, chosen: Chosen, code: str, year: int) -> dt.date:
    """The day that says to which unit a team belongs."""
    return last_of(window(replica, chosen, code, year), year)


def whereabouts(replica: Replica, code: str, days: Iterable[dt.date]) -> Whereabouts:
    listed = set(days)
    members = {day: len(team.members) for day in listed if (team := replica.team(code, day)) is not None}
    return Whereabouts(members=members, units={day: replica.seat(code, day).unit for day in members})


def stored(
    db: Db, schemes: Mapping[str, Scheme], teams: Iterable[str], year: int
) -> dict[tuple[str, str, int], Measured]:
    """Verdicts of that year as they are stored, under whatever scheme: quicker than judging, and what people see."""
    titles = {id: {criterion.id: criterion.title for criterion in scheme.criteria} for id, scheme in schemes.items()}
    fields = ("team", "scheme", "base", "verdict", "criteria")
    found = {}
    for d in db["verdicts"].find({"team": {"$in": sorted(set(teams))}, "year": year}, fields):
        known = titles.get(d.get("base") or d["scheme"], {})
        found[d["team"], d["scheme"], year] = Measured(
            scheme=d["scheme"], verdict=Verdict(d["verdict"]),
            criteria={
                id: (known.get(id, Words(id, id)), Verdict(verdict))
                for id, verdict in d["criteria"].items() if verdict in Verdict.__members__.values()
            },
        )
    return found


def _measured(scheme: str, judgement: Judgement) -> Measured:
    return Measured(scheme=scheme, verdict=judgement.verdict, criteria=dict(_criteria(judgement)))


def _criteria(judgement: Judgement) -> Iterator[tuple[str, tuple[Words, Verdict]]]:
    for child in judgement.tree.children:
        if child.verdict is not None:
            yield child.id, (child.title, child.verdict)
