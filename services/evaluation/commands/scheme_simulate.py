"""``namtot scheme simulate|models``: what other criteria would have come to; what good teams did differently.

Both read evaluation's database themselves, because they read very much, and write nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.evaluation.commands import scheme_app
from services.evaluation.commands.scheme import scheme_named, stop
from shared.commands.asking import Lang, say, settings
from shared.commands.explain import VERDICTS

if TYPE_CHECKING:
    from services.evaluation.domain.rules import Scheme
    from services.evaluation.store import Db

AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]
Unit = Annotated[str | None, typer.Option(help="Only this unit's teams: its code.")]
MOST_YEARS = 50


def register(app: typer.Typer) -> None:
    """Adds to ``namtot scheme``, which its own module registers."""


@scheme_app.command()
def simulate(
    years: Annotated[str, typer.Option(help="2024, or 2022..2024.")],
    scheme: Annotated[str, typer.Option(help="The criteria to try: an id or a file.")] = "hanoi-v2",
    change: Annotated[
        list[str] | None, typer.Option(help="settled_rate.threshold=90%, or settled_rate=0.90; as often as needed.")
    ] = None,
    against: Annotated[
        str | None, typer.Option(help="Compare with these criteria instead of with the unchanged ones: an id or a file.")
    ] = None,
    unit: Unit = None,
    lang: Lang = "vi",
    as_json: AsJson = False,
) -> None:
    """Which teams would come to another verdict, by unit, and by which criterion. Nothing that is stored is changed."""
    from services.evaluation.domain.variant import VariantError, tried, vary
    from services.evaluation.whatif import compare
    from shared.calendar import day_of
    from shared.storage import utc_now

    base = scheme_named(scheme)
    try:
        after = vary(base, tried(base, change or []))
    except VariantError as error:
        stop(str(error))
    before = scheme_named(against) if against is not None else base
    if before.digest == after.digest:
        stop("both sides are the same: give --change, or --against another scheme")
    wanted = _years(years)
    with _database() as db, _progress(as_json) as done:
        found = compare(db, before, after, wanted, day_of(utc_now()), unit, done)
    if as_json:
        _print({**found, "scheme": base.id, "changes": change or []})
        return
    _show(found, _name(before, lang), _name(after, lang), change or [], lang)


@scheme_app.command()
def models(
    year: Annotated[int, typer.Option(help="The year of evaluation.", min=1976, max=2199)],
    scheme: Annotated[str, typer.Option(help="By whose verdicts teams are good where nobody is recognised yet.")] = "hanoi-v2",
    unit: Unit = None,
    fewest: Annotated[int, typer.Option(help="Compare only where so many teams stand on each side.", min=1)] = 5,
    lang: Lang = "vi",
    as_json: AsJson = False,
) -> None:
    """What a year's recognised teams did differently, in numbers of teams, and the ways of working that were noted of them."""
    from services.evaluation import queries
    from services.evaluation.rules import shipped
    from services.evaluation.store.replica import Replica

    scheme_named(scheme)
    with _database() as db:
        try:
            found = queries.registry(db, shipped(), Replica(), scheme, year, unit, fewest)
        except queries.UnknownScheme as error:
            stop(str(error))
    if as_json:
        _print(found)
        return
    _show_models(found, lang)


# -- for people

SAID = {
    "teams": ("tổ", "teams"), "unit": ("Đơn vị", "Unit"), "flips": ("đổi kết quả", "would change"),
    "not_in_force": ("bộ tiêu chí chưa áp dụng", "criteria not in force"), "now": ("hiện nay", "now"),
    "then": ("nếu đổi", "then"),
    "good": ("tổ tốt", "good teams"), "others": ("tổ khác", "others"),
    "noted": ("Cách làm được ghi nhận", "Ways of working noted"),
    "recognised": ("tổ đã được công nhận", "recognised teams"), "met": ("tổ đạt đủ tiêu chí", "teams that meet the criteria"),
    "none": ("không có tổ nào", "no team"), "judged": ("chưa xét", "not judged"),
}


