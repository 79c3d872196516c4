"""Three-valued verdicts and their logic (strong Kleene): what is not known neither passes nor fails anyone."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not_met"
    NOT_ENOUGH = "not_enough_evidence"


VERDICT_WORDS: dict[Verdict, tuple[str, str]] = {
    Verdict.MET: ("Đạt", "Met"),
    Verdict.NOT_MET: ("Chưa đạt", "Not met"),
    Verdict.NOT_ENOUGH: ("Chưa đủ căn cứ", "Not enough evidence"),
}


def all_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Met if all are; not met if one is, however little is known of the rest. Raise ``ValueError`` on nothing:
    a conjunction of nothing would pass silently."""
    return _first(verdicts, (Verdict.NOT_MET, Verdict.NOT_ENOUGH, Verdict.MET))


def any_of(verdicts: Iterable[Verdict]) -> Verdict:
    """Met if one is; not met only if none could be. Raise ``ValueError`` on nothing."""
    return _first(verdicts, (Verdict.MET, Verdict.NOT_ENOUGH, Verdict.NOT_MET))


def _first(verdicts: Iterable[Verdict], order: tuple[Verdict, ...]) -> Verdict:
    given = list(verdicts)
    for verdict in order:
        if verdict in given:
            return verdict
    raise ValueError("no verdicts to combine")
