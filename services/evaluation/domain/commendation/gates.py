"""The gates. Each check looks at one step with what is known at a moment and says what stands in its way, or None.

What a check says are the words that its sentence in the rules may use (``WORDS``): days, numbers and texts, written as each
language writes them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

from services.evaluation.domain.commendation.money import Reward, reward
from services.evaluation.domain.commendation.rules import Authority, Effect, Gate
from services.evaluation.domain.commendation.titles import AUTHORITIES, MATTERS, PAPERS, STEPS, joined
from services.evaluation.domain.commendation.world import Dossier, World, short
from services.evaluation.domain.facts import Step
from services.evaluation.domain.wording import Words, day, money, number
from shared.calendar import add_working_days
from shared.contracts import record_id

Said = Mapping[str, Words]
Check = Callable[[World, Dossier, Step], Said | None]


def failing(world: World, step: Step, *effects: Effect) -> list[tuple[Gate, Words]]:
    """The gates of these effects that ``step`` does not pass as the world is now, with their sentences."""
    dossier = world.dossiers.get(step.record) or Dossier(step.record)
    found: list[tuple[Gate, Words]] = []
    gates = world.rules.gates_at(short(step), dossier.as_of(step), *effects)
    for gate in gates:
        said = CHECKS[gate.check](world, dossier, step)
        if said is not None:
            found.append((gate, sentence(gate, said)))
    return found


def sentence(gate: Gate, said: Said) -> Words:
    return Words(
        gate.refusal.vi.format(**{name: words.vi for name, words in said.items()}),
        gate.refusal.en.format(**{name: words.en for name, words in said.items()}),
    )


# -- what the law bars


def same_achievement(world: World, dossier: Dossier, step: Step) -> Said | None:
    for other in world.awarded():
        decision = other.decision
        if (
            decision is not None and other.record != dossier.record
            and (other.mediator, other.household) == (dossier.mediator, dossier.household)
            and other.achievement is not None and other.achievement == dossier.achievement
        ):
            return {
                "number": _same(decision.data["number"]), "day": _day(decision.on),
                "form": world.rules.form_words(decision.data["form"]),
            }
    return None


def lower_award_first(world: World, dossier: Dossier, step: Step) -> Said | None:
    return None


def support_kind(world: World, dossier: Dossier, step: Step) -> Said | None:
    if dossier.proposal is None or dossier.proposal.data["kind"] != "merit":
        return None
    rank = _rank(world, step.data["form"])
    for uri in dossier.proposal.data.get("supports", ()):
        other = world.dossiers.get(record_id(uri))
        if other is None or other.proposal is None or other.decision is None:
            continue
        kind = other.proposal.data["kind"]
        if kind in ("unexpected", "campaign") and rank > _rank(world, other.decision.data["form"]):
            return {"kind": world.rules.kind_words(kind), "number": _same(other.decision.data["number"])}
    return None


def under_verification(world: World, dossier: Dossier, step: Step) -> Said | None:
    for opened, verification in world.open_verifications(step.on):
        if world.concerns(verification, dossier, step.on):
            return {"matter": MATTERS[opened.data["matter"]], "day": _day(opened.on)}
    return None


def authority(world: World, dossier: Dossier, step: Step) -> Said | None:
    form = world.rules.forms.get(step.data["form"])
    right = None if form is None else form.authority.find(step.on)
    if form is None or right is None or right.value == step.data["signed_by"]:
        return None
    return {
        "form": form.title, "right": AUTHORITIES[right.value], "signer": AUTHORITIES[Authority(step.data["signed_by"])],
    }


def form_in_force(world: World, dossier: Dossier, step: Step) -> Said | None:
    form = world.rules.forms.get(step.data["form"])
    if form is None or form.until is None or step.on < form.until:
        return None
    return {"form": form.title, "day": _day(form.until)}


def supplement_once(world: World, dossier: Dossier, step: Step) -> Said | None:
    asked = dossier.first("supplement-asked")
    return None if asked is None or asked.id == step.id else {"day": _day(asked.on)}


def decided_before(world: World, dossier: Dossier, step: Step) -> Said | None:
    decision = dossier.decision
    if decision is None or decision.id == step.id:
        return None
    if short(step) == "declined" and any(known.id == step.id for known in dossier.steps):
        return None  # declined first; that it was decided later is said at the decision
    return {"number": _same(decision.data["number"]), "day": _day(decision.on)}


def revoked_before(world: World, dossier: Dossier, step: Step) -> Said | None:
    revoked = dossier.revocation
    return None if revoked is None or revoked.on > step.on else {"day": _day(revoked.on)}


# -- what a step waits for


def needed_before(world: World, dossier: Dossier, step: Step) -> Said | None:
    needed = world.rules.limits.needed_before_decision.find(dossier.as_of(step))
    names = ("proposed",) if needed is None else needed.value
    missing = [name for name in names if dossier.first(name) is None]
    return {"missing": joined(STEPS[name] for name in missing)} if missing else None


def decision_missing(world: World, dossier: Dossier, step: Step) -> Said | None:
    return {} if dossier.decision is None else None


def revocation_missing(world: World, dossier: Dossier, step: Step) -> Said | None:
    return {} if dossier.revocation is None else None


# -- what is pointed out


def proposal_known(world: World, dossier: Dossier, step: Step) -> Said | None:
    first = dossier.proposal
    return None if first is None or first.id == step.id else {"day": _day(first.on)}


def form_known(world: World, dossier: Dossier, step: Step) -> Said | None:
    form = step.data["form"]
    return None if form in world.rules.forms else {"form": _same(form)}


def form_as_proposed(world: World, dossier: Dossier, step: Step) -> Said | None:
    proposed = None if dossier.proposal is None else dossier.proposal.data["form"]
    if proposed is None or proposed == step.data["form"]:
        return None
    return {"proposed": world.rules.form_words(proposed), "form": world.rules.form_words(step.data["form"])}


def appraised_favourably(world: World, dossier: Dossier, step: Step) -> Said | None:
    held = [s for s in dossier.of("appraised") if s.on <= step.on]
    last = max(held, key=lambda s: (s.on, s.time, s.id), default=None)
    return None if last is None or last.data["favourable"] else {"day": _day(last.on)}


def declined_before(world: World, dossier: Dossier, step: Step) -> Said | None:
    declined = dossier.first("declined")
    return None if declined is None else {"day": _day(declined.on)}


def papers(world: World, dossier: Dossier, step: Step) -> Said | None:
    asked = world.rules.limits.papers.find(dossier.as_of(step))
    missing = [] if asked is None else [paper for paper in asked.value if paper not in dossier.papers()]
    return {"missing": joined(PAPERS[paper] for paper in missing)} if missing else None


def in_time(world: World, dossier: Dossier, step: Step) -> Said | None:
    due = due_on(world, dossier)
    return None if due is None or step.on <= due else {"day": _day(due)}


def due_on(world: World, dossier: Dossier) -> dt.date | None:
    """The last day in time for a decision; None while no term runs."""
    start = dossier.start_of_term()
    days = None if start is None else world.rules.limits.decide_within_working_days.find(start)
    return None if start is None or days is None else add_working_days(start, days.value)


BEFORE: dict[str, tuple[str, ...]] = {
    "submitted": ("proposed",), "appraised": ("proposed", "submitted"), "decided": ("appraised", "submitted", "proposed"),
    "given": ("decided",), "paid": ("decided",), "revoked": ("decided",),
}
"""Which steps lie before a step, the nearest first."""


def in_order(world: World, dossier: Dossier, step: Step) -> Said | None:
    for name in BEFORE.get(short(step), ()):
        earlier = dossier.first(name)
        if earlier is not None and step.on < earlier.on:
            return {"day": _day(step.on), "step": STEPS[name], "other": _day(earlier.on)}
    return None


def achievement_on_record(world: World, dossier: Dossier, step: Step) -> Said | None:
    _, key = dossier.achievement or ("", "")
    prefix, _, year = key.partition(":")
    if prefix != "recognition" or not year.isdecimal():
        return None
    known = world.recognised.get(int(year))
    if known is None:
        return {"year": _same(year), "state": Words("chưa ghi quyết định công nhận", "no decision on it is on record")}
    if known.revoked_on is None:
        return None
    return {"year": _same(year), "state": Words(
        f"quyết định công nhận đã bị hủy ngày {day(known.revoked_on)}", f"it was revoked on {day(known.revoked_on, 'en')}"
    )}


def support_known(world: World, dossier: Dossier, step: Step) -> Said | None:
    supports = [] if dossier.proposal is None else dossier.proposal.data.get("supports", ())
    others = [world.dossiers.get(record_id(uri)) for uri in supports]
    unknown = sum(other is None or other.proposal is None or other.decision is None for other in others)
    return {"count": Words(number(unknown), number(unknown, "en"))} if unknown else None


def allegation_upheld(world: World, dossier: Dossier, step: Step) -> Said | None:
    days = [
        closed.on for verification in world.verifications.values() if world.concerns(verification, dossier, step.on)
        for closed in verification.upheld()
        if closed.on <= step.on and (dossier.year is None or closed.on.year >= dossier.year)
    ]
    return {"day": _day(max(days))} if days else None


def member_verified(world: World, dossier: Dossier, step: Step) -> Said | None:
    for opened, verification in world.open_verifications(step.on):
        if not world.concerns(verification, dossier, step.on) and dossier.subject == "collective":
            return {"day": _day(opened.on)}
    return None


def amount_as_computed(world: World, dossier: Dossier, step: Step) -> Said | None:
    said, due = step.data.get("amount"), reward_of(world, dossier)
    if said is None or due is None or said == due.amount:
        return None
    return {"decided": _money(said), "computed": _money(due.amount), "how": due.how}


def paid_as_computed(world: World, dossier: Dossier, step: Step) -> Said | None:
    """Said once, at the payment by which it became too much."""
    due = reward_of(world, dossier)
    limit = due.amount if due is not None else None if dossier.decision is None else dossier.decision.data.get("amount")
    if limit is None:
        return None
    total = 0
    for payment in dossier.of("paid"):
        before, total = total, total + int(payment.data["amount"])
        if payment.id == step.id:
            return {"paid": _money(total), "computed": _money(limit)} if before <= limit < total else None
    return None


def reward_of(world: World, dossier: Dossier) -> Reward | None:
    """What the decision brings by the rules; None while there is none, or where no source states it."""
    decision = dossier.decision
    if decision is None:
        return None
    return reward(world.rules, decision.data["form"], dossier.subject, decision.on)


def _rank(world: World, form: str) -> int:
    known = world.rules.forms.get(form)
    return 0 if known is None else known.rank


def _same(text: object) -> Words:
    return Words(str(text), str(text))


def _day(value: dt.date) -> Words:
    return Words(day(value), day(value, "en"))


def _money(value: int) -> Words:
    return Words(money(value), money(value, "en"))


CHECKS: dict[str, Check] = {
    check.__name__: check for check in (
        same_achievement, lower_award_first, support_kind, under_verification, authority, form_in_force, supplement_once,
        decided_before, revoked_before, needed_before, decision_missing, revocation_missing, proposal_known, form_known,
        form_as_proposed, appraised_favourably, declined_before, papers, in_time, in_order, achievement_on_record,
        support_known, allegation_upheld, member_verified, amount_as_computed, paid_as_computed,
    )
}
WORDS: dict[str, tuple[str, ...]] = {
    "same_achievement": ("number", "day", "form"), "lower_award_first": (), "support_kind": ("kind", "number"),
    "under_verification": ("matter", "day"), "authority": ("form", "right", "signer"), "form_in_force": ("form", "day"),
    "supplement_once": ("day",), "decided_before": ("number", "day"), "revoked_before": ("day",), "needed_before": ("missing",),
    "decision_missing": (), "revocation_missing": (), "proposal_known": ("day",), "form_known": ("form",),
    "form_as_proposed": ("proposed", "form"), "appraised_favourably": ("day",), "declined_before": ("day",),
    "papers": ("missing",), "in_time": ("day",), "in_order": ("day", "step", "other"), "achievement_on_record": ("year", "state"),
    "support_known": ("count",), "allegation_upheld": ("day",), "member_verified": ("day",),
    "amount_as_computed": ("decided", "computed", "how"), "paid_as_computed": ("paid", "computed"),
}
"""What each check's sentence may say."""
