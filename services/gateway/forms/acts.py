"""What people can do in the console: the contract's types that have a form, and the subject that each event is about.

    act = find("recognition.requested")
    act.subject("tuphap.example", {"team": "HG-…", "year": 2024}, "5f0c…")     # recognition://tuphap.example/HG-…/2024
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from services.gateway.forms.fields import LEFT_OUT, Field, fields_of
from shared.contracts import TYPES, EventType, short

FAMILIES = (
    "case.", "recognition.", "commendation.", "verification.", "evaluation.", "practice.", "payment.", "meeting.", "training.",
    "documents.", "coordination.", "attestation.", "outreach.", "situation.", "period.", "statistics.", "directory.team.",
    "directory.mediator.", "directory.name.", "directory.area.", "directory.review.", "directory.candidates.",
    "directory.election.", "directory.leader.",
)
"""Types whose short name begins so have a form; their labels stand in words/*.yaml. Units and groups change by a plan
(``namtot directory reorganise``), whole rosters come from a register."""
WITHDRAWN = "record.withdrawn"
"""Takes back an entry of any of them."""
CORRECTED = "record.corrected"
"""Says anew what an entry of a case said; its form is that of the entry's type, with a reason."""

CONTINUED = frozenset({"verification.closed", "training.attended", "coordination.answered", WITHDRAWN, CORRECTED})
"""Steps of something that began elsewhere: they need its subject, and so does every step of a case, a commendation or a payment
but the first."""
LIVES = ("commendation.", "case.", "payment.")
BEGINNINGS = frozenset({"commendation.proposed", "case.reported", "case.recorded", "payment.requested"})

SUBJECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "recognition.self-assessed": ("recognition", ("team", "year")),
    "recognition.requested": ("recognition", ("team", "year")),
    "recognition.returned": ("recognition", ("team", "year")),
    "recognition.revoked": ("recognition", ("team", "year")),
    "recognition.reviewed": ("review", ("unit", "year")),
    "recognition.decided": ("decision", ("unit", "year")),
    "evaluation.scheme-chosen": ("evaluation", ("unit", "year")),
    "evaluation.closed": ("evaluation", ("unit", "year")),
    "evaluation.corrected": ("recognition", ("team", "year")),
}
"""Scheme of the subject's URI and the fields that name it. Where several of a kind may stand beside each other (meetings,
decisions), and where nothing is named here, the form's own key makes it unique."""
SEVERAL = frozenset({"review", "decision"})


class Act(NamedTuple):
    """``name``: the type's short name. ``of``: of a correction, the type of what it corrects."""

    name: str
    type: EventType
    of: EventType | None = None

    @property
    def fields(self) -> tuple[Field, ...]:
        if self.of is None:
            return fields_of(self.type.data)
        return (Field("data", "part", True, fields=fields_of(self.of.data)), *fields_of(self.type.data, _OF_CORRECTION))

    @property
    def entered(self) -> str:
        """Whose rights count: a correction's are those of what it says anew."""
        return self.name if self.of is None else short(self.of.name)

    @property
    def words(self) -> str:
        """Under which its labels stand; see ``View.label``."""
        return self.name if self.of is None else f"{self.name}+{self.entered}"

    @property
    def path(self) -> str:
        return f"/act/{self.name}" + (f"?of={self.entered}" if self.of is not None else "")

    def whole(self, data: dict[str, Any]) -> dict[str, Any]:
        """With what the form itself settles."""
        return data if self.of is None else {**data, "of": self.of.name}

    @property
    def continues(self) -> bool:
        """Whether the subject must be given: it is a step of something begun before."""
        return self.name in CONTINUED or (self.name.startswith(LIVES) and self.name not in BEGINNINGS)

    def has(self, field: str) -> bool:
        return field in self.type.data.__struct_fields__

    def subject(self, authority: str, data: Mapping[str, Any], key: str) -> str:
        """A new subject at ``authority``. The same form gives the same subject, however often it is sent."""
        scheme, names = SUBJECTS.get(self.name, (self.name.partition(".")[0], ()))
        parts = [str(data.get(name, "")) for name in names]
        if not names or scheme in SEVERAL:
            parts.append(key)
        return f"{scheme}://{authority}/" + "/".join(quote(part, safe="") for part in parts)


_CORRECTED = next(kind for name, kind in TYPES.items() if short(name) == CORRECTED)
_OF_CORRECTION = LEFT_OUT | {"data", "of"}
_ACTS = {
    short(name): Act(short(name), kind) for name, kind in TYPES.items()
    if short(name).startswith(FAMILIES) or short(name) == WITHDRAWN
}


def find(name: str, of: str = "") -> Act | None:
    """``of``: for a correction, the short type of a fact about a case."""
    if name == CORRECTED:
        told = _ACTS.get(of)
        return Act(name, _CORRECTED, told.type) if told is not None and of.startswith("case.") else None
    return _ACTS.get(name)


def every() -> list[Act]:
    return list(_ACTS.values())
