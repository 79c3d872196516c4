"""Danger: what was raised, who was told, and sessions after a warning of domestic violence.

Luật 35/2013/QH13 Art. 10.4, 10.5, 15.4; Luật Phòng, chống bạo lực gia đình 13/2022/QH15.
"""

from __future__ import annotations

from collections.abc import Iterable

from services.intake.domain.case_life.folding import Effect, Folding, Told
from services.intake.domain.case_life.table import CaseLife
from shared.contracts import When
from shared.contracts import cases as facts
from shared.contracts.outgoing import Safety

SEPARATE = "domestic_violence"
"""After this kind of warning there is no joint session unless the victim's consent is noted."""


def raise_danger(case: Folding, on: When, kinds: Iterable[str], told: Iterable[str]) -> None:
    known: Safety | None = case.fields.get("safety")
    case.urgent.extend(kind for kind in kinds if kind not in case.urgent)
    case.fields["safety"] = Safety(
        raised_on=known.raised_on if known else on, separate_only=SEPARATE in case.urgent,
        told=sorted({*(known.told if known else ()), *told}),
    )


def check_session(case: Folding, life: CaseLife, on: When, data: facts.MediationHeld) -> None:
    safety: Safety | None = case.fields.get("safety")
    # a session whose form nobody noted was one with both parties [I]
    if safety is not None and safety.separate_only and data.form != "separate" and not data.victim_consented:
        case.flag(life, "joint_session", on)


def state_due(case: Folding) -> None:
    safety: Safety | None = case.fields.get("safety")
    if safety is not None and not safety.told:
        case.runs("tell_danger", safety.raised_on)


def _danger_raised(case: Folding, life: CaseLife, on: When, told: Told) -> None:
    raise_danger(case, on, told.data.urgent, told.data.told)


EFFECTS: dict[str, Effect] = {"case.danger-raised": _danger_raised}
