"""What stops the reading of a register, or of one of its rows, in words for the person who keeps it."""

from __future__ import annotations

from typing import NamedTuple


class Words(NamedTuple):
    vi: str
    en: str


class RegisterError(ValueError):
    """The file cannot be read as a whole."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi} / {en}")
        self.words = Words(vi, en)


class RowError(ValueError):
    """One row cannot be taken in; the rest can."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(f"{vi} / {en}")
        self.words = Words(vi, en)
