"""``namtot directory reorganise``: what a plan of splits, merges and moves would change; put it into force; take it back."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.commands.asking import ask, say, settings
from shared.commands.delivering import COMMAND_LINE, deliver, silent

AT_ONCE = 200
PENDING = ("assessed", "eligible", "requested", "returned", "under_review")
"""States of a recognition that somebody still has to act on."""


def reorganise(
    plan: Annotated[Path, typer.Argument(metavar="PLAN.yaml", help="The plan; see services/directory/plans for one.")],
    apply: Annotated[bool, typer.Option("--apply", help="Put it into force. Running it twice changes nothing.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take back exactly what this plan put into force.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what it would change (the default).")] = False,
    reason: Annotated[str, typer.Option(help="Why it is taken back; kept with each withdrawal.")] = "the plan is taken back",
    by: Annotated[str | None, typer.Option(help="Reference of the officer who decided, never a person's name.")] = None,
    speaker: Annotated[str, typer.Option("--as", metavar="URI", help="Source in whose name this is said.")] = COMMAND_LINE,
    json_: Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")] = False,
) -> None:
    """Split, merge and move units, residential groups and teams by a plan file.

    Without an option nothing changes: every team, open case and pending evaluation that the plan would move is shown.
    """
    if apply + undo + dry_run > 1:
        say("Choose one of --dry-run, --apply and --undo.", error=True)
        raise typer.Exit(2)
    told = ask("directory", "reorganise", timeout=120, text=_text(plan), name=plan.name)
    if undo:
        result = _undo(told, reason, by)
    elif apply:
        result = _apply(told, speaker)
    else:
        result = _dry(told)
    if json_:
        print(json.dumps(result, ensure_ascii=False))
    elif apply or undo:
        _tell(result)
    else:
        _show(result)
    if result.get("refused") or result.get("silent"):
        raise typer.Exit(1)


def _text(plan: Path) -> str:
    try:
        return plan.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        say(f"{plan} cannot be read: {getattr(error, 'strerror', None) or error}", error=True)
        raise typer.Exit(2) from None


# -- the dry run


def _dry(told: dict[str, Any]) -> dict[str, Any]:
    """The directory's preview with the open cases and pending evaluations of each team that moves. ``not_asked``: services that
    did not answer, and why."""
    not_asked: dict[str, str] = {}
    codes = sorted({team["code"] for team in told["teams"]})
    cases = _cases(codes, not_asked)
    pending = _pending(told["teams"], not_asked)
    return {**told, "open_cases": cases, "pending_evaluations": pending, "not_asked": not_asked}


def _cases(codes: list[str], not_asked: dict[str, str]) -> list[dict[str, Any]]:
    from shared.messaging.rpc import RpcError, call

    found: list[dict[str, Any]] = []
    try:
        for start in range(0, len(codes), AT_ONCE):
            some = codes[start : start + AT_ONCE]
            before = len(found)
            while True:
                skip = len(found) - before
                answer = call(settings(), "evaluation", "cases", timeout=20, teams=some, open=True, skip=skip, limit=AT_ONCE)
                found += answer["items"]
                if not answer["items"] or skip + len(answer["items"]) >= answer["total"]:
                    break
    except RpcError as error:
        not_asked["evaluation.cases"] = str(error)
    return found


def _pending(teams: list[dict[str, Any]], not_asked: dict[str, str]) -> list[dict[str, Any]]:
    """Recognitions of the years that the plan's days lie in, and of the year before, that wait for somebody."""
    from shared.messaging.rpc import RpcError, call

    moving = {team["code"] for team in teams}
    years = {int(team["on"][:4]) - k for team in teams for k in (0, 1)}
    units = {place["unit"] for team in teams for place in (team["from"], team["to"]) if place}
    found: dict[tuple[str, int], dict[str, Any]] = {}
    try:
        for unit in sorted(units):
            for year in sorted(years):
                for row in call(settings(), "evaluation", "recognitions", timeout=20, unit=unit, year=year)["teams"]:
                    if row["code"] in moving and row["state"] in PENDING:
                        found[row["code"], year] = {
                            "team": row["code"], "name": row["name"], "unit": unit, "year": year, "state": row["state"],
                        }
    except RpcError as error:
        not_asked["evaluation.recognitions"] = str(error)
    return list(found.values())


# -- putting it into force and taking it back


def _apply(told: dict[str, Any], speaker: str) -> dict[str, Any]:
    from shared.calendar import day_of
    from shared.contracts import write
    from shared.storage import utc_now

    today = day_of(utc_now()).isoformat()
    ahead = sorted({event["on"] for event in told["events"] if event["on"] > today})
    if ahead:
        say(f"The plan has changes of {', '.join(ahead)}, which lie ahead: what has not happened cannot be recorded. "
            "Apply it on that day, or take these changes out.", error=True)
        raise typer.Exit(2)
    ids = {event["key"]: _id(told["plan"], event["key"], speaker) for event in told["events"]}
    # no time: what was said is then the same whenever it is said again
    outcomes = _deliver([
        write(type=event["type"], source=speaker, id=ids[event["key"]], subject=told["subject"], data=event["data"])
        for event in told["events"]
    ])
    return {"plan": told["plan"], "done": "applied", **outcomes}


