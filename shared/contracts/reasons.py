"""A decoder's complaint, as the field at fault and a reason that its sender can act on.

msgspec quotes what it rejects. That may be a person's words or name, whichever field they were put in, and a refusal is told to
others; so values are replaced by what would have been right, and so are unknown names, unless they are a known one misspelt. """

from __future__ import annotations

import difflib
import re
from functools import cache
from typing import Any

import msgspec
from msgspec import inspect

LONGEST = 300
_STEP = re.compile(r"\.?([^.\[\]]+)|\[([0-9]+|\.\.\.)\]")
_COMPLAINT = re.compile(
    r"(?P<reason>.*) - at `\$(?P<path>(\.[A-Za-z_][A-Za-z0-9_]*|\[([0-9]+|\.\.\.)\])*)`", re.DOTALL
)
_PLAIN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}\Z")
_MISSPELT = 0.75
"""How much of a name must agree with a known one, by difflib's measure."""


def field_of(error: Exception, kind: type[msgspec.Struct] | None = None) -> tuple[str, str]:
    """The field's path and what is wrong with it: ``("parties[0].role", "not one of: party, …")``.

    ``kind``: the struct that was to be read; without it, what would have been right is not named.
    """
    found = _COMPLAINT.fullmatch(str(error))
    reason, path = (found["reason"], found["path"].removeprefix(".")) if found else (str(error), "")
    here = _at(_shape(kind), path) if kind else None
    if "unknown field" in reason:
        known = sorted(f.encode_name for f in here.fields) if isinstance(here, inspect.StructType) else []
        name = reason.split("`")[1]
        if _PLAIN_NAME.match(name) and difflib.get_close_matches(name, known, 1, _MISSPELT) and not _is_private(path):
            path = f"{path}.{name}" if path else name
        reason = f"unknown field; known are: {', '.join(known)}" if known else "unknown field"
    elif "missing required field" in reason:
        name = reason.split("`")[1]
        path = f"{path}.{name}" if path else name
        reason = "this field is missing"
    elif "Invalid enum value" in reason:
        allowed = [str(v) for v in here.values] if isinstance(here, inspect.LiteralType) else []
        reason = f"not one of: {', '.join(allowed)}" if allowed else "not one of the values allowed"
    return path, reason.replace(r"$(?!\\n)", "$")[:LONGEST]


@cache
def _shape(kind: type[msgspec.Struct]) -> inspect.Type:
    """Looking into a struct takes longer than reading an event, and there are as many as the contract has."""
    return inspect.type_info(kind)


def _is_private(path: str) -> bool:
    return any(step == "private" for step, _ in _STEP.findall(path))


def _at(kind: Any, path: str) -> Any:
    """The type at ``path``: unions with null and limits are looked through."""
    kind = _bare(kind)
    for name, index in _STEP.findall(path):
        if index:
            kind = kind.item_type if isinstance(kind, inspect.ListType) else None
        else:
            fields = kind.fields if isinstance(kind, inspect.StructType) else ()
            kind = next((f.type for f in fields if f.encode_name == name), None)
        kind = _bare(kind)
    return kind


def _bare(kind: Any) -> Any:
    while isinstance(kind, inspect.Metadata | inspect.UnionType):
        if isinstance(kind, inspect.Metadata):
            kind = kind.type
        else:
            kind = next(k for k in kind.types if not isinstance(k, inspect.NoneType))
    return kind
