"""What evaluation and directory answer about periods, money and what waits, as far as pages read it."""

from __future__ import annotations

import msgspec

from services.gateway.identity.policy import Where
from services.gateway.pages.shapes import Both


class Figure(msgspec.Struct, frozen=True):
    """A number and the cases that it counts."""

    value: int = 0
    cases: list[str] = []


class Row(msgspec.Struct, frozen=True):
    """Of a unit or a team; ``unit`` None: cases of which no unit is known."""

    unit: str | None = None
    team: str | None = None
    name: str = ""
    columns: dict[str, Figure] = {}


class Rate(msgspec.Struct, frozen=True):
    """The settled rate by one denominator and rounding; ``percent`` None where nothing can be divided by."""

    denominator: str
    rounding: str
    numerator: int
    below: int
    percent: str | None = None


class Statistics(msgspec.Struct, frozen=True, rename={"first": "from", "last": "to"}):
    first: str
    last: str
    unit: str | None = None
    name: str = ""
    as_of: str = ""
    columns: dict[str, Figure] = {}
    rows: list[Row] = []
    rates: list[Rate] = []


class Odd(msgspec.Struct, frozen=True):
    """A figure that looks wrong, in words; nothing is altered by it."""

    code: str = ""
    vi: str = ""
    en: str = ""
    name: str = ""
    cases: list[str] = []


class OddFigures(msgspec.Struct, frozen=True):
    odd: list[Odd] = []


class Said(msgspec.Struct, frozen=True):
    """A flag, or why a step has no effect."""

    code: str
    vi: str = ""
    en: str = ""
    article: str = ""


class Paper(msgspec.Struct, frozen=True):
    """One step of a claim. ``refused``: it has no effect."""

    type: str
    on: str
    written_up: str = ""
    amount: int | None = None
    number: str | None = None
    reason: str | None = None
    refused: bool = False


class CaseLine(msgspec.Struct, frozen=True):
    case: str
    subject: str | None = None
    ended_on: str | None = None
    status: str | None = None


class Payment(msgspec.Struct, frozen=True):
    """A claim of a team for money. ``due``: the last day to decide; amounts in đồng."""

    id: str
    team: str
    state: str
    subject: str = ""
    n: int = 0
    team_name: str = ""
    unit: str = ""
    unit_name: str = ""
    on: str = ""
    due: str | None = None
    overdue: bool = False
    purpose: str | None = None
    month: str | None = None
    amount_requested: int | None = None
    amount_decided: int | None = None
    paid: int | None = None
    state_words: Both = Both()
    cases: list[str] = []
    flags: list[Said] = []
    refused: list[Said] = []
    papers: list[Paper] = []
    case_lines: list[CaseLine] = []

    @property
    def where(self) -> Where:
        return Where(self.unit, self.team)


class Payments(msgspec.Struct, frozen=True):
    unit: str
    unit_name: str = ""
    items: list[Payment] = []


class Request(msgspec.Struct, frozen=True):
    """Ready to be entered."""

    on: str
    team: str
    purpose: str
    amount: int | None = None
    cases: list[str] = []
    month: str | None = None


class Proposed(msgspec.Struct, frozen=True):
    team: str
    team_name: str = ""
    amount: int = 0
    requests: list[Request] = []


class Proposals(msgspec.Struct, frozen=True):
    teams: list[Proposed] = []


class Suggestion(msgspec.Struct, frozen=True):
    code: str
    name: str


class Name(msgspec.Struct, frozen=True):
    """A source's name for a team that nobody has confirmed. ``own``: the code that says it is a team of its own."""

    source: str
    name: str
    unit: str | None = None
    group: str | None = None
    own: str | None = None
    seen: int = 0
    suggestions: list[Suggestion] = []


class Unplaced(msgspec.Struct, frozen=True):
    """A record of which no team is known."""

    kind: str
    id: str
    on: str
    source: str = ""
    team: str | None = None
    unit: str | None = None
    group: str | None = None
