"""The district of the article: its published figures, and one of everything that a year can bring."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from typing import Any

import pytest

from shared.simulation.units import LONG_BIEN
from tests.unit.simulation.reading import Event, by_type, district, once, outcomes

SEEDS = [1, 2, 3, 4, 5]


def rosters(seed: int) -> list[Any]:
    return [e.data for e in by_type(district(seed))["directory.roster.snapshot"]]


@pytest.mark.parametrize("seed", SEEDS)
def test_14_wards_222_groups_222_teams_1315_mediators(seed: int) -> None:
    wards = rosters(seed)
    assert [w.unit.code for w in sorted(wards, key=lambda w: w.unit.code)] == [code for code, *_ in LONG_BIEN]
    assert sum(len(w.groups) for w in wards) == 222
    assert sum(len(w.teams) for w in wards) == 222
    people = [m for w in wards for t in w.teams for m in t.mediators]
    assert len(people) == len({m.ref for m in people}) == 1315
    groups = {w.unit_name: len(w.groups) for w in wards}
    assert groups["Phường Thượng Thanh"] == 28
    assert groups["Phường Phúc Đồng"] == 10


@pytest.mark.parametrize("seed", SEEDS)
def test_teams_are_such_as_the_law_asks_for_all_year(seed: int) -> None:
    """Luật 35/2013 Art. 12: three mediators, one of them a woman. One leaves in some teams and another is elected."""
    kinds = by_type(district(seed))
    for ward in rosters(seed):
        for team in ward.teams:
            assert len(team.mediators) >= 3
            assert any(m.sex == "female" for m in team.mediators)
            assert sum(m.leader for m in team.mediators) == 1
    sexes = {m.ref: m.sex for w in rosters(seed) for t in w.teams for m in t.mediators}
    left = {e.data.team: sexes[e.data.ref] for e in kinds["directory.mediator.ended"] if "00139" in e.subject}
    came = {e.data.team: e.data.mediator.sex for e in kinds["directory.mediator.registered"] if "00139" in e.subject}
    assert left == came != {}


@pytest.mark.parametrize("seed", SEEDS)
def test_about_107_cases_of_which_93_8_percent_are_settled(seed: int) -> None:
    kinds = by_type(once(district(seed)))
    assert len({e.subject for e in kinds["case.reported"] + kinds["case.recorded"]}) == 107
    ended = Counter(outcomes(district(seed)).values())
    rated = ended["settled"] + ended["not_settled"] + ended["ended_by_party"]
    assert ended["open"] >= 1
    assert abs(Fraction(ended["settled"], rated) - Fraction(938, 1000)) <= Fraction(1, 200)


def team_of(event: Event) -> tuple[str, str]:
    return event.source, event.data.team


@pytest.mark.parametrize("seed", SEEDS)
def test_one_team_settled_11_of_13(seed: int) -> None:
    """84.6% is printed as 85% and fails 85%."""
    how = outcomes(district(seed))
    (thirteen,) = [cases for cases in per_team(seed).values() if len(cases) == 13]
    assert Counter(how[subject] for subject in thirteen)["settled"] == 11


def per_team(seed: int) -> dict[tuple[str, str], list[str]]:
    """Cases that a register reported by team name, by the team's payments and its own reports."""
    from shared.naming import fold_name

    cases: dict[tuple[str, str], set[str]] = defaultdict(set)
    how = outcomes(district(seed))
    for e in district(seed):
        if e.type in ("case.reported", "case.recorded") and e.data.team and e.subject in how:
            cases[e.source, fold_name(e.data.team)].add(e.subject)
    return {team: sorted(subjects) for team, subjects in cases.items()}


def test_wards_differ_widely() -> None:
    reported = by_type(once(district()))
    teams = {w.unit.code: len(w.teams) for w in rosters(1)}
    codes = Counter(e.id.split("-")[1] for e in reported["case.reported"] + reported["case.recorded"])
    rates = [Fraction(codes[code], n) for code, n in teams.items()]
    assert max(rates) > 5 * min(rates)


def test_most_teams_have_no_case_and_most_of_these_say_so() -> None:
    declared = {team_of(e) for e in by_type(district())["period.declared"]}
    assert 100 < len(declared) < 200
    silent = 222 - len(declared) - len(per_team(1))
    assert silent > 5


