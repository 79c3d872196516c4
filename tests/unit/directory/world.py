"""Entries as intake would announce them, folded without a database."""

from __future__ import annotations

from itertools import count
from typing import Any

from services.directory.domain.codes import Issued
from services.directory.domain.facts import Fact, facts_of, is_team_key
from services.directory.domain.groups import GroupState, fold_groups
from services.directory.domain.teams import FoldedTeams, fold_teams
from services.directory.domain.units import fold_units
from shared.contracts import When, record_id
from shared.contracts.outgoing import RecordChanged, RecordEntry, TeamState, UnitState

WARD = "https://bode.example/so"
OTHER = "https://mat-tran.example/so"


def mediator(ref: str, sex: str = "female", **more: Any) -> dict[str, Any]:
    return {"ref": ref, "sex": sex, **more}


class World:
    """Say things; fold them as often as wanted. The register of codes is kept from fold to fold, as the store keeps it."""

    def __init__(self) -> None:
        self.records: list[RecordChanged] = []
        self.register: dict[str, Issued] = {}
        self._ids = count(1)

    def say(self, type_: str, on: str, source: str = WARD, time: str | None = None, **data: Any) -> RecordChanged:
        n = next(self._ids)
        subject = f"{source}/{n}"
        record = RecordChanged(
            record=record_id(subject),
            subject=subject,
            n=1,
            entries=[
                RecordEntry(
                    entry=f"e{n:04d}",
                    source=source,
                    id=str(n),
                    type=f"directory.{type_}",
                    on=When(on),
                    time=When(time or f"2025-01-01T00:00:{n % 60:02d}+07:00"),
                    data={"on": on, **data},
                )
            ],
        )
        self.records.append(record)
        return record

    def confirm(self, source: str, name: str, code: str, on: str = "2024-12-01") -> None:
        said = self.say("name.confirmed", on)
        entry = said.entries[0]
        entry.data.update(source=source, name=name, code=code)

    def snapshot(self, on: str, unit: str = "00118", since: str = "2005-01-01", source: str = WARD, **data: Any) -> RecordChanged:
        data.setdefault("groups", [team["group"] for team in data.get("teams", [])])
        data.setdefault("teams", [])
        return self.say(
            "roster.snapshot",
            on,
            source,
            unit={"code": unit, "valid_from": since},
            unit_name=f"Phường {unit}",
            **data,
        )

    def facts(self) -> list[Fact]:
        return [fact for record in self.records for fact in facts_of(record)]

    def fold(self) -> FoldedTeams:
        facts = [f for f in self.facts() if any(is_team_key(k) or k.startswith("m:") for k in f.keys)]
        seq = max((line.seq for line in self.register.values()), default=0) + 1
        done = fold_teams(
            facts,
            self.register.values(),
            seq,
            taken=lambda codes: set(codes) & set(self.register),
            outside=list,
        )
        self.register.update({line.code: line for line in done.lines})
        return done

    def teams(self) -> list[TeamState]:
        return self.fold().states

    def team(self, name: str) -> TeamState:
        found = [team for team in self.teams() if team.name == name]
        assert len(found) == 1, f"{len(found)} teams named {name!r}"
        return found[0]

    def units(self, code: str) -> list[UnitState]:
        return fold_units(code, [f for f in self.facts() if f"u:{code}" in f.keys])

    def groups(self, unit: str) -> list[GroupState]:
        return fold_groups(unit, [f for f in self.facts() if f"g:{unit}" in f.keys])
