"""Legal periods in calendar days and months, and the last day "before" a day.

Bộ luật Dân sự 2015 Art. 147-148: the day of the event is not counted; a period of months ends on the day
of the same number, or on the month's last day if it has none; a last day that is off rolls over to the next
working day. Whether the rollover applies to a given period is the caller's to say.
"""

from __future__ import annotations

import calendar
import datetime as dt
from typing import Literal

from shared.calendar.working import next_working_day


def add_calendar_days(day: dt.date, count: int, *, roll: bool = False) -> dt.date:
    """The last day of a period of ``count`` days. ``roll``: if it is off, the next working day is."""
    last = day + dt.timedelta(days=count)
    return next_working_day(last) if roll else last


def add_months(day: dt.date, count: int) -> dt.date:
    """31/08 and six months: 28/02, or 29/02 in a leap year."""
    month = day.year * 12 + day.month - 1 + count
    year, index = divmod(month, 12)
    return dt.date(year, index + 1, min(day.day, calendar.monthrange(year, index + 1)[1]))


def last_day_before(day: dt.date, rule: Literal["strict", "inclusive"] = "strict") -> dt.date:
    """The last day in time for "trước ngày D". ``strict``: the day before D; ``inclusive``: D itself."""
    return day - dt.timedelta(days=1) if rule == "strict" else day
