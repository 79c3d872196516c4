"""``namtot demo`` from nothing to verdicts, on servers and services of its own, and back to nothing."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy.local.stack import Stack
from shared.simulation import Plan, broken, simulate
from tests.support.eventually import eventually
from tests.support.leftovers import running_from
from tests.support.processes import namtot, namtot_process

pytestmark = [pytest.mark.timeout(900)]


def environ(home: Path) -> dict[str, str]:
    """Servers of its own, whatever this test run was given."""
    return {"NAMTOT_HOME": str(home), "AMQP_URI": "", "MONGO_URI": "", "NAMTOT_SMTP_URL": "", "NAMTOT_KEY_FILE": ""}


def run(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return namtot("demo", *arguments, environ=environ(home), timeout=850)


def parts(home: Path) -> list[str]:
    return [part.name for part in Stack(home, given={}).parts() if part.running()]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home for this module's demonstrations; whatever one of them leaves behind is stopped at the end."""
    path = tmp_path_factory.mktemp("demo")
    yield path
    Stack(path, given={}).down()


@pytest.fixture(scope="module")
def first(home: Path) -> dict[str, Any]:
    """The district of the article, once through everything."""
    done = run(home, "--exit", "--json")
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert running_from(home) == [], "nothing is left running"
    told: dict[str, Any] = json.loads(line)
    return told


def test_the_services_count_the_district_of_the_article(first: dict[str, Any]) -> None:
    assert {what: first[what] for what in ("units", "groups", "teams", "mediators", "cases")} == {
        "units": 14, "groups": 222, "teams": 222, "mediators": 1315, "cases": 107,
    }
    rate = Fraction(first["settled_rate"]["numerator"], first["settled_rate"]["denominator"])
    assert abs(rate - Fraction(938, 1000)) <= Fraction(1, 200)
    assert first["settled_rate"]["denominator"] == 100


def test_every_team_has_a_verdict_and_each_verdict_occurs(first: dict[str, Any]) -> None:
    verdicts = [first["met"], first["not_met"], first["not_enough_evidence"]]
    assert sum(verdicts) == 222
    assert first["met"] > 111
    assert min(verdicts) >= 10


def test_every_event_is_accounted_for(first: dict[str, Any]) -> None:
    everything = list(simulate(Plan(year=2024, seed=1)))
    wrong = [line for line in everything if json.loads(line)["source"] == broken.SOURCE]
    sent = [line for line in everything if line not in wrong]
    accounts = first["reconcile"]
    assert accounts["balanced"] is True
    assert first["events"] == accounts["applied"] == len(set(sent))
    assert accounts["received"] + accounts["redelivered"] >= len(everything)
    assert accounts["received"] == accounts["applied"] + accounts["duplicate"] + accounts["refused"]
    assert (accounts["refused"], accounts["parked"]) == (len(wrong), 0) == (5, 0)
    assert first["seconds"] > 0


def test_nothing_but_these_keys_is_printed(first: dict[str, Any]) -> None:
    assert list(first) == [
        "units", "groups", "teams", "mediators", "events", "cases", "settled_rate", "met", "not_met", "not_enough_evidence",
        "reconcile", "seconds", "recognised", "requested", "commended", "owed", "refused_decisions",
    ]


def test_what_the_wards_decided_is_counted_but_for_what_the_law_forbids(first: dict[str, Any]) -> None:
    """Two decisions have no effect: on a vote of three of six, and a second one for one achievement. One waits for a request."""
    named = revoked = 0
    for event in map(json.loads, set(simulate(Plan(year=2024, seed=1)))):
        named += len(event["data"].get("recognised", ()))
        revoked += event["type"] == "vn.namtot.recognition.revoked.v1"
    assert first["recognised"] == named - revoked - 2
    assert first["refused_decisions"] == 2
    assert 222 > first["requested"] > first["recognised"] > 111
    assert 0 < first["commended"] < first["owed"] < first["recognised"]


