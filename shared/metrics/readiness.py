"""Whether this process can do its work now. Live: it answers at all. Ready: every check says so.

    readiness.register("store", lambda: None if reachable() else "MongoDB does not answer")
"""

from __future__ import annotations

from collections.abc import Callable

Check = Callable[[], str | None]

_checks: dict[str, Check] = {}


def register(name: str, check: Check) -> None:
    """Add a check, or replace the one of that name. It returns None when fine, else the reason; it may take a few seconds."""
    _checks[name] = check


def unregister(name: str) -> None:
    _checks.pop(name, None)


def problems() -> dict[str, str]:
    """Name → reason of each check that is not fine. A check that raises is not fine either."""
    found: dict[str, str] = {}
    for name, check in list(_checks.items()):
        try:
            reason = check()
        except Exception as error:  # noqa: BLE001 (it is reported, and the other checks are still to be asked)
            reason = f"the check failed with {type(error).__name__}"
        if reason is not None:
            found[name] = reason
    return found
