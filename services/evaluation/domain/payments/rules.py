"""Terms and amounts, each by its day. Amounts in whole đồng."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from services.evaluation.domain.casework import SETTLED, status_on
from services.evaluation.domain.facts import Case
from services.evaluation.domain.rules import Cited, Dated

PROCEDURE = "2.002080"
CIRCULAR = "TT 56/2023/TT-BTC"
EVERY_UNIT = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """For a case, for a case that was settled, for a month of a team."""

    case: Dated[int]
    settled_case: Dated[int]
    month: Dated[int]

    def of_case(self, settled: bool, day: dt.date) -> Cited[int] | None:
        return (self.settled_case if settled else self.case).find(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRules:
    """``maxima``: highest lawful amounts. ``rates``: what a unit pays, by its code; ``EVERY_UNIT``: those without their own.
    ``request_within_days``: after a case's end. ``grounds``: what a decision says that it is based on, a line for each text."""

    decide_within_working_days: Dated[int]
    pay_within_days: Dated[int]
    request_within_days: Dated[int]
    maxima: Amounts
    grounds: Dated[tuple[str, ...]]
    rates: Mapping[str, Amounts] = field(default_factory=dict)

    def rates_of(self, unit: str | None) -> Amounts | None:
        return self.rates.get(unit or EVERY_UNIT) or self.rates.get(EVERY_UNIT)

    def amount(self, unit: str | None, name: str, day: dt.date) -> tuple[Cited[int] | None, str]:
        """What the unit pays on that day (``rate``), else the most that it may (``maximum``), else nothing is ``unknown``.
        ``name``: a field of ``Amounts``."""
        for basis, amounts in (("rate", self.rates_of(unit)), ("maximum", self.maxima)):
            dated: Dated[int] | None = None if amounts is None else getattr(amounts, name)
            found = None if dated is None else dated.find(day)
            if found is not None:
                return found, basis
        return None, "unknown"


def above(rate: Dated[int], most: Dated[int]) -> Iterator[tuple[Cited[int], Cited[int]]]:
    """Values of a rate with the maximum that they exceed on some day on which both are in force."""
    for index, value in enumerate(rate.values):
        after = rate.values[index + 1].since if index + 1 < len(rate.values) else dt.date.max
        for limit in dict.fromkeys((most.find(value.since), *most.values)):
            if limit is not None and limit.since < after and value.value > limit.value and _meet(value, limit, most):
                yield value, limit


def _meet(value: Cited[int], limit: Cited[int], most: Dated[int]) -> bool:
    """Whether the limit still holds when the value begins."""
    return most.find(max(value.since, limit.since)) == limit


@dataclass(frozen=True, slots=True)
class Known:
    """A case that a claim names. ``leader``: of several linked cases the one that counts; ``teams``: whose it is, those that
    they were merged into included."""

    leader: str
    case: Case
    teams: frozenset[str]


def ceiling(
    amounts: Amounts, asked: dt.date, cases: Iterable[str], months: Iterable[str], known: Mapping[str, Known], as_of: dt.date
) -> int | None:
    """What these cases and months come to, by the amounts of the day of the request and the cases' outcome on ``as_of``: of
    maxima the most that may lawfully be paid. None where no amount is known for that day, or nothing is named. A case that is
    not known here might have been settled."""
    parts = [
        amounts.of_case(id not in known or status_on(known[id].case, as_of) == SETTLED, asked) for id in distinct(cases, known)
    ] + [amounts.month.find(asked) for _ in set(months)]
    found = [part.value for part in parts if part is not None]
    return sum(found) if found and len(found) == len(parts) else None


def distinct(cases: Iterable[str], known: Mapping[str, Known]) -> list[str]:
    """One name of each quarrel: papers may name either of two linked cases."""
    return sorted({known[id].leader if id in known and known[id].leader in known else id for id in cases})
