"""The papers about one team's year."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from services.evaluation.domain.casework import Standings, standings
from services.evaluation.domain.facts import TeamFacts
from services.evaluation.domain.recognition.papers import Paper as Step
from services.evaluation.domain.recognition.papers import read_papers
from services.evaluation.domain.recognition.procedure import Act, Paper, Procedure
from services.evaluation.queries.closing import closed
from services.evaluation.queries.desk import Desk
from services.evaluation.queries.finding import find_team
from services.evaluation.queries.recognition import recognition
from services.evaluation.queries.verdicts import explain
from services.evaluation.rules.procedure import procedure_of
from services.evaluation.store import Document, sheets
from shared.calendar import Span
from shared.papers import data

TITLE = "“Tổ hòa giải 5 tốt”"
MEETINGS = {
    "half_year": "Họp sơ kết 6 tháng", "year": "Họp tổng kết năm", "self_assessment": "Họp tự đánh giá",
    "exchange": "Họp trao đổi kinh nghiệm", "other": "Họp tổ",
}
DISPUTES = {
    "personal": "Mâu thuẫn trong sinh hoạt", "civil": "Tranh chấp dân sự", "family": "Hôn nhân và gia đình",
    "minor_violation": "Vi phạm chưa đến mức xử lý hình sự, hành chính",
}
ATTACHED = {Paper.MINUTES: "Biên bản họp tự đánh giá", Paper.REPORT: "Báo cáo kết quả hoạt động năm {year} của tổ"}


class TeamYear:
    """What all papers of a team's year begin with. Raise ``UnknownTeam``."""

    def __init__(self, desk: Desk, team: str, year: int) -> None:
        self.desk, self.year = desk, year
        self.code = find_team(desk.db, desk.replica, team)
        self.held = recognition(desk.db, desk.schemes, desk.default, desk.replica, self.code, year, desk.today)
        chosen = desk.chosen(desk.replica.units_of([self.code]))
        self.scheme = chosen.of(self.held["unit"], year).scheme
        self.procedure = procedure_of(self.scheme.procedure)
        self.span: Span | None = self.scheme.span(year)

    @property
    def vote(self) -> Mapping[str, Any]:
        return self.held["vote"] or {}

    def head(self) -> dict[str, Any]:
        return {
            "unit_name": self.held["unit_name"], "year": self.year, "team_name": self.held["name"], "team": self.code,
            "group": self.held["group"] or None, "scheme": scheme_words(self.scheme.title.vi),
            "members": self.vote.get("members") or self.held["members"] or None, "criteria": self.criteria(),
        }

    def criteria(self) -> list[data.Criterion] | None:
        """Those that were frozen, where the year is closed."""
        tree = closed(self.desk.db, self.code, self.year) or explain(
            self.desk.db, self.desk.schemes, self.desk.replica, self.code, self.scheme.id, self.year
        )
        if tree is None:
            return None
        said = self.vote.get("criteria") or {}
        # whoever found that all are met said so of each
        otherwise = True if self.vote.get("all_met") else None
        return [
            data.Criterion(
                title=child["title"]["vi"], self_met=said.get(child["id"], otherwise), measured=child["verdict"],
                finding=child["sentence"]["vi"] or None,
            )
            for child in tree["children"]
        ]

    def facts(self) -> TeamFacts:
        return sheets.facts_of(self.desk.db, [self.code], keep=False)[self.code]


def scheme_words(title: str) -> str:
    return f"bộ tiêu chí “{title}”"


def vote_of(procedure: Procedure, held: Mapping[str, Any], year: int) -> data.Vote:
    """``held``: of the last self-assessment; empty where there is none yet."""
    on = dt.date.fromisoformat(held["on"]) if held else None
    share = procedure.values.vote_share.find(on or dt.date(year, 12, 31))
    rule = None if share is None else f"trên {_percent(share.value)} tổng số hòa giải viên của tổ, kể cả người vắng mặt"
    if not held:
        return data.Vote(vote_rule=rule)
    members, present, agreed = held["members"], held["present"], held["agreed"]
    enough = None if share is None else held["all_met"] and Fraction(agreed, members) > share.value
    return data.Vote(
        met_on=on, present=present, absent=members - present, agreed=agreed, not_agreed=present - agreed,
        agreed_share=(agreed, members), vote_rule=rule, passed=enough,
    )


def _percent(share: Fraction) -> str:
    hundredths = share * 100
    return f"{hundredths}%" if hundredths.denominator == 1 else f"{share.numerator}/{share.denominator}"


def minutes(desk: Desk, team: str, year: int) -> data.SelfAssessmentMinutes:
    own = TeamYear(desk, team, year)
    return data.SelfAssessmentMinutes(**own.head(), vote=vote_of(own.procedure, own.vote, year))


def request(desk: Desk, team: str, year: int) -> data.RecognitionRequest:
    own = TeamYear(desk, team, year)
    papers = own.procedure.values.request_papers.find(dt.date(year, 12, 31))
    return data.RecognitionRequest(
        **own.head(), vote=vote_of(own.procedure, own.vote, year), dated=_day(_step_day(own.held, Act.REQUEST)),
        attachments=None if papers is None else [ATTACHED.get(paper, str(paper)).format(year=year) for paper in papers.value],
    )


