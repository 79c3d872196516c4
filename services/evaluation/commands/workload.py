"""``namtot workload``: what each mediator has on their hands, for whoever gives out the next case. By reference, no ranking."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from services.evaluation.commands.speech import day, number, pick, table
from shared.commands.asking import Lang, ask, say

COLUMNS = ("taken", "in_hand", "settled", "not_settled", "sessions", "days")


def register(app: typer.Typer) -> None:
    app.command("workload")(workload)


def workload(
    year: Annotated[int, typer.Option(help="A calendar year.", min=1976, max=2199)],
    unit: Annotated[str | None, typer.Option(help="Code of a ward or commune, e.g. 00118.")] = None,
    team: Annotated[str | None, typer.Option(help="Code or name of one team, instead of a unit.")] = None,
    lang: Lang = "vi",
    as_json: Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for evaluation's answer.", min=0.1)] = 20.0,
) -> None:
    """What each mediator has on their hands, and who has least: by reference, to give out cases by, not to compare people."""
    if (unit is None) == (team is None):
        say("Say one of --unit and --team.", error=True)
        raise typer.Exit(2)
    found = ask("evaluation", "workload", timeout=timeout, unit=unit, team=team, year=year)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    idle = 0
    for one in found["teams"]:
        if team is None and not one["unassigned"] and not any(load["case_ids"] for load in one["mediators"]):
            idle += 1
            continue
        say(f"{one['team_name']} ({one['team']}) · {one['unit_name']}")
        say(table(lang, ("mediator", *COLUMNS), [
            (load["ref"] if load["member"] else f"{load['ref']} ({pick(('đã thôi', 'left'), lang)})",
             *(number(load[name], lang) for name in COLUMNS))
            for load in one["mediators"]
        ]))
        if one["unassigned"]:
            say(pick((f"Chưa phân công: {one['unassigned']} vụ việc.", f"Not given out: {one['unassigned']} cases."), lang))
        if one["least"]:
            say(f"{pick(('Đang giữ ít việc nhất', 'Fewest in hand'), lang)}: {', '.join(one['least'])}")
    if idle:
        say(pick((f"{number(idle, 'vi')} tổ không có vụ việc nào.", f"{number(idle, 'en')} teams have no case."), lang))
    say(pick((
        f"{day(found['from'], 'vi')} – {day(found['to'], 'vi')}. Chỉ để phân công, không dùng để xếp hạng hòa giải viên.",
        f"{found['from']} to {found['to']}. For giving out cases only, not for ranking mediators.",
    ), lang))
