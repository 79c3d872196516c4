"""Claims as a function of the set of their entries, in the order in which these were written up.

What happened is taken as it is, and flagged. A decision that something bars has no effect and says why. So two decisions about
one case never both stand, in whatever order the events came.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from services.evaluation.domain.facts import Step
from services.evaluation.domain.payments.gates import Key, Reason, Taken, barred, called
from services.evaluation.domain.payments.rules import CIRCULAR, EVERY_UNIT, PROCEDURE, Known, PaymentRules, ceiling, distinct
from services.evaluation.domain.wording import Words, day, money
from shared.calendar import add_calendar_days, add_working_days
from shared.contracts import When, record_id

TYPES = ("payment.requested", "payment.decided", "payment.refused", "payment.paid")


class Said(msgspec.Struct, frozen=True, gc=False):
    """About an entry of the claim; ``entry`` empty: about the claim as it stands today."""

    code: str
    article: str
    vi: str
    en: str
    entry: str = ""


class Claim(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """``state``: incomplete, requested, decided, refused, paid; unasked if there is no request. ``due``: the last day in time for
    what comes next. ``ceiling``: the most that may be paid, None if not known. Cases are ids, one for each quarrel. ``beyond``:
    cases and months that were asked for after the decision, which does not include them."""

    record: str
    team: str
    state: str
    cases: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()
    requested_on: dt.date | None = None
    amount_requested: int | None = None
    decided_on: dt.date | None = None
    amount_decided: int | None = None
    number: str | None = None
    refused_on: dt.date | None = None
    reason: str | None = None
    paid_on: dt.date | None = None
    paid: int = 0
    ceiling: int | None = None
    due: dt.date | None = None
    flags: tuple[Said, ...] = ()
    refused: tuple[Said, ...] = ()


class _Dossier:
    """What one team's part of a record says so far."""

    def __init__(self, key: Key, own: list[Step], known: Mapping[str, Known]) -> None:
        self.key = key
        self.requests = [step for step in own if step.type == "payment.requested"]
        complete = [step for step in self.requests if step.data.get("complete", True)]
        # the days run from the first complete request; its amount is what was asked for
        self.asked = min(complete, key=lambda step: (step.on, step.time, step.id), default=None)
        self.known = known
        self.cases, self.months = self._of(self.requests)
        # what was paid for without having been asked for is paid for nevertheless
        self.paid_cases = distinct((*self.cases, *_named(s for s in own if s.type == "payment.paid")), known)
        self.decisions: list[Step] = []
        self.refusals: list[Step] = []
        self.payments: list[Step] = []
        self.flags: list[Said] = []
        self.barred: list[Said] = []

    @property
    def decision(self) -> Step | None:
        return max(self.decisions, key=_paper, default=None)

    @property
    def refusal(self) -> Step | None:
        return max(self.refusals, key=_paper, default=None)

    @property
    def stands(self) -> bool:
        """Whether a decision to pay holds: of it and a refusal the later paper does; of one day, what was written up later."""
        decision, refusal = self.decision, self.refusal
        if decision is None or refusal is None:
            return decision is not None
        return (refusal.on, refusal.time) <= (decision.on, decision.time)

    def about(self, paper: Step | None) -> tuple[list[str], tuple[str, ...]]:
        """Cases and months that a decision or payment is about: what was asked for before it was written up, or at all where
        nothing was. So a request that comes after a decision neither widens nor undoes it."""
        before = [] if paper is None else [step for step in self.requests if step.time <= paper.time]
        return self._of(before) if before else (self.cases, self.months)

    def _of(self, requests: list[Step]) -> tuple[list[str], tuple[str, ...]]:
        months = sorted({step.data["month"] for step in requests if step.data.get("month")})
        return distinct(_named(requests), self.known), tuple(months)

    def most(self, rules: PaymentRules, on: dt.date, paper: Step | None) -> int | None:
        """For what the paper is about."""
        return None if self.asked is None else ceiling(rules.maxima, self.asked.on, *self.about(paper), self.known, on)

    def flag(self, code: str, article: str, words: Words, entry: str = "") -> None:
        self.flags.append(Said(code, article, words.vi, words.en, entry))


def _named(steps: Iterable[Step]) -> Iterator[str]:
    return (record_id(uri) for step in steps for uri in step.data.get("cases", ()))


def _paper(step: Step) -> tuple[dt.date, When, str]:
    """What decides which of several papers is the last."""
    return step.on, step.time, step.id


