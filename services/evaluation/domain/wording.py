"""Sentences in two languages, and numbers as each writes them: 1.315 and 93,8% in Vietnamese, 1,315 and 93.8% in
English. Days are dd/mm/yyyy in Vietnamese and yyyy-mm-dd in English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache

import msgspec

from shared.calendar import Span

_SWAP = str.maketrans(",.", ".,")


class Words(msgspec.Struct, frozen=True, gc=False):
    """One text in both languages."""

    vi: str
    en: str

    def __add__(self, other: Words) -> Words:
        """This sentence followed by another one."""
        return Words(f"{self.vi} {other.vi}".strip(), f"{self.en} {other.en}".strip())


NOTHING = Words("", "")


def joined(sentences: Iterable[Words]) -> Words:
    """One after the other."""
    said = [words for words in sentences if words.vi or words.en]
    return Words(" ".join([words.vi for words in said]), " ".join([words.en for words in said]))


def number(value: int | Decimal, lang: str = "vi") -> str:
    """With thousands separated, and as many decimals as the value carries."""
    text = f"{value:,}"
    return text.translate(_SWAP) if lang == "vi" else text


@lru_cache(maxsize=8192)
def day(value: dt.date, lang: str = "vi") -> str:
    return f"{value.day:02d}/{value.month:02d}/{value.year}" if lang == "vi" else value.isoformat()


@lru_cache(maxsize=1024)
def span(value: Span, lang: str = "vi") -> str:
    return f"{day(value.first, lang)} - {day(value.last, lang)}"


@lru_cache(maxsize=1024)
def money(value: int, lang: str = "vi") -> str:
    return f"{number(value, lang)} đ"


def days(values: Iterable[dt.date], lang: str = "vi", most: int = 3) -> str:
    """Up to ``most`` days, then how many more there are."""
    listed = sorted(set(values))
    text = ", ".join(day(value, lang) for value in listed[:most])
    more = len(listed) - most
    if more > 0:
        text += f" và {number(more)} ngày khác" if lang == "vi" else f" and {number(more, 'en')} more"
    return text
