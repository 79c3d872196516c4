"""Steps of commendations, for tests: written up in the order in which they are listed, unless told otherwise."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from services.evaluation.domain.commendation.fold import Commendation, fold
from services.evaluation.domain.commendation.rules import CommendationRules
from services.evaluation.domain.commendation.world import Recognised
from services.evaluation.domain.facts import Step
from services.evaluation.rules.commendation import commendation_rules
from shared.contracts import When, record_id

TEAM = "HG-TEST"
SOURCE = "https://phuong.example/khen-thuong"
UNIT = "00118"
RULES = commendation_rules()
RECOGNISED = {2024: Recognised(year=2024, on=dt.date(2024, 12, 10), window_end=dt.date(2024, 10, 31), unit=UNIT, number="9/QĐ")}
PAPERS = [{"kind": "request"}, {"kind": "report"}]


def uri(name: str) -> str:
    return f"{SOURCE}/{name}"


def step(name: str, type: str, on: str, *, written: str | None = None, source: str = SOURCE, **data: Any) -> Step:
    """``name``: of the record. ``written``: when it was written up; the evening of ``on`` otherwise."""
    family = "verification" if type in ("opened", "closed") else "commendation"
    said = {"on": on, "team": "Tổ hòa giải 1", **data}
    id = record_id(f"{uri(name)}/{type}/{on}/{sorted(map(str, data.items()))}/{source}")
    return Step(
        id=id, record=record_id(uri(name)), type=f"{family}.{type}", team=TEAM, on=dt.date.fromisoformat(on),
        time=When.parse(written or f"{on}T20:00:00+07:00"), source=source, event_id=f"{name}-{type}-{id[:6]}", data=said,
    )


def proposed(name: str = "a", on: str = "2024-12-12", **more: Any) -> Step:
    written, source = more.pop("written", None), more.pop("source", SOURCE)
    return step(name, "proposed", on, written=written, source=source, **{
        "unit": UNIT, "kind": "merit", "form": "giay_khen_commune", "achievement": "recognition:2024", "year": 2024, **more,
    })


def submitted(name: str = "a", on: str = "2024-12-13", **more: Any) -> Step:
    return step(name, "submitted", on, **{"number": "1/TTr", "evidence": PAPERS, **more})


def appraised(name: str = "a", on: str = "2024-12-16", favourable: bool = True, **more: Any) -> Step:
    return step(name, "appraised", on, **{"favourable": favourable, "evidence": [{"kind": "minutes"}], **more})


def decided(name: str = "a", on: str = "2024-12-18", **more: Any) -> Step:
    return step(name, "decided", on, **{
        "number": f"{name}/QĐ-UBND", "form": "giay_khen_commune", "signed_by": "commune_chair", **more,
    })


def dossier(name: str = "a", **of_proposal: Any) -> list[Step]:
    """All that comes before a decision."""
    return [proposed(name, **of_proposal), submitted(name), appraised(name)]


def opened(name: str = "v", on: str = "2024-12-14", **more: Any) -> Step:
    return step(name, "opened", on, **{"matter": "complaint", **more})


def closed(name: str = "v", on: str = "2024-12-17", upheld: bool = False, **more: Any) -> Step:
    return step(name, "closed", on, upheld=upheld, **more)


def folded(
    steps: Iterable[Step], recognised: Mapping[int, Recognised] = RECOGNISED, rules: CommendationRules = RULES
) -> dict[str, Commendation]:
    """By the record's name, as ``uri`` takes it."""
    listed = list(steps)
    names = {record_id(uri(name)): name for name in "abcdefgv"}
    return {names[c.record]: c for c in fold(rules, TEAM, listed, recognised)}


def one(steps: Iterable[Step], **more: Any) -> Commendation:
    return folded(steps, **more)["a"]


def codes(said: Iterable[Any]) -> list[str]:
    return sorted(one.code for one in said)
