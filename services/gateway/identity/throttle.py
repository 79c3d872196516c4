"""Failed sign-ins, counted in memory for a quarter of an hour: by person and address, by person, by address. A person is never
locked out for long by others, who would need many addresses for it; a guesser gets few tries."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

WINDOW = 15 * 60.0
MOST = {"both": 5, "person": 50, "address": 40}
"""Failures in a window, after which the next try waits until the window is over."""
_KEPT = 20_000


class Throttle:
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._failed: OrderedDict[tuple[str, str], tuple[float, int]] = OrderedDict()

    def waits(self, name: str, address: str) -> int:
        """Seconds until the next try; 0: now."""
        now = self._clock()
        left = 0.0
        for key in _keys(name, address):
            began, times = self._failed.get(key, (0.0, 0))
            if times >= MOST[key[0]] and now < began + WINDOW:
                left = max(left, began + WINDOW - now)
        return int(left) + 1 if left else 0

    def failed(self, name: str, address: str) -> None:
        now = self._clock()
        for key in _keys(name, address):
            began, times = self._failed.pop(key, (now, 0))
            if now >= began + WINDOW:
                began, times = now, 0
            self._failed[key] = (began, times + 1)
        while len(self._failed) > _KEPT:
            self._failed.popitem(last=False)

    def succeeded(self, name: str, address: str) -> None:
        """The try that was counted as failed was none; an office signs in from one address."""
        both, *others = _keys(name, address)
        self._failed.pop(both, None)
        for key in others:
            if key in self._failed:
                began, times = self._failed[key]
                self._failed[key] = (began, max(0, times - 1))


def _keys(name: str, address: str) -> tuple[tuple[str, str], ...]:
    return ("both", f"{name}\0{address}"), ("person", name), ("address", address)
