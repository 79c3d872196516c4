"""What intake answers: the accounts, refusals, the outcome of an event, a mediator's contact, whether log and records agree."""

from __future__ import annotations

from typing import Any

import msgspec
import structlog
from kombu import Connection

from services.intake.batch import Intake
from services.intake.domain.entries import Entry, decoded
from services.intake.domain.foresight import foreseen
from services.intake.domain.imported import imported
from services.intake.domain.record import fold
from services.intake.domain.story import story
from services.intake.domain.telling import changed_events
from services.intake.store import IMPORTED, reading
from shared.contracts import CODES, TYPES, VIETNAM, When, moment, record_id, short, to_builtins
from shared.contracts.keys import entry_key
from shared.messaging import topology
from shared.messaging.publisher import ConfirmingPublisher, Outgoing
from shared.storage import utc_now

Document = dict[str, Any]
SHOWN = ("_id", "code", "field", "reason", "source", "event_id", "type", "first_seen", "last_seen", "times", "status", "size",
         "truncated", "queue")
log = structlog.get_logger(__name__)


class Unknown(LookupError):
    """Nothing is kept under that key."""


class Queries:
    def __init__(self, intake: Intake, publisher: ConfirmingPublisher) -> None:
        self.intake, self.db, self.publisher = intake, intake.db, publisher

    def flow(self) -> Document:
        answer = reading.flow(self.db, utc_now())
        answer["queued"] = self._queued()
        return answer

    def _queued(self) -> dict[str, int]:
        with Connection(self.intake.settings.amqp_uri, connect_timeout=5) as connection:
            return topology.depths(connection, (topology.INTAKE, topology.INTAKE_URGENT, topology.INTAKE_DEAD))

    def reconcile(self) -> Document:
        """Tallies, stored documents and the broker, read at one moment. An applied delivery is a log entry, nothing else;
        a refused one is counted on its refusal."""
        with self.intake.client.start_session(snapshot=True) as session:
            answer = reading.accounts(self.db, session)
        answer["queued"] = sum(self._queued().values())
        return answer

    def totals(self) -> Document:
        return reading.totals(self.db)

    # -- refusals

    def refused(self, limit: int, skip: int, status: str | None) -> Document:
        wanted = {"status": status} if status else {}
        found = self.db["refused"].find(wanted, dict.fromkeys(SHOWN, 1)).sort("last_seen", -1)
        return {
            "total": self.db["refused"].count_documents(wanted),
            "items": [self._shown(d) for d in found.skip(max(0, skip)).limit(min(max(1, limit), 1000))],
        }

    def refused_show(self, id: str) -> Document | None:
        """What is known of it. Its body and headers are private: ``Reading.refused``."""
        document = self.db["refused"].find_one({"_id": id})
        if document is None:
            return None
        return self._shown(document) | {"content_type": document["content_type"]}

    def refused_replay(self, id: str, body: str | None) -> Document:
        """Send a refused body in again, as it was or mended; it is judged and counted like any other delivery."""
        document = self.db["refused"].find_one({"_id": id})
        if document is None:
            raise Unknown(f"no refused event {id}")
        if body is None and document["truncated"]:
            sender = document["source"] or "its source"
            raise ValueError(f"only the first part of its {document['size']} bytes was kept: ask {sender} to send it again")
        content = self.intake.cipher.decrypt(document["sealed"]) if body is None else body.encode()
        # out of the open list before it goes in: if it is refused again, that opens it again
        self.db["refused"].update_one({"_id": id}, {"$set": {"status": "replayed", "replayed_at": utc_now()}})
        self.publisher.publish([
            Outgoing(topology.INBOUND.name, "", content, content_type=document["content_type"] or "application/octet-stream",
                     headers=self._headers(document))
        ])
        return {"id": id, "status": "replayed"}

    def _headers(self, document: Document) -> dict[str, str]:
        return msgspec.json.decode(self.intake.cipher.decrypt(document["headers"]), type=dict[str, str])

    @staticmethod
    def _shown(document: Document) -> Document:
        shown = reading.iso({k: document.get(k) for k in SHOWN if k != "_id"})
        return {"id": document["_id"], **shown, "people": CODES[document["code"]]}

    # -- one event

    def outcome(self, source: str, id: str) -> Document:
        """What the ledger says of an event: applied, refused, or unknown (not arrived yet, or never sent)."""
        entry = self.db["log"].find_one({"_id": entry_key(source, id)}, {"record": 1})
        refused = self.db["refused"].find_one(
            {"source": source, "event_id": id}, dict.fromkeys(SHOWN, 1), sort=[("last_seen", -1)]
        )
        if entry is not None:
            record = reading.record(self.db, entry["record"]) or {}
            return {"outcome": "applied", "record": entry["record"], "n": record.get("n"), "status": record.get("status"),
                    "parked": record.get("parked", 0) > 0}
        if refused is not None:
            return {"outcome": "refused", **self._shown(refused)}
        return {"outcome": "unknown"}

    def case(self, id: str) -> Document | None:
        document = reading.record(self.db, id)
        if document is None or "case" not in document:
            return None
        entries = story(reading.entries(self.db, [id]).get(id, ()))
        return {"case": id, "subject": document["subject"], "n": document["n"], "state": document["case"], "entries": entries}

    def check(self, type: str, data: Document, subject: str, source: str) -> Document:
        """``allowed`` always: facts about a case are taken in. ``flags``: what the case would be flagged with once this one is,
        each {"code", "article", "field", "on"}. ``data``: without private parts. Raise ``ValueError`` for what is not in the
        contract."""
        name = next((name for name in TYPES if short(name) == short(type)), None)
        if name is None:
            raise ValueError(f"{type!r} is not in the contract")
        told = decoded(name, msgspec.json.encode(data))
        on = TYPES[name].decoder.decode(msgspec.json.encode(data)).on
        now = moment(utc_now().astimezone(VIETNAM))
        entry = Entry(key="", source=source, id="", type=name, on=When(on), time=now, data=told)
        record = record_id(subject)
        flags = foreseen(reading.entries(self.db, [record]).get(record, ()), entry)
        return {"allowed": True, "refusals": [], "flags": [{"field": "", **to_builtins(flag)} for flag in flags]}

    def whereabouts(self, events: list[list[str]]) -> Document:
        """For each [entry key, content hash (hex), raw key]: "applied", "refused", "both" or "nowhere", in order."""
        contents = reading.contents(self.db, [key for key, _, _ in events])
        refused = reading.refused_keys(self.db, [raw for _, _, raw in events])
        places = []
        for key, content, raw in events:
            applied = contents.get(key) is not None and contents[key].hex() == content
            places.append({(True, True): "both", (True, False): "applied", (False, True): "refused"}.get(
                (applied, raw in refused), "nowhere"
            ))
        return {"places": places}

    def imported(self, source: str, after: str, limit: int) -> Document:
        """What came of a source's registers, and what of it holds now: a page of the log in the order of entry keys. ``next``
        leads to the next page."""
        page = list(
            self.db["log"].find({"source": source, "id": IMPORTED, "_id": {"$gt": after}}, {"record": 1, "subject": 1, "id": 1})
            .sort("_id", 1).limit(min(max(1, limit), 2000))
        )
        subjects = {d["record"]: d["subject"] for d in page}
        ids = {d["id"] for d in page}
        items = [
            {"record": record, "subject": subjects[record], **told}
            for record, entries in reading.entries(self.db, subjects).items() for told in imported(entries, source)
            if told["id"] in ids  # the others are on their own page
        ]
        return {"items": items, "next": page[-1]["_id"] if len(page) == min(max(1, limit), 2000) else None}

    # -- rebuild

    def announce(self, after: str, limit: int) -> Document:
        """Publish the present state of the next ``limit`` records after id ``after``, at the versions they have."""
        stored = list(self.db["records"].find({"_id": {"$gt": after}}).sort("_id", 1).limit(limit))
        entries = reading.entries(self.db, [d["_id"] for d in stored])
        events = []
        for document in stored:
            record = fold(entries.get(document["_id"], ()))
            events += changed_events(document["_id"], document["subject"], document["n"], record, [])
        self.publisher.publish([Outgoing("intake.events", key, body) for key, body in events])
        return {"announced": len(events), "next": stored[-1]["_id"] if len(stored) == limit else None}

