"""Who a command says it acts for: witnessed by the login, held against the people file."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
import typer

from shared.commands import acting as module
from shared.commands.acting import acting, login
from shared.people.file import Person, write
from shared.people.roles import Held
from shared.settings import Settings

TEAM = "HG-AAAAAAAA"


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    notes: list[dict[str, Any]] = []
    monkeypatch.setattr(module, "ask", lambda service, method, **said: notes.append({"method": method, **said}))
    return notes


def configured(monkeypatch: pytest.MonkeyPatch, file: str) -> None:
    given = Settings(amqp_uri="amqp://nowhere", mongo_uri="mongodb://nowhere", people_file=file)
    monkeypatch.setattr(module, "settings", lambda: given)


def test_the_login_stands_beside_another_name_whatever_the_environment_says(
    monkeypatch: pytest.MonkeyPatch, noted: list[dict[str, Any]]
) -> None:
    configured(monkeypatch, "")
    for name in ("LOGNAME", "USER", "USERNAME"):
        monkeypatch.setenv(name, "chu.tich")
    assert login() != "chu.tich"
    assert acting("", "operator", "x", "y")["who"] == login()
    assert acting("an", "operator", "x", "y") == {"who": f"an (login {login()})", "role": "operator"}
    assert noted == []


@pytest.mark.parametrize(("who", "role", "unit", "team", "allowed"), [
    ("an", "data_protection", "", "", True),
    ("an", "operator", "", "", False),
    ("an", "team_leader", "", TEAM, True),
    ("an", "team_leader", "", "HG-BBBBBBBB", False),
    ("an", f"team_leader@{TEAM}", "", "", True),
    ("an", "team_leader@HG-BBBBBBBB", "", "", False),
    ("an", "justice_officer", "00118", "", False),
    ("binh", "data_protection", "", "", False),
    ("", "data_protection", "", "", False),
])
def test_a_people_file_must_know_the_name_in_that_role_today(
    who: str, role: str, unit: str, team: str, allowed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    noted: list[dict[str, Any]],
) -> None:
    over = dt.date(2025, 6, 30)
    roles = (Held("data_protection"), Held("team_leader", team=TEAM), Held("justice_officer", unit="00118", last=over))
    write(tmp_path / "people.yaml", {"an": Person("an", "Bà An", "$argon2id$x", roles)})
    configured(monkeypatch, str(tmp_path / "people.yaml"))
    if allowed:
        assert acting(who, role, "erase_person", "thử", unit, team)["role"] == role
        assert noted == []
    else:
        with pytest.raises(typer.Exit):
            acting(who, role, "erase_person", "thử", unit, team)
        (one,) = noted
        assert (one["method"], one["action"]) == ("note", "command_refused")
        assert (one["role"], one["purpose"]) == (role, "erase_person: thử")
        assert login() in one["who"]


def test_a_broken_people_file_ends_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, noted: list[dict[str, Any]]
) -> None:
    (tmp_path / "people.yaml").write_text("people: 3")
    configured(monkeypatch, str(tmp_path / "people.yaml"))
    with pytest.raises(typer.Exit) as ended:
        acting("an", "operator", "x", "y")
    assert ended.value.exit_code == 2
