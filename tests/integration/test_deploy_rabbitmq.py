"""A real node boots with the files of ``deploy/rabbitmq`` and answers what Compose and Prometheus will ask it."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
import kombu
import pytest
import yaml

from deploy.local import RabbitMQ, ports
from deploy.local.rabbitmq import binaries
from shared.messaging import topology
from tests.support.eventually import eventually
from tests.unit.deploy.files import ROOT, metric_names
from tests.unit.deploy.files import compose as compose_file

FILES = ROOT / "deploy" / "rabbitmq"


class Configured(RabbitMQ):
    """With our files beside the one that says where to listen, and without guest."""

    port_names: tuple[str, ...] = (*RabbitMQ.port_names, "prometheus", "management")  # type: ignore[assignment]

    def environ(self) -> Mapping[str, str]:
        return {
            **super().environ(),
            "RABBITMQ_CONFIG_FILES": str(self.home / "conf.d"),
            "RABBITMQ_DEFAULT_USER": "namtot", "RABBITMQ_DEFAULT_PASS": "secret",
        }

    def configure(self) -> None:
        super().configure()
        folder = self.home / "conf.d"
        folder.mkdir(exist_ok=True)
        (folder / "50-namtot.conf").write_text((FILES / "rabbitmq.conf").read_text())
        # a cluster of this one node
        cluster = (FILES / "cluster.conf").read_text().replace("= rabbitmq-nodes", "= localhost")
        (folder / "60-cluster.conf").write_text(cluster)
        (folder / "90-ports.conf").write_text(
            "".join(
                f"{name}.tcp.ip = {ports.LOOPBACK}\n{name}.tcp.port = {self.port(name)}\n"
                for name in ("prometheus", "management")
            )
        )
        (self.home / "enabled_plugins").write_text((FILES / "enabled_plugins").read_text())

    def answers(self, timeout: float) -> bool:
        try:
            with kombu.Connection(self.vhost_uri("/"), connect_timeout=timeout) as connection:
                connection.connect()
        except (OSError, kombu.exceptions.OperationalError):
            return False
        return True

    def vhost_uri(self, vhost: str) -> str:
        return f"amqp://namtot:secret@{ports.LOOPBACK}:{self.port('amqp')}/{vhost}"

    def run(self, program: str, *arguments: str) -> str:
        done = subprocess.run(
            [str(binaries() / program), *arguments], env={**os.environ, **self.environ()}, capture_output=True,
            text=True, timeout=120,
        )
        assert done.returncode == 0, f"{program} {arguments}: {done.stdout}{done.stderr}"
        return done.stdout

    def scrape(self, path: str) -> str:
        answer = httpx.get(f"http://{ports.LOOPBACK}:{self.port('prometheus')}{path}", timeout=30)
        assert answer.status_code == 200
        return answer.text


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Configured]:
    server = Configured(tmp_path_factory.mktemp("rabbitmq"), guarded=True)
    server.launch()
    try:
        server.wait()
        yield server
    finally:
        server.stop(grace=5)


def test_its_settings_are_in_force_and_there_is_no_guest(node: Configured) -> None:
    environment = node.run("rabbitmqctl", "environment", "-q")
    for told in ("pause_minority", "{vm_memory_high_watermark,0.5}", "{disk_free_limit,\"2GB\"}",
                 "{consumer_timeout,1800000}", "rabbit_peer_discovery_dns", "<<\"balanced\">>"):
        assert told in environment, told
    assert node.run("rabbitmqctl", "list_users", "-q", "--no-table-headers").split() == ["namtot", "[administrator]"]


def test_definitions_can_be_imported_twice(node: Configured) -> None:
    for _ in range(2):
        node.run("rabbitmqctl", "import_definitions", str(FILES / "definitions.json"), "-q")
    (vhost,) = json.loads(node.run("rabbitmqctl", "list_vhosts", "name", "--formatter", "json", "-q"))
    assert vhost["name"] == "/"


def test_the_topology_can_be_declared_by_two_services_at_once(node: Configured) -> None:
    with kombu.Connection(node.vhost_uri("/")) as one, kombu.Connection(node.vhost_uri("/")) as other:
        topology.declare(one)
        topology.declare(other)
    queues = json.loads(node.run("rabbitmqctl", "list_queues", "name", "type", "--formatter", "json", "-q"))
    assert {queue["name"] for queue in queues} == set(topology.QUEUES)
    assert {str(queue["type"]).rpartition("_")[2] for queue in queues} <= {"queue", "quorum"}


def test_the_health_check_of_compose_works(node: Configured) -> None:
    _, program, *arguments = compose_file()["services"]["rabbitmq"]["healthcheck"]["test"]
    node.run(program, *arguments)


def test_prometheus_finds_every_metric_that_rules_and_dashboards_name(node: Configured) -> None:
    config = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    (job,) = [job for job in config["scrape_configs"] if job["job_name"] == "rabbitmq"]
    query = "&".join(f"{name}={value}" for name, values in job["params"].items() for value in values)
    with kombu.Connection(node.vhost_uri("/")) as connection:
        topology.declare(connection)
    wanted = {name for name in metric_names() if name.startswith("rabbitmq_")}
    assert wanted

    def all_told() -> bool:
        text = node.scrape(f"{job['metrics_path']}?{query}")
        missing = [f"{name} of {q}" for name in wanted for q in topology.QUEUES if told(text, name, q) is None]
        assert not missing
        return True

    # a queue's figures are gathered every few seconds
    eventually(all_told, timeout=30)


def told(text: str, name: str, queue: str) -> str | None:
    """The value of a queue's series in a scrape."""
    found = re.search(rf'^{name}\{{[^}}]*queue="{re.escape(queue)}"[^}}]*\}} (\S+)$', text, re.MULTILINE)
    return found[1] if found else None


def test_files_name_no_secret() -> None:
    for path in Path(FILES).iterdir():
        text = path.read_text()
        assert "password" not in text.lower() or path.suffix == ".conf", path
        assert "default_pass =" not in text and "guest:guest" not in text
