"""The manifests name what exists: services, variables, ports, paths, queues."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from shared.messaging import topology
from shared.runner import SERVICES
from tests.unit.deploy.files import ROOT
from tests.unit.deploy.test_compose import HTTP_PORT, VARIABLES

FOLDER = ROOT / "deploy" / "kubernetes"


def manifests(kind: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for one in yaml.safe_load_all(path.read_text("utf-8")):
            if one["kind"] == kind:
                assert one["metadata"]["name"] not in found
                found[one["metadata"]["name"]] = one
    return found


def container(name: str) -> dict[str, Any]:
    (one,) = manifests("Deployment")[name]["spec"]["template"]["spec"]["containers"]
    return dict(one)


def test_every_service_has_its_deployment() -> None:
    assert set(manifests("Deployment")) == set(SERVICES)


@pytest.mark.parametrize("name", SERVICES)
def test_a_deployment_runs_its_service_as_the_image_expects(name: str) -> None:
    deployment = manifests("Deployment")[name]["spec"]
    assert deployment["template"]["metadata"]["labels"]["app"] == deployment["selector"]["matchLabels"]["app"] == name
    pod, one = deployment["template"]["spec"], container(name)
    assert one["args"] == ["run", name] and one["image"] == "namtot"
    assert one["ports"] == [{"name": "http", "containerPort": HTTP_PORT}]
    assert one["livenessProbe"]["httpGet"] == {"path": "/health/live", "port": "http"}
    assert one["readinessProbe"]["httpGet"] == {"path": "/health/ready", "port": "http"}
    assert pod["securityContext"]["runAsNonRoot"] and one["securityContext"]["readOnlyRootFilesystem"]
    user = re.search(r"^USER (\d+)$", (ROOT / "deploy" / "Dockerfile").read_text(), re.MULTILINE)
    assert user is not None and pod["securityContext"]["runAsUser"] == int(user[1])
    # the service ends by itself within 30 seconds
    assert pod["terminationGracePeriodSeconds"] > 30


def test_every_variable_is_one_that_the_settings_read() -> None:
    named = {variable["name"] for name in SERVICES for variable in container(name).get("env", [])}
    said = set(re.findall(r"--from-literal=([A-Z_]+)=", (FOLDER / "services.yaml").read_text("utf-8")))
    assert {"AMQP_URI", "MONGO_URI"} <= said
    assert named | said <= VARIABLES


def test_every_secret_and_map_that_is_used_is_explained() -> None:
    text = (FOLDER / "services.yaml").read_text("utf-8")
    made = set(re.findall(r"create (?:secret generic|configmap) (\S+)", text))
    used = set(re.findall(r"(?:secretRef|configMapRef): \{ name: (\S+) \}", text))
    used |= set(re.findall(r"secretName: ([a-z-]+)", text))
    assert used == made


KEYS = {"intake": ("NAMTOT_KEY_FILE", "master.key"), "gateway": ("NAMTOT_REFERENCE_KEY_FILE", "references.key")}


def test_each_key_is_mounted_where_its_service_looks_and_nowhere_else() -> None:
    for name in SERVICES:
        one = container(name)
        assert ("volumeMounts" in one) == (name in KEYS)
        if name in KEYS:
            (variable,), (mount,) = one["env"], one["volumeMounts"]
            setting, file = KEYS[name]
            assert variable == {"name": setting, "value": f"{mount['mountPath']}/{file}"}
            assert mount["readOnly"]


def test_each_service_is_scaled_by_the_queues_it_takes_from() -> None:
    scaled = manifests("ScaledObject")
    assert set(scaled) == {name for name in SERVICES if name != "gateway"}
    for name, one in scaled.items():
        spec = one["spec"]
        assert spec["scaleTargetRef"] == {"name": name}
        assert 1 <= spec["minReplicaCount"] <= spec["maxReplicaCount"]
        queues = set()
        for trigger in spec["triggers"]:
            assert trigger["type"] == "rabbitmq"
            # the address comes from the same secret as the service's own
            assert trigger["metadata"]["hostFromEnv"] == "AMQP_URI"
            assert trigger["metadata"]["mode"] == "QueueLength" and int(trigger["metadata"]["value"]) > 0
            queues.add(trigger["metadata"]["queueName"])
        own = {queue for queue in topology.QUEUES if queue.split(".")[0] == name}
        assert queues - {f"{name}.dead"} == own - {f"{name}.dead"}
