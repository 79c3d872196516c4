"""What stands in an official paper: the data of ``shared.papers``, taken from what is on record. What is not known, names of
people above all, stays out and prints as dots.

    papers_of_teams       self-assessment, yearly report, request, certificate of recognition
    papers_of_units       review meeting, decision of recognition
    papers_of_awards      everything about commendations
    papers_of_payments    a claim: request, decision, refusal
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from services.evaluation.queries import papers_of_awards, papers_of_teams, papers_of_units
from services.evaluation.queries.desk import Desk
from services.evaluation.queries.papers_of_payments import OF_CLAIMS
from services.evaluation.store import Document
from shared.papers.data import Paper
from shared.papers.kinds import KINDS

OF_TEAMS: dict[str, Callable[[Desk, str, int], Paper | None]] = {
    "self-assessment-minutes": papers_of_teams.minutes, "yearly-report": papers_of_teams.report,
    "recognition-request": papers_of_teams.request, "recognition-certificate": papers_of_teams.certificate,
}
OF_UNITS: dict[str, Callable[[Desk, str, int], Paper | None]] = {
    "review-minutes": papers_of_units.review, "recognition-decision": papers_of_units.decision,
}


class UnknownPaper(LookupError):
    """There is no paper of that kind, or what it is about was not said."""


def papers_data(
    desk: Desk, kind: str, unit: str | None = None, team: str | None = None, commendation: str | None = None,
    year: int | None = None, payment: str | None = None,
) -> Document | None:
    """The data of one paper; None if nothing is on record that it could be about. ``year``: of evaluation; not asked for where
    ``commendation`` or ``payment`` is given. Raise ``UnknownPaper``, ``UnknownTeam``, ``UnknownCommendation``,
    ``UnknownPayment``."""
    if kind not in KINDS:
        raise UnknownPaper(f"there is no paper {kind!r}; there are: {', '.join(KINDS)}")
    desk.replica.refresh(desk.db)
    found: Paper | None
    if kind in OF_TEAMS and team is not None and year is not None:
        found = OF_TEAMS[kind](desk, team, year)
    elif kind in OF_UNITS and unit is not None and year is not None:
        found = OF_UNITS[kind](desk, unit, year)
    elif kind in OF_CLAIMS and payment is not None:
        found = OF_CLAIMS[kind](desk, payment, team)
    elif KINDS[kind].about == "commendation" and commendation is not None:
        found = papers_of_awards.of_one(desk, kind, commendation)
    elif KINDS[kind].lists and unit is not None and year is not None:
        found = papers_of_awards.of_a_year(desk, kind, unit, year)
    else:
        raise UnknownPaper(f"{kind} is about a {KINDS[kind].about}: say which, and the year")
    plain: Document | None = None if found is None else msgspec.to_builtins(found)
    return plain
