"""Intake on real RabbitMQ and MongoDB: what is refused and replayed, what is kept under lock, what is told, what is asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from pymongo.database import Database

from shared import storage
from shared.contracts import JSON, STRUCTURED, record_id
from shared.contracts.examples import load as examples
from shared.contracts.keys import entry_key
from shared.messaging.publisher import Outgoing
from shared.privacy import Cipher
from shared.settings import load
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcess, ServiceProcesses, namtot
from tests.support.sending import PLANTED, SOURCE, Sender, event, reports, sender


@pytest.fixture
def outside(amqp_uri: str) -> Iterator[Sender]:
    with sender(amqp_uri) as opened:
        yield opened


@pytest.fixture
def intake(run_service: ServiceProcesses) -> ServiceProcess:
    return run_service("intake")


@pytest.fixture
def database(settings_env: dict[str, str]) -> Iterator[Database[dict[str, Any]]]:
    settings = load(settings_env)
    with storage.connect(settings) as client:
        yield storage.database(client, settings, "intake")


GOOD = json.loads(event("case.settled", "good", "case://so.example/1", on="2024-03-06"))
BAD: dict[str, tuple[bytes, str, str]] = {
    "malformed JSON": (b'{"specversion": "1.0", ', STRUCTURED, "unreadable"),
    "wrong content type": (json.dumps(GOOD).encode(), "text/plain", "content_type"),
    "over-large body": (
        json.dumps(GOOD | {"data": {"on": "2024-03-06", "ext": {"x": "y" * 40_000}}}).encode(), STRUCTURED, "too_large"
    ),
    "unknown type": (json.dumps(GOOD | {"type": "vn.namtot.case.exploded.v1"}).encode(), STRUCTURED, "unknown_type"),
    "unknown field": (json.dumps(GOOD | {"data": {"on": "2024-03-06", "colour": 1}}).encode(), STRUCTURED, "data"),
    "invalid UTF-8": (json.dumps(GOOD).encode().replace(b"good", b"g\xff\xfed"), STRUCTURED, "unreadable"),
    "future time": (json.dumps(GOOD | {"time": "2199-01-01T00:00:00Z"}).encode(), STRUCTURED, "future"),
    "future date": (json.dumps(GOOD | {"data": {"on": "2199-01-01"}}).encode(), STRUCTURED, "future"),
    "half-written": (json.dumps(GOOD).encode()[:-20], STRUCTURED, "unreadable"),
    "empty": (b"", STRUCTURED, "unreadable"),
    "number bombs": (json.dumps(GOOD | {"data": {"on": "2024-03-06", "ext": {"n": 10**400}}}).encode(), STRUCTURED, "data"),
}


def test_what_cannot_be_read_is_refused_with_a_reason_kept_and_replayed(
    outside: Sender, run_service: ServiceProcesses, settings_env: dict[str, str]
) -> None:
    run_service("intake", NAMTOT_MAX_BODY="32768")
    outside.send(reports(3, "before"))
    for body, content_type, _ in BAD.values():
        outside.send([body], content_type=content_type)
    outside.send(reports(3, "after"))
    outside.settled(received=6 + len(BAD), applied=6, refused=len(BAD))
    listed = json.loads(namtot("refused", "list", "--json", environ=settings_env).stdout)["items"]
    assert sorted(r["code"] for r in listed) == sorted(code for _, _, code in BAD.values())
    assert all(r["reason"] and r["people"] for r in listed)
    for refusal in listed:
        shown = namtot("refused", "show", refusal["id"], "--json", "--body", "--purpose", "mend", environ=settings_env)
        assert json.loads(shown.stdout)["size"] in {len(body) for body, _, _ in BAD.values()}, shown.stderr
    # sent again as they were, they are judged again; that is counted, and they are open again
    replayed = namtot("refused", "replay", "--all", "--json", environ=settings_env)
    assert replayed.returncode == 0, replayed.stderr
    outside.sent += len(BAD)
    outside.settled(received=6 + 2 * len(BAD), applied=6, refused=2 * len(BAD))
    again = outside.ask("refused")["items"]
    assert {r["id"]: r["times"] for r in again} == {r["id"]: 2 for r in listed}


def test_a_reused_id_with_other_bytes_is_refused_and_a_mended_resend_goes_through(
    outside: Sender, intake: ServiceProcess
) -> None:
    outside.send(reports(1))
    outside.send([event("case.reported", "r-0", "case://so.example/r-0", on="2024-03-06")])
    outside.settled(applied=1, refused=1)
    assert outside.ask("refused")["items"][0]["code"] == "id_reused"
    wrong = event("case.settled", "s-1", "case://so.example/r-0", on="2024-03-07", colour="red")
    mended = event("case.settled", "s-1", "case://so.example/r-0", on="2024-03-07")
    outside.send([wrong])
    outside.settled(refused=2)
    outside.send([mended])
    outside.settled(applied=2, refused=2)
    assert outside.ask("outcome", source=SOURCE, id="s-1")["status"] == "settled"


def test_binary_mode_and_structured_mode_say_the_same(outside: Sender, intake: ServiceProcess) -> None:
    structured = examples()["vn.namtot.case.reported.v1"]
    headers = {f"cloudEvents:{k}": v for k, v in structured.items() if k not in ("data", "datacontenttype")}
    outside.send([msgspec.json.encode(structured["data"])], content_type=JSON, headers=headers)
    outside.settled(applied=1)
    outside.send([msgspec.json.encode(structured)])
    outside.settled(applied=1, duplicate=1)


def test_the_sender_who_asked_is_told_the_outcome(outside: Sender, intake: ServiceProcess, amqp_uri: str) -> None:
    from kombu import Connection

    told: list[dict[str, Any]] = []
    with Connection(amqp_uri) as connection, connection.channel() as channel:
        queue = channel.queue_declare(exclusive=True).queue
        channel.basic_consume(queue, no_ack=True, callback=lambda m: told.append(json.loads(m.body)))
        for body in (reports(1)[0], reports(1)[0], b"{"):
            outside.publisher.publish([Outgoing("namtot.inbound", "", body, STRUCTURED, reply_to=queue, correlation_id="c")])
        while len(told) < 3:
            connection.drain_events(timeout=30)
    assert [t["outcome"] for t in told] == ["applied", "duplicate", "refused"]
    assert told[0]["record"] == record_id("case://so.example/r-0")
    assert (told[0]["n"], told[2]["code"]) == (1, "unreadable")


def test_a_command_that_saw_an_older_version_conflicts_instead_of_overtaking(outside: Sender, intake: ServiceProcess) -> None:
    outside.send(reports(1))
    outside.settled(applied=1)
    command = json.loads(event("case.assigned", "a", "case://so.example/r-0", on="2024-03-06", mediator="hgv-1"))
    outside.send([json.dumps(command | {"expectedversion": 1}).encode()])
    outside.settled(applied=2)
    outside.send([json.dumps(command | {"id": "b", "expectedversion": 1}).encode()])
    outside.settled(applied=2, refused=1)
    assert outside.ask("refused")["items"][0]["code"] == "version_conflict"


def test_what_a_case_would_be_flagged_with_is_told_beforehand_and_nothing_is_written(
    outside: Sender, intake: ServiceProcess, database: Database[dict[str, Any]]
) -> None:
    outside.send(reports(1))
    outside.settled(applied=1)
    asked = {"type": "case.resumed", "data": {"on": "2024-03-20"}, "subject": "case://so.example/r-0", "source": SOURCE}
    answer = outside.ask("check", **asked)
    assert answer["allowed"] and [flag["code"] for flag in answer["flags"]] == ["out_of_order"]
    assert "35/2013" in answer["flags"][0]["article"]
    assert outside.ask("check", **{**asked, "subject": "case://so.example/nowhere"})["flags"][0]["code"] == "parked"
    assert database["log"].count_documents({}) == 1
    outside.send([event("case.resumed", "r", "case://so.example/r-0", on="2024-03-20")])
    outside.settled(applied=2)
    state = outside.ask("case", id=record_id("case://so.example/r-0"))["state"]
    assert [flag["code"] for flag in state["flags"] if flag["code"] != "written_up_late"] == ["out_of_order"]


def test_a_source_sends_only_what_it_may(outside: Sender, run_service: ServiceProcesses, tmp_path: Path) -> None:
    sources = tmp_path / "sources.yaml"
    sources.write_text(f'unlisted: refuse\nsources:\n  - source: "{SOURCE}"\n    types: ["case.*"]\n')
    run_service("intake", NAMTOT_SOURCES_FILE=str(sources))
    outside.send(reports(1))
    outside.send([event("case.reported", "x", source="https://stranger.example/app")])
    outside.send([event("meeting.held", "m", "activity://so.example/m", on="2024-06-01", team="Tổ 5", kind="half_year")])
    outside.settled(applied=1, refused=2)
    assert {r["code"] for r in outside.ask("refused")["items"]} == {"not_allowed"}


def test_a_version_of_the_future_is_kept_until_a_replica_understands_it(
    outside: Sender, intake: ServiceProcess, database: Database[dict[str, Any]]
) -> None:
    """A rolling upgrade: the newer sender's event is applied and parked; the upgraded replica reads it, folds it, tells it."""
    outside.send(reports(1))
    newer = json.loads(event("case.settled", "s", "case://so.example/r-0", on="2024-03-09"))
    outside.send([json.dumps(newer | {"type": "vn.namtot.case.settled.v2"}).encode()])
    outside.settled(applied=2, parked=1)
    key = entry_key(SOURCE, "s")
    kept = database["log"].find_one({"_id": key})
    assert kept is not None and kept["unread"] and kept["data"] == ""
    # the upgrade: what was the second version's name is now one that this release reads
    database["log"].update_one({"_id": key}, {"$set": {"type": "vn.namtot.case.settled.v1"}})
    eventually(lambda: outside.ask("case", id=record_id("case://so.example/r-0"))["state"]["status"] == "settled")
    outside.settled(applied=2, parked=0)


