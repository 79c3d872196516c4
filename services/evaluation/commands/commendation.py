"""``namtot commendation``: what was proposed and decided, who is owed praise today, how long praise takes, what the rules would
propose."""

from __future__ import annotations

import datetime as dt
import json
from itertools import groupby
from typing import Annotated, Any

import typer

from shared.commands.asking import Lang, ask, say

commendation_app = typer.Typer(
    no_args_is_help=True, help="Commendations (khen thưởng): dossiers, who is owed praise, how long it takes, proposals."
)

AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]
Unit = Annotated[str | None, typer.Option(help="Code of a ward or commune, e.g. 00118.")]
Year = Annotated[int, typer.Option(help="The year of evaluation; its window ends on 31/10.", min=1976, max=2199)]
Timeout = Annotated[float, typer.Option(help="Seconds to wait for evaluation's answer.", min=0.1)]

WORDS = {
    "id": ("Mã", "ID"), "unit": ("Phường, xã", "Unit"), "who": ("Đối tượng", "For"), "state": ("Tình trạng", "State"),
    "number": ("Quyết định, ngày", "Decision, day"), "days": ("Số ngày", "Days"),
    "achievement": ("Thành tích", "Achievement"), "n": ("Đã quyết định", "Decided"), "median": ("Trung vị", "Median"),
    "p90": ("90%", "90%"), "worst": ("Lâu nhất", "Longest"), "owed": ("Còn nợ", "Owed"), "all": ("Tất cả", "All"),
    "mediator": ("HGV", "Mediator"), "household": ("Hộ", "Household"),
    "gates": ("Điều kiện", "Gates"), "flags": ("Được nêu ra", "Pointed out"),
    "refused": ("Không có hiệu lực", "Without effect"), "waiting": ("Đang chờ", "Waiting"), "next": ("Việc tiếp theo", "Next"),
    "steps": ("Các bước", "Steps"), "money": ("Tiền thưởng", "Reward"),
}
CHOICES = {
    "proposed": ("Đề xuất", "Propose"), "tied": ("Ngang nhau", "Tie"), "no_place": ("Hết suất", "No place"),
    "under_way": ("Đang làm hồ sơ", "Under way"), "answered": ("Đã có quyết định", "Decided"),
}


def register(app: typer.Typer) -> None:
    app.add_typer(commendation_app, name="commendation")


@commendation_app.command("list")
def list_(
    unit: Unit = None, year: Annotated[int | None, typer.Option(min=1976, max=2199)] = None,
    state: Annotated[str | None, typer.Option(help="E.g. submitted, suspended, decided.")] = None,
    lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 10.0,
) -> None:
    """Dossiers, the newest proposal first."""
    found = ask("evaluation", "commendations", timeout=timeout, unit=unit, year=year, state=state)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    _show(_table(
        lang, ("id", "who", "state", "number", "days"),
        [(
            item["id"][:SHOWN], f"{_who(item, lang)}\n{item['unit_name']}", item["state_words"][lang],
            f"{item['number'] or ''}\n{_day(item['decided_on'] or item['proposed_on'], lang)}".strip(),
            _number(item["days"], lang),
        ) for item in found["items"]],
    ))
    say(_pick((
        f"{_number(len(found['items']), 'vi')} hồ sơ. Số ngày: từ đề nghị đến quyết định, hoặc đến hôm nay. "
        "Xem một hồ sơ: namtot commendation show MÃ",
        f"{_number(len(found['items']), 'en')} dossiers. Days: from the proposal to the decision, or to today. "
        "One of them: namtot commendation show ID",
    ), lang))


@commendation_app.command()
def show(
    id: Annotated[str, typer.Argument(help="The dossier's id, or its beginning, as `list` shows it.")],
    lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 10.0,
) -> None:
    """One dossier: its steps, how it stands before each gate, what is pointed out, what comes next."""
    found = ask("evaluation", "commendation", timeout=timeout, id=id)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    from rich.console import Group
    from rich.text import Text
    from rich.tree import Tree

    root = Tree(Group(
        Text(f"{_who(found, lang)} · {found['unit_name']}", style="bold"),
        Text(f"{_said(found['form_words'], lang)} · {found['state_words'][lang]} · {found['number'] or ''}".rstrip(" ·")),
        Text(f"{_pick(WORDS['achievement'], lang)}: {found['achievement'] or ''}", style="dim"),
    ))
    if found["amount_how"]:
        root.add(Text(f"{_pick(WORDS['money'], lang)}: {found['amount_how'][lang]}"))
    _branch(root, "steps", lang, [f"{_day(s['on'], lang)} {s['words'][lang]} {s.get('number') or ''}" for s in found["steps"]])
    _branch(root, "gates", lang, [
        f"{'✔' if gate['passed'] else '✘'} {gate[lang]} [{gate['article']}]" for gate in found["gates"]
    ])
    for name in ("refused", "waiting", "flags"):
        _branch(root, name, lang, [f"{one[lang]} [{one['article']}]" for one in found[name]])
    _branch(root, "next", lang, [f"{one[lang]} ({one['type']})" for one in found["next"]])
    _show(root)


