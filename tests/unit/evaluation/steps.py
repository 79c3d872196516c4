"""Steps of a team's recognition, for tests."""

from __future__ import annotations

import datetime as dt
from typing import Any

from services.evaluation.domain.facts import Step
from services.evaluation.domain.recognition import Measured, Recognition, Whereabouts, recognise
from services.evaluation.rules.procedure import procedures
from shared.contracts import When

CODE, NAME, UNIT = "HG-TEST0000", "Tổ hòa giải 1", "00118"
PROCEDURE = procedures()["hanoi-1269"]
MINUTES: list[dict[str, Any]] = [{"kind": "minutes", "number": "1/BB"}]


def step(type: str, on: str, time: str | None = None, id: str | None = None, **data: Any) -> Step:
    """``time``: when it was written up, in the evening of ``on`` unless told."""
    written = time or f"{on}T20:00:00+07:00"
    key = id or f"{type}|{on}|{written}"
    return Step(
        id=key, record=f"record-{key}", type=f"recognition.{type}", team=CODE, on=dt.date.fromisoformat(on), time=When(written),
        source="https://phuong.example", event_id=key, data={"on": on, "year": 2024, **data}, names=frozenset({NAME}),
    )


def assessed(on: str = "2024-11-10", agreed: int = 5, members: int = 6, all_met: bool = True, **more: Any) -> Step:
    return step("self-assessed", on, **{
        "team": NAME, "members": members, "present": max(agreed, 1), "agreed": agreed, "all_met": all_met, "evidence": MINUTES,
        **more,
    })


def requested(on: str = "2024-11-20", **more: Any) -> Step:
    return step("requested", on, **{"team": NAME, "evidence": [*MINUTES, {"kind": "report"}], **more})


def returned(on: str = "2024-11-22", **more: Any) -> Step:
    return step("returned", on, **{"team": NAME, "reason": "thiếu báo cáo năm", **more})


def reviewed(on: str = "2024-12-02", good: bool = True, **more: Any) -> Step:
    return step("reviewed", on, **{
        "unit": UNIT, "chair": "commune_leader", "front_present": True, "evidence": MINUTES,
        "results": [{"team": NAME, "recognise": good}, {"team": "Tổ khác", "recognise": not good}], **more,
    })


def decided(on: str = "2024-12-10", good: bool = True, number: str = "45/QĐ-UBND", **more: Any) -> Step:
    lists: dict[str, Any] = {"recognised": [NAME, "Tổ khác"]} if good else {
        "recognised": ["Tổ khác"], "declined": [{"team": NAME, "reason": "hồ sơ chưa đủ"}],
    }
    return step("decided", on, **{"unit": UNIT, "number": number, "signed_by": "commune_chair", **lists, **more})


def revoked(on: str = "2025-02-01", number: str = "9/QĐ-UBND", **more: Any) -> Step:
    return step("revoked", on, **{"team": NAME, "number": number, "reason": "hồ sơ không đúng", **more})


FULL = (assessed(), requested(), reviewed(), decided())


def outcome(*steps: Step, measured: Measured | None = None, where: Whereabouts | None = None, year: int = 2024) -> Recognition:
    return recognise(PROCEDURE, year, steps, measured, where)


def codes(listed: Any) -> list[str]:
    return [one.code for one in listed]
