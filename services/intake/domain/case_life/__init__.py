"""The whole life of a case by law.

    table, loader   which event moves a case where, deadlines, flags: dated YAML beside this file
    folding         a case in the making
    placing, safety, mediating, settlement, obstacles    what events bring beyond the table, by theme
"""

from __future__ import annotations

from services.intake.domain.case_life import mediating, obstacles, placing, safety, settlement
from services.intake.domain.case_life.folding import Effect, Folding, Told
from services.intake.domain.case_life.loader import case_law, law_of
from services.intake.domain.case_life.table import CaseLaw, CaseLife

EFFECTS: dict[str, Effect] = {
    name: effect for theme in (placing, safety, mediating, settlement, obstacles) for name, effect in theme.EFFECTS.items()
}

__all__ = ["EFFECTS", "CaseLaw", "CaseLife", "Folding", "Told", "case_law", "law_of"]
