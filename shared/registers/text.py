"""Words of cells: one form for all spellings of a heading, numbers that Excel keeps as text, and the other way round."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

_NOT_WORD = re.compile(r"[^a-z0-9]+")
_MARKS = re.compile(r"[\u0300-\u036f]+")
"""The combining marks that Vietnamese letters come apart into."""


def plain(value: Any) -> str:
    """A cell as text: NFC, spaces single, whole numbers without ".0"; "" for an empty one."""
    if value is None:
        return ""
    if not isinstance(value, str):
        return str(int(value) if isinstance(value, float) and value.is_integer() else value)
    return " ".join((value if value.isascii() else unicodedata.normalize("NFC", value)).split())


def folded(text: str) -> str:
    """Without case, marks and punctuation: "Họ và tên (HGV)" and "HO VA TEN HGV" are alike."""
    return _folded(text) if len(text) < 200 else _fold(text)


@lru_cache(maxsize=20_000)
def _folded(text: str) -> str:
    return _fold(text)


class _Letters(dict[int, str]):
    """Each character without case, marks and punctuation; made when first met."""

    def __missing__(self, code: int) -> str:
        marked = unicodedata.normalize("NFKD", chr(code).casefold()).replace("đ", "d")
        bare = _NOT_WORD.sub(" ", _MARKS.sub("", marked))
        if code < 0x3000:
            self[code] = bare
        return bare


_LETTERS = _Letters()


def _fold(text: str) -> str:
    return " ".join(text.translate(_LETTERS).split())
