"""Which team a source means: one or none, never a guess."""

from __future__ import annotations

import datetime as dt
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts import When
from shared.contracts.outgoing import Place, TeamPlace, TeamState
from shared.naming import TeamIndex, fold_name, make_code

SOURCE = "urn:long-bien:so-theo-doi"
OTHER = "urn:one-stop"
DAY = When("2024-06-01")


def place(
    unit: str = "00118", group: str = "TDP 5", since: str = "2024-01-01", until: str | None = None
) -> TeamPlace:
    return TeamPlace(
        unit=unit, group=group, valid_from=When(since), valid_to=None if until is None else When(until)
    )


def team(
    key: str, *places: TeamPlace, names: tuple[tuple[str, str], ...] = (), n: int = 1, **more: object
) -> TeamState:
    code = make_code(key)
    return TeamState(
        code=code,
        n=n,
        name=key,
        established_on=When("2024-01-01"),
        places=list(places or (place(),)),
        names=list(names),
        **more,  # type: ignore[arg-type]
    )


def test_an_exact_code_comes_first() -> None:
    five = team("five", names=((SOURCE, "Tổ 5"),))
    assert (
        TeamIndex([five]).resolve(Place(source=OTHER, team=five.code.lower(), unit="99999"), DAY) == five.code
    )


def test_the_sources_own_name_in_any_spelling() -> None:
    five = team("five", names=((SOURCE, "Tổ hòa giải TDP số 5"),))
    index = TeamIndex([five])
    for name in ("tổ hoà giải tổ dân phố 05", unicodedata.normalize("NFD", "TỔ HÒA GIẢI TDP 5")):
        assert index.resolve(Place(source=SOURCE, team=name), DAY) == five.code
        assert index.resolve(Place(source=OTHER, team=name), DAY) is None


def test_unit_and_group_name_the_one_team_that_works_there_that_day() -> None:
    old = team("old", place(until="2024-07-01"))
    new = team("new", place(since="2024-07-01"))
    index = TeamIndex([old, new])
    at = Place(source=OTHER, unit="00118", group="Tổ dân phố số 05")
    assert index.resolve(at, When("2024-06-30T23:59:00+07:00")) == old.code
    assert index.resolve(at, When("2024-07-01")) == new.code
    assert index.resolve(at, When("2023-12-31")) is None
    assert index.resolve(Place(source=OTHER, unit="00121", group="TDP 5"), DAY) is None
    assert index.resolve(Place(source=OTHER, unit="00118"), DAY) is None


def test_two_teams_in_one_group_are_not_guessed_between() -> None:
    one, two = team("one", names=((SOURCE, "Tổ 5"),)), team("two", names=((SOURCE, "Tổ 5 bis"),))
    index = TeamIndex([one, two])
    assert index.resolve(Place(source=OTHER, unit="00118", group="TDP 5"), DAY) is None
    assert index.resolve(Place(source=SOURCE, unit="00118", group="TDP 5", team="tổ 5"), DAY) == one.code


def test_a_name_that_several_wards_use_needs_the_ward() -> None:
    here = team("here", place("00118"), names=((SOURCE, "Tổ 5"),))
    there = team("there", place("00121"), names=((SOURCE, "Tổ 5"),))
    index = TeamIndex([here, there])
    assert index.resolve(Place(source=SOURCE, team="Tổ 5"), DAY) is None
    assert index.resolve(Place(source=SOURCE, team="Tổ 5", unit="00121"), DAY) == there.code
    assert index.resolve(Place(source=SOURCE, team="Tổ 5", unit="00136"), DAY) is None
    assert index.resolve(Place(source=SOURCE, team="Tổ 5", unit="00136", group="TDP 5"), DAY) is None


def test_marks_decide_between_names_that_fold_alike() -> None:
    sen, sensang = team("sen", place(group="TDP Sen")), team("sến", place(group="TDP Sến"))
    index = TeamIndex([sen, sensang])
    assert index.resolve(Place(source=OTHER, unit="00118", group="Tổ dân phố Sến"), DAY) == sensang.code
    assert index.resolve(Place(source=OTHER, unit="00118", group="TDP Sèn"), DAY) is None


