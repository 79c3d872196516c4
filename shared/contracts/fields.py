"""The small types that events are made of.

``Past`` and ``PastDate`` mark what cannot lie in the future; the check needs a clock and is made by ``shared.contracts.decode``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from shared.contracts.when import Day, When

PAST = {"past": True}
Past = Annotated[When, Meta(extra=PAST, description="A day (Asia/Ho_Chi_Minh) or a moment with offset; not in the future")]
PastDate = Annotated[Day, Meta(extra=PAST, description="A day in Asia/Ho_Chi_Minh; not in the future")]

Text = Annotated[str, Meta(min_length=1, max_length=500)]
LongText = Annotated[str, Meta(min_length=1, max_length=20_000)]
Uri = Annotated[str, Meta(min_length=3, max_length=500, pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x1f]+$")]
EventId = Annotated[str, Meta(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$")]
UnitCode = Annotated[str, Meta(pattern=r"^[0-9]{2,5}$", description="Code of the administrative unit, as the State issues it")]
Team = Annotated[
    str,
    Meta(min_length=1, max_length=200, description="namtot's team code (HG-…), or the name that the source uses for the team"),
]
Person = Annotated[
    str,
    Meta(min_length=1, max_length=120, pattern=r"^[A-Za-z0-9._:/-]+$",
         description="A reference of the source's to a person; never the person's name"),
]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Money = Annotated[int, Meta(ge=1, le=1_000_000_000, description="Whole đồng")]
Count = Annotated[int, Meta(ge=0, le=100_000)]
Ext = dict[str, Any]


class Strict(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """A part of an event in which an unknown field is an error."""


class Evidence(Strict, kw_only=True):
    """A paper behind a fact: kind, number, date, and the hash of its file."""

    kind: Literal["minutes", "decision", "request", "receipt", "attendance", "invitation", "list", "letter", "report", "other"]
    number: Text | None = None
    dated: PastDate | None = None
    sha256: Sha256 | None = None


class Fact(Strict, kw_only=True):
    """What every ``data`` carries. ``on``: when it happened, which may be weeks before it was written up."""

    on: Past
    evidence: Annotated[list[Evidence], Meta(max_length=50)] = []
    ext: Ext = {}


class Target(Strict, kw_only=True):
    """An earlier event, by the attributes that identify it."""

    source: Uri
    id: EventId
