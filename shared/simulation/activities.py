"""What communes and teams do besides quarrels: classes, documents, meetings, co-ordination, attestations, declarations."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

from shared.simulation import stories, votes
from shared.simulation.desk import Desk, paper, scan
from shared.simulation.roster import Team
from shared.simulation.spelling import team_as_typed
from shared.simulation.times import clock, day_between, days, weekday

CLASSES = (
    "Bồi dưỡng nghiệp vụ hòa giải ở cơ sở", "Kỹ năng hòa giải tranh chấp dân sự", "Luật Hôn nhân và gia đình cho hòa giải viên",
    "Kỹ năng ghi chép, quản lý Sổ theo dõi hoạt động hòa giải ở cơ sở",
)
DOCUMENTS = ("Sổ tay hòa giải viên", "Tờ gấp pháp luật về đất đai", "Tài liệu hỏi đáp pháp luật cho tổ hòa giải")
AGENCIES = (
    "Công an phường", "Hội Liên hiệp Phụ nữ", "Hội Cựu chiến binh", "Đoàn Thanh niên", "Cán bộ địa chính",
    "Chi hội Người cao tuổi",
)


def write_commune(desk: Desk, teams: list[Team]) -> None:
    """What the commune does for all its teams."""
    chance = desk.plan.rng("commune", desk.plan.year, desk.unit.code)
    year = desk.plan.year
    halves = [(dt.date(year, 2, 20), dt.date(year, 4, 20)), (dt.date(year, 6, 10), dt.date(year, 9, 20))]
    if chance.randrange(3) == 0:
        halves.append((dt.date(year, 9, 22), dt.date(year, 10, 20)))
    for number, (first, last) in enumerate(halves):
        _class(desk, chance, teams, number, weekday(day_between(chance, first, last)))
    deliveries = ((dt.date(year - 1, 12, 5), dt.date(year, 3, 20)), (dt.date(year, 6, 1), dt.date(year, 9, 10)))
    for number, (first, last) in enumerate(deliveries):
        _documents(desk, chance, teams, number, weekday(day_between(chance, first, last)))


def _class(desk: Desk, chance: random.Random, teams: list[Team], number: int, held: dt.date) -> None:
    subject = desk.subject("training")
    invited = held - days(chance.randint(8, 14))
    title = CLASSES[number % len(CLASSES)]
    desk.note(
        chance, "training.convened", subject, invited,
        {
            "title": title, "organiser": f"UBND {desk.unit.full_name.lower()}", "held_on": held.isoformat(),
            "hours": chance.choice((4, 8)), "teams": [t.name for t in teams],
            "evidence": [paper("invitation", invited, f"{chance.randint(10, 220)}/GM-UBND")],
        },
        "prompt",
    )
    attendance: list[dict[str, Any]] = []
    for team in teams:
        # the class of the second half-year is the one that is missed
        if team.role.training == "missed" and number == 1:
            continue
        came = chance.sample(team.mediators, chance.randint(1, min(4, len(team.mediators))))
        attendance.append({"team": team.name, "present": len(came), "mediators": sorted(m.ref for m in came)})
    if attendance:
        desk.note(
            chance, "training.attended", subject, held,
            {"attendance": attendance, "evidence": [paper("attendance", held, sha256=scan(chance))]},
        )


def _documents(desk: Desk, chance: random.Random, teams: list[Team], number: int, on: dt.date) -> None:
    reached = [t.name for t in teams if not (t.role.documents == "first_half" and number == 1)]
    if reached:
        desk.note(
            chance, "documents.distributed", desk.subject("documents"), on,
            {"title": chance.choice(DOCUMENTS), "teams": reached, "evidence": [paper("list", on, sha256=scan(chance))]},
        )


def write_team(desk: Desk, team: Team) -> None:
    """One team's year, apart from its quarrels and its money."""
    chance = desk.plan.rng("team", desk.plan.year, desk.unit.code, team.index)
    _meetings(desk, chance, team)
    _coordination(desk, chance, team)
    _attestation(desk, chance, team)
    if not team.cases:
        _declaration(desk, chance, team)
    if chance.randrange(5) < 2:
        on = day_between(chance, desk.plan.start, desk.plan.end)
        desk.note(chance, "outreach.held", desk.subject("outreach"), on, {
            "team": team.name, "title": "Tuyên truyền pháp luật tại nhà văn hóa tổ dân phố", "audience": chance.randint(18, 120),
        })
    if chance.randrange(7) == 0:
        topic, content = chance.choice(stories.SITUATIONS)
        on = day_between(chance, desk.plan.start, desk.plan.end)
        desk.note(chance, "situation.noted", desk.subject("situation"), on, {
            "unit": desk.unit.code, "group": team.group, "team": team.name, "topic": topic, "level": chance.choice((1, 1, 2, 3)),
            "private": {"content": content},
        }, "prompt")


