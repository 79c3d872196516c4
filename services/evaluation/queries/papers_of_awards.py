"""The papers about commendations: one dossier, the awards of one decision, or a unit's year.

Collectives are named, mediators and households are not: namtot holds references only, so the clerk fills in the name. Nothing
of any case.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Any

from services.evaluation.domain.facts import Step
from services.evaluation.queries.commendation import commendation, commendations
from services.evaluation.queries.desk import Desk
from services.evaluation.queries.mediators import mediator
from services.evaluation.queries.papers_of_teams import TITLE, TeamYear, report, signer
from services.evaluation.rules.commendation import commendation_rules
from services.evaluation.rules.procedure import procedure_of
from services.evaluation.store import Document, sheets
from shared.papers import data

STANDING = frozenset({"decided", "given", "paid"})
OPEN = frozenset({"proposed", "preparing", "submitted", "supplement_asked", "suspended", "appraised"})
ATTACHED = ("Báo cáo thành tích", "Biên bản xét khen thưởng")
_ACHIEVEMENT = re.compile(r"(recognition|mediation):(\d{4})")


def of_one(desk: Desk, kind: str, id: str) -> data.Paper | None:
    """Raise ``UnknownCommendation``. A decision and its notice name all awards of that decision."""
    item = commendation(desk.db, desk.schemes, desk.default, desk.replica, id, desk.today)
    if item["state"] == "withdrawn":
        return None
    if kind == "achievement-report":
        return _achievement(desk, item)
    if kind == "certificate":
        return _certificate(desk, item)
    listed = [item]
    if kind in ("commendation-decision", "commendation-notice") and item["number"]:
        listed = [
            one for one in commendations(desk.db, desk.today, unit=item["unit"])["items"] if _same_decision(one, item)
        ]
    return _list(desk, kind, listed, item["unit_name"], item["year"])


def of_a_year(desk: Desk, kind: str, unit: str, year: int) -> data.Paper | None:
    """What is still to be decided, for what comes before a decision; else the awards of the unit's last decision in that year of
    evaluation, or where there is none what is to be decided."""
    items = commendations(desk.db, desk.today, unit=unit, year=year)["items"]
    taken = [item for item in items if item["state"] in STANDING]
    waiting = [item for item in items if item["state"] in OPEN]
    listed = waiting or taken
    if kind in ("commendation-decision", "commendation-notice") and taken:
        newest = max(taken, key=lambda item: (item["decided_on"], item["number"] or ""))
        listed = [item for item in taken if _same_decision(item, newest)]
    return _list(desk, kind, listed, listed[0]["unit_name"], year) if listed else None


def _same_decision(one: Document, other: Document) -> bool:
    return one["state"] in STANDING and all(one[name] == other[name] for name in ("number", "decided_on"))


def _list(desk: Desk, kind: str, items: Sequence[Document], unit_name: str, year: int | None) -> data.Paper | None:
    ordered = sorted(items, key=lambda item: (item["ordinal"] or len(items) + 1, item["team_name"], item["mediator"] or ""))
    appraised = _last_steps(desk, ordered, "commendation.appraised")
    decided = ordered[0] if ordered[0]["state"] in STANDING else None
    day = _day(decided["decided_on"]) if decided else None
    rows = [_row(item, appraised.get(item["id"])) for item in ordered]
    amounts = [row.amount for row in rows if row.amount is not None]
    head: dict[str, Any] = {
        "unit_name": unit_name, "year": year, "grounds": _grounds(day or desk.today), "rows": rows,
        "total": sum(amounts) if len(amounts) == len(rows) else None,
        "collectives": sum(row.reference is None for row in rows), "individuals": sum(row.reference is not None for row in rows),
    }
    office = procedure_of(None).office("emulation", day or desk.today)
    bureau = None if office is None else office.vi
    if kind == "commendation-submission":
        sent = _last_steps(desk, ordered, "commendation.submitted")
        number, on = _common([(step.data.get("number"), step.on) for step in sent.values()], len(rows))
        return data.CommendationSubmission(**head, office=bureau, attachments=list(ATTACHED), number=number, dated=on)
    if kind == "commendation-minutes":
        _, on = _common([(None, step.on) for step in appraised.values()], len(rows))
        return data.CommendationMinutes(**head, met_on=on, dated=on)
    head["signed_by"] = _signed(desk, decided)
    if kind == "commendation-decision":
        sent = _last_steps(desk, ordered, "commendation.submitted")
        number, _ = _common([(step.data.get("number"), None) for step in sent.values()], len(rows))
        return data.CommendationDecision(
            **head, number=decided["number"] if decided else None, dated=day, form=_one_form(rows), submission=number,
            enforcer=bureau,
        )
    if decided is None:
        return None
    # the public is told neither references nor money
    public = [data.AwardRow(recipient=r.recipient, form=r.form, achievement=r.achievement, ordinal=r.ordinal) for r in rows]
    return data.CommendationNotice(**{**head, "rows": public, "total": None}, decision=decided["number"], decided_on=day)


def _row(item: Document, appraised: Step | None) -> data.AwardRow:
    said = {} if appraised is None else appraised.data
    return data.AwardRow(
        **_recipient(item), team_name=item["team_name"],
        kind=_vi(item["kind_words"]), form=short_form(_vi(item["form_words"])), achievement=achievement(item["achievement"]),
        ordinal=item["ordinal"], amount=item["amount"], agreed=said.get("agreed"), votes=said.get("votes"),
        favourable=said.get("favourable"),
    )


def _recipient(item: Document) -> dict[str, str | None]:
    reference = item["mediator"] or item["household"]
    return {"recipient": None if reference else item["team_name"], "reference": reference}


def achievement(key: str | None) -> str | None:
    """A source's own key is no text for a paper."""
    found = _ACHIEVEMENT.fullmatch(" ".join((key or "").casefold().split()))
    if found is None:
        return None
    what, year = found.groups()
    return f"Đạt {TITLE} năm {year}" if what == "recognition" else f"Có thành tích trong hoạt động hòa giải ở cơ sở năm {year}"


