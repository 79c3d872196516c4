"""A whole commune's year on the real services, by events and questions only: from the first case over verdicts, votes, requests,
the meeting and its decision to the closed year, the praise, the printed decision and the certificate.

The commune is a simulated ward; its register is sent part by part, as the year goes, and after each part the services are asked
where everybody stands. What they should say is read from the events that were sent.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import docx
import pypdf
import pytest

from shared.naming import fold_name, make_code
from shared.simulation import Plan, simulate
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses, namtot
from tests.support.sending import Sender, sender
from tests.support.servers import TestServers

UNIT, NAME, YEAR, SCHEME = "00139", "Phường Bồ Đề", 2024, "hanoi-v2"
REGISTER = "https://register.bo-de.long-bien.example"


def ward() -> Iterator[dict[str, Any]]:
    """The ward's events as they were written up, each once."""
    seen = set()
    for line in simulate(Plan(year=YEAR)):
        event = json.loads(line)
        if f"-{UNIT}-" in event["id"] and event["id"] not in seen:
            seen.add(event["id"])
            yield event


def code(name: str) -> str:
    return make_code(REGISTER, fold_name(name))


class Commune:
    """The ward's office: what it has sent so far, and the question to the services."""

    def __init__(self, sender: Sender, environ: dict[str, str]) -> None:
        self.sender, self.environ = sender, environ
        self.waiting = list(ward())
        self.sent: list[dict[str, Any]] = []

    def until(self, moment: str) -> None:
        """Send what was written up before ``moment``; it is taken in when this returns, judged a moment later."""
        now = [event for event in self.waiting if event["time"] < moment]
        self.waiting = self.waiting[len(now):]
        self.sent += now
        urgent = [event for event in now if event["data"].get("urgent")]
        for bodies, hurry in ((urgent, True), ([event for event in now if event not in urgent], False)):
            self.sender.send([json.dumps(event).encode() for event in bodies], urgent=hurry)
        self.sender.settled(applied=len(self.sent), parked=0)

    def ask(self, method: str, **asked: Any) -> Any:
        return self.sender.rpc.call("evaluation", method, timeout=20, **asked)

    def board(self) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("recognitions", unit=UNIT, year=YEAR)
        return found

    def states(self) -> dict[str, str]:
        return {team["code"]: team["state"] for team in self.board()["teams"]}

    def owed(self) -> set[str]:
        """Teams that are owed praise as teams."""
        return {item["team"] for item in self.ask("owed", unit=UNIT)["items"] if not item["mediator"]}

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [event for event in self.sent if event["type"] == f"vn.namtot.{kind}.v1"]

    def command(self, *arguments: str) -> Any:
        done = namtot(*arguments, "--json", environ=self.environ)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def commune(servers: TestServers, tmp_path: Path) -> Iterator[Commune]:
    uri, prefix = servers.fresh_vhost(), f"t{secrets.token_hex(4)}"
    environ = servers.environ(uri, prefix)
    with ServiceProcesses(environ, tmp_path) as run, sender(uri) as outside:
        for name in ("intake", "directory", "evaluation"):
            run(name, wait=False)
        for service in run.started:
            service.wait_ready()
        yield Commune(outside, environ)
    servers.done_with(uri)
    servers.drop_databases(prefix)


def test_from_the_first_case_to_the_printed_decision_and_certificate(commune: Commune, tmp_path: Path) -> None:
    _the_year_of_the_teams(commune)
    votes = _self_assessments(commune)
    asked = _requests(commune, votes)
    recognised = _decision(commune, asked)
    _closed(commune)
    _printed(commune, tmp_path)
    _praise(commune, recognised)
    _certificate(commune, tmp_path)


def comes_true(check: Callable[[], None]) -> None:
    """Until nothing in it fails any more."""

    def holds() -> bool:
        check()
        return True

    eventually(holds, 60)


def _the_year_of_the_teams(commune: Commune) -> None:
    """The window is over, nobody has assessed itself yet; each team has its verdict."""
    commune.until("2024-11-01")
    cases = {event["subject"] for event in commune.of("case.reported") + commune.of("case.recorded")}
    assert len(cases) > 20

    def stand() -> None:
        teams = commune.ask("league", scheme=SCHEME, year=YEAR, unit=UNIT)["teams"]
        assert len(teams) == 24
        assert sum(team["rated"] for team in teams) == 22
        assert set(commune.states().values()) == {"not_assessed"}
        assert commune.ask("scheme_of", unit=UNIT, year=YEAR)["number"] is not None

    comes_true(stand)


