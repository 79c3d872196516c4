"""Persons' names in every spelling: found in text and taken out of it. Pure.

Capitals, NFC or NFD, oà or òa and Đ or đ make no difference. A spelling without any marks means every name that it could be;
two marked spellings that differ ("Sen", "Sến") are two people.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Any, NamedTuple

ERASED = "[đã xóa]"
_WORD = re.compile(r"[^\W_]+")
_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
PERSONAL = ("address", "phone", "email", "born")
"""What goes with the name; the name itself becomes ``ERASED``."""


class Word(NamedTuple):
    plain: str
    marked: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of an NFC text, with their places in it."""
    return [_word(m.group(), m.start(), m.end()) for m in _WORD.finditer(text)]


def _word(text: str, start: int, end: int) -> Word:
    letters = unicodedata.normalize("NFKD", text.casefold())
    tones = "".join(c for c in letters if c in _TONES)
    shaped = unicodedata.normalize("NFC", "".join(c for c in letters if c not in _TONES))
    plain = "".join("d" if c == "đ" else c for c in letters if not unicodedata.category(c).startswith("M"))
    return Word(plain, shaped + tones, start, end)


def composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def spans(text: str, name: str) -> list[tuple[int, int]]:
    """Where ``name`` stands in an NFC text."""
    wanted, there = words(composed(name)), words(text)
    if not wanted:
        return []
    found, at = [], 0
    while at + len(wanted) <= len(there):
        part = there[at : at + len(wanted)]
        if _same(wanted, part):
            found.append((part[0].start, part[-1].end))
            at += len(wanted)
        else:
            at += 1
    return found


def same_name(one: str, other: str) -> bool:
    mine, theirs = words(composed(one)), words(composed(other))
    return bool(mine) and len(mine) == len(theirs) and _same(mine, theirs)


def _same(mine: list[Word], theirs: list[Word]) -> bool:
    if [w.plain for w in mine] != [w.plain for w in theirs]:
        return False
    if all(w.plain == w.marked for w in mine) or all(w.plain == w.marked for w in theirs):
        return True
    return [w.marked for w in mine] == [w.marked for w in theirs]


def redacted(text: str, names: Iterable[str]) -> str:
    """``text`` with every name in it replaced; untouched if none is in it."""
    out = composed(text)
    hit = False
    for name in names:
        for start, end in reversed(spans(out, name)):
            out, hit = out[:start] + ERASED + out[end:], True
    return out if hit else text


class Taken(NamedTuple):
    """``value``: without the person; ``people``: what was said about the person; ``texts``: how many texts named them."""

    value: Any
    people: list[dict[str, Any]]
    texts: int


def without(value: Any, name: str, born: int | None = None) -> Taken:
    """A JSON value without the person of that name: people's fields, then every text and key that names them, with their
    telephone, mailbox and address. ``born``: people of that name with another year are left, and so are the texts of a value that
    knows only them."""
    people: list[dict[str, Any]] = []
    others: list[bool] = []
    cleared = _people(value, name, born, people, others)
    if others and not people:
        return Taken(value, [], 0)
    literals = [name, *(str(p[k]) for p in people for k in ("name", "phone", "email", "address") if isinstance(p.get(k), str))]
    texts = [0]
    return Taken(_texts(cleared, name, literals, texts), people, texts[0])


def _people(value: Any, name: str, born: int | None, found: list[dict[str, Any]], others: list[bool]) -> Any:
    if isinstance(value, list):
        return [_people(one, name, born, found, others) for one in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("name"), str) and same_name(value["name"], name):
        if born is not None and value.get("born") not in (None, born):
            others.append(True)
            return value
        found.append(value)
        return {k: v for k, v in value.items() if k not in PERSONAL} | {"name": ERASED}
    return {key: _people(one, name, born, found, others) for key, one in value.items()}


def _texts(value: Any, name: str, literals: list[str], count: list[int]) -> Any:
    if isinstance(value, str):
        left = redacted(value, literals)
        count[0] += left != value
        return left
    if isinstance(value, list):
        return [_texts(one, name, literals, count) for one in value]
    if isinstance(value, dict):
        if isinstance(value.get("name"), str) and same_name(value["name"], name):
            return value  # a namesake
        return {_texts(key, name, literals, count): _texts(one, name, literals, count) for key, one in value.items()}
    return value
