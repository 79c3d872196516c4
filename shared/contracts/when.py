"""Legal times. A register often knows the day only, so a time is a day or a moment; both are meant in Việt Nam.

``When`` is a string in one normal form, so that comparing strings compares times and MongoDB sorts them:
``2024-03-05`` (a day) or ``2024-03-05T09:30:00+07:00`` (a moment, always brought to +07:00). ``Day`` allows the first only.
Việt Nam has kept UTC+7 without summer time since 1975, and the years accepted here begin later.
"""

from __future__ import annotations

import datetime as dt

VIETNAM = dt.timezone(dt.timedelta(hours=7))
EARLIEST = "1976-01-01"
LATEST = "2200-01-01"


class When(str):
    """A day or a moment, normalised."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: object) -> When:
        """Raise ``ValueError`` with what is wrong: not ISO 8601, a moment without offset, a year outside 1976-2199."""
        if not isinstance(text, str):
            raise ValueError("a date in ISO 8601 is expected, as a string")
        try:
            if len(text) == 10:
                normal = dt.date.fromisoformat(text).isoformat()
            else:
                moment = dt.datetime.fromisoformat(text)
                if moment.tzinfo is None:
                    raise ValueError("offset")
                normal = moment.astimezone(VIETNAM).isoformat()
        except (ValueError, OverflowError) as error:
            hint = "a date-time needs an offset such as +07:00" if str(error) == "offset" else "use YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS+07:00"
            raise ValueError(f"not a date: {hint}") from None
        if not EARLIEST <= normal < LATEST:
            raise ValueError(f"the year must lie between {EARLIEST[:4]} and {int(LATEST[:4]) - 1}")
        return cls(normal)

    @property
    def day(self) -> dt.date:
        return dt.date.fromisoformat(self[:10])

    @property
    def has_time(self) -> bool:
        return len(self) > 10


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
        return {"type": "string", "format": "date"}
    if issubclass(kind, When):
        return {"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}
    raise NotImplementedError(kind)
