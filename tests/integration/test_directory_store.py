"""The directory in a real MongoDB: batches touch what changed, in any order, from several instances."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from pymongo.database import Database

from services.directory.domain.codes import Issued
from services.directory.domain.facts import facts_of
from services.directory.store import announcing, oversight, prepare, queries
from services.directory.store.changes import Change, Taken, take
from shared.contracts import from_builtins
from shared.contracts.outgoing import RecordChanged, TeamState
from shared.naming import fold_name, make_code
from shared.settings import load
from shared.storage import connect, database, utc_now
from tests.unit.directory.world import OTHER, WARD, World, mediator

Db = Database[dict[str, Any]]
FIVE = "Tổ hòa giải TDP số 5"


@pytest.fixture
def db(settings_env: dict[str, str]) -> Iterator[Db]:
    settings = load(settings_env)
    with connect(settings) as client:
        found = database(client, settings, "directory")
        prepare(found)
        yield found


def put(db: Db, *records: RecordChanged) -> Taken:
    return take(db, [Change(record, facts_of(record)) for record in records])


def stored(db: Db) -> list[TeamState]:
    return sorted((from_builtins(d["state"], TeamState) for d in db["teams"].find()), key=lambda t: t.code)


def without_n(teams: list[TeamState]) -> list[TeamState]:
    return sorted((msgspec.structs.replace(t, n=0) for t in teams), key=lambda t: t.code)


def story(seed: int) -> World:
    """Two wards, two sources, a year of changes."""
    chance = random.Random(seed)
    world = World()
    for unit in ("00118", "00145"):
        teams = [
            {
                "name": f"Tổ hòa giải TDP số {k}",
                "group": f"TDP số {k}",
                "mediators": [mediator(f"{unit}-{k}-{m}") for m in range(3)],
            }
            for k in range(1, 7)
        ]
        world.snapshot("2024-01-10", unit=unit, teams=teams)
        world.snapshot("2024-07-10", unit=unit, teams=teams[1:])
    for _ in range(25):
        unit, k, month = chance.choice(["00118", "00145"]), chance.randint(1, 6), chance.randint(2, 12)
        name, on = f"Tổ hòa giải TDP số {k}", f"2024-{month:02d}-15"
        match chance.randint(0, 5):
            case 0:
                world.say("mediator.registered", on, team=name, mediator=mediator(f"new-{chance.randint(1, 5)}"))
            case 1:
                world.say("team.changed", on, team=name, unit=unit, contact=f"c{chance.randint(1, 9)}@example.vn")
            case 2:
                world.say("group.changed", on, unit=unit, name=f"TDP {k}", new_name=f"TDP {k + 10}")
            case 3:
                world.say("group.changed", on, unit="00118", name=f"TDP {k}", new_unit="00145", new_name=f"TDP {k + 20}")
            case 4:
                world.say("team.registered", on, team=f"Tổ {k} bis", unit=unit, group=f"TDP {k}")
            case _:
                world.say("unit.changed", on, code=unit, name=f"Phường {month}")
    return world


@pytest.mark.parametrize("seed", range(6))
def test_pieces_in_any_order_give_what_the_whole_gives(db: Db, seed: int) -> None:
    """Whatever is touched by a batch is derived anew, and nothing is forgotten: as if everything were folded at once."""
    world = story(seed)
    records = list(world.records)
    random.Random(seed).shuffle(records)
    while records:
        size = random.Random(len(records)).randint(1, 6)
        put(db, *records[:size])
        del records[:size]
    whole = World()
    whole.records = world.records
    # codes were issued in order of arrival; a fold that knows them must find the same teams behind them
    whole.register = {d["_id"]: _line(d) for d in db["codes"].find()}
    expected = sorted(whole.teams(), key=lambda t: t.code)
    alive = [t for t in without_n(stored(db)) if t.places]
    assert alive == expected
    assert {d["_id"] for d in db["names"].find({"code": None})} == {n.id for n in whole.fold().names}
    for unit in ("00118", "00145"):
        (group,) = db["groups"].find({"_id": unit})
        assert [life["name"] for life in group["lives"]] == [g.name for g in whole.groups(unit)]


def _line(document: dict[str, Any]) -> Issued:
    return from_builtins({**document, "code": document["_id"]}, Issued)


def test_the_same_again_changes_nothing(db: Db) -> None:
    world = story(1)
    put(db, *world.records)
    announcing.announce(db, lambda events: None)
    before = stored(db)
    assert put(db, *world.records) == Taken(0, len(world.records))
    newer = [RecordChanged(record=r.record, subject=r.subject, n=2, entries=r.entries) for r in world.records]
    assert put(db, *newer) == Taken(len(newer), 0)
    assert stored(db) == before
    assert announcing.due(db, utc_now())[0] == 0


def test_an_older_version_of_a_record_is_left_alone(db: Db) -> None:
    world = World()
    record = world.snapshot("2024-01-10", teams=[{"name": FIVE, "group": "TDP 5"}])
    put(db, RecordChanged(record=record.record, subject=record.subject, n=5, entries=record.entries))
    assert put(db, RecordChanged(record=record.record, subject=record.subject, n=4, entries=[])) == Taken(0, 1)
    assert len(stored(db)) == 1


def test_a_withdrawn_registration_leaves_a_team_of_no_day(db: Db) -> None:
    world = World()
    record = world.say("team.registered", "2024-01-10", team=FIVE, unit="00118", group="TDP 5", mediators=[mediator("m")])
    put(db, record)
    (team,) = stored(db)
    put(db, RecordChanged(record=record.record, subject=record.subject, n=2, entries=[]))
    (gone,) = stored(db)
    assert (gone.code, gone.n, gone.ended_on, gone.places, gone.members, gone.names) == (
        team.code,
        2,
        team.established_on,
        [],
        [],
        [],
    )
    assert queries.teams(db, "2024-06-01", None) == []
    put(db, RecordChanged(record=record.record, subject=record.subject, n=3, entries=record.entries))
    assert without_n(stored(db)) == without_n([team])


def test_one_mediators_change_touches_one_team(db: Db) -> None:
    world = World()
    for unit in ("00118", "00121"):
        world.snapshot("2024-01-10", unit=unit, teams=[{"name": f"Tổ {k}", "group": f"TDP {k}"} for k in range(40)])
    put(db, *world.records)
    published: list[Any] = []
    announcing.announce(db, published.extend)
    assert len(published) == 82
    published.clear()
    put(db, world.say("mediator.registered", "2024-02-01", team="Tổ 39", mediator=mediator("x")))
    announcing.announce(db, published.extend)
    assert [type_ for type_, _, _ in published] == ["vn.namtot.directory.names.changed.v1"]
    published.clear()
    put(db, world.say("team.changed", "2024-02-01", team="Tổ 39", unit="00121", contact="c@example.vn"))
    announcing.announce(db, published.extend)
    assert [(team.places[0].unit, team.n) for _, _, team in published] == [("00121", 2)]


def test_a_name_confirmed_before_its_team_is_known_counts_once_it_is(db: Db) -> None:
    world = World()
    five = world.snapshot("2024-01-10", teams=[{"name": FIVE, "group": "TDP 5"}])
    code = world.teams()[0].code
    world.confirm(OTHER, "Tổ HG TDP 5", code)
    put(db, world.records[-1])
    assert [n["name"] for n in queries.names_to_confirm(db)] == ["Tổ HG TDP 5"]
    put(db, five)
    (team,) = stored(db)
    assert team.names == sorted([(WARD, FIVE), (OTHER, "Tổ HG TDP 5")])
    assert queries.names_to_confirm(db) == []


@pytest.mark.parametrize("split", [0, 1, 2, 3, 4])
def test_a_name_confirmed_beside_its_team_counts_however_the_batches_fall(db: Db, split: int) -> None:
    """Rosters and the meaning of their names come in one stream, and a batch ends anywhere in it."""
    world = World()
    other = "00145"
    for unit in ("00118", other):
        world.snapshot("2024-01-10", unit=unit, teams=[{"name": FIVE + unit, "group": "TDP số 5", "mediators": [mediator(unit)]}])
    for unit in ("00118", other):
        world.confirm(OTHER, f"Tổ HG TDP 5 {unit}", make_code(WARD, fold_name(FIVE + unit)))
    records = list(world.records)
    records.reverse()
    put(db, *records[:split])
    put(db, *records[split:])
    assert queries.names_to_confirm(db) == []
    assert all(len(team.names) == 2 for team in stored(db))
    assert {d["_id"] for d in db["codes"].find()} == {team.code for team in stored(db)}


def test_a_waiting_name_is_decided_anew_when_the_rival_is_gone(db: Db) -> None:
    world = World()
    put(db, world.snapshot("2024-01-10", teams=[{"name": FIVE, "group": "TDP 5"}]))
    put(db, world.say("team.registered", "2024-05-01", source=OTHER, team="Tổ 5", unit="00118", group="tổ 05"))
    (name,) = queries.names_to_confirm(db)
    assert (name["kind"], name["own"] is not None, name["suggestions"][0]["score"]) == ("second_source", True, 100)
    put(db, world.say("team.ended", "2024-04-30", team=FIVE))
    assert queries.names_to_confirm(db) == []
    assert {t.name for t in stored(db)} == {FIVE, "Tổ 5"}
    published: list[Any] = []
    announcing.announce(db, published.extend)
    (told,) = [data for type_, _, data in published if type_.endswith("names.changed.v1")]
    assert (told.source, told.name, told.n) == (OTHER, "Tổ 5", 2) and told.code


def test_two_instances_at_once_make_no_second_team(db: Db) -> None:
    """Each takes the other source's registration of the same group at the same moment, many times over."""

    def at_once(record: RecordChanged, start: threading.Barrier) -> None:
        start.wait()
        put(db, record)

    for k in range(15):
        world = World()
        mine = world.say("team.registered", "2024-01-10", source=f"{WARD}/{k}", team="Tổ 5", unit=f"00{k:03d}", group="TDP 5")
        hers = world.say("team.registered", "2024-01-10", source=f"{OTHER}/{k}", team="Tổ HG 5", unit=f"00{k:03d}", group="TDP 5")
        start = threading.Barrier(2)
        threads = [threading.Thread(target=at_once, args=(record, start)) for record in (mine, hers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(stored(db)) == 15
    assert db["names"].count_documents({"code": None}) == 15


def test_what_is_not_confirmed_stays_due(db: Db) -> None:
    world = story(2)
    put(db, *world.records)

    def refuse(events: list[Any]) -> None:
        raise ConnectionError("the broker is away")

    with pytest.raises(ConnectionError):
        announcing.announce(db, refuse)
    waiting, age = announcing.due(db, utc_now())
    assert waiting > 0 and age >= 0
    told: list[Any] = []
    assert announcing.announce(db, told.extend) == waiting == len(told)
    assert announcing.due(db, utc_now()) == (0, 0.0)


def test_answers_by_day(db: Db) -> None:
    world = World()
    put(
        db,
        world.say("unit.registered", "2003-01-01", code="01", name="Hà Nội", level="city"),
        world.snapshot(
            "2024-01-10",
            unit="00118",
            since="2003-11-06",
            groups=["TDP 5", "TDP 10", "TDP 2"],
            teams=[
                {"name": "Tổ 10", "group": "TDP 10", "mediators": [mediator("a"), mediator("b", "male")]},
                {"name": "Tổ 2", "group": "TDP 2", "mediators": [mediator("a")]},
            ],
        ),
        world.say("team.ended", "2024-09-01", team="Tổ 2"),
    )
    assert queries.totals(db, "2024-06-01") == {"units": 1, "groups": 3, "teams": 2, "mediators": 2}
    assert queries.totals(db, "2024-10-01") == {"units": 1, "groups": 3, "teams": 1, "mediators": 2}
    assert queries.totals(db, "2003-10-01") == {"units": 0, "groups": 0, "teams": 0, "mediators": 0}
    rows = queries.teams(db, "2024-06-01", "00118")
    assert [(r["name"], r["group"], r["members"], r["women"]) for r in rows] == [
        ("Tổ 2", "TDP 2", 1, 1),
        ("Tổ 10", "TDP 10", 2, 1),
    ]
    found = queries.team(db, rows[0]["code"].lower(), "2024-06-01")
    assert found is not None and found["works"] and found["names"] == [[WARD, "Tổ 2"]]
    assert queries.team(db, "HG-00000000", "2024-06-01") is None
    assert [u["code"] for u in queries.units(db, "2024-06-01")] == ["00118", "01"]


def test_of_an_activity_only_training_is_kept_and_what_is_taken_back_is_forgotten(db: Db) -> None:
    world = World()
    world.snapshot("2024-01-10", teams=[{"name": FIVE, "group": "TDP 5", "mediators": [mediator("m1"), mediator("m2")]}])

    def activity(type_: str, n: int = 1, **data: Any) -> Change:
        said = world.say("x", "2024-03-16", **data)
        entries = [msgspec.structs.replace(said.entries[0], type=type_, entry="e1")] if data else []
        record = msgspec.structs.replace(said, record=f"activity-{type_}", n=n, entries=entries)
        return Change(record, facts_of(record, others=True))

    def needed() -> list[str]:
        return [row["ref"] for row in oversight.training(db, "00118", 2024, "2024-12-31")["needed"]]

    put(db, *world.records)
    batches = queries.batches(db)
    assert take(db, [activity("meeting.held", team=FIVE)]) == Taken(0, 0, aside=1)
    assert queries.batches(db) == batches and needed() == ["m1", "m2"]
    came = activity("training.attended", attendance=[{"team": FIVE, "present": 1, "mediators": ["m1"]}])
    assert take(db, [came]) == Taken(1, 0) and needed() == ["m2"]
    # a further list of who came is sent to the record of the class
    (held,) = oversight.training(db, "00118", 2024, "2024-12-31")["classes"]
    assert (held["subject"], held["n"]) == (came.record.subject, came.record.n)
    assert take(db, [activity("training.attended", n=3)]) == Taken(1, 0) and needed() == ["m1", "m2"]
    # what was taken back before it came in stays so
    assert take(db, [came]) == Taken(0, 1) and needed() == ["m1", "m2"]
