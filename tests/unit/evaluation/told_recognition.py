"""What intake would tell of a recognition: papers that the registers of a commune would send."""

from __future__ import annotations

from typing import Any

from shared.contracts import When, record_id
from shared.contracts.outgoing import RecordChanged, RecordEntry
from tests.unit.evaluation.told import SOURCE, UNIT

MINUTES = [{"kind": "minutes", "number": "1/BB"}]


def paper(type: str, on: str, name: str = "", time: str | None = None, n: int = 1, **data: Any) -> RecordChanged:
    """Each is a record of its own. ``time``: when it was written up, on the evening of ``on`` unless told."""
    subject = f"{SOURCE}/cong-nhan/{name or type}"
    entry = RecordEntry(
        entry=record_id(f"{subject}#"), source=SOURCE, id=name or type, type=f"recognition.{type}", on=When(on),
        time=When(time or f"{on}T20:00:00+07:00"), data={"on": on, "year": 2024, **data},
    )
    return RecordChanged(record=record_id(subject), subject=subject, n=n, entries=[entry])


def withdrawn(told: RecordChanged) -> RecordChanged:
    return RecordChanged(record=told.record, subject=told.subject, n=told.n + 1, entries=[])


def who(number: int) -> str:
    return f"Tổ hòa giải {number}"


def assessed(number: int = 1, agreed: int = 1, members: int = 1, on: str = "2024-11-10", **more: Any) -> RecordChanged:
    return paper("self-assessed", on, f"tdg-{number}", **{
        "team": who(number), "members": members, "present": members, "agreed": agreed, "all_met": True, "evidence": MINUTES,
        **more,
    })


def requested(number: int = 1, on: str = "2024-11-20", **more: Any) -> RecordChanged:
    return paper("requested", on, f"dn-{number}", team=who(number), evidence=[*MINUTES, {"kind": "report"}], **more)


def reviewed(*numbers: int, on: str = "2024-12-02", **more: Any) -> RecordChanged:
    return paper(
        "reviewed", on, "hop", unit=UNIT, chair="commune_leader", front_present=True, evidence=MINUTES,
        results=[{"team": who(number), "recognise": True} for number in numbers or (1,)], **more,
    )


def decided(*numbers: int, on: str = "2024-12-10", number: str = "45/QĐ-UBND", **more: Any) -> RecordChanged:
    return paper("decided", on, f"qd-{number}", **{
        "unit": UNIT, "number": number, "signed_by": "commune_chair", "recognised": [who(n) for n in numbers or (1,)], **more,
    })


def revoked(number: int = 1, on: str = "2025-02-01", **more: Any) -> RecordChanged:
    return paper("revoked", on, f"huy-{number}", team=who(number), number="9/QĐ-UBND", reason="hồ sơ không đúng", **more)


def full(number: int = 1) -> list[RecordChanged]:
    return [assessed(number), requested(number), reviewed(number), decided(number)]
