"""Verdicts: a team's judgement under a scheme in a year, standing for a generation of the team."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from services.evaluation.domain.judge import Judgement
from services.evaluation.store import Db, Document
from services.evaluation.store.replica import Seat
from services.evaluation.store.standing import Derived, Event, Standing, body_of
from shared.contracts.outgoing import VERDICT_CHANGED, VerdictChanged

tree_of = body_of
"""The explanation as JSON values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A team's judgement under a scheme in a year, with who it is on the window's last day. ``base``: of a commune's variant,
    the scheme that it differs from. ``counts``: the commune goes by this scheme in this year."""

    team: str
    name: str
    seat: Seat
    scheme: str
    year: int
    judgement: Judgement
    base: str | None = None
    counts: bool = True

    @property
    def key(self) -> str:
        return f"{self.scheme}|{self.year}|{self.team}"


def write(
    db: Db, generations: Mapping[str, int], results: Sequence[Scored], today: dt.date, now: dt.datetime
) -> None:
    """Write what these teams' generations come to; verdicts of theirs that are no longer due go."""
    STANDING.write(db, generations, [derived(result) for result in results], today, now)


def derived(result: Scored) -> Derived:
    judgement = result.judgement
    return Derived(
        key=result.key, team=result.team, body=judgement.tree.encoded(), revisit_on=judgement.revisit_on,
        summary={
            "team": result.team, "name": result.name, "unit": result.seat.unit, "group": result.seat.group,
            "scheme": result.scheme, "base": result.base, "year": result.year, "verdict": str(judgement.verdict),
            "criteria": {child.id: str(child.verdict) for child in judgement.tree.children},
            "lacking": list(judgement.lacking), "counts": result.counts, "settled": judgement.settled, "rated": judgement.rated,
        },
    )


def due_for_a_look(db: Db, today: dt.date) -> list[str]:
    return STANDING.due_for_a_look(db, today)


def announce(db: Db, publish: Callable[[list[Event]], None], teams: Iterable[str] | None = None) -> int:
    return STANDING.announce(db, publish, teams)


def _event(document: Document) -> Event:
    told = VerdictChanged(
        team=document["team"], unit=document["unit"], scheme=document["scheme"], year=document["year"],
        generation=document["changed"], verdict=document["verdict"], lacking=document["lacking"],
        counts=document["counts"],
    )
    return VERDICT_CHANGED, f"namtot://evaluation/{document['scheme']}/{document['year']}/{document['team']}", told


STANDING = Standing(collection="verdicts", tells=("verdict", "lacking", "counts"), event=_event)
