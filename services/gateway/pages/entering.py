"""Ghi nhận: what the reader may enter that begins something new. Steps of what is there already are opened from its own page."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from services.gateway.forms.acts import find
from services.gateway.pages import act
from services.gateway.pages.desk import Desk
from services.gateway.pages.view import View

GROUPS: dict[str, tuple[str, ...]] = {
    "team": (
        "case.reported", "case.recorded", "meeting.held", "coordination.requested", "outreach.held", "situation.noted",
        "period.declared", "statistics.submitted", "practice.noted", "attestation.given",
    ),
    "money": ("payment.requested",),
    "commune": (
        "documents.distributed", "training.convened", "verification.opened", "statistics.locked", "evaluation.scheme-chosen",
    ),
    "praise": ("recognition.self-assessed", "recognition.requested", "commendation.proposed"),
    "directory": (
        "directory.team.registered", "directory.team.changed", "directory.team.ended", "directory.candidates.agreed",
        "directory.election.held", "directory.leader.elected", "directory.mediator.recognised", "directory.mediator.registered",
        "directory.mediator.changed", "directory.mediator.ended", "directory.review.held", "directory.area.described",
    ),
}
"""Headings under ``enter``, and the types below them; one that this release does not have is left out."""


async def listing(desk: Desk, request: Request, view: View) -> Response:
    given = _only_place(view)
    groups = [(name, [(one, act.link(one, "/enter", **_asked(one, given))) for one in types if _may(view, one)])
              for name, types in GROUPS.items()]
    return desk.page("enter.html", view, groups=[(name, listed) for name, listed in groups if listed])


def _may(view: View, name: str) -> bool:
    return find(name) is not None and (view.who is None or view.who.anywhere(name, view.today))


def _only_place(view: View) -> dict[str, str]:
    """The team or unit for which the reader has a role, where it is the only one."""
    held = view.who.now(view.today) if view.who is not None else []
    units, teams = {one.unit for one in held if one.unit}, {one.team for one in held if one.team}
    if len(teams) == 1 and not units:
        return {"team": teams.pop()}
    return {"unit": units.pop()} if len(units) == 1 and not teams else {}


def _asked(name: str, given: dict[str, str]) -> dict[str, str]:
    found = find(name)
    return {key: value for key, value in given.items() if found is not None and found.has(key)}
