"""From what a person filled in to an event's data, as plain JSON values. Days may be written as in Việt Nam (05/12/2024), money
with dots (1.404.000). What cannot be read is passed on as it stands, so that the contract itself says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from services.gateway.forms.fields import Field
from services.gateway.forms.posted import Posted

OFFERED = "offered"
"""Marks a row that the form itself put there: it counts only if something was filled in."""
TRUE, FALSE = "yes", "no"
_DAY = re.compile(r"(?P<day>[0-9]{1,2})[/.-](?P<month>[0-9]{1,2})[/.-](?P<year>[0-9]{4})", re.ASCII)
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ .,\u00a0][0-9]{3})+", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,18}", re.ASCII)


class Missing(NamedTuple):
    """``field``: the name of the control."""

    field: str


class Read(NamedTuple):
    """``places``: a data path as the contract names it (``results[1].team``) → the control's name (``results.3.team``), where the
    two differ by more than their spelling."""

    data: dict[str, Any]
    missing: list[Missing]
    places: dict[str, str]


def read(fields: Iterable[Field], posted: Posted) -> Read:
    found = Read({}, [], {})
    found.data.update(_part(fields, posted, "", "", found))
    return found


def written(fields: Iterable[Field], data: Mapping[str, Any], at: str = "") -> dict[str, list[str]]:
    """The other way round: data as a form shows it, by control. ``read`` of it gives the same data again."""
    found: dict[str, list[str]] = {}
    for field in fields:
        value = data.get(field.name)
        if value is not None:
            found |= _written(field, value, at + field.name)
    return found


def _written(field: Field, value: Any, name: str) -> dict[str, list[str]]:
    match field.kind:
        case "rows":
            listed = [written(field.fields, row, f"{name}.{number}.") for number, row in enumerate(value)]
            return {key: given for row in listed for key, given in row.items()}
        case "part":
            return written(field.fields, value, f"{name}.")
        case "lines":
            return {name: [str(one) for one in value]}
        case "pairs" if field.of == "yes_no":
            return {f"{name}.{key}": [TRUE if said else FALSE] for key, said in value.items()}
        case "pairs":
            return {name: [f"{key} = {_line(said)}" for key, said in value.items()]}
        case "yes_no":
            return {name: [TRUE if value else FALSE]}
    return {name: [str(value)]}


def _line(said: Any) -> str:
    return str(said) if not isinstance(said, list) else f"{said[0]};" if len(said) == 1 else "; ".join(said)


def control(places: dict[str, str], path: str) -> str:
    """``data.results[1].team`` → ``results.3.team``."""
    inner = path.removeprefix("data").removeprefix(".")
    for stem in sorted(places, key=len, reverse=True):
        if inner == stem or inner.startswith((f"{stem}.", f"{stem}[")):
            inner = places[stem] + inner[len(stem):]
            break
    return re.sub(r"\[([0-9]+|\.\.\.)\]", r".\1", inner)


def _part(fields: Iterable[Field], posted: Posted, at: str, path: str, found: Read) -> dict[str, Any]:
    """One struct's data. ``at``: the prefix of its controls; ``path``: of its place in the data."""
    data: dict[str, Any] = {}
    for field in fields:
        value = _value(field, posted, at + field.name, path + field.name, found)
        if value is not None:
            data[field.name] = value
        elif field.required:
            found.missing.append(Missing(at + field.name))
    return data


def _value(field: Field, posted: Posted, name: str, path: str, found: Read) -> Any:
    """None: nothing was given."""
    match field.kind:
        case "rows":
            return _rows(field, posted, name, path, found) or None
        case "part":
            kept = Read({}, [], {})
            part = _part(field.fields, posted, f"{name}.", f"{path}.", kept)
            found.missing.extend(kept.missing if part else [])
            return part or None
        case "lines":
            # ticked boxes send a value each, a text box sends lines
            values = [line.strip() for given in posted.all(name) for line in given.splitlines()]
            return list(dict.fromkeys(value for value in values if value)) or None
        case "pairs":
            return _pairs(field, posted, name) or None
    text = posted.one(name)
    return _plain(field, text) if text else None


def _rows(field: Field, posted: Posted, name: str, path: str, found: Read) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for number in posted.rows(name):
        at = f"{name}.{number}."
        offered = posted.one(at + OFFERED)
        kept = Read({}, [], {})
        row = _part(field.fields, posted, at, f"{path}[{len(rows)}].", kept)
        filled = set(row) - ({offered} if offered else set())
        if not filled:
            continue
        found.missing.extend(kept.missing)
        found.places.update(kept.places)
        found.places[f"{path}[{len(rows)}]"] = at.removesuffix(".")
        rows.append(row)
    return rows


def _pairs(field: Field, posted: Posted, name: str) -> dict[str, Any]:
    """Controls of their own (``criteria.training``), or lines ``name = value``; several values apart by semicolons."""
    pairs = {key: value for key, value in posted.under(name).items() if value}
    for given in posted.all(name):
        for line in filter(str.strip, given.splitlines()):
            # a line without "=" keeps an empty value, which the contract refuses by name
            key, _, value = line.partition("=")
            pairs[key.strip()] = value.strip()
    return {key: _yes_no(value) if field.of == "yes_no" else _several(value) for key, value in pairs.items()}


def _several(text: str) -> str | list[str]:
    """``a; b`` → both, ``a;`` → a list of one, ``a`` → the value itself."""
    return [one.strip() for one in text.split(";") if one.strip()] if ";" in text else text


def _plain(field: Field, text: str) -> Any:
    match field.kind:
        case "yes_no":
            return _yes_no(text)
        case "number" | "money":
            return number(text)
        case "day":
            return day(text)
    return text


def _yes_no(text: Any) -> Any:
    return {TRUE: True, FALSE: False}.get(text, text) if isinstance(text, str) else text


def number(text: str) -> int | str:
    """``1.404.000`` and ``1.404.000 đ`` → 1404000; what is no whole number stays as it is."""
    bare = text.removesuffix("đồng").removesuffix("đ").removesuffix("₫").strip()
    if _GROUPED.fullmatch(bare):
        bare = re.sub(r"[^0-9]", "", bare)
    return int(bare) if _WHOLE.fullmatch(bare) else text


def day(text: str) -> str:
    """``5/12/2024`` → ``2024-12-05``; day before month, as in Việt Nam."""
    written = _DAY.fullmatch(text)
    return f"{written['year']}-{int(written['month']):02d}-{int(written['day']):02d}" if written else text
