"""Private life on real servers: read for a purpose, erased across cases, witnessed by a chain that shows tampering."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.database import Database

from shared import storage
from shared.audit import Trail, Verifier
from shared.contracts import record_id
from shared.messaging.rpc import RpcFailed
from shared.people.file import Person
from shared.people.file import write as write_people
from shared.people.roles import Held
from shared.privacy import Cipher, new_master_key
from shared.privacy.retention import FILE as RETENTION
from shared.settings import load
from tests.support.processes import ServiceProcess, ServiceProcesses, namtot, namtot_process
from tests.support.sending import PLANTED, SOURCE, Sender, event, reports, sender

Document = dict[str, Any]
OFFICER = {"who": "an", "role": "justice_officer@00118"}


@pytest.fixture
def outside(amqp_uri: str) -> Iterator[Sender]:
    with sender(amqp_uri) as opened:
        yield opened


@pytest.fixture
def client(settings_env: dict[str, str]) -> Iterator[MongoClient[Document]]:
    with storage.connect(load(settings_env)) as opened:
        yield opened


@pytest.fixture
def database(client: MongoClient[Document], settings_env: dict[str, str]) -> Database[Document]:
    return storage.database(client, load(settings_env), "intake")


@pytest.fixture
def intake(run_service: ServiceProcesses) -> ServiceProcess:
    return run_service("intake")


def corrected(id: str, number: int = 1, **said: Any) -> bytes:
    """The case reported by event ``id``, written up again with all that it said."""
    data = json.loads(event("case.reported", id, **said))["data"]
    return event(
        "record.corrected", f"{id}-again-{number}", f"case://so.example/{id}", on="2026-03-07", of="vn.namtot.case.reported.v1",
        target={"source": SOURCE, "id": id}, data=data, reason="ghi lại",
    )


def verified(trail: Trail, anchor: Any = None) -> list[tuple[str, int]]:
    verifier = Verifier(anchor)
    for entry in trail.page(0, 1000):
        verifier.take(entry)
    head = trail.head()
    return [(f.kind, f.seq) for f in verifier.end(head, head["unsealed"], head["appended"])]


def filled(client: MongoClient[Document], db: Database[Document], count: int = 6) -> Trail:
    trail = Trail(client, db)
    trail.prepare()
    for i in range(count):
        trail.append("an", "operator", "note", "thử", [f"c{i}"])
    trail.seal()
    return trail


def test_private_parts_are_read_for_a_purpose_and_a_refused_reading_is_kept(
    outside: Sender, intake: ServiceProcess, database: Database[Document], settings_env: dict[str, str]
) -> None:
    outside.send(reports(1))
    outside.settled(applied=1)
    case = record_id("case://so.example/r-0")
    answer = outside.ask("reveal_cases", cases=[case], purpose="hẹn các bên", **OFFICER)
    assert answer["cases"][case]["parties"][0]["name"] == PLANTED
    assert PLANTED in answer["cases"][case]["content"]
    narrow = outside.ask("reveal_cases", cases=[case], purpose="payment", **OFFICER)
    assert set(narrow["cases"][case]) == {"parties"}
    for wrong in ({"purpose": " ", **OFFICER}, {"purpose": "xem", "who": "op", "role": "operator"}):
        with pytest.raises(RpcFailed):
            outside.ask("reveal_cases", cases=[case], **wrong)
    actions = [e["action"] for e in database["audit"].find().sort("_id")]
    assert actions == ["read_case", "read_case", "read_case_refused"]
    found = json.loads(namtot("audit", "verify", "--vault", "--json", environ=settings_env).stdout)
    assert (found["findings"], found["sealed"], found["vault"]["checked"]) == ([], 3, 1)


def test_a_command_for_somebody_who_is_not_in_the_people_file_is_refused_and_kept(
    outside: Sender, intake: ServiceProcess, database: Database[Document], settings_env: dict[str, str], tmp_path: Path
) -> None:
    people = tmp_path / "people.yaml"
    write_people(people, {"an": Person("an", "Bà An", "$argon2id$x", (Held("data_protection"),))})
    known = {**settings_env, "NAMTOT_PEOPLE_FILE": str(people)}
    ask = ("person", "find", "--name", PLANTED, "--purpose", "person_request", "--json", "--who")
    assert namtot(*ask, "an", environ=known).stdout == "[]\n"
    refused = namtot(*ask, "binh", environ=known)
    assert refused.returncode == 1 and "binh does not hold the role data_protection" in refused.stderr
    kept = [(e["action"], e["who"].partition(" (login ")[0]) for e in database["audit"].find().sort("_id")]
    assert kept == [("find_person", "an"), ("command_refused", "binh")]


def test_what_was_done_to_the_trail_is_found(client: MongoClient[Document], database: Database[Document]) -> None:
    trail = filled(client, database)
    entries = database["audit"]
    kept = list(entries.find())
    head = trail.head()
    assert verified(trail) == []

    def again() -> None:
        entries.delete_many({})
        entries.insert_many(kept)

    entries.update_one({"seq": 3}, {"$set": {"purpose": "khác"}})
    assert verified(trail) == [("altered", 3)]
    again()
    entries.delete_one({"seq": 4})
    assert ("missing", 4) in verified(trail)
    again()
    for old, new in ((2, 99), (5, 2), (99, 5)):
        entries.update_one({"seq": old}, {"$set": {"seq": new}})
    assert {("moved", 2), ("moved", 5)} <= set(verified(trail))
    again()
    entries.insert_one({**kept[1], "_id": "new", "seq": 2.5})
    assert any(kind == "inserted" for kind, _ in verified(trail))
    again()
    entries.delete_one({"seq": 6})
    assert ("truncated", 6) in verified(trail)
    database["audit_state"].update_one({"_id": "head"}, {"$set": {"seq": 5, "hash": kept[4]["hash"]}})
    assert [kind for kind, _ in verified(trail)] == ["lost"]
    from shared.audit.chain import Anchor

    assert ("truncated", 6) in verified(trail, Anchor(head["seq"], head["hash"]))


def test_two_writers_never_fork_the_chain(client: MongoClient[Document], database: Database[Document]) -> None:
    trails = [Trail(client, database) for _ in range(3)]
    trails[0].prepare()

    def work(number: int) -> None:
        for i in range(20):
            trails[number].append("an", "operator", "note", "thử", [f"{number}-{i}"])
            # a lease that always looks lapsed: only fence and head hold the others off
            database["audit_state"].update_one({"_id": "sealer"}, [{"$set": {"until": {"$subtract": ["$$NOW", 1]}}}])
            trails[number].seal()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(work, range(3)))
    trails[0].seal()
    assert trails[0].head()["seq"] == 60
    assert verified(trails[0]) == []


def test_a_person_is_erased_in_every_spelling_and_the_trail_tells_erased_from_tampered(
    outside: Sender, intake: ServiceProcess, database: Database[Document], settings_env: dict[str, str]
) -> None:
    upper, nfd, plain = PLANTED.upper(), unicodedata.normalize("NFD", PLANTED), "Nguyen Thi Tuyet Mat"
    namesake = "Nguyễn Thị Tuyết Mật"
    outside.send([
        event("case.reported", "a"),
        event("case.reported", "b", private={"parties": [{"name": upper, "born": 1960}, {"name": namesake}], "content": "x"}),
        event("case.settled", "c", "case://so.example/b", on="2024-03-09", private={"agreement": f"Bà {nfd} nhận, {plain} trả"}),
        event("case.reported", "bad", dispute="none"),
        b'{"malformed": "' + PLANTED.encode(),
        json.dumps({"x": plain}).encode()[:-1],
    ])
    outside.settled(applied=3, refused=3)
    ask = ("--name", "nguyễn thị tuyệt mật", "--purpose", "person_request")
    dry = namtot("person", "erase", *ask, "--dry-run", environ=settings_env)
    assert "6 places" in dry.stdout, dry.stdout + dry.stderr
    done = namtot("person", "erase", *ask, "--yes", "--json", environ=settings_env)
    assert json.loads(done.stdout) == {"touched": 6, "left": 0}, done.stderr
    for spelling in (PLANTED, plain.upper()):
        found = namtot("person", "find", "--name", spelling, "--purpose", "person_request", "--json", environ=settings_env)
        # the namesake is written with other marks, so only the spelling without any means her, too
        assert len(json.loads(found.stdout)) == (0 if spelling == PLANTED else 1), found.stderr
    case = record_id("case://so.example/b")
    left = outside.ask("reveal_cases", cases=[case], purpose="xem", **OFFICER)["cases"][case]
    assert [p["name"] for p in left["parties"]] == ["[đã xóa]", namesake]
    assert left["agreement"] == "Bà [đã xóa] nhận, [đã xóa] trả"
    assert not any("uyệt" in json.dumps(e, default=str, ensure_ascii=False) for e in database["audit"].find())
    found = json.loads(namtot("audit", "verify", "--vault", "--json", environ=settings_env).stdout)
    assert (found["findings"], found["vault"]["findings"], found["vault"]["erased"]) == ([], [], 3)
    one, other = database["vault"].find().limit(2)
    database["vault"].update_one({"_id": one["_id"]}, {"$set": {"sealed": other["sealed"]}})
    spoiled = namtot("audit", "verify", "--vault", "--json", environ=settings_env)
    assert spoiled.returncode == 1
    assert json.loads(spoiled.stdout)["vault"]["findings"] == [{"kind": "tampered", "entry": one["_id"]}]
    assert PLANTED not in intake.log()


def test_keys_rotate_while_events_flow_and_through_a_kill(
    outside: Sender, run_service: ServiceProcesses, database: Database[Document], settings_env: dict[str, str], tmp_path: Path
) -> None:
    first = run_service("intake", NAMTOT_FAILPOINT=f"keys.page=once:{tmp_path / 'killed'}")
    outside.send(reports(200, "x"))
    outside.settled(applied=200)
    month = f"{storage.utc_now():%Y-%m}"
    # killed after a page; started again, the same command goes on
    with namtot_process("keys", "rotate", "--period", month, "--purpose", "thử", environ=settings_env):
        first.wait_exit()
    first.start().wait_ready()
    outside.send(reports(200, "y"))
    done = namtot("keys", "rotate", "--period", month, "--purpose", "thử", "--json", environ=settings_env)
    assert done.returncode == 0, done.stderr
    outside.settled(applied=400)
    newest = Cipher(database.client, load(settings_env), database.name)
    assert {bytes(d["sealed"][1:17]) for d in database["vault"].find()} == {bytes(newest.generations(month)[-1])}
    newest.close()
    found = outside.ask("verify_vault", limit=401)
    assert (found["checked"], found["findings"]) == (400, [])
    old = json.loads(namtot("keys", "list", "--json", environ=settings_env).stdout)
    first.stop()
    # the master key: either file works until the last data key is wrapped anew
    after = str(tmp_path / "next.key")
    new_master_key(Path(after))
    both = {"NAMTOT_KEY_FILE": after, "NAMTOT_KEY_FILE_BEFORE": settings_env["NAMTOT_KEY_FILE"]}
    first.start(**both, NAMTOT_FAILPOINT="keys.rewrapped=kill").wait_ready()
    with namtot_process("keys", "rotate", "--purpose", "thử", environ=settings_env):
        first.wait_exit()
    first.start(**both).wait_ready()
    assert outside.ask("verify_vault", limit=400)["findings"] == []
    rest = outside.ask("rotate", who="an", role="operator", purpose="thử")
    assert rest["changed"] < len(old["keys"])
    first.stop()
    # the same key, printed by a program: it need not lie where intake reads files
    first.start(NAMTOT_KEY_FILE="/nowhere", NAMTOT_KEY_PROVIDER="command", NAMTOT_KEY_COMMAND=f"cat {after}").wait_ready()
    listed = outside.ask("keys")
    assert {key["master"] for key in listed["keys"]} == {listed["master"]} != {old["master"]}
    assert outside.ask("verify_vault", limit=400)["findings"] == []


def test_a_sealer_that_was_paused_past_its_lease_cannot_break_the_chain(
    run_service: ServiceProcesses, client: MongoClient[Document], database: Database[Document], outside: Sender
) -> None:
    paused = run_service("intake")
    outside.ask("note", who="an", role="operator", action="x", purpose="thử", about=[])
    outside.ask("audit", seal=True)
    paused.pause()
    # the lease lapses by the server's clock; nobody waits for it here
    database["audit_state"].update_one({"_id": "sealer"}, [{"$set": {"until": "$$NOW"}}])
    other = Trail(client, database)
    other.append("b", "operator", "y", "thử", [])
    assert other.seal() == 1
    paused.resume()
    assert outside.ask("audit", seal=True)["head"]["seq"] == 2
    fenced = database["audit_state"].find_one({"_id": "sealer"})
    assert fenced is not None and fenced["owner"] == other.owner
    assert verified(other) == []


def test_what_was_kept_long_enough_is_emptied_and_witnessed(
    outside: Sender, run_service: ServiceProcesses, database: Database[Document], settings_env: dict[str, str], tmp_path: Path
) -> None:
    rules = tmp_path / "retention.yaml"
    rules.write_text(RETENTION.read_text().replace("case: {days: null", "case: {days: 3650"))
    run_service("intake", NAMTOT_RETENTION_RULES=str(rules))
    outside.send([
        event("case.reported", "old", on="2014-03-05"), corrected("old", on="2014-03-05"),
        event("case.reported", "new", on="2026-03-05"), corrected("new", on="2026-03-06"), b"{",
    ])
    outside.settled(applied=4, refused=1)
    dry = json.loads(namtot("retention", "--json", environ=settings_env).stdout)
    assert dry == {"checked": 5, "due": 2, "applied": False}
    done = json.loads(namtot("retention", "--apply", "--json", environ=settings_env).stdout)
    assert done == {**dry, "applied": True}
    assert outside.ask("retire", who="an", role="data_protection", purpose="thử", apply=True)["due"] == 0
    case = record_id("case://so.example/old")
    assert outside.ask("reveal_cases", cases=[case], purpose="xem", **OFFICER)["cases"][case] == {"parties": []}
    found = json.loads(namtot("audit", "verify", "--vault", "--json", environ=settings_env).stdout)
    assert (found["vault"]["erased"], found["vault"]["findings"], found["findings"]) == (2, [], [])
