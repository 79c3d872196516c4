"""What a decision of recognition says that it is based on ("Căn cứ …"), by the day of the paper."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import NewType

from services.evaluation.domain.rules import Dated
from services.evaluation.rules.dated import read_dated
from services.evaluation.rules.values import BLOCKS
from shared.rulebooks import read

FILE = Path(__file__).parent.parent / "papers" / "grounds.yaml"
Line = NewType("Line", str)
BLOCKS.setdefault(Line, lambda item: Line(item.text()))


def recognition_grounds(on: dt.date) -> list[str] | None:
    """A line for each text; None where none is known for that day."""
    found = _shipped().find(on)
    return None if found is None else list(found.value)


@lru_cache(maxsize=1)
def _shipped() -> Dated[tuple[Line, ...]]:
    return load_grounds(FILE)


def load_grounds(path: Path) -> Dated[tuple[Line, ...]]:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    top = read(path)
    name = top.take("papers")
    if name.text() != "grounds":
        raise name.error(f"the file calls itself {name.text()!r}", "write papers: grounds")
    found = read_dated(top.take("recognition"), tuple[Line, ...])
    top.finish()
    return found
