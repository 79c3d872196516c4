"""What a simulated year has come to, for a person at the terminal: Vietnamese first, numbers as they are written there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from shared.simulation.figures import percent, whole

VERDICTS = {"met": "Đạt", "not_met": "Chưa đạt", "not_enough_evidence": "Chưa đủ căn cứ"}
ENOUGH = 200
"""Characters of the sentence of a criterion that is met."""
STYLES = {"met": "green", "not_met": "red", "not_enough_evidence": "yellow"}


def wards(league: dict[str, Any]) -> Table:
    """A line a unit. ``Vụ việc``: cases that ended in the window, those still going on are left out of the rate."""
    window = " – ".join(f"{day[8:]}/{day[5:7]}/{day[:4]}" for day in league["window"])
    title = f"“Tổ hòa giải 5 tốt” {league['year']}, {league['scheme']} ({window}) · MÔ PHỎNG"
    # one line a unit in 80 columns
    table = Table(title=title, title_style="bold", title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    table.add_column("Phường, xã", no_wrap=True)
    for heading in ("Tổ", "Vụ việc", "Thành", "Tỷ lệ", *VERDICTS.values()):
        table.add_column(heading, justify="right", no_wrap=True)
    for column, verdict in zip(table.columns[-len(VERDICTS) :], VERDICTS, strict=True):
        column.style = STYLES[verdict]
    units = sorted(league["units"], key=lambda unit: unit["unit"])
    for unit in units:
        table.add_row(*_row(unit["name"].removeprefix("Phường ").removeprefix("Xã "), [unit]))
    table.add_section()
    table.add_row(*_row("Tất cả", units), style="bold")
    return table


def _row(name: str, units: Sequence[dict[str, Any]]) -> Iterator[str]:
    def total(what: str) -> int:
        return sum(int(unit[what]) for unit in units)

    yield name
    yield from (whole(total(what)) for what in ("teams", "rated", "settled"))
    yield percent(total("settled"), total("rated"))
    yield from (whole(total(verdict)) for verdict in VERDICTS)


def telling_team(league: dict[str, Any]) -> dict[str, Any] | None:
    """The team whose explanation tells most: 11 of 13, printed as 85% and below it; else one that has not met; else any."""
    teams = sorted(league["teams"], key=lambda team: team["code"])
    for fits in (
        lambda team: (team["settled"], team["rated"]) == (11, 13), lambda team: team["verdict"] == "not_met", lambda team: True,
    ):
        for team in teams:
            if fits(team):
                return dict(team)
    return None


def explained(team: dict[str, Any], node: dict[str, Any]) -> Tree:
    """The verdict, its criteria, and what would change it."""
    tree = Tree(_line(node, f"{team['name']} ({team['code']})"))
    for criterion in node["children"]:
        branch = tree.add(_line(criterion, criterion["title"]["vi"]))
        branch.add(Text(f"{_short(criterion)} [{criterion['citation']}]", style="dim"))
        for change in criterion["changes"] if criterion["verdict"] != "met" else ():
            if change["vi"] not in criterion["sentence"]["vi"]:
                branch.add(Text(f"→ {change['vi']}"))
    return tree


def _short(criterion: dict[str, Any]) -> str:
    """The whole sentence of what is not met; of what is met, its beginning."""
    sentence = str(criterion["sentence"]["vi"])
    if criterion["verdict"] != "met" or len(sentence) <= ENOUGH:
        return sentence
    return f"{sentence[:ENOUGH].rsplit('. ', 1)[0].rstrip('.')}. …"


def _line(node: dict[str, Any], words: str) -> Text:
    verdict = node["verdict"]
    return Text.assemble((VERDICTS.get(verdict, "·"), STYLES.get(verdict, "")), f"  {words}")


def flow(accounts: dict[str, Any]) -> RenderableType:
    """Received = applied + duplicate + refused, to the message."""
    line = Text.assemble(
        f"Đã nhận {whole(accounts['received'])} = ghi nhận {whole(accounts['applied'])} + trùng {whole(accounts['duplicate'])}"
        f" + không tiếp nhận {whole(accounts['refused'])}",
        f" · giao lại {whole(accounts['redelivered'])} · chờ dữ liệu trước {whole(accounts['parked'])} · ",
    )
    return line.append("khớp" if accounts["balanced"] else "KHÔNG KHỚP", "green" if accounts["balanced"] else "bold red")


def totals(counted: dict[str, Any]) -> str:
    rate = counted["settled_rate"]
    return (
        f"{whole(counted['units'])} đơn vị, {whole(counted['groups'])} tổ dân phố, {whole(counted['teams'])} tổ hòa giải, "
        f"{whole(counted['mediators'])} hòa giải viên, {whole(counted['cases'])} vụ việc; "
        f"hòa giải thành {percent(rate['numerator'], rate['denominator'])} ({rate['numerator']}/{rate['denominator']})"
    )
