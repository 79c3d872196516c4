"""The one time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def day_of(moment: dt.datetime) -> dt.date:
    """The day in Việt Nam at ``moment``. Raise ``ValueError`` if it carries no time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no day")
    return moment.astimezone(ZONE).date()
