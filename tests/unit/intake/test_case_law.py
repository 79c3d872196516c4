"""The table of the law: read strictly, and replaced by a later one for facts of its own days only."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from services.intake.domain.case import fold_case
from services.intake.domain.case_life import case_law, law_of
from services.intake.domain.case_life.loader import HERE
from shared.rulebooks import RulesError
from tests.unit.intake.cases import entry

PATH = HERE / "luat-35-2013.yaml"
TEXT = PATH.read_text()

AMENDED = """\
table: luat-moi
from: 2031-01-01
amends: luat-35-2013
citation: a law made up for this test
mark: U
steps:
  case.settled:
    rank: 50
    from: [mediating]
    to: settled
    cite: "Luật mới, Điều 1"
    mark: U
deadlines:
  start: {length: 5, unit: working_days, flag: started_late, cite: "Luật mới, Điều 2", mark: U}
"""


def test_a_fact_is_read_by_the_table_in_force_on_its_own_day() -> None:
    law = law_of({PATH: TEXT, Path("luat-moi.yaml"): AMENDED})
    assert [law.on(day).id for day in ("1999-01-01", "2030-12-31T23:00:00+07:00", "2031-01-01")] == [
        "luat-35-2013", "luat-35-2013", "luat-moi"
    ]
    told = [
        entry("case.reported", "2030-12-27"), entry("case.assigned", "2030-12-28", mediator="m"),
        entry("case.mediation-held", "2031-01-03"),
    ]
    # assigned under the older law: 3 days, 31/12 is a Tuesday
    assert [(flag.code, "35/2013" in flag.article) for flag in fold_case(told, law=law).flags] == [("started_late", True)]
    later = [entry("case.reported", "2031-01-02"), entry("case.assigned", "2031-01-06", mediator="m")]
    assert [str(one.last_day) for one in fold_case(later, law=law).due] == ["2031-01-13"]
    settled = fold_case([*later, entry("case.settled", "2031-01-07")], law=law)
    assert [flag.article for flag in settled.flags] == ["Luật mới, Điều 1"]
    # what it does not list stays as it was
    assert law.on("2031-01-01").steps["case.reopened"] == law.on("2030-01-01").steps["case.reopened"]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("    rank: 10\n", "    rank: 10\n    rnak: 1\n", "unknown key 'rnak'; did you mean 'rank'"),
    ("    rank: 10\n", "    rank: 10\n    rank: 11\n", "stands twice"),
    ("from: 2014-01-01", "from: 2014-02-30", "not a day"),
    ("    to: received\n", "    to: recieved\n", "'recieved' is not known"),
    ("set: {court: asked}", "set: {court: hoped}", "no value of 'court'"),
    ("set: {court: asked}", "set: {curt: asked}", "no field 'curt'"),
    ("keep: [written, perform_by]", "keep: [written, mediator]", "does not say 'mediator'"),
    ("  written_up:\n", "  written_down:\n", "'written_down' is not known"),
    ("unit: working_days", "unit: weeks", "write one of: days, working_days, months"),
    ("length: 6", "length: six", "not a whole number"),
    ("table: luat-35-2013", "table: luat-36", "name it as its file"),
])
def test_a_mistake_in_the_table_is_named_with_its_line_and_a_remedy(old: str, new: str, said: str) -> None:
    assert old in TEXT
    with pytest.raises(RulesError, match=re.escape(said)) as caught:
        law_of({PATH: TEXT.replace(old, new, 1)})
    # a block begins on the line after its key, or after a comment below it
    lines = TEXT.replace(old, new, 1).split("\n")[caught.value.line - 3:caught.value.line]
    assert any(new.strip().split("\n")[-1].strip() in line for line in lines)


def test_a_step_left_out_two_tables_of_one_day_and_an_unknown_base_are_refused() -> None:
    start = TEXT.index("  case.linked:")
    with pytest.raises(RulesError, match=r"'case\.linked' is missing"):
        law_of({PATH: TEXT[:start] + TEXT[TEXT.index("  case.unlinked:"):]})
    with pytest.raises(RulesError, match="begins on the same day"):
        law_of({PATH: TEXT, Path("luat-moi.yaml"): AMENDED.replace("2031-01-01", "2014-01-01")})
    with pytest.raises(RulesError, match="no older table"):
        law_of({Path("luat-moi.yaml"): AMENDED})


def test_every_step_deadline_and_flag_has_its_citation_and_mark() -> None:
    for table in case_law().tables:
        for rule in [*table.steps.values(), *table.deadlines.values(), *table.flags.values()]:
            assert rule.cite and rule.mark in ("F", "I", "U")
