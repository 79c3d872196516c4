"""A simulated city as evaluation is told of it: its teams and units, its cases and activities, folded by the very code of intake
and directory, without their servers.

A country is the city many times over, each copy with codes, records and names of its own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from services.directory.domain.facts import Fact, facts_of
from services.directory.domain.teams import fold_teams
from services.directory.domain.units import fold_units
from services.intake.domain.entries import Entry
from services.intake.domain.inspection import Accepted, inspect
from services.intake.domain.record import fold
from shared.contracts import STRUCTURED, When
from shared.contracts.outgoing import CaseChanged, RecordChanged, TeamState, UnitState
from shared.simulation import Plan, simulate

_NUMBERED = re.compile(r".*-(\d+)-\d+")
"""An event's id, which holds the code of the unit that it comes from."""
LATE = When("2199-12-31")


@dataclass(frozen=True, kw_only=True)
class City:
    teams: list[TeamState]
    units: list[UnitState]
    facts: list[CaseChanged | RecordChanged]


def city(plans: Sequence[Plan]) -> City:
    """The city of these plans' years, which must be of one seed and size."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    subjects: dict[str, str] = {}
    homes: dict[str, str] = {}
    for plan in plans:
        for body in simulate(plan):
            read = inspect(body, STRUCTURED, {}, now=LATE, limit=LATE, max_body=10**7, allowed=lambda source, type: True)
            if not isinstance(read, Accepted):
                continue  # some of what outside systems send cannot be read, as in life
            entries[read.record].append(read.entry)
            subjects[read.record] = read.subject
            homes[read.record] = _NUMBERED.sub(r"\1", read.entry.id)
    facts: list[CaseChanged | RecordChanged] = []
    told: dict[str, list[Fact]] = defaultdict(list)
    for record, own in entries.items():
        # each event counts once, however often it was sent
        folded = fold({entry.key: entry for entry in own}.values())
        subject = subjects[record]
        if folded.case is not None:
            facts.append(CaseChanged(case=record, subject=subject, n=1, state=folded.case))
        if folded.activity is not None:
            facts.append(RecordChanged(record=record, subject=subject, n=1, entries=list(folded.activity)))
        if folded.directory is not None:
            changed = RecordChanged(record=record, subject=subject, n=1, entries=list(folded.directory))
            told[homes[record]] += facts_of(changed)
    return City(
        teams=[
            msgspec.structs.replace(state, n=1) for home in sorted(told)
            for state in _teams(told[home])
        ],
        units=[
            msgspec.structs.replace(state, n=1) for home in sorted(told) for state in fold_units(home, told[home])
        ],
        facts=facts,
    )


def _teams(told: list[Fact]) -> list[TeamState]:
    """Twice: names that an officer confirmed name codes, which the first time issues."""
    first = fold_teams(told, [], 0, taken=lambda codes: set(), outside=lambda: ())
    return fold_teams(told, first.lines, len(first.lines), taken=lambda codes: set(), outside=lambda: ()).states
