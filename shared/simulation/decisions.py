"""What the wards have decided, asked of the running services: who is recognised and praised, who waits for praise, and which
decisions have no effect because the law forbids them. Vietnamese first, for the summary at the terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
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
VARIANT = "+"
"""In a scheme's id, before the digest of what the commune changed."""
PRAISED = ("decided", "given", "paid")
DECIDING = ("recognition.decided", "commendation.decided")
"""A request or a ceremony without effect follows from these, or goes before."""


class Decisions(NamedTuple):
    """``boards``: of each unit that evaluates teams. ``timing``: days from recognition to the decision that praises (``n``,
    ``median``). ``refused``: each decision without effect: about whom (``name``), and the sentence that says why (``vi``)."""

    boards: list[dict[str, Any]]
    commendations: list[dict[str, Any]]
    owed: list[dict[str, Any]]
    timing: dict[str, Any]
    refused: list[dict[str, Any]]

    def counted(self) -> dict[str, int]:
        """The part of ``namtot demo --json`` that is about decisions."""
        return {
            "recognised": _total(self.boards, "recognised"),
            "requested": _total(self.boards, "requested"),
            "commended": sum(item["state"] in PRAISED for item in self.commendations),
            "owed": len(self.owed),
            "refused_decisions": len(self.refused),
        }


def ask(client: RpcClient, year: int) -> Decisions:
    units = [unit["code"] for unit in client.call("directory", "units")]
    boards = [client.call("evaluation", "recognitions", unit=unit, year=year) for unit in sorted(units)]
    items = client.call("evaluation", "commendations", year=year)["items"]
    (timing,) = client.call("evaluation", "timeliness", year=year, whole=True)
    return Decisions(
        boards=[board for board in boards if board["teams"]], commendations=items,
        owed=client.call("evaluation", "owed")["items"], timing=timing,
        refused=[*_refused_recognitions(client, boards, year), *_refused_commendations(client, items)],
    )


def _refused_recognitions(client: RpcClient, boards: Sequence[dict[str, Any]], year: int) -> Iterator[dict[str, Any]]:
    for board in boards:
        for team in board["teams"]:
            if team["refused"]:
                story = client.call("evaluation", "recognition", team=team["code"], year=year)
                yield from _decisions(f"{team['name']}, {board['unit_name']}", story["refused"])


def _refused_commendations(client: RpcClient, items: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        if item["refused"]:
            story = client.call("evaluation", "commendation", id=item["id"])
            yield from _decisions(f"{item['team_name']}, {item['unit_name']}", story["refused"])


def _decisions(name: str, refused: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """One refusal of each decision, though several gates may bar it."""
    seen = set()
    for refusal in refused:
        if refusal["type"] in DECIDING and refusal["entry"] not in seen:
            seen.add(refusal["entry"])
            yield {"name": name, **refusal}


def wards(decisions: Decisions) -> Table:
    """A line a unit with three different counts: who meets its criteria, who asked, who is recognised."""
    changed = any(VARIANT in board["scheme"] for board in decisions.boards)
    table = Table(
        box=SIMPLE_HEAD, padding=(0, 1, 0, 0), caption_justify="left",
        caption="* có điều chỉnh của phường, xã" if changed else None,
    )
    for heading in ("Phường, xã", "Bộ tiêu chí"):
        table.add_column(heading, no_wrap=True)
    for heading in ("Tổ", *COUNTS.values(), "Tỷ lệ"):
        table.add_column(heading, justify="right", no_wrap=True)
    boards = sorted(decisions.boards, key=lambda board: board["unit"])
    for board in boards:
        base, variant, _ = board["scheme"].partition(VARIANT)
        name = board["unit_name"].removeprefix("Phường ").removeprefix("Xã ")
        table.add_row(name, f"{base} *" if variant else base, *_row([board]))
    table.add_section()
    table.add_row("Tất cả", "", *_row(boards), style="bold")
    return table


def _row(boards: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield from (whole(_total(boards, what)) for what in ("teams", *COUNTS))
    yield percent(_total(boards, "recognised"), _total(boards, "teams"))


def _total(boards: Sequence[dict[str, Any]], what: str) -> int:
    return sum(int(board["counts"][what]) for board in boards)


def lines(decisions: Decisions) -> Iterator[Text]:
    """Praise by state, how long it took, who still waits for it; and what has no effect, with its sentence."""
    states = Counter(item["state"] for item in decisions.commendations)
    if states:
        told = [f"{STATES[state].lower()} {whole(n)}" for state in STATES if (n := states[state])]
        yield Text(f"Khen thưởng {whole(states.total())} đề xuất: {', '.join(told)}")
    many = f"Còn {whole(len(decisions.owed))} tập thể, cá nhân chờ khen thưởng"
    late = Text(many if decisions.owed else "Không có tập thể, cá nhân nào chờ khen thưởng")
    if decisions.timing["n"]:
        late.append(f"; từ công nhận đến quyết định khen thưởng: trung vị {whole(decisions.timing['median'])} ngày")
    yield late
    for refusal in decisions.refused:
        yield Text.assemble(("Quyết định không có hiệu lực  ", "red"), f"{refusal['name']}: {refusal['vi']}")
