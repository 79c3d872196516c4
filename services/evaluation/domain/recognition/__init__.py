"""Recognition of a team as "Tổ hòa giải 5 tốt": from the self-assessment to the decision, and back.

    procedure   the rules as data: days, gates, who signs          papers    steps as the papers that they are
    gates       the conditions                                     course    which acts took effect
    state       how far it has come                                flags     late, out of order, found afterwards
    remarks     measured beside what people said                   advice    what comes next
    outcome     all of it for one team's year

A register written late is accepted and flagged. What the procedure does not allow is refused where somebody asks for, or decides
on, recognition: the step stays on record and has no effect.
"""

from __future__ import annotations

from services.evaluation.domain.recognition.gates import Whereabouts
from services.evaluation.domain.recognition.outcome import Recognition, recognise
from services.evaluation.domain.recognition.papers import TYPES, read_papers, years
from services.evaluation.domain.recognition.procedure import Procedure
from services.evaluation.domain.recognition.remarks import Measured
from services.evaluation.domain.recognition.state import STATE_WORDS, Progress, State

__all__ = [
    "STATE_WORDS",
    "TYPES",
    "Measured",
    "Procedure",
    "Progress",
    "Recognition",
    "State",
    "Whereabouts",
    "read_papers",
    "recognise",
    "years",
]