def fold(
    rules: PaymentRules, steps: Iterable[Step], known: Mapping[str, Known], today: dt.date,
    unit_of: Callable[[str, dt.date], str] = lambda team, on: EVERY_UNIT,
) -> tuple[Claim, ...]:
    """By record and team. ``steps``: all that are to be looked at beside each other; those of other procedures are passed over.
    ``known``: by id, also those of linked cases. ``unit_of``: where a team works on a day."""
    listed = in_written_order({(s.id, s.team): s for s in steps if s.type in TYPES}.values())
    own: dict[Key, list[Step]] = {}
    for step in listed:
        own.setdefault((step.record, step.team), []).append(step)
    dossiers = {key: _Dossier(key, entries, known) for key, entries in own.items()}
    taken, asked_for = Taken(), Taken()
    for step in listed:
        _take(rules, dossiers[step.record, step.team], step, known, taken, asked_for)
    return tuple(_claim(rules, dossiers[key], known, today, unit_of) for key in sorted(dossiers))


def in_written_order(steps: Iterable[Step]) -> list[Step]:
    return sorted(steps, key=lambda s: (s.time, s.on, TYPES.index(s.type), s.id, s.team))


def _take(
    rules: PaymentRules, at: _Dossier, step: Step, known: Mapping[str, Known], taken: Taken, asked_for: Taken
) -> None:
    match step.type:
        case "payment.requested":
            month: str = step.data.get("month") or ""
            before = asked_for.month_by_other(at.key, month) if month else None
            if before is not None:
                at.flag("month_twice", PROCEDURE, Words(
                    f"Hỗ trợ tháng {month[5:]}/{month[:4]} đã được đề nghị ở {called(before, at.key)}.",
                    f"Support for {month} was asked for before, in {called(before, at.key, 'en')}.",
                ), step.id)
            asked_for.take(at.key, (), (month,) if month else ())
            if at.stands and at.about(at.decision) != at.about(step):
                at.flag("after_decision", PROCEDURE, Words(
                    "Đề nghị thêm sau khi đã có quyết định: quyết định không gồm phần này, cần lập hồ sơ riêng.",
                    "More is asked for after the decision, which does not include it: it needs a claim of its own.",
                ), step.id)
            if not at.cases and not at.months:
                at.flag("nothing_named", PROCEDURE, Words(
                    "Đề nghị không nêu vụ việc hoặc tháng nào: không đối chiếu được mức tối đa và việc chi hai lần.",
                    "The request names no case and no month: nothing can be compared, neither the maximum nor earlier payments.",
                ), step.id)
        case "payment.decided":
            cases, months = at.about(step)
            most = at.most(rules, step.on, step)
            reasons = list(barred(at.key, cases, months, known, taken, step.on, step.data["amount"], most))
            if reasons:
                at.barred += [_said(reason, step) for reason in reasons]
                return
            at.decisions.append(step)
            if at.stands:
                taken.take(at.key, cases, months)
        case "payment.refused":
            at.refusals.append(step)
            if not at.payments and not at.stands:
                taken.release(at.key)
        case "payment.paid":
            at.payments.append(step)
            cases, months = at.about(step)
            cases = distinct((*cases, *_named([step])), known)
            taken.take(at.key, cases, months)
            for id in cases:
                other = taken.by_other(at.key, id)
                if other is not None:
                    at.flag("case_paid_twice", PROCEDURE, Words(
                        f"Vụ việc {id[:8]} đã được quyết định chi hoặc đã chi theo {called(other, at.key)}.",
                        f"Case {id[:8]} was decided or paid under {called(other, at.key, 'en')}.",
                    ), step.id)


def _said(reason: Reason, step: Step) -> Said:
    return Said(reason.code, reason.article, reason.words.vi, reason.words.en, step.id)


def _on_decision(rules: PaymentRules, at: _Dossier, step: Step, known: Mapping[str, Known], unit: str) -> None:
    if at.asked is None:
        at.flag("no_request", PROCEDURE, Words(
            "Quyết định chi khi chưa có đề nghị đủ hồ sơ.", "Decided without a complete request.",
        ), step.id)
        return
    due = _decide_by(rules, at.asked.on)
    if due is not None and step.on > due:
        at.flag("decided_late", PROCEDURE, Words(
            f"Quyết định ngày {day(step.on)}, quá hạn (hạn cuối {day(due)}).",
            f"Decided on {day(step.on, 'en')}, after the last day in time ({day(due, 'en')}).",
        ), step.id)
    cases, months = at.about(step)
    if at.most(rules, step.on, step) is None:
        at.flag("no_maximum", CIRCULAR, Words(
            "Chưa có căn cứ để đối chiếu mức tối đa.", "There is no maximum to compare with.",
        ), step.id)
    rates = rules.rates_of(unit)
    usual = None if rates is None else ceiling(rates, at.asked.on, cases, months, known, step.on)
    if usual is not None and usual != step.data["amount"]:
        at.flag("other_than_rate", CIRCULAR, Words(
            f"Quyết định chi {money(step.data['amount'])}, khác mức chi đã quy định là {money(usual)}.",
            f"{money(step.data['amount'], 'en')} decided; by the rates that are set it would be {money(usual, 'en')}.",
        ), step.id)
    for id in cases:
        if id not in known:
            at.flag("case_unknown", PROCEDURE, Words(
                f"Chưa có báo cáo về vụ việc {id[:8]}.", f"Case {id[:8]} was not reported yet.",
            ), step.id)


