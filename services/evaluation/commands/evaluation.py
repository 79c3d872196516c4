"""``namtot evaluation``: a unit's board, the communes and the city, the ward's result sheet."""

from __future__ import annotations

import importlib
import json
from collections import Counter
from typing import Annotated, Any

import typer

from services.evaluation.commands import evaluation_app
from services.evaluation.commands.speech import VERDICTS, WORDS, YES, day, number, pick, share, table
from shared.commands.asking import Lang, ask, say

AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]
Unit = Annotated[str, typer.Option(help="Code of a ward or commune, e.g. 00118.")]
Year = Annotated[int, typer.Option(help="The year of evaluation; its window ends on 31/10.", min=1976, max=2199)]
Timeout = Annotated[float, typer.Option(help="Seconds to wait for evaluation's answer.", min=0.1)]

CASES = {
    "received": ("Tiếp nhận", "Received"), "carried": ("Trong đó kỳ trước chuyển sang", "Of these carried over"),
    "settled": ("Hòa giải thành", "Settled"), "not_settled": ("Không thành", "Not settled"),
    "pending": ("Đang hòa giải", "In progress"), "left_out": ("Ngoài phạm vi hoặc đã chuyển", "Out of scope or referred"),
}
DUTIES = {
    "funding": ("Chi kinh phí", "Funding"), "documents": ("Cấp tài liệu, mời tập huấn", "Documents and training"),
    "decisions": ("Quyết định công nhận", "Decisions on recognition"),
}
STAGES = {
    "self_assessment": ("Tự đánh giá", "Self-assessment"), "request": ("Đề nghị", "Request"),
    "decision": ("Quyết định", "Decision"),
}


def register(app: typer.Typer) -> None:
    importlib.import_module("services.evaluation.commands.verify")  # adds to the group
    app.add_typer(evaluation_app, name="evaluation")


@evaluation_app.command("show")
def show(unit: Unit, year: Year, lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 20.0) -> None:
    """The unit's board: every team with its measured verdict, how far its recognition has come, what is next; the deadlines."""
    board = ask("evaluation", "recognitions", timeout=timeout, unit=unit, year=year)
    chosen = ask("evaluation", "scheme_of", timeout=timeout, unit=unit, year=year)
    if as_json:
        typer.echo(json.dumps({**board, "chosen": chosen}, ensure_ascii=False))
        return
    if not board["teams"]:
        say(pick((
            f"Không có tổ nào của {unit} được đánh giá năm {year}. `namtot teams --unit {unit}` liệt kê các tổ.",
            f"No team of {unit} is evaluated in {year}. `namtot teams --unit {unit}` lists the teams.",
        ), lang), error=True)
        raise typer.Exit(1)
    say(f"{board['unit_name']} ({unit}) · {pick(('năm', 'year'), lang)} {year} · {chosen['title'][lang]}")
    for deadline in board["deadlines"]:
        before = day(deadline["before"], lang)
        say(f"  {pick(STAGES[deadline['step']], lang)}: {pick((f'trước {before}', f'before {before}'), lang)}")
    say(table(lang, ("team", "verdict", "state", "notes"), [
        (row["name"], pick(VERDICTS[row["verdict"]], lang), _state(row["state"], lang), _notes(row, lang))
        for row in board["teams"]
    ]))
    say(" · ".join(f"{pick(WORDS[name], lang)}: {number(board['counts'][name], lang)}" for name in (
        "teams", "meets", "requested", "recognised",
    )))
    say(pick(("Việc tiếp theo:", "Next:"), lang))
    for state, teams in Counter(row["state"] for row in board["teams"]).items():
        told = _next(board, state, lang)
        if told:
            say(f"  {_state(state, lang)} ({number(teams, lang)}): {told}")
    for one in chosen["refused"]:
        say(f"! {one[lang]} ({one['field']})")
    say(_after_board(chosen, unit, year, lang))


evaluation_app.command("board", hidden=True, help="The same as show.")(show)


def _after_board(chosen: dict[str, Any], unit: str, year: int, lang: str) -> str:
    if chosen["closed"] is None:
        return pick((
            "Năm chưa khóa sổ: số liệu vẫn tự cập nhật. Khóa sổ bằng quyết định công nhận đầu tiên, hoặc evaluation.closed.",
            "The year is open: facts flow through. The first decision on recognition closes it, or evaluation.closed.",
        ), lang)
    on = day(chosen["closed"]["on"], lang)
    return pick((
        f"Đã khóa sổ ngày {on}. So với số liệu hiện nay: namtot evaluation verify --unit {unit} --year {year}",
        f"Closed on {on}. Beside today's facts: namtot evaluation verify --unit {unit} --year {year}",
    ), lang)


