"""What is wrong in a form, by control, in words that its reader can act on; where none fits, the contract's own reason, in
English."""

from __future__ import annotations

import re
from typing import NamedTuple

from services.gateway.forms.reading import Missing, Read, control
from shared.contracts import Refusal

_KINDS: tuple[tuple[str, str], ...] = (
    (r"this field is missing", "missing"),
    (r"lies in the future", "future"),
    (r"not a da(?:te|y)|a date is expected", "date"),
    (r"the year must lie between", "date"),
    (r"not one of", "choice"),
    (r"Expected `int` >= (?P<n>-?[0-9]+)", "least"),
    (r"Expected `int` <= (?P<n>-?[0-9]+)", "most"),
    (r"Expected `int`", "number"),
    (r"Expected `bool`", "yes_no"),
    (r"Expected `str` of length <= (?P<n>[0-9]+)", "long"),
    (r"Expected `str` of length >= (?P<n>[0-9]+)", "missing"),
    (r"Expected `(?:array|object)` of length <= (?P<n>[0-9]+)", "many"),
    (r"Expected `(?:array|object)` of length >= (?P<n>[0-9]+)", "missing"),
    (r"Expected `str` matching regex", "form"),
    (r"`agreed` cannot be more than `present`", "votes"),
    (r"`period_from` lies after `period_to`", "period"),
    (r"one of `teams` and `all_of` is needed|`but` is for `all_of`", "which_teams"),
    (r"one of `team` and `unit` is needed", "where"),
    (r"`household` is for who is no mediator", "household"),
    (r"one of `recognised` and `declined` must name a team", "nobody"),
)


class Fault(NamedTuple):
    """``field``: the control, "" for the whole form; ``word``: a sentence under ``wrong`` that takes ``n``; ``detail``: the
    contract's reason, where no sentence fits."""

    field: str
    word: str
    n: str = ""
    detail: str = ""


def missing(found: list[Missing]) -> list[Fault]:
    return [Fault(one.field, "missing") for one in found]


def of(refusal: Refusal, read: Read) -> Fault:
    field = control(read.places, refusal.field)
    known = sentence(refusal.reason)
    return Fault(field, *known) if known is not None else Fault(field, "other", detail=refusal.reason)


def sentence(reason: str) -> tuple[str, str] | None:
    """The word under ``wrong`` for a reason of the contract, and its ``n``; None where no sentence fits."""
    for pattern, word in _KINDS:
        match = re.search(pattern, reason)
        if match:
            return word, match.groupdict().get("n") or ""
    return None
