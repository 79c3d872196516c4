"""A service as a process: health, metrics, logs, and how it ends."""

from __future__ import annotations

import json
import shutil
import signal
import socket
import subprocess
import threading
from pathlib import Path

import pytest

from deploy.local import ports
from shared.messaging.rpc import RpcClient, RpcError
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcess, ServiceProcesses, namtot, namtot_process

THROWAWAY = "tests.support.throwaway:Throwaway"


@pytest.fixture
def run(run_service: ServiceProcesses, tmp_path: Path) -> ServiceProcesses:
    """The throwaway service writes its marks into ``tmp_path``."""
    run_service.environ = {**run_service.environ, "NAMTOT_KEY_FILE": str(tmp_path / "key")}
    return run_service


class Question(threading.Thread):
    """An RPC that is under way while the test does something else."""

    def __init__(self, uri: str, mark: str) -> None:
        super().__init__()
        self.uri, self.mark = uri, mark
        self.answer: object = None
        self.start()

    def run(self) -> None:
        try:
            with RpcClient(self.uri, timeout=60) as client:
                self.answer = client.call("throwaway", "slow", mark=self.mark)
        except RpcError as error:
            self.answer = error

    def result(self) -> object:
        self.join()
        return self.answer


def test_a_service_is_live_and_ready_and_answers(run: ServiceProcesses, amqp_uri: str) -> None:
    service = run(THROWAWAY)
    live, ready = service.get("/health/live"), service.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert live.headers["cache-control"] == "no-store"
    assert service.get("/").status_code == 404
    with RpcClient(amqp_uri) as client:
        assert client.call("throwaway", "echo", text="tổ hòa giải") == "tổ hòa giải"


def test_a_store_with_a_problem_makes_it_unready_but_not_dead(run: ServiceProcesses, tmp_path: Path) -> None:
    service = run(THROWAWAY)
    (tmp_path / "problem").write_text("the disk is full")
    answer = service.get("/health/ready")
    assert answer.status_code == 503
    assert answer.json()["problems"] == {"store store": "the disk is full"}
    assert service.get("/health/live").status_code == 200
    (tmp_path / "problem").unlink()
    assert service.get("/health/ready").status_code == 200


def test_it_waits_for_a_broker_that_is_away_and_can_be_stopped_meanwhile(run: ServiceProcesses) -> None:
    service = run(THROWAWAY, wait=False, AMQP_URI=f"amqp://guest:guest@127.0.0.1:{ports.choose(1)[0]}/")
    eventually(lambda: service.get("/health/live").status_code == 200)
    eventually(lambda: "RabbitMQ does not answer" in service.get("/health/ready").text)
    assert service.stop() == 0


def test_metrics_say_which_release_runs(run: ServiceProcesses) -> None:
    metrics = run(THROWAWAY).metrics()
    assert metrics.value("namtot_build_info", service=THROWAWAY) == 1
    assert metrics.value("process_resident_memory_bytes") > 0


def test_prometheus_finds_nothing_to_criticise(run: ServiceProcesses) -> None:
    promtool = shutil.which("promtool")
    if promtool is None:
        pytest.skip("promtool is missing: apt-get install prometheus")
    checked = subprocess.run(
        [promtool, "check", "metrics"], input=run(THROWAWAY).metrics().text, capture_output=True, text=True, check=False
    )
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_what_is_in_hand_is_finished_before_it_ends(
    run: ServiceProcesses, amqp_uri: str, tmp_path: Path, number: signal.Signals
) -> None:
    service = run(THROWAWAY)
    question = Question(amqp_uri, "begun")
    eventually(lambda: (tmp_path / "begun").exists())
    service.process.send(number)
    eventually(lambda: "stopping" in service.get("/health/ready").text)
    assert service.exit_code is None, "it waits for the work in hand"
    (tmp_path / "begun.go").touch()
    assert question.result() == "begun"
    assert service.wait_exit() == 0


