"""What a team lacks is told once per change, after it stood still, and never while it is unchanged."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain import lacking
from services.notification.domain.lacking import Standing
from services.notification.domain.ledger import Delivery
from services.notification.domain.rules import Rules
from services.notification.loading import load_rules
from shared.contracts.outgoing import VerdictChanged

RULES = load_rules()
WAIT = RULES["team_lacks"].wait_seconds
START = dt.datetime(2024, 11, 1, tzinfo=dt.UTC)


def verdict(generation: int, *codes: str, verdict: str = "not_enough_evidence", year: int = 2024) -> VerdictChanged:
    return VerdictChanged(
        team="HG-RQ3QV7S4",
        unit="00118",
        scheme="hanoi-v2",
        year=year,
        generation=generation,
        verdict=verdict,  # type: ignore[arg-type]
        lacking=list(codes),
    )


class Team:
    """One team's standing, with a clock of its own."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.rules = rules
        self.standing: Standing | None = None
        self.now = START
        self.generation = 0
        self.told: list[Delivery] = []

    def hears(self, *codes: str, year: int = 2024) -> None:
        self.generation += 1
        self.standing = lacking.heard(self.standing, verdict(self.generation, *codes, year=year), self.now) or self.standing

    def after(self, seconds: float) -> None:
        self.now += dt.timedelta(seconds=seconds)
        if self.standing is not None and lacking.settled(self.standing, self.rules, self.now):
            self.standing, delivery = lacking.telling(self.standing, self.rules, self.now.date())
            if delivery is not None:
                self.told.append(delivery)


def test_a_set_is_told_once_it_stood_still() -> None:
    team = Team()
    team.hears("meetings.year", "training.second_half")
    team.after(WAIT - 1)
    assert not team.told
    team.hears("meetings.year", "training.second_half")
    team.after(1)
    assert [d.check["lacking"] for d in team.told] == [["meetings.year", "training.second_half"]]
    team.hears("training.second_half", "meetings.year")
    team.after(10 * WAIT)
    assert len(team.told) == 1


def test_a_change_that_is_undone_in_time_is_never_told() -> None:
    team = Team()
    team.hears("a")
    team.after(WAIT)
    team.hears("a", "b")
    team.after(WAIT / 2)
    team.hears("a")
    team.after(10 * WAIT)
    assert [d.check["lacking"] for d in team.told] == [["a"]]


def test_coming_back_to_an_earlier_set_is_a_change_of_its_own() -> None:
    team = Team()
    for codes in (("a",), ("a", "b"), ("a",), (), ("a",)):
        team.hears(*codes)
        team.after(WAIT)
    assert [d.check["lacking"] for d in team.told] == [["a"], ["a", "b"], ["a"], ["a"]]
    assert len({d.key for d in team.told}) == 4


def test_an_older_generation_changes_nothing() -> None:
    held = lacking.heard(None, verdict(5, "a"), START)
    assert lacking.heard(held, verdict(5, "b"), START) is None
    assert lacking.heard(held, verdict(4, "b"), START) is None


@given(st.lists(st.tuples(st.sets(st.sampled_from("abc")), st.sampled_from([0, 1, WAIT / 2, WAIT, 3 * WAIT])), max_size=30))
def test_no_set_is_told_twice_in_a_row_and_the_last_one_is_told(steps: list[tuple[set[str], float]]) -> None:
    team = Team()
    for codes, seconds in steps:
        team.hears(*codes)
        team.after(seconds)
    team.after(WAIT)
    sets = [d.check["lacking"] for d in team.told]
    assert team.standing is None or team.standing.told == team.standing.lacking
    assert len({d.key for d in team.told}) == len(sets)
    assert [] not in sets
    if team.standing is not None and team.standing.lacking:
        assert sets[-1] == team.standing.lacking


def test_a_year_long_past_is_told_only_where_the_rule_sets_no_age() -> None:
    young = [msgspec.structs.replace(r, max_age_days=60) for r in RULES.rules]
    for rules, year, expected in (
        (RULES, 2019, 1),
        (msgspec.structs.replace(RULES, rules=young), 2019, 0),
        (msgspec.structs.replace(RULES, rules=young), 2024, 1),
    ):
        team = Team(rules)
        team.hears("a", year=year)
        team.after(WAIT)
        team.hears("a", year=year)
        team.after(WAIT)
        assert len(team.told) == expected


EXPLANATION = {
    "id": "hanoi-v2",
    "duty": "team",
    "changes": [],
    "children": [
        {"id": "v2-4", "duty": "commune", "changes": [{"code": "funding.late", "vi": "Chưa chi tiền vụ việc 12", "en": "…"}]},
        {
            "id": "v2-5",
            "duty": "team",
            "changes": [],
            "children": [
                {
                    "id": "v2-5.year",
                    "duty": "team",
                    "changes": [
                        {"code": "meetings.year.missing", "vi": "Chưa có biên bản họp năm", "en": "…"},
                        {"code": "meetings.year.missing", "vi": "Chưa có biên bản họp năm", "en": "…"},
                        {"code": "meetings.half.not_due", "vi": "Chưa đến kỳ", "en": "…"},
                    ],
                },
            ],
        },
    ],
}


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (["meetings.year.missing"], ["Chưa có biên bản họp năm"]),
        (
            ["funding.late", "meetings.year.missing"],
            ["Chưa chi tiền vụ việc 12 (việc của UBND, không phải lỗi của tổ)", "Chưa có biên bản họp năm"],
        ),
        (["unknown"], []),
    ],
)
def test_words_come_from_the_explanation_and_the_commune_bears_its_own_part(codes: list[str], expected: list[str]) -> None:
    assert lacking.lines(EXPLANATION, codes) == expected


def test_a_scheme_by_which_the_commune_does_not_go_any_more_lacks_nothing() -> None:
    team = Team()
    team.hears("meetings.year")
    other = msgspec.structs.replace(verdict(2, "meetings.year", "training.second_half"), counts=False)
    team.standing = lacking.heard(team.standing, other, team.now)
    assert team.standing is not None and team.standing.lacking == []
    team.after(WAIT)
    assert team.told == []
    team.standing = lacking.heard(team.standing, verdict(3, "meetings.year"), team.now)
    team.after(WAIT)
    assert len(team.told) == 1, "it goes by it again"
