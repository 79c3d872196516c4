"""``namtot up``, ``status`` and ``down`` as a newcomer types them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from shared.runner import SERVICES
from shared.settings import SettingsError, load
from tests.support.eventually import eventually
from tests.support.leftovers import running_from
from tests.support.processes import namtot, namtot_process

TIMEOUT = 240.0


class Checkout:
    """A home directory and the tool."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environ = {"NAMTOT_HOME": str(home), "AMQP_URI": "", "MONGO_URI": "", "NAMTOT_SMTP_URL": "", "NAMTOT_KEY_FILE": ""}

    def run(self, *arguments: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        return namtot(*arguments, environ={**self.environ, **(environ or {})}, timeout=TIMEOUT)

    def json(self, *arguments: str, code: int = 0, environ: Mapping[str, str] | None = None) -> Any:
        ran = self.run(*arguments, "--json", environ=environ)
        assert ran.returncode == code, ran.stderr
        return json.loads(ran.stdout)

    def pids(self) -> dict[str, int | None]:
        return {part["name"]: part["pid"] for part in json.loads(self.run("status", "--json").stdout)["parts"]}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path_factory.mktemp("checkout"))
    yield checkout
    assert checkout.run("down").returncode == 0
    shutil.rmtree(checkout.home)


@pytest.fixture
def local(checkout: Checkout) -> Any:
    """Up, whatever the test before did; what ``up`` printed."""
    return checkout.json("up")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Checkout]:
    checkout = Checkout(tmp_path)
    yield checkout
    checkout.run("down")
    shutil.rmtree(tmp_path)


def test_up_starts_everything_and_says_where(checkout: Checkout, local: Any) -> None:
    assert set(local["services"]) == set(SERVICES)
    for url in local["services"].values():
        assert httpx.get(f"{url}/health/ready", trust_env=False).status_code == 200
    written = json.loads((checkout.home / "local.json").read_text())
    assert {key: value for key, value in local.items() if key != "seconds"} == written
    settings = load({"NAMTOT_HOME": str(checkout.home)})
    assert (settings.amqp_uri, settings.mongo_uri) == (local["env"]["AMQP_URI"], local["env"]["MONGO_URI"])


def test_the_master_key_is_for_its_owner_only(local: Any) -> None:
    key = Path(local["env"]["NAMTOT_KEY_FILE"])
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert len(key.read_bytes()) == 96


def test_prometheus_sees_every_service(local: Any) -> None:
    if shutil.which("prometheus") is None:
        pytest.skip("Prometheus is missing: apt-get install prometheus")

    def up() -> set[str]:
        found = httpx.get(f"{local['prometheus']}/api/v1/query", params={"query": "up == 1"}, trust_env=False).json()
        return {result["metric"]["service"] for result in found["data"]["result"]}

    assert eventually(lambda: up() == set(SERVICES), timeout=60)


def test_a_second_up_starts_nothing_and_prints_the_addresses(checkout: Checkout, local: Any) -> None:
    before, key = checkout.pids(), Path(local["env"]["NAMTOT_KEY_FILE"]).read_bytes()
    ran = checkout.run("up")
    assert ran.returncode == 0
    assert checkout.pids() == before
    assert Path(local["env"]["NAMTOT_KEY_FILE"]).read_bytes() == key
    for address in (local["services"]["gateway"], local["env"]["AMQP_URI"], local["env"]["MONGO_URI"], local["mail"]):
        assert address in ran.stdout
    assert "namtot down" in ran.stdout


def test_up_replaces_what_is_dead_or_hangs_and_nothing_else(checkout: Checkout, local: Any) -> None:
    assert checkout.run("status").returncode == 0
    before = checkout.pids()
    dead, hung = before["evaluation"], before["directory"]
    assert dead is not None and hung is not None
    os.kill(dead, signal.SIGKILL)
    os.kill(hung, signal.SIGSTOP)
    parts = {part["name"]: part for part in checkout.json("status", code=1)["parts"]}
    assert (parts["evaluation"]["state"], parts["evaluation"]["reason"]) == ("stopped", "it ended by itself")
    assert parts["directory"]["state"] == "not ready"
    ran = checkout.run("up")
    assert ran.returncode == 0, ran.stderr
    assert "evaluation is gone though its pid file is there" in ran.stderr
    assert f"directory (process {hung}) runs but does not answer; it is replaced." in ran.stderr
    after = checkout.pids()
    assert {name for name in after if after[name] != before[name]} == {"evaluation", "directory"}


def test_changed_settings_reach_the_services(checkout: Checkout, local: Any) -> None:
    before = checkout.pids()
    ran = checkout.run("up", environ={"NAMTOT_LOG_LEVEL": "warning"})
    assert "directory: the code or the settings have changed; it is started anew." in ran.stderr
    after = checkout.pids()
    assert {name for name in after if after[name] != before[name]} == set(SERVICES)


def test_down_leaves_nothing_running(checkout: Checkout, local: Any) -> None:
    assert set(checkout.json("down")["stopped"]) >= {*SERVICES, "rabbitmq", "mongodb", "mail"}
    assert eventually(lambda: running_from(checkout.home) == []), running_from(checkout.home)
    assert not (checkout.home / "local.json").exists()
    with pytest.raises(SettingsError, match="namtot up"):
        load({"NAMTOT_HOME": str(checkout.home)})
    assert {part["state"] for part in checkout.json("status", code=1)["parts"]} == {"stopped"}
    assert checkout.json("down") == {"stopped": [], "wiped": False}


def test_only_servers(empty: Checkout) -> None:
    local = empty.json("up", "--only-servers")
    assert local["services"] == {}
    assert {name for name, pid in empty.pids().items() if pid} == {"rabbitmq", "mongodb"}


def test_given_servers_are_used_and_none_is_started(empty: Checkout) -> None:
    given = {"AMQP_URI": "amqp://there.example/", "MONGO_URI": "mongodb://there.example/"}
    local = empty.json("up", "--only-servers", environ=given)
    assert {name: local["env"][name] for name in given} == given
    assert running_from(empty.home) == []


@pytest.mark.parametrize(
    ("number", "moment"), [(signal.SIGINT, "rabbitmq/rabbitmq.pid"), (signal.SIGTERM, "services/intake/intake.pid")]
)
def test_an_interrupted_up_leaves_nothing_running(empty: Checkout, number: signal.Signals, moment: str) -> None:
    with namtot_process("up", environ=empty.environ) as process:
        eventually(lambda: (empty.home / moment).exists(), timeout=TIMEOUT)
        process.send_signal(number)
        _, said = process.communicate(timeout=TIMEOUT)
    assert process.returncode == 130
    assert said.endswith("Interrupted; what this command had started is stopped again.\n")
    assert eventually(lambda: running_from(empty.home) == []), running_from(empty.home)


def test_a_service_that_cannot_start_is_told_and_nothing_stays(empty: Checkout) -> None:
    ran = empty.run("up", environ={"NAMTOT_BATCH": "many"})
    assert ran.returncode == 1
    told = ran.stderr.splitlines()[-1]
    assert "NAMTOT_BATCH='many' is not a whole number" in told and "the whole log:" in told
    assert "Traceback" not in ran.stderr
    assert eventually(lambda: running_from(empty.home) == []), running_from(empty.home)