def _meetings(desk: Desk, chance: random.Random, team: Team) -> None:
    """One from 01/05 to 31/07, one from 01/10 to 14/11; the self-assessment meeting counts as the yearly one."""
    year, role = desk.plan.year, team.role
    if role.half_year_meeting == "held":
        _meeting(desk, chance, team, "half_year", day_between(chance, dt.date(year, 5, 2), dt.date(year, 7, 30)))
    if role.year_meeting == "held":
        kind = chance.choice(("self_assessment", "self_assessment", "year"))
        first = dt.date(year, 11, 1) if kind == "self_assessment" else dt.date(year, 10, 5)
        _meeting(desk, chance, team, kind, day_between(chance, first, dt.date(year, 11, 13)))
    elif role.year_meeting == "late":
        _meeting(desk, chance, team, "self_assessment", day_between(chance, dt.date(year, 11, 16), dt.date(year, 11, 20)))
    if chance.randrange(6) == 0:
        _meeting(desk, chance, team, "exchange", day_between(chance, dt.date(year, 1, 5), dt.date(year, 4, 25)))


def _meeting(desk: Desk, chance: random.Random, team: Team, kind: str, on: dt.date) -> None:
    members = len(team.mediators)
    minutes = {
        "team": team_as_typed(chance, team.name), "members": members, "present": chance.randint(members // 2 + 1, members),
        "evidence": [paper("minutes", on, sha256=scan(chance))],
    }
    if kind == "self_assessment" and team.fate.voted:
        votes.write(desk, chance, team, on, minutes)
    else:
        desk.note(chance, "meeting.held", desk.subject("meeting"), on, {**minutes, "kind": kind}, team.role.habit)


def _coordination(desk: Desk, chance: random.Random, team: Team) -> None:
    """A record a half-year, answered within ten days; the last may stay without an answer, or get one late."""
    role, plan = team.role, desk.plan
    if role.coordination == "none":
        return
    for half, (first, last) in enumerate((
        (plan.start, dt.date(plan.year, 4, 20)), (dt.date(plan.year, 5, 2), dt.date(plan.year, 9, 25)),
    )):
        subject = desk.subject("coordination")
        agency = chance.choice(AGENCIES)
        asked = weekday(day_between(chance, first, last))
        desk.note(chance, "coordination.requested", subject, asked, {"team": team.name, "agency": agency}, role.habit)
        if half == 1 and role.coordination == "unanswered":
            continue
        after = chance.randint(20, 30) if half == 1 and role.coordination == "late" else chance.randint(1, 7)
        answered = weekday(asked + days(after))
        desk.note(
            chance, "coordination.answered", subject, answered,
            {"team": team.name, "agency": agency, "evidence": [paper("letter", answered, f"{chance.randint(1, 400)}/CV")]},
        )


def _attestation(desk: Desk, chance: random.Random, team: Team) -> None:
    """The residential Front committee vouches for co-ordination, or does not."""
    if team.role.attested == "none":
        return
    plan = desk.plan
    on = day_between(chance, dt.date(plan.year, 11, 1), dt.date(plan.year, 11, 12))
    desk.note(
        chance, "attestation.given", desk.subject("attestation"), on,
        {
            "team": team.name, "matter": "coordination", "by_role": "front_committee",
            "positive": team.role.attested == "yes", "period_from": plan.start.isoformat(), "period_to": plan.end.isoformat(),
            "paper": paper("letter", on, f"{team.index + 1}/XN-BCTMT"),
        },
        "prompt",
    )


def _declaration(desk: Desk, chance: random.Random, team: Team) -> None:
    """Nothing arose: said for the year, for each half, or for one half only."""
    plan, says = desk.plan, team.role.declares
    middle = dt.date(plan.year, 4, 30)
    periods = {
        "year": [(plan.start, plan.end)], "halves": [(plan.start, middle), (middle + days(1), plan.end)],
        "first_half": [(plan.start, middle)], "no": [],
    }[says]
    for first, last in periods:
        on = last + days(chance.randint(1, 9))
        desk.emit(
            "period.declared", desk.register, desk.subject("period"),
            {"on": on.isoformat(), "team": team.name, "period_from": first.isoformat(), "period_to": last.isoformat()},
            clock(chance, on, 18, 21),
        )
