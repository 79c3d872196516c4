"""``namtot publish`` against a real broker: what arrives, what happens when it is stopped, away, full of holes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import kombu
import pytest

from deploy.local import RabbitMQ
from shared.messaging import topology
from shared.simulation import Plan, simulate
from tests.support.eventually import eventually
from tests.support.processes import COMMAND, ROOT, namtot, namtot_process

URGENT = b'{"id":"u","data":{"on":"2024-03-05","urgent":["domestic_violence"]}}'


@pytest.fixture
def door(amqp_uri: str) -> str:
    """A broker at which an intake has run once: its queues are there, and nobody takes from them."""
    with kombu.Connection(amqp_uri) as connection:
        topology.declare(connection)
    return amqp_uri


@pytest.fixture
def year(tmp_path: Path) -> Path:
    """Nothing in it is urgent, so that all of it goes to one queue."""
    file = tmp_path / "year.jsonl"
    file.write_bytes(b"".join(line + b"\n" for line in simulate(Plan(year=2024, teams=8)) if b'"urgent"' not in line))
    return file


def lines_of(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines()


def take(uri: str, queue: str) -> list[Any]:
    """Everything that waits in a queue."""
    with kombu.Connection(uri) as connection, connection.channel() as channel:
        return list(iter(lambda: channel.basic_get(queue, no_ack=True), None))


def waiting(uri: str, queue: str = topology.INTAKE) -> int:
    with kombu.Connection(uri) as connection, connection.channel() as channel:
        return int(channel.queue_declare(queue, passive=True).message_count)


def publish(uri: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return namtot("publish", *map(str, arguments), environ={"AMQP_URI": uri})


def mark(file: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(file.with_name(file.name + ".sent").read_text())
    return found


def test_every_line_arrives_once_persistent_and_named_as_cloudevents(door: str, year: Path) -> None:
    year.write_bytes(year.read_bytes() + URGENT + b"\n")
    done = publish(door, year, "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    sent = lines_of(year)
    assert (told["sent"], told["lines"], told["skipped"], told["complete"]) == (len(sent), len(sent), 0, True)
    messages = take(door, topology.INTAKE)
    assert [m.body.encode() if isinstance(m.body, str) else bytes(m.body) for m in messages] == sent[:-1]
    for message in messages:
        assert message.properties["content_type"] == "application/cloudevents+json"
        assert message.properties["delivery_mode"] == 2
    (urgent,) = take(door, topology.INTAKE_URGENT)
    assert json.loads(urgent.body)["id"] == "u"


def test_what_was_sent_is_not_sent_again_unless_asked(door: str, year: Path) -> None:
    count = len(lines_of(year))
    assert publish(door, year).returncode == 0
    again = publish(door, year)
    assert again.returncode == 0
    assert "were sent before" in again.stdout
    assert waiting(door) == count
    assert json.loads(publish(door, year, "--no-resume", "--json").stdout)["sent"] == count
    assert waiting(door) == 2 * count


def test_lines_that_were_added_are_sent_alone(door: str, year: Path) -> None:
    count = len(lines_of(year))
    publish(door, year)
    with year.open("ab") as more:
        more.write(b'{"id":"later"}\n')
    told = json.loads(publish(door, year, "--json").stdout)
    assert (told["sent"], told["skipped"], told["lines"]) == (1, count, count + 1)


Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def background() -> Iterator[Start]:
    """``background(uri, file, …)``: a run that goes on beside the test."""
    with ExitStack() as runs:

        def start(uri: str, *arguments: object) -> subprocess.Popen[str]:
            return runs.enter_context(namtot_process("publish", *map(str, arguments), environ={"AMQP_URI": uri}))

        yield start


@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_is_gone_on_with(door: str, year: Path, by: signal.Signals, background: Start) -> None:
    sent = lines_of(year)
    running = background(door, year, "--rate", 100)
    eventually(lambda: waiting(door) > 20)
    running.send_signal(by)
    _, words = running.communicate(timeout=30)
    assert running.returncode == 130
    assert "Run the same command to go on" in words
    confirmed = mark(year)["lines"]
    assert 20 < confirmed == waiting(door) < len(sent)
    told = json.loads(publish(door, year, "--json").stdout)
    assert (told["sent"], told["skipped"]) == (len(sent) - confirmed, confirmed)
    assert [json.loads(m.body)["id"] for m in take(door, topology.INTAKE)] == [json.loads(line)["id"] for line in sent]


def test_what_is_under_way_when_it_is_stopped_is_waited_for(door: str, year: Path, background: Start) -> None:
    """At full speed many hundreds are sent and not yet confirmed."""
    year.write_bytes(b"".join(line + b"\n" for line in simulate(Plan(year=2024, teams=600)) if b'"urgent"' not in line))
    running = background(door, year)
    eventually(lambda: waiting(door) > 500, every=0.01)
    running.send_signal(signal.SIGTERM)
    _, words = running.communicate(timeout=30)
    assert running.returncode == 130, words
    assert 500 < mark(year)["lines"] == waiting(door) < len(lines_of(year))


def test_a_killed_run_is_gone_on_with_and_nothing_is_missing(door: str, year: Path, background: Start) -> None:
    sent = lines_of(year)
    running = background(door, year, "--rate", 100)
    eventually(lambda: year.with_name(year.name + ".sent").exists() and mark(year)["lines"] > 20)
    running.kill()
    running.communicate()
    told = json.loads(publish(door, year, "--json").stdout)
    assert 0 < told["skipped"] < told["lines"] == len(sent)
    arrived = Counter(json.loads(m.body)["id"] for m in take(door, topology.INTAKE))
    assert set(arrived) == {json.loads(line)["id"] for line in sent}


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[RabbitMQ]:
    """A broker that a test may kill."""
    broker = RabbitMQ(tmp_path / "broker", guarded=True)
    broker.launch()
    broker.wait()
    yield broker
    broker.stop(grace=5)


def test_a_broker_that_dies_and_comes_back_gets_the_rest(mortal: RabbitMQ, year: Path, background: Start) -> None:
    with kombu.Connection(mortal.uri) as connection:
        topology.declare(connection)
    sent = lines_of(year)
    running = background(mortal.uri, year, "--rate", 150, "--json")
    eventually(lambda: waiting(mortal.uri) > 20)
    mortal.process.kill()
    assert running.poll() is None
    mortal.launch()
    mortal.wait()
    output, words = running.communicate(timeout=90)
    assert running.returncode == 0, words
    assert "The broker is away" in words
    assert "The broker is back" in words
    told = json.loads(output)
    assert told["complete"]
    assert told["reconnects"] >= 1
    arrived = Counter(json.loads(m.body)["id"] for m in take(mortal.uri, topology.INTAKE))
    assert set(arrived) == {json.loads(line)["id"] for line in sent}


def test_a_broker_that_stays_away_ends_the_run_after_its_patience(mortal: RabbitMQ, year: Path, background: Start) -> None:
    with kombu.Connection(mortal.uri) as connection:
        topology.declare(connection)
    running = background(mortal.uri, year, "--rate", 50, "--patience", 1)
    eventually(lambda: waiting(mortal.uri) > 5)
    mortal.process.kill()
    _, words = running.communicate(timeout=60)
    assert running.returncode == 1
    assert "was away for 1 s" in words
    assert "guest:guest" not in words
    assert mark(year)["lines"] > 0


def nothing(uri: str) -> None:
    """A broker at which no intake ever ran."""


def exchange_only(uri: str) -> None:
    with kombu.Connection(uri) as connection, connection.channel() as channel:
        kombu.Exchange("namtot.inbound", type="direct", durable=True)(channel).declare()


@pytest.mark.parametrize("there", [nothing, exchange_only])
def test_where_nobody_takes_events_it_says_so_and_counts_none_as_sent(
    amqp_uri: str, year: Path, there: Callable[[str], None]
) -> None:
    there(amqp_uri)
    done = publish(amqp_uri, year, "--json")
    assert done.returncode == 1
    assert "nobody takes events at this broker" in done.stderr
    assert "namtot run intake" in done.stderr
    assert json.loads(done.stdout)["sent"] == 0
    assert not year.with_name(year.name + ".sent").exists()


def test_it_stops_before_a_line_that_is_not_json(door: str, year: Path) -> None:
    rows = lines_of(year)
    year.write_bytes(b"\n".join([*rows[:5], b"{not json", *rows[5:]]))
    done = publish(door, year)
    assert done.returncode == 1
    assert "line 6 is not JSON" in done.stderr
    assert waiting(door) == mark(year)["lines"] == 5
    raw = json.loads(publish(door, year, "--raw", "--json").stdout)
    assert raw["sent"] == len(rows) - 5 + 1
    assert waiting(door) == len(rows) + 1


def test_a_file_that_changed_meanwhile_is_not_gone_on_with(door: str, year: Path) -> None:
    publish(door, year)
    rows = lines_of(year)
    year.write_bytes(b"\n".join([*reversed(rows), b""]))
    done = publish(door, year)
    assert done.returncode == 2
    assert "has changed since" in done.stderr
    assert publish(door, year, "--no-resume").returncode == 0


def test_a_pipe_is_read_to_its_end(door: str, year: Path) -> None:
    done = subprocess.run(
        [*COMMAND, "publish", "-", "--json"],
        cwd=ROOT, env={**os.environ, "AMQP_URI": door}, input=year.read_bytes(), capture_output=True, timeout=60, check=True,
    )
    assert json.loads(done.stdout)["sent"] == len(lines_of(year)) == waiting(door)


def test_the_rate_is_kept(door: str, year: Path) -> None:
    year.write_bytes(b"\n".join(lines_of(year)[:60]))
    told = json.loads(publish(door, year, "--rate", 40, "--json").stdout)
    assert told["sent"] == 60
    assert told["seconds"] >= 59 / 40


@pytest.mark.parametrize(("uri", "words"), [
    ("amqp://guest:guest@127.0.0.1:1/", "127.0.0.1:1 cannot be reached"), ("", "namtot up"),
])
def test_without_a_broker_it_says_what_to_do(year: Path, tmp_path: Path, uri: str, words: str) -> None:
    done = namtot("publish", str(year), environ={"AMQP_URI": uri, "NAMTOT_HOME": str(tmp_path / "empty")})
    assert done.returncode in (1, 2)
    assert words in done.stderr
    assert "guest:guest" not in done.stderr
    assert "Traceback" not in done.stderr


def test_a_wrong_password_is_not_repeated(door: str, year: Path) -> None:
    done = publish(door.replace("guest:guest", "guest:wrongsecret"), year)
    assert done.returncode == 1
    assert "refused the login" in done.stderr
    assert "wrongsecret" not in done.stderr


def test_a_missing_file_is_named(door: str, tmp_path: Path) -> None:
    done = publish(door, tmp_path / "none.jsonl")
    assert done.returncode == 2
    assert "none.jsonl does not exist" in done.stderr
