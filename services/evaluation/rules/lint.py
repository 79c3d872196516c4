"""What to know of a rules file beyond that it can be read: values that are not known yet or not verified, bands that nothing can
fall into, years without a value."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, Literal

from services.evaluation.domain.measures import MEASURES
from services.evaluation.domain.places import places
from services.evaluation.domain.points.asked import Asked
from services.evaluation.domain.points.rules import RULES
from services.evaluation.domain.points.table import Band, Indicator, PointsCriterion
from services.evaluation.domain.rules import Dated, Scheme, bound, of_other_days
from services.evaluation.domain.values import Points, written
from services.evaluation.rules.commendation import load_commendation_rules
from services.evaluation.rules.dated import EXPECTED
from services.evaluation.rules.examples import ENDING, load_examples
from services.evaluation.rules.loader import load_scheme
from services.evaluation.rules.odd_figures import load_odd_rules
from services.evaluation.rules.payments import load_payment_rules
from services.evaluation.rules.procedure import load_procedure
from services.evaluation.rules.reports import load_book, load_form, load_regimes
from services.evaluation.rules.targets import load_targets
from shared.rulebooks import Block, Item, RulesError, read

Kind = Literal["error", "placeholder", "unverified", "no_value", "unreachable", "gap", "maximum"]
"""``error``: the file cannot be used. The others are remarks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """``line``: None where it is no single line. ``where``: the value's address, or the place in the file."""

    file: Path
    line: int | None
    kind: Kind
    where: str
    text: str
    remedy: str = ""


READERS: dict[str, Callable[[Path], object]] = {
    "scheme": load_scheme, "procedure": load_procedure, "rules": load_commendation_rules, "targets": load_targets,
    "payments": load_payment_rules, "form": load_form, "listing": load_book, "regimes": load_regimes,
    "odd_figures": load_odd_rules,
}
"""By the key that says what a file is."""


def lint(path: Path) -> list[Finding]:
    """A rules file, or one of examples; by line. Raise ``OSError`` if it cannot be opened."""
    try:
        if path.name.endswith(ENDING):
            load_examples(path)
            return []
        top = read(path)
        name = next((name for name in READERS if top.maybe(name)), None)
        if name is None:
            raise top.error("nothing says what file this is", "begin it with one of: " + ", ".join(READERS))
        found = READERS[name](path)
    except RulesError as error:
        return [Finding(
            file=error.file, line=error.line, kind="error", where=error.where, text=error.problem, remedy=error.remedy
        )]
    listed = list(_marks(top.item, path))
    if isinstance(found, Scheme):
        listed += [*_no_value(found, path), *_bands(found, path), *_maxima(found, path)]
    return sorted(listed, key=lambda finding: finding.line or 0)


def _marks(item: Item, path: Path) -> Iterator[Finding]:
    """Every entry that bears a mark and says that its value is not known yet, or not verified."""
    if item.is_list:
        for part in item.items():
            yield from _marks(part, path)
    elif item.is_block:
        block = item.block()
        for name in block.names():
            yield from _marks(block.take(name), path)
        yield from _marked(item.block(), item, path)


def _marked(block: Block, item: Item, path: Path) -> Iterator[Finding]:
    mark, value, since = block.maybe("mark"), block.maybe("value"), block.maybe("from")
    if mark is None:
        return
    citation = block.maybe("citation")
    source = "" if citation is None else citation.text()
    at = "" if since is None else f" from {since.text()}"
    if value is not None and value.is_scalar and value.text() == EXPECTED:
        yield Finding(
            file=path, line=value.line, kind="placeholder", where=item.where, text=f"expected{at}: {source}",
            remedy="write the value once it is published",
        )
    elif mark.text() == "U":
        yield Finding(
            file=path, line=mark.line, kind="unverified", where=item.where, text=f"value{at}: {source}",
            remedy="check the source, then write mark: F",
        )


def _no_value(scheme: Scheme, path: Path) -> Iterator[Finding]:
    """Years for which the scheme has a window but no value."""
    begin = scheme.window.values[0].since
    for at, place in places(scheme).items():
        first = place.dated.values[0].since
        if first > begin and at not in _of_other_days(scheme):
            yield Finding(
                file=path, line=None, kind="no_value", where=at, remedy="give a value from the window's first day on",
                text=f"nothing from {begin} to {first - dt.timedelta(days=1)}: the scheme is not in force there",
            )
        elif first > begin:
            yield Finding(
                file=path, line=None, kind="no_value", where=at, remedy="give a value from the window's first day on",
                text=f"nothing from {begin} to {first - dt.timedelta(days=1)}: not compared with anything there",
            )


def _of_other_days(scheme: Scheme) -> set[str]:
    """Values that are asked of single days, and may be missing on some."""
    return {
        f"{criterion.id}.{name}" for criterion in scheme.criteria
        for name in of_other_days(MEASURES[criterion.measure].parameters)
    }


def _bands(scheme: Scheme, path: Path) -> Iterator[Finding]:
    for indicator in scheme.table.indicators() if scheme.table is not None else ():
        rows: Dated[Any] | None = indicator.parameters.get("rows")
        for cited in rows.values if rows is not None else ():
            bands = [row for row in cited.value if isinstance(row, Band)]
            if bands:
                yield from _unreachable(indicator, bands, path)


def _unreachable(indicator: Indicator, bands: list[Band], path: Path) -> Iterator[Finding]:
    where = f"{indicator.id}.rows"
    if indicator.rule == "ratio_bands":
        for band in bands:
            if band.at_least > 1:
                yield Finding(
                    file=path, line=None, kind="unreachable", where=where, remedy="a ratio is never more than 100%",
                    text=f"no ratio reaches {written(band.at_least, Points)}",
                )
    if bands[-1].at_least > 0:
        unit = Points if indicator.rule == "bands" else Fraction
        yield Finding(
            file=path, line=None, kind="gap", where=where, remedy="add a band from 0, or leave it: 0 points are given",
            text=f"nothing is said below {written(bands[-1].at_least, unit)}",
        )


def _maxima(scheme: Scheme, path: Path) -> Iterator[Finding]:
    for criterion in scheme.table.criteria if scheme.table is not None else ():
        stated = criterion.parameters.get("maximum")
        possible = _possible(criterion)
        if stated is not None and possible is not None and possible != stated.values[-1].value:
            yield Finding(
                file=path, line=None, kind="maximum", where=f"{criterion.id}.maximum",
                text=f"{written(stated.values[-1].value, Points)} stated, indicators add up to {written(possible, Points)}",
                remedy="add what is missing, or say in a note what was not found",
            )


def _possible(criterion: PointsCriterion) -> Fraction | None:
    total = Fraction(0)
    for indicator in criterion.indicators:
        if indicator.deducts:
            continue
        rule = RULES[indicator.rule]
        most = rule.maximum(Asked(indicator, {}, {}), bound(rule.parameters, indicator.parameters, dt.date.max))
        if most is None:
            return None
        total += most
    return total
