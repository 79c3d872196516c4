"""References to mediators that say nothing about them.

A reference is a keyed hash of unit, team and name: the roster's and the log's same mediator get the same one, and nobody
without the deployment's key can try names on it. The key is derived from the vault's local master key (``NAMTOT_KEY_FILE``);
with another key all references are others. Two namesakes in one team are told apart by the year of birth in the roster only:
a log names the first.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path

from shared.naming import fold_name

_PURPOSE = b"namtot registers: references of mediators, 1"
_TITLES = re.compile(r"^(?:(?:ong|ba|anh|chi|co|bac|chu|dong chi|d c)\s+)+")


class References:
    """``key``: at least 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) < 32:
            raise ValueError("the key has fewer than 32 bytes")
        self._key = hmac.new(key, _PURPOSE, hashlib.sha256).digest()

    @classmethod
    def from_file(cls, path: Path) -> References:
        return cls(path.read_bytes())

    def mediator(self, unit: str, team: str, name: str, born: int | None = None) -> str:
        """``born``: only where the team has an elder entry of the same name."""
        parts = [unit, team_key(team), _TITLES.sub("", fold_name(name))]
        return "hgv-" + self.digest(*parts, *([] if born is None else [str(born)]))[:24]

    def digest(self, *parts: str) -> str:
        """32 hex digits over these parts, for keys that must not reveal what they were made from."""
        return hmac.digest(self._key, "\x1f".join(parts).encode(), "sha256").hex()[:32]


def team_key(team: str) -> str:
    """What "Tổ hòa giải TDP số 5", "THG 5" and the group "Tổ dân phố 05" have in common."""
    words = fold_name(team).split(" ")
    return " ".join(word for word in words if word not in ("thg", "tdp", "to", "thon")) or fold_name(team)
