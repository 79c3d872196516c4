"""Forms of reports, the log book's layout, statistical regimes and periods, and estimates that people enter, from their files,
read strictly: a figure that nobody counts, an identity over a column that is not there or a key that nobody knows is refused
with file, line and remedy."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from services.evaluation.domain.statistics.counting import COLUMNS
from services.evaluation.domain.statistics.forms import (
    MEMBER_COUNTS,
    Book,
    BookColumn,
    Column,
    Form,
    Period,
    Regime,
    Shows,
)
from services.evaluation.domain.statistics.identities import Identity
from services.evaluation.rules.dated import read_words
from shared.rulebooks import Block, Item, Mark, read, read_day, read_one_of, read_whole, read_yes_no

HERE = Path(__file__).parent.parent / "reports"
FIGURES = {"cases": COLUMNS, "members": MEMBER_COUNTS}


@lru_cache(maxsize=1)
def shipped_forms() -> dict[str, Form]:
    """By id. Raise ``RulesError``."""
    return {path.stem: load_form(path) for path in sorted(HERE.glob("form-*.yaml"))}


def load_form(path: Path) -> Form:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    top = read(path)
    id_item = top.take("form")
    if id_item.text() != path.stem or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", path.stem):
        raise id_item.error(f"the form calls itself {id_item.text()!r}", f"name it as its file: {path.stem!r}")
    counts = read_one_of(top.take("counts"), Literal["cases", "members"])
    columns: dict[str, Column] = {}
    for block in top.blocks("columns"):
        at = block.take("id")
        if at.text() in columns:
            raise at.error(f"the column {at.text()!r} stands twice", "give each column an id of its own")
        columns[at.text()] = _column(block, at.text(), FIGURES[counts])
    form = Form(
        id=path.stem, title=read_words(top.take("title")), regime=top.text("regime"), historic=read_yes_no(top.take("historic")),
        mark=read_one_of(top.take("mark"), Mark), note=_note(top), counts=counts,
        rows=read_one_of(top.take("rows"), Literal["unit", "team"]), columns=tuple(columns.values()),
        identities=tuple(_identity(block, columns) for block in top.blocks("identities")),
    )
    top.finish()
    return form


@lru_cache(maxsize=1)
def shipped_book() -> Book:
    """The log book. Raise ``RulesError``."""
    return load_book(HERE / "log-book.yaml")


def load_book(path: Path) -> Book:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    top = read(path)
    named = top.take("listing")
    if named.text() != path.stem:
        raise named.error(f"the layout calls itself {named.text()!r}", f"name it as its file: {path.stem!r}")
    book = Book(
        title=read_words(top.take("title")), cite=top.text("cite"), mark=read_one_of(top.take("mark"), Mark),
        part=read_words(top.take("part")), tally=read_words(top.take("tally")),
        columns=tuple(_book_column(block) for block in top.blocks("columns")),
        lines=tuple(_column(block, str(number), COLUMNS) for number, block in enumerate(top.blocks("lines"), 1)),
        signatures=tuple(read_words(item) for item in top.take("signatures").items()),
    )
    top.finish()
    return book


def _book_column(block: Block) -> BookColumn:
    width = block.take("width")
    column = BookColumn(
        shows=read_one_of(block.take("shows"), Shows), title=read_words(block.take("title")), width=read_whole(width),
        mark=read_one_of(block.take("mark"), Mark),
    )
    if not 1 <= column.width <= 200:
        raise width.error(f"{column.width} mm is no width", "write 1 to 200")
    block.finish()
    return column


@lru_cache(maxsize=1)
def shipped_regimes() -> tuple[tuple[Regime, ...], dict[str, Period]]:
    """Regimes, and periods by id. Raise ``RulesError``."""
    return load_regimes(HERE / "regimes.yaml")


def load_regimes(path: Path) -> tuple[tuple[Regime, ...], dict[str, Period]]:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    top = read(path)
    regimes = tuple(_regime(block) for block in top.blocks("regimes"))
    periods = {}
    for block in top.blocks("periods"):
        at = block.take("id")
        if at.text() in periods or not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", at.text()):
            raise at.error(f"the period {at.text()!r} stands twice, or is no name", "give each its own name in small letters")
        periods[at.text()] = _period(block, at.text())
    top.finish()
    return regimes, periods


def _regime(block: Block) -> Regime:
    issued = block.maybe("issued")
    regime = Regime(
        id=block.text("id"), issued=None if issued is None else read_day(issued),
        state=read_one_of(block.take("state"), Literal["present", "historic"]),
        forms=read_one_of(block.take("forms"), Literal["not_obtained", "some"]), mark=read_one_of(block.take("mark"), Mark),
        note=_note(block),
    )
    block.finish()
    return regime


def _period(block: Block, id: str) -> Period:
    last = block.take("last")
    counted_to = block.take("counted_to")
    period = Period(
        id=id, title=read_words(block.take("title")), first=_month_day(block.take("first")), last=_month_day(last),
        counted_to=_month_day(counted_to), mark=read_one_of(block.take("mark"), Mark),
    )
    if not period.first <= period.counted_to <= period.last:
        raise counted_to.error("lies outside the period", "give a day from `first` to `last`")
    block.finish()
    return period


def _month_day(item: Item) -> tuple[int, int]:
    text = item.text()
    try:
        if not re.fullmatch(r"\d\d-\d\d", text):
            raise ValueError
        found = dt.date.fromisoformat(f"2001-{text}")  # a year without 29/02: the day must be there every year
    except ValueError:
        raise item.error(f"{text!r} is not a day of the year", "write it as MM-DD, for example 05-31") from None
    return found.month, found.day


def load_estimates(path: Path, form: Form) -> tuple[str, dict[str, dict[str, int]]]:
    """Who entered them; and by row (a team's or unit's code, or ``total``) and column. Raise ``RulesError``, or ``OSError``."""
    top = read(path)
    by, rows = top.text("by"), top.block("rows")
    found: dict[str, dict[str, int]] = {}
    known = tuple(column.id for column in form.columns)
    for row in rows.names():
        block = rows.block(row)
        found[row] = {}
        for name in block.names():
            item = block.take(name)
            if name not in known:
                raise item.error(f"{form.id} has no column {name!r}", "name one of: " + ", ".join(known))
            found[row][name] = read_whole(item)
    top.finish()
    return by, found


def _column(block: Block, id: str, known: tuple[str, ...]) -> Column:
    sums = block.maybe("sum")
    column = Column(
        id=id, title=read_words(block.take("title")), mark=read_one_of(block.take("mark"), Mark), note=_note(block),
        sums=() if sums is None else tuple(_known(item, known, "figure") for item in sums.items()),
    )
    block.finish()
    return column


def _identity(block: Block, columns: dict[str, Column]) -> Identity:
    names = tuple(columns)
    kind = block.maybe("kind")
    identity = Identity(
        left=_known(block.take("left"), names, "column"),
        right=tuple(_known(item, names, "column") for item in block.take("right").items()),
        kind="equal" if kind is None else read_one_of(kind, Literal["equal", "at_most"]),
        mark=read_one_of(block.take("mark"), Mark),
    )
    block.finish()
    return identity


def _known(item: Item, names: tuple[str, ...], what: str) -> str:
    if item.text() not in names:
        raise item.error(f"there is no {what} {item.text()!r}", "name one of: " + ", ".join(names))
    return item.text()


def _note(block: Block) -> str:
    note = block.maybe("note")
    return "" if note is None else note.text()
