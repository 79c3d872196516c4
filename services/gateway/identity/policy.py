"""Which role may open which page, and enter which events. Pure; no source prescribes it for software, so every line is [I]: it
follows who the law makes responsible (Luật 35/2013/QH13 Art. 10, 15, 18, 28-30; the roles by date in ``shared.people.roles``).

An act is always done for a unit or a team: a role counts only where it is held. An officer of a unit enters also what its teams
do, because much is written up on behalf of others.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal, NamedTuple

from shared.people import Held

Entry = Literal[
    "public", "signed_in", "cases", "audit", "data", "refused", "papers", "money", "enter", "import", "standing", "workload",
]

PAGES: dict[Entry, frozenset[str]] = {
    "cases": frozenset({"mediator", "team_leader", "justice_officer", "chair", "front", "city_department"}),
    "audit": frozenset({"data_protection"}),
    "data": frozenset({"justice_officer", "operator", "city_department"}),
    "refused": frozenset({"operator", "justice_officer"}),
    "papers": frozenset({"team_leader", "justice_officer", "emulation_officer", "chair", "front", "city_department"}),
    "import": frozenset({"justice_officer"}),
    "standing": frozenset({"team_leader", "justice_officer", "chair", "front", "city_department"}),
    "workload": frozenset({"team_leader", "justice_officer", "chair"}),
    "money": frozenset({"team_leader", "justice_officer", "chair", "city_department"}),
    "enter": frozenset({"mediator", "team_leader", "justice_officer", "emulation_officer", "chair", "front"}),
}
"""What is not named is open to whoever is signed in; ``public`` to everybody."""
WHOLE = frozenset({"city_department"})
"""Roles that see the cases of every unit: their public state, never their private parts."""

_TEAM_WORK = frozenset({"mediator", "team_leader", "justice_officer"})
_TEAM_HEAD = frozenset({"team_leader", "justice_officer", "front"})
_OFFICE = frozenset({"justice_officer", "chair"})
_PRAISE = frozenset({"emulation_officer", "chair"})

ACTS: tuple[tuple[str, frozenset[str]], ...] = (
    ("case.assigned", frozenset({"team_leader", "justice_officer"})),
    ("case.", _TEAM_WORK),
    ("obstacle.", _TEAM_WORK | _OFFICE),
    ("recognition.self-assessed", _TEAM_HEAD),
    ("recognition.requested", _TEAM_HEAD),
    ("recognition.reviewed", _OFFICE | {"front"}),
    ("recognition.", _OFFICE),
    ("commendation.proposed", _TEAM_HEAD | _PRAISE),
    ("commendation.", _PRAISE),
    ("verification.", _PRAISE | _OFFICE),
    ("evaluation.", _OFFICE),
    ("practice.", _TEAM_WORK | {"front"}),
    ("payment.requested", frozenset({"team_leader", "justice_officer"})),
    ("payment.", _OFFICE),
    ("statistics.submitted", _TEAM_HEAD - {"front"}),
    ("statistics.", _OFFICE),
    ("attestation.", frozenset({"front", "justice_officer"})),
    ("meeting.", _TEAM_HEAD),
    ("outreach.", _TEAM_WORK),
    ("situation.", _TEAM_WORK | {"front"}),
    ("period.", frozenset({"team_leader", "justice_officer"})),
    ("directory.candidates.", frozenset({"front", "justice_officer"})),
    ("directory.election.", frozenset({"front", "justice_officer"})),
    ("directory.leader.", _TEAM_HEAD),
    ("directory.mediator.recognised", _OFFICE),
    ("coordination.", _TEAM_WORK),
    ("record.", PAGES["enter"]),
)
"""By the beginning of the type's short name; the first that fits. What none names is the justice officer's."""
_REST = frozenset({"justice_officer"})


class Where(NamedTuple):
    """What an act is about, as far as it is known: a team and the unit in which it works."""

    unit: str = ""
    team: str = ""


def may_enter(entry: Entry, held: Iterable[Held], day: dt.date) -> bool:
    """For somebody who is signed in."""
    wanted = PAGES.get(entry)
    return wanted is None or any(one.role in wanted and one.holds(day) for one in held)


def opens(entry: Entry, held: Iterable[Held], where: Where, day: dt.date) -> bool:
    """Whether a role that opens that page is held for that very team or unit."""
    return any(
        one.role in PAGES[entry] and one.holds(day)
        and ((one.team and one.team == where.team) or (one.unit and one.unit == where.unit)) for one in held
    )


def acting(name: str, held: Iterable[Held], where: Where, day: dt.date) -> Held | None:
    """The role by which its holder may enter an event of that short type, or None."""
    wanted = next((roles for start, roles in ACTS if name.startswith(start)), _REST)
    for one in held:
        if one.role not in wanted or not one.holds(day):
            continue
        if (one.team and one.team == where.team) or (one.unit and one.unit == where.unit):
            return one
    return None


def anywhere(name: str, held: Iterable[Held], day: dt.date) -> bool:
    """Whether its holder may enter events of that type at all."""
    held = list(held)
    return any(acting(name, held, Where(one.unit, one.team), day) is not None for one in held)


class Sight(NamedTuple):
    """Whose cases somebody sees: of these units and teams; of all where ``everything``."""

    everything: bool = False
    units: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()

    def sees(self, where: Where) -> bool:
        return self.everything or (bool(where.team) and where.team in self.teams) or (
            bool(where.unit) and where.unit in self.units
        )


def sight(held: Iterable[Held], day: dt.date) -> Sight:
    now = [one for one in held if one.holds(day) and one.role in PAGES["cases"]]
    return Sight(
        any(one.role in WHOLE and not one.unit and not one.team for one in now),
        tuple(sorted({one.unit for one in now if one.unit})), tuple(sorted({one.team for one in now if one.team})),
    )
