"""What is known of a team, kept on one sheet: rules that change have every team judged anew, and no record read again.

A sheet holds a team's facts as they were read, with the number of changes of its facts (``generations``) that was seen before.
A change counts in the transaction that writes it, so as long as that number stands the sheet holds all that there is; any other
sheet is left aside and written anew. What reads records may change with a release: then its sheets are left aside too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
from bson.binary import Binary
from pymongo import ReplaceOne

from services.evaluation.domain import casework, facts, reading
from services.evaluation.domain.facts import TeamFacts
from services.evaluation.store import Db, gathering, links
from services.evaluation.store.gathering import as_written, read_facts
from shared.contracts import outgoing, when
from shared.contracts.when import enc_hook

_READERS = (casework, facts, reading, gathering, links, outgoing, when)

_ENCODER = msgspec.msgpack.Encoder(enc_hook=enc_hook)
_DECODER = msgspec.msgpack.Decoder(TeamFacts, dec_hook=as_written)


def facts_of(db: Db, teams: Iterable[str], keep: bool = True) -> dict[str, TeamFacts]:
    """All that is known of each of these teams, by id. ``keep``: write the sheets that had to be read anew."""
    listed = sorted(set(teams))
    # before the facts: what is read after it is at least as new
    changes = {d["_id"]: d.get("facts", 0) for d in db["generations"].find({"_id": {"$in": listed}}, {"facts": 1})}
    found = {
        d["_id"]: _DECODER.decode(d["sheet"])
        for d in db["sheets"].find({"_id": {"$in": listed}, "reader": reader()})
        if d["facts"] == changes.get(d["_id"])
    }
    rest = [code for code in listed if code not in found]
    if rest:
        anew = read_facts(db, rest)
        if keep:
            _keep(db, {code: own for code, own in anew.items() if code in changes}, changes)
        found |= anew
    return found


def _keep(db: Db, anew: Mapping[str, TeamFacts], changes: Mapping[str, int]) -> None:
    writes = [
        ReplaceOne(
            {"_id": code}, {"facts": changes[code], "reader": reader(), "sheet": Binary(_ENCODER.encode(own))}, upsert=True
        )
        for code, own in anew.items()
    ]
    if writes:
        db["sheets"].bulk_write(writes, ordered=False)


@lru_cache(maxsize=1)
def reader() -> str:
    """Of the code that turns records into facts."""
    digest = hashlib.sha256()
    for module in _READERS:
        digest.update(Path(str(module.__file__)).read_bytes())
    return digest.hexdigest()[:16]
