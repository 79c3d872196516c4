"""How far a team's recognition or a commendation has come: the team is told what was decided about it, the source of a decision
that has no effect (or the unit's office) is told why, a commune's office who there still waits for praise.

One message for each state that is told, however often and by how many instances it is heard: a decision's number, or the
generation of what was given back, makes the occasion.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from services.notification.domain.ledger import Delivery, Recipient
from services.notification.domain.rules import RuleId, Rules, too_old
from shared.contracts.outgoing import CommendationChanged, RecognitionChanged, RefusedStep

Change = RecognitionChanged | CommendationChanged
TOLD: dict[type, dict[str, RuleId]] = {
    RecognitionChanged: {"returned": "recognition_returned", "recognised": "recognised"},
    CommendationChanged: {"decided": "commended"},
}
"""State → the rule by which the team is told of it."""
SHOWN = 30
"""Lines in a list of who is owed praise; the others are counted."""


class Progress(msgspec.Struct, kw_only=True, frozen=True):
    """What is known of one process."""

    generation: int
    state: str


def key(change: Change) -> str:
    return (
        f"recognition {change.team} {change.year}" if isinstance(change, RecognitionChanged) else f"commendation {change.record}"
    )


def deliveries(change: Change, held: Progress | None, rules: Rules, today: dt.date) -> list[Delivery]:
    """What is to be told of a change that is newer than what is held."""
    rule_id = TOLD[type(change)].get(change.state)
    known = held is not None and held.state == change.state
    told = [] if rule_id is None or known else list(_told(change, rule_id, rules, today))
    return told + [_void(change, step, rules) for step in change.refused]


def _told(change: Change, rule_id: RuleId, rules: Rules, today: dt.date) -> Iterator[Delivery]:
    rule = rules[rule_id]
    # a commendation does not say its day: whatever is heard now is new
    about = min(dt.date(change.year, 12, 31), today) if isinstance(change, RecognitionChanged) else today
    if not too_old(rule, about, today):
        yield Delivery(
            rule=rule.id, about=change.team, occasion=f"{key(change)} {change.state} {change.number or change.generation}",
            to=Recipient(kind="team", team=change.team, unit=change.unit),
            words={
                "number": change.number or "chưa ghi số",
                **({"year": str(change.year)} if isinstance(change, RecognitionChanged) else {}),
            },
            check={"key": key(change), "state": change.state},
        )


def _void(change: Change, step: RefusedStep, rules: Rules) -> Delivery:
    rule = rules["decision_void"]
    asked: dict[str, Any] = (
        {"method": "recognition", "arguments": {"team": change.team, "year": change.year}}
        if isinstance(change, RecognitionChanged) else {"method": "commendation", "arguments": {"id": change.record}}
    )
    return Delivery(
        rule=rule.id, about=step.source, occasion=f"{step.id} {change.team} {step.code}",
        to=Recipient(kind="source", source=step.source, unit=change.unit), words={"event": step.id, "article": step.article},
        check={**asked, "id": step.id, "source": step.source},
    )


def sentences(answer: dict[str, Any], source: str, id: str) -> str:
    """Why an event has no effect, by evaluation's answer about its process; empty where it has one by now."""
    return " ".join(step["vi"] for step in answer.get("refused", ()) if (step["source"], step["id"]) == (source, id))


def owed(unit: str, rules: Rules, today: dt.date) -> Delivery:
    """The office of a unit is told once a week that somebody there waits for praise."""
    rule = rules["praise_owed"]
    year, week, _ = today.isocalendar()
    return Delivery(
        rule=rule.id, about=unit, occasion=f"{year}-W{week:02}", to=Recipient(kind="unit", unit=unit), words={},
    )


def owed_lines(items: Sequence[dict[str, Any]]) -> str:
    """Who waits, for how many days. A mediator is counted with the team: names are the office's to look up."""
    lines = [
        f"- {item['team_name']}{' (một hòa giải viên)' if item.get('mediator') else ''}: {item['vi']}" for item in items[:SHOWN]
    ]
    if len(items) > SHOWN:
        lines.append(f"- và {len(items) - SHOWN} trường hợp khác")
    return "\n".join(lines)