def test_a_second_request_ends_it_at_once(run: ServiceProcesses, amqp_uri: str, tmp_path: Path) -> None:
    service = run(THROWAWAY)
    question = Question(amqp_uri, "begun")
    eventually(lambda: (tmp_path / "begun").exists())
    service.process.send(signal.SIGTERM)
    eventually(lambda: "stopping" in service.get("/health/ready").text)
    service.process.send(signal.SIGTERM)
    assert service.wait_exit() == 1
    assert not (tmp_path / "begun.done").exists()
    # what was in hand went back to the broker: another replica answers
    (tmp_path / "begun.go").touch()
    run(THROWAWAY)
    assert question.result() == "begun"


def test_questions_leave_room_for_timers(run: ServiceProcesses, amqp_uri: str, tmp_path: Path) -> None:
    """As many questions as nameko takes at once must not keep the service's own work waiting."""
    run(THROWAWAY)
    questions = [Question(amqp_uri, f"q{number}") for number in range(10)]
    eventually(lambda: all((tmp_path / f"q{number}").exists() for number in range(10)))
    ticks = tmp_path / "ticks"
    before = eventually(lambda: ticks.exists() and ticks.stat().st_size)
    eventually(lambda: ticks.stat().st_size > before + 2)
    for number in range(10):
        (tmp_path / f"q{number}.go").touch()
    assert sorted(str(question.result()) for question in questions) == [f"q{number}" for number in range(10)]


def test_two_replicas_stand_side_by_side(run: ServiceProcesses, amqp_uri: str) -> None:
    one, two = run(THROWAWAY), run(THROWAWAY)
    assert one.url != two.url
    one.kill()
    with RpcClient(amqp_uri) as client:
        assert client.call("throwaway", "echo", text="still here") == "still here"


def test_logs_are_json_lines_on_standard_error(run: ServiceProcesses) -> None:
    service = run(THROWAWAY, NAMTOT_LOG_LEVEL="debug")
    assert service.stop() == 0
    lines = [json.loads(line) for line in service.log().splitlines()]
    assert {line["service"] for line in lines} == {THROWAWAY}
    assert {"event", "level", "timestamp", "logger"} <= set(lines[0])
    assert "stopped" in {line["event"] for line in lines}


def test_a_port_that_is_taken_is_told_in_one_sentence(run: ServiceProcesses) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        service = run(THROWAWAY, wait=False, NAMTOT_HTTP_PORT=str(port))
        assert service.wait_exit() == 2
    assert service.log().count("\n") == 1
    assert f"cannot listen on 127.0.0.1 port {port} (Address already in use): set NAMTOT_HTTP_PORT" in service.log()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("tests.support.throwaway:Missing", "has no attribute 'Missing'"),
        ("no.such.module:Service", "No module named 'no'"),
        ("nowhere", "there is no service 'nowhere'; there are directory, intake"),
    ],
)
def test_a_service_that_does_not_exist_is_told_in_one_sentence(run: ServiceProcesses, name: str, told: str) -> None:
    service = run(name, wait=False)
    assert service.wait_exit() == 2
    assert service.log().count("\n") == 1
    assert told in service.log()


@pytest.mark.parametrize("name", ["intake", "gateway"])
def test_a_setting_that_is_missing_is_told_in_one_sentence(tmp_path: Path, name: str) -> None:
    service = ServiceProcess(name, tmp_path, {"NAMTOT_HOME": str(tmp_path)}).start()
    assert service.wait_exit() == 2
    assert service.log() == (
        f"namtot run {name}: AMQP_URI is not set and no local servers run; start them with `namtot up`\n"
    )


@pytest.mark.parametrize("name", ["intake", "gateway"])
def test_the_services_end_well(run_service: ServiceProcesses, name: str) -> None:
    service = run_service(name)
    assert service.metrics().value("namtot_build_info", service=name) == 1
    assert service.stop() == 0
    assert '"event": "stopped"' in service.log()


def test_the_command_becomes_the_service(settings_env: dict[str, str], tmp_path: Path) -> None:
    refused = namtot("run", "nowhere", environ=settings_env)
    assert refused.returncode == 2
    assert refused.stderr == "There is no service 'nowhere'. There are: directory, intake, evaluation, notification, gateway.\n"
    port_file = tmp_path / "port"
    environ = {**settings_env, "NAMTOT_KEY_FILE": str(tmp_path / "key"), "NAMTOT_PORT_FILE": str(port_file)}
    with namtot_process("run", THROWAWAY, environ=environ) as process:
        eventually(port_file.exists, timeout=60)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