def _id(plan: str, key: str, speaker: str) -> str:
    """The id of a plan's event: the first round of it that was not taken back."""
    k = 1
    while ask("intake", "outcome", source=speaker, id=_undo_id(f"{plan}.{k}.{key}"))["outcome"] == "applied":
        k += 1
    return f"{plan}.{k}.{key}"


def _undo_id(id_: str) -> str:
    return f"{id_}.undone"


def _undo(told: dict[str, Any], reason: str, by: str | None) -> dict[str, Any]:
    from shared.calendar import day_of
    from shared.contracts import write
    from shared.contracts.registry import PREFIX
    from shared.storage import utc_now

    today = day_of(utc_now()).isoformat()
    outcomes = _deliver([
        write(
            type=f"{PREFIX}record.withdrawn.v1", source=event["source"], id=_undo_id(event["id"]), subject=told["subject"],
            data={
                "on": today, "target": {"source": event["source"], "id": event["id"]}, "reason": reason,
                **({"by": by} if by else {}),
            },
        )
        for event in told["applied"]
    ])
    return {"plan": told["plan"], "done": "undone", **outcomes}


def _deliver(bodies: list[bytes]) -> dict[str, Any]:
    answers = deliver(bodies) if bodies else []
    count = Counter(answer["outcome"] for answer in answers)
    return {
        "events": len(bodies), "applied": count["applied"], "duplicate": count["duplicate"] + count["redelivered"],
        "refused": [
            {"id": a.get("id"), "field": a.get("field"), "reason": a.get("reason")} for a in answers if a["outcome"] == "refused"
        ],
        "silent": len(bodies) - len(answers),
    }


# -- what a person sees


def _tell(result: dict[str, Any]) -> None:
    if not result["events"]:
        nothing = "Nothing of it is in force." if result["done"] == "undone" else "The plan changes nothing."
        say(f"{result['plan']}: {nothing}")
        return
    say(f"{result['plan']} {result['done']}: {result['events']} events, "
        f"{result['applied']} new, {result['duplicate']} there before.")
    for one in result["refused"]:
        say(f"refused: {one['field']}: {one['reason']}", error=True)
    if result["silent"]:
        say(f"{result['silent']} without an answer: {silent()}", error=True)


def _show(told: dict[str, Any]) -> None:
    from rich.table import Table

    say(f"{told['title']['vi']} ({told['plan']})")
    for day in told["days"]:
        say(f"  {day['on']}  [{day['mark']}] {day['citation']}")
    if told["teams"]:
        table = Table(title=f"{len(told['teams'])} moves of teams, {told['to_confirm']} to be confirmed")
        for heading in ("day", "team", "from", "to"):
            table.add_column(heading, overflow="fold")
        for team in told["teams"]:
            table.add_row(team["on"], f"{team['code']}  {team['name']}", _place(team["from"]), _whither(team))
        say(table)
    for clash in told["clashes"]:
        say(f"{clash['on']}: {clash['teams']} teams in a group called {clash['group']} in {clash['unit']}; "
            "a case that names only the group will wait for a person")
    for problem in told["problems"]:
        say(f"{problem['on']}  {problem['unit']} {problem['what']}: {problem['vi']} ({problem['en']})")
    _list("open cases that move with their teams", told["open_cases"], lambda c: f"{c['case']}  {c['team'] or ''}  {c['status']}")
    _list("evaluations that wait for somebody", told["pending_evaluations"],
          lambda r: f"{r['team']}  {r['name']}  {r['year']}  {r['state']}")
    for what, why in told["not_asked"].items():
        say(f"Not known, {what} did not answer: {why}", error=True)
    state = f"{len(told['applied'])} of its events are in force" if told["applied"] else "not in force"
    say(f"{len(told['events'])} events; {state}. Next: --apply, or --undo to take it back.")


def _list(title: str, rows: list[dict[str, Any]], line: Any) -> None:
    say(f"{len(rows)} {title}" + (":" if rows else "."))
    for row in rows:
        say("  " + line(row))


def _place(place: dict[str, Any] | None) -> str:
    if place is None:
        return ""
    unit = f"{place['unit']} {place.get('unit_name', '')}".strip()
    return f"{unit}, {place['group']}"


def _whither(team: dict[str, Any]) -> str:
    if team["to"]:
        return _place(team["to"])
    if team["ended"]:
        return "ended"
    return "to be confirmed: " + (" or ".join(team["choices"]) or "nobody said where")
