"""What would become of a step of a commendation, asked before it is published; of a proposal also what a decision would meet."""

from __future__ import annotations

from collections.abc import Iterable

from services.evaluation import praising
from services.evaluation.chosen import Chosen
from services.evaluation.domain.commendation.asking import gates_of, would
from services.evaluation.domain.facts import Step
from services.evaluation.queries.checking import CHECKERS, Answer, Asked, steps_of
from services.evaluation.queries.ordinals import duplicates
from services.evaluation.rules.commendation import commendation_rules
from services.evaluation.store import Document, sheets
from shared.contracts.outgoing import RecordEntry

FIELDS = {
    "authority": "signed_by", "form_in_force": "form", "form_known": "form", "form_as_proposed": "form",
    "amount_as_computed": "amount", "paid_as_computed": "amount", "ordinal_taken": "ordinal", "same_achievement": "achievement",
    "support_kind": "supports", "support_known": "supports", "in_order": "on", "in_time": "on", "papers": "evidence",
}
"""Which field of the data a code is about, if the step has it."""


def check_commendation(asked: Asked, entry: RecordEntry) -> Answer:
    asked.replica.refresh(asked.db)
    steps, flags = steps_of(asked, entry)
    refusals: list[Document] = []
    for step in steps:
        for refused, said in _looked_at(asked, step):
            (refusals if refused else flags).append(said)
    return refusals, flags


def _looked_at(asked: Asked, step: Step) -> Iterable[tuple[bool, Document]]:
    rules = commendation_rules()
    own = sheets.facts_of(asked.db, [step.team], keep=False)[step.team].steps
    chosen = Chosen(asked.db, asked.schemes, asked.default, asked.replica.units_of([step.team]))
    recognised = praising.recognitions(asked.replica, chosen, step.team, own, asked.today)
    answer = would(rules, step.team, own, recognised, step)
    for prefix, refused, listed in (("", True, answer.refused), ("waits.", False, answer.waiting), ("", False, answer.flags)):
        for one in listed:
            yield refused, _said(step, one.code, prefix, one.article, one.vi, one.en)
    if step.type == "commendation.proposed":
        for gate in gates_of(rules, [*own, step], recognised, step.record, asked.today):
            if not gate.passed and gate.effect == "bar":
                yield False, _said(step, gate.code, "later.", gate.article, gate.vi, gate.en)
    if step.type == "commendation.decided":
        held = asked.db["commendations"].find_one({"record": step.record, "team": step.team}, {"unit": 1})
        head = {
            "unit": None if held is None else held["unit"], "number": step.data["number"], "decided_on": step.on.isoformat(),
            "record": step.record, "ordinal": step.data.get("ordinal"),
        }
        for flag in duplicates(asked.db, head):
            yield False, {**flag, "field": "ordinal"}


def _said(step: Step, code: str, prefix: str, article: str, vi: str, en: str) -> Document:
    field = FIELDS.get(code, "")
    return {"code": prefix + code, "field": field if field in step.data else "", "article": article, "vi": vi, "en": en}


CHECKERS["commendation"] = check_commendation
