"""The papers about a unit's year: the review meeting, and the decision that recognises its teams."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from services.evaluation.domain.recognition.papers import Paper as Step
from services.evaluation.domain.recognition.papers import read_papers
from services.evaluation.domain.recognition.procedure import Act
from services.evaluation.queries.desk import Desk
from services.evaluation.queries.papers_of_teams import listed_in, place_in, scheme_words, signer, standing_decision
from services.evaluation.queries.recognition import recognitions
from services.evaluation.rules.grounds import recognition_grounds
from services.evaluation.rules.procedure import procedure_of
from services.evaluation.store import Document, closings, sheets
from shared.naming import alphabet
from shared.papers import data


class Line(NamedTuple):
    """A team of the unit's board, with its steps of the year and its verdict."""

    row: Document
    steps: list[Step]
    verdict: Document | None

    def last(self, *acts: Act) -> Step | None:
        found = [step for step in self.steps if step.act in acts]
        return found[-1] if found else None

    @property
    def settled_share(self) -> tuple[int, int] | None:
        return None if self.verdict is None else (self.verdict["settled"], self.verdict["rated"])


class UnitYear:
    def __init__(self, desk: Desk, unit: str, year: int) -> None:
        self.desk, self.year = desk, year
        self.board = recognitions(desk.db, desk.schemes, desk.default, unit, year, desk.today)
        rules = desk.chosen([unit]).of(unit, year)
        self.scheme = rules.scheme
        self.procedure = procedure_of(self.scheme.procedure)
        codes = [row["code"] for row in self.board["teams"]]
        facts = sheets.facts_of(desk.db, codes, keep=False)
        wanted = {"unit": unit, "year": year}
        # a closed year counts as it was closed
        found = closings.latest(desk.db, wanted) if rules.closed is not None else desk.db["verdicts"].find(
            {**wanted, "scheme": self.scheme.id}, ("team", "verdict", "settled", "rated")
        )
        verdicts = {d["team"]: d for d in found}
        self.lines = [
            Line(row, read_papers(facts[row["code"]].steps, year), verdicts.get(row["code"]))
            for row in sorted(self.board["teams"], key=lambda row: (alphabet.order(row["name"]), row["code"]))
        ]

    def head(self) -> dict[str, Any]:
        return {"unit_name": self.board["unit_name"], "year": self.year}


def review(desk: Desk, unit: str, year: int) -> data.ReviewMinutes | None:
    """Teams that asked, with what the meeting came to, if it took place; None if nobody asked."""
    own = UnitYear(desk, unit, year)
    asked = [line for line in own.lines if line.last(Act.REQUEST, Act.REVIEW) is not None]
    if not asked:
        return None
    held = [step for line in asked if (step := line.last(Act.REVIEW)) is not None]
    counts: Mapping[str, int] = own.board["counts"]
    return data.ReviewMinutes(
        **own.head(), scheme=scheme_words(own.scheme.title.vi), met_on=max((step.on for step in held), default=None),
        teams=counts["teams"], meets=counts["meets"], requested=counts["requested"],
        favoured=sum(step.positive for step in held) if held else None, rows=[_reviewed(line) for line in asked],
    )


def _reviewed(line: Line) -> data.ReviewRow:
    found, assessed = line.last(Act.REVIEW), line.last(Act.ASSESS)
    return data.ReviewRow(
        team_name=line.row["name"], group=line.row["group"] or None,
        measured=None if line.verdict is None else line.verdict["verdict"], settled_share=line.settled_share,
        vote_share=None if assessed is None else (assessed.agreed, assessed.members),
        recognise=None if found is None else found.positive, remark=None if found is None else found.reason,
    )


def decision(desk: Desk, unit: str, year: int) -> data.RecognitionDecision | None:
    """The last decision that stands, in the order of its own list; before there is one, a draft for the teams that the meeting
    was for. None if there is neither."""
    own = UnitYear(desk, unit, year)
    taken = [
        (line, step) for line in own.lines
        if line.row["recognised"] and (step := standing_decision_of(line, year)) is not None
    ]
    if taken:
        newest = max((step.on, step.number or "") for _, step in taken)
        listed = [(line, step) for line, step in taken if (step.on, step.number or "") == newest]
        of = listed[0][1]
        names = listed_in(desk, of)
        listed.sort(key=lambda one: (place_in(names, one[1]) or len(names) + 1, one[0].row["name"]))
        return _decision(own, [line for line, _ in listed], of.on, of.number, of.signed_by)
    favoured = [line for line in own.lines if (step := line.last(Act.REVIEW)) is not None and step.positive]
    return _decision(own, favoured, None, None, None) if favoured else None


def standing_decision_of(line: Line, year: int) -> Step | None:
    return standing_decision((step.step for step in line.steps), year, line.row["number"])


def _decision(
    own: UnitYear, lines: list[Line], on: dt.date | None, number: str | None, signed_by: str | None
) -> data.RecognitionDecision:
    day = on or own.desk.today
    office = own.procedure.office("justice", day)
    reviewed = [step.on for line in lines if (step := line.last(Act.REVIEW)) is not None]
    return data.RecognitionDecision(
        **own.head(), number=number, dated=on, grounds=recognition_grounds(day), reviewed_on=max(reviewed, default=None),
        rows=[
            data.RecognisedRow(team_name=line.row["name"], group=line.row["group"] or None, settled_share=line.settled_share)
            for line in lines
        ],
        recognised=len(lines), enforcer=None if office is None else office.vi, signed_by=signer(signed_by),
    )
