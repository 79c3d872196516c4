"""Every event type with one thing broken at a time: each field that its struct has, in each way in which a field can be broken.
Made from the registry and the examples, so that a new type is broken, too, without a word here."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from shared.contracts import TYPES, short
from tests.unit.contracts.events import INBOUND, places, put

MARK = "«broken»"
VALUES = {
    "null": "null", "a number": "-1", "a huge number": "1" + "0" * 40, "no number": "NaN", "beyond floats": "1e999",
    "a yes": "true", "a text": '"x"', "an empty text": '""', "a long text": json.dumps("ộ" * 20_000, ensure_ascii=False),
    "a zero character": '"a\\u0000b"', "half a character": '"\\ud800"', "a list": "[[]]", "an object": '{"a": {"b": []}}',
    "deep": "[" * 2_000 + "]" * 2_000, "the future": '"2199-12-31"', "no such day": '"2024-02-30"',
}
"""As JSON text: some of it is none."""
DEAR, SELDOM = ("deep", "a long text"), 5
"""What takes long to read is put into every fifth field."""


class Broken(NamedTuple):
    type: str
    field: str
    how: str
    body: bytes


def broken() -> Iterator[Broken]:
    for name, event in sorted(INBOUND.items()):
        paths = {("data", *path): None for path in places(event["data"])}
        paths |= {("data", field.encode_name): None for field in msgspec.structs.fields(TYPES[name].data)}
        for number, path in enumerate((*paths, ("data",))):
            where = ".".join(map(str, path))
            changed = copy.deepcopy(event)
            put(changed, path, MARK)
            text = json.dumps(changed, ensure_ascii=False)
            for how, value in VALUES.items():
                if how in DEAR and number % SELDOM:
                    continue
                yield _numbered(name, where, how, text.replace(json.dumps(MARK, ensure_ascii=False), value))
            key = path[-1]
            if len(path) > 1 and isinstance(key, str):
                # the last of two keys counts, or the first: either way it is one event
                twice = f'{json.dumps(key)}: "once", {json.dumps(key)}: "twice"'
                held = f"{json.dumps(key, ensure_ascii=False)}: {json.dumps(MARK, ensure_ascii=False)}"
                yield _numbered(name, where, "twice", text.replace(held, twice))
                yield _numbered(name, where, "another case", text.replace(held, f'{json.dumps(key.swapcase())}: "x"'))


def _numbered(name: str, where: str, how: str, text: str) -> Broken:
    """Each with an id of its own, and a subject of its own, so that none depends on what came before."""
    id = f"{short(name)}|{where}|{how}"
    whole = INBOUND[name]
    for attribute, value in (("id", id), ("subject", f"https://fuzz.example/{id.replace('|', '/').replace(' ', '-')}")):
        text = text.replace(f'"{attribute}": {json.dumps(whole[attribute], ensure_ascii=False)}',
                            f'"{attribute}": {json.dumps(value)}', 1)
    return Broken(name, where, how, text.encode("utf-8"))


def of(found: Any) -> str:
    return f"{found.type} {found.field}: {found.how}"
