"""One piece of work beside another: what is written waits for MongoDB most of the time, and what is judged next does not.

A plain thread, which under eventlet is a greenthread; one at a time, in the order in which the work was given.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType


class Beside:
    """Entered and left with ``with``; nothing is left running after it. An error of the work is raised by what comes next."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._error: BaseException | None = None

    def run(self, work: Callable[[], None]) -> None:
        """Begin ``work`` once what was given before is done. Raise what that raised."""
        self.wait()
        self._thread = threading.Thread(target=self._do, args=(work,), daemon=True)
        self._thread.start()

    def wait(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        error, self._error = self._error, None
        if error is not None:
            raise error

    def _do(self, work: Callable[[], None]) -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - whoever waits for it is to know
            self._error = error

    def __enter__(self) -> Beside:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is None:
            self.wait()
        elif self._thread is not None:
            self._thread.join()
