"""The measures, by the name that a scheme's criterion uses. Each takes the context and its own parameters."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

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
from services.evaluation.domain.rules import Dated, bound
from services.evaluation.domain.tree import Duty, Evidence, Finding


class Measure(NamedTuple):
    """``parameters``: a dataclass whose fields are ``Cited[…]``, or ``Dated[…]`` where the measure needs the value of other days
    than the window's last; compared by identity, so that what follows from it can be remembered. ``evidence``, ``duty``: what
    the measure looks at and whose duty that is, unless a file says otherwise."""

    parameters: type[Any]
    judge: Callable[[Context, Any], Finding]
    evidence: Evidence = "recorded"
    duty: Duty = "team"

    def bind(self, given: Mapping[str, Dated[Any]], day: dt.date) -> Any:
        """The parameters as they are on ``day``. Raise ``NotInForceError``."""
        return bound(self.parameters, given, day)


MEASURES: dict[str, Measure] = {
    "detection": Measure(detection.Parameters, detection.judge, "computed"),
    "coordination": Measure(coordination.Parameters, coordination.judge, "attested"),
    "settled_rate": Measure(settled_rate.Parameters, settled_rate.judge, "computed"),
    "training": Measure(training.Parameters, training.judge),
    "documents_training": Measure(documents_training.Parameters, documents_training.judge),
    "funding": Measure(funding.Parameters, funding.judge, duty="commune"),
    "meetings": Measure(meetings.Parameters, meetings.judge),
}
