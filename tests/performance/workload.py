"""The events of a measurement: each case is reported, and much later settled; both carry a private part.

A case's two events are half the run apart, so that no side can fold them together: every event changes a case, and every change
is published. Names are made up, like everything else here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from shared import contracts
from shared.messaging import ConfirmingPublisher, Outgoing

SOURCE = "https://bench.example/register"
CASES_PER_TEAM = 5
CHUNK = 2_000
CONTENT = (
    "Hai hộ liền kề tranh chấp lối đi chung rộng 1,2 m: một bên xây bậc tam cấp lấn ra ngõ, bên kia không đưa được xe vào nhà. "
    "Tổ hòa giải đã đến xem hiện trạng cùng cán bộ địa chính."
)
AGREEMENT = "Bên xây lấn tháo bậc tam cấp trong mười ngày; bên kia không đòi bồi thường."


def subject(run: str, case: int) -> str:
    return f"case://bench.example/{run}/{case}"


def team(case: int) -> str:
    """More cases come from more teams, not from busier ones."""
    return f"Tổ hòa giải số {case // CASES_PER_TEAM}"


def reported(run: str, case: int) -> bytes:
    day = f"2024-{case % 12 + 1:02}-{case % 28 + 1:02}"
    return contracts.write(
        type="vn.namtot.case.reported.v1", source=SOURCE, id=f"{run}-{case}-r", subject=subject(run, case),
        time=f"{day}T09:00:00Z",
        data={
            "on": day, "team": team(case), "dispute": "civil", "ground": "party_request", "first_known_by": "team",
            "private": {
                "parties": [
                    {"name": f"Nguyễn Văn {case}", "role": "party", "address": "Số 12, ngõ 5, phố Ví Dụ", "phone": "0900000000"},
                    {"name": f"Trần Thị {case}", "role": "party", "address": "Số 14, ngõ 5, phố Ví Dụ"},
                ],
                "content": CONTENT,
            },
        },
    )


def settled(run: str, case: int) -> bytes:
    day = f"2025-{case % 12 + 1:02}-{case % 28 + 1:02}"
    return contracts.write(
        type="vn.namtot.case.settled.v1", source=SOURCE, id=f"{run}-{case}-s", subject=subject(run, case),
        time=f"{day}T09:00:00Z",
        data={"on": day, "written": True, "private": {"agreement": AGREEMENT}},
    )


def lives(run: str, events: int) -> list[bytes]:
    """``events`` bodies: first all reports, then all agreements in the same order."""
    cases = events // 2
    return [*(reported(run, c) for c in range(events - cases)), *(settled(run, c) for c in range(cases))]


def reports(run: str, events: int) -> Iterator[bytes]:
    return (reported(run, case) for case in range(events))


def publish(
    uri: str, bodies: Sequence[bytes], exchange: str, routing_key: str = "", content_type: str = contracts.STRUCTURED
) -> None:
    """Return once the broker has confirmed all."""
    publisher = ConfirmingPublisher(uri, mandatory=True, declare=False)
    try:
        for start in range(0, len(bodies), CHUNK):
            publisher.publish([
                Outgoing(exchange, routing_key, body, content_type) for body in bodies[start:start + CHUNK]
            ])
    finally:
        publisher.close()
