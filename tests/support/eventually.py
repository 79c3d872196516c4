"""Wait for what must come true, without guessing how long it takes."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(check: Callable[[], T], timeout: float = 30.0, every: float = 0.05) -> T:
    """Call ``check`` until it returns something true, and return that.

    Anything else (None too) and any exception mean "not yet". When ``timeout`` seconds have passed, an AssertionError tells what
    the last call did.
    """
    end = time.monotonic() + timeout
    cause: Exception | None = None
    while True:
        try:
            result = check()
        except Exception as error:  # noqa: BLE001 (told at the deadline)
            cause, last = error, f"it raised {type(error).__name__}: {error}"
        else:
            if result:
                return result
            cause, last = None, f"it returned {result!r}"
        if time.monotonic() >= end:
            raise AssertionError(f"not within {timeout:g} seconds; at the last of the tries {last}") from cause
        time.sleep(every)
