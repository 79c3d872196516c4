"""What evaluation answers about communes, the city's targets, a ward's result sheet and models, as far as pages read it."""

from __future__ import annotations

import msgspec

from services.gateway.pages.shapes import Both, Closing


class CommuneRow(msgspec.Struct, frozen=True):
    """``share``: recognised of all teams, exact; None without teams. ``good``: whether the commune does mediation well."""

    unit: str
    name: str
    teams: int = 0
    meets: int = 0
    requested: int = 0
    recognised: int = 0
    share: tuple[int, int] | None = None
    good: bool | None = None
    closed: bool = False


class Target(msgspec.Struct, frozen=True):
    """``share``: where the city stands, exact; None where nothing measures it. ``at_least``: the goal, exact."""

    id: str = ""
    title: Both = Both()
    at_least: tuple[int, int] | None = None
    by_year: int | None = None
    share: tuple[int, int] | None = None
    reached: bool | None = None
    citation: str = ""
    note: str = ""


class City(msgspec.Struct, frozen=True):
    communes: int = 0
    good: int = 0
    targets: list[Target] = []


class Rule(msgspec.Struct, frozen=True):
    """A share that must be reached, exact, and by which paper."""

    at_least: tuple[int, int]
    citation: str = ""


class Rollup(msgspec.Struct, frozen=True):
    year: int
    good_commune: Rule | None = None
    units: list[CommuneRow] = []
    city: City = City()


class Counted(msgspec.Struct, frozen=True):
    """A number and what was counted."""

    n: int = 0
    ids: list[str] = []


class DutyItem(msgspec.Struct, frozen=True):
    team: str
    vi: str = ""
    en: str = ""


class DutyPart(msgspec.Struct, frozen=True):
    n: int = 0
    items: list[DutyItem] = []


class SheetRate(msgspec.Struct, frozen=True):
    numerator: int = 0
    denominator: int = 0
    exact: Both | None = None
    shown: Both | None = None


class Sheet(msgspec.Struct, frozen=True):
    """The ward's figures of a year. ``duties``: what the commune owed its teams, by kind and verdict. ``closed``: the day;
    ``head``: the hash of what was closed, which belongs on paper. ``names``: of teams."""

    unit: str
    year: int
    unit_name: str = ""
    scheme: str = ""
    window: list[str] = []
    closed: str | None = None
    closing: Closing | None = None
    head: str | None = None
    cases: dict[str, Counted] = {}
    settled_rate: SheetRate = SheetRate()
    teams: dict[str, Counted] = {}
    duties: dict[str, dict[str, DutyPart]] = {}
    decisions: dict[str, Counted | list[str]] = {}
    names: dict[str, str] = {}


class Group(msgspec.Struct, frozen=True):
    teams: int = 0
    above: int = 0
    below: int = 0


class Practice(msgspec.Struct, frozen=True):
    """One way of working compared. ``enough``: whether there are teams enough to say anything."""

    code: str
    title: Both
    kind: str = "share"
    good: Group = Group()
    others: Group = Group()
    enough: bool = True
    difference: tuple[int, int] | None = None
    words: Both = Both()


class Model(msgspec.Struct, frozen=True):
    team: str
    name: str
    title: str
    practice: str
    unit: str = ""
    unit_name: str = ""
    group: str | None = None
    good: bool = False
    on: str | None = None


class Registry(msgspec.Struct, frozen=True):
    scheme: str
    year: int
    basis: str = "met"
    teams: dict[str, int] = {}
    practices: list[Practice] = []
    models: list[Model] = []


class Verified(msgspec.Struct, frozen=True):
    """A closed year's team compared with today's facts. ``why``: same, facts or altered."""

    team: str
    same: bool
    name: str = ""
    why: str = ""


class Verification(msgspec.Struct, frozen=True):
    ok: bool
    teams: list[Verified] = []
