"""A scheme's file → ``Scheme``. Strict: unknown and missing keys, keys that stand twice, bad dates, values out of
order and values without a citation are refused, with file, line and remedy."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

from services.evaluation.domain.measures import MEASURES
from services.evaluation.domain.places import RESERVED
from services.evaluation.domain.rules import Criterion, Dated, Mark, Policies, Scheme, Window
from services.evaluation.domain.tree import Duty, Evidence
from services.evaluation.rules.dated import read_dated, read_parameters, read_words
from services.evaluation.rules.points import read_id, read_table
from services.evaluation.rules.values import read_value
from shared import calendar
from shared.rulebooks import Block, Item, parsed, read_note, read_one_of, read_text

HERE = Path(__file__).parent
SCHEMES = HERE.parent / "schemes"
PROCEDURES = HERE.parent / "procedures"


@lru_cache(maxsize=1)
def shipped() -> dict[str, Scheme]:
    """Every scheme of this release, by id. Raise ``RulesError``."""
    found: dict[str, Scheme] = {}
    for path in sorted(SCHEMES.glob("*.yaml")):
        if not path.name.endswith(".examples.yaml"):
            scheme = load_scheme(path)
            found[scheme.id] = scheme
    return found


def load_scheme(path: Path) -> Scheme:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    return scheme_of(read_text(path), path)


def scheme_of(text: str, path: Path) -> Scheme:
    """The scheme in a text that stands, or stood, in the file ``path``. Raise ``RulesError``."""
    top = parsed(text, path)
    id_item = top.take("scheme")
    id = id_item.text()
    if id != path.stem or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        raise id_item.error(f"the scheme calls itself {id!r}", f"name it as its file: {path.stem!r}")
    kind = read_one_of(top.take("kind"), Literal["conjunctive", "points"])
    scheme = Scheme(
        id=id, kind=kind, title=read_words(top.take("title")), citation=top.text("citation"),
        mark=read_one_of(top.take("mark"), Mark), procedure=_procedure(top.maybe("procedure")),
        window=read_dated(top.take("window"), Window), policies=_policies(top, kind),
        criteria=_criteria(top) if kind == "conjunctive" else (), table=read_table(top) if kind == "points" else None,
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )
    read_note(top)
    top.finish()
    numbers = [c.number for c in scheme.criteria or (scheme.table.criteria if scheme.table is not None else ())]
    if numbers != list(range(1, len(numbers) + 1)):
        raise top.take_again("criteria").error(
            f"criteria are numbered {', '.join(map(str, numbers))}", "number them from 1, in order"
        )
    return scheme


def _procedure(item: Item | None) -> str | None:
    if item is None:
        return None
    known = sorted(path.stem for path in PROCEDURES.glob("*.yaml"))
    if item.text() not in known:
        raise item.error(f"there is no procedure {item.text()!r}", "use one of: " + ", ".join(known))
    return item.text()


def _policies(top: Block, kind: str) -> dict[str, Dated[Any]]:
    """A table that judges no team needs none."""
    item = top.take("policies") if kind == "conjunctive" else top.maybe("policies")
    return {} if item is None else read_parameters(item.block(), Policies)


def _criteria(top: Block) -> tuple[Criterion, ...]:
    found: list[Criterion] = []
    taken = set(RESERVED)
    for block in top.blocks("criteria"):
        id_item = block.take("id")
        id = read_id(id_item)
        if id in taken:
            raise id_item.error(f"the id {id!r} is taken", "give it an id of its own")
        taken.add(id)
        found.append(_criterion(block, id))
    return tuple(found)


def _criterion(block: Block, id: str) -> Criterion:
    measure_item = block.take("measure")
    measure = measure_item.text()
    if measure not in MEASURES:
        raise measure_item.error(f"there is no measure {measure!r}", "use one of: " + ", ".join(sorted(MEASURES)))
    criterion = Criterion(
        id=id, number=read_value(block.take("number"), int), title=read_words(block.take("title")),
        citation=block.text("citation"), mark=read_one_of(block.take("mark"), Mark), measure=measure,
        evidence=read_one_of(block.take("evidence"), Evidence), duty=read_one_of(block.take("duty"), Duty),
        parameters=read_parameters(block.block("parameters"), MEASURES[measure].parameters),
    )
    read_note(block)
    block.finish()
    return criterion


@lru_cache(maxsize=1)
def rules_digest() -> str:
    """Of everything that a derived document depends on besides the facts: the rules, the code that applies them, the holiday
    calendar. When it changes, every team is scored again."""
    digest = hashlib.sha256(version("holidays").encode())
    code = [*(HERE.parent / "domain").rglob("*.py"), *Path(calendar.__file__).parent.glob("*.py")]
    data = (path for room in ("schemes", "procedures", "commendations") for path in (HERE.parent / room).glob("*.yaml"))
    for path in sorted([*data, *code]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
