"""The shape of ``rules.yaml``. The file says what each rule is for and which law it applies."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

RuleId = Literal[
    "assignment", "assignment_agreed", "team_lacks", "source_refused", "recognition_returned", "recognised", "commended",
    "decision_void", "praise_owed", "case_urgent",
]
Positive = Annotated[int, Meta(ge=1)]
Seconds = Annotated[int, Meta(ge=0)]


class Part(msgspec.Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    pass


class Deadline(Part, kw_only=True, frozen=True):
    """``days``: calendar days after the event's own day; ``roll``: a last day that is off goes to the next working day."""

    days: Positive
    roll: bool
    citation: str


class Mail(Part, kw_only=True, frozen=True):
    subject: str
    body: str


class Rule(Part, kw_only=True, frozen=True):
    """``valid_from``: first day of the facts that it is about. ``max_age_days``: a fact that is older when it is heard is told to
    nobody; null: any age. ``drop_when_over``: what is over before it was sent is not sent. ``wait_seconds``: how long it is
    gathered before one message goes out; ``rest_seconds``: least time between two digests for one source."""

    id: RuleId
    purpose: str
    valid_from: dt.date
    citation: str
    mail: Mail
    sms: str
    deadline: Deadline | None = None
    max_age_days: Positive | None = None
    drop_when_over: bool = False
    wait_seconds: Seconds = 0
    rest_seconds: Seconds = 0


class Sending(Part, kw_only=True, frozen=True):
    """``attempts``: how often a server may turn one message away before it counts as failed."""

    attempts: Positive
    first_pause_seconds: Positive
    longest_pause_seconds: Positive


class Rules(Part, kw_only=True, frozen=True):
    sending: Sending
    rules: list[Rule]

    def __getitem__(self, id: RuleId) -> Rule:
        return next(rule for rule in self.rules if rule.id == id)


def too_old(rule: Rule, day: dt.date, today: dt.date) -> bool:
    """Whether a fact of ``day`` is past telling."""
    if day < rule.valid_from:
        return True
    return rule.max_age_days is not None and (today - day).days > rule.max_age_days
