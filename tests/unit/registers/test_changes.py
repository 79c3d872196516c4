"""A register imported again: what was mended is set right where it was said, what was not is left alone, nothing counts twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.intake.domain.entries import Entry, live
from services.intake.domain.imported import PREFIX, imported
from services.intake.domain.inspection import Accepted, inspect
from services.intake.domain.record import fold
from shared.contracts import STRUCTURED, When, to_builtins
from shared.registers import Changed, Doubt, Event, Known, log, world
from shared.registers.tables import Line, Table
from tests.unit.registers.books import WORLD

TABLE = Table("Sổ", "log", {}, 1, 9, "Tổ hòa giải số 5")
Row = dict[str, Any]
ROW: Row = {
    "number": 1, "received": "25/03/2025", "mediator": "Nguyễn Văn C", "parties": "Trần A; Lê B", "content": "Lối đi",
    "settled": "x",
}


def said(row: Row) -> tuple[Event, ...]:
    return tuple(log.events([Line(TABLE, 5, {name: value for name, value in row.items() if value is not None})], WORLD))


@dataclass
class Log:
    """Intake's log and fold, without servers. ``at``: its clock."""

    entries: dict[str, list[Entry]] = field(default_factory=dict)
    subjects: dict[str, str] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    at: int = 0

    def take(self, events: Sequence[Event]) -> int:
        """How many were new."""
        new = 0
        self.at += 1
        now = When(f"2026-03-31T08:{self.at // 60:02}:{self.at % 60:02}+07:00")
        for event in events:
            found = inspect(event.body, STRUCTURED, {}, now=now, limit=now, max_body=2**20, allowed=lambda source, type: True)
            assert isinstance(found, Accepted), found
            assert self.contents.setdefault(found.entry.key, found.content) == found.content, "an id with other bytes"
            kept = self.entries.setdefault(found.record, [])
            if found.entry.key not in {entry.key for entry in kept}:
                kept.append(found.entry)
                new += 1
            self.subjects[found.record] = found.subject
        return new

    def known(self) -> Known:
        known = Known(WORLD)
        for record, entries in self.entries.items():
            known.add({"record": record, "subject": self.subjects[record], **one} for one in imported(entries, WORLD.source))
        return known

    def import_(self, rows: Sequence[Row], *, distinct: bool = False) -> tuple[int, int, int]:
        """New, corrected and unchanged rows."""
        known, doubts, changed, new, same = self.known(), [], [], [], 0
        for events in map(said, rows):
            look = known.look(events)
            if look == "said":
                same += 1
            elif isinstance(look, Doubt):
                doubts.append((events, look))
            elif isinstance(look, Changed):
                changed.append(look)
            else:
                new.append(events)
        for events, doubt in doubts:
            settled = known.settle(events, doubt)
            if isinstance(settled, Changed) and not (distinct and settled.moved):
                changed.append(settled)
            else:
                new.append(events)
        for events in new:
            self.take(events)
        for one in changed:
            assert self.take(one.events("sửa sổ", "phuong/02"))
        return len(new), len(changed), same

    def holds(self) -> set[str]:
        """Every fact that holds, whichever way it came to."""
        return {
            json.dumps([self.subjects[record], entry.type, to_builtins(entry.data)], sort_keys=True)
            for record, entries in self.entries.items() for entry in live(entries).entries
        }


@pytest.mark.parametrize("mend", [
    {"parties": "Trần Văn A; Lê B"}, {"content": "Lối đi chung"}, {"settled": None, "not_settled": "x"}, {"mediator": "Lê D"},
    {"settled": None}, {"received": "26/03/2025"}, {"number": 2}, {"team": "Tổ hòa giải số 6"}, {"ended": "28/03/2025"},
    {"settled": None, "assigned": "25/03/2025", "started": "26/03/2025"},
])
@pytest.mark.parametrize("numbered", [True, False])
def test_a_mended_row_is_a_correction_and_no_second_case(mend: Row, numbered: bool) -> None:
    before = {**ROW, "number": 1 if numbered else None}
    after = {**before, **(mend if numbered else {name: value for name, value in mend.items() if name != "number"})}
    other = {**ROW, "number": 9 if numbered else None, "received": "01/02/2025", "parties": "Đỗ K", "content": "Nợ"}
    kept, fresh = Log(), Log()
    assert kept.import_([before, other]) == (2, 0, 0)
    assert kept.import_([before, other]) == (0, 0, 2)
    if after != before:
        assert kept.import_([after, other]) == (0, 1, 1)
    assert kept.import_([after, other]) == (0, 0, 2)
    fresh.import_([after, other])
    assert kept.holds() == fresh.holds()
    cases = [case for entries in kept.entries.values() if (case := fold(entries).case) is not None]
    assert sum(case.received_on is not None for case in cases) == 2


