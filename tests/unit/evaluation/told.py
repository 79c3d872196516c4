"""What intake and the directory would tell evaluation, for tests."""

from __future__ import annotations

from typing import Any

from shared.contracts import When, record_id
from shared.contracts.outgoing import (
    CaseChanged,
    CaseState,
    Membership,
    Place,
    RecordChanged,
    RecordEntry,
    Session,
    Step,
    TeamPlace,
    TeamState,
    UnitState,
)
from shared.naming import make_code

SOURCE = "https://phuong.example/so-theo-doi"
UNIT = "00118"


def code(number: int) -> str:
    return make_code(SOURCE, f"Tổ hòa giải {number}")


def team(number: int, n: int = 1, *, group: str | None = None, names: tuple[str, ...] | None = None, **more: Any) -> TeamState:
    """Team ``number`` works at "TDP số <number>" and is called "Tổ hòa giải <number>" by SOURCE."""
    called = (f"Tổ hòa giải {number}",) if names is None else names
    return TeamState(**{
        "code": code(number), "n": n, "name": f"Tổ hòa giải {number}", "established_on": When("2010-01-01"),
        "places": [TeamPlace(unit=UNIT, group=group or f"TDP số {number}", valid_from=When("2010-01-01"))],
        "names": [(SOURCE, name) for name in called],
        "members": [Membership(ref=f"m{number}", source=SOURCE, sex="female", valid_from=When("2010-01-01"))],
        **more,
    })


def unit(
    unit_code: str = UNIT, name: str = "Bồ Đề", n: int = 1, valid_from: str = "2010-01-01", valid_to: str | None = None
) -> UnitState:
    return UnitState(
        code=unit_code, valid_from=When(valid_from), n=n, name=name, level="commune",
        valid_to=None if valid_to is None else When(valid_to),
    )


def case(
    number: int, status: str = "settled", n: int = 1, *, place: Place | None = None, received: str = "2024-03-04",
    ended: str = "2024-03-20", linked_to: str | None = None, invited: int = 1,
) -> CaseChanged:
    """A case of team 1 unless ``place`` says otherwise. ``linked_to``: a subject."""
    subject = f"{SOURCE}/vu-viec/{number}"
    steps = [Step(on=When(received), status="received", by="case.reported")]
    if status != "received":
        steps += [
            Step(on=When(received), status="assigned", by="case.assigned"),
            Step(on=When(received), status="mediating", by="case.mediation-held"),
            Step(on=When(ended), status=status, by="case.x"),  # type: ignore[arg-type]
        ]
    return CaseChanged(case=record_id(subject), subject=subject, n=n, state=CaseState(
        status=status, received_on=When(received), logged_on=When(received), assigned_on=When(received),  # type: ignore[arg-type]
        place=place or Place(source=SOURCE, team="Tổ hòa giải 1"), history=steps,
        sessions=[Session(on=When(received), invited=invited)] if status != "received" else [], invited=invited,
        linked_to=None if linked_to is None else record_id(linked_to), entries=1,
    ))


def subject_of(number: int) -> str:
    return f"{SOURCE}/vu-viec/{number}"


def activity(name: str, type: str, on: str, n: int = 1, source: str = SOURCE, **data: Any) -> RecordChanged:
    subject = f"{SOURCE}/{name}"
    entry = RecordEntry(
        entry=record_id(f"{subject}/{type}"), source=source, id=name, type=type, on=When(on), time=When(on),
        data={"on": on, **data},
    )
    return RecordChanged(record=record_id(subject), subject=subject, n=n, entries=[entry])


def meeting(number: int, kind: str, on: str, who: str = "Tổ hòa giải 1", n: int = 1) -> RecordChanged:
    return activity(f"hop/{number}", "meeting.held", on, n, team=who, kind=kind)


def full_year(number: int) -> list[RecordChanged]:
    """All that hanoi-v2 asks of a team in 2024 save for cases and money."""
    who = f"Tổ hòa giải {number}"
    period = {"period_from": "2023-11-01", "period_to": "2024-10-31"}
    return [
        meeting(number * 10, "half_year", "2024-06-10", who),
        meeting(number * 10 + 1, "self_assessment", "2024-11-10", who),
        activity(f"tai-lieu/{number}a", "documents.distributed", "2024-01-10", title="Sổ tay", teams=[who]),
        activity(f"tai-lieu/{number}b", "documents.distributed", "2024-07-10", title="Sổ tay", teams=[who]),
        activity(
            f"xac-nhan/{number}", "attestation.given", "2024-11-05", team=who, matter="coordination",
            by_role="front_committee", positive=True, **period,
        ),
        training(number, (who,)),
    ]


def training(number: int, who: tuple[str, ...], n: int = 1, present: int = 3) -> RecordChanged:
    subject = f"{SOURCE}/lop/{number}"

    def entry(type: str, on: str, **data: Any) -> RecordEntry:
        return RecordEntry(
            entry=record_id(f"{subject}/{type}"), source=SOURCE, id=f"{type}-{number}", type=type, on=When(on), time=When(on),
            data={"on": on, **data},
        )

    return RecordChanged(record=record_id(subject), subject=subject, n=n, entries=[
        entry("training.convened", "2024-02-20", title="Luật", organiser="UBND", teams=list(who), held_on="2024-03-10"),
        entry("training.attended", "2024-03-10", attendance=[{"team": name, "present": present} for name in who]),
    ])


def payment(number: int, who: str, cases: list[str], asked: str, paid: str, amount: int = 400_000) -> RecordChanged:
    subject = f"{SOURCE}/chi/{number}"

    def entry(type: str, on: str, **data: Any) -> RecordEntry:
        return RecordEntry(
            entry=record_id(f"{subject}/{type}"), source=SOURCE, id=f"{type}-{number}", type=type, on=When(on), time=When(on),
            data={"on": on, "team": who, "amount": amount, **data},
        )

    return RecordChanged(record=record_id(subject), subject=subject, n=1, entries=[
        entry("payment.requested", asked, purpose="case", cases=cases), entry("payment.paid", paid),
    ])


def declared(number: int, who: str, first: str = "2023-11-01", last: str = "2024-10-31") -> RecordChanged:
    return activity(f"khai/{number}", "period.declared", last, team=who, period_from=first, period_to=last)
