"""Every command, port, path and variable of ``docker-compose.yml`` exists in the code; Debian's docker-compose reads it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from dataclasses import fields
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from deploy.health import problem
from shared.runner import SERVICES
from shared.settings import Settings, load, variable
from tests.unit.deploy.files import ROOT, compose

VARIABLES = {variable(field.name) for field in fields(Settings)}
HTTP_PORT = 8000


def service(name: str) -> dict[str, Any]:
    return dict(compose()["services"][name])


def filled(text: str) -> str:
    """With the default of each ``${NAME:-default}``."""
    return re.sub(r"\$\{[A-Z_]+:-([^}]*)\}", r"\1", text)


@pytest.fixture(scope="module")
def resolved() -> dict[str, Any]:
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("docker-compose is not installed: install Debian's package docker-compose")
    # none of the reader's own settings
    environ = {key: value for key, value in os.environ.items() if key in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [program, "--file", "docker-compose.yml", "config"], cwd=ROOT, env=environ, capture_output=True, text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return dict(yaml.safe_load(done.stdout))


def test_docker_compose_reads_it(resolved: dict[str, Any]) -> None:
    assert set(resolved["services"]) == set(compose()["services"])
    for name in SERVICES:
        assert resolved["services"][name]["environment"]["AMQP_URI"] == "amqp://namtot:namtot@rabbitmq:5672/"


def test_each_service_runs_as_itself() -> None:
    for name in SERVICES:
        one = service(name)
        assert one["command"] == ["run", name]
        assert one["image"] == "namtot"
        assert one["read_only"] is True and one["cap_drop"] == ["ALL"]
    built = [name for name, one in compose()["services"].items() if one["image"] == "namtot"]
    assert set(built) == {*SERVICES, "keys"}


def test_every_variable_is_one_that_the_settings_read() -> None:
    for name in SERVICES:
        environment = service(name)["environment"]
        assert set(environment) <= VARIABLES, name
        settings = load({key: filled(str(value)) for key, value in environment.items()})
        assert settings.http_port == HTTP_PORT and settings.http_host == "0.0.0.0"
        assert settings.mongo_uri.startswith("mongodb://mongodb:27017/") and "replicaSet=rs0" in settings.mongo_uri
        assert urlsplit(settings.amqp_uri).hostname in compose()["services"]


def test_each_key_is_where_the_service_that_needs_it_looks_and_nowhere_else() -> None:
    key_file = service("intake")["environment"]["NAMTOT_KEY_FILE"]
    references = service("gateway")["environment"]["NAMTOT_REFERENCE_KEY_FILE"]
    assert service("keys")["command"] == [key_file, references]
    assert service("keys")["entrypoint"] == ["python", "-m", "deploy.keys"]
    assert service("intake")["volumes"] == [f"keys:{os.path.dirname(key_file)}:ro"]
    assert service("gateway")["volumes"] == [f"references:{os.path.dirname(references)}:ro"]
    needing = {
        name for name in SERVICES
        if any("shared.privacy" in path.read_text("utf-8") for path in (ROOT / "services" / name).rglob("*.py"))
    }
    mounting = {name for name in SERVICES if "keys" in str(service(name).get("volumes"))}
    assert mounting == needing == {"intake"}


def test_what_is_mounted_exists() -> None:
    volumes = set(compose()["volumes"])
    seen = 0
    for name, one in compose()["services"].items():
        for mount in one.get("volumes", []):
            source = mount.split(":")[0]
            if source.startswith("./"):
                assert (ROOT / source).exists(), f"{name}: {source}"
                assert mount.endswith(":ro"), f"{name} could change {source}"
                seen += 1
            else:
                assert source in volumes, f"{name}: {source}"
    assert seen >= 6


def test_everything_that_is_waited_for_can_become_so() -> None:
    services = compose()["services"]
    for name, one in services.items():
        for other, how in one.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                # ours by the image, the others by a check of their own
                assert services[other]["image"] == "namtot" or "healthcheck" in services[other], f"{name}: {other}"
            else:
                assert how["condition"] == "service_completed_successfully"
                assert services[other]["restart"] == "no"
    for name in SERVICES:
        assert {"rabbitmq", "mongodb"} <= set(services[name]["depends_on"])
    health = (ROOT / "deploy" / "Dockerfile").read_text()
    assert "HEALTHCHECK" in health and '"python", "-m", "deploy.health"' in health


def test_replicas_are_possible() -> None:
    """Nothing that only one container can have: a name, a port of the machine."""
    for name, one in compose()["services"].items():
        assert "container_name" not in one
        if name in SERVICES and name != "gateway":
            assert "ports" not in one


def test_ports_are_this_machines_alone_and_lead_to_what_listens() -> None:
    listening = {
        "gateway": {HTTP_PORT}, "rabbitmq": {5672, 15672}, "mail": {8025}, "prometheus": {9090}, "grafana": {3000},
    }
    taken = []
    for name, one in compose()["services"].items():
        ports = [filled(port).split(":") for port in one.get("ports", [])]
        assert all(host == "127.0.0.1" for host, _, _ in ports), name
        assert {int(inner) for _, _, inner in ports} == listening.get(name, set()), name
        taken += [outer for _, outer, _ in ports]
    assert len(set(taken)) == len(taken)


def test_mail_goes_to_the_sink() -> None:
    url = urlsplit(service("notification")["environment"]["NAMTOT_SMTP_URL"])
    assert (url.scheme, url.hostname, url.port) == ("mailto", "mail", 1025)


def test_the_servers_are_the_versions_that_were_promised() -> None:
    images = {name: one["image"] for name, one in compose()["services"].items()}
    assert images["rabbitmq"].startswith("rabbitmq:4")
    assert images["mongodb"].startswith("mongo:8")
    for name, image in images.items():
        assert image == "namtot" or (not image.endswith((":latest", "/")) and ":" in image), name


def test_mongodb_becomes_a_replica_set_of_the_name_in_the_address() -> None:
    mongodb = service("mongodb")
    (name,) = re.findall(r"replicaSet=(\w+)", compose()["x-environment"]["MONGO_URI"])
    assert mongodb["command"][mongodb["command"].index("--replSet") + 1] == name
    script = mongodb["healthcheck"]["test"][-1]
    assert f"_id: '{name}'" in script and f"host: '{mongodb['hostname']}:27017'" in script


def test_the_command_line_has_the_command() -> None:
    """``namtot run NAME``, as the image's entry point is called."""
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text()
    (entry,) = re.findall(r"^ENTRYPOINT (.*)$", dockerfile, re.MULTILINE)
    assert json.loads(entry) == ["namtot"]
    from shared.commands import MODULES

    assert "run" in MODULES


def test_the_health_check_tells_why_not(unused_port: int) -> None:
    told = problem(unused_port)
    assert told is not None and "no answer on port" in told


@pytest.fixture
def unused_port() -> int:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
