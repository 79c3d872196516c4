"""How people write a residential group or a team: all of these mean the same, and namtot has to see it."""

from __future__ import annotations

import random
import unicodedata


def group_as_typed(chance: random.Random, index: int, ward: bool) -> str:
    """What a citizen types for the group with this index (from 0)."""
    n = index + 1
    if not ward:
        return chance.choice((f"Thôn {n}", f"thôn {n:02d}", f"THÔN {n}", f"Thon so {n}", decomposed(f"Thôn {n}")))
    return chance.choice((
        f"TDP số {n}", f"tdp {n}", f"Tổ dân phố số {n:02d}", f"Tổ dân phố {n}", f"TỔ DÂN PHỐ SỐ {n}", f"tổ {n}",
        f"To dan pho so {n}", decomposed(f"Tổ dân phố số {n}"),
    ))


def team_as_typed(chance: random.Random, name: str) -> str:
    """The register's own name for a team; one time in eight as a hurried clerk types it: the tone of "hòa" elsewhere,
    capitals, the group shortened, letters decomposed, a space at the end."""
    if chance.randrange(8):
        return name
    return chance.choice((
        name.replace("hòa", "hoà"), name.upper(), name.replace("Tổ dân phố số", "TDP"), decomposed(name), name + " ",
    ))


def decomposed(text: str) -> str:
    """As some telephones send it: letters and marks apart (NFD)."""
    return unicodedata.normalize("NFD", text)
