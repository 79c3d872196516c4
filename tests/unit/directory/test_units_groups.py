"""Units over their extents, groups over their lives."""

from __future__ import annotations

from tests.unit.directory.world import World


def extents(world: World, code: str = "00118") -> list[tuple[str, str, str | None]]:
    return [(u.name, u.valid_from, u.valid_to) for u in world.units(code)]


def test_a_code_used_again_is_another_unit() -> None:
    world = World()
    world.say("unit.registered", "2003-11-06", code="00118", name="Ngọc Thụy", level="commune", parent="004")
    world.say("unit.ended", "2025-07-01", code="00118", successors=[{"code": "00118", "valid_from": "2025-07-01"}])
    world.say("unit.registered", "2025-07-01", code="00118", name="Bồ Đề", level="commune", parent="01")
    assert extents(world) == [("Ngọc Thụy", "2003-11-06", "2025-07-01"), ("Bồ Đề", "2025-07-01", None)]


def test_a_newer_extent_ends_the_older_even_if_nobody_said_so() -> None:
    world = World()
    world.snapshot("2025-08-01", since="2025-07-01")
    world.snapshot("2024-08-01", since="2003-11-06")
    assert [(vf, vt) for _, vf, vt in extents(world)] == [("2003-11-06", "2025-07-01"), ("2025-07-01", None)]


def test_a_new_name_is_no_new_unit_but_a_new_extent_is() -> None:
    world = World()
    world.say("unit.registered", "2003-11-06", code="00118", name="Ngọc Thụy", level="commune")
    world.say("unit.changed", "2010-01-01", code="00118", name="Ngọc Thuỵ", contact="nt@example.vn")
    assert extents(world) == [("Ngọc Thuỵ", "2003-11-06", None)]
    world.say("unit.changed", "2025-01-01", code="00118", predecessors=[{"code": "00119", "valid_from": "2003-11-06"}])
    assert extents(world) == [("Ngọc Thuỵ", "2003-11-06", "2025-01-01"), ("Ngọc Thuỵ", "2025-01-01", None)]
    assert world.units("00118")[1].contact == "nt@example.vn"


def test_an_older_snapshot_changes_no_name_that_was_told_later() -> None:
    world = World()
    world.say("unit.registered", "2005-01-01", code="00118", name="Cũ", level="commune")
    world.say("unit.changed", "2024-06-01", code="00118", name="Mới")
    world.snapshot("2024-01-01")
    assert extents(world) == [("Mới", "2005-01-01", None)]


def test_a_change_of_an_unknown_unit_waits_for_the_unit() -> None:
    world = World()
    world.say("unit.changed", "2024-06-01", code="00118", name="Mới")
    assert extents(world) == []
    world.say("unit.registered", "2005-01-01", code="00118", name="Cũ", level="commune")
    assert extents(world) == [("Mới", "2005-01-01", None)]


def test_groups_begin_are_renamed_move_and_end() -> None:
    world = World()
    world.snapshot("2024-01-01", groups=["TDP 1", "TDP số 2", "TDP 3"])
    world.snapshot("2024-02-01", groups=["Tổ dân phố 01", "TDP 4"])
    world.say("group.changed", "2024-03-01", unit="00118", name="tổ 2", new_name="TDP 12")
    world.say("group.changed", "2024-04-01", unit="00118", name="TDP 3", new_unit="00145")
    world.say("group.ended", "2024-05-01", unit="00118", name="TDP 4")
    assert [(g.name, g.valid_from, g.valid_to) for g in world.groups("00118")] == [
        ("TDP 1", "2024-01-01", None),
        ("TDP số 2", "2024-01-01", "2024-03-01"),
        ("TDP 3", "2024-01-01", "2024-04-01"),
        ("TDP 4", "2024-02-01", "2024-05-01"),
        ("TDP 12", "2024-03-01", None),
    ]
    assert [(g.name, g.valid_from) for g in world.groups("00145")] == [("TDP 3", "2024-04-01")]
    world.say("unit.ended", "2025-07-01", code="00118")
    assert {g.valid_to for g in world.groups("00118")} == {"2024-03-01", "2024-04-01", "2024-05-01", "2025-07-01"}