def _decide_by(rules: PaymentRules, asked: dt.date) -> dt.date | None:
    found = rules.decide_within_working_days.find(asked)
    return None if found is None else add_working_days(asked, found.value)


def _pay_by(rules: PaymentRules, decided: dt.date) -> dt.date | None:
    found = rules.pay_within_days.find(decided)
    return None if found is None else add_calendar_days(decided, found.value)


def _claim(
    rules: PaymentRules, at: _Dossier, known: Mapping[str, Known], today: dt.date, unit_of: Callable[[str, dt.date], str]
) -> Claim:
    decision, refusal = (at.decision, None) if at.stands else (None, at.refusal)
    if decision is not None:
        _on_decision(rules, at, decision, known, unit_of(at.key[1], decision.on))
    state, due = _state(rules, at, decision, refusal)
    if at.payments:
        _on_payment(rules, at, decision, known)
    elif due is not None and due < today:
        what = Words("quyết định", "decision") if state == "requested" else Words("chi", "payment")
        at.flag("overdue", PROCEDURE, Words(
            f"Chưa ghi nhận việc {what.vi}, đã quá hạn cuối {day(due)}.",
            f"No {what.en} is on record; the last day in time was {day(due, 'en')}.",
        ))
    return Claim(
        record=at.key[0], team=at.key[1], state=state, cases=tuple(at.paid_cases), months=at.months, beyond=_beyond(at, decision),
        requested_on=None if at.asked is None else at.asked.on,
        amount_requested=None if at.asked is None else at.asked.data["amount"],
        decided_on=None if decision is None else decision.on,
        amount_decided=None if decision is None else decision.data["amount"],
        number=None if decision is None else decision.data.get("number"),
        refused_on=None if refusal is None else refusal.on, reason=None if refusal is None else refusal.data["reason"],
        paid_on=max((step.on for step in at.payments), default=None), paid=sum(step.data["amount"] for step in at.payments),
        ceiling=at.most(rules, today if decision is None else decision.on, decision), due=due,
        flags=tuple(at.flags), refused=tuple(at.barred),
    )


def _beyond(at: _Dossier, decision: Step | None) -> tuple[str, ...]:
    cases, months = at.about(decision)
    return tuple(sorted({*at.cases, *at.months} - {*cases, *months}))


def _state(
    rules: PaymentRules, at: _Dossier, decision: Step | None, refusal: Step | None
) -> tuple[str, dt.date | None]:
    if at.payments:
        return "paid", None
    if decision is not None:
        return "decided", _pay_by(rules, decision.on)
    if refusal is not None:
        return "refused", None
    if at.asked is not None:
        return "requested", _decide_by(rules, at.asked.on)
    return ("incomplete" if at.requests else "unasked"), None


def _on_payment(rules: PaymentRules, at: _Dossier, decision: Step | None, known: Mapping[str, Known]) -> None:
    last = max(at.payments, key=lambda step: (step.on, step.time, step.id))
    total = sum(step.data["amount"] for step in at.payments)
    most = at.most(rules, last.on, last)
    if decision is None:
        at.flag("paid_undecided", PROCEDURE, Words(
            f"Chi ngày {day(last.on)} khi không có quyết định có hiệu lực.",
            f"Paid on {day(last.on, 'en')} without a decision in effect.",
        ), last.id)
    else:
        due = _pay_by(rules, decision.on)
        if due is not None and last.on > due:
            at.flag("paid_late", PROCEDURE, Words(
                f"Chi ngày {day(last.on)}, quá hạn (hạn cuối {day(due)}).",
                f"Paid on {day(last.on, 'en')}, after the last day in time ({day(due, 'en')}).",
            ), last.id)
        if total != decision.data["amount"]:
            at.flag("other_amount", PROCEDURE, Words(
                f"Chi {money(total)}, khác số đã quyết định {money(decision.data['amount'])}.",
                f"Paid {money(total, 'en')}, which is not the decided {money(decision.data['amount'], 'en')}.",
            ), last.id)
    if most is not None and total > most:
        at.flag("paid_above_max", CIRCULAR, Words(
            f"Chi {money(total)}, vượt mức tối đa {money(most)}.",
            f"Paid {money(total, 'en')}, above the maximum of {money(most, 'en')}.",
        ), last.id)
