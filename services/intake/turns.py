"""Batches of one process that touch the same record take turns."""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager


class Turns:
    """Two batches may be in work at once. If both touched a record, one would lose the race for its next version and have to
    start over: so it waits until the other is committed. Between processes the versions decide."""

    def __init__(self) -> None:
        self.waiting = 0
        self._busy: set[str] = set()
        self._freed = threading.Condition()  # green under eventlet

    @contextmanager
    def of(self, records: Collection[str]) -> Iterator[None]:
        """Holds all of ``records``, from when nobody else holds any."""
        with self._freed:
            self.waiting += 1
            self._freed.wait_for(lambda: self._busy.isdisjoint(records))
            self.waiting -= 1
            self._busy.update(records)
        try:
            yield
        finally:
            with self._freed:
                self._busy.difference_update(records)
                self._freed.notify_all()
