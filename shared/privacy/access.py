"""The policy of reading: role × purpose → which private parts. Pure; the table is dated YAML (``access.yaml``)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from shared.rulebooks import Block, Mark, read, read_note, read_one_of, read_versions

Part = Literal["parties", "content", "agreement", "contact", "person", "refused"]
"""``contact``: a mediator's own; ``person``: everything about one person, to answer that person;
``refused``: a body that could not be taken in, whatever is in it."""
FILE = Path(__file__).with_name("access.yaml")


class Denied(PermissionError):
    """The role may not read that for that purpose."""


class Version(NamedTuple):
    first: dt.date
    roles: Mapping[str, frozenset[str]]
    purposes: Mapping[str, frozenset[str]]


class Policy(NamedTuple):
    versions: tuple[Version, ...]

    def on(self, day: dt.date) -> Version | None:
        return next((v for v in reversed(self.versions) if v.first <= day), None)

    def parts(self, role: str, purpose: str, day: dt.date) -> frozenset[str]:
        """What may be read. A purpose in one's own words narrows nothing; one that is listed, alone or with more said behind a
        colon, narrows to its parts. Raise ``ValueError`` without a purpose."""
        if not purpose.strip():
            raise ValueError("a purpose must be stated")
        version = self.on(day)
        if version is None:
            return frozenset()
        held = version.roles.get(role.partition("@")[0].strip(), frozenset())
        return held & version.purposes.get(purpose.partition(":")[0].strip(), held)


@cache
def policy(path: Path = FILE) -> Policy:
    """Raise ``RulesError`` that names file and line."""
    top = read(path)
    top.text("title")
    top.text("cite")
    read_one_of(top.take("mark"), Mark)
    read_note(top)
    versions = read_versions(top, lambda day, block: Version(day, _table(block.block("roles")), _table(block.block("purposes"))))
    top.finish()
    return Policy(versions)


def _table(block: Block) -> dict[str, frozenset[str]]:
    return {name: _parts(block.take(name)) for name in block.names()}


def _parts(item: Any) -> frozenset[str]:
    return frozenset(read_one_of(one, Part) for one in item.items())


PARTS = get_args(Part)
