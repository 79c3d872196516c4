"""``namtot report``: statistics of any period, traced to cases. Opens MongoDB itself: counting years of cases takes its time."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Any

import typer

from services.evaluation.commands import report_app
from services.evaluation.commands.speech import day, number, pick
from shared.commands.asking import Lang, say, settings

AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]
Unit = Annotated[str | None, typer.Option(help="Code of a ward, commune, district or city; everything if left out.")]
From = Annotated[str, typer.Option("--from", help="The period's first day, YYYY-MM-DD.")]
To = Annotated[str, typer.Option("--to", help="The period's last day, YYYY-MM-DD.")]
AsOf = Annotated[str | None, typer.Option(
    "--as-of", help="The day whose map says which team is in which unit; the period's last if left out."
)]
COLUMNS = {
    "received": ("Tiếp nhận (kể cả kỳ trước chuyển sang)", "Received (carried over included)"),
    "carried": ("- Kỳ trước chuyển sang", "- Carried over"), "new": ("- Mới tiếp nhận", "- New"),
    "personal": ("Mâu thuẫn cá nhân", "Personal"), "civil": ("Dân sự", "Civil"),
    "family": ("Hôn nhân và gia đình", "Marriage and family"), "minor_violation": ("Vi phạm nhỏ", "Minor violations"),
    "unknown": ("Không rõ loại", "Kind not stated"), "settled": ("Hòa giải thành", "Settled"),
    "settled_personal": ("- Mâu thuẫn cá nhân", "- Personal"), "settled_civil": ("- Dân sự", "- Civil"),
    "settled_family": ("- Hôn nhân và gia đình", "- Marriage and family"),
    "settled_minor_violation": ("- Vi phạm nhỏ", "- Minor violations"),
    "settled_unknown": ("- Không rõ loại", "- Kind not stated"),
    "not_settled": ("Hòa giải không thành, chấm dứt", "Not settled, ended"),
    "ended_by_party": ("- Chấm dứt theo yêu cầu của các bên", "- Ended at the parties' wish"),
    "not_handled": ("Chưa giải quyết", "Not yet handled"), "in_progress": ("Đang hòa giải", "In progress"),
    "out_of_scope": ("Ngoài phạm vi (không tính vào các mục trên)", "Out of scope (in none of the above)"),
    "reopened": ("Tiếp tục hòa giải (đã tính ở trên)", "Reopened (counted above)"),
}
RATES = {
    "received_less_pending": ("không tính vụ chưa xong", "less pending cases"),
    "received": ("trên tổng số tiếp nhận", "of all received"),
    "half_up": ("làm tròn", "rounded half up"), "truncate": ("cắt bớt", "cut off"),
}


def register(app: typer.Typer) -> None:
    app.add_typer(report_app, name="report")


@report_app.command()
def show(
    first: From, last: To, unit: Unit = None, as_of: AsOf = None, lang: Lang = "vi", as_json: AsJson = False,
) -> None:
    """The figures of a period. With --json every number comes with the ids of its cases."""
    found = counted(unit, first, last, as_of)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    say(_head(found, lang))
    for name, words in COLUMNS.items():
        value = found["columns"][name]["value"]
        say(f"{number(value, lang):>9}  {pick(words, lang)}")
    for rate in found["rates"]:
        percent = "–" if rate["percent"] is None else f"{rate['percent'].replace('.', ',') if lang == 'vi' else rate['percent']}%"
        say(f"{percent:>9}  {rate['numerator']}/{rate['below']}, {pick(RATES[rate['denominator']], lang)}, "
            f"{pick(RATES[rate['rounding']], lang)}")


@report_app.command()
def trace(
    column: Annotated[str, typer.Argument(help="E.g. settled, carried, reopened; `show --json` has all names.")],
    first: From, last: To, unit: Unit = None, as_of: AsOf = None, as_json: AsJson = False,
) -> None:
    """The ids of the cases that one number counts, one a line."""
    if column not in COLUMNS:
        say(f"There is no number {column!r}. Known: {', '.join(COLUMNS)}", error=True)
        raise typer.Exit(2)
    cases = counted(unit, first, last, as_of)["columns"][column]["cases"]
    typer.echo(json.dumps(cases) if as_json else "\n".join(cases))


def counted(unit: str | None, first: str, last: str, as_of: str | None) -> dict[str, Any]:
    from services.evaluation.queries.statistics import statistics

    found: dict[str, Any] = opened(lambda db, replica: statistics(db, replica, unit, first, last, as_of))
    return found


def opened(answer: Callable[[Any, Any], Any]) -> Any:
    """What a question to evaluation's database comes to; bad input exits with 2, no answer with 1."""
    from pymongo.errors import PyMongoError

    from services.evaluation.queries.statistics import BadQuestion
    from services.evaluation.store.replica import Replica
    from shared.storage import Unavailable, connect, database

    given = settings()
    client = connect(given)
    try:
        return answer(database(client, given, "evaluation"), Replica())
    except BadQuestion as error:
        say(str(error), error=True)
        raise typer.Exit(2) from None
    except PyMongoError as error:
        say(f"MongoDB does not answer: {Unavailable(error)}. Next: `namtot status`.", error=True)
        raise typer.Exit(1) from None
    finally:
        client.close()


def _head(found: dict[str, Any], lang: str) -> str:
    where = pick(("Tất cả", "Everything"), lang) if found["unit"] is None else f"{found['name']} {found['unit']}".strip()
    return f"{where} · {day(found['from'], lang)} – {day(found['to'], lang)} · " + pick((
        f"theo địa bàn ngày {day(found['as_of'], lang)}", f"by the map of {found['as_of']}",
    ), lang)
