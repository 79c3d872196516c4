"""What the wards have decided, asked of the running services: who is recognised and praised, who waits for praise, and which
decisions have no effect because the law forbids them. Vietnamese first, for the summary at the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median_high
from typing import Any, NamedTuple

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from shared.messaging.rpc import RpcClient
from shared.simulation.figures import percent, whole

COUNTS = {"meets": "Đủ tiêu chí", "requested": "Đề nghị", "recognised": "Công nhận"}
STATES = {
    "proposed": "Đề xuất", "preparing": "Đang lập hồ sơ", "submitted": "Đã trình", "supplement_asked": "Yêu cầu bổ sung",
    "suspended": "Tạm dừng xét (đang xác minh)", "appraised": "Đã xét", "decided": "Đã quyết định",
    "declined": "Không khen thưởng", "given": "Đã trao", "paid": "Đã chi thưởng", "revoked": "Hủy quyết định",
}
PRAISED = ("decided", "given", "paid")
DECIDING = ("recognition.decided", "commendation.decided")
"""A request or a ceremony without effect follows from these, or goes before."""


class Decisions(NamedTuple):
    """``refused``: each decision without effect: about whom (``name``), and the sentence that says why (``vi``)."""

    units: list[dict[str, Any]]
    commendations: list[dict[str, Any]]
    owed: list[dict[str, Any]]
    refused: list[dict[str, Any]]

    def counted(self) -> dict[str, int]:
        """The part of ``namtot demo --json`` that is about decisions."""
        return {
            "recognised": _total(self.units, "recognised"),
            "requested": _total(self.units, "requested"),
            "commended": sum(item["state"] in PRAISED for item in self.commendations),
            "owed": len(self.owed),
            "refused_decisions": len(self.refused),
        }


def ask(client: RpcClient, year: int) -> Decisions:
    units = client.call("evaluation", "rollup", year=year)["units"]
    items = client.call("evaluation", "commendations", year=year)["items"]
    owed = client.call("evaluation", "owed")["items"]
    refused = [*_refused_recognitions(client, units, year), *_refused_commendations(client, items)]
    return Decisions(units, items, owed, refused)


def _refused_recognitions(client: RpcClient, units: Sequence[dict[str, Any]], year: int) -> Iterator[dict[str, Any]]:
    for unit in units:
        for team in client.call("evaluation", "recognitions", unit=unit["unit"], year=year)["teams"]:
            if team["refused"]:
                whole_story = client.call("evaluation", "recognition", team=team["code"], year=year)
                for refusal in _decisions(whole_story["refused"]):
                    yield {"name": f"{team['name']}, {unit['name']}", **refusal}


def _refused_commendations(client: RpcClient, items: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        for refusal in _decisions(client.call("evaluation", "commendation", id=item["id"])["refused"]):
            yield {"name": item["team_name"], **refusal}


def _decisions(refused: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One refusal of each decision, though several gates may bar it."""
    seen = set()
    for refusal in refused:
        if refusal["type"] in DECIDING and refusal["entry"] not in seen:
            seen.add(refusal["entry"])
            yield refusal


def wards(decisions: Decisions) -> Table:
    """A line a unit with three different counts: who meets the criteria, who asked, who is recognised."""
    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Phường, xã", no_wrap=True)
    for heading in ("Tổ", *COUNTS.values(), "Tỷ lệ công nhận"):
        table.add_column(heading, justify="right", no_wrap=True)
    units = sorted(decisions.units, key=lambda unit: unit["unit"])
    for unit in units:
        table.add_row(*_row(unit["name"].removeprefix("Phường ").removeprefix("Xã "), [unit]))
    table.add_section()
    table.add_row(*_row("Tất cả", units), style="bold")
    return table


def _row(name: str, units: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield name
    yield from (whole(_total(units, what)) for what in ("teams", *COUNTS))
    yield percent(_total(units, "recognised"), _total(units, "teams"))


def _total(units: Sequence[dict[str, Any]], what: str) -> int:
    return sum(int(unit[what]) for unit in units)


def lines(decisions: Decisions) -> Iterator[Text]:
    """Praise by state, how long it took, who still waits for it; and what has no effect, with its sentence."""
    states = Counter(item["state"] for item in decisions.commendations)
    if states:
        told = [f"{STATES[state].lower()} {whole(n)}" for state in STATES if (n := states[state])]
        yield Text(f"Khen thưởng {whole(states.total())} đề xuất: {', '.join(told)}")
    waits = [item["days"] for item in decisions.commendations if item.get("days") is not None and item.get("decided_on")]
    late = Text(f"Còn {whole(len(decisions.owed))} tập thể, cá nhân chờ khen thưởng")
    if waits:
        late.append(f"; từ công nhận đến quyết định khen thưởng: trung vị {whole(median_high(waits))} ngày")
    yield late
    for refusal in decisions.refused:
        yield Text.assemble(("Quyết định không có hiệu lực  ", "red"), f"{refusal['name']}: {refusal['vi']}")
