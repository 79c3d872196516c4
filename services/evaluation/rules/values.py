"""Reading a value in a file as the type that a measure or a points rule asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, get_args, get_origin

from services.evaluation.domain.points.table import Band, Choice, Weight
from services.evaluation.domain.rules import MonthDay, Window
from services.evaluation.domain.values import Amount, Points, ValueTextError, parse
from shared.rulebooks import Item


def read_value(item: Item, kind: Any) -> Any:
    """Raise ``RulesError``. ``kind``: whatever ``domain.values`` reads from text, a tuple of it as a list, or one of
    ``BLOCKS``."""
    if get_origin(kind) is tuple:
        parts = tuple(read_value(part, get_args(kind)[0]) for part in item.items())
        check = CHECKS.get(get_args(kind)[0])
        if check is not None:
            check(item, parts)
        return parts
    if kind in BLOCKS:
        return BLOCKS[kind](item)
    try:
        return parse(item.text(), kind)
    except ValueTextError as error:
        raise item.error(error.problem, error.remedy) from None


def _window(item: Item) -> Window:
    block = item.block()
    window = Window(
        first=read_value(block.take("first"), MonthDay),
        starts_year_before=read_value(block.take("starts_year_before"), bool),
        last=read_value(block.take("last"), MonthDay),
    )
    block.finish()
    if (window.first > window.last) != window.starts_year_before:
        raise item.error(
            "the window would be empty or longer than a year",
            "set starts_year_before to true exactly if the first day comes later in the year than the last",
        )
    return window


def _band(item: Item) -> Band:
    block = item.block()
    band = Band(
        at_least=read_value(block.take("at_least"), Amount), points=read_value(block.take("points"), Points)
    )
    block.finish()
    return band


def _choice(item: Item) -> Choice:
    block = item.block()
    choice = Choice(word=block.text("word"), points=read_value(block.take("points"), Points))
    block.finish()
    return choice


def _weight(item: Item) -> Weight:
    block = item.block()
    weight = Weight(quantity=block.text("quantity"), points=read_value(block.take("points"), Points))
    block.finish()
    return weight


def _falling(item: Item, bands: tuple[Band, ...]) -> None:
    for part, above, below in zip(item.items()[1:], bands, bands[1:], strict=False):
        if below.at_least >= above.at_least:
            raise part.error(
                "the band does not begin below the one before it, so nothing falls into it",
                "list the bands from the highest down",
            )


def _once(what: str, name: str) -> Callable[[Item, tuple[Any, ...]], None]:
    def check(item: Item, parts: tuple[Any, ...]) -> None:
        seen = set()
        for part, value in zip(item.items(), parts, strict=True):
            if getattr(value, name) in seen:
                raise part.error(f"the {what} {getattr(value, name)!r} stands twice", "keep one of them")
            seen.add(getattr(value, name))

    return check


BLOCKS: dict[Any, Callable[[Item], Any]] = {Window: _window, Band: _band, Choice: _choice, Weight: _weight}
"""Kinds that take more than one line."""
CHECKS: dict[Any, Callable[[Item, tuple[Any, ...]], None]] = {
    Band: _falling, Choice: _once("word", "word"), Weight: _once("quantity", "quantity"),
}
"""What must hold of a list of such parts."""