def short_form(title: str | None) -> str | None:
    """ "Giấy khen của Chủ tịch …": whose it is stands elsewhere on the paper."""
    return None if title is None else title.split(" của ")[0]


def _certificate(desk: Desk, item: Document) -> data.Certificate | None:
    """None unless it is decided."""
    if item["state"] not in STANDING:
        return None
    own, day = signer(item["signed_by"]), _day(item["decided_on"])
    # another authority's certificate is not the commune's to write; what it shares is filled in
    theirs: dict[str, Any] = {} if own is not None else {"giver": None}
    return data.Certificate(
        unit_name=item["unit_name"], year=item["year"], form=short_form(_vi(item["form_words"])),
        **_recipient(item), belongs_to=item["team_name"] if item["mediator"] else item["unit_name"],
        achievement=achievement(item["achievement"]),
        decision=item["number"], decided_on=day, dated=day, ordinal=item["ordinal"], signed_by=own, **theirs,
    )


def _achievement(desk: Desk, item: Document) -> data.AchievementReport:
    year = item["year"] or int(item["proposed_on"][:4])
    own = TeamYear(desk, item["team"], year)
    told = report(desk, item["team"], year)
    recognised = own.held["state"] == "recognised"
    figures: dict[str, Any] = {}
    if item["mediator"] is not None:
        figures = _of_mediator(desk, item, year)
    elif told is not None and item["household"] is None:
        figures = {
            "received": told.received, "settled": told.settled, "settled_share": told.settled_share,
            "classes": len(told.classes or ()),
        }
    decided = [step["on"] for step in own.held["steps"] if step["act"] == "recognise" and step["effect"] == "done"]
    return data.AchievementReport(
        **own.head(), award=_row(item, None), **figures, recognised_number=own.held["number"] if recognised else None,
        recognised_on=_day(decided[-1]) if recognised and decided else None, earlier=_earlier(desk, item),
    )


def _of_mediator(desk: Desk, item: Document, year: int) -> dict[str, Any]:
    """That person's own figures: for who proposes the commendation."""
    record = mediator(desk.db, desk.schemes, desk.default, desk.replica, item["team"], item["mediator"], desk.today)
    own = next((one for one in record["years"] if one["year"] == year), None)
    if own is None:
        return {}
    return {
        "received": own["cases"] + own["pending"], "settled": own["settled"], "settled_share": (own["settled"], own["cases"]),
        "classes": own["trainings"], "service_years": own["years"],
    }


def _earlier(desk: Desk, item: Document) -> list[data.EarlierAward]:
    """Awards that stand, of the same recipient, the newest first."""
    return [
        data.EarlierAward(form=short_form(_vi(one["form_words"])), number=one["number"], on=_day(one["decided_on"]))
        for one in commendations(desk.db, desk.today, team=item["team"])["items"]
        if one["id"] != item["id"] and one["state"] in STANDING
        and (one["mediator"], one["household"]) == (item["mediator"], item["household"])
    ]


def _last_steps(desk: Desk, items: Iterable[Document], type: str) -> dict[str, Step]:
    """By dossier, the last step of that type."""
    teams = {item["id"]: item["team"] for item in items}
    facts = sheets.facts_of(desk.db, set(teams.values()), keep=False)
    found: dict[str, Step] = {}
    for id, team in teams.items():
        steps = [step for step in facts[team].steps if step.record == id and step.type == type]
        if steps:
            found[id] = max(steps, key=lambda step: (step.on, step.time, step.id))
    return found


def _common(pairs: Sequence[tuple[str | None, dt.date | None]], rows: int) -> tuple[str | None, dt.date | None]:
    """Number and day, where all rows have the same: one paper has one."""
    same = set(pairs)
    return next(iter(same)) if len(same) == 1 and len(pairs) == rows else (None, None)


def _signed(desk: Desk, decided: Document | None) -> data.Signer | None:
    if decided is None:
        return None
    found = _last_steps(desk, [decided], "commendation.decided").get(decided["id"])
    return None if found is None else signer(found.data["signed_by"])


def _grounds(on: dt.date) -> list[str] | None:
    found = commendation_rules().law.find(on)
    if found is None:
        return None
    return [re.sub(r"^NĐ ", "Nghị định số ", text) for text in found.value.split("; ")]


def _one_form(rows: Iterable[data.AwardRow]) -> str | None:
    forms = {row.form for row in rows}
    return forms.pop() if len(forms) == 1 else None


def _vi(words: Document | None) -> str | None:
    return None if words is None else words["vi"]


def _day(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)
