"""What the services' answers look like, as far as pages read them. Fields that a page does not show are left out, and pass."""

from __future__ import annotations

import msgspec


class Both(msgspec.Struct, frozen=True):
    vi: str = ""
    en: str = ""


class Change(msgspec.Struct, frozen=True):
    """What would change a verdict (``lacking``), or what is good to know."""

    code: str
    vi: str = ""
    en: str = ""
    lacking: bool = True


class Input(msgspec.Struct, frozen=True):
    kind: str
    id: str
    on: str | None = None


class Node(msgspec.Struct, frozen=True):
    """One verdict and why; its parts are its children."""

    id: str
    title: Both
    verdict: str | None = None
    sentence: Both = Both()
    value: str | None = None
    threshold: str | None = None
    inputs: list[Input] = []
    citation: str = ""
    evidence: str = "rule"
    duty: str = "team"
    changes: list[Change] = []
    children: list[Node] = []


class Revision(msgspec.Struct, frozen=True):
    """A closed year judged again, and why; the first was the closing."""

    revision: int
    verdict: str
    on: str | None = None
    reason: str | None = None


class Undone(msgspec.Struct, frozen=True):
    """What closed a year was withdrawn or corrected since; what was frozen stays."""

    code: str = ""
    article: str = ""
    vi: str = ""
    en: str = ""


class Closing(msgspec.Struct, frozen=True):
    undone: Undone | None = None


class Closed(msgspec.Struct, frozen=True):
    """What was closed for the team. ``differs``: today's figures come to something else; that changes nothing by itself."""

    verdict: str
    scheme: str = ""
    as_of: str | None = None
    hash: str = ""
    differs: bool = False
    undone: Undone | None = None
    revisions: list[Revision] = []


class About(msgspec.Struct, frozen=True):
    """Whose explanation it is. ``as_of``: the day up to which facts were counted; ``scored_at``: a moment. ``closed``:
    what stands beside today's verdict."""

    team: str
    name: str
    unit: str
    unit_name: str
    group: str | None = None
    as_of: str | None = None
    scored_at: str | None = None
    closed: Closed | None = None


class Tree(Node, frozen=True):
    """The root: the team's verdict."""

    about: About | None = None


class Chosen(msgspec.Struct, frozen=True):
    """The criteria that a commune picked for a year; ``refused``: choices of its that have no effect."""

    scheme: str
    chosen_on: str | None = None
    number: str | None = None
    refused: list[Both] = []
    closed: Closing | None = None


class UnitRow(msgspec.Struct, frozen=True):
    unit: str
    name: str
    teams: int
    met: int
    not_met: int
    not_enough_evidence: int
    settled: int
    rated: int


class TeamRow(msgspec.Struct, frozen=True):
    code: str
    name: str
    unit: str
    group: str | None
    verdict: str
    settled: int = 0
    rated: int = 0
    criteria: dict[str, str | None] = {}
    lacking: list[str] = []


class League(msgspec.Struct, frozen=True):
    scheme: str
    year: int
    window: list[str]
    units: list[UnitRow] = []
    teams: list[TeamRow] = []


class Rate(msgspec.Struct, frozen=True):
    numerator: int
    denominator: int


class Counts(msgspec.Struct, frozen=True):
    met: int
    not_met: int
    not_enough_evidence: int
    settled_rate: Rate
    teams: int


class Lag(msgspec.Struct, frozen=True):
    waiting: int


class Extent(msgspec.Struct, frozen=True):
    units: int
    groups: int
    teams: int
    mediators: int


class Team(msgspec.Struct, frozen=True):
    """Who a team is on a day; of its members only how many."""

    code: str
    name: str
    unit: str | None = None
    group: str | None = None
    members: int = 0


class UnitName(msgspec.Struct, frozen=True):
    """A unit as the directory has it on a day. ``level``: city, district or commune."""

    code: str
    name: str
    level: str = "commune"


class NameToConfirm(msgspec.Struct, frozen=True):
    """A source's name for a team that nobody has confirmed."""

    source: str
    name: str


class TypeTally(msgspec.Struct, frozen=True):
    applied: int = 0
    duplicate: int = 0
    refused: int = 0


class Flow(msgspec.Struct, frozen=True):
    received: int
    applied: int
    duplicate: int
    refused: int
    redelivered: int = 0
    parked: int = 0
    balanced: bool = True
    refused_open: int = 0
    outbox: int = 0
    queued: dict[str, int | None] = {}
    by_type: dict[str, TypeTally] = {}


class Refused(msgspec.Struct, frozen=True):
    """One refused message, without its body: that stays with the ledger."""

    id: str
    code: str
    field: str = ""
    reason: str = ""
    people: str = ""
    source: str | None = None
    event_id: str | None = None
    type: str | None = None
    first_seen: str | None = None
    last_seen: str | None = None
    times: int = 1
    status: str = "open"
    size: int = 0
    truncated: bool = False


class RefusedList(msgspec.Struct, frozen=True):
    total: int
    items: list[Refused] = []
