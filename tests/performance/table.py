"""The figures for people."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from tests.performance.report import Spread

TITLES = {
    "events_per_s": "namtot, one process (events/s)",
    "nameko_per_s": "nameko @event_handler (events/s)",
    "faststream_per_s": "FastStream (events/s)",
    "ceiling_per_s": "ceiling (events/s)",
    "two_per_s": "namtot, two processes (events/s)",
    "vs_nameko": "namtot : nameko",
    "vs_faststream": "namtot : FastStream",
    "ceiling_share": "namtot : ceiling",
    "second_process": "two processes : one",
    "volume_loss": "slower with many stored cases (%)",
    "rss_mib": "resident memory, by service (MiB)",
    "p50_ms": "publish → verdict visible, p50 (ms)",
    "p99_ms": "publish → verdict visible, p99 (ms)",
    "dropped": "never seen at half load",
    "city_s": "a city scored anew, facts on sheets (s)",
    "city_cpu_s": "  of that, the scorer's processor time (s)",
    "city_two_s": "a city scored anew by two instances (s)",
    "city_first_s": "a city scored the first time, from its records (s)",
    "city_tick_s": "a city with all schemes, years, recognitions, praise (s)",
    "country_s": "a country scored anew (s)",
    "country_cpu_s": "  of that, the scorer's processor time (s)",
    "scoring_mib": "resident memory meanwhile (MiB)",
    "vs_team_by_team": "anew : team by team",
    "first_vs_team_by_team": "the first time : team by team",
    "facts_per_scoring": "facts of a burst to each scoring",
    "rebuild_s": "a city's year rebuilds (s)",
    "rebuild_cpu_s": "  of processor time (s)",
    "rebuild_per_s": "log entries folded again (entries/s)",
    "registers_per_s": "rows of a log in Excel (rows/s)",
    "registers_share": "reading and checking : bare reading",
    "registers_vs_openpyxl": "reading and checking : openpyxl's bare reading",
    "registers_mib": "resident memory meanwhile (MiB)",
    "rebuild_share": "rebuild : bare reading of the log",
}


def show(figures: dict[str, Any], console: Console) -> None:
    measured = Table(title="Measured", title_justify="left")
    for column in ("figure", "median (min – max, runs)"):
        measured.add_column(column)
    for key, title in TITLES.items():
        if key in figures:
            spread = {name: figures[key][name] for name in ("median", "min", "max", "runs")}
            measured.add_row(title, str(Spread(**spread)))
    console.print(measured)
    goals = Table(title="Goals", title_justify="left")
    for column in ("goal", "wanted", "measured", ""):
        goals.add_column(column)
    for goal in figures["goals"]:
        verdict = "[green]held[/green]" if goal["held"] else "[red]missed[/red]"
        goals.add_row(goal["title"], goal["wanted"], f"{goal['measured']:g}", verdict)
    console.print(goals)
    if figures.get("scoring_profile"):
        console.print(f"Where the scorer's time goes: {figures['scoring_profile']}")
    if figures.get("profile"):
        console.print(f"Why goals were missed: {figures['profile']}")