@pytest.mark.parametrize("seed", SEEDS)
def test_one_of_everything(seed: int) -> None:
    kinds = by_type(once(district(seed)))
    for kind in (
        "case.reported", "case.recorded", "case.out-of-scope", "case.referred", "case.assigned", "case.chosen",
        "case.mediation-held", "case.settled", "case.not-settled", "case.ended-by-party", "case.reopened",
        "case.agreement-fulfilled", "case.court-recognition-asked", "case.court-recognition-granted", "case.linked",
        "training.convened", "training.attended", "documents.distributed", "payment.requested", "payment.decided",
        "payment.paid", "meeting.held", "coordination.requested", "coordination.answered", "attestation.given",
        "outreach.held", "situation.noted", "period.declared", "record.corrected", "record.withdrawn",
        "directory.name.confirmed", "directory.mediator.ended", "directory.mediator.registered",
        "evaluation.scheme-chosen", "evaluation.closed", "evaluation.corrected", "recognition.self-assessed",
        "recognition.requested", "recognition.returned", "recognition.reviewed", "recognition.decided", "recognition.revoked",
        "practice.noted", "commendation.proposed", "commendation.submitted", "commendation.supplement-asked",
        "commendation.supplemented", "commendation.appraised", "commendation.decided", "commendation.declined",
        "commendation.given", "commendation.paid", "commendation.revoked", "commendation.recovered", "verification.opened",
        "verification.closed",
    ):
        assert kinds[kind], kind


def test_the_same_quarrel_came_from_two_sources_and_is_linked() -> None:
    kinds = by_type(district())
    reported = {e.subject: e.source for e in kinds["case.reported"] + kinds["case.recorded"]}
    for link in kinds["case.linked"]:
        assert reported[link.subject] == "https://app.citizen.example"
        assert link.data.primary in reported
        assert link.data.primary != link.subject


def test_corrections_and_withdrawals_name_an_event_of_the_same_record() -> None:
    sent = {(e.source, e.id): e for e in district()}
    changed = [e for e in district() if e.type.startswith("record.")]
    assert len(changed) >= 2
    for e in changed:
        target = sent[e.data.target.source, e.data.target.id]
        assert target.subject == e.subject
        if e.type == "record.corrected":
            assert e.data.of == target.raw["type"]


def test_some_facts_have_a_time_of_day_and_most_a_date_only() -> None:
    days = Counter(e.data.on.has_time for e in district() if e.type.startswith("case."))
    assert days[True] > 10
    assert days[False] > 5 * days[True]


def test_some_things_are_written_up_weeks_later() -> None:
    late = [e for e in district() if e.type.startswith("case.") and _days_late(e) > 30]
    assert len(late) > 10


def _days_late(e: Event) -> int:
    import datetime as dt

    return (dt.date.fromisoformat(e.time[:10]) - e.data.on.day).days


def test_every_lack_of_the_cast_is_somebodys() -> None:
    """What each scheme asks for, somebody lacks: classes, documents, meetings, the Front's word, answers, money in time."""
    kinds = by_type(once(district()))
    teams = {(f"https://{e.subject.split('/')[2]}", t.name) for e in kinds["directory.roster.snapshot"] for t in e.data.teams}
    attended = Counter((e.source, a.team) for e in kinds["training.attended"] for a in e.data.attendance)
    convened = Counter((e.source, t) for e in kinds["training.convened"] for t in e.data.teams)
    assert any(attended[t] < convened[t] for t in teams)
    received = Counter((e.source, t) for e in kinds["documents.distributed"] for t in e.data.teams)
    assert {received[t] for t in teams} == {1, 2}
    assert {e.data.positive for e in kinds["attestation.given"]} == {True, False}
    assert len(kinds["attestation.given"]) < 222
    asked = {e.subject for e in kinds["coordination.requested"]}
    answered = {e.subject: e.data.on for e in kinds["coordination.answered"]}
    assert asked - set(answered)
    paid = {e.subject: e.data.on.day for e in kinds["payment.paid"]}
    waits = [(paid[e.subject] - e.data.on.day).days for e in kinds["payment.requested"]]
    assert max(waits) >= 15
    assert sum(wait <= 7 for wait in waits) > 0.97 * len(waits)
    assert any(e.data.on > "2024-11-14" for e in kinds["recognition.self-assessed"])
    known = {e.subject: e.data.on.day for e in kinds["case.reported"] if e.data.first_known_by == "unit"}
    taken_up = {e.subject: e.data.on.day for e in kinds["case.assigned"] + kinds["case.chosen"]}
    assert max((taken_up[s] - on).days for s, on in known.items() if s in taken_up) > 7
    asked_for = {case for e in kinds["payment.requested"] for case in e.data.cases}
    how = outcomes(district())
    assert [s for s, ending in how.items() if ending != "open" and s not in asked_for]
