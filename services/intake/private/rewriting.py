"""What was read and is written anew must still be what was read: somebody else may have erased it, emptied it, or sealed it under
another key. So each write names the ciphertext that it replaces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

TIMES = 5


class Changed(Exception):
    """What was read has been rewritten since: read the page again."""


def until_unchanged(page: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The page's answer, read again while others rewrite it. Raise ``ValueError`` when that has no end."""
    for _ in range(TIMES):
        try:
            return page()
        except Changed:
            continue
    raise ValueError("the vault is being rewritten; try again")
