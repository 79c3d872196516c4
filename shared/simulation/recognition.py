"""A ward's way to its decisions (Hướng dẫn 1269/TP-MTTQ): criteria, requests, the meeting with the Front, who is recognised.

Before 30/11 a request, before 15/12 the decision; what comes late is late, and is told as it was.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import Any, NamedTuple

from shared.calendar import next_working_day
from shared.simulation import lacks
from shared.simulation.desk import Desk, paper, scan
from shared.simulation.requests import asked
from shared.simulation.roster import Team
from shared.simulation.times import day_between, days


class Decided(NamedTuple):
    """The ward's first decision of the year."""

    on: dt.date
    recognised: list[Team]


def write(desk: Desk, teams: list[Team]) -> Decided | None:
    """None where the ward has not decided."""
    chance, year = desk.plan.rng("recognition", desk.plan.year, desk.unit.code), desk.plan.year
    _choose(desk, chance)
    asking = asked(desk, chance, teams)
    late = [team for team in asking if desk.ward.second_round and team.fate.requests == "late"]
    first = _round(desk, chance, [team for team in asking if team not in late], 1, dt.date(year, 12, chance.randint(3, 7)))
    if first is None:
        return None
    if desk.ward.closes:
        desk.file(
            chance, "evaluation.closed", desk.process("closing", year), next_working_day(first.on + days(chance.randint(3, 9))),
            {"unit": desk.unit.code, "year": year},
        )
    _round(desk, chance, late, 2, dt.date(year, 12, 20))
    if desk.ward.corrects and first.recognised:
        _correct(desk, chance, chance.choice(first.recognised))
    return first


def _choose(desk: Desk, chance: random.Random) -> None:
    ward, year = desk.ward, desk.plan.year
    if not ward.chosen:
        return
    on = next_working_day(day_between(chance, dt.date(year - 1, 11, 10), dt.date(year, 1, 20)))
    number = f"{chance.randint(10, 300)}/KH-UBND"
    data: dict[str, Any] = {
        "unit": desk.unit.code, "year": year, "scheme": ward.scheme, "number": number,
        "evidence": [paper("decision", on, number, scan(chance))],
    }
    if ward.changes:
        data["changes"] = list(ward.changes)
    desk.file(chance, "evaluation.scheme-chosen", desk.process("scheme", year), on, data)


def _round(desk: Desk, chance: random.Random, asking: list[Team], number: int, met: dt.date) -> Decided | None:
    """One meeting and its decision."""
    if not asking:
        return None
    unit, year = desk.unit.code, desk.plan.year
    met = next_working_day(met)
    lines = [{"team": team.name, **_seen(desk, chance, team)} for team in asking]
    desk.file(
        chance, "recognition.reviewed", desk.process("review", f"{year}-{number}"), met,
        {
            "unit": unit, "year": year, "chair": "commune_leader", "front_present": True, "results": lines,
            "evidence": [paper("minutes", met, f"{chance.randint(20, 99)}/BB-UBND", scan(chance))],
        },
    )
    if desk.ward.decides == "not_yet":
        return None
    late = desk.ward.decides == "late"
    on = next_working_day(dt.date(year, 12, chance.randint(16, 19)) if late else met + days(chance.randint(1, 2)))
    signed = f"{chance.randint(300, 900)}/QĐ-UBND"
    desk.file(
        chance, "recognition.decided", desk.process("decision", f"{year}-{number}"), on,
        {
            "unit": unit, "year": year, "number": signed, "signed_by": desk.ward.signed_by,
            "recognised": [line["team"] for line in lines if line["recognise"]],
            "declined": [{"team": line["team"], "reason": line["remark"]} for line in lines if not line["recognise"]],
            "evidence": [paper("decision", on, signed, scan(chance))],
        },
    )
    return Decided(on, [team for team, line in zip(asking, lines, strict=True) if line["recognise"]])


def _seen(desk: Desk, chance: random.Random, team: Team) -> dict[str, Any]:
    """What the meeting makes of a request. It looks into papers, but not into all."""
    lacking, unseen = lacks.known(team, desk.ward.scheme), lacks.unseen(team)
    if team.fate.result == "recognised":
        return {"recognise": True}
    if team.vote is None or not team.vote.allows:
        return _not("Chưa được quá nửa số hòa giải viên đồng ý, hoặc tổ tự đánh giá chưa đạt đủ tiêu chí")
    if lacking and chance.randrange(10) < 6:
        return _not(f"Hội nghị xét: {lacks.WORDS[lacking[0]]}")
    if unseen and chance.randrange(10) < 5:
        return _not("Chưa đủ giấy tờ chứng minh theo hướng dẫn")
    if not lacking and not unseen and chance.randrange(25) == 0:
        return _not("Sổ theo dõi hoạt động hòa giải ghi chép chưa đầy đủ")
    if lacking or unseen:
        return {"recognise": True, "remark": "Hội nghị thống nhất công nhận, đề nghị tổ bổ sung giấy tờ còn thiếu"}
    return {"recognise": True}


def _not(reason: str) -> dict[str, Any]:
    return {"recognise": False, "remark": reason}


def _correct(desk: Desk, chance: random.Random, team: Team) -> None:
    """A paper turns up after the year was closed: the team's year is judged again, with the reason."""
    year = desk.plan.year
    held, found = dt.date(year, 4, 12), next_working_day(dt.date(year + 1, 1, chance.randint(6, 16)))
    desk.file(
        chance, "meeting.held", desk.subject("meeting"), held,
        {"team": team.name, "kind": "exchange", "evidence": [paper("minutes", held, sha256=scan(chance))]},
        after=(found - held).days,
    )
    desk.file(
        chance, "evaluation.corrected", desk.process("correction", team.index + 1), found + days(1),
        {
            "team": team.name, "year": year, "reason": "Tìm thấy biên bản họp trao đổi kinh nghiệm sau khi đã khóa sổ đánh giá",
            "by": f"officer-{desk.unit.code}",
        },
    )


def revoke(desk: Desk, chance: random.Random, team: Team, on: dt.date) -> None:
    number = f"{chance.randint(20, 120)}/QĐ-UBND"
    desk.file(
        chance, "recognition.revoked", desk.process("revocation", team.index + 1), on,
        {
            "team": team.name, "year": desk.plan.year, "number": number,
            "reason": "Hồ sơ đề nghị có nội dung không đúng thực tế", "evidence": [paper("decision", on, number, scan(chance))],
        },
    )
