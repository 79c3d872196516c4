"""A team's course as lists for people: how its votes ended, how far each candidate has come, what is to be done next."""

from __future__ import annotations

from typing import Any

from services.directory.domain.course.deciding import decided_of, stood
from services.directory.domain.course.state import Course
from services.directory.domain.saying import Words
from shared.contracts import to_builtins

NEXT = {
    "supplementary": Words(
        "Tổ chức bầu bổ sung cho số lượng còn thiếu.", "Hold a supplementary vote for the seats that are open.",
    ),
    "recognise": Words(
        "Lập danh sách đề nghị Chủ tịch UBND cấp xã công nhận người trúng cử.",
        "Send the list of those elected to the chair of the commune's People's Committee to recognise them.",
    ),
    "leader": Words("Các hòa giải viên bầu lại tổ trưởng.", "The mediators vote on their leader again."),
    "elect": Words("Tổ chức họp đại diện hộ gia đình để bầu.", "Hold the households' vote."),
}


def elections(course: Course, day: str) -> dict[str, Any]:
    """{"elections", "leaders", "decisions", "ceased": as in ``Course``, up to ``day``; "next": [{"code", "vi", "en"}]}."""
    return {
        **{
            name: [to_builtins(one) for one in getattr(course, name) if one.on <= day]
            for name in ("elections", "leaders", "decisions", "ceased")
        },
        "next": [{"code": code, "vi": NEXT[code].vi, "en": NEXT[code].en} for code in _next(course, day)],
    }


def candidates(course: Course, day: str) -> list[dict[str, Any]]:
    """The last list agreed by ``day``, a row per candidate: {"ref", "agreed_on", "state", "on", "votes"?, "households"?,
    "decision"?}. ``state``: agreed, elected, surplus, tied, not_elected, recognised; ``on``: since when. Who stood in a later
    vote without being on the list has a row, too, with ``agreed_on`` None."""
    listed = [one for one in course.lists if one.on <= day]
    last = listed[-1] if listed else None
    since = last.on if last is not None else ""
    later = [r.ref for e in course.elections if since <= e.on <= day for r in e.results]
    rows = []
    for ref in dict.fromkeys([*(last.candidates if last is not None else ()), *later]):
        row: dict[str, Any] = {"ref": ref, "agreed_on": None, "state": "agreed", "on": since}
        if last is not None and ref in last.candidates:
            row["agreed_on"] = last.on
        vote = stood([e for e in course.elections if e.on >= since], ref, day)
        if vote is not None:
            row |= {"state": vote[1].outcome, "on": vote[0].on, "votes": vote[1].votes, "households": vote[0].households}
        decision = decided_of([d for d in course.decisions if since <= d.on <= day], ref, None)
        if decision is not None:
            row |= {"state": "recognised", "on": decision.on, "decision": decision.number}
        rows.append(row)
    return rows


def _next(course: Course, day: str) -> list[str]:
    found = []
    votes = [e for e in course.elections if e.on <= day]
    if votes and votes[-1].missing:
        found.append("supplementary")
    rows = candidates(course, day)
    if any(row["state"] == "elected" for row in rows):
        found.append("recognise")
    if rows and all(row["state"] == "agreed" for row in rows):
        found.append("elect")
    leaders = [vote for vote in course.leaders if vote.on <= day]
    if leaders and leaders[-1].leader is None:
        found.append("leader")
    return found
