"""After the agreement: its written form, its performance, the court."""

from __future__ import annotations

from services.intake.domain.case_life.folding import Effect, Folding, Told
from services.intake.domain.case_life.table import CaseLife
from shared.contracts import When
from shared.contracts import cases as facts
from shared.contracts.outgoing import FollowUp, Settlement


def _settled(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    if not isinstance(told.data, facts.Settled) or not told.data.items:
        return
    items, wanted = told.data.items, life.items
    found = Settlement(
        items=[item for item in wanted if item in items], missing=[item for item in wanted if item not in items]
    )
    case.fields["settlement"] = found
    if found.missing:
        case.flag(life, "settlement_incomplete", on)


def _followed_up(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    case.append("follow_ups", FollowUp(on=on, result=told.data.result))


def _court_asked(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    agreed: When | None = case.fields.get("ended_on")
    if case.status == "settled" and agreed is not None:
        case.late("court_recognition", agreed, on)


def _court_inquired(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    case.fields.pop("court_answered_on", None)


def _court_answered(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    inquired: When | None = case.fields.get("court_inquired_on")
    if inquired is not None:
        case.late("court_answer", inquired, on)


def state_due(case: Folding) -> None:
    """The deadlines of an agreement: its performance, the way to the court, the answer to the court."""
    fields = case.fields
    agreed: When = fields["ended_on"]
    perform_by: When | None = fields.get("perform_by")
    if perform_by is not None and "performance" not in fields:
        case.runs("performance", agreed, perform_by)
    # the court wants the written result
    if fields.get("written") and "court" not in fields:
        case.runs("court_recognition", agreed)
    inquired: When | None = fields.get("court_inquired_on")
    if inquired is not None and "court_answered_on" not in fields:
        case.runs("court_answer", inquired)


EFFECTS: dict[str, Effect] = {
    "case.settled": _settled, "case.followed-up": _followed_up, "case.court-recognition-asked": _court_asked,
    "case.court-inquired": _court_inquired, "case.court-answered": _court_answered,
}
