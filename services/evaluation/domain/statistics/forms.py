"""A form of a report: its columns as sums of figures, and what must hold between them; the log book's layout; statistical
periods. All of these are data."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.evaluation.domain.rules import Mark
from services.evaluation.domain.statistics.identities import Broken, Identity, broken
from services.evaluation.domain.wording import Words
from shared.calendar import Span

MEMBER_COUNTS = ("teams", "mediators", "men", "women", "law_qualified", "not_law_qualified", "ethnic_minority", "trained")
"""Figures of the directory, of a day: ids of teams, and of mediators with their team."""
Shows = Literal[
    "number", "received", "mediator", "parties", "content", "agreement", "settled", "not_settled", "signatures", "notes",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """``sums``: names of figures that have no case in common; empty: the figure is not kept, and the cell stays empty."""

    id: str
    title: Words
    sums: tuple[str, ...]
    mark: Mark
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """``regime``: the document that prescribes it. ``historic``: another regime is in force today. ``counts``: what its figures
    are about."""

    id: str
    title: Words
    regime: str
    historic: bool
    mark: Mark
    note: str
    counts: Literal["cases", "members"]
    rows: Literal["unit", "team"]
    columns: tuple[Column, ...]
    identities: tuple[Identity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BookColumn:
    """``width``: in millimetres."""

    shows: Shows
    title: Words
    width: int
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """The log book's layout. ``tally``: heading of Part II, whose ``lines`` are sums of figures."""

    title: Words
    cite: str
    mark: Mark
    part: Words
    tally: Words
    columns: tuple[BookColumn, ...]
    lines: tuple[Column, ...]
    signatures: tuple[Words, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """``issued`` None: not found."""

    id: str
    issued: dt.date | None
    state: Literal["present", "historic"]
    forms: Literal["not_obtained", "some"]
    mark: Mark
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A statistical period of any year. Days are (month, day); what comes after ``counted_to`` is estimated by people."""

    id: str
    title: Words
    first: tuple[int, int]
    last: tuple[int, int]
    counted_to: tuple[int, int]
    mark: Mark

    def span(self, year: int) -> Span:
        return Span(dt.date(year, *self.first), dt.date(year, *self.last))

    def counted(self, year: int) -> Span:
        return Span(dt.date(year, *self.first), dt.date(year, *self.counted_to))


def filled(form: Form, found: Mapping[str, tuple[str, ...] | None]) -> Mapping[str, tuple[str, ...] | None]:
    """Each column's ids; None where the figure is not kept, or one of its parts is not known."""
    return {column.id: summed(column, found) for column in form.columns}


def summed(column: Column, found: Mapping[str, tuple[str, ...] | None]) -> tuple[str, ...] | None:
    parts = [found[name] for name in column.sums]
    known = [ids for ids in parts if ids is not None]
    return tuple(sorted(id for ids in known for id in ids)) if parts and len(known) == len(parts) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """``cells``: ids by column, None where not known. ``unknown``: for a total, how many of its rows are not known, by column.
    ``estimates``: what people expect of the rest of the period, by column. ``broken``: which identities do not hold, of what was
    counted and of the estimates."""

    id: str
    name: str
    cells: Mapping[str, tuple[str, ...] | None]
    unknown: Mapping[str, int]
    estimates: Mapping[str, int]
    broken: tuple[Broken, ...]
    broken_estimates: tuple[Broken, ...]


def row(
    form: Form, id: str, name: str, cells: Mapping[str, tuple[str, ...] | None], estimates: Mapping[str, int] | None = None,
    unknown: Mapping[str, int] | None = None,
) -> Row:
    """A column that is known in part only is in no identity."""
    given, part = estimates or {}, unknown or {}
    return Row(
        id=id, name=name, cells=cells, unknown=part, estimates=given,
        broken=broken(form.identities, {
            column: len(ids) for column, ids in cells.items() if ids is not None and not part.get(column)
        }),
        broken_estimates=broken(form.identities, given),
    )


def total(form: Form, id: str, name: str, rows: Sequence[Row], estimates: Mapping[str, int] | None = None) -> Row:
    """What is known of all rows. Rows have no id in common."""
    cells: dict[str, tuple[str, ...] | None] = {}
    unknown: dict[str, int] = {}
    for column in form.columns:
        parts = [one.cells[column.id] for one in rows]
        known = [ids for ids in parts if ids is not None]
        cells[column.id] = tuple(sorted(id for ids in known for id in ids)) if known else None
        if known and len(known) < len(parts):
            unknown[column.id] = len(parts) - len(known)
    return row(form, id, name, cells, estimates, unknown)
