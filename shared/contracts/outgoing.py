"""What the services tell each other and any subscriber: the present public state of a record, with its
version ``n``.

Body: CloudEvents JSON, content type ``application/json``; routing key = type; exchange ``<service>.events``
(topic, durable), so a stock nameko ``@event_handler`` can subscribe. Delivered at least once: apply if
``n`` is newer than what you hold. No name, address or word of a party is ever in here.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import msgspec

from shared.contracts.when import When

# a type says one thing: the directory's states are not named like the inbound events that lead to them
CASE_CHANGED = "vn.namtot.intake.case.changed.v1"
ACTIVITY_CHANGED = "vn.namtot.intake.activity.changed.v1"
DIRECTORY_CHANGED = "vn.namtot.intake.directory.changed.v1"
EVENT_REFUSED = "vn.namtot.intake.event.refused.v1"
UNIT_CHANGED = "vn.namtot.directory.unit-state.changed.v1"
TEAM_CHANGED = "vn.namtot.directory.team-state.changed.v1"
NAMES_CHANGED = "vn.namtot.directory.names.changed.v1"
VERDICT_CHANGED = "vn.namtot.evaluation.verdict.changed.v1"
RECOGNITION_CHANGED = "vn.namtot.evaluation.recognition.changed.v1"
COMMENDATION_CHANGED = "vn.namtot.evaluation.commendation.changed.v1"

Status = Literal[
    "parked", "received", "scope_review", "out_of_scope", "referred", "chosen", "assigned", "mediating", "paused",
    "settled", "not_settled", "ended_by_party", "reopened",
]


class Place(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Where a source says a case belongs; the directory knows which team that is on a day."""

    source: str
    team: str | None = None
    unit: str | None = None
    group: str | None = None


