"""``namtot report list`` and ``namtot report make``: the forms of statistical reports, filled from what is recorded."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from services.evaluation.commands import report_app
from services.evaluation.commands.report import AsJson, AsOf, Unit, opened
from services.evaluation.commands.report_logbook import check, save
from services.evaluation.commands.speech import day, pick
from shared.commands.asking import Lang, say, settings

STATES = {"present": ("hiện hành", "present"), "historic": ("cũ", "historic")}
NOT_OBTAINED = ("chưa có biểu mẫu, không đưa ra", "forms not obtained, none is offered")


def register(app: typer.Typer) -> None:
    """Adds to the group ``namtot report``, which ``report`` registers."""


@report_app.command("list")
def list_(lang: Lang = "vi", as_json: AsJson = False) -> None:
    """Forms that can be made, by which document; what is historic or was not obtained; statistical periods."""
    from services.evaluation.queries.reports import report_forms

    found = report_forms()
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for form in found["forms"]:
        old = pick((" (biểu cũ)", " (historic)"), lang) if form["historic"] else ""
        say(f"{form['id']:<10} {form['title'][lang]}, {form['regime']}{old} [{form['mark']}]")
    for regime in found["regimes"]:
        issued = f", {day(regime['issued'], lang)}" if regime["issued"] else ""
        none = f"; {pick(NOT_OBTAINED, lang)}" if regime["forms"] == "not_obtained" else ""
        say(f"{regime['id']}{issued}: {pick(STATES[regime['state']], lang)}{none} [{regime['mark']}]")
    for one in found["periods"]:
        say(f"--period YYYY-{one['id']:<9} {one['title'][lang]} [{one['mark']}]")


@report_app.command()
def make(
    form: Annotated[str, typer.Argument(help="E.g. form-12; `namtot report list` has all.")], unit: Unit = None,
    period: Annotated[str, typer.Option(help="A statistical period, e.g. 2024-h1, 2024-official; or say --from and --to.")] = "",
    first: Annotated[str, typer.Option("--from", help="The period's first day, YYYY-MM-DD.")] = "",
    last: Annotated[str, typer.Option("--to", help="The period's last day, YYYY-MM-DD.")] = "", as_of: AsOf = None,
    estimates: Annotated[Path | None, typer.Option(
        help="YAML of what people expect of the rest of the period: `by: who`, `rows: {HG-… or total: {\"1\": 3}}`.",
    )] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write: .xlsx or .pdf.")] = None,
    trace: Annotated[str, typer.Option(help="List what a number counts: COLUMN of the total, or ROW:COLUMN.")] = "",
    as_json: AsJson = False,
    overwrite: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
) -> None:
    """Fill a form. What is not known says so; a broken identity is shown at its number; nothing is altered or estimated."""
    if (out is not None) + bool(trace) + as_json != 1:
        raise _failed("say one of --out FILE.xlsx|.pdf, --json and --trace", 2)
    if bool(period) == bool(first or last):
        raise _failed("say either --period or --from and --to", 2)
    if out is not None:
        check(out)
    report = _report(form, unit, period, first, last, as_of, estimates)
    if as_json:
        typer.echo(json.dumps(report, ensure_ascii=False))
    elif trace:
        from services.evaluation.queries.reports import traced

        typer.echo("\n".join(opened(lambda db, replica: traced(report, trace))))
    elif out is not None:
        from shared.papers.form import form as drawn

        save(drawn(report, settings().notice), out, overwrite)
        broken = sum(len(row["broken"]) for row in (*report["rows"], report["total"]))
        say(f"{out}: {len(report['rows'])} dòng" + (f"; {broken} chỗ số không khớp, đánh dấu ở ô" if broken else ""))


def _report(
    form: str, unit: str | None, period: str, first: str, last: str, as_of: str | None, estimates: Path | None
) -> dict[str, Any]:
    from services.evaluation.queries.reports import report_form
    from services.evaluation.rules.reports import load_estimates, shipped_forms
    from shared.rulebooks import RulesError

    by, rows = "", None
    if estimates is not None and form in shipped_forms():
        try:
            by, rows = load_estimates(estimates, shipped_forms()[form])
        except RulesError as error:
            raise _failed(str(error), 2) from None
        except OSError as error:
            raise _failed(f"{estimates} cannot be read: {error.strerror}", 2) from None
    found: dict[str, Any] = opened(
        lambda db, replica: report_form(db, replica, form, unit, first, last, period, as_of, rows, by)
    )
    return found


def _failed(reason: str, code: int = 1) -> typer.Exit:
    say(reason, error=True)
    return typer.Exit(code)
