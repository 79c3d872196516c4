"""Prompt detection (v1-1): every case that the ward or others knew first reached the team in time, and cases that
were assigned were begun in time. What no record shows is bounded from both sides, so that a gap neither passes nor
fails anyone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from services.evaluation.domain.casework import ENDED, LEFT_OUT, status_on
from services.evaluation.domain.context import Context
from services.evaluation.domain.facts import Case
from services.evaluation.domain.measures.nothing import nothing_arose
from services.evaluation.domain.measures.parts import combined
from services.evaluation.domain.rates import exact_percent
from services.evaluation.domain.rules import Cited
from services.evaluation.domain.tree import Change, Finding, Input, Node, change
from services.evaluation.domain.verdict import Verdict
from services.evaluation.domain.wording import Words, days
from shared.calendar import add_calendar_days


class Sign(StrEnum):
    """What shows that the team had the case: the first dated step after its reception, or the day on which the
    case was first written up. Registers are written afterwards, so the dates in them say more."""

    TAKEN_UP = "taken_up"
    WRITTEN_UP = "written_up"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameters:
    """``start_share`` of assigned cases begin within ``start_days`` calendar days of assignment; ``start_rolls``:
    a last day that is off moves to the next working day."""

    log_days: Cited[int]
    sign: Cited[Sign]
    start_share: Cited[Fraction]
    start_days: Cited[int]
    start_rolls: Cited[bool]


def judge(context: Context, given: Parameters) -> Finding:
    if not context.standings.counted:
        return nothing_arose(context, Words(
            "Không có vụ việc nào bị bỏ sót và không có vụ việc nào phát sinh",
            "No case was missed and none arose",
        ))
    return combined([_reached(context, given), _begun(context, given)])


def _reached(context: Context, given: Parameters) -> Node:
    known_first = [
        case for case in context.standings.counted
        if case.first_known_by != "team" and case.received is not None and case.received in context.span
    ]
    limit = given.log_days
    late: list[dt.date] = []
    unseen: list[dt.date] = []
    for case in known_first:
        assert case.received is not None  # the list above holds no other
        due = add_calendar_days(case.received, limit.value)
        sign = _sign(case, given)
        if sign is None and context.clock.passed(due):
            unseen.append(case.received)
        elif sign is not None and sign > due:
            late.append(case.received)
    changes: tuple[Change, ...] = ()
    if late:
        verdict = Verdict.NOT_MET
        said = Words(
            f"{len(late)} vụ việc nơi khác biết trước, tổ tiếp nhận sau hơn {limit.value} ngày (nhận ngày {days(late)}).",
            f"{len(late)} cases known elsewhere first reached the team after more than {limit.value} days "
            f"(received on {days(late, 'en')}).",
        )
    elif unseen:
        verdict = Verdict.NOT_ENOUGH
        said = Words(
            f"Chưa ghi nhận tổ đã tiếp nhận vụ việc nơi khác biết trước (nhận ngày {days(unseen)}).",
            f"Nothing shows that the team took up cases known elsewhere first (received on {days(unseen, 'en')}).",
        )
        changes = (change("detection.take_up.missing", said),)
    else:
        verdict = Verdict.MET
        said = Words(
            f"{len(known_first)} vụ việc nơi khác biết trước, đều đến tổ trong {limit.value} ngày.",
            f"{len(known_first)} cases known elsewhere first, all with the team within {limit.value} days.",
        ) if known_first else Words(
            "Mọi vụ việc đều do tổ phát hiện hoặc tiếp nhận trước.", "The team knew of every case first."
        )
    return Node(
        id="detection.reached", title=Words("Vụ việc nơi khác biết trước", "Cases known elsewhere first"),
        verdict=verdict, sentence=said, value=f"{len(known_first) - len(late) - len(unseen)}/{len(known_first)}",
        threshold=f"≤ {limit.value}",
        inputs=tuple(Input("case", c.id, c.received) for c in known_first if c.received is not None),
        citation=limit.citation, evidence="computed", changes=changes,
    )


def _sign(case: Case, given: Parameters) -> dt.date | None:
    if given.sign.value is Sign.WRITTEN_UP:
        return case.written_up
    taken = [on for on, status in case.steps if status != "received" and status not in LEFT_OUT]
    return min([*taken, *case.sessions], default=None)


def _begun(context: Context, given: Parameters) -> Node:
    in_time: list[Input] = []
    late: list[Input] = []
    unknown: list[Input] = []
    for case in context.facts.cases:
        if status_on(case, context.span.last) in LEFT_OUT:
            continue
        for assigned in _assignments(case, context):
            due = add_calendar_days(assigned, given.start_days.value, roll=given.start_rolls.value)
            if case.agreed_start is not None and case.assigned == assigned:
                due = max(due, case.agreed_start)
            begun = _begun_on(case, assigned)
            seen = Input("case", case.id, assigned)
            if begun is not None and begun <= due:
                in_time.append(seen)
            elif begun is not None and _has_session(case, begun):
                late.append(seen)
            elif begun is not None or context.clock.passed(due):
                # it ended after the term and nobody wrote down when it began, or it has not begun on record
                unknown.append(seen)
    return _share(given, in_time, late, unknown)


def _assignments(case: Case, context: Context) -> list[dt.date]:
    """Days within the window on which the case was assigned; of several in a row (recusal) the last one."""
    found = []
    for (on, status), following in zip(case.steps, [*case.steps[1:], None], strict=True):
        if status == "assigned" and on in context.span and (following is None or following[1] != "assigned"):
            found.append(on)
    return found


def _begun_on(case: Case, assigned: dt.date) -> dt.date | None:
    """The first session from the assignment on; failing that the day on which the case ended."""
    sessions = [on for on in case.sessions if on >= assigned]
    ends = [on for on, status in case.steps if status in ENDED and on >= assigned]
    return min(sessions, default=None) or min(ends, default=None)


def _has_session(case: Case, on: dt.date) -> bool:
    return on in case.sessions


def _share(given: Parameters, in_time: list[Input], late: list[Input], unknown: list[Input]) -> Node:
    total = len(in_time) + len(late) + len(unknown)
    bar = given.start_share.value
    changes: tuple[Change, ...] = ()
    if not total:
        verdict = Verdict.MET
        said = Words(
            "Không có vụ việc phân công nào phải bắt đầu trong thời hạn (các bên tự chọn hòa giải viên, hoặc chưa đến hạn).",
            "No assigned case had to begin yet (parties chose their mediator, or the term still runs).",
        )
    elif Fraction(len(in_time), total) >= bar:
        verdict = Verdict.MET
        said = Words(
            f"{len(in_time)}/{total} vụ việc phân công được bắt đầu trong {given.start_days.value} ngày.",
            f"{len(in_time)} of {total} assigned cases began within {given.start_days.value} days.",
        )
    elif Fraction(len(in_time) + len(unknown), total) < bar:
        verdict = Verdict.NOT_MET
        said = Words(
            f"Chỉ {len(in_time)}/{total} vụ việc phân công được bắt đầu trong {given.start_days.value} ngày; "
            f"bắt đầu chậm: phân công ngày {days(i.on for i in late)}.",
            f"Only {len(in_time)} of {total} assigned cases began within {given.start_days.value} days; "
            f"late: those assigned on {days((i.on for i in late), 'en')}.",
        )
    else:
        verdict = Verdict.NOT_ENOUGH
        said = Words(
            f"Còn thiếu ngày bắt đầu hòa giải của {len(unknown)} vụ việc (phân công ngày {days(i.on for i in unknown)}).",
            f"The day on which mediation began is missing for {len(unknown)} cases "
            f"(assigned on {days((i.on for i in unknown), 'en')}).",
        )
        changes = (change("detection.start.missing", said),)
    return Node(
        id="detection.begun", title=Words("Bắt đầu hòa giải đúng hạn", "Mediation begun in time"), verdict=verdict,
        sentence=said, value=f"{len(in_time)}/{total}", threshold=f"≥ {exact_percent(bar)}",
        inputs=tuple(sorted(in_time + late + unknown, key=lambda i: (i.on, i.id))),
        citation=given.start_days.citation, evidence="computed", changes=changes,
    )
