"""The small types that events are made of.

``Past`` and ``PastDate`` mark what cannot lie in the future; the check needs a clock and is made by
``shared.contracts.decode``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from shared.contracts.when import END, Day, When

PAST = {"past": True}
Past = Annotated[
    When, Meta(extra=PAST, description="A day (Asia/Ho_Chi_Minh) or a moment with offset; not in the future")
]
PastDate = Annotated[Day, Meta(extra=PAST, description="A day in Asia/Ho_Chi_Minh; not in the future")]

Text = Annotated[str, Meta(min_length=1, max_length=500)]
LongText = Annotated[str, Meta(min_length=1, max_length=20_000)]
Uri = Annotated[
    str, Meta(min_length=3, max_length=500, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f]+" + END)
]
EventId = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+" + END)]
UnitCode = Annotated[
    str,
    Meta(pattern="^[0-9]{2,5}" + END, description="Code of the administrative unit, as the State issues it"),
]
Team = Annotated[
    str,
    Meta(min_length=1, max_length=200,
         description="namtot's team code (HG-…), or the name that the source uses for the team"),
]
Person = Annotated[
    str,
    Meta(min_length=1, max_length=120, pattern="^[A-Za-z0-9._:/-]+" + END,
         description="A reference of the source's to a person; never the person's name"),
]
Sha256 = Annotated[str, Meta(pattern="^[0-9a-f]{64}" + END)]
Money = Annotated[int, Meta(ge=1, le=1_000_000_000, description="Whole đồng")]
Count = Annotated[int, Meta(ge=0, le=100_000)]
Year = Annotated[int, Meta(ge=1900, le=2100)]
Ext = Annotated[
    dict[str, Any],
    Meta(description="The sender's own fields: kept, passed on, not read. At most 10 levels, 64-bit numbers"),
]
EXT_DEPTH = 10

EvidenceKind = Literal[
    "minutes", "decision", "request", "receipt", "attendance", "invitation", "list", "letter", "report",
    "other",
]


class Strict(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of an event in which an unknown field is an error."""


class Evidence(Strict, kw_only=True, frozen=True):
    """A paper behind a fact: kind, number, date, and the hash of its file."""

    kind: EvidenceKind
    number: Text | None = None
    dated: PastDate | None = None
    sha256: Sha256 | None = None


class Fact(Strict, kw_only=True, frozen=True):
    """What every ``data`` carries. ``on``: when it happened, which may be weeks before it was written up."""

    on: Past
    evidence: Annotated[list[Evidence], Meta(max_length=50)] = []
    ext: Ext = {}


class Target(Strict, kw_only=True, frozen=True):
    """An earlier event, by the attributes that identify it."""

    source: Uri
    id: EventId


def unfit(ext: object, depth: int = 0) -> str | None:
    """Why ``ext`` cannot be kept as a document, or None. JSON allows more than the stores that it passes
    through."""
    if isinstance(ext, int) and not -(2**63) <= ext < 2**63:
        return "holds a whole number outside 64 bits"
    if isinstance(ext, dict | list):
        if depth == EXT_DEPTH:
            return f"is deeper than {EXT_DEPTH} levels"
        if isinstance(ext, dict) and any("\x00" in key for key in ext):
            return "has a key with a NUL character"
        for value in ext.values() if isinstance(ext, dict) else ext:
            reason = unfit(value, depth + 1)
            if reason is not None:
                return reason
    return None
