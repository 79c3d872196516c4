"""From what comes next to the form that does it."""

from __future__ import annotations

from typing import Any

from services.gateway.forms.acts import find
from services.gateway.pages import act
from services.gateway.pages.recognised import NextStep


def next_link(
    step: NextStep, back: str, *, team: str = "", unit: str | None = "", year: int | None = None, subject: str = "",
    n: int | None = None, **more: Any,
) -> str:
    """The form's address, "" where nobody enters anything. What the form does not ask for is left out."""
    found = find(step.type or "")
    if found is None or (found.continues and not subject):
        return ""
    given: dict[str, Any] = {"team": team, "unit": unit, "year": year, **more}
    if found.name == "commendation.proposed" and year is not None:
        given.setdefault("achievement", f"recognition:{year}")
    asked = {name: value for name, value in given.items() if found.has(name)}
    return act.link(found.name, back, **asked, **({"subject": subject, "n": n} if found.continues else {}))
