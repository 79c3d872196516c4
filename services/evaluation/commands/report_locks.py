"""``namtot report lock-status``: which months are locked, who is late, what came to differ since."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from services.evaluation.commands import report_app
from services.evaluation.commands.report import COLUMNS, AsJson, opened
from services.evaluation.commands.speech import day, number, pick
from shared.commands.asking import Lang, say

FLAGS = {
    "unit_unknown": ("mã đơn vị không có trong danh bạ", "the unit's code is not on record"),
    "unit_not_then": ("đơn vị không còn, hoặc chưa có, vào ngày cuối tháng", "the unit was not on the month's last day"),
    "month_not_over": ("chốt khi tháng chưa hết", "locked before the month was over"),
    "again": ("chốt lại sau lần chốt trước", "locked again"),
    "teams_missing": ("còn tổ chưa nộp", "some teams did not submit"),
    "stated_differs": ("số ghi trong văn bản khác số đếm được", "stated figures differ from the counted ones"),
    "touched": ("BẢN CHỐT ĐÃ BỊ SỬA: không khớp mã băm", "THE LOCK WAS TAMPERED WITH: its hash does not match"),
}
STATES = {
    "standing": ("đang có hiệu lực", "stands"), "replaced": ("đã có lần chốt sau", "replaced by a later one"),
    "withdrawn": ("đã rút", "taken back"),
}

SHOWN = ("received", "settled", "not_settled", "not_handled", "in_progress")


def register(app: typer.Typer) -> None:
    """Adds to the group ``namtot report``, which ``report`` registers."""


@report_app.command("lock-status")
def lock_status(
    where: Annotated[list[str], typer.Argument(
        metavar="[UNIT] MONTH", help="A unit's code, or none for all; the month as YYYY-MM.",
    )],
    lang: Lang = "vi", as_json: AsJson = False,
    below: Annotated[bool, typer.Option(help="A line for each unit below UNIT instead.")] = False,
) -> None:
    """A month's lock: who submitted, who did not, what was locked, what was corrected since."""
    from services.evaluation.queries.locks import statistics_lock, statistics_locks

    if len(where) > 2:
        say("Give a unit and a month, or a month alone: namtot report lock-status 00118 2024-11", error=True)
        raise typer.Exit(2)
    *units, period = where
    if units and not below:
        found = opened(lambda db, replica: statistics_lock(db, replica, units[0], period))
    else:
        found = opened(lambda db, replica: statistics_locks(db, replica, period, units[0] if units else None))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
    elif "units" in found:
        _units(found, lang)
    else:
        _one(found, lang)


def _units(found: dict[str, Any], lang: str) -> None:
    for line in found["units"]:
        locked = line["locked_on"]
        said = [pick(("CHƯA CHỐT", "NOT LOCKED") if locked is None else (f"chốt {day(locked, lang)}", f"locked {locked}"), lang)]
        said.append(f"{line['submitted']}/{line['teams']} " + pick(("tổ đã nộp", "teams submitted"), lang))
        if count := line["corrections"]:
            said.append(pick((f"{count} số đã khác", f"{count} figures corrected"), lang))
        if count := line["withdrawn"]:
            said.append(pick((f"{count} lần chốt đã rút", f"{count} locks taken back"), lang))
        said += [pick(FLAGS[code], lang) for code in line["flags"]]
        say(f"{line['unit']:<6} {line['name'] or '?'}: {'; '.join(said)}")
    late = len(found["not_locked"])
    say(pick((f"{late}/{len(found['units'])} đơn vị chưa chốt tháng {found['period']}.",
              f"{late} of {len(found['units'])} units have not locked {found['period']}."), lang))


def _one(found: dict[str, Any], lang: str) -> None:
    say(f"{found['name'] or '?'} {found['unit']} · {found['period']}")
    sent = found["teams"] - len(found["missing"])
    say(pick((f"Đã nộp: {sent}/{found['teams']} tổ", f"Submitted: {sent} of {found['teams']} teams"), lang))
    for one in found["missing"]:
        say(pick((f"  chưa nộp: {one['name']} ({one['team']})", f"  not submitted: {one['name']} ({one['team']})"), lang))
    for one in found["submitted"]:
        for each in one["differing"]:
            say(f"  ! {one['unit']}: {_stated(each, lang)}")
    if found["locked"] is None:
        say(pick(("Chưa chốt.", "Not locked."), lang))
    for lock in found["locks"]:
        about = [day(lock["on"], lang), *([lock["number"]] if lock["number"] else []), pick(STATES[lock["state"]], lang)]
        say(pick(("Chốt ", "Locked "), lang) + ", ".join(about))
        say("  " + "; ".join(f"{pick(COLUMNS[name], lang)}: {number(lock['figures'][name]['value'], lang)}" for name in SHOWN))
        for code in lock["flags"]:
            say(f"  ! {pick(FLAGS[code], lang)}")
        for each in lock["differing"]:
            say(f"  ! {_stated(each, lang)}")
        for one in lock["changed"]:
            say(pick(("  so với lần trước: ", "  beside the one before: "), lang) + _corrected(one, lang))
    if found["corrections"]:
        say(pick(("Từ khi chốt đã khác:", "Since the lock:"), lang))
    for one in found["corrections"]:
        say(f"  {_corrected(one, lang)}")


def _stated(each: dict[str, Any], lang: str) -> str:
    name = pick(COLUMNS[each["figure"]], lang).removeprefix("- ")
    return pick((f"{name}: ghi {each['stated']}, đếm được {each['counted']}",
                 f"{name}: stated {each['stated']}, counted {each['counted']}"), lang)


def _corrected(one: dict[str, Any], lang: str) -> str:
    def told(sign: str, id: str) -> str:
        on = one["written_at"].get(id)
        return f"{sign}{id[:8]}" + ("" if on is None else f" ({pick(('ghi sổ', 'written up'), lang)} {day(on, lang)})")

    cases = [*(told("+", id) for id in one["cases_in"]), *(told("−", id) for id in one["cases_out"])]
    name = pick(COLUMNS[one["figure"]], lang).removeprefix("- ")
    return f"{name}: {one['locked']} → {one['now']}: {', '.join(cases)}"
