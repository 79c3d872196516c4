"""RabbitMQ and MongoDB of one's own: found again, replaced, side by side, gone without a trace."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import kombu
import pymongo
import pytest

from deploy.local import Servers, ports
from deploy.local.background import Identity
from tests.support.eventually import eventually
from tests.support.leftovers import running_from

ROOT = Path(__file__).resolve().parents[2]


class Home:
    """Servers below a directory, and what they told."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.told: list[str] = []
        self.servers = self.another()

    def another(self) -> Servers:
        """As another command would see it, knowing only the files."""
        return Servers(self.path, guarded=True, say=self.told.append, given={})

    def up(self) -> Servers:
        self.servers = self.another()
        self.servers.up()
        return self.servers

    def pids(self) -> dict[str, int | None]:
        return {server.name: server.process.pid for server in (self.servers.rabbitmq, self.servers.mongodb)}

    def both_work(self) -> None:
        with kombu.Connection(self.servers.rabbitmq.uri) as connection:
            connection.connect()
        with mongo(self.servers) as client:
            client["t"]["c"].insert_one({"served": True})

    def processes(self) -> list[str]:
        return running_from(self.path)


def mongo(servers: Servers) -> pymongo.MongoClient[dict[str, Any]]:
    return pymongo.MongoClient(servers.mongodb.uri, serverSelectionTimeoutMS=20_000)


