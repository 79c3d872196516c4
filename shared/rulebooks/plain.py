"""Small YAML files read as plain values, and what may be said of those that cannot be."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

LONGEST = 500
STUMBLES = (yaml.YAMLError, RecursionError, ValueError, TypeError, AttributeError, LookupError, OverflowError)
"""What YAML's own reader raises for a text: besides its errors, whatever its constructors run into."""


class UnreadableError(ValueError):
    """Not YAML, or not in UTF-8. The text says what, where it is known on which line."""


def load_plain(path: Path) -> Any:
    """Raise ``UnreadableError``, or ``OSError`` if the file cannot be opened."""
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except STUMBLES as error:
        raise UnreadableError(stumbled(error)) from None


def stumbled(error: BaseException) -> str:
    """What was wrong, for whoever wrote the file."""
    if isinstance(error, RecursionError):
        return "blocks within blocks without end"
    if isinstance(error, TypeError | AttributeError | LookupError) and not isinstance(error, yaml.YAMLError):
        return "a value does not fit its tag (!!…), or a key is no text"
    return fit(str(error))


def fit(text: str) -> str:
    """Made fit to be printed: bounded, valid UTF-8."""
    clipped = text if len(text) <= LONGEST else text[:LONGEST // 2] + "…" + text[-LONGEST // 2:]
    return clipped.encode("utf-8", "backslashreplace").decode()
