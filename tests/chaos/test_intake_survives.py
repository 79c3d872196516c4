"""What intake survives. Each test names the failure; each ends with accounts that balance to the message.

received = applied + duplicate + refused, every sent event in exactly one place, at all times and across crashes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared import storage
from shared.contracts import record_id
from shared.settings import load
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses
from tests.support.sending import Sender, event, reports, sender
from tests.support.servers import TestServers

pytestmark = pytest.mark.chaos


@pytest.fixture
def outside(amqp_uri: str) -> Iterator[Sender]:
    with sender(amqp_uri) as opened:
        yield opened


@pytest.mark.parametrize("step", ["intake.inspected", "intake.prepared", "intake.committed", "intake.published"])
def test_sigkill_at_each_step(
    step: str, outside: Sender, run_service: ServiceProcesses, tmp_path: Path, settings_env: dict[str, str]
) -> None:
    """Dies before the commit, between commit and publish, between publish and ack: nothing is lost, nothing is counted twice,
    and what the dead batch owed to the broker is published by whoever comes next."""
    events = reports(200)
    run_service("intake").stop()
    outside.send(events)
    run_service("intake", wait=False, NAMTOT_FAILPOINT=f"{step}=once:{tmp_path / 'died'}").wait_exit()
    run_service("intake")
    accounts = outside.settled(applied=200, duplicate=0, refused=0)
    assert accounts["received"] == 200
    outbox_is_empty(settings_env)


def outbox_is_empty(settings_env: dict[str, str]) -> None:
    settings = load(settings_env)
    with storage.connect(settings) as client:
        outbox = storage.database(client, settings, "intake")["outbox"]
        eventually(lambda: outbox.count_documents({}) == 0, timeout=60)


def test_sigkill_under_full_load_again_and_again(outside: Sender, run_service: ServiceProcesses) -> None:
    """Two instances, five random deaths while 3,000 events come in, each sent twice."""
    first, second = run_service("intake"), run_service("intake")
    events = reports(3000)
    for start in range(0, 3000, 600):
        outside.send(events[start:start + 600])
        victim = first if (start // 600) % 2 else second
        victim.kill()
        outside.send(events[start:start + 600])
        victim.start().wait_ready()
    # a process that dies inside a transaction leaves it open: MongoDB ends it after its lifetime, up to a minute by default
    accounts = outside.settled(timeout=150, applied=3000, refused=0)
    # a duplicate that was fetched, but not counted, when its process died comes back flagged, and counts as redelivered
    assert accounts["duplicate"] <= 3000
    assert accounts["duplicate"] + accounts["redelivered"] >= 3000


def test_sigstop_past_the_heartbeat_then_sigcont(
    outside: Sender, run_service: ServiceProcesses, servers: TestServers
) -> None:
    """The broker takes the process for dead and gives its messages to another; the sleeper wakes up and must not harm."""
    sleeper = run_service("intake", NAMTOT_HEARTBEAT="2")
    outside.send(reports(100, "a"))
    sleeper.pause()
    outside.send(reports(100, "b"))
    run_service("intake")
    outside.settled(applied=200)
    sleeper.resume()
    outside.send(reports(100, "c"))
    outside.settled(applied=300, duplicate=0, refused=0)
    sleeper.wait_ready()


def test_a_crash_loop_with_five_hundred_innocents_prefetched(
    outside: Sender, run_service: ServiceProcesses, settings_env: dict[str, str]
) -> None:
    """One message kills every process that reads it. It alone is given up on; its 500 neighbours are applied; it can be seen,
    with the reason, and sent again."""
    intake = run_service("intake")
    intake.stop()
    poison = event("case.reported", "poison")
    outside.send([*reports(250, "before"), poison, *reports(250, "after")])
    settings = load(settings_env)
    deaths = 0
    with storage.connect(settings) as client:
        refused = storage.database(client, settings, "intake")["refused"]
        while deaths < 60 and not refused.count_documents({}):
            intake.start(NAMTOT_FAILPOINT="intake.inspected@poison=kill")
            eventually(lambda: intake.exit_code is not None or refused.count_documents({}), timeout=90)
            deaths += intake.exit_code is not None
    accounts = outside.settled(applied=500, refused=1, duplicate=0)
    assert accounts["received"] == 501
    assert 20 <= deaths < 60
    refusal = outside.ask("refused")["items"][0]
    assert (refusal["code"], refusal["event_id"]) == ("crashed", "poison")
    # the release that mends it takes the same message in
    intake.stop()
    intake.start().wait_ready()
    outside.ask("refused_replay", id=refusal["id"])
    outside.settled(applied=501, refused=1)


def test_one_event_ten_times_concurrently_on_two_instances(outside: Sender, run_service: ServiceProcesses) -> None:
    run_service("intake", NAMTOT_BATCH="7"), run_service("intake", NAMTOT_BATCH="3")
    events = reports(30)
    for _ in range(10):
        outside.send(events)
    accounts = outside.settled(applied=30, duplicate=270, refused=0)
    assert accounts["received"] == 300
    assert all(outside.ask("case", id=record_id(f"case://so.example/r-{i}"))["n"] == 1 for i in range(30))


def test_a_bad_message_inside_a_batch_of_five_hundred(outside: Sender, run_service: ServiceProcesses) -> None:
    intake = run_service("intake")
    intake.stop()
    events = reports(499)
    outside.send([*events[:250], b'{"specversion": "1.0"', *events[250:]])
    intake.start().wait_ready()
    outside.settled(applied=499, refused=1)


def test_a_cases_events_in_every_order_on_competing_instances(outside: Sender, run_service: ServiceProcesses) -> None:
    """All 24 orders of a case's four events, spread over two instances with tiny batches: the same case every time."""
    from itertools import permutations

    run_service("intake", NAMTOT_BATCH="2"), run_service("intake", NAMTOT_BATCH="3")
    states = []
    orders = list(permutations(range(4)))
    for number, order in enumerate(orders):
        subject = f"case://so.example/order-{number}"
        facts = [
            event("case.reported", f"{number}-0", subject),
            event("case.assigned", f"{number}-1", subject, on="2024-03-06", mediator="hgv-1"),
            event("case.mediation-held", f"{number}-2", subject, on="2024-03-07", invited=1),
            event("case.settled", f"{number}-3", subject, on="2024-03-09", written=True),
        ]
        outside.send([facts[i] for i in order])
    outside.settled(applied=4 * len(orders), parked=0)
    for number in range(len(orders)):
        state = outside.ask("case", id=record_id(f"case://so.example/order-{number}"))["state"]
        state.pop("logged_on")  # the moment of arrival: these events do not say when they were written up
        states.append({k: v for k, v in state.items() if k != "flags"})
    assert all(state == states[0] for state in states)
    assert states[0]["status"] == "settled"