def test_a_correction_says_who_and_why_and_replaces_the_private_part() -> None:
    kept = Log()
    kept.import_([ROW])
    (changed,) = [kept.known().look(said({**ROW, "parties": "Trần Văn A; Lê B"}))]
    assert isinstance(changed, Changed) and not changed.moved
    (event,) = changed.events("Nhập lại sổ đã sửa: so.xlsx, Sổ, 5", "phuong/02")
    data = json.loads(event.body)["data"]
    assert (event.type, data["by"], data["target"]["id"]) == ("record.corrected", "phuong/02", said(ROW)[0].id)
    assert data["data"]["private"]["parties"][0]["name"] == "Trần Văn A" and "so.xlsx, Sổ, 5" in data["reason"]


def test_another_case_with_the_same_parties_beside_the_first_is_new() -> None:
    kept = Log()
    kept.import_([ROW])
    again = {**ROW, "number": 2}
    assert kept.import_([ROW, again]) == (1, 0, 1)
    assert kept.import_([ROW, again]) == (0, 0, 2)


def test_a_moved_row_may_be_a_case_of_its_own_if_a_person_says_so() -> None:
    kept = Log()
    kept.import_([ROW])
    assert kept.import_([{**ROW, "number": 2}], distinct=True) == (1, 0, 0)
    assert len(kept.holds()) == 2


def test_what_a_person_set_right_or_took_back_stays_so() -> None:
    for modifier in ("corrected", "withdrawn"):
        kept = Log()
        (event,) = said(ROW)
        kept.take([event])
        console = replace(WORLD, source="https://ward.example/console")
        mended = said({**ROW, "content": "Khác"})[0]
        raw = json.loads(mended.body)["data"]
        raw["ext"] = {}
        data: Row = {"on": "2026-03-31", "target": {"source": WORLD.source, "id": event.id}, "reason": "nhầm"}
        if modifier == "corrected":
            data |= {"of": "vn.namtot.case.recorded.v1", "data": raw}
        body = json.dumps({
            "specversion": "1.0", "id": "c-1", "source": console.source, "type": f"vn.namtot.record.{modifier}.v1",
            "subject": event.subject, "datacontenttype": "application/json", "data": data,
        }).encode()
        kept.take([Event("c-1", f"record.{modifier}", body, event.subject)])
        assert kept.import_([ROW]) == (0, 0, 1), modifier


def test_intake_looks_for_the_ids_that_registers_give() -> None:
    assert PREFIX == world.PREFIX and said(ROW)[0].id.startswith(PREFIX)


ROWS = st.fixed_dictionaries({
    "number": st.sampled_from([1, 2]), "received": st.sampled_from(["25/03/2025", "26/03/2025"]),
    "parties": st.sampled_from(["Trần A; Lê B", "Đỗ K"]), "content": st.sampled_from(["Lối đi", "Nợ"]),
    "settled": st.sampled_from(["x", None]), "started": st.sampled_from([None, "27/03/2025"]),
})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ROWS, ROWS), min_size=1, max_size=5))
def test_after_any_mending_the_log_says_what_the_register_says(states: list[tuple[Row, Row]]) -> None:
    """Whatever is mended, back and forth, between imports: with every change recorded, what holds is what the last file says, and
    importing it again changes nothing."""
    kept = Log()
    rows: list[Row] = []
    for one, two in states:
        rows = [one] if said(one)[0].subject == said(two)[0].subject else [one, two]
        before = len(kept.holds())
        kept.import_(rows)
        assert kept.import_(rows) == (0, 0, len(rows))
        assert len(kept.holds()) >= min(before, 1)
    fresh = Log()
    fresh.import_(rows)
    assert fresh.holds() <= kept.holds()
