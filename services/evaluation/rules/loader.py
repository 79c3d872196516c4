"""A scheme's file → ``Scheme``. Strict: unknown and missing keys, keys that stand twice, bad dates, values out of
order and values without a citation are refused, with file, line and remedy."""

from __future__ import annotations

import dataclasses
import datetime as dt
import hashlib
import re
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_type_hints

from services.evaluation.domain.measures import MEASURES
from services.evaluation.domain.rules import Cited, Criterion, Dated, Mark, Policies, Scheme, Window
from services.evaluation.domain.tree import Duty, Evidence
from services.evaluation.domain.wording import Words
from services.evaluation.rules.source import Block, Item, read
from services.evaluation.rules.values import read_day, read_value
from shared import calendar

HERE = Path(__file__).parent
SCHEMES = HERE.parent / "schemes"


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
    top = read(path)
    id_item = top.take("scheme")
    id = id_item.text()
    if id != path.stem or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", id):
        raise id_item.error(f"the scheme calls itself {id!r}", f"name it as its file: {path.stem!r}")
    scheme = Scheme(
        id=id, kind=_one_of(top.take("kind"), Literal["conjunctive"]), title=_words(top.take("title")),
        citation=top.text("citation"), mark=_one_of(top.take("mark"), Mark),
        window=_dated(top.take("window"), Window),
        policies=_values(top.block("policies"), Policies),
        criteria=tuple(_criterion(block) for block in top.blocks("criteria")),
        digest=hashlib.sha256(path.read_bytes()).hexdigest(),
    )
    top.maybe("note")
    top.finish()
    ids, numbers = [c.id for c in scheme.criteria], [c.number for c in scheme.criteria]
    if len(set(ids)) < len(ids) or numbers != list(range(1, len(numbers) + 1)):
        raise top.error(
            f"criteria {', '.join(f'{n} {i}' for n, i in zip(numbers, ids, strict=True))}",
            "number them from 1 in order, and give each an id of its own",
        )
    return scheme


def _criterion(block: Block) -> Criterion:
    measure_item = block.take("measure")
    measure = measure_item.text()
    if measure not in MEASURES:
        raise measure_item.error(f"there is no measure {measure!r}", "use one of: " + ", ".join(sorted(MEASURES)))
    criterion = Criterion(
        id=block.text("id"), number=read_value(block.take("number"), int), title=_words(block.take("title")),
        citation=block.text("citation"), mark=_one_of(block.take("mark"), Mark), measure=measure,
        evidence=_one_of(block.take("evidence"), Evidence), duty=_one_of(block.take("duty"), Duty),
        parameters=_values(block.block("parameters"), MEASURES[measure].parameters),
    )
    block.maybe("note")
    block.finish()
    return criterion


def _values(block: Block, declared: type[Any]) -> dict[str, Dated[Any]]:
    """One dated value for each field of ``declared``, whose annotations are ``Cited[…]`` or ``Dated[…]``."""
    hints = get_type_hints(declared)
    found = {
        field.name: _dated(block.take(field.name), get_args(hints[field.name])[0])
        for field in dataclasses.fields(declared)
    }
    block.finish()
    return found


def _dated(item: Item, kind: Any) -> Dated[Any]:
    values: list[Cited[Any]] = []
    last = dt.date.min
    for entry in item.items():
        block = entry.block()
        since_item = block.take("from")
        since = read_day(since_item)
        if since <= last:
            raise since_item.error(f"{since} does not come after {last}", "list the values from the oldest to the newest")
        last = since
        values.append(Cited(
            value=read_value(block.take("value"), kind), citation=block.text("citation"),
            mark=_one_of(block.take("mark"), Mark), since=since,
        ))
        block.maybe("note")
        block.finish()
    return Dated(tuple(values))


def _words(item: Item) -> Words:
    block = item.block()
    words = Words(vi=block.text("vi"), en=block.text("en"))
    block.finish()
    return words


def _one_of(item: Item, allowed: Any) -> Any:
    text = item.text()
    if text not in get_args(allowed):
        raise item.error(f"{text!r} is not known", "write one of: " + ", ".join(get_args(allowed)))
    return cast(Any, text)


@lru_cache(maxsize=1)
def rules_digest() -> str:
    """Of everything that a verdict depends on besides the facts: the schemes, the code that applies them, the holiday
    calendar. When it changes, every team is scored again."""
    digest = hashlib.sha256(version("holidays").encode())
    code = [*(HERE.parent / "domain").rglob("*.py"), *Path(calendar.__file__).parent.glob("*.py")]
    for path in sorted([*SCHEMES.glob("*.yaml"), *code]):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
