"""What evaluation answers, all plain JSON values.

    finding     whom a question means
    cases       cases to work through: urgent first, then by deadline
    verdicts    league, counts, explanation, what waits for its team
    recognition a team's way to recognition, a unit's board
    checking    what would be refused, asked beforehand (``checking_commendation`` for commendations)
    closing     which criteria a unit picked, what it closed      (``checking_closing``: what of it would have no effect)
    registry    what a year's good teams did differently
    rollup      communes and the city's targets; the ward's result sheet
    statistics  figures of any period, each with its cases   (``reports``: forms filled with them; ``logbook``: the log book)
    locks       a month's submissions and locks, what was corrected since       (``odd``: figures that look wrong)
    payments    claims of a unit's teams, what bars them, what may be asked for
    workload    what each mediator has on their hands, by reference
    papers      what stands in an official paper      (``papers_of_teams``, ``papers_of_units``, ``papers_of_awards``)
    commendation, ordinals, mediators    dossiers, who is owed praise, timing, proposals; the golden book; individual records
"""

from __future__ import annotations

from services.evaluation.queries.cases import cases
from services.evaluation.queries.checking import Asked, check
from services.evaluation.queries.checking_closing import check_closing
from services.evaluation.queries.checking_commendation import check_commendation
from services.evaluation.queries.checking_statistics import check_statistics
from services.evaluation.queries.closing import closed, scheme_of, verify
from services.evaluation.queries.commendation import (
    UnknownCommendation,
    commendation,
    commendations,
    owed,
    praise_by_unit,
    proposals,
    timeliness,
)
from services.evaluation.queries.desk import Desk
from services.evaluation.queries.finding import UnknownScheme, UnknownTeam, find_scheme, find_team
from services.evaluation.queries.forms import forms
from services.evaluation.queries.locks import statistics_lock, statistics_locks
from services.evaluation.queries.logbook import log_book
from services.evaluation.queries.mediators import UnknownMediator, mediator
from services.evaluation.queries.odd import statistics_odd
from services.evaluation.queries.ordinals import decision, notice
from services.evaluation.queries.papers import UnknownPaper, papers_data
from services.evaluation.queries.payments import UnknownPayment, payment, payment_proposals, payments
from services.evaluation.queries.recognition import recognition, recognition_counts, recognitions
from services.evaluation.queries.registry import registry
from services.evaluation.queries.reports import report_form, report_forms
from services.evaluation.queries.rollup import result_sheet, rollup
from services.evaluation.queries.statistics import BadQuestion, statistics
from services.evaluation.queries.verdicts import (
    VERDICTS,
    counts,
    explain,
    lag,
    league,
    teams_by_verdict,
    unplaced,
    unplaced_count,
)
from services.evaluation.queries.workload import workloads

__all__ = [
    "VERDICTS",
    "Asked",
    "BadQuestion",
    "Desk",
    "UnknownCommendation",
    "UnknownMediator",
    "UnknownPaper",
    "UnknownPayment",
    "UnknownScheme",
    "UnknownTeam",
    "cases",
    "check",
    "check_closing",
    "check_commendation",
    "check_statistics",
    "closed",
    "commendation",
    "commendations",
    "counts",
    "decision",
    "explain",
    "find_scheme",
    "find_team",
    "forms",
    "lag",
    "league",
    "log_book",
    "mediator",
    "notice",
    "owed",
    "papers_data",
    "payment",
    "payment_proposals",
    "payments",
    "praise_by_unit",
    "proposals",
    "recognition",
    "recognition_counts",
    "recognitions",
    "registry",
    "report_form",
    "report_forms",
    "result_sheet",
    "rollup",
    "scheme_of",
    "statistics",
    "statistics_lock",
    "statistics_locks",
    "statistics_odd",
    "teams_by_verdict",
    "timeliness",
    "unplaced",
    "unplaced_count",
    "verify",
    "workloads",
]
