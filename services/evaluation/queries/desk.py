"""What a question is answered from, where many functions pass it on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.evaluation.chosen import Chosen
from services.evaluation.domain.rules import Scheme
from services.evaluation.store import Db
from services.evaluation.store.replica import Replica


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """``default``: the installation's scheme; ``today``: in Việt Nam."""

    db: Db
    schemes: Mapping[str, Scheme]
    default: str
    replica: Replica
    today: dt.date

    def chosen(self, units: Iterable[str]) -> Chosen:
        return Chosen(self.db, self.schemes, self.default, units)