def _show(found: dict[str, Any], before: str, after: str, changes: list[str], lang: str) -> None:
    from rich.table import Table
    from rich.text import Text
    from rich.tree import Tree

    say(Text.assemble((before, "bold"), "  →  ", (after, "bold"), f"  {', '.join(changes)}" if changes else ""))
    for year in found["years"]:
        say(f"\n{year['year']}: {year['teams']} {_word('teams', lang)}" + (
            "" if year["comparable"] else f" · {_word('not_in_force', lang)}"
        ))
        if not year["comparable"]:
            continue
        table = Table("", _word("now", lang), _word("then", lang), box=None)
        for verdict in ("met", "not_met", "not_enough_evidence"):
            table.add_row(_verdict(verdict, lang), str(year["before"][verdict]), str(year["after"][verdict]))
        say(table)
        if not year["flips"]:
            say(f"{_word('flips', lang)}: {_word('none', lang)}")
        for unit in year["units"]:
            if not unit["flips"]:
                continue
            tree = Tree(Text.assemble(
                (unit["name"], "bold"), f": {len(unit['flips'])}/{unit['teams']} {_word('teams', lang)} {_word('flips', lang)}; "
                f"{_verdict('met', lang).plain} {unit['met'][0]} → {unit['met'][1]}"
            ))
            for team in unit["flips"]:
                branch = tree.add(Text.assemble(
                    f"{team['name']} ({team['team']}): ", _verdict(team["before"], lang), " → ", _verdict(team["after"], lang)
                ))
                for part in team["deciding"]:
                    branch.add(Text.assemble((part["title"][lang], "dim"), f": {part['sentence'][lang]}"))
            say(tree)


def _show_models(found: dict[str, Any], lang: str) -> None:
    from rich.table import Table
    from rich.text import Text

    say(f"{found['scheme']} {found['year']}: {_word(found['basis'], lang)}: {found['teams']['good']}; "
        f"{_word('others', lang)}: {found['teams']['others']}")
    table = Table("", "", box=None, show_header=False)
    for practice in found["practices"]:
        table.add_row(Text(practice["title"][lang], style="bold" if practice["enough"] else "dim"), practice["words"][lang])
    say(table)
    if found["models"]:
        say(f"\n{_word('noted', lang)}")
    for model in found["models"]:
        say(Text.assemble(
            (model["title"], "bold"), f" · {model['name']}, {model['unit_name']}\n  {model['practice']}"
        ))


def _verdict(verdict: str | None, lang: str) -> Any:
    from rich.text import Text

    if verdict is None:
        return Text(_word("judged", lang), style="dim")
    _, style, vi, en = VERDICTS[verdict]
    return Text(vi if lang == "vi" else en, style=style)


def _name(scheme: Scheme, lang: str) -> str:
    return f"{scheme.id} ({scheme.title.vi if lang == 'vi' else scheme.title.en})"


def _word(name: str, lang: str) -> str:
    return SAID[name][lang != "vi"]


# -- what is given

def _years(text: str) -> list[int]:
    match = re.fullmatch(r"(\d{4})(?:\.\.(\d{4}))?", text.strip())
    if match is None:
        stop(f"--years {text}: write 2024, or 2022..2024")
    first, last = int(match[1]), int(match[2] or match[1])
    if not 1976 <= first <= last <= 2199 or last - first >= MOST_YEARS:
        stop(f"--years {text}: from 1976 to 2199, the earlier one first, at most {MOST_YEARS}")
    return list(range(first, last + 1))


@contextmanager
def _database() -> Iterator[Db]:
    from pymongo.errors import PyMongoError

    from shared.storage import connect, database

    given = settings()
    client = connect(given)
    try:
        yield database(client, given, "evaluation")
    except PyMongoError as error:
        say(f"MongoDB does not answer ({type(error).__name__}): see `namtot status`", error=True)
        raise typer.Exit(1) from None
    finally:
        client.close()


@contextmanager
def _progress(quiet: bool) -> Iterator[Any]:
    """A bar on standard error."""
    if quiet:
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("namtot scheme simulate", total=None)
        yield lambda done, of: bar.update(task, completed=done, total=of)


def _print(what: Any) -> None:
    typer.echo(json.dumps(what, ensure_ascii=False, indent=2))
