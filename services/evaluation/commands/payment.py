"""``namtot payment``: what teams asked to be paid for, what became of it, what they may still ask for (procedure 2.002080)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from services.evaluation.commands.speech import day, number, pick, table
from shared.commands.asking import Lang, ask, say

payment_app = typer.Typer(
    no_args_is_help=True, help="Payments to teams (chi thù lao, hỗ trợ): claims, their terms, what may still be asked for."
)

AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]
Unit = Annotated[str, typer.Option(help="Code of a ward or commune, e.g. 00118.")]
Timeout = Annotated[float, typer.Option(help="Seconds to wait for evaluation's answer.", min=0.1)]
SHOWN = 8
"""Digits of an id: enough to tell it from the others."""
TYPES = {
    "payment.requested": ("Đề nghị", "Requested"), "payment.decided": ("Quyết định chi", "Decided"),
    "payment.refused": ("Từ chối", "Refused"), "payment.paid": ("Chi", "Paid"),
}
STATUSES = {
    "settled": ("hòa giải thành", "settled"), "not_settled": ("không thành", "not settled"),
    "ended_by_party": ("chấm dứt theo yêu cầu của các bên", "ended at the parties' wish"),
    None: ("chưa có báo cáo", "not reported"),
}
OPEN = ("chưa kết thúc", "not ended")
BASES = {"rate": ("mức của phường, xã", "the commune's rate"), "maximum": ("mức tối đa", "the maximum"), "unknown": ("–", "–")}


def register(app: typer.Typer) -> None:
    app.add_typer(payment_app, name="payment")


@payment_app.command("list")
def list_(
    unit: Unit, year: Annotated[int | None, typer.Option(help="Of the request.", min=1976, max=2199)] = None,
    state: Annotated[str | None, typer.Option(help="incomplete, requested, decided, refused or paid.")] = None,
    lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 20.0,
) -> None:
    """Claims of the unit's teams: those whose term ends first on top."""
    found = ask("evaluation", "payments", timeout=timeout, unit=unit, year=year, state=state)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    say(table(lang, ("id", "team", "claim", "due", "amount"), [
        (
            item["id"][:SHOWN], item["team_name"], item["state_words"][lang], _due(item, lang),
            _money(item["paid"] or item["amount_decided"] or item["amount_requested"], lang),
        )
        for item in found["items"]
    ]))
    without = pick(("Quyết định không có hiệu lực", "A decision without effect"), lang)
    for item in found["items"]:
        for one in item["refused"]:
            say(f"! {item['id'][:SHOWN]}: {without}: {one[lang]}")
    totals = found["totals"]
    say(pick((
        f"{number(len(found['items']), 'vi')} đề nghị: đề nghị {_money(totals['amount_requested'], 'vi')}, quyết định "
        f"{_money(totals['amount_decided'], 'vi')}, đã chi {_money(totals['paid'], 'vi')}. Xem: namtot payment show MÃ",
        f"{number(len(found['items']), 'en')} claims: {_money(totals['amount_requested'], 'en')} asked for, "
        f"{_money(totals['amount_decided'], 'en')} decided, {_money(totals['paid'], 'en')} paid. Next: namtot payment show ID",
    ), lang))


@payment_app.command()
def show(
    id: Annotated[str, typer.Argument(help="The claim's id, or its beginning, as `list` shows it.")],
    team: Annotated[str | None, typer.Option(help="Code of the team, where one record holds claims of several.")] = None,
    lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 10.0,
) -> None:
    """One claim: its papers, its cases by number, its terms, what is pointed out and what has no effect."""
    found = ask("evaluation", "payment", timeout=timeout, id=id, team=team)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    say(f"{found['team_name']} ({found['team']}) · {found['unit_name']} · {found['state_words'][lang]}")
    if found["due"]:
        say(f"{pick(('Hạn cuối', 'Last day in time'), lang)}: {_due(found, lang)}")
    if found["ceiling"] is not None:
        say(f"{pick(('Mức tối đa', 'Maximum'), lang)}: {_money(found['ceiling'], lang)}")
    for paper in found["papers"]:
        without = pick((" · không có hiệu lực", " · without effect"), lang) if paper["refused"] else ""
        told = [day(paper["on"], lang), pick(TYPES[paper["type"]], lang), paper["number"], paper["reason"], paper["month"]]
        amount = [] if paper["amount"] is None else [_money(paper["amount"], lang)]
        say("  " + " · ".join([*(one for one in told if one), *amount]) + without)
    for one in found["case_lines"]:
        status = pick(STATUSES.get(one["status"], OPEN), lang)
        say(f"  {one['case'][:SHOWN]} · {day(one['received_on'] or '', lang)} – {day(one['ended_on'] or '', lang)} · {status}")
    for one in (*found["refused"], *found["flags"]):
        say(f"! {one[lang]} [{one['article']}]")
    say(_after_show(found, lang))


@payment_app.command()
def propose(
    unit: Unit, year: Annotated[int, typer.Option(help="In which the cases ended, and of the months.", min=1976, max=2199)],
    lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 30.0,
) -> None:
    """What the unit's teams may still ask for. With --json each request is written out, ready to be published."""
    found = ask("evaluation", "payment_proposals", timeout=timeout, unit=unit, year=year)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    say(table(lang, ("team", "item", "ended_on", "amount", "basis"), [
        (team["team_name"], *line) for team in found["teams"] for line in _proposed(team["items"], lang)
    ]))
    say(pick((
        f"{number(len(found['teams']), 'vi')} tổ còn có thể đề nghị {_money(found['amount'], 'vi')}. Mức tối đa chỉ là trần: mức "
        "thực chi do thành phố, phường, xã quy định.",
        f"{number(len(found['teams']), 'en')} teams may still ask for {_money(found['amount'], 'en')}. The maximum is only a "
        "ceiling: what is paid is set by the city or commune.",
    ), lang))


def _proposed(items: list[dict[str, Any]], lang: str) -> Iterator[tuple[str, ...]]:
    """A line for each case, and one for all months."""
    for item in items:
        if item["case"]:
            late = pick((" (quá hạn đề nghị)", " (late)"), lang) if item["late"] else ""
            yield (
                item["case"][:SHOWN], day(item["ended_on"], lang) + late, _money(item["amount"], lang),
                pick(BASES[item["basis"]], lang),
            )
    months = [item for item in items if item["month"]]
    if months:
        names = ", ".join(item["month"] if lang == "en" else f"{item['month'][5:]}/{item['month'][:4]}" for item in months)
        bases = ", ".join(dict.fromkeys(pick(BASES[item["basis"]], lang) for item in months))
        yield names, "", _money(sum(item["amount"] for item in months), lang), bases


def _after_show(found: dict[str, Any], lang: str) -> str:
    kind = {"refused": "payment-refusal", "incomplete": "payment-request", "unasked": "payment-request"}.get(
        found["state"], "payment-decision"
    )
    made = f"namtot papers make {kind} --payment {found['id'][:12]}"
    return pick((f"In giấy tờ: {made}", f"Its paper: {made}"), lang)


def _due(item: dict[str, Any], lang: str) -> str:
    if not item["due"]:
        return ""
    return day(item["due"], lang) + (pick((" (quá hạn)", " (overdue)"), lang) if item["overdue"] else "")


def _money(value: int | None, lang: str) -> str:
    return "" if value is None else f"{number(value, lang)} đ"
