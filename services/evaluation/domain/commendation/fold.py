"""A team's commendations as a function of the set of its steps.

The steps are taken in the order in which they were written up. A step takes effect if nothing bars it by what is known then;
one that lacks an earlier paper waits, and takes effect with that paper, if nothing bars it by then. So two decisions for one
achievement can never both stand, in whatever order the events came. When all are taken, the steps in effect are looked at once
more with all that is known now: what comes to light only in hindsight is a flag.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import msgspec

from services.evaluation.domain.commendation.gates import due_on, failing, reward_of
from services.evaluation.domain.commendation.nexts import Next, left_to_pay, nexts
from services.evaluation.domain.commendation.rules import CommendationRules, Gate
from services.evaluation.domain.commendation.titles import STEPS
from services.evaluation.domain.commendation.world import Dossier, Recognised, Verification, World, in_written_order, short
from services.evaluation.domain.facts import Step
from services.evaluation.domain.wording import Words

FAMILIES = ("commendation", "verification")


class Said(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a gate said about a step. ``hindsight``: it was written up after the step, though dated before."""

    code: str
    article: str
    vi: str
    en: str
    entry: str
    source: str
    id: str
    type: str
    on: dt.date
    hindsight: bool = False


class Shown(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A step in effect, for a timeline."""

    type: str
    on: dt.date
    written_up: str
    entry: str
    source: str
    id: str
    words: Words
    number: str | None = None


class Recovery(msgspec.Struct, frozen=True, gc=False):
    """What a revoked award brought and has not come back. ``amount`` in whole đồng."""

    certificate: bool
    amount: int

    @property
    def outstanding(self) -> bool:
        return self.certificate or self.amount > 0


class Commendation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One dossier. ``amount``: of the reward by the rules, ``amount_decided``: as the decision says; both whole đồng. ``due``:
    the last day in time for a decision. ``law``: in force on the day of the decision, or of the proposal."""

    record: str
    team: str
    state: str
    unit: str | None = None
    mediator: str | None = None
    household: str | None = None
    kind: str | None = None
    form: str | None = None
    achievement: str | None = None
    year: int | None = None
    proposed_on: dt.date | None = None
    submitted_on: dt.date | None = None
    appraised_on: dt.date | None = None
    decided_on: dt.date | None = None
    declined_on: dt.date | None = None
    given_on: dt.date | None = None
    paid_on: dt.date | None = None
    revoked_on: dt.date | None = None
    due: dt.date | None = None
    number: str | None = None
    ordinal: int | None = None
    signed_by: str | None = None
    amount: int | None = None
    amount_decided: int | None = None
    amount_how: Words | None = None
    amount_unverified: bool = False
    paid: int = 0
    recovery: Recovery | None = None
    suspended: bool = False
    law: str = ""
    steps: tuple[Shown, ...] = ()
    flags: tuple[Said, ...] = ()
    refused: tuple[Said, ...] = ()
    waiting: tuple[Said, ...] = ()
    next: tuple[Next, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether somebody decided, in whichever way."""
        return self.decided_on is not None or self.declined_on is not None


def fold(
    rules: CommendationRules, team: str, steps: Iterable[Step], recognised: Mapping[int, Recognised]
) -> tuple[Commendation, ...]:
    """By record. ``steps``: all of the team's; those of other procedures are passed over."""
    world, refused, waiting = walk(rules, steps, recognised)
    records = sorted({*world.dossiers, *refused, *waiting})
    return tuple(
        _commendation(world, team, world.dossier(record), refused.get(record, []), waiting.get(record, []))
        for record in records
    )


Reasons = list[tuple[Step, list[tuple[Gate, Words]]]]
"""Steps with the gates that they did not pass."""


def walk(
    rules: CommendationRules, steps: Iterable[Step], recognised: Mapping[int, Recognised]
) -> tuple[World, dict[str, Reasons], dict[str, Reasons]]:
    """The world when all steps are taken; by record what was refused, and what still waits."""
    world = World(rules, recognised)
    refused: dict[str, Reasons] = {}
    parked: list[Step] = []
    # one and the same entry may come under several names of the team
    distinct = {step.id: step for step in steps if step.type.partition(".")[0] in FAMILIES}
    for step in in_written_order(distinct.values()):
        if step.type.startswith("verification."):
            world.verifications.setdefault(step.record, Verification()).steps.append(step)
            continue
        due = [step]
        while due:
            for taken in due:
                _take(world, taken, refused, parked)
            # what waited may be able to go on now
            due = [s for s in parked if s.record == step.record and not failing(world, s, "wait")]
            ready = {s.id for s in due}
            parked = [s for s in parked if s.id not in ready]
    waiting: dict[str, Reasons] = {}
    for step in parked:
        waiting.setdefault(step.record, []).append((step, failing(world, step, "wait")))
    return world, refused, waiting


def _take(world: World, step: Step, refused: dict[str, Reasons], parked: list[Step]) -> None:
    if failing(world, step, "wait"):
        parked.append(step)
        return
    bars = failing(world, step, "bar")
    if bars:
        refused.setdefault(step.record, []).append((step, bars))
    else:
        world.dossier(step.record).add(step)


def _commendation(world: World, team: str, dossier: Dossier, refused: Reasons, waiting: Reasons) -> Commendation:
    proposal, decision, revocation = dossier.proposal, dossier.decision, dossier.revocation
    proposed = {} if proposal is None else proposal.data
    decided = {} if decision is None else decision.data
    reward = reward_of(world, dossier)
    suspended = any(world.concerns(v, dossier, opened.on) for opened, v in world.open_verifications(dt.date.max))
    law_day = decision.on if decision is not None else None if proposal is None else proposal.on
    law = None if law_day is None else world.rules.law.find(law_day)
    left = left_to_pay(dossier, reward)
    state = _state(dossier, suspended, left)
    recovery = None if revocation is None else _recovery(dossier)
    return Commendation(
        record=dossier.record, team=team, state=state, unit=proposed.get("unit"), mediator=dossier.mediator,
        household=dossier.household, kind=proposed.get("kind"), form=dossier.form, achievement=proposed.get("achievement"),
        year=proposed.get("year"),
        proposed_on=_on(proposal), submitted_on=_on(dossier.first("submitted")), appraised_on=_on(dossier.first("appraised")),
        decided_on=_on(decision), declined_on=_on(dossier.first("declined")), given_on=_on(dossier.first("given")),
        paid_on=max((s.on for s in dossier.of("paid")), default=None), revoked_on=_on(revocation), due=due_on(world, dossier),
        number=decided.get("number"), ordinal=decided.get("ordinal"), signed_by=decided.get("signed_by"),
        amount=None if reward is None else reward.amount, amount_decided=decided.get("amount"),
        amount_how=None if reward is None else reward.how,
        amount_unverified=reward is not None and reward.unverified, paid=dossier.paid(), recovery=recovery, suspended=suspended,
        law="" if law is None else law.value, steps=tuple(_shown(step) for step in dossier.steps),
        flags=tuple(_flags(world, dossier)), refused=tuple(_said(world, refused)), waiting=tuple(_said(world, waiting)),
        next=nexts(dossier, state, suspended, left, recovery is not None and recovery.outstanding),
    )


def _state(dossier: Dossier, suspended: bool, left: int | None) -> str:
    if dossier.revocation is not None:
        return "revoked"
    if dossier.decision is not None:
        if dossier.first("paid") is not None and not left:
            return "paid"
        return "given" if dossier.first("given") is not None else "decided"
    if dossier.first("declined") is not None:
        return "declined"
    if suspended:
        return "suspended"
    asked = dossier.first("supplement-asked")
    if asked is not None and not any(supplied.on >= asked.on for supplied in dossier.of("supplemented")):
        return "supplement_asked"
    if dossier.first("appraised") is not None:
        return "appraised"
    if dossier.first("submitted") is not None:
        return "submitted"
    # papers of the dossier are being gathered
    return "preparing" if dossier.papers() else "proposed"


def _recovery(dossier: Dossier) -> Recovery:
    back = list(dossier.of("recovered"))
    certificate = dossier.first("given") is not None and not any(step.data["certificate"] for step in back)
    returned = sum(int(step.data.get("amount") or 0) for step in back)
    return Recovery(certificate, max(0, dossier.paid() - returned))


def _flags(world: World, dossier: Dossier) -> Iterable[Said]:
    for step in dossier.steps:
        for gate, words in failing(world, step, "flag"):
            yield _one(world, step, gate, words)
        # of a decision that was revoked nothing is left to find
        if dossier.revocation is None or short(step) != "decided":
            for gate, words in failing(world, step, "bar"):
                yield _one(world, step, gate, Words(
                    f"Phát hiện sau khi ghi: {words.vi}", f"Found afterwards: {words.en}"
                ), hindsight=True)


def _said(world: World, reasons: Reasons) -> Iterable[Said]:
    for step, gates in reasons:
        for gate, words in gates:
            yield _one(world, step, gate, words)


def _one(world: World, step: Step, gate: Gate, words: Words, hindsight: bool = False) -> Said:
    return Said(
        code=gate.check, article=world.rules.article(gate, step.on), vi=words.vi, en=words.en, entry=step.id,
        source=step.source, id=step.event_id, type=step.type, on=step.on, hindsight=hindsight,
    )


def _shown(step: Step) -> Shown:
    return Shown(
        type=step.type, on=step.on, written_up=str(step.time), entry=step.id, source=step.source, id=step.event_id,
        words=STEPS[short(step)], number=step.data.get("number"),
    )


def _on(step: Step | None) -> dt.date | None:
    return None if step is None else step.on
