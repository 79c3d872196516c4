"""What evaluation answers about recognition, closing and the city's targets, as far as pages read it."""

from __future__ import annotations

import msgspec

from services.gateway.pages.shapes import Both, Undone


class Finding(msgspec.Struct, frozen=True):
    """A reason with its source: why something is refused (``field``: of the form), what is flagged or remarked."""

    code: str = ""
    field: str = ""
    article: str = ""
    on: str | None = None
    vi: str = ""
    en: str = ""


class Check(msgspec.Struct, frozen=True):
    """What would be refused, and what would be flagged, if the event were sent."""

    allowed: bool
    refusals: list[Finding] = []
    flags: list[Finding] = []


class Step(msgspec.Struct, frozen=True):
    """``written_up``: when it was entered, maybe weeks after ``on``. ``effect``: done, refused or waiting.
    ``subject``, ``n``: of the record that it is an entry of."""

    type: str
    on: str
    written_up: str | None = None
    entry: str = ""
    source: str = ""
    id: str = ""
    number: str | None = None
    effect: str = "done"
    subject: str | None = None
    n: int | None = None
    words: Both | None = None


class Barred(msgspec.Struct, frozen=True):
    """An entry without effect: what the law forbids, and why."""

    type: str
    code: str = ""
    article: str = ""
    source: str = ""
    id: str = ""
    on: str | None = None
    vi: str = ""
    en: str = ""


class Waiting(msgspec.Struct, frozen=True):
    type: str
    vi: str = ""
    en: str = ""


class Deadline(msgspec.Struct, frozen=True):
    step: str
    before: str
    last_day: str
    done_on: str | None = None
    late: bool = False


class NextStep(msgspec.Struct, frozen=True):
    """``type``: the event by which it is done, "" where it is nobody's event."""

    code: str = ""
    type: str | None = None
    vi: str = ""
    en: str = ""


class Recognition(msgspec.Struct, frozen=True):
    team: str
    year: int
    name: str = ""
    unit: str = ""
    unit_name: str = ""
    scheme: str = ""
    state: str = "not_assessed"
    verdict: str | None = None
    members: int | None = None
    steps: list[Step] = []
    flags: list[Finding] = []
    remarks: list[Finding] = []
    refused: list[Barred] = []
    waiting: list[Waiting] = []
    deadlines: list[Deadline] = []
    next: list[NextStep] = []


class BoardTeam(msgspec.Struct, frozen=True):
    """``reviewed``: what the meeting said of the team, None where it said nothing."""

    code: str
    name: str
    group: str | None = None
    state: str = "not_assessed"
    verdict: str | None = None
    recognised: bool = False
    reviewed: bool | None = None
    flags: int = 0
    refused: int = 0
    waiting: int = 0


class Three(msgspec.Struct, frozen=True):
    """Three different counts: meets the criteria, asked, recognised."""

    teams: int = 0
    meets: int = 0
    requested: int = 0
    recognised: int = 0


class Board(msgspec.Struct, frozen=True):
    unit: str
    year: int
    unit_name: str = ""
    scheme: str = ""
    closed: str | bool | None = None
    undone: Undone | None = None
    deadlines: list[Deadline] = []
    counts: Three = Three()
    teams: list[BoardTeam] = []
