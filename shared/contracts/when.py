"""Legal times. A register often knows the day only, so a time is a day or a moment; both are meant in Việt
Nam.

``When`` is a string in one normal form, so that comparing strings compares times and MongoDB sorts them:
``2024-03-05`` (a day) or ``2024-03-05T09:30:00+07:00`` (a moment, always brought to +07:00). ``Day`` allows
the first only. Việt Nam has kept UTC+7 without summer time since 1975, and the years accepted here begin
later.

What is read is RFC 3339, as CloudEvents asks; not the week dates, compact forms, hour 24 and second 60 that
some other readers of ISO 8601 let through, each in its own way.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache

VIETNAM = dt.timezone(dt.timedelta(hours=7))
EARLIEST = "1976-01-01"
LATEST = "2200-01-01"

_DAY = r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
_CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
_OFFSET = r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
END = r"$(?!\n)"
"""End of a pattern. Python's ``$`` alone also matches before a closing line feed; JSON Schema's does not."""
DAY_PATTERN = f"^{_DAY}{END}"
WHEN_PATTERN = f"^{_DAY}([Tt]{_CLOCK}{_OFFSET})?{END}"

_WHEN = re.compile(WHEN_PATTERN)
_NO_OFFSET = re.compile(f"^{_DAY}[Tt ]{_CLOCK}{END}")


class When(str):
    """A day or a moment, normalised."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> When:
        """Raise ``ValueError`` with what is wrong: not RFC 3339, no offset, no such day, a year outside
        1976-2199."""
        if not isinstance(text, str):
            raise ValueError("a date is expected, as a string")
        return cls(_normal(text))

    @property
    def day(self) -> dt.date:
        return dt.date.fromisoformat(self[:10])

    @property
    def has_time(self) -> bool:
        return len(self) > 10


@lru_cache(maxsize=8_192)
def _normal(text: str) -> str:
    """The same days come again and again."""
    if not _WHEN.match(text):
        if _NO_OFFSET.match(text):
            raise ValueError("not a date: a date-time needs an offset such as +07:00")
        raise ValueError("not a date: use YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS+07:00")
    try:
        if len(text) == 10:
            normal = dt.date.fromisoformat(text).isoformat()
        else:
            normal = dt.datetime.fromisoformat(text.upper()).astimezone(VIETNAM).isoformat()
    except ValueError:
        raise ValueError("not a date: there is no such day") from None
    except OverflowError:
        normal = ""
    if not EARLIEST <= normal < LATEST:
        raise ValueError(f"the year must lie between {EARLIEST[:4]} and {int(LATEST[:4]) - 1}")
    return normal


class Day(When):
    """A day."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> Day:
        if isinstance(text, str) and len(text) != 10:
            raise ValueError("not a day: use YYYY-MM-DD")
        return cls(When.parse(text))


def moment(at: dt.datetime) -> When:
    """A clock's reading as ``When``. ``at`` must carry a time zone."""
    return When.parse(at.isoformat())


def dec_hook(kind: type, value: object) -> object:
    if issubclass(kind, When):
        return kind.parse(value)
    raise NotImplementedError(kind)


def enc_hook(value: object) -> object:
    if isinstance(value, When):
        return str.__str__(value)
    raise NotImplementedError(type(value))


def schema_hook(kind: type) -> dict[str, object]:
    if kind is Day:
        return {"type": "string", "format": "date", "pattern": DAY_PATTERN}
    if issubclass(kind, When):
        either = [{"format": "date"}, {"format": "date-time"}]
        return {"type": "string", "anyOf": either, "pattern": WHEN_PATTERN}
    raise NotImplementedError(kind)
