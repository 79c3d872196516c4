"""Working days ("ngày làm việc") in Việt Nam: Saturdays, Sundays and public holidays are off, and so are the
weekdays that the Government swaps with a Saturday, which then is worked.

Law: Bộ luật Lao động 2019 Art. 111-112. Days: the ``holidays`` library, which knows the swaps that were
announced up to its release; for years after that, Tết and the fixed holidays are right and swaps are missing.
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

import holidays

SATURDAY = 5
_DAY = dt.timedelta(days=1)


@lru_cache(maxsize=256)
def _year(year: int) -> tuple[dict[dt.date, str], frozenset[dt.date]]:
    """A year's days off on whatever weekday, and its weekend days that are worked."""
    calendar = holidays.country_holidays("VN", years=year, language="vi")
    return {day: str(name) for day, name in calendar.items()}, frozenset(calendar.weekend_workdays)


def holiday_name(day: dt.date) -> str | None:
    """The holiday's Vietnamese name, or None."""
    return _year(day.year)[0].get(day)


def is_working_day(day: dt.date) -> bool:
    off, swapped = _year(day.year)
    return day in swapped or (day.weekday() < SATURDAY and day not in off)


def next_working_day(day: dt.date) -> dt.date:
    """``day`` itself if it is worked, else the first worked day after it."""
    while not is_working_day(day):
        day += _DAY
    return day


@lru_cache(maxsize=8192)
def add_working_days(day: dt.date, count: int) -> dt.date:
    """The last day of a period of ``count`` working days that begins with an event on ``day``, which is not
    counted itself (Bộ luật Dân sự 2015 Art. 147). Raise ``ValueError`` if ``count`` is negative."""
    if count < 0:
        raise ValueError("a period cannot have fewer than 0 days")
    for _ in range(count):
        day = next_working_day(day + _DAY)
    return day
