"""What the form of a case says beforehand is what the fold says afterwards."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.entries import Entry
from services.intake.domain.foresight import PARKED, foreseen
from services.intake.domain.record import fold
from tests.unit.intake.cases import corrected, entry, withdrawn

REPORTED = entry("case.reported", "2024-03-01")
ASSIGNED = entry("case.assigned", "2024-03-02", mediator="hgv/1")
STEPS = [
    entry(name, f"2024-03-{day:02}", **data) for day in (2, 9, 20) for name, data in (
        ("case.assigned", {"mediator": "hgv/1"}), ("case.mediation-held", {}), ("case.settled", {"written": True}),
        ("case.reopened", {}), ("case.ended-by-party", {}),
    )
]


def codes(entries: list[Entry], candidate: Entry) -> list[str]:
    return [flag.code for flag in foreseen(entries, candidate)]


def test_what_breaks_order_or_a_deadline_is_said_before_it_is_sent() -> None:
    assert codes([REPORTED, ASSIGNED], entry("case.mediation-held", "2024-03-04")) == []
    assert codes([REPORTED, ASSIGNED], entry("case.mediation-held", "2024-03-20")) == ["started_late"]
    assert codes([REPORTED], entry("case.resumed", "2024-03-04")) == ["out_of_order"]


def test_flags_that_stand_already_are_not_said_again() -> None:
    late = [REPORTED, ASSIGNED, entry("case.mediation-held", "2024-03-20")]
    assert codes(late, entry("case.mediation-held", "2024-03-21")) == []
    again = entry("case.resumed", "2024-03-04")
    twice = codes([REPORTED, again], entry("case.resumed", "2024-03-04", id="other"))
    assert twice == ["out_of_order"], "but one more is one more"


def test_what_would_wait_for_its_report_or_its_target_is_said() -> None:
    assert codes([], entry("case.settled", "2024-03-04")) == [PARKED]
    assert codes([], REPORTED) == []
    assert codes([REPORTED], withdrawn(ASSIGNED, "w", "2024-03-05")) == [PARKED]
    assert codes([REPORTED, ASSIGNED], withdrawn(ASSIGNED, "w", "2024-03-05")) == []


def test_a_correction_is_judged_by_what_it_says_anew() -> None:
    held = entry("case.mediation-held", "2024-03-04")
    wrong = corrected(held, entry("case.mediation-held", "2024-03-20"), "c", "2024-03-21")
    assert "started_late" in codes([REPORTED, ASSIGNED, held], wrong)


@given(st.lists(st.sampled_from(STEPS), max_size=6, unique_by=lambda e: e.key), st.sampled_from(STEPS))
def test_nothing_appears_afterwards_that_was_not_said(told: list[Entry], candidate: Entry) -> None:
    entries = [REPORTED, *told]
    had, has = fold(entries).case, fold([*entries, candidate]).case
    assert had is not None and has is not None
    new = {(f.code, f.on) for f in has.flags} - {(f.code, f.on) for f in had.flags}
    assert new <= {(f.code, f.on) for f in foreseen(entries, candidate)}
