"""What has happened cannot lie in the future, however deep in the event it stands."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest

from shared import contracts
from shared.contracts import Refusal, When
from tests.unit.contracts.events import INBOUND, NOW, example, put, take

LATER = "2026-04-24"


def future(event: dict[str, Any]) -> str:
    with pytest.raises(Refusal) as caught:
        take(event)
    assert caught.value.code == "future"
    assert caught.value.reason == "lies in the future"
    return caught.value.field


@pytest.mark.parametrize("name", sorted(INBOUND))
def test_no_fact_of_any_type_happens_tomorrow(name: str) -> None:
    event = example(contracts.short(name))
    event["data"]["on"] = LATER
    assert future(event) == "data.on"


def test_nor_is_it_written_up_tomorrow() -> None:
    assert future(example("case.settled") | {"time": LATER}) == "time"


PAPERS = [{"kind": "letter"}, {"kind": "minutes", "dated": LATER}]
KEY = {"code": "00118", "valid_from": LATER}


@pytest.mark.parametrize(
    ("short", "path", "value", "field"),
    [
        ("case.settled", ("evidence",), PAPERS, "evidence[1].dated"),
        ("case.reported", ("arose_on",), LATER, "arose_on"),
        ("case.recorded", ("received_on",), LATER, "received_on"),
        ("case.recorded", ("started_on",), LATER, "started_on"),
        ("directory.roster.snapshot", ("unit", "valid_from"), LATER, "unit.valid_from"),
        ("directory.roster.snapshot", ("teams", 0, "established_on"), LATER, "teams[0].established_on"),
        ("directory.unit.changed", ("predecessors", 1, "valid_from"), LATER, "predecessors[1].valid_from"),
        ("directory.unit.ended", ("successors",), [KEY], "successors[0].valid_from"),
        ("attestation.given", ("period_to",), LATER, "period_to"),
        ("attestation.given", ("paper", "dated"), LATER, "paper.dated"),
        ("period.declared", ("period_to",), LATER, "period_to"),
    ],
)
def test_dates_inside_are_found(short: str, path: tuple[str | int, ...], value: Any, field: str) -> None:
    event = example(short)
    put(event["data"], path, value)
    assert future(event) == f"data.{field}"


def test_in_a_corrections_inner_data_too() -> None:
    event = example("record.corrected")
    event["data"]["data"]["evidence"] = [{"kind": "attendance", "dated": LATER}]
    assert future(event) == "data.data.evidence[0].dated"


@pytest.mark.parametrize(
    ("short", "field"),
    [("training.convened", "held_on"), ("case.assigned", "start_agreed_on"), ("case.settled", "perform_by")],
)
def test_what_is_planned_may_lie_ahead(short: str, field: str) -> None:
    event = example(short)
    event["data"][field] = LATER
    take(event)


def test_today_is_not_the_future_and_one_second_more_is() -> None:
    event = example("case.settled")
    event["data"]["on"] = NOW[:10]
    take(event)
    event["data"]["on"] = str(NOW)
    take(event)
    event["data"]["on"] = "2026-04-01T01:00:00Z"
    take(event)
    event["data"]["on"] = "2026-04-01T08:00:01+07:00"
    assert future(event) == "data.on"
    event["data"]["on"] = "2026-04-02"
    assert future(event) == "data.on"


PLANNED = {"held_on", "start_agreed_on", "until", "perform_by"}


def test_every_date_of_the_contract_is_checked_or_meant_to_lie_ahead() -> None:
    """A new field of type When or Day must say which it is."""
    for event_type in contracts.TYPES.values():
        checked = {path[-1] for path in event_type.past}
        for field in dates(event_type.data):
            assert field in checked or field in PLANNED, f"{event_type.name}: {field}"


def dates(kind: Any) -> set[str]:
    text = repr(msgspec.inspect.type_info(kind))
    found = set()
    for match in re.finditer(r"name='(\w+)', encode_name='\w+', type=(.*?)(?=Field\(|\Z)", text, re.DOTALL):
        if When.__module__ in match[2] and ("When'" in match[2] or "Day'" in match[2]):
            found.add(match[1])
    return found


def test_the_check_above_sees_dates() -> None:
    assert dates(contracts.TYPES["vn.namtot.case.settled.v1"].data) == {"on", "dated", "perform_by"}
    assert "valid_from" in dates(contracts.TYPES["vn.namtot.directory.roster.snapshot.v1"].data)
