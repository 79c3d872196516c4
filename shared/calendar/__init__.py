"""Days as Vietnamese law and practice count them. Pure: today is always given, never read from a clock.

    zone            ZONE, day_of(moment)
    working days    is_working_day, add_working_days, next_working_day     (``working``)
    legal periods   add_calendar_days, add_months, last_day_before         (``periods``)
    spans           Span, half_years, months_of                            (``spans``)

All days are days in Asia/Ho_Chi_Minh.
"""

from __future__ import annotations

from shared.calendar.periods import add_calendar_days, add_months, last_day_before
from shared.calendar.spans import Span, half_years, months_of
from shared.calendar.working import add_working_days, holiday_name, is_working_day, next_working_day
from shared.calendar.zone import ZONE, day_of

__all__ = [
    "ZONE", "Span", "add_calendar_days", "add_months", "add_working_days", "day_of", "half_years",
    "holiday_name", "is_working_day", "last_day_before", "months_of", "next_working_day",
]
