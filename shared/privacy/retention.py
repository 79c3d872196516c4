"""How long private parts are kept: dated YAML (``retention.yaml``), read strictly. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from shared.rulebooks import Block, Mark, read, read_note, read_one_of, read_versions, read_whole

FILE = Path(__file__).with_name("retention.yaml")
KINDS = ("case", "activity", "refused")


class Version(NamedTuple):
    first: dt.date
    days: Mapping[str, int | None]
    """By kind; None: kept for good."""


class Retention(NamedTuple):
    versions: tuple[Version, ...]

    def before(self, kind: str, today: dt.date) -> dt.date | None:
        """What happened before that day has been kept long enough; None: nothing has."""
        version = next((v for v in reversed(self.versions) if v.first <= today), None)
        days = version.days[kind] if version is not None else None
        return None if days is None else today - dt.timedelta(days=days)


def retention(path: Path | None = None) -> Retention:
    """Raise ``RulesError`` that names file and line, or ``OSError``."""
    top = read(path or FILE)
    top.text("title")
    top.text("cite")
    read_one_of(top.take("mark"), Mark)
    read_note(top)
    versions = read_versions(top, lambda day, block: Version(day, {kind: _days(block.block(kind)) for kind in KINDS}))
    top.finish()
    return Retention(versions)


def _days(block: Block) -> int | None:
    days = block.take("days")
    block.text("cite")
    read_one_of(block.take("mark"), Mark)
    read_note(block)
    block.finish()
    return None if days.text() == "null" else read_whole(days)
