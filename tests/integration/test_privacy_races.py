"""Erasing and retiring while intake writes about the same people: nothing of them stays readable, nothing else is lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from shared.contracts import record_id
from shared.privacy.names import ERASED
from shared.privacy.retention import FILE as RETENTION
from tests.integration.test_privacy import OFFICER, corrected
from tests.support.processes import ServiceProcesses, namtot
from tests.support.sending import PLANTED, Sender, event, sender

Document = dict[str, Any]
COUNT, SHARE = 90, 15
NEIGHBOUR = "Lê Văn Bên Cạnh"
BY = {"who": "an", "role": "data_protection"}


@pytest.fixture
def outside(amqp_uri: str) -> Iterator[Sender]:
    with sender(amqp_uri) as opened:
        yield opened


def report(number: int) -> bytes:
    private = {"parties": [{"name": PLANTED}, {"name": NEIGHBOUR}], "content": f"{PLANTED} và {NEIGHBOUR}"}
    return event("case.reported", f"e-{number}", on="2014-03-05", private=private)


def pages(outside: Sender, method: str, **arguments: Any) -> list[Document]:
    found, after = [], ""
    while after is not None:
        found.append(outside.ask(method, after=after, limit=40, **BY, **arguments))
        after = found[-1]["next"]
    return found


def while_sent(amqp_uri: str, bodies: list[bytes], work: Callable[[], object]) -> int:
    """Do ``work`` again and again while ``bodies`` are sent, a share at a time. Returns how often."""

    def send() -> None:
        with sender(amqp_uri) as other:
            for start in range(0, len(bodies), SHARE):
                other.send(bodies[start : start + SHARE])

    times = 0
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(send)
        while not sending.done() or times < 2:
            work()
            times += 1
        sending.result()
    return times


def test_erasing_and_retiring_race_intake(
    outside: Sender, run_service: ServiceProcesses, settings_env: dict[str, str], amqp_uri: str, tmp_path: Path
) -> None:
    rules = tmp_path / "retention.yaml"
    rules.write_text(RETENTION.read_text().replace("case: {days: null", "case: {days: 3650"))
    services = [run_service("intake", wait=False, NAMTOT_RETENTION_RULES=str(rules)) for _ in range(2)]
    for service in services:
        service.wait_ready()
    person = {"name": PLANTED, "purpose": "person_request"}
    # one person is erased by two at a time, while new cases of that person come in
    first = [report(number) for number in range(COUNT)]
    with ThreadPoolExecutor(1) as pool, sender(amqp_uri) as beside:
        other = pool.submit(lambda: [pages(beside, "person", do="erase", **person) for _ in range(3)])
        while_sent(amqp_uri, first, lambda: pages(outside, "person", do="erase", **person))
        other.result()
    outside.sent += COUNT
    outside.settled(applied=COUNT)
    pages(outside, "person", do="erase", **person)
    assert [item for page in pages(outside, "person", do="find", **person) for item in page["items"]] == []
    cases = [record_id(f"case://so.example/e-{number}") for number in range(COUNT)]

    def revealed() -> list[Document]:
        return list(outside.ask("reveal_cases", cases=cases, purpose="xem", **OFFICER)["cases"].values())

    left = {"parties": [{"name": ERASED}, {"name": NEIGHBOUR}], "content": f"{ERASED} và {NEIGHBOUR}"}
    assert [{**one, "parties": [{"name": p["name"]} for p in one["parties"]]} for one in revealed()] == [left] * COUNT
    # what is past its time is emptied while the same cases are written up again
    private = {"parties": [{"name": PLANTED}]}
    again = [corrected(f"e-{number}", on="2014-03-05", private=private) for number in range(COUNT)]
    again.append(event("case.reported", "kept", on="2026-03-05"))
    while_sent(amqp_uri, again, lambda: pages(outside, "retire", apply=True, purpose="thử"))
    outside.sent += len(again)
    outside.settled(applied=2 * COUNT + 1)
    pages(outside, "retire", apply=True, purpose="thử")
    assert revealed() == [{"parties": []}] * COUNT
    (kept,) = outside.ask("reveal_cases", cases=[record_id("case://so.example/kept")], purpose="xem", **OFFICER)["cases"].values()
    assert [party["name"] for party in kept["parties"]] == [PLANTED]
    found = json.loads(namtot("audit", "verify", "--vault", "--json", environ=settings_env).stdout)
    assert (found["findings"], found["vault"]["findings"]) == ([], [])
    assert (found["vault"]["checked"], found["vault"]["erased"]) == (2 * COUNT + 1, 2 * COUNT)
