"""Who may do what, and how a sign-in can be attacked: forged, planted, guessed, outlived."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.gateway.identity.policy import PAGES, Where, acting, may_enter, sight
from services.gateway.identity.sessions import KeyTrouble, Sessions, key_from
from services.gateway.identity.throttle import MOST, WINDOW, Throttle
from shared.people import PRIVATE_OF_TEAM, PRIVATE_OF_UNIT, ROLES, Held, reads_private
from shared.people.file import PeopleError, Person, hashed, read, verify, write

UNITS, TEAMS = ("00118", "00145", ""), ("HG-11111111", "HG-22222222", "")
DAY = dt.date(2026, 11, 24)
DAYS = st.none() | st.dates(dt.date(2026, 11, 1), dt.date(2026, 12, 20))
HELD = st.builds(Held, st.sampled_from(ROLES), st.sampled_from(UNITS), st.sampled_from(TEAMS), DAYS, DAYS)
SOME = st.lists(HELD, max_size=6)


@given(SOME, st.sampled_from(UNITS), st.sampled_from(TEAMS))
def test_no_combination_of_roles_reads_what_none_of_them_may(held: list[Held], unit: str, team: str) -> None:
    """Written from the rule itself: of the case's team as mediator or leader, of its unit as officer or chair, on that day."""
    reads = any(
        (r.first or DAY) <= DAY <= (r.last or DAY) and (
            (r.role in ("mediator", "team_leader") and team != "" and r.team == team)
            or (r.role in ("justice_officer", "chair") and unit != "" and r.unit == unit and r.team == "")
        ) for r in held
    )
    by = reads_private(held, unit, team, DAY)
    assert (by is not None) == reads
    if by is not None:
        assert by in held and by.role in PRIVATE_OF_TEAM | PRIVATE_OF_UNIT


@given(SOME)
def test_an_operator_and_a_city_department_never_read_private_parts(held: list[Held]) -> None:
    others = [one for one in held if one.role in ("operator", "city_department", "emulation_officer", "front", "data_protection")]
    assert all(reads_private(others, unit, team, DAY) is None for unit in UNITS for team in TEAMS)


@given(SOME, st.sampled_from(UNITS), st.sampled_from(TEAMS), st.sampled_from(["case.settled", "commendation.decided", "x.y"]))
def test_a_role_acts_only_where_and_while_it_is_held(held: list[Held], unit: str, team: str, name: str) -> None:
    by = acting(name, held, Where(unit, team), DAY)
    if by is not None:
        assert by.holds(DAY) and ((by.team and by.team == team) or (by.unit and by.unit == unit))
        assert by.role not in ("operator", "city_department", "data_protection")


@given(SOME)
def test_more_roles_never_show_less_and_past_ones_show_nothing(held: list[Held]) -> None:
    past = [one._replace(last=DAY - dt.timedelta(days=1)) for one in held]
    assert sight(past, DAY) == (False, (), ())
    assert not any(may_enter(entry, past, DAY) for entry in PAGES)
    assert set(sight(held[:1], DAY).units) <= set(sight(held, DAY).units)


class Clock:
    at = 1_000_000.0

    def __call__(self) -> float:
        return self.at


def test_a_session_ends_by_itself_by_signing_out_and_by_another_key() -> None:
    clock = Clock()
    sessions = Sessions(b"k" * 32, 60, clock)
    value = sessions.begin("an", "An", mark="m")
    session = sessions.read(value)
    assert session is not None and session.name == "an"
    assert Sessions(b"j" * 32, 60, clock).read(value) is None
    sessions.end(session)
    assert sessions.read(value) is None
    other = sessions.begin("an", "An")
    clock.at += 3600
    assert sessions.read(other) is None
    assert sessions.begin("an", "An") != sessions.begin("an", "An")


@given(st.text(max_size=80), st.integers(0, 500))
def test_what_was_not_signed_here_is_no_session(text: str, at: int) -> None:
    sessions = Sessions(b"k" * 32, 60, Clock())
    value = sessions.begin("an", "An")
    assert sessions.read(text) is None
    at %= len(value)
    changed = value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1:]
    read_back = sessions.read(changed)
    # the last character of base64 may carry bits that mean nothing
    assert read_back is None or read_back == sessions.read(value)


def test_what_was_signed_for_one_purpose_serves_no_other() -> None:
    sessions = Sessions(b"k" * 32, 60, Clock())
    kept = sessions.sign("going", {"state": "s"})
    assert sessions.signed("going", kept) == {"state": "s", "for": "going"}
    assert sessions.signed("other", kept) is None and sessions.read(kept) is None
    assert sessions.signed("going", sessions.begin("an", "An")) is None


def test_a_session_key_that_is_too_short_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(b"short")
    with pytest.raises(KeyTrouble, match="at least 32"):
        key_from(str(tmp_path / "key"))
    with pytest.raises(KeyTrouble, match="cannot be read"):
        key_from(str(tmp_path / "none"))


def test_a_guesser_waits_and_locks_out_no_one_else() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(MOST["both"]):
        assert throttle.waits("an", "1.1.1.1") == 0
        throttle.failed("an", "1.1.1.1")
    assert 0 < throttle.waits("an", "1.1.1.1") <= WINDOW + 1
    assert throttle.waits("an", "2.2.2.2") == 0, "the person, elsewhere"
    assert throttle.waits("binh", "1.1.1.1") == 0, "a colleague in the same office"
    clock.at += WINDOW
    assert throttle.waits("an", "1.1.1.1") == 0


def test_who_signs_in_often_and_rightly_is_not_a_guesser() -> None:
    throttle = Throttle(Clock())
    for _ in range(200):
        throttle.failed("an", "1.1.1.1")
        throttle.succeeded("an", "1.1.1.1")
    assert throttle.waits("an", "1.1.1.1") == 0


def test_the_people_file_is_read_as_it_was_written_and_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "people.yaml"
    person = Person("an", "Nguyễn Thị An", hashed("mật khẩu dài"), (
        Held("team_leader", team="HG-11111111", first=dt.date(2024, 1, 1)), Held("justice_officer", "00118"),
    ))
    write(path, {"an": person})
    assert read(path) == {"an": person}
    assert path.stat().st_mode & 0o077 == 0
    assert verify(person, "mật khẩu dài") and not verify(person, "mật khẩu khác") and not verify(None, "x")


@pytest.mark.parametrize(("text", "reason"), [
    ("people: 1", "one list"), ("people:\n- {name: An}", "has name, shown"), ("[", "cannot be read"),
    ("people:\n- {name: an, shown: An, password: $argon2id$x, roles: [{role: king}]}", "not a role"),
    ("people:\n- {name: an, shown: An, password: plain, roles: []}", "Argon2id"),
    ("people:\n- {name: an, shown: An, password: $argon2id$x, roles: [{role: front, unit: 118}]}", "in quotes"),
    ("people:\n- {name: an, shown: An, password: $argon2id$x, roles: [{role: front, from: 2025-02-30}]}", "cannot be read"),
])
def test_a_broken_people_file_says_what_is_wrong(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "people.yaml"
    path.write_text(text)
    with pytest.raises(PeopleError, match=reason):
        read(path)
