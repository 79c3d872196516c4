"""References to mediators that say nothing about them.

A reference is a keyed hash of unit, team and name: the roster's and the log's same mediator get the same one, and nobody
without the deployment's key can try names on it. With another key all references are others; so it has a file of its own
(``NAMTOT_REFERENCE_KEY_FILE``), which never rotates, while the vault's master key does. Two
namesakes in one team are told apart by the year of birth in the roster only: a log names the first.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import secrets
from functools import lru_cache
from pathlib import Path

from shared.naming import fold_name

KEY_BYTES = 32
_PURPOSE = b"namtot registers: references of mediators, 1"
SUFFIX = ".references"
_TITLES = re.compile(r"^(?:(?:ong|ba|anh|chi|co|bac|chu|dong chi|d c)\s+)+")


class References:
    """``key``: at least 32 bytes."""

    def __init__(self, key: bytes) -> None:
        if len(key) < KEY_BYTES:
            raise ValueError(f"the key has fewer than {KEY_BYTES} bytes")
        self._key = hmac.new(key, _PURPOSE, hashlib.sha256).digest()
        # a mediator stands in many rows
        self._known = lru_cache(maxsize=4_096)(self._mediator)

    @classmethod
    def from_file(cls, path: Path) -> References:
        return cls(path.read_bytes())

    @classmethod
    def beside(cls, master: Path) -> References:
        """The key ``<master>.references``, made once, for its owner only. Where it is missing it is made only if the master key
        is there and no other such file: else this would be another machine, or a rotated master key, and another key of
        references would give each mediator a second self. Raise ``OSError``, ``ValueError``."""
        path = master.with_name(master.name + SUFFIX)
        if not path.exists():
            others = sorted(p.name for p in master.parent.glob("*" + SUFFIX) if p != path)
            if others:
                raise ValueError(f"is missing, but {', '.join(others)} is there")
            if not master.exists():
                raise ValueError("is missing, and so is the master key beside which it would be made")
            _make(path)
        return cls.from_file(path)

    def mediator(self, unit: str, team: str, name: str, born: int | None = None) -> str:
        """``born``: only where the team has an elder entry of the same name."""
        return self._known(unit, team, name, born)

    def _mediator(self, unit: str, team: str, name: str, born: int | None) -> str:
        parts = [unit, team_key(team), _TITLES.sub("", fold_name(name))]
        return "hgv-" + self.digest(*parts, *([] if born is None else [str(born)]))[:24]

    def digest(self, *parts: str) -> str:
        """32 hex digits over these parts, for keys that must not reveal what they were made from."""
        return hashlib.blake2b("\x1f".join(parts).encode(), key=self._key, digest_size=16).hexdigest()


def _make(path: Path) -> None:
    """Whole or not at all, and never over another."""
    new = path.with_name(f".{path.name}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        os.link(new, path)
    except FileExistsError:
        pass  # another process was first: its key is the key
    finally:
        new.unlink(missing_ok=True)


def team_key(team: str) -> str:
    """What "Tổ hòa giải TDP số 5", "THG 5" and the group "Tổ dân phố 05" have in common."""
    words = fold_name(team).split(" ")
    return " ".join(word for word in words if word not in ("thg", "tdp", "to", "thon")) or fold_name(team)
