"""Where a case belongs, and whether it is one for grassroots mediation at all: report, scope, referral, lead team, links."""

from __future__ import annotations

import msgspec

from services.intake.domain.case_life.folding import Effect, Folding, Told
from services.intake.domain.case_life.safety import raise_danger
from services.intake.domain.case_life.table import CaseLife
from shared.contracts import When, record_id
from shared.contracts import cases as facts
from shared.contracts.outgoing import Place, Scope


def _reported(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    data: facts.Reported | facts.Recorded = told.data
    known: Place | None = case.fields.get("place")
    if known is None or (known.team is None and data.team is not None):
        case.fields["place"] = Place(source=told.entry.source, team=data.team, unit=data.unit, group=data.group)
    if isinstance(data, facts.Recorded):
        case.fields["invited"] = case.fields.get("invited", 0) + data.invited
    elif data.urgent:
        raise_danger(case, on, data.urgent, ())


def _lead_agreed(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    data: facts.LeadAgreed = told.data
    # the case counts where its lead team is, so that whoever places cases need not know of shared ones
    case.fields["place"] = Place(source=told.entry.source, team=data.lead)
    case.fields["lead_team"] = data.lead
    case.fields["other_teams"] = [team for team in data.others if team != data.lead]


def _scope_review(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    case.fields["scope"] = Scope(answer="under_review")


def _in_scope(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    known: Scope | None = case.fields.get("scope")
    case.fields["scope"] = Scope(answer="in_scope", referral=known.referral if known else None)


def _out_of_scope(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    case.fields["scope"] = Scope(answer="out_of_scope", reason_code=told.data.reason_code)


def _referred(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    known: Scope | None = case.fields.get("scope")
    case.fields["scope"] = Scope(answer="referred", reason_code=told.data.reason_code or (known.reason_code if known else None))


def _referral_answered(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    known: Scope = case.fields.get("scope") or Scope(answer="referred")
    case.fields["scope"] = msgspec.structs.replace(known, referral=told.data.answer)


def _linked(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    case.fields["linked_to"] = record_id(told.data.primary)


def _unlinked(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    primary = told.data.primary
    if primary is None or record_id(primary) == case.fields.get("linked_to"):
        case.fields.pop("linked_to", None)


EFFECTS: dict[str, Effect] = {
    "case.reported": _reported, "case.lead-agreed": _lead_agreed, "case.scope-review": _scope_review, "case.in-scope": _in_scope,
    "case.out-of-scope": _out_of_scope, "case.referred": _referred, "case.referral-answered": _referral_answered,
    "case.linked": _linked, "case.unlinked": _unlinked,
}
