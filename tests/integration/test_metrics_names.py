"""What each running service tells Prometheus: named as Prometheus asks, bounded, and nobody's name in it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator

import pytest

from deploy.health import problem
from shared.contracts import TYPES, short
from shared.runner import SERVICES
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcess, ServiceProcesses
from tests.support.sending import PLANTED, Sender, event, sender
from tests.unit.contracts.events import INBOUND as EXAMPLES
from tests.unit.contracts.events import structured

Series = set[tuple[str, tuple[tuple[str, str], ...]]]


@pytest.fixture
def system(run_service: ServiceProcesses) -> dict[str, ServiceProcess]:
    """All five, ready."""
    started = {name: run_service(name, wait=False) for name in SERVICES}
    for process in started.values():
        process.wait_ready()
    return started


@pytest.fixture
def outside(amqp_uri: str, system: dict[str, ServiceProcess]) -> Iterator[Sender]:
    with sender(amqp_uri) as opened:
        yield opened


def promtool(text: str) -> str:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed: install Debian's package prometheus")
    done = subprocess.run([program, "check", "metrics"], input=text, capture_output=True, text=True, timeout=60)
    return done.stdout + done.stderr


def series(process: ServiceProcess) -> Series:
    return {(one.name, tuple(sorted(one.labels.items()))) for one in process.metrics().samples}


EACH = 10


def odd(run: str) -> list[bytes]:
    """Events that carry something of their own wherever a careless label could pick it up."""
    bodies = [event("case.reported", f"{run}-{i}", source=f"https://{run}-{i}.example/so") for i in range(EACH)]
    bodies += [event(f"case.{run}-{i}", f"u-{run}-{i}", on="2024-03-05") for i in range(EACH)]
    bodies += [event("case.reported", f"b-{run}-{i}", dispute=f"{PLANTED} {run}-{i}") for i in range(EACH)]
    bodies += [json.dumps({"specversion": f"{run}-{i}", "type": f"{PLANTED}"}).encode() for i in range(EACH)]
    return bodies


def test_metrics_are_named_well_bounded_and_name_nobody(system: dict[str, ServiceProcess], outside: Sender) -> None:
    outside.send([structured(example)[0] for example in EXAMPLES.values()])
    outside.send(odd("first"))
    outside.settled()
    eventually(lambda: quiet(system), timeout=60)
    before = {name: series(process) for name, process in system.items()}

    outside.send(odd("second"))
    outside.settled()
    eventually(lambda: quiet(system), timeout=60)

    for name, process in system.items():
        # what the image's health check would say
        assert problem(int(process.url.rpartition(":")[2])) is None, name
        text = process.metrics().text
        assert promtool(text) == "", name
        # other senders, cases, types and words make no other series; a new outcome of a rule may
        new = {one for one in series(process) - before[name] if one[0].startswith("namtot_")}
        assert len(new) < EACH, f"{name}: {new}"
        own = {one for one in series(process) if one[0].startswith("namtot_")}
        assert {one[0].split("_")[1] for one in own} <= {name, "build"}, name
        assert len(own) < 1500, f"{name} has {len(own)} series"
        for metric, labels in own:
            for label, value in labels:
                assert re.fullmatch(r"[A-Za-z0-9_.:+/{}*-]{0,64}", value), f"{metric}{{{label}={value!r}}}"
                if label == "type":
                    assert value in TYPE_LABELS, f"{metric}: {value}"
        for word in (PLANTED, "first-", "second-", "example", "HG-", "Tổ hòa giải", "bode"):
            assert word not in text, f"{name} tells {word!r}"


TYPE_LABELS = {short(name) for name in TYPES} | {"any", "unknown", "newer_version"}


def quiet(system: dict[str, ServiceProcess]) -> bool:
    """Every service has taken in what the one before it told, and has counted it."""
    evaluation, directory = system["evaluation"].metrics(), system["directory"].metrics()
    assert directory.value("namtot_directory_teams") > 0
    assert directory.value("namtot_directory_due_changes") == 0
    assert evaluation.value("namtot_evaluation_teams") > 0
    assert evaluation.value("namtot_evaluation_waiting_teams") == 0
    assert system["notification"].metrics().value("namtot_notification_added_total") > 0
    once = {name: series(process) for name, process in system.items()}
    return once == {name: series(process) for name, process in system.items()}
