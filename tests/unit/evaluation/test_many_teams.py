"""One event about all teams of a unit reaches each of them, save those that it leaves out."""

from __future__ import annotations

from services.evaluation.domain.facts import Declaration, Delivery
from services.evaluation.domain.placing import keys_of_place
from services.evaluation.domain.reading import EVERY, every, places, read_activity
from shared.contracts import When
from shared.contracts.outgoing import Place, RecordEntry

SOURCE = "https://bode.example/so"
ON = When.parse("2025-03-31")


def entry(type: str, **data: object) -> RecordEntry:
    time = When.parse("2025-04-01T00:00:00+07:00")
    return RecordEntry(entry="e1", type=type, on=ON, time=time, source=SOURCE, id="1", data=data)


ALL = {(SOURCE, every("00118", ON, code)): code for code in ("HG-1", "HG-2", "HG-3")}


def test_a_list_for_the_whole_unit_is_a_delivery_to_each_team_but_those_left_out() -> None:
    told = entry("documents.distributed", title="Sổ tay", all_of="00118", but=["Tổ 2"])
    (delivery,) = read_activity("r", [told], {**ALL, (SOURCE, "Tổ 2"): "HG-2"})
    assert isinstance(delivery, Delivery) and delivery.teams == {"HG-1", "HG-3"}
    assert [p for p, _ in places([told])] == [Place(source=SOURCE, team="Tổ 2"), Place(source=SOURCE, team=EVERY, unit="00118")]


def test_a_months_zero_report_for_many_teams_is_a_declaration_of_each() -> None:
    told = entry("period.declared", period_from="2025-03-01", period_to="2025-03-31", all_of="00118")
    facts = read_activity("r", [told], ALL)
    assert [f.team for f in facts if isinstance(f, Declaration)] == ["HG-1", "HG-2", "HG-3"]


def test_it_is_placed_anew_when_the_unit_gets_a_team_and_no_name_can_stand_for_all() -> None:
    assert keys_of_place(Place(source=SOURCE, team=EVERY, unit="00118")) == {"u\x1f00118"}
    assert read_activity("r", [entry("documents.distributed", title="Sổ tay", teams=[EVERY])], ALL)[0] == Delivery(
        "r", ON.day, frozenset(), "Sổ tay"
    )
