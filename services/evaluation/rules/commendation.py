"""The rules of commendation from their file. Strict as every rules file: unknown and missing keys, keys that stand twice, bad
days, checks and words that do not exist are refused with file, line and remedy."""

from __future__ import annotations

import dataclasses
import hashlib
import re
import string
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_type_hints

from services.evaluation.domain.commendation.gates import CHECKS, WORDS
from services.evaluation.domain.commendation.rules import (
    Authority,
    CommendationRules,
    Effect,
    Form,
    Gate,
    Kind,
    Limits,
    MediatorGoal,
    Money,
    ProposalRule,
    Rounding,
    Subject,
    TeamGoal,
)
from services.evaluation.domain.commendation.titles import STEPS
from services.evaluation.domain.rules import Dated, Mark
from services.evaluation.domain.values import Points
from services.evaluation.domain.wording import Words
from services.evaluation.rules.dated import read_dated, read_words
from services.evaluation.rules.values import read_value
from shared.rulebooks import Block, Item, read, read_day, read_one_of

HERE = Path(__file__).parent.parent / "commendations"
T = TypeVar("T")
GOALS: dict[str, type[TeamGoal] | type[MediatorGoal]] = {"recognition": TeamGoal, "mediator": MediatorGoal}


_files = [HERE / "vietnam.yaml"]


def use(path: str) -> None:
    """Take the rules of another file from now on, in this process; empty: those of this release. Raise ``RulesError``, or
    ``OSError`` if it cannot be opened."""
    file = Path(path) if path else HERE / "vietnam.yaml"
    load_commendation_rules(file)
    _files[:] = [file]
    commendation_rules.cache_clear()


@lru_cache(maxsize=1)
def commendation_rules() -> CommendationRules:
    """Those in use. Raise ``RulesError``."""
    return load_commendation_rules(_files[0])


def load_commendation_rules(path: Path) -> CommendationRules:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    top = read(path)
    id_item = top.take("rules")
    id = id_item.text()
    if id != path.stem or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        raise id_item.error(f"the rules call themselves {id!r}", f"name them as their file: {path.stem!r}")
    kinds = _named(top.take("kinds"), _kind)
    forms = _named(top.take("forms"), _form)
    ties = top.block("ties")
    found = CommendationRules(
        id=id, title=read_words(top.take("title")), citation=top.text("citation"), mark=read_one_of(top.take("mark"), Mark),
        law=read_dated(top.take("law"), str), kinds=kinds, forms=forms,
        money=Money(
            **_values(top.block("money"), Money, {"household_factor": Points, "rounding": Rounding}),
        ),
        limits=Limits(**_values(top.block("limits"), Limits, {})),
        gates=tuple(_gate(block) for block in top.blocks("gates")),
        proposals=tuple(_named(
            top.take("proposals"), lambda block: _proposal(block, set(kinds), set(forms))
        ).values()),
        women_share=read_dated(ties.take("women_share"), get_args(get_type_hints(CommendationRules)["women_share"])[0]),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    ties.finish()
    top.maybe("note")
    top.finish()
    return found


def _kind(block: Block) -> Kind:
    return Kind(
        id=block.text("id"), title=read_words(block.take("title")), citation=block.text("citation"),
        mark=read_one_of(block.take("mark"), Mark),
    )


def _form(block: Block) -> Form:
    until = block.maybe("until")
    factors = block.block("factors")
    form = Form(
        id=block.text("id"), title=read_words(block.take("title")), rank=read_value(block.take("rank"), int),
        citation=block.text("citation"), mark=read_one_of(block.take("mark"), Mark),
        until=None if until is None else read_day(until), authority=read_dated(block.take("authority"), Authority),
        factors={
            subject: read_dated(item, Points) for subject in get_args(Subject)
            if (item := factors.maybe(subject)) is not None
        },
    )
    factors.finish()
    return form


def _gate(block: Block) -> Gate:
    check_item = block.take("check")
    check = check_item.text()
    if check not in CHECKS:
        raise check_item.error(f"there is no check {check!r}", "use one of: " + ", ".join(sorted(CHECKS)))
    until = block.maybe("until")
    gate = Gate(
        check=check, at=tuple(_step(item) for item in block.take("at").items()), effect=read_one_of(block.take("effect"), Effect),
        since=read_day(block.take("from")), until=None if until is None else read_day(until), citation=block.text("citation"),
        mark=read_one_of(block.take("mark"), Mark), title=read_words(block.take("title")),
        refusal=_template(block.take("refusal"), WORDS[check]),
    )
    block.maybe("note")
    block.finish()
    return gate


def _step(item: Item) -> str:
    text = item.text()
    if text not in STEPS:
        raise item.error(f"there is no step {text!r}", "write one of: " + ", ".join(STEPS))
    return text


def _template(item: Item, allowed: Iterable[str]) -> Words:
    """A sentence that says no more than its check knows."""
    words = read_words(item)
    for text in (words.vi, words.en):
        try:
            names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError as error:
            raise item.error(f"the sentence cannot be filled in ({error})", "write each word of the check as {word}") from None
        for name in sorted(names - set(allowed)):
            known = ", ".join(f"{{{word}}}" for word in allowed) or "none"
            raise item.error(f"the check does not say {{{name}}}", f"words that it says: {known}")
    return words


def _proposal(block: Block, kinds: set[str], forms: set[str]) -> ProposalRule:
    result_item = block.take("result")
    goal = GOALS.get(result_item.text())
    if goal is None:
        raise result_item.error(f"{result_item.text()!r} is not known", "write one of: " + ", ".join(GOALS))
    return ProposalRule(
        id=block.text("id"), title=read_words(block.take("title")), kind=_known(block.take("kind"), kinds),
        form=_known(block.take("form"), forms), citation=block.text("citation"), mark=read_one_of(block.take("mark"), Mark),
        goal=goal(**_values(block.block("parameters"), goal, {})),
    )


def _known(item: Item, known: set[str]) -> str:
    text = item.text()
    if text not in known:
        raise item.error(f"{text!r} is not known", "write one of: " + ", ".join(sorted(known)))
    return text


def _named(item: Item, reader: Callable[[Block], T]) -> dict[str, T]:
    """Entries by their ids, each of its own."""
    found: dict[str, T] = {}
    for entry in item.items():
        block = entry.block()
        one = reader(block)
        id = getattr(one, "id")  # noqa: B009 - every entry has one
        if id in found:
            raise entry.error(f"the id {id!r} stands twice", "give each entry an id of its own")
        found[id] = one
        block.maybe("note")
        block.finish()
    return found


def _values(block: Block, declared: type[Any], kinds: dict[str, Any]) -> dict[str, Dated[Any]]:
    """One dated value for each field of ``declared``; ``kinds`` where the annotation does not say how it is written."""
    hints = get_type_hints(declared)
    found = {
        field.name: read_dated(
            block.take(field.name), kinds.get(field.name) or get_args(hints[field.name])[0]
        )
        for field in dataclasses.fields(declared)
    }
    block.finish()
    return found
