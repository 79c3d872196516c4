"""A closed verdict beside today's facts: what changed, and what does not matter."""

from __future__ import annotations

from services.evaluation.domain.closing.canonical import Basis
from services.evaluation.domain.closing.comparing import Comparison, FactChange, compare
from services.evaluation.domain.facts import Meeting, Team, TeamFacts
from services.evaluation.domain.judge import judge
from services.evaluation.domain.near import near
from services.evaluation.domain.tree import Node
from tests.unit.evaluation.builders import DECLARED, FULL, LATER, TEAM, WINDOW, day, judged, replace, rules, settled

TREE = judged(FULL).tree.encoded()
FROZEN = Basis(TEAM, FULL)


def by_rules(basis: Basis) -> Node | None:
    found = judge(rules(), basis.team, basis.facts, LATER)
    return None if found is None else found.tree


def stricter(basis: Basis) -> Node | None:
    """As if the code that applies the rules asked for more."""
    found = judge(rules("hanoi-v1"), basis.team, basis.facts, LATER)
    return None if found is None else found.tree


def beside(live: TeamFacts | None, team: Team = TEAM) -> Comparison:
    basis = None if live is None else Basis(team, near(live, WINDOW))
    return compare(TREE, FROZEN, basis, by_rules, same_code=True)


def test_the_same_facts() -> None:
    assert beside(FULL) == Comparison(why="same", closed="met", now="met")


def test_next_years_facts_are_not_this_years() -> None:
    more = replace(
        FULL, cases=(*FULL.cases, settled("next", "2025-01-10", "2025-02-01", "not_settled")),
        meetings=(*FULL.meetings, Meeting("m-next", TEAM.code, "half_year", day("2025-06-01"))),
    )
    assert beside(more).why == "same"


def test_a_case_written_up_after_the_closing() -> None:
    late = settled("late", "2024-10-01", "2024-10-20", "not_settled")
    unrelated = Meeting("m-next", TEAM.code, "half_year", day("2025-06-01"))
    found = beside(replace(FULL, cases=(*FULL.cases, late), meetings=(*FULL.meetings, unrelated)))
    assert (found.why, found.closed, found.now) == ("facts", "met", "not_met")
    assert found.changes == (FactChange("case", "late", "added"),)


def test_a_meeting_taken_back_and_a_case_corrected() -> None:
    changed = replace(FULL, meetings=FULL.meetings[1:], cases=(settled("case-1", status="not_settled"), *FULL.cases[1:]))
    assert set(beside(changed).changes) == {
        FactChange("meeting", "m-1", "removed"), FactChange("case", "case-1", "changed"),
    }


def test_a_change_without_effect_is_none() -> None:
    """Another title of a class changes no verdict and no reason."""
    renamed = replace(FULL, trainings=(replace(FULL.trainings[0], title="Luật"), *FULL.trainings[1:]))
    assert beside(renamed).why == "same"


def test_a_declaration_that_adds_nothing() -> None:
    found = beside(replace(FULL, declarations=(DECLARED,)))
    assert found.now == "met" and found.why == "facts", "the explanation says that it contradicts the cases"


def test_a_team_that_is_gone() -> None:
    assert beside(None) == Comparison(
        why="facts", closed="met", now=None, changes=(FactChange("team", TEAM.code, "removed"),),
    )
    ended = replace(TEAM, ended=day("2024-06-01"))
    found = beside(FULL, ended)
    assert (found.why, found.now, found.changes) == ("facts", None, (FactChange("team", TEAM.code, "changed"),))


def test_two_changes_of_which_neither_matters_alone_are_both_named() -> None:
    """A case moved to another id: taken out here, put in there."""
    renamed = replace(FULL, meetings=tuple(replace(m, id=f"{m.id}-x") for m in FULL.meetings))
    assert {c.id for c in beside(renamed).changes} == {"m-1", "m-1-x", "m-2", "m-2-x"}


def test_code_that_changed() -> None:
    found = compare(TREE, FROZEN, FROZEN, stricter, same_code=False)
    assert found.why == "rules"
    assert compare(TREE, None, FROZEN, by_rules, same_code=False).why == "rules"


def test_code_that_did_not_change_cannot_say_something_else() -> None:
    """Somebody changed verdict, explanation and every hash, but the facts do not give it."""
    forged = TREE.replace(b'"verdict":"met"', b'"verdict":"not_met"')
    assert forged != TREE
    assert compare(forged, FROZEN, FROZEN, by_rules, same_code=True).why == "altered"


def test_other_words_are_the_same_verdict() -> None:
    reworded = TREE.replace("Hòa giải thành".encode(), "Hoà giải thành".encode())
    assert reworded != TREE
    assert compare(reworded, FROZEN, FROZEN, by_rules, same_code=False).why == "same"
