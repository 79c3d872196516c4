"""Locked figures stay; what differs now is shown with the cases that make the difference."""

from __future__ import annotations

from services.evaluation.domain.statistics.corrections import corrections


def test_a_case_written_up_after_the_lock_is_a_correction_that_names_it() -> None:
    one, = corrections({"received": ("a",), "settled": ()}, {"received": ("a", "b"), "settled": ()}, {"b": "2024-12-20"})
    assert (one.name, one.locked, one.present, one.added, one.removed) == ("received", 1, 2, ("b",), ())
    assert one.written_up == {"b": "2024-12-20"}


def test_an_equal_number_of_other_cases_is_no_equal_figure() -> None:
    one, = corrections({"settled": ("a",)}, {"settled": ("b",)}, {})
    assert (one.locked, one.present, one.added, one.removed) == (1, 1, ("b",), ("a",))


def test_what_is_the_same_is_no_correction() -> None:
    assert corrections({"settled": ("a",)}, {"settled": ("a",), "carried": ()}, {}) == ()
