"""The measures, by the name that a scheme's criterion uses. Each takes the context and its own parameters."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, get_origin, get_type_hints

from services.evaluation.domain.context import Context
from services.evaluation.domain.measures import (
    coordination,
    detection,
    documents_training,
    funding,
    meetings,
    settled_rate,
    training,
)
from services.evaluation.domain.rules import Dated
from services.evaluation.domain.tree import Finding


class Measure(NamedTuple):
    """``parameters``: a dataclass whose fields are ``Cited[…]``, or ``Dated[…]`` where the measure needs the value of
    other days than the window's last."""

    parameters: type[Any]
    judge: Callable[[Context, Any], Finding]

    def bind(self, given: Mapping[str, Dated[Any]], day: dt.date) -> Any:
        """The parameters as they are on ``day``. Raise ``NotInForceError``."""
        hints = get_type_hints(self.parameters)
        return self.parameters(**{
            field.name: given[field.name] if get_origin(hints[field.name]) is Dated else given[field.name].at(day)
            for field in dataclasses.fields(self.parameters)
        })


MEASURES: dict[str, Measure] = {
    name: Measure(module.Parameters, module.judge) for name, module in {
        "detection": detection, "coordination": coordination, "settled_rate": settled_rate, "training": training,
        "documents_training": documents_training, "funding": funding, "meetings": meetings,
    }.items()
}
