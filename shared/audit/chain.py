"""The chain: ``hash = sha256(prev + canonical bytes)``. Whoever alters, deletes, moves or puts in an entry breaks a link; whoever
makes the whole rest of the chain anew is found by a head that was kept elsewhere (an anchor)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

GENESIS = "0" * 64
"""What the first entry follows."""
SAID = ("who", "role", "action", "purpose")


def canonical(entry: Mapping[str, Any]) -> bytes:
    """The bytes that are hashed: JSON, keys sorted, UTF-8, ``at`` in UTC with milliseconds. Neither ``prev`` nor ``hash``."""
    at = entry["at"]
    stated = at if isinstance(at, str) else at.astimezone(dt.UTC).isoformat(timespec="milliseconds")
    said = {"seq": entry["seq"], "at": stated, **{name: entry[name] for name in SAID}, "about": list(entry["about"])}
    return json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def link(prev: str, entry: Mapping[str, Any]) -> str:
    """64 hex digits: the hash of ``entry`` where it follows the one with hash ``prev``."""
    return hashlib.sha256(bytes.fromhex(prev) + canonical(entry)).hexdigest()


class Finding(NamedTuple):
    """``kind``: missing, altered, moved, inserted, truncated, anchor, lost. ``seq``: which entry; ``what``: in words."""

    kind: str
    seq: int
    what: str


class Anchor(NamedTuple):
    seq: int
    hash: str

    @classmethod
    def read(cls, text: str) -> Anchor:
        """``SEQ:HASH``, as ``namtot audit head`` prints it. Raise ``ValueError``."""
        seq, _, hash = text.strip().partition(":")
        if not seq.isdigit() or len(hash) != 64 or set(hash) - set("0123456789abcdef"):
            raise ValueError(f"{text!r} is not a head; `namtot audit head` prints one as SEQ:HASH")
        return cls(int(seq), hash)


@dataclass(slots=True)
class Verifier:
    """Takes the sealed entries in the order of ``seq``, however many pages they come in; holds only the last one."""

    anchor: Anchor | None = None
    seq: int = 0
    hash: str = GENESIS
    findings: list[Finding] = field(default_factory=list)

    def take(self, entry: Mapping[str, Any]) -> None:
        seq = entry["seq"]
        if not isinstance(seq, int) or seq <= self.seq:
            self.findings.append(Finding("inserted", self.seq, f"an entry numbered {seq!r} stands behind entry {self.seq}"))
            return
        for gone in range(self.seq + 1, min(seq, self.seq + 101)):
            self.findings.append(Finding("missing", gone, f"entry {gone} is missing"))
        follows = entry["prev"] == self.hash
        if not _holds(entry):
            was = _place(entry, seq)
            if was is not None:
                self.findings.append(Finding("moved", seq, f"entry {seq} was sealed as entry {was}"))
            else:
                self.findings.append(Finding("altered", seq, f"entry {seq} is not what was sealed"))
        elif not follows and seq == self.seq + 1:
            self.findings.append(Finding("altered", seq, f"entry {seq} does not follow the entry before it"))
        if self.anchor is not None and self.anchor.seq == seq and self.anchor.hash != entry["hash"]:
            self.findings.append(Finding("anchor", seq, f"entry {seq} has another hash than the anchor: the chain was made anew"))
        self.seq, self.hash = seq, entry["hash"]

    def end(self, head: Mapping[str, Any], unsealed: int, appended: int) -> list[Finding]:
        """``head``: what the store holds to be the last; ``appended``: how many entries were ever appended."""
        if self.seq < head["seq"]:
            what = f"the chain ends at {self.seq}; it was sealed up to {head['seq']}"
            self.findings.append(Finding("truncated", head["seq"], what))
        elif (self.seq, self.hash) != (head["seq"], head["hash"]):
            self.findings.append(Finding("inserted", self.seq, f"entry {self.seq} lies behind the head {head['seq']}"))
        if self.anchor is not None and self.seq < self.anchor.seq:
            what = f"the chain ends at {self.seq}, before its anchor {self.anchor.seq}"
            self.findings.append(Finding("truncated", self.anchor.seq, what))
        if appended != self.seq + unsealed:
            self.findings.append(Finding(
                "lost", self.seq, f"{appended} entries were appended, {self.seq} are sealed and {unsealed} wait to be"
            ))
        return self.findings


def _holds(entry: Mapping[str, Any]) -> bool:
    try:
        return bool(link(entry["prev"], entry) == entry["hash"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _place(entry: Mapping[str, Any], seq: int) -> int | None:
    """The number under which an entry was sealed that stands elsewhere now, looked for within 1,000 places."""
    for other in range(max(1, seq - 1000), seq + 1000):
        if other != seq and _holds({**entry, "seq": other}):
            return other
    return None
