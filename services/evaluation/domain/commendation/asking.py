"""Questions about what would be: whether a step would take effect, and how a dossier stands before each gate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import msgspec

from services.evaluation.domain.commendation.deserving import Result
from services.evaluation.domain.commendation.fold import Said, fold, walk
from services.evaluation.domain.commendation.gates import CHECKS, sentence
from services.evaluation.domain.commendation.rules import CommendationRules
from services.evaluation.domain.commendation.world import Recognised, World
from services.evaluation.domain.facts import Step
from shared.contracts import When


class Passed(msgspec.Struct, frozen=True, gc=False):
    """A gate of the decision; ``vi``, ``en``: its sentence where it is not passed, else its title."""

    code: str
    passed: bool
    effect: str
    article: str
    vi: str
    en: str


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What a step that is not written yet would come to: barred, waiting, and flagged."""

    refused: tuple[Said, ...]
    waiting: tuple[Said, ...]
    flags: tuple[Said, ...]


def would(
    rules: CommendationRules, team: str, steps: Iterable[Step], recognised: Mapping[int, Recognised], step: Step
) -> Answer:
    """``step``: written up later than all others."""
    found = {c.record: c for c in fold(rules, team, [*steps, step], recognised)}.get(step.record)
    if found is None:
        return Answer((), (), ())

    def of(said: tuple[Said, ...]) -> tuple[Said, ...]:
        return tuple(one for one in said if one.entry == step.id)

    return Answer(of(found.refused), of(found.waiting), of(found.flags))


def gates_of(
    rules: CommendationRules, steps: Iterable[Step], recognised: Mapping[int, Recognised], record: str, today: dt.date
) -> tuple[Passed, ...]:
    """The gates of this dossier's decision as they look now: of the one that was taken, or of one taken today by who has the
    authority. ``steps``: all of the team's."""
    world, _, _ = walk(rules, steps, recognised)
    return gates_in(world, record, today)


def gates_for(
    rules: CommendationRules, steps: Iterable[Step], recognised: Mapping[int, Recognised], result: Result, today: dt.date
) -> tuple[Passed, ...]:
    """The same for a result for which there is no dossier yet."""
    listed = list(steps)
    last = max((step.time for step in listed), default=When(today.isoformat()))
    data = {
        "unit": result.unit, "kind": result.kind, "form": result.form, "achievement": result.key, "year": result.year,
        **({} if result.mediator is None else {"mediator": result.mediator}),
    }
    proposal = Step(
        id="", record="", type="commendation.proposed", team=result.team, on=today, time=last, source="", event_id="", data=data,
    )
    return gates_of(rules, [*listed, proposal], recognised, "", today)


def gates_in(world: World, record: str, today: dt.date) -> tuple[Passed, ...]:
    rules = world.rules
    dossier = world.dossier(record)
    proposal, decision = dossier.proposal, dossier.decision
    if decision is None:
        form = "" if proposal is None else str(proposal.data["form"])
        known = rules.forms.get(form)
        right = None if known is None else known.authority.find(today)
        decision = Step(
            id="", record=record, type="commendation.decided", team="", on=today, time=When(today.isoformat()), source="",
            event_id="", data={"number": "", "form": form, "signed_by": "other" if right is None else str(right.value)},
        )
    found: list[Passed] = []
    for gate in rules.gates_at("decided", dossier.as_of(decision), "bar", "wait", "none"):
        said = CHECKS[gate.check](world, dossier, decision)
        words = gate.title if said is None else sentence(gate, said)
        found.append(Passed(gate.check, said is None, gate.effect, rules.article(gate, decision.on), words.vi, words.en))
    return tuple(found)