@contextmanager
def stranger(port: int) -> Iterator[None]:
    """Another program's server, which has nothing to say to ours."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", port), socketserver.BaseRequestHandler, bind_and_activate=False) as server:
        server.allow_reuse_address = True
        server.server_bind()
        server.server_activate()
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    home = Home(tmp_path_factory.mktemp("home"))
    yield home
    home.servers.down()
    shutil.rmtree(home.path)


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """Emptied at once: a database takes 300 MB, and pytest would keep it for the next two runs."""
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.fixture
def home(shared_home: Home) -> Home:
    """Up, whatever the test before left behind."""
    shared_home.up()
    shared_home.told.clear()
    return shared_home


def test_a_second_up_starts_nothing(home: Home) -> None:
    before = home.pids()
    home.up()
    assert home.pids() == before
    assert home.told == []
    home.both_work()


def test_what_was_killed_is_started_again_and_has_its_data(home: Home) -> None:
    with mongo(home.servers) as client:
        client["t"]["kept"].insert_one({"_id": "x"})
    with kombu.Connection(home.servers.rabbitmq.uri, transport_options={"confirm_publish": True}) as connection:
        queue = kombu.Queue("kept", durable=True, queue_arguments={"x-queue-type": "quorum"}, channel=connection.channel())
        queue.declare()
        connection.Producer().publish({"a": 1}, routing_key="kept", delivery_mode=2)
    home.servers.rabbitmq.settle()
    before = home.pids()
    for server in (home.servers.rabbitmq, home.servers.mongodb):
        server.kill()
        assert server.process.stale
    home.up()
    assert not set(home.pids().values()) & set(before.values())
    assert sorted(line.split()[0] for line in home.told) == ["MongoDB", "RabbitMQ"]
    assert all("is gone though its pid file is there" in line for line in home.told)
    with mongo(home.servers) as client:
        assert client["t"]["kept"].find_one({"_id": "x"})
    with kombu.Connection(home.servers.rabbitmq.uri) as connection:
        message = eventually(lambda: kombu.Queue("kept", channel=connection.channel()).get(no_ack=True))
        assert message.payload == {"a": 1}
        kombu.Queue("kept", channel=connection.channel()).delete()


def test_a_pid_file_that_names_a_stranger_harms_nobody(home: Home) -> None:
    """After a reboot the pid may belong to anything: here, to this very test."""
    home.servers.mongodb.stop()
    me = Identity.of(os.getpid())
    assert me is not None
    home.servers.mongodb.process.pid_file.write_text(json.dumps({"pid": me.pid, "started": me.started - 1, "boot": me.boot}))
    again = home.another().mongodb
    assert again.process.pid is None
    home.up()
    home.both_work()
    assert home.pids()["mongodb"] not in (None, os.getpid())


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"pid": 1}'])
def test_a_damaged_pid_file_counts_as_none(tmp_path: Path, damage: str) -> None:
    servers = Servers(tmp_path, guarded=True, given={})
    servers.mongodb.home.mkdir()
    servers.mongodb.process.pid_file.write_text(damage)
    assert servers.mongodb.process.pid is None


def test_what_runs_but_does_not_answer_is_replaced(home: Home) -> None:
    before = home.pids()
    home.servers.rabbitmq.pause()
    home.servers.mongodb.pause()
    home.up()
    assert not set(home.pids().values()) & set(before.values())
    assert [line for line in home.told if "does not answer; it is replaced" in line and "MongoDB" in line]
    assert [line for line in home.told if "does not answer; it is replaced" in line and "RabbitMQ" in line]
    home.both_work()


def test_a_port_that_another_program_took_is_given_up(home: Home) -> None:
    with mongo(home.servers) as client:
        client["t"]["moved"].insert_one({"_id": "y"})
    home.servers.down()
    taken = home.servers.mongodb.port("mongod"), home.servers.rabbitmq.port("amqp")
    with ExitStack() as strangers:
        for port in taken:
            strangers.enter_context(stranger(port))
        home.up()
        assert {home.servers.mongodb.port("mongod"), home.servers.rabbitmq.port("amqp")}.isdisjoint(taken)
        assert sum("is now in use by another program" in line for line in home.told) == 2
        home.both_work()
        with mongo(home.servers) as client:
            assert client["t"]["moved"].find_one({"_id": "y"}), "the replica set took the new port with its data"


def test_two_homes_side_by_side(home: Home, tmp_path: Path) -> None:
    neighbour = Home(tmp_path)
    try:
        neighbour.up()
        neighbour.both_work()
        home.both_work()
        taken = [
            server.port(name) for one in (home, neighbour)
            for server in (one.servers.rabbitmq, one.servers.mongodb) for name in server.port_names
        ]
        assert len(set(taken)) == 8
    finally:
        neighbour.servers.down()
    assert neighbour.processes() == []
    home.both_work()


def test_down_leaves_no_process(home: Home) -> None:
    kinds = " ".join(home.processes())
    assert all(name in kinds for name in ("beam.smp", "mongod", "epmd"))
    home.servers.down()
    assert eventually(lambda: home.processes() == []), home.processes()
    home.servers.down()


def test_a_port_mapper_that_was_replaced_is_ended_too(home: Home) -> None:
    """RabbitMQ starts one by itself when ours dies; nobody else would ever stop it."""
    home.servers.rabbitmq.epmd.kill()
    port = home.servers.rabbitmq.port("epmd")
    assert ports.free(port)
    environ = {**os.environ, "ERL_EPMD_PORT": str(port), "ERL_EPMD_ADDRESS": "127.0.0.1"}
    subprocess.run(["epmd", "-daemon"], env=environ, check=True)
    assert eventually(lambda: not ports.free(port))
    home.servers.rabbitmq.stop()
    assert eventually(lambda: ports.free(port))


def test_two_at_once_start_one_set(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from deploy.local import Servers; Servers(Path(sys.argv[1]), given={}).up()"
    starters = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT) for _ in range(2)]
    servers = Servers(tmp_path, given={})
    try:
        assert [starter.wait(timeout=120) for starter in starters] == [0, 0]
        assert servers.rabbitmq.answers(5) and servers.mongodb.answers(5)
        names = [line.split()[1] for line in Home(tmp_path).processes()]
        assert (names.count("beam.smp"), names.count("mongod")) == (1, 1)
    finally:
        servers.down()
    assert eventually(lambda: Home(tmp_path).processes() == [])


def test_servers_of_a_killed_test_run_die_with_it(tmp_path: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from deploy.local import Servers\n"
        "Servers(Path(sys.argv[1]), guarded=True, given={}).up(); print('up', flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == "up\n"
        assert len(Home(tmp_path).processes()) > 3
        run.send_signal(signal.SIGKILL)
        run.wait()
    assert eventually(lambda: Home(tmp_path).processes() == [])


def test_a_first_start_that_was_cut_short_is_begun_anew(tmp_path: Path) -> None:
    """Half-made files of a first start hold no data, so they need nobody's decision."""
    home = Home(tmp_path)
    mongodb = home.servers.mongodb
    mongodb.state.update(mongod=None)
    mongodb.data.mkdir(parents=True)
    (mongodb.data / "WiredTiger").write_text("half")
    (mongodb.data / "WiredTiger.wt").write_bytes(b"")
    try:
        mongodb.start()
        assert mongodb.answers(5)
    finally:
        mongodb.stop()


def test_fresh_virtual_hosts_are_empty_and_full_of_rights(home: Home) -> None:
    broker = home.servers.rabbitmq
    broker.renew_vhosts(remove=[], add=["one", "two"])
    for name in ("one", "two"):
        with kombu.Connection(broker.vhost_uri(name)) as connection:
            kombu.Queue("q", channel=connection.channel()).declare()
    broker.renew_vhosts(remove=["one", "two"], add=["three"])
    with kombu.Connection(broker.vhost_uri("three")) as connection, pytest.raises(Exception, match="NOT_FOUND"):
        kombu.Queue("q", channel=connection.channel()).queue_declare(passive=True)
    broker.renew_vhosts(remove=["three"], add=[])