@commendation_app.command()
def owed(unit: Unit = None, lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 10.0) -> None:
    """Who is owed praise today: results that nobody has decided about yet, and for how many days."""
    found = ask("evaluation", "owed", timeout=timeout, unit=unit)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    items = found["items"]
    for name, group in groupby(items, key=lambda item: item["unit_name"]):
        _show(_listed(name, [f"{_who(item, lang)}: {item[lang]}" for item in group]))
    say(_pick((
        f"{_number(len(items), 'vi')} kết quả chưa được khen. Việc tiếp theo: namtot commendation proposals --unit … --year …",
        f"{_number(len(items), 'en')} results without praise. Next: namtot commendation proposals --unit … --year …",
    ), lang))


@commendation_app.command()
def timeliness(year: Year, lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 10.0) -> None:
    """Days from recognition to the decision to commend, by unit; how many results still wait."""
    found = ask("evaluation", "timeliness", timeout=timeout, year=year)
    whole = ask("evaluation", "timeliness", timeout=timeout, year=year, whole=True)
    if as_json:
        typer.echo(json.dumps({"year": year, "units": found, "all": whole[0]}, ensure_ascii=False))
        return
    columns = ("n", "median", "p90", "worst", "owed")
    rows = [(row["name"], *(_number(row[c], lang) for c in columns)) for row in found]
    rows.append((_pick(WORDS["all"], lang), *(_number(whole[0][c], lang) for c in columns)))
    _show(_table(lang, ("unit", *columns), rows))
    say(_pick((
        "Số ngày từ quyết định công nhận đến quyết định khen thưởng; “Còn nợ” là kết quả chưa ai quyết định.",
        "Days from the recognition to the decision to commend; “Owed” are results that nobody decided about.",
    ), lang))


@commendation_app.command()
def proposals(
    unit: Annotated[str, typer.Option(help="Code of a ward or commune, e.g. 00118.")], year: Year,
    lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 20.0,
) -> None:
    """What the rules would propose from a year's results, with ties and why. In an order that says nothing about performance."""
    found = ask("evaluation", "proposals", timeout=timeout, unit=unit, year=year)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for choice, words in CHOICES.items():
        chosen = [item for item in found["items"] if item["choice"] == choice]
        if chosen:
            _show(_listed(f"{_pick(words, lang)} ({_number(len(chosen), lang)})", [_proposal(item, lang) for item in chosen]))
    if not found["items"]:
        say(_pick(("Chưa có kết quả nào trong năm để đề xuất.", "No result of the year to propose."), lang))


def _proposal(item: dict[str, Any], lang: str) -> str:
    barred = [f"✘ {gate[lang]}" for gate in item["gates"] if not gate["passed"] and gate["effect"] == "bar"]
    return "\n".join((f"{_who(item, lang)} → {_said(item['form_words'], lang)}", item[lang], *barred))


def _table(lang: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD)
    for column in columns:
        table.add_column(
            _pick(WORDS[column], lang), justify="right" if column in _NUMBERS else "left", no_wrap=column in _NUMBERS | _SHORT
        )
    for row in rows:
        table.add_row(*row)
    return table


_NUMBERS = {"days", "n", "median", "p90", "worst", "owed"}
_SHORT = {"id", "number"}
SHOWN = 8
"""Digits of a dossier's id: enough to tell it from the others."""


def _show(what: Any) -> None:
    """Wrapped at the terminal's width: a sentence is never cut."""
    from rich.console import Console

    Console(highlight=False).print(what)


def _listed(head: str, lines: list[str]) -> Any:
    from rich.text import Text
    from rich.tree import Tree

    root = Tree(Text(head, style="bold"))
    for line in lines:
        root.add(Text(line))
    return root


def _branch(root: Any, name: str, lang: str, lines: list[str]) -> None:
    from rich.text import Text

    if lines:
        branch = root.add(Text(_pick(WORDS[name], lang), style="bold"))
        for line in lines:
            branch.add(Text(line.strip()))


def _who(item: dict[str, Any], lang: str) -> str:
    """The team, and the mediator's or household's reference in it; never a person's name."""
    team = f"{item['team_name']} ({item['team']})"
    for kind in ("household", "mediator"):
        if item.get(kind) is not None:
            return f"{_pick(WORDS[kind], lang)} {item[kind]}, {team}"
    return team


def _said(words: dict[str, str] | None, lang: str) -> str:
    return "" if words is None else words[lang]


def _day(text: str | None, lang: str) -> str:
    if text is None:
        return ""
    return dt.date.fromisoformat(text[:10]).strftime("%d/%m/%Y") if lang == "vi" else text[:10]


def _number(value: int | None, lang: str) -> str:
    if value is None:
        return "–"
    return f"{value:,}".replace(",", ".") if lang == "vi" else f"{value:,}"


def _pick(pair: tuple[str, str], lang: str) -> str:
    return pair[0] if lang == "vi" else pair[1]
