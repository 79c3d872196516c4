"""Cases that are linked: which other cases' counting depends on a case."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pymongo.client_session import ClientSession

from services.evaluation.store import Db, Document


def related(
    db: Db, ids: Iterable[str], also: Iterable[Document] = (), fields: Sequence[str] | None = None,
    session: ClientSession | None = None,
) -> dict[str, Document]:
    """Every case that a chain of links, in either direction, joins to ``ids`` and ``also``, by id. ``also``: documents that the
    caller holds already. ``fields``: which are needed, ``linked_to`` among them; all if left out."""
    found = {document["_id"]: document for document in also}
    seen: set[str] = set()
    frontier = set(ids) | found.keys() | {d["linked_to"] for d in found.values() if d.get("linked_to")}
    while frontier:
        seen |= frontier
        listed = sorted(frontier)
        wanted = [id for id in listed if id not in found]
        fresh: list[Document] = []
        if wanted:
            fresh += db["cases"].find({"_id": {"$in": wanted}}, fields, session=session)
        fresh += db["cases"].find(linked_to(listed), fields, session=session)
        frontier = set()
        for document in fresh:
            found.setdefault(document["_id"], document)
            frontier |= {document["_id"], document.get("linked_to") or document["_id"]}
        frontier -= seen
    return found


def linked_to(ids: Sequence[str]) -> Document:
    """Cases that name one of these as theirs."""
    # `$type` lets the partial index serve it, else every case is read
    return {"linked_to": {"$in": ids, "$type": "string"}}
