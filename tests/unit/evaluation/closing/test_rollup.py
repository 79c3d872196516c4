"""The commune, the city and the ward's sheet, all in exact numbers."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from services.evaluation.domain.closing.rollup import Commune, Measure, reached
from services.evaluation.domain.closing.sheet import Decided, TeamYear, settled_rate, sheet
from services.evaluation.rules import RulesError
from services.evaluation.rules.targets import HERE, city_targets, load_targets
from tests.unit.evaluation.builders import FULL, judged

ON = dt.date(2025, 10, 31)
HALF = Fraction(1, 2)


def commune(unit: str = "00118", **counts: Any) -> Commune:
    return Commune(unit=unit, name="Bồ Đề", scheme="hanoi-v2", closed=False, **counts)


@pytest.mark.parametrize(("recognised", "teams", "good"), [(1, 2, True), (9, 19, False), (10, 19, True), (0, 3, False)])
def test_half_of_the_teams_makes_a_good_commune(recognised: int, teams: int, good: bool) -> None:
    assert commune(recognised=recognised, teams=teams).good(HALF) is good


def test_a_commune_without_teams_is_neither() -> None:
    assert commune().good(HALF) is None and commune().share is None


def by_id(communes: list[Commune], on: dt.date = ON) -> dict[str, Any]:
    return {r.target.id: (r.share, r.reached) for r in reached(city_targets(), communes, on)}


def test_the_citys_targets() -> None:
    good, weak = commune("1", teams=2, recognised=1), commune("2", teams=3, recognised=1)
    rate = commune("3", teams=1, recognised=1, settled=9, rated=10, members=5, trained=4, new=3, new_trained=3)
    assert by_id([good, weak, rate]) == {
        "settled_rate": ((9, 10), True), "good_communes": ((2, 3), True), "members_trained": ((4, 5), False),
        "new_members_trained": ((3, 3), True),
    }
    just_below = commune("4", settled=8999, rated=10000)
    assert by_id([just_below])["settled_rate"] == ((8999, 10000), False)
    assert by_id([commune("5")])["settled_rate"] == (None, None), "0/0 is neither reached nor missed"


def test_three_of_five_communes_reach_sixty_percent() -> None:
    listed = [commune(str(n), teams=1, recognised=int(n < 3)) for n in range(5)]
    assert by_id(listed)["good_communes"] == ((3, 5), True)
    listed.append(commune("5", teams=1))
    assert by_id(listed)["good_communes"] == ((3, 6), False)
    listed.append(commune("6"))
    assert by_id(listed)["good_communes"] == ((3, 6), False), "a commune without teams is not counted"


def test_before_the_plan_there_were_no_targets() -> None:
    assert by_id([commune("1", teams=1)], dt.date(2024, 10, 31)) == {}


def test_every_target_is_cited() -> None:
    targets = city_targets()
    for target in targets.targets:
        assert all("KH 183" in value.citation for value in target.at_least.values)
        assert target.measure is not Measure.UNMEASURED or target.note


@pytest.mark.parametrize(("old", "new", "said"), [
    ("targets: hanoi", "targets: other", "name them as their file: 'hanoi'"),
    ("value: 60%", "value: 60", "write 85% or 9/10"),
    ("by_year: 2030", "by_yaer: 2030", "did you mean 'by_year'"),
    ("measure: members_trained", "measure: guessed", "write one of: settled_rate"),
    ("measure: new_members_trained", "measure: unmeasured", "months belong to new_members_trained"),
    ("  - id: members_trained", "  - id: settled_rate", "id of its own"),
    ("from: 2025-07-10", "from: 10/07/2025", "YYYY-MM-DD"),
    ("mark: F", "mark: X", "write one of: F, I, U"),
])
def test_a_broken_file_is_one_clear_error(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = tmp_path / "hanoi.yaml"
    text = (HERE / "hanoi.yaml").read_text()
    line = text[:text.index(old)].count("\n") + 1
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(RulesError) as error:
        load_targets(path)
    assert said in str(error.value) and str(error.value).startswith(f"hanoi.yaml:{line}:"), error.value


# -- the sheet

def year(team: str, facts: Any = FULL, **more: Any) -> TeamYear:
    found = judged(facts)
    return TeamYear(
        team=team, verdict=str(found.verdict), tree=found.tree.as_json(), settled=found.settled, rated=found.rated, **more,
    )


def test_every_number_of_the_sheet_names_what_was_counted() -> None:
    decided = Decided(entry="e-1", on="2024-12-20", late=True, recognised=True)
    found = sheet([year("HG-1", requested=True, recognised=True, decided=decided), year("HG-2", requested=True)])
    assert found["cases"]["settled"] == {"n": 3, "ids": ["case-1", "case-2", "case-3"]}
    assert found["cases"]["received"]["n"] == 3 and found["cases"]["pending"] == {"n": 0, "ids": []}
    assert found["teams"]["meets"]["ids"] == ["HG-1", "HG-2"]
    assert found["teams"]["recognised"] == {"n": 1, "ids": ["HG-1"]}
    assert found["decisions"] == {
        "decided": {"n": 1, "ids": ["HG-1"]}, "late": {"n": 1, "ids": ["HG-1"]}, "undecided": {"n": 1, "ids": ["HG-2"]},
        "entries": ["e-1"],
    }
    funding = found["duties"]["funding"]["met"]
    assert funding["n"] >= 2 and {"p-1"} <= {id for item in funding["items"] for id in item["ids"]}
    assert {item["team"] for item in found["duties"]["documents"]["met"]["items"]} == {"HG-1", "HG-2"}

    def counts(node: Any) -> None:
        if isinstance(node, dict):
            if "ids" in node and "n" in node:
                assert node["n"] == len(node["ids"])
            for value in node.values():
                counts(value)

    counts(found)


def test_eleven_of_thirteen_is_shown_and_exact() -> None:
    assert settled_rate(11, 13) == {
        "numerator": 11, "denominator": 13, "exact": {"vi": "84,615%", "en": "84.615%"},
        "shown": {"vi": "84,6%", "en": "84.6%"},
    }
    assert settled_rate(0, 0)["shown"] is None
