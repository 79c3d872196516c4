"""``namtot evaluation verify``: whether what was closed still stands. Opens MongoDB itself: judging anew takes its time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.evaluation.commands import evaluation_app
from services.evaluation.commands.speech import VERDICTS, number, pick
from shared.commands.asking import Lang, say, settings
from shared.commands.explain import KINDS

if TYPE_CHECKING:
    from services.evaluation.verifying import TeamCheck, YearCheck

AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]
WHY = {
    "same": ("Không đổi", "The same"), "facts": ("Số liệu đã thay đổi", "Facts changed"),
    "rules": ("Cách tính của phần mềm đã thay đổi", "The code that applies the rules changed"),
    "altered": ("Bản lưu bị sửa", "The stored copy was altered"),
}
REMEDIES = {
    "facts": (
        "Số liệu đã đổi: nếu đúng, hiệu chỉnh bằng evaluation.corrected, có lý do.",
        "Facts changed: if rightly so, record an evaluation.corrected with its reason.",
    ),
    "rules": (
        "Cách tính đã đổi: kết quả đã khóa sổ vẫn giữ nguyên; xem bản phần mềm khi khóa sổ.",
        "The rules' code changed: what was closed stands; look at the release that closed it.",
    ),
    "altered": (
        "Bản lưu bị sửa: khôi phục collection closings và closed từ bản sao lưu.",
        "Stored copy altered: restore the collections closings and closed from a backup.",
    ),
}
WHATS = {"added": ("thêm", "added"), "removed": ("mất", "removed"), "changed": ("sửa", "changed")}
FACTS_SHOWN = 5


@evaluation_app.command()
def verify(
    unit: Annotated[str | None, typer.Option(help="Code of a ward or commune; all that closed a year if left out.")] = None,
    year: Annotated[int | None, typer.Option(min=1976, max=2199)] = None,
    head: Annotated[str | None, typer.Option(help="The head that is printed on the result sheet: is it still the last?")] = None,
    lang: Lang = "vi", as_json: AsJson = False,
) -> None:
    """Judge every closed verdict anew by its own scheme from the facts as they are now, and compare: the same, facts changed
    (which), rules changed, stored copy altered. Exits with 1 if anything differs. Reads only."""
    checks = _verified(unit, year, as_json)
    wrong_head = [] if head is None else [check for check in checks if check.head != head]
    if as_json:
        typer.echo(json.dumps([_plain(check) for check in checks], ensure_ascii=False))
    else:
        for check in checks:
            _tell(check, lang)
        for check in wrong_head:
            say(pick((
                f"Mã kiểm tra hiện nay là {check.head}, không phải {head}.", f"The head is {check.head}, not {head}.",
            ), lang))
        say(_summed(checks, lang))
    if wrong_head or not all(check.ok for check in checks):
        raise typer.Exit(1)


def _verified(unit: str | None, year: int | None, quiet: bool) -> list[YearCheck]:
    from pymongo.errors import PyMongoError
    from rich.console import Console
    from rich.progress import Progress

    from services.evaluation.store import closings
    from services.evaluation.store.replica import Replica
    from services.evaluation.verifying import verify_year
    from shared.storage import Unavailable, connect, database

    given = settings()
    client = connect(given)
    try:
        db, replica, found = database(client, given, "evaluation"), Replica(), []
        years = closings.closed_years(db, unit, year)
        console = Console(stderr=True)
        with Progress(console=console, disable=quiet or not console.is_terminal, transient=True) as progress:
            task = progress.add_task("comparing", total=db["closed"].count_documents(
                {"$or": [{"unit": u, "year": y, "revision": 0} for u, y in years]} if years else {"revision": -1}
            ))
            for one, of in years:
                found.append(verify_year(db, replica, one, of, lambda teams: progress.advance(task, teams)))
        return found
    except PyMongoError as error:
        say(f"MongoDB does not answer: {Unavailable(error)}. Next: `namtot status`.", error=True)
        raise typer.Exit(1) from None
    finally:
        client.close()


def _tell(check: YearCheck, lang: str) -> None:
    say(f"{check.unit} · {check.year} · {check.scheme} · {pick(('mã kiểm tra', 'head'), lang)} {check.head}")
    if check.unreadable is not None:
        say("! " + pick((
            f"Bản phần mềm này không đọc được bộ tiêu chí khi khóa sổ: {check.unreadable}",
            f"This release cannot read the closed scheme: {check.unreadable}",
        ), lang))
    if check.new_code:
        say("  " + pick((
            "Phần mềm áp dụng quy tắc đã đổi kể từ khi khóa sổ.",
            "The code that applies the rules is another one than when it closed.",
        ), lang))
    for key, what in sorted(check.flaws.items()):
        say(f"! {pick(WHY['altered'], lang)}: {key} ({what})")
    for one in check.teams:
        if one.found.why != "same":
            _tell_team(one, lang)


def _tell_team(one: TeamCheck, lang: str) -> None:
    verdicts = "" if one.found.why == "altered" else pick((
        f"; khi khóa sổ: {pick(VERDICTS[one.found.closed], lang)}, hiện nay: {pick(VERDICTS[one.found.now], lang)}",
        f"; when closed: {pick(VERDICTS[one.found.closed], lang)}, now: {pick(VERDICTS[one.found.now], lang)}",
    ), lang)
    say(f"  {one.name} ({one.team}): {pick(WHY[one.found.why], lang)}{verdicts}")
    for change in one.found.changes[:FACTS_SHOWN]:
        kind = pick(KINDS.get(change.kind, (change.kind, change.kind)), lang)
        say(f"    {kind} {change.id} ({pick(WHATS[change.what], lang)})")
    more = len(one.found.changes) - FACTS_SHOWN
    if more > 0:
        say(pick((f"    và {number(more, lang)} nội dung khác", f"    and {number(more, lang)} more"), lang))


def _summed(checks: Sequence[YearCheck], lang: str) -> str:
    if not checks:
        return pick(("Chưa có năm nào được khóa sổ.", "No year is closed yet."), lang)
    same = sum(one.found.why == "same" for check in checks for one in check.teams)
    total = sum(len(check.teams) for check in checks)
    told = pick((
        f"{number(same, lang)}/{number(total, lang)} kết quả đã khóa sổ không đổi.",
        f"{number(same, lang)} of {number(total, lang)} closed verdicts are the same.",
    ), lang)
    whys = {one.found.why for check in checks for one in check.teams} | {"altered" for check in checks if check.flaws}
    return " ".join([told, *(pick(remedy, lang) for why, remedy in REMEDIES.items() if why in whys)])


def _plain(check: YearCheck) -> dict[str, Any]:
    return {
        "unit": check.unit, "year": check.year, "ok": check.ok, "head": check.head, "scheme": check.scheme, "heads": check.heads,
        "new_code": check.new_code, "unreadable": check.unreadable, "flaws": check.flaws,
        "teams": [
            {"team": one.team, "name": one.name, "revision": one.revision, "as_of": one.closed_on, "why": one.found.why,
             "same": one.found.why == "same", "closed": one.found.closed, "now": one.found.now, "flaw": one.found.flaw,
             "changes": [{"kind": c.kind, "id": c.id, "what": c.what} for c in one.found.changes]} for one in check.teams
        ],
    }
