"""Who mediates and when: choice, assignment, recusal and replacement, sessions, the three days."""

from __future__ import annotations

from services.intake.domain.case_life.folding import Effect, Folding, Told
from services.intake.domain.case_life.safety import check_session
from services.intake.domain.case_life.table import CaseLife
from shared.contracts import When
from shared.contracts import cases as facts
from shared.contracts.outgoing import Recusal, Session


def _taken(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    if told.data.mediator in case.recused:
        case.flag(life, "recused_again", on)


def _recused(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    data: facts.Recused = told.data
    case.append("recusals", Recusal(mediator=data.mediator, on=on, reason=data.reason_code))
    case.recused.add(data.mediator)
    if case.fields.get("mediator") == data.mediator:
        # nobody is assigned until a replacement is, and only then three days begin
        for name in ("mediator", "assigned_on", "start_agreed_on", "chosen_by_parties"):
            case.fields.pop(name, None)
    else:
        case.flag(life, "recused_other", on)


def _held(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    data: facts.MediationHeld | facts.Recorded = told.data
    invited = 0
    if isinstance(data, facts.MediationHeld):
        invited = data.invited
        case.fields["invited"] = case.fields.get("invited", 0) + invited
        if data.mode is not None:
            case.fields.setdefault("visibility", data.mode)
        if case.urgent:
            check_session(case, life, on, data)
    if case.recused and "mediator" not in case.fields:
        case.flag(life, "no_replacement", on)
    case.sessions.append(Session(on=on, invited=invited))


def _reopened(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    if case.status == "reopened":
        case.append("reopened_on", on)


def flag_start(case: Folding, over: bool) -> None:
    """Art. 20.2: days run from assignment, unless the parties chose the mediator or agreed on a day."""
    fields = case.fields
    assigned: When | None = fields.get("assigned_on")
    agreed: When | None = fields.get("start_agreed_on")
    if agreed is not None and (assigned is None or agreed[:10] < assigned[:10]):
        # what was agreed with a mediator before this one
        agreed = None
        del fields["start_agreed_on"]
    if assigned is None or (fields.get("chosen_by_parties") and agreed is None):
        return
    day = assigned[:10]
    started = next((s.on for s in case.sessions if s.on[:10] >= day), None) or fields.get("ended_on")
    if started is None:
        if not over and case.status != "paused":
            case.runs("start", assigned, agreed)
    elif agreed is None and started[:10] != day:
        case.late("start", assigned, started)


EFFECTS: dict[str, Effect] = {
    "case.chosen": _taken, "case.assigned": _taken, "case.recused": _recused, "case.mediation-held": _held,
    "case.reopened": _reopened,
}