def test_no_party_is_seen_outside_the_vault(
    outside: Sender, intake: ServiceProcess, settings_env: dict[str, str], amqp_uri: str
) -> None:
    """A planted name is in no event leaving intake, no document, no log line, no metric; the vault holds it encrypted."""
    from kombu import Connection

    from shared.messaging import topology

    settings = load(settings_env)
    with Connection(amqp_uri) as connection, connection.channel() as channel:
        queue = channel.queue_declare(exclusive=True).queue
        channel.queue_bind(queue, topology.events_exchange("intake").name, "#")
        heard: list[bytes] = []
        channel.basic_consume(queue, no_ack=True, callback=lambda m: heard.append(m.body))
        outside.send(reports(2))
        outside.send([event("case.reported", "bad", dispute=PLANTED)])
        outside.send([event("case.settled", "s", "case://so.example/r-0", on="2024-03-07",
                            private={"agreement": f"{PLANTED} trả lại lối đi"})])
        outside.settled(applied=3, refused=1)
        # a batch tells a record's state once, so how many events there are depends on how the batches fell
        while not (any(b"event.refused" in b for b in heard) and any(b'"status":"settled"' in b for b in heard)):
            connection.drain_events(timeout=30)
    assert not [body for body in heard if PLANTED.encode() in body or "Tuyệt".encode() in body]
    with storage.connect(settings) as client:
        db = storage.database(client, settings, "intake")
        for name in db.list_collection_names():
            for document in db[name].find():
                assert PLANTED not in repr(document), name
                assert PLANTED.encode() not in repr(document).encode()
                assert PLANTED.encode() not in b"".join(v for v in document.values() if isinstance(v, bytes))
        cipher = Cipher(client, settings, db.name)
        sealed = db["vault"].find_one({"_id": entry_key(SOURCE, "s")})
        assert sealed is not None and PLANTED in cipher.decrypt(sealed["sealed"])[16:].decode()
        cipher.close()
    assert PLANTED not in intake.log()
    assert PLANTED not in intake.metrics().text


