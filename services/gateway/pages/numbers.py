"""Numbers and dates as each language writes them: 93,8% and 1.315 in Vietnamese, 93.8% and 1,315 in English. Exact until the last
digit shown; what is shown never decides anything."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from shared.contracts import VIETNAM

_DAYS = {"vi": "%d/%m/%Y", "en": "%Y-%m-%d"}
_MARKS = {"vi": (".", ","), "en": (",", ".")}


def number(language: str, value: int) -> str:
    return f"{value:,}".replace(",", _MARKS[language][0])


def percent(language: str, numerator: int, denominator: int) -> str:
    """One decimal, half up. ``denominator`` must not be 0: where nothing arose there is no rate."""
    tenths = (Fraction(numerator * 1000, denominator) + Fraction(1, 2)).__floor__()
    whole, rest = divmod(tenths, 10)
    return f"{number(language, whole)}{_MARKS[language][1]}{rest}%"


def day(language: str, text: str | None) -> str:
    """``2024-03-05`` or a moment → ``05/03/2024`` in Vietnamese, ``2024-03-05`` in English; the day in Việt Nam. What is no date
    is shown as it is."""
    return _written(text, _DAYS[language])


def moment(language: str, text: str | None) -> str:
    """``2024-03-05T02:30:00Z`` → ``09:30 05/03/2024``; a day stays a day."""
    days = _DAYS[language]
    return _written(text, days if text and len(text) == 10 else f"%H:%M {days}")


def _written(text: str | None, form: str) -> str:
    if not text:
        return ""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return (at.astimezone(VIETNAM) if at.tzinfo else at).strftime(form)