def test_it_stays_up_until_ctrl_c_and_the_same_year_again_changes_no_count(home: Path, first: dict[str, Any]) -> None:
    """Every event is a duplicate, or refused again. Meanwhile the page answers, and a second year beside the first is refused."""
    with namtot_process("demo", environ=environ(home)) as process:
        assert process.stderr is not None
        words = list(iter(process.stderr.readline, "Everything stays up. Ctrl-C stops it.\n"))[-20:]
        assert process.poll() is None, words
        local = json.loads((home / "local.json").read_text())
        page = httpx.get(local["services"]["gateway"], timeout=30, follow_redirects=True, trust_env=False)
        assert page.status_code == 200
        signed_in_by(words, local["services"]["gateway"], home)
        other = run(home, "--seed", "2", "--exit")
        assert other.returncode == 1
        assert "already holds the simulated year of simulated-2024s1.jsonl" in other.stderr
        assert "--fresh" in other.stderr
        assert {"rabbitmq", "mongodb", "intake", "gateway"} <= set(parts(home)), "the second one stopped what it did not start"
        process.send_signal(signal.SIGINT)
        told, words_after = process.communicate(timeout=120)
        assert process.returncode == 0, words_after
    assert running_from(home) == []
    assert not (home / "demo-people.yaml").exists()
    assert local["services"]["gateway"] in told
    assert "1.315 hòa giải viên, 107 vụ việc" in told
    rate = first["settled_rate"]
    assert f"({rate['numerator']}/{rate['denominator']})" in told
    assert "Hòa giải thành 11/13 vụ việc" in told
    refused = re.search(r"không tiếp nhận (\d+) ", told)
    assert refused and int(refused[1]) > 5 and int(refused[1]) % 5 == 0, "what was refused comes again and is refused again"
    assert "· khớp" in told
    row, counts = (line.split() for line in told.splitlines() if line.strip().startswith("Tất cả"))
    assert counts[-3:-1] == [str(first[count]) for count in ("requested", "recognised")]
    assert f"Còn {first['owed']} tập thể, cá nhân chờ khen thưởng" in told
    assert "Chỉ 3/6 thành viên của tổ đồng ý" in told
    assert row[-3:] == [str(first[verdict]) for verdict in ("met", "not_met", "not_enough_evidence")]


def signed_in_by(words: list[str], gateway: str, home: Path) -> None:
    """Each of the demonstration's people signs in with what was printed; the password stands in no file below the home."""
    told = re.findall(r"^  ([a-z.]+) +(\S+) +(.+ \(dùng thử\))$", "".join(words), re.MULTILINE)
    assert [name for name, _, _ in told] == ["to.truong", "hoa.giai.vien", "tu.phap", "chu.tich", "bao.ve.du.lieu"], words
    for name, password, shown in told[::4]:
        with httpx.Client(base_url=gateway, timeout=30, trust_env=False) as page:
            assert page.get("/cases").status_code == 303
            form = re.search(r'name="form_token" value="([^"]+)"', page.get("/sign-in").text)
            assert form
            data = {"form_token": form[1], "name": name, "password": password}
            assert page.post("/sign-in", data=data, headers={"origin": gateway}).status_code == 303
            assert shown in page.get("/account").text
    text = [file.read_bytes() for file in home.rglob("*") if file.suffix in {".json", ".yaml", ".log"} and file.is_file()]
    assert not [name for name, password, _ in told if any(password.encode() in one for one in text)]


def test_it_says_what_is_left_when_time_is_up(home: Path, first: dict[str, Any]) -> None:
    done = run(home, "--exit", "--timeout", "1")
    assert done.returncode == 1
    assert "Not done after 1 s: " in done.stderr
    assert "--timeout gives them longer" in done.stderr
    assert done.stdout == ""
    assert running_from(home) == []


def test_a_killed_demonstration_leaves_nothing_running(tmp_path: Path) -> None:
    """Not even SIGKILL: its servers and services die with it."""
    with namtot_process("demo", "--teams", "6", environ=environ(tmp_path)) as process:
        eventually(lambda: "intake" in parts(tmp_path), timeout=200)
        process.kill()
    eventually(lambda: running_from(tmp_path) == [], timeout=30)


def test_a_broken_wish_is_told_before_anything_starts(tmp_path: Path) -> None:
    done = run(tmp_path, "--year", "2099", "--exit")
    assert done.returncode == 2
    assert "lies ahead" in done.stderr
    assert list(tmp_path.iterdir()) == []
