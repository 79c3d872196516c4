"""The people file: YAML, readable only by its owner.

    people:
      - name: an                        # what is typed to sign in
        shown: Nguyễn Thị An            # what the pages say
        password: $argon2id$v=19$…
        roles:
          - {role: team_leader, team: HG-…, from: 2024-01-01}
          - {role: justice_officer, unit: "00118", from: 2024-01-01, to: 2025-06-30}

It is read again whenever it changes: who is taken out of it is out at once.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from shared.people.roles import ROLES, Held
from shared.rulebooks.plain import UnreadableError, fit, load_plain

SHORTEST_PASSWORD = 8
LONGEST_PASSWORD = 200
NAME = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
_UNIT, _TEAM = re.compile(r"[0-9A-Za-z.-]{1,20}"), re.compile(r"HG-[0-9A-Z]{8}")

_hasher = PasswordHasher()


class PeopleError(ValueError):
    """The file, or what should go into it, is wrong; the message says where."""


class Person(NamedTuple):
    name: str
    shown: str
    password: str
    roles: tuple[Held, ...]


def hashed(password: str) -> str:
    """Raise ``PeopleError`` for one that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise PeopleError(f"a password has {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    return _hasher.hash(password)


_nobody = _hasher.hash(os.urandom(16))


def verify(person: Person | None, password: str) -> bool:
    """As long for a name that nobody bears as for a wrong password."""
    try:
        return _hasher.verify(person.password if person else _nobody, password[:LONGEST_PASSWORD]) and person is not None
    except (Argon2Error, InvalidHashError):
        return False


def read(path: Path) -> dict[str, Person]:
    """By name. Raise ``PeopleError``; a file that is not there holds nobody."""
    try:
        loaded = load_plain(path)
    except FileNotFoundError:
        return {}
    except (OSError, UnreadableError) as error:
        raise PeopleError(f"{path} cannot be read: {error}") from None
    if loaded is None:
        return {}
    if not isinstance(loaded, dict) or set(loaded) != {"people"} or not isinstance(loaded["people"], list):
        raise PeopleError(f"{path}: holds one list, `people`")
    people: dict[str, Person] = {}
    for number, given in enumerate(loaded["people"], 1):
        try:
            person = _person(given)
        except PeopleError as error:
            raise PeopleError(f"{path}: person {number}: {fit(str(error))}") from None
        if person.name in people:
            raise PeopleError(f"{path}: {person.name} stands twice")
        people[person.name] = person
    return people


def write(path: Path, people: dict[str, Person]) -> None:
    """The whole file at once, with rights for its owner alone."""
    rows = [
        {"name": one.name, "shown": one.shown, "password": one.password, "roles": [_row(held) for held in one.roles]}
        for one in people.values()
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            yaml.safe_dump({"people": rows}, file, allow_unicode=True, sort_keys=False, width=120)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def held(given: Any) -> Held:
    """One role as it stands in the file, or in an identity provider's token. Raise ``PeopleError``."""
    if not isinstance(given, dict) or set(given) - {"role", "unit", "team", "from", "to"}:
        raise PeopleError("a role has role, unit or team, from, to")
    role, unit, team = (given.get(name) or "" for name in ("role", "unit", "team"))
    if role not in ROLES:
        raise PeopleError(f"{role!r} is not a role; those are {', '.join(ROLES)}")
    if unit and not (isinstance(unit, str) and _UNIT.fullmatch(unit)):
        raise PeopleError(f"unit {unit!r} is not a unit's code in quotes")
    if team and not (isinstance(team, str) and _TEAM.fullmatch(team)):
        raise PeopleError(f"team {team!r} is not a team's code (HG-…)")
    if unit and team:
        raise PeopleError("a role is of a unit or of a team, not of both")
    first, last = _day(given.get("from")), _day(given.get("to"))
    if first and last and last < first:
        raise PeopleError(f"the role ends on {last}, before it begins on {first}")
    return Held(role, unit, team, first, last)


def _person(given: Any) -> Person:
    if not isinstance(given, dict) or set(given) != {"name", "shown", "password", "roles"}:
        raise PeopleError("has name, shown, password and roles")
    name, shown, password, roles = (given[key] for key in ("name", "shown", "password", "roles"))
    if not (isinstance(name, str) and NAME.fullmatch(name)):
        raise PeopleError(f"{name!r} is no name to sign in with: small letters, digits and . _ @ -")
    if not (isinstance(shown, str) and 0 < len(shown.strip()) <= 200):
        raise PeopleError("`shown` is the person's name as pages show it")
    if not (isinstance(password, str) and password.startswith("$argon2id$")):
        raise PeopleError("`password` is an Argon2id hash; `namtot people add` writes it")
    if not isinstance(roles, list):
        raise PeopleError("`roles` is a list")
    return Person(name, shown.strip(), password, tuple(held(role) for role in roles))


def _day(given: Any) -> dt.date | None:
    if given in (None, ""):
        return None
    if isinstance(given, dt.datetime):
        raise PeopleError(f"{given} is not a day")
    if isinstance(given, dt.date):
        return given
    try:
        return dt.date.fromisoformat(given)
    except (TypeError, ValueError):
        raise PeopleError(f"{given!r} is not a day (YYYY-MM-DD)") from None


def _row(one: Held) -> dict[str, Any]:
    row = {"role": one.role, "unit": one.unit, "team": one.team, "from": one.first, "to": one.last}
    return {name: value for name, value in row.items() if value}
