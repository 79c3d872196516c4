"""What evaluation and intake answer about cases, as far as pages read it."""

from __future__ import annotations

from typing import Any

import msgspec

from services.gateway.identity.policy import Where


class Due(msgspec.Struct, frozen=True):
    code: str
    last_day: str


class Line(msgspec.Struct, frozen=True):
    """One case of the list; see evaluation's ``cases``."""

    case: str
    status: str
    subject: str = ""
    n: int = 0
    team: str | None = None
    team_name: str = ""
    unit: str | None = None
    unit_name: str = ""
    dispute: str | None = None
    received_on: str | None = None
    open: bool = True
    urgent: list[str] = []
    flags: list[str] = []
    due: list[Due] = []
    obstacles_open: int = 0

    @property
    def where(self) -> Where:
        return Where(self.unit or "", self.team or "")


class Lines(msgspec.Struct, frozen=True):
    total: int
    items: list[Line] = []


class Flagged(msgspec.Struct, frozen=True):
    code: str
    article: str = ""
    on: str | None = None


class Obstacle(msgspec.Struct, frozen=True):
    kind: str
    raised_on: str
    directed_on: str | None = None
    resolved_on: str | None = None


class Safety(msgspec.Struct, frozen=True):
    separate_only: bool = False


class Past(msgspec.Struct, frozen=True):
    """A change of status, where intake tells no entries."""

    on: str
    by: str


class State(msgspec.Struct, frozen=True):
    """The public state, as far as the page shows it."""

    status: str
    dispute: str | None = None
    received_on: str | None = None
    assigned_on: str | None = None
    started_on: str | None = None
    ended_on: str | None = None
    perform_by: str | None = None
    mediator: str | None = None
    performance: str | None = None
    linked_to: str | None = None
    safety: Safety | None = None
    due: list[Due] = []
    obstacles: list[Obstacle] = []
    flags: list[Flagged] = []
    history: list[Past] = []


class Entry(msgspec.Struct, frozen=True):
    """``data``: its public part; a correction's holds ``of``, ``target`` (an entry) and the ``data`` that it says anew."""

    type: str
    on: str
    entry: str = ""
    data: dict[str, Any] | None = None
    time: str | None = None
    source: str = ""
    id: str = ""
    corrected_by: str | None = None
    withdrawn_by: str | None = None
    by: str | None = None
    reason: str | None = None


class Case(msgspec.Struct, frozen=True):
    case: str
    subject: str
    n: int
    state: State
    entries: list[Entry] = []


class Party(msgspec.Struct, frozen=True):
    name: str
    role: str = "party"
    born: int | None = None
    address: str | None = None
    phone: str | None = None


class Private(msgspec.Struct, frozen=True):
    parties: list[Party] = []
    content: str | None = None
    agreement: str | None = None


class Revealed(msgspec.Struct, frozen=True):
    cases: dict[str, Private] = {}
