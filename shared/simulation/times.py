"""When things happen, and when somebody gets round to writing them up."""

from __future__ import annotations

import datetime as dt
import random
from typing import Literal

from shared.contracts import VIETNAM

Habit = Literal["prompt", "weekly", "quarter"]
"""How a team writes up its cases: within days, at the end of the week, or all of a quarter's in one go."""

# cases arise unevenly: before Tết (debts, family) and in the hot months (water, noise, hygiene)
MONTHS = {11: 8, 12: 9, 1: 12, 2: 5, 3: 8, 4: 8, 5: 9, 6: 11, 7: 11, 8: 8, 9: 7, 10: 6}


def day_between(chance: random.Random, first: dt.date, last: dt.date) -> dt.date:
    return first + dt.timedelta(days=chance.randint(0, max(0, (last - first).days)))


def season_day(chance: random.Random, first: dt.date, last: dt.date) -> dt.date:
    """A day between the two, more likely in months in which more quarrels arise."""
    most = max(MONTHS.values())
    while True:
        day = day_between(chance, first, last)
        if chance.randrange(most) < MONTHS[day.month]:
            return day


def weekday(day: dt.date) -> dt.date:
    """The day itself, or the Monday after it: offices are closed at the weekend."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def days(n: int) -> dt.timedelta:
    return dt.timedelta(days=n)


def clock(chance: random.Random, day: dt.date, first: int = 8, last: int = 16) -> dt.datetime:
    """A moment of the day in Việt Nam, between the hours ``first`` and ``last``."""
    return dt.datetime(
        day.year, day.month, day.day, chance.randint(first, last), chance.randrange(60), chance.randrange(60), tzinfo=VIETNAM
    )


def written(chance: random.Random, day: dt.date, habit: Habit, last: dt.date) -> dt.datetime:
    """When what happened on ``day`` is written up: never before that day's evening, and by ``last`` if that lies after it."""
    if habit == "quarter":
        due = _after_quarter(day) + days(chance.randrange(6))
    elif habit == "weekly":
        due = day + days((4 - day.weekday()) % 7)
    else:
        due = day + days(chance.choice((0, 0, 0, 1, 1, 2, 3)))
    due = max(day, min(due, last))
    return clock(chance, due, 18, 21) if due == day else clock(chance, due, 7, 17)


def _after_quarter(day: dt.date) -> dt.date:
    """The third of the month after the quarter; the year's last month is written up for the review in November."""
    for month, end in ((1, 3), (4, 3), (7, 3), (10, 3), (11, 5)):
        if (day.month, day.day) < (month, end):
            return dt.date(day.year, month, end)
    return dt.date(day.year + 1, 1, 3)
