"""Prometheus' own tool accepts the configuration and the rules; every metric and command that they name exists."""

from __future__ import annotations

import importlib
import re
import shutil
import subprocess
from functools import cache

import pytest
import yaml
from prometheus_client import REGISTRY

from shared.commands import MODULES
from shared.messaging import topology
from shared.runner import SERVICES
from tests.unit.deploy.files import PROMETHEUS, compose, dashboards, expressions, metric_names, rules
from tests.unit.deploy.test_compose import HTTP_PORT


def promtool(*arguments: str) -> str:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is not installed: install Debian's package prometheus")
    done = subprocess.run([program, *arguments], cwd=PROMETHEUS, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_promtool_accepts_the_configuration_and_the_rules() -> None:
    promtool("check", "config", "prometheus.yml")
    told = promtool("check", "rules", "rules.yml")
    assert f"{len(rules())} rules found" in told


def test_each_alert_fires_when_it_must_and_none_when_all_is_well() -> None:
    assert "SUCCESS" in promtool("test", "rules", "rules.test.yml")


def test_every_alert_is_tested() -> None:
    text = (PROMETHEUS / "rules.test.yml").read_text("utf-8")
    for rule in rules():
        name = rule["alert"]
        assert name in text or re.search(rf'alertname=~"{name[:13]}\.\*', text), name


def test_every_alert_tells_people_what_to_do_in_both_languages() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    for rule in rules():
        told = rule["annotations"]
        assert set(told) == {"summary", "summary_en", "runbook", "runbook_en"}, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "warning")
        # in Vietnamese, with its diacritics
        for line in (told["summary"], told["runbook"]):
            assert re.search(r"[ạảấầẩậắặếềểệốồộớờởợứừửựịỉọỏụủđơưăâêô]", line), line
        assert told["runbook"] != told["runbook_en"]


def test_runbooks_name_commands_that_exist() -> None:
    for rule in rules():
        for line in rule["annotations"].values():
            for command in re.findall(r"namtot ([a-z]+)", line):
                assert command in {name.rpartition(".")[2] for name in MODULES}, f"{rule['alert']}: namtot {command}"
            for service in re.findall(r"--scale ([a-z]+)=", line):
                assert service in SERVICES


def test_what_is_scraped_is_what_compose_runs() -> None:
    config = yaml.safe_load((PROMETHEUS / "prometheus.yml").read_text("utf-8"))
    jobs = {job["job_name"]: job for job in config["scrape_configs"]}
    (discovered,) = jobs["namtot"]["dns_sd_configs"]
    assert sorted(discovered["names"]) == sorted(SERVICES)
    assert discovered["port"] == HTTP_PORT and discovered["type"] == "A"
    assert "metrics_path" not in jobs["namtot"], "/metrics, which every service serves"
    ((target,),) = [one["targets"] for one in jobs["rabbitmq"]["static_configs"]]
    assert target.split(":")[0] in compose()["services"]
    mounted = [mount.split(":")[1] for mount in compose()["services"]["prometheus"]["volumes"]]
    for name in ("prometheus.yml", *config["rule_files"]):
        assert f"/etc/prometheus/{name}" in mounted


def test_alerts_about_each_service_and_each_queue() -> None:
    down = next(rule["expr"] for rule in rules() if rule["alert"] == "NamtotServiceDown")
    assert set(re.findall(r'service="(\w+)"', down)) == set(SERVICES)
    idle = next(rule["expr"] for rule in rules() if rule["alert"] == "NamtotNoConsumers")
    (pattern,) = re.findall(r'queue=~"([^"]+)"', idle)
    for queue in topology.QUEUES:
        assert re.fullmatch(pattern, queue), queue


@cache
def defined() -> dict[str, set[str]]:
    """Every metric of the code, as Prometheus names its series, with its labels."""
    for name in SERVICES:
        importlib.import_module(f"services.{name}.metrics")
    found: dict[str, set[str]] = {}
    for collector in list(REGISTRY._collector_to_names):
        labels = set(getattr(collector, "_labelnames", ()))
        for name in REGISTRY._collector_to_names[collector]:
            found[name] = labels | ({"le"} if name.endswith("_bucket") else set())
    return found


def test_every_metric_that_is_named_exists() -> None:
    named = {name for name in metric_names() if name.startswith("namtot_")}
    assert len(named) > 20
    assert sorted(named - set(defined())) == []


ADDED = {"job", "service", "instance", "queue", "vhost", "alertname", "alertstate"}
"""By Prometheus' configuration and by RabbitMQ."""


def test_every_label_that_is_named_exists() -> None:
    for one in expressions():
        known = set(ADDED)
        for name in re.findall(r"\bnamtot_[a-z0-9_]+", one):
            known |= defined().get(name, set())
        named = set(re.findall(r"([a-z_]+)\s*(?:=~|!~|!=|=)\s*\"", one))
        for group in re.findall(r"\bby \(([^)]*)\)", one):
            named |= {label.strip() for label in group.split(",")}
        assert named <= known, f"{one}: {named - known}"


def test_dashboards_are_whole() -> None:
    assert dashboards()
    for name, board in dashboards().items():
        ids = [panel["id"] for panel in board["panels"]]
        assert len(set(ids)) == len(ids)
        taken: set[tuple[int, int]] = set()
        for panel in board["panels"]:
            assert panel["title"], name
            at = panel["gridPos"]
            cells = {
                (x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])
            }
            assert not cells & taken and max(x for x, _ in cells) < 24, panel["title"]
            taken |= cells
            if panel["type"] != "row":
                assert panel["datasource"]["uid"] == "prometheus" and panel["targets"]


def test_the_dashboards_source_is_the_one_that_is_provisioned() -> None:
    folder = PROMETHEUS.parent / "grafana" / "provisioning"
    (source,) = yaml.safe_load((folder / "datasources/prometheus.yml").read_text())["datasources"]
    assert source["uid"] == "prometheus"
    host, port = source["url"].removeprefix("http://").split(":")
    assert host in compose()["services"] and port == "9090"
    (provider,) = yaml.safe_load((folder / "dashboards/namtot.yml").read_text())["providers"]
    mounts = [mount.split(":")[1] for mount in compose()["services"]["grafana"]["volumes"]]
    assert provider["options"]["path"] in mounts
    home = compose()["services"]["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert home.removeprefix(provider["options"]["path"] + "/") in dashboards()
