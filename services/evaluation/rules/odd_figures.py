"""The thresholds from which figures are pointed out as odd, as dated data."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from services.evaluation.domain.rules import kinds
from services.evaluation.domain.statistics.oddities import OddRules
from services.evaluation.rules.dated import read_dated
from shared.rulebooks import read

HERE = Path(__file__).parent.parent / "reports"


@lru_cache(maxsize=1)
def odd_rules() -> OddRules:
    """Those of this release. Raise ``RulesError``."""
    return load_odd_rules(HERE / "odd-figures.yaml")


def load_odd_rules(path: Path) -> OddRules:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    top = read(path)
    id_item = top.take("odd_figures")
    if id_item.text() != "vietnam":
        raise id_item.error(f"{id_item.text()!r} is not known", "write 'vietnam'")
    found = OddRules(**{name: read_dated(top.take(name), int) for name in kinds(OddRules)})
    top.finish()
    return found
