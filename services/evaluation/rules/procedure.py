"""A procedure's file → ``Procedure``. As strict as schemes are; a gate may only guard acts that its condition can be asked of,
and its sentence may only name what the condition tells."""

from __future__ import annotations

import hashlib
import string
from functools import lru_cache
from pathlib import Path

from services.evaluation.domain.recognition.gates import FIELDS, GUARDS, TESTS
from services.evaluation.domain.recognition.procedure import STAGES, Act, Effect, Gate, Procedure, Values
from services.evaluation.domain.rules import Dated, Mark, MonthDay
from services.evaluation.domain.wording import Words
from services.evaluation.rules.dated import read_dated, read_parameters, read_words
from services.evaluation.rules.values import BLOCKS, read_value
from shared.rulebooks import Block, Item, read, read_one_of

PROCEDURES = Path(__file__).parent.parent / "procedures"
DEFAULT = "hanoi-1269"
BLOCKS.setdefault(Words, read_words)


@lru_cache(maxsize=1)
def procedures() -> dict[str, Procedure]:
    """Every procedure of this release, by id. Raise ``RulesError``."""
    return {procedure.id: procedure for procedure in map(load_procedure, sorted(PROCEDURES.glob("*.yaml")))}


def procedure_of(id: str | None) -> Procedure:
    """The one that a scheme names, else the default."""
    return procedures().get(id or DEFAULT) or procedures()[DEFAULT]


def load_procedure(path: Path) -> Procedure:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    top = read(path)
    id_item = top.take("procedure")
    if id_item.text() != path.stem:
        raise id_item.error(f"the procedure calls itself {id_item.text()!r}", f"name it as its file: {path.stem!r}")
    procedure = Procedure(
        id=path.stem, title=read_words(top.take("title")), mark=read_one_of(top.take("mark"), Mark),
        citation=top.text("citation"), deadlines=_deadlines(top.block("deadlines")),
        values=Values(**read_parameters(top.block("values"), Values)), offices=_offices(top.block("offices")),
        gates=_gates(top.block("gates")), digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    top.maybe("note")
    top.finish()
    return procedure


def _deadlines(block: Block) -> dict[str, Dated[MonthDay]]:
    found: dict[str, Dated[MonthDay]] = {stage: read_dated(block.take(stage), MonthDay) for stage in STAGES}
    block.finish()
    return found


def _offices(block: Block) -> dict[str, Dated[Words]]:
    return {name: read_dated(block.take(name), Words) for name in block.names()}


def _gates(block: Block) -> dict[str, Gate]:
    found: dict[str, Gate] = {}
    for name in block.names():
        item = block.take(name)
        if name not in TESTS:
            raise item.error(f"there is no condition {name!r}", "use some of: " + ", ".join(TESTS))
        gate = item.block()
        found[name] = Gate(
            id=name, guards=_guards(gate.take("guards"), name), effect=read_dated(gate.take("effect"), Effect),
            says=_says(gate.take("says"), name),
        )
        gate.maybe("note")
        gate.finish()
    missing = sorted(TESTS.keys() - found.keys())
    if missing:
        raise block.error(f"no word on {', '.join(missing)}", "name every condition; one that does not matter is a `flag`")
    return found


def _guards(item: Item, gate: str) -> tuple[Act, ...]:
    acts: list[Act] = []
    for part in item.items():
        act = read_value(part, Act)
        if act not in GUARDS[gate] or act in acts:
            allowed = ", ".join(act for act in Act if act in GUARDS[gate])
            raise part.error(f"{gate!r} cannot guard {str(act)!r}, or does already", f"use each once of: {allowed}")
        acts.append(act)
    return tuple(acts)


def _says(item: Item, gate: str) -> Words:
    words = read_words(item)
    for text in (words.vi, words.en):
        try:
            named = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        except ValueError as error:
            raise item.error(f"{text!r} has a brace too many or too few ({error})", "write {name}, or no braces") from None
        unknown = sorted(named - FIELDS[gate])
        if unknown:
            known = ", ".join(sorted(FIELDS[gate])) or "nothing"
            raise item.error(f"{gate!r} tells no {', '.join(unknown)}", f"its sentence may name: {known}")
    return words