class Flag(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A fact accepted against the order or a deadline. ``code`` names the message, ``article`` the law."""

    code: str
    article: str
    on: When | None = None
    days: int | None = None


class Step(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One change of a case's status. ``by``: the short type of the event, e.g. ``case.settled``."""

    on: When
    status: Status
    by: str


class Session(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    on: When
    invited: int = 0


class Scope(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """The last word on whether the dispute is for grassroots mediation. ``referral``: what the authority answered."""

    answer: Literal["under_review", "in_scope", "out_of_scope", "referred"]
    reason_code: str | None = None
    referral: Literal["accepted", "resolved", "returned"] | None = None


class Safety(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A danger was raised; of which kinds stands in ``urgent``. ``separate_only``: no joint session without the victim's consent.
    ``told``: offices that were told."""

    raised_on: When
    separate_only: bool = False
    told: list[str] = []


class Recusal(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """``mediator``: a reference."""

    mediator: str
    on: When
    reason: str


class Settlement(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Which contents of Art. 24 the written settlement has and lacks, by code."""

    items: list[str] = []
    missing: list[str] = []


class FollowUp(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    on: When
    result: str


class Obstacle(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """``days``: from raised to resolved. ``until``: the day by which the leader wants it solved."""

    id: str
    kind: str
    raised_on: When
    by_role: str | None = None
    directed_on: When | None = None
    directed_by: str | None = None
    until: When | None = None
    resolved_on: When | None = None
    days: int | None = None


class Due(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A deadline that runs. Only its last day is said: what it is today, the reader knows. ``article``: where it stands."""

    code: str
    last_day: When
    article: str


class CaseState(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A case as everybody may see it. All times in Việt Nam; see ``When``. ``history`` is in legal order,
    so that the status on any day can be read from it. ``logged_on``: when the case was first written up.
    ``linked_to``: the case id that counts. ``place`` of a case across units is its lead team's; ``lead_team`` and
    ``other_teams`` are names as ``place.source`` writes them. ``due``: the deadlines that run."""

    status: Status
    place: Place | None = None
    dispute: str | None = None
    ground: str | None = None
    first_known_by: str | None = None
    arose_on: When | None = None
    received_on: When | None = None
    logged_on: When | None = None
    assigned_on: When | None = None
    start_agreed_on: When | None = None
    started_on: When | None = None
    ended_on: When | None = None
    chosen_by_parties: bool = False
    mediator: str | None = None
    invited: int = 0
    sessions: list[Session] = []
    written: bool = False
    perform_by: When | None = None
    performance: Literal["fulfilled", "broken"] | None = None
    court: Literal["asked", "granted", "refused"] | None = None
    linked_to: str | None = None
    urgent: list[str] = []
    visibility: Literal["public", "private"] | None = None
    venue: str | None = None
    lead_team: str | None = None
    other_teams: list[str] = []
    paused: bool = False
    scope: Scope | None = None
    safety: Safety | None = None
    recusals: list[Recusal] = []
    settlement: Settlement | None = None
    follow_ups: list[FollowUp] = []
    obstacles: list[Obstacle] = []
    reopened_on: list[When] = []
    court_inquired_on: When | None = None
    court_answered_on: When | None = None
    history: list[Step] = []
    flags: list[Flag] = []
    due: list[Due] = []
    entries: int = 0
    parked: int = 0


class CaseChanged(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """``case``: the case id (hex of SHA-256 over the subject, first 32 digits). ``applied``: short types
    new in this version."""

    case: str
    subject: str
    n: int
    state: CaseState
    applied: list[str] = []


class RecordEntry(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One live entry of an activity or directory record, corrected and withdrawn ones already resolved.
    ``type`` is short; ``data`` is the struct of the contract as JSON values, without ``private``. ``time``:
    when it was written up."""

    entry: str
    source: str
    id: str
    type: str
    on: When
    time: When
    data: dict[str, Any]


class RecordChanged(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """An activity or directory record: its live entries, in order of (day, rank, time, entry)."""

    record: str
    subject: str
    n: int
    entries: list[RecordEntry] = []


class EventRefused(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """``refusal``: key of the refused body in the ledger. ``source`` and ``id`` only where they could be
    read."""

    refusal: str
    code: str
    field: str
    reason: str
    source: str | None = None
    id: str | None = None
    type: str | None = None


class UnitState(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """One unit over one extent: keyed by code and ``valid_from``. ``valid_to``: first day on which it is no
    more."""

    code: str
    valid_from: When
    n: int
    name: str
    level: str
    parent: str | None = None
    valid_to: When | None = None
    contact: str | None = None


class Membership(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A mediator in a team, from a day to the day before ``valid_to``. ``recognised_on``, ``decision``: the chair's last decision
    on this mediator; ``trained_on``: the first class that the mediator attended for this team. Each only where on record."""

    ref: str
    source: str
    sex: str
    valid_from: When
    valid_to: When | None = None
    leader: bool = False
    ethnic_minority: bool = False
    law_qualified: bool = False
    trained: bool = False
    recognised_on: When | None = None
    decision: str | None = None
    trained_on: When | None = None


class TeamPlace(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """Where a team worked, from a day to the day before ``valid_to``."""

    unit: str
    group: str
    valid_from: When
    valid_to: When | None = None


class TeamState(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A team over its whole life; ``names`` are (source, the source's name) pairs that mean it."""

    code: str
    n: int
    name: str
    established_on: When
    ended_on: When | None = None
    merged_into: str | None = None
    places: list[TeamPlace] = []
    members: list[Membership] = []
    names: list[tuple[str, str]] = []
    contact: str | None = None


class NamesChanged(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What a source means by a team's name: ``code`` once that is settled, else it waits for an officer."""

    source: str
    name: str
    n: int
    code: str | None = None


class VerdictChanged(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """``lacking``: codes of what the team lacks for a verdict (see the scheme's criteria). ``counts``: the scheme is the one by
    which the team's commune goes that year; others are judged for comparison."""

    team: str
    unit: str
    scheme: str
    year: int
    generation: int
    verdict: Literal["met", "not_met", "not_enough_evidence"]
    lacking: list[str] = []
    counts: bool = True


class RefusedStep(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """An event that is on record and has no effect. ``source`` and ``id`` are its own; ``code`` names the reason, ``article``
    where it stands."""

    source: str
    id: str
    code: str
    article: str


class RecognitionChanged(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """How far a team's recognition for a year has come. ``unit``: where the team worked on the last day of the year's window;
    ``number``: of the decision; ``flags``: codes of what is noted beside it."""

    team: str
    unit: str
    year: int
    generation: int
    state: Literal[
        "not_assessed", "assessed", "eligible", "requested", "returned", "under_review", "recognised", "not_recognised",
        "revoked",
    ]
    number: str | None = None
    refused: list[RefusedStep] = []
    flags: list[str] = []


class CommendationChanged(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """How far a commendation has come. ``record``: of the dossier; ``unit``: that proposed it, if it is on record; ``mediator``,
    ``household``: a reference, where it is not for the team itself; ``number``: of the decision that stands; ``flags``: codes."""

    record: str
    team: str
    generation: int
    state: Literal[
        "proposed", "preparing", "submitted", "supplement_asked", "suspended", "appraised", "decided", "declined", "given",
        "paid", "revoked", "withdrawn",
    ]
    unit: str | None = None
    mediator: str | None = None
    household: str | None = None
    form: str | None = None
    number: str | None = None
    refused: list[RefusedStep] = []
    flags: list[str] = []


class Outcome(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """What became of one delivery, told on the default exchange to whoever gave a ``reply_to``. A hint: the
    ledger is the truth. ``record`` and ``n``: what the event belongs to and its version; ``code``,
    ``field``, ``reason`` and ``people`` (Vietnamese): why it was refused. """

    outcome: Literal["applied", "duplicate", "refused", "redelivered"]
    source: str | None
    id: str | None
    type: str | None = None
    record: str | None = None
    n: int | None = None
    code: str | None = None
    field: str | None = None
    reason: str | None = None
    people: str | None = None


class OutgoingType(NamedTuple):
    """``service``: the one that publishes it, on the exchange ``<service>.events``."""

    name: str
    service: str
    data: type[msgspec.Struct]
    summary: str


EVENTS: dict[str, OutgoingType] = {
    one.name: one
    for one in (
        OutgoingType(CASE_CHANGED, "intake", CaseChanged, "A case's present state"),
        OutgoingType(ACTIVITY_CHANGED, "intake", RecordChanged, "An activity's live entries"),
        OutgoingType(DIRECTORY_CHANGED, "intake", RecordChanged, "A directory record's live entries"),
        OutgoingType(EVENT_REFUSED, "intake", EventRefused, "An event was refused"),
        OutgoingType(UNIT_CHANGED, "directory", UnitState, "A unit over one extent"),
        OutgoingType(TEAM_CHANGED, "directory", TeamState, "A team over its whole life"),
        OutgoingType(NAMES_CHANGED, "directory", NamesChanged, "What a source means by a team's name"),
        OutgoingType(VERDICT_CHANGED, "evaluation", VerdictChanged, "A team's verdict under a scheme"),
        OutgoingType(RECOGNITION_CHANGED, "evaluation", RecognitionChanged, "How far a team's recognition has come"),
        OutgoingType(COMMENDATION_CHANGED, "evaluation", CommendationChanged, "How far a commendation has come"),
    )
}