def _self_assessments(commune: Commune) -> dict[str, dict[str, Any]]:
    """More than half of all members: those teams may ask."""
    commune.until("2024-12-02")
    votes = {code(event["data"]["team"]): event["data"] for event in commune.of("recognition.self-assessed")}
    assert len(votes) > 15

    def stand() -> None:
        states = commune.states()
        for team, vote in votes.items():
            may = vote["all_met"] and 2 * vote["agreed"] > vote["members"]
            assert (states[team] in ("eligible", "requested", "returned")) is may, (vote, states[team])

    comes_true(stand)
    return votes


def _requests(commune: Commune, votes: dict[str, dict[str, Any]]) -> set[str]:
    """A request without the vote's minutes waits, the others stand."""
    asked = {code(event["data"]["team"]) for event in commune.of("recognition.requested")} & set(votes)

    def stand() -> None:
        states = commune.states()
        assert {states[team] for team in asked} <= {"requested", "returned"}
        assert commune.board()["counts"]["requested"] == len(asked)

    comes_true(stand)
    return asked


def _decision(commune: Commune, asked: set[str]) -> set[str]:
    """The decision recognises those that it names, and no one else."""
    commune.until("2024-12-16")
    (decision,) = commune.of("recognition.decided")
    recognised = {code(name) for name in decision["data"]["recognised"]}
    assert recognised <= asked

    def stand() -> None:
        assert {team for team, state in commune.states().items() if state == "recognised"} == recognised
        assert commune.board()["counts"]["recognised"] == len(recognised)
        (unit,) = (unit for unit in commune.ask("rollup", year=YEAR)["units"] if unit["unit"] == UNIT)
        assert unit["recognised"] == len(recognised)
        assert unit["good"] is (2 * len(recognised) >= 24)

    comes_true(stand)
    # a second decision about a team that stands recognised would have no effect, and that is told before anything is sent
    again = {**decision["data"], "number": "999/QĐ-UBND", "on": "2024-12-20"}
    assert commune.ask("check", type="recognition.decided", data=again, source=REGISTER)["allowed"] is False
    return recognised


def _closed(commune: Commune) -> None:
    """Frozen, and the same when it is judged again from the facts."""
    commune.until("2024-12-31")
    assert commune.of("evaluation.closed")

    def stand() -> None:
        assert commune.board()["closed"] is True
        stored = commune.ask("verify", unit=UNIT, year=YEAR)
        assert stored["ok"] is True, [team for team in stored["teams"] if not team["same"]]
        assert len(stored["teams"]) == 24

    comes_true(stand)
    (verified,) = commune.command("evaluation", "verify", "--unit", UNIT, "--year", str(YEAR))
    assert verified["ok"] is True, verified


def _printed(commune: Commune, out: Path) -> None:
    """The decision as a Word file: its number, and each team that it recognises."""
    commune.command("papers", "make", "recognition-decision", "--unit", UNIT, "--year", str(YEAR), "--out", str(out))
    (decision,) = commune.of("recognition.decided")
    (word,) = out.glob("*.docx")
    text = "\n".join(_words_of(word))
    assert decision["data"]["number"] in text
    assert [name for name in decision["data"]["recognised"] if name not in text] == []


def _praise(commune: Commune, recognised: set[str]) -> None:
    """Who is owed praise, until somebody decides; who was found out is owed none."""
    assert commune.owed() == recognised
    commune.until("2025-12-31")
    (revoked,) = commune.of("recognition.revoked")
    answered = {
        code(event["data"]["team"]) for kind in ("decided", "declined") for event in commune.of(f"commendation.{kind}")
    }

    def stand() -> None:
        states = Counter(item["state"] for item in commune.ask("commendations", unit=UNIT, year=YEAR)["items"])
        assert states == {"paid": 5, "given": 1, "revoked": 1, "declined": 1}
        assert commune.owed() == recognised - answered - {code(revoked["data"]["team"])}

    comes_true(stand)


def _certificate(commune: Commune, out: Path) -> None:
    """A4 across, with the decision's number and whose it is."""
    (item, *_) = (i for i in commune.ask("commendations", unit=UNIT, year=YEAR, state="paid")["items"] if not i["mediator"])
    commune.command("papers", "make", "certificate", "--commendation", item["id"], "--out", str(out))
    (certificate,) = out.glob("*.pdf")
    (page,) = pypdf.PdfReader(certificate).pages
    assert page.mediabox.width > page.mediabox.height
    assert item["number"] in page.extract_text()
    assert item["team_name"].casefold() in page.extract_text().casefold()


def _words_of(file: Path) -> Iterator[str]:
    document = docx.Document(str(file))
    yield from (paragraph.text for paragraph in document.paragraphs)
    for table in document.tables:
        yield from (cell.text for row in table.rows for cell in row.cells)
