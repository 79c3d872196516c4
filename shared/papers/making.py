"""From what is asked for to files on disk: which papers a unit's year has, what they are called, and writing without loss."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

import msgspec
import yaml

from shared.naming import fold_name
from shared.papers.errors import PaperError
from shared.papers.kinds import KINDS, Kind

NAMES = "names"
State = Literal["made", "kept", "nothing"]


class Wanted(NamedTuple):
    """One paper to make; ``of`` are the arguments of ``papers_data``, ``called`` is its subject in the file's name."""

    kind: Kind
    of: dict[str, Any]
    called: str


def of_a_year(unit: str, year: int, teams: list[Mapping[str, Any]], commendations: list[Mapping[str, Any]]) -> list[Wanted]:
    """Every paper of a unit's year. ``teams``: those of its recognition board; ``commendations``: those of the year."""
    wanted: list[Wanted] = []
    for kind in KINDS.values():
        if kind.about == "team":
            wanted += [Wanted(kind, {"team": team["code"], "year": year}, f"{team['code']}_{year}") for team in teams]
        elif kind.about == "unit" or (kind.lists and commendations):
            wanted.append(Wanted(kind, {"unit": unit, "year": year}, f"{unit}_{year}"))
        elif kind.about == "commendation" and not kind.lists:
            wanted += [Wanted(kind, {"commendation": one["id"]}, one["id"][:12]) for one in commendations]
    return wanted


def file_name(wanted: Wanted) -> str:
    """Plain letters only: the file goes through mail and other people's disks."""
    return f"{wanted.kind.file}_{re.sub(r'[^A-Za-z0-9_-]+', '-', wanted.called)}.{wanted.kind.format}"


def write(path: Path, content: bytes, overwrite: bool = False, mode: int = 0o644) -> State:
    """Whole or not at all. A file that is there may have been filled in by hand since: it is kept unless ``overwrite``."""
    if path.exists() and not overwrite:
        return "kept"
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".namtot-", suffix=path.suffix)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, mode)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return "made"


def own_values(file: Path | None) -> dict[str, Any]:
    """What the person adds or says otherwise, from YAML or JSON: names of people above all, which namtot never holds."""
    if file is None:
        return {}
    try:
        loaded = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise PaperError("data", f"{file} cannot be read: {error.strerror}") from None
    except (yaml.YAMLError, UnicodeError) as error:
        raise PaperError("data", f"{file}: {' '.join(str(error).split())[:200]}") from None
    if loaded is None:
        return {}
    if not isinstance(loaded, dict) or not all(isinstance(key, str) for key in loaded):
        raise PaperError("data", f"{file}: write one `name: value` a line, e.g. `signer: Nguyễn Văn A`")
    plain: dict[str, Any] = msgspec.to_builtins(loaded)
    return plain


def put_together(kind: Kind, data: Mapping[str, Any], own: Mapping[str, Any], notice: str = "") -> dict[str, Any]:
    """``own`` goes before ``data``. Its keys may be the template's names; those that this paper does not have are left out, since
    one file serves several kinds. ``names``: of mediators, by reference. Raise ``PaperError`` for a key that no paper has."""
    together = {**({"notice": notice} if notice else {}), **data}
    names = own.get(NAMES)
    if isinstance(names, dict):
        together = _named(together, names)
    for key, value in own.items():
        if key == NAMES and isinstance(value, dict):
            continue
        found = _key(kind, key)
        if found is not None:
            together[found] = value
        elif not any(_key(other, key) for other in KINDS.values()):
            raise PaperError("data", f"no paper has a field {key!r}; `namtot papers fields {kind.id}` lists them")
    return together


def _named(value: Any, names: Mapping[str, Any]) -> Any:
    if isinstance(value, list | tuple):
        return [_named(one, names) for one in value]
    if not isinstance(value, dict):
        return value
    found = {key: _named(one, names) for key, one in value.items()}
    if not found.get("recipient") and found.get("reference") in names:
        found["recipient"] = names[found["reference"]]
    return found


def _key(kind: Kind, key: str) -> str | None:
    from shared.papers.fields import fields

    folded = fold_name(key.replace("_", " ")).replace(" ", "_")
    return next((field.key for field in fields(kind.data) if key in (field.key, field.name) or folded == field.name), None)