def test_a_mediators_contact_is_revealed_for_a_purpose_and_the_reading_is_logged(
    outside: Sender, intake: ServiceProcess, database: Database[dict[str, Any]]
) -> None:
    roster = examples()["vn.namtot.directory.roster.snapshot.v1"]
    outside.send([msgspec.json.encode(roster)])
    outside.settled(applied=1)
    person = roster["data"]["private"]["people"][0]
    found = outside.ask("reveal_contact", source=roster["source"], ref=person["ref"], purpose="báo phân công")
    assert found["name"] == person["name"]
    assert outside.ask("reveal_contact", source=roster["source"], ref="nobody", purpose="thử") is None
    trail = [(a["purpose"], a["action"]) for a in database["audit"].find().sort("_id")]
    assert trail == [("báo phân công", "read_contact"), ("thử", "read_contact_unknown")]


def test_folding_again_from_the_log_proves_equality_or_prints_the_difference(
    outside: Sender, intake: ServiceProcess, settings_env: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    outside.send(reports(20))
    outside.send([event("case.settled", f"s-{i}", f"case://so.example/r-{i}", on="2024-03-07") for i in range(10)])
    outside.settled(applied=30)
    proof = namtot("rebuild", "intake", "--json", environ=settings_env)
    assert (proof.returncode, json.loads(proof.stdout)["different"]) == (0, []), proof.stderr
    spoiled = record_id("case://so.example/r-3")
    database["records"].update_one({"_id": spoiled}, {"$set": {"case.status": "not_settled", "status": "not_settled"}})
    database["tally"].update_one({}, {"$inc": {"cases.received": 7}})
    assert outside.ask("reconcile")["balanced"] is False
    found = namtot("rebuild", "intake", "--json", "--mend", environ=settings_env)
    assert found.returncode == 1
    assert {d["field"]: (d["id"], d["stored"], d["expected"]) for d in json.loads(found.stdout)["different"]} == {
        "status": (spoiled, "not_settled", "settled"), "case.status": (spoiled, "not_settled", "settled"),
    }
    assert namtot("rebuild", "intake", environ=settings_env).returncode == 0
    assert outside.ask("totals")["cases_by_status"] == {"received": 10, "settled": 10}
    assert outside.ask("reconcile")["balanced"] is True
    announced = namtot("rebuild", "announce", "--json", environ=settings_env)
    assert json.loads(announced.stdout)["announced"] == 20
    # evaluation does not run: all that intake told is on its way to it, which is no difference
    beside = namtot("rebuild", "evaluation", "--json", "--patience", "0", environ=settings_env)
    answer = json.loads(beside.stdout)
    assert (beside.returncode, answer["facts"], answer["differences"], answer["unsettled"]["facts"]) == (0, 20, 0, 20), beside


def test_reconcile_finds_each_sent_event_in_exactly_one_place(
    outside: Sender, intake: ServiceProcess, settings_env: dict[str, str], tmp_path: Path
) -> None:
    sent = [*reports(5), b'{"bad": 1}']
    outside.send(sent)
    outside.settled(applied=5, refused=1)
    file = tmp_path / "sent.jsonl"
    file.write_bytes(b"\n".join(sent) + b"\n")
    found = namtot("reconcile", "--json", "--against", str(file), environ=settings_env)
    answer = json.loads(found.stdout)
    assert found.returncode == 0, found.stdout + found.stderr
    assert answer["against"] == {"events": 6, "applied": 5, "refused": 1, "nowhere": 0, "both": 0, "missing": []}
    assert {k: answer[k] for k in ("received", "applied", "duplicate", "refused", "parked", "balanced")} == {
        "received": 6, "applied": 5, "duplicate": 0, "refused": 1, "parked": 0, "balanced": True
    }
    file.write_bytes(b"\n".join([*sent, reports(1, "lost")[0]]) + b"\n")
    lost = namtot("reconcile", "--json", "--against", str(file), environ=settings_env)
    assert lost.returncode == 1
    assert json.loads(lost.stdout)["against"]["missing"] == [7]


def test_reconcile_sees_a_document_that_is_missing(
    outside: Sender, intake: ServiceProcess, settings_env: dict[str, str], database: Database[dict[str, Any]]
) -> None:
    outside.send(reports(3))
    outside.settled(applied=3)
    database["log"].delete_one({"_id": entry_key(SOURCE, "r-1")})
    found = namtot("reconcile", "--json", environ=settings_env)
    assert found.returncode == 1
    assert json.loads(found.stdout)["balanced"] is False


def test_urgent_cases_pass_a_long_queue(outside: Sender, run_service: ServiceProcesses) -> None:
    """What cannot wait has its own queue and its own connection: it is applied while the other queue is still full."""
    intake = run_service("intake", NAMTOT_BATCH="20")
    outside.send(reports(3000))
    outside.send([event("case.reported", "danger", urgent=["violence_risk"])], urgent=True)
    eventually(lambda: outside.ask("outcome", source=SOURCE, id="danger")["outcome"] == "applied")
    assert outside.ask("flow")["applied"] < 3001
    outside.settled(applied=3001)
    assert intake.metrics().value("namtot_intake_deliveries_total", queue="intake.urgent") == 1


def test_sigterm_finishes_the_batch_in_hand(outside: Sender, run_service: ServiceProcesses) -> None:
    intake = run_service("intake")
    outside.send(reports(2000))
    assert intake.stop() == 0
    intake.start().wait_ready()
    accounts = outside.settled(applied=2000, duplicate=0, refused=0)
    assert accounts["redelivered"] == 0