def certificate(desk: Desk, team: str, year: int) -> data.RecognitionCertificate | None:
    """None unless a decision recognises the team."""
    own = TeamYear(desk, team, year)
    if own.held["state"] != "recognised":
        return None
    decided = standing_decision(own.facts().steps, year, own.held["number"])
    on = None if decided is None else decided.on
    return data.RecognitionCertificate(
        unit_name=own.held["unit_name"], year=year, form="Giấy công nhận", recipient=own.held["name"],
        belongs_to=own.held["unit_name"], achievement=f"Đạt {TITLE} năm {year}", decision=own.held["number"],
        decided_on=on, dated=on, ordinal=None if decided is None else place_in(listed_in(desk, decided), decided),
        signed_by=None if decided is None else signer(decided.signed_by),
    )


def signer(signed_by: str | None) -> data.Signer | None:
    """Of the commune's, and of others no word: the paper is not theirs."""
    match signed_by:
        case "commune_chair" | "commune_vice_chair":
            return signed_by
        case _:
            return None


def standing_decision(steps: Iterable[Any], year: int, number: str | None) -> Step | None:
    """The last paper of that number that recognises the team."""
    found = [paper for paper in read_papers(steps, year) if paper.act is Act.RECOGNISE and paper.number == number]
    return found[-1] if found else None


def listed_in(desk: Desk, decided: Step) -> list[str]:
    """All that the decision recognises, in its own order; a team's step keeps only that team's name."""
    found = desk.db["activities"].find_one({"_id": decided.step.record}, {"entries": 1}) or {"entries": []}
    return next((entry["data"].get("recognised", []) for entry in found["entries"] if entry["entry"] == decided.id), [])


def place_in(listed: Iterable[str], decided: Step) -> int | None:
    """The team's place in the decision's list, from 1."""
    return next((place for place, name in enumerate(listed, 1) if name in decided.step.names), None)


def _step_day(held: Document, act: Act) -> str | None:
    days = [step["on"] for step in held["steps"] if step["act"] == str(act) and step["effect"] != "refused"]
    return days[-1] if days else None


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


# -- the yearly report


def report(desk: Desk, team: str, year: int) -> data.YearlyReport | None:
    """None where the scheme has no such year."""
    own = TeamYear(desk, team, year)
    if own.span is None:
        return None
    facts, span = own.facts(), own.span
    stood = standings(facts.cases, span)
    settled, failed, pending = (len(cases) for cases in (stood.settled, stood.not_settled, stood.pending))
    # the meeting that assesses the year takes place after its last day
    until = Span(span.first, max(span.last, _day(own.vote.get("on")) or span.last))
    return data.YearlyReport(
        **own.head(), first=span.first, last=span.last, women=_women(own, min(span.last, desk.today)),
        received=settled + failed + pending, settled=settled, not_settled=failed, open=pending,
        settled_share=(settled, settled + failed), disputes=_disputes(desk, stood),
        classes=_listed((t.held, t.title or "Lớp tập huấn", t.sheets[own.code].present)
                        for t in facts.trainings if t.held in span and own.code in t.sheets),
        documents=_listed((d.on, d.title or "Tài liệu", None) for d in facts.deliveries if d.on in span and own.code in d.teams),
        meetings=_listed((m.on, MEETINGS.get(m.kind, MEETINGS["other"]), None) for m in facts.meetings if m.on in until),
        coordination=_listed((c.asked, c.agency, None) for c in facts.coordinations if c.asked is not None and c.asked in span),
        paid=sum(amount for payment in facts.payments for on, amount in payment.paid if on in span),
        practice=_practice(desk, own.code, until),
    )


def _practice(desk: Desk, code: str, span: Span) -> str | None:
    """What was noted of the team that others could do too."""
    noted = sorted(
        (entry["on"], f"{entry['data']['title']}: {entry['data']['practice']}")
        for d in desk.db["activities"].find({"teams": code, "entries.type": "practice.noted"}, {"entries": 1})
        for entry in d["entries"] if entry["type"] == "practice.noted" and dt.date.fromisoformat(entry["on"][:10]) in span
    )
    return "\n".join(text for _, text in noted) or None


def _listed(rows: Iterable[tuple[dt.date, str, int | None]]) -> list[data.Happening]:
    return [data.Happening(on=on, title=title, present=present) for on, title, present in sorted(rows, key=lambda row: row[:2])]


def _women(own: TeamYear, on: dt.date) -> int | None:
    state = own.desk.replica.index.get(own.code)
    if state is None:
        return None
    day = on.isoformat()
    return sum(
        m.sex == "female" for m in state.members if m.valid_from[:10] <= day and (m.valid_to is None or day < m.valid_to[:10])
    )


def _disputes(desk: Desk, stood: Standings) -> list[data.DisputeLine]:
    """Only kinds, never a case."""
    won = {case.id for case in stood.settled}
    kinds = {
        d["_id"]: d["state"].get("dispute")
        for d in desk.db["cases"].find({"_id": {"$in": [case.id for case in stood.counted]}}, {"state.dispute": 1})
    }
    received, settled = Counter(kinds.values()), Counter(kinds[id] for id in won & kinds.keys())
    return [
        data.DisputeLine(kind=title, received=received[kind], settled=settled[kind])
        for kind, title in DISPUTES.items() if received[kind]
    ]