def test_a_merged_team_stands_for_its_successor_from_the_day_it_ended() -> None:
    new = team("new", names=((SOURCE, "Tổ 6"),))
    old = team(
        "old",
        place(group="TDP 7", until="2024-05-01"),
        names=((SOURCE, "Tổ 7"),),
        ended_on=When("2024-05-01"),
        merged_into=new.code,
    )
    index = TeamIndex([old, new])
    assert index.resolve(Place(source=SOURCE, team="Tổ 7"), When("2024-04-30")) == old.code
    assert index.resolve(Place(source=SOURCE, team="Tổ 7"), When("2024-05-01")) == new.code
    assert index.resolve(Place(source=OTHER, team=old.code), When("2024-08-01")) == new.code


def test_teams_merged_in_a_circle_end_the_search() -> None:
    a, b = make_code("a"), make_code("b")
    index = TeamIndex([team("a", merged_into=b, ended_on=DAY), team("b", merged_into=a, ended_on=DAY)])
    assert index.resolve(Place(source=SOURCE, team=a), DAY) in (a, b)


def test_an_older_state_is_not_taken_in() -> None:
    index = TeamIndex([team("x", place(group="TDP 9"), n=2)])
    assert not index.put(team("x", place(group="TDP 5"), n=1))
    assert index.resolve(Place(source=OTHER, unit="00118", group="TDP 5"), DAY) is None
    assert index.put(team("x", place(group="TDP 5"), n=3))
    assert index.resolve(Place(source=OTHER, unit="00118", group="TDP 9"), DAY) is None


def test_a_name_or_place_that_is_taken_back_means_the_team_no_more() -> None:
    index = TeamIndex([team("x", place(group="TDP 5"), names=((SOURCE, "Tổ 5"),), n=1)])
    index.put(team("x", place(group="TDP 6"), names=((SOURCE, "Tổ 6"),), n=2))
    assert index.resolve(Place(source=SOURCE, team="Tổ 5"), DAY) is None
    assert index.resolve(Place(source=SOURCE, team="Tổ 5", unit="00118", group="TDP 6"), DAY) == make_code("x")
    assert index.resolve(Place(source=SOURCE, team="Tổ 6"), DAY) == make_code("x")


GROUPS = st.sampled_from(["TDP 5", "Tổ 5", "TDP 05", "TDP 6", "TDP Sen", "TDP Sến", "---"])
UNITS = st.sampled_from(["00118", "00121"])
DAYS = st.dates(min_value=dt.date(2023, 1, 1), max_value=dt.date(2025, 1, 1)).map(dt.date.isoformat)
PLACES = st.builds(lambda u, g, a, b: place(u, g, *sorted((a, b))), UNITS, GROUPS, DAYS, DAYS)
NAMES = st.lists(st.tuples(st.sampled_from([SOURCE, OTHER]), GROUPS), max_size=3).map(tuple)
TEAMS = st.lists(
    st.builds(
        lambda key, places, names, n: team(key, *places, names=names, n=n),
        st.sampled_from("abcdef"),
        st.lists(PLACES, min_size=1, max_size=3),
        NAMES,
        st.integers(1, 4),
    ),
    max_size=10,
)
QUERIES = st.builds(
    lambda s, t, u, g: Place(source=s, team=t, unit=u, group=g),
    st.sampled_from([SOURCE, OTHER]),
    st.none() | GROUPS,
    st.none() | UNITS,
    st.none() | GROUPS,
)


@given(TEAMS, st.lists(QUERIES, max_size=5), DAYS)
def test_an_index_kept_up_answers_as_one_built_anew(
    teams: list[TeamState], queries: list[Place], day: str
) -> None:
    kept = TeamIndex(teams)
    newest: dict[str, TeamState] = {}
    for state in teams:
        if state.code not in newest or newest[state.code].n < state.n:
            newest[state.code] = state
    fresh = TeamIndex(reversed(newest.values()))
    for query in queries:
        assert kept.resolve(query, When(day)) == fresh.resolve(query, When(day))


@given(TEAMS, QUERIES, DAYS)
def test_an_answer_is_the_only_one_that_fits(teams: list[TeamState], query: Place, day: str) -> None:
    index = TeamIndex(teams)
    found = index.resolve(query, When(day))
    if query.team is None and found is not None:
        rivals = [
            t
            for t in index
            for p in t.places
            if p.unit == query.unit
            and p.group == query.group
            and p.valid_from <= day
            and (p.valid_to is None or day < p.valid_to)
        ]
        assert {t.code for t in rivals} <= {found}
    if query.team is not None and found is not None and query.unit is None:
        assert any(
            s == query.source and fold_name(n) == fold_name(query.team) for s, n in index.get(found).names
        )  # type: ignore[union-attr]