@evaluation_app.command()
def communes(year: Year, lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 30.0) -> None:
    """Every commune's three counts, whether it does mediation well, and the city beside its targets."""
    found = ask("evaluation", "rollup", timeout=timeout, year=year)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    say(table(lang, ("unit", "teams", "meets", "requested", "recognised", "share", "good", "closed"), [
        (row["name"], *(number(row[name], lang) for name in ("teams", "meets", "requested", "recognised")),
         share(row["share"], lang), pick(YES[row["good"]], lang), pick(YES[row["closed"]], lang)) for row in found["units"]
    ]))
    rule = found["good_commune"]
    if rule is not None:
        say(f"{pick(WORDS['good'], lang)}: ≥ {share(rule['at_least'], lang)} ({rule['citation']})")
    targets = found["city"]["targets"]
    if targets:
        say(table(lang, ("goal", "share", "now", "reached"), [
            (f"{one['title'][lang]} ({one['citation']})", f"≥ {share(one['at_least'], lang)}", share(one["share"], lang),
             pick(YES[one["reached"]], lang)) for one in targets
        ]))
    else:
        say(pick(("Thành phố chưa đặt chỉ tiêu cho năm này.", "The city had set no targets for this year."), lang))
    say(pick((
        f"Một phường, xã: namtot evaluation show --unit MÃ --year {year}",
        f"One of them: namtot evaluation show --unit CODE --year {year}",
    ), lang))


@evaluation_app.command()
def sheet(unit: Unit, year: Year, lang: Lang = "vi", as_json: AsJson = False, timeout: Timeout = 30.0) -> None:
    """The ward's result sheet for the yearly emulation rating. With --json every number names what was counted."""
    found = ask("evaluation", "result_sheet", timeout=timeout, unit=unit, year=year)
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    if found is None:
        say(pick((f"Không có tổ nào của {unit} được đánh giá năm {year}.", f"No team of {unit} is evaluated in {year}."), lang),
            error=True)
        raise typer.Exit(1)
    say(f"{found['unit_name']} ({unit}) · {pick(('năm', 'year'), lang)} {year} · {found['scheme']}")
    rate = found["settled_rate"]
    for name, row in found["cases"].items():
        say(f"  {pick(CASES[name], lang)}: {number(row['n'], lang)}")
    shown = "" if rate["shown"] is None else (
        f" = {rate['shown'][lang]} ({pick(('chính xác', 'exactly'), lang)} {rate['exact'][lang]})"
    )
    say(f"  {pick(WORDS['rate'], lang)}: {rate['numerator']}/{rate['denominator']}{shown}")
    for name, row in found["teams"].items():
        say(f"  {pick(WORDS[name], lang)}: {number(row['n'], lang)}")
    say(pick(("Việc của phường, xã:", "The commune's own duties:"), lang))
    for kind, parts in found["duties"].items():
        say(f"  {pick(DUTIES.get(kind, (kind, kind)), lang)}: " + " · ".join(
            f"{pick(VERDICTS[verdict], lang)} {number(part['n'], lang)}" for verdict, part in parts.items()
        ))
    decisions = found["decisions"]
    say(f"  {pick(DUTIES['decisions'], lang)}: " + pick((
        f"{decisions['decided']['n']} (muộn {decisions['late']['n']}, còn chờ {decisions['undecided']['n']})",
        f"{decisions['decided']['n']} (late {decisions['late']['n']}, still due {decisions['undecided']['n']})",
    ), lang))
    say(pick(("Chưa khóa sổ: số liệu còn thay đổi.", "Not closed: these numbers still change."), lang) if found["head"] is None
        else pick((f"Đã khóa sổ, mã kiểm tra {found['head']}", f"Closed, head {found['head']}"), lang))


# -- words

def _state(state: str, lang: str) -> str:
    from services.evaluation.domain.recognition.state import STATE_WORDS, State

    return str(getattr(STATE_WORDS[State(state)], lang))


def _next(board: dict[str, Any], state: str, lang: str) -> str:
    from services.evaluation.domain.recognition.advice import advice
    from services.evaluation.domain.recognition.state import Progress, State
    from services.evaluation.rules.procedure import procedure_of

    found = advice(procedure_of(board["procedure"]["id"]), board["year"], Progress(state=State(state)))
    return " ".join(str(getattr(one, lang)) for one in found)


def _notes(row: dict[str, Any], lang: str) -> str:
    parts = [(row["flags"], ("lưu ý", "flags")), (row["refused"], ("không có hiệu lực", "without effect")),
             (row["waiting"], ("đang chờ", "waiting"))]
    return ", ".join(f"{count} {pick(words, lang)}" for count, words in parts if count)


