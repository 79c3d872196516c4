"""A struct of the contract as the fields of a form. One kind of control per type, so that a new event type needs labels only."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NamedTuple

import msgspec
from msgspec import inspect

from shared.contracts.fields import Money
from shared.contracts.when import When

Kind = Literal["text", "long", "number", "money", "day", "yes_no", "choice", "lines", "rows", "part", "pairs"]
"""lines: several plain values; part: fields of its own; rows: several such parts; pairs: names with a value each."""

LONG = frozenset({"reason", "remark", "practice", "content", "agreement"})
"""Texts that take more than one line."""
LEFT_OUT = frozenset({"ext"})
_MONEY = inspect.type_info(Money)


class Field(NamedTuple):
    """``least`` and ``most``: of a number. ``longest``: characters of a text. ``of``: what ``pairs`` hold, yes or no or text."""

    name: str
    kind: Kind
    required: bool
    choices: tuple[str, ...] = ()
    fields: tuple[Field, ...] = ()
    least: int | None = None
    most: int | None = None
    longest: int | None = None
    of: Literal["yes_no", "text"] = "text"


@cache
def fields_of(struct: type[msgspec.Struct], leave_out: frozenset[str] = LEFT_OUT) -> tuple[Field, ...]:
    """In the struct's order; ``evidence`` last, as its papers are attached to the rest."""
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    found = _fields(info, leave_out)
    return tuple(sorted(found, key=lambda field: field.name == "evidence"))


def _fields(info: inspect.StructType, leave_out: frozenset[str] = LEFT_OUT) -> tuple[Field, ...]:
    return tuple(_field(field) for field in info.fields if field.encode_name not in leave_out)


def _field(field: inspect.Field) -> Field:
    kind = _present(field.type)
    name, needed = field.encode_name, field.required
    if kind == _MONEY:
        return Field(name, "money", needed, least=1)
    plain = _plain(kind)
    match plain:
        case inspect.BoolType():
            return Field(name, "yes_no", needed)
        case inspect.IntType():
            return Field(name, "number", needed, least=plain.ge, most=plain.le)
        case inspect.LiteralType():
            values = sorted((str(value) for value in plain.values), key=lambda value: (value == "other", value))
            return Field(name, "choice", needed, choices=tuple(values))
        case inspect.CustomType() if issubclass(plain.cls, When):
            return Field(name, "day", needed)
        case inspect.ListType():
            item = _plain(_present(plain.item_type))
            if isinstance(item, inspect.StructType):
                return Field(name, "rows", needed, fields=_fields(item))
            values = sorted(str(value) for value in item.values) if isinstance(item, inspect.LiteralType) else []
            return Field(name, "lines", needed, choices=tuple(values))
        case inspect.StructType():
            return Field(name, "part", needed, fields=_fields(plain))
        case inspect.DictType():
            of = _plain(_present(plain.value_type))
            return Field(name, "pairs", needed, of="yes_no" if isinstance(of, inspect.BoolType) else "text")
        case inspect.StrType():
            return Field(name, "long" if name in LONG else "text", needed, longest=plain.max_length)
    raise TypeError(f"no control for {name}: {plain}")  # a test asks for the fields of every act


def _present(kind: inspect.Type) -> inspect.Type:
    """What stands there if it is not null."""
    if isinstance(kind, inspect.UnionType):
        return next(one for one in kind.types if not isinstance(one, inspect.NoneType))
    return kind


def _plain(kind: Any) -> inspect.Type:
    while isinstance(kind, inspect.Metadata):
        kind = kind.type
    return _present(kind) if isinstance(kind, inspect.UnionType) else kind
