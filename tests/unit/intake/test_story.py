"""What the page of a case shows of each entry: who set it right or took it back, and why."""

from __future__ import annotations

import itertools

import msgspec

from services.intake.domain.story import story
from tests.unit.intake.cases import corrected, entry, withdrawn

REPORTED = entry("case.reported", "2024-03-01", ext={"x": 1})
WRONG = entry("case.settled", "2024-03-12")


def test_each_entry_says_who_corrected_or_withdrew_it_and_why() -> None:
    right = corrected(WRONG, entry("case.settled", "2024-03-11"), "c1", "2024-03-20")
    right = msgspec.structs.replace(right, data=right.data.__class__(
        target=WRONG.key, type=WRONG.type, data=entry("case.settled", "2024-03-11").data, reason="nhầm ngày", by="cb/3",
    ))
    gone = withdrawn(WRONG, "w1", "2024-03-21")
    for order in itertools.permutations([REPORTED, WRONG, right, gone]):
        told = {one["id"]: one for one in story([*order, REPORTED])}
        assert len(told) == 4
        assert "by" not in told[REPORTED.id] and "ext" not in told[REPORTED.id]["data"]
        assert (told[WRONG.id]["corrected_by"], told[WRONG.id]["withdrawn_by"]) == (right.key, gone.key)
        assert told[WRONG.id]["reason"] == "nhầm"
        assert told["c1"]["data"]["reason"] == "nhầm ngày" and told["c1"]["data"]["data"]["on"] == "2024-03-11"
    only = {one["id"]: one for one in story([REPORTED, WRONG, right])}
    assert (only[WRONG.id]["by"], only[WRONG.id]["reason"]) == ("cb/3", "nhầm ngày")


def test_an_entry_of_a_version_of_the_future_is_shown_without_its_data() -> None:
    unread = msgspec.structs.replace(WRONG, data=None)
    assert [one["data"] for one in story([unread])] == [None]
