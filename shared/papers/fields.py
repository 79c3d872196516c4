"""From a paper's data to what its template sees: text under plain names, rows in lists, dots where nothing is known."""

from __future__ import annotations

import datetime as dt
import types
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from msgspec import Meta

from shared.papers import wording
from shared.papers.data import Part
from shared.papers.wording import Blank

BLANK_ROWS = 3
"""Rows to fill by hand where a table's rows are not known."""
STT = "stt"

Role = Literal["text", "part", "rows", "lines"]
Shapes = Mapping[str, "Shape"]


@dataclass(frozen=True, slots=True)
class Shape:
    """A name that a template may use. ``inner``: the names behind the dot, of a part or of each row."""

    name: str
    about: str
    role: Role
    inner: Shapes


@dataclass(frozen=True, slots=True)
class Field:
    """``key`` in the data, ``name`` in the template."""

    key: str
    name: str
    about: str
    shown: str
    words: Mapping[Any, str] | None
    part: type[Part] | None


def names(of: type[Part], row: bool = False) -> Shapes:
    """Every name that a template of ``of`` may use, in the order of the data."""
    found: dict[str, Shape] = {}
    if row:
        found[STT] = Shape(STT, "Số thứ tự", "text", {})
    for field in fields(of):
        if field.shown in ("rows", "part"):
            assert field.part is not None
            role: Role = "rows" if field.shown == "rows" else "part"
            found[field.name] = Shape(field.name, field.about, role, names(field.part, row=role == "rows"))
        elif field.shown == "lines":
            found[field.name] = Shape(field.name, field.about, "lines", {})
        else:
            for pattern, about, _ in SHOWN[field.shown]:
                name = pattern.format(field.name)
                found[name] = Shape(name, f"{field.about}{about}", "text", {})
    return found


def context(data: Part, stt: int | None = None) -> dict[str, Any]:
    """What a template sees of ``data``: ``str``, lists of ``str``, and dictionaries of the same."""
    seen: dict[str, Any] = {} if stt is None else {STT: str(stt)}
    for field in fields(type(data)):
        value = getattr(data, field.key)
        if field.shown == "rows":
            assert field.part is not None
            rows = [field.part() for _ in range(BLANK_ROWS)] if value is None else value
            seen[field.name] = [context(row, number) for number, row in enumerate(rows, 1)]
        elif field.shown == "part":
            assert field.part is not None
            seen[field.name] = context(field.part() if value is None else value)
        elif field.shown == "lines":
            seen[field.name] = [wording.DOTS] * BLANK_ROWS if value is None else [wording.text(line) for line in value]
        else:
            if field.words is not None:
                value = field.words.get(value)
            for pattern, _, write in SHOWN[field.shown]:
                written = write(value)
                if stt and isinstance(written, Blank) and len(written):
                    written = wording.SHORT_DOTS  # a table's cell is narrow
                seen[pattern.format(field.name)] = written
    return seen


LONG_DOTS = Blank("\u200b".join(["……"] * 20))
"""A line and a half; it may be broken anywhere, else the words before it are torn apart."""


# how a value is written: (its name, what is added to the description, writer)
SHOWN: dict[str, tuple[tuple[str, str, Any], ...]] = {
    "text": (("{}", "", wording.text),),
    "long": (("{}", "", lambda value: wording.text(value) or LONG_DOTS),),
    "optional": (("{}", "", lambda value: wording.text(value) or Blank("")),),
    "unit": (("{}", ": phường Bồ Đề", wording.unit), ("dia_danh", ", chỉ tên riêng: Bồ Đề", wording.place)),
    "plain": (("{}", "", lambda value: wording.SHORT_DOTS if value is None else str(value)),),
    "day": (("{}", ": ngày 05 tháng 12 năm 2024", wording.day), ("{}_so", ": 05/12/2024", wording.day_short)),
    "count": (("{}", "", wording.count),),
    "some": (("{}", "", lambda value: Blank("") if value is None else wording.count(value)),),
    "money": (("{}", ": 1.404.000 đồng", wording.money), ("{}_bang_chu", ", bằng chữ", wording.money_words)),
    "share": (("{}", ": 84,615%", wording.share), ("{}_phan_so", ": 11/13", wording.share_exact)),
    "words": (("{}", "", wording.text),),
}
_BY_TYPE: dict[Any, str] = {str: "text", dt.date: "day", int: "count", tuple[int, int]: "share"}


@lru_cache(maxsize=64)
def fields(of: type[Part]) -> tuple[Field, ...]:
    hints = typing.get_type_hints(of, include_extras=True)
    return tuple(_field(key, hints[key]) for key in of.__struct_fields__)


def _field(key: str, hint: Any) -> Field:
    inner, meta = typing.get_args(hint)
    assert isinstance(meta, Meta) and meta.title and meta.extra is not None, key
    (known,) = (_bare(arm) for arm in typing.get_args(inner) if arm is not types.NoneType)
    shown, part = meta.extra["shown"], None
    if typing.get_origin(known) is list:
        (item,) = typing.get_args(known)
        shown, part = ("lines", None) if item is str else ("rows", item)
    elif isinstance(known, type) and issubclass(known, Part):
        shown, part = "part", known
    elif meta.extra["words"] is not None:
        shown = "words"
    return Field(key, meta.title, meta.description or "", shown or _BY_TYPE[known], meta.extra["words"], part)


def _bare(hint: Any) -> Any:
    """The type without its limits."""
    if typing.get_origin(hint) is typing.Annotated:
        return _bare(typing.get_args(hint)[0])
    if typing.get_origin(hint) is tuple:
        return types.GenericAlias(tuple, tuple(_bare(arm) for arm in typing.get_args(hint)))
    return hint
