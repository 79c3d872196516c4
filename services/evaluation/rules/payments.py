"""The rules of payment: terms and a commune's rates from their file, maxima and the term for asking from the criterion
"funding", where they stand once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from services.evaluation.domain.payments.rules import EVERY_UNIT, Amounts, PaymentRules, above
from services.evaluation.domain.rules import Dated
from services.evaluation.rules.dated import read_dated
from services.evaluation.rules.grounds import Line
from services.evaluation.rules.loader import shipped
from shared.rulebooks import Block, Item, read

HERE = Path(__file__).parent.parent / "payments"
SCHEME = "hanoi-v2"
AMOUNTS = ("case", "settled_case", "month")


_files = [HERE / "vietnam.yaml"]


def use(path: str) -> None:
    """Take the rules of another file from now on, in this process; empty: those of this release. Raise ``RulesError``, or
    ``OSError`` if it cannot be opened."""
    file = Path(path) if path else HERE / "vietnam.yaml"
    load_payment_rules(file)
    _files[:] = [file]
    payment_rules.cache_clear()


@lru_cache(maxsize=1)
def payment_rules() -> PaymentRules:
    """Those in use. Raise ``RulesError``."""
    return load_payment_rules(_files[0])


def load_payment_rules(path: Path) -> PaymentRules:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    top = read(path)
    id_item = top.take("payments")
    if id_item.text() != path.stem:
        raise id_item.error(f"the rules call themselves {id_item.text()!r}", f"name them as their file: {path.stem!r}")
    given = _funding()
    maxima = Amounts(case=given["case_max"], settled_case=given["settled_case_max"], month=given["month_max"])
    rates_item = top.maybe("rates")
    rates: dict[str, Amounts] = {}
    for item in () if rates_item is None else rates_item.items():
        block = item.block()
        named = block.maybe("unit")
        unit = EVERY_UNIT if named is None else named.text()
        if unit in rates:
            raise item.error(
                f"{'what every unit pays' if named is None else f'the unit {unit}'} stands twice",
                "give each unit one entry, its values by their days",
            )
        rates[unit] = _amounts(item, block, maxima)
        block.finish()
    found = PaymentRules(
        decide_within_working_days=read_dated(top.take("decide_within_working_days"), int),
        pay_within_days=read_dated(top.take("pay_within_days"), int),
        request_within_days=given["request_within_days"], maxima=maxima,
        grounds=read_dated(top.take("grounds"), tuple[Line, ...]), rates=_with_the_citys(rates),
    )
    top.finish()
    return found


def _amounts(item: Item, block: Block, maxima: Amounts) -> Amounts:
    """Raise ``RulesError`` for a rate that lies above the maximum of a day on which both hold."""
    found = Amounts(**{name: read_dated(block.take(name), int) for name in AMOUNTS})
    for name in AMOUNTS:
        for rate, most in above(getattr(found, name), getattr(maxima, name)):
            raise item.error(
                f"{name}: {rate.value} from {rate.since} lies above the maximum of {most.value} ({most.citation})",
                "correct the amount, or the day from which it holds",
            )
    return found


def _with_the_citys(rates: Mapping[str, Amounts]) -> dict[str, Amounts]:
    """Until a unit's own rate begins, what every unit pays holds there, too."""
    city = rates.get(EVERY_UNIT)
    return dict(rates) if city is None else {
        unit: Amounts(**{name: _before(getattr(city, name), getattr(own, name)) for name in AMOUNTS})
        for unit, own in rates.items()
    }


def _before(city: Dated[int], own: Dated[int]) -> Dated[int]:
    return Dated(tuple(value for value in city.values if value.since < own.values[0].since) + own.values)


def _funding() -> dict[str, Any]:
    return next(dict(c.parameters) for c in shipped()[SCHEME].criteria if c.measure == "funding")
