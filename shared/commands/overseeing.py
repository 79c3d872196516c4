"""``namtot directory check|elections|candidates``: how teams stand by law, and how mediators came to be."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from shared.commands.asking import ask, say

Json = Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")]
On = Annotated[str | None, typer.Option("--on", metavar="YYYY-MM-DD", help="The day; today if left out.")]
Unit = Annotated[str | None, typer.Option("--unit", metavar="CODE", help="Only this ward or commune.")]
Team = Annotated[str | None, typer.Option("--team", metavar="HG-…", help="Only the team with this code.")]
STATES = {
    "agreed": "on the agreed list", "elected": "elected", "surplus": "seats were full", "tied": "tied",
    "not_elected": "not elected", "recognised": "recognised",
}


def register(app: typer.Typer) -> None:
    app.command()(check)
    app.command()(elections)
    app.command()(candidates)
    app.command()(training)


def check(
    unit: Unit = None, on: On = None,
    reviews: Annotated[bool, typer.Option("--reviews", help="List also teams of which only the review is overdue.")] = False,
    json_: Json = False,
) -> None:
    """What teams lack by law on a day (Luật 35/2013/QH13 Art. 12), groups without a team, mediators in two teams.

    Exits with 1 if something is lacking.
    """
    day = _day(on)
    found = ask("directory", "standing", unit=unit, on=day)
    twice = ask("directory", "doubles", on=day)
    if unit is not None:
        twice = [row for row in twice if any(team["unit"] == unit for team in row["teams"])]
    lacking = [team for team in found["teams"] if team["problems"]]
    wrong = bool(lacking or found["groups_without_team"] or twice)
    if json_:
        print(json.dumps({**found, "doubles": twice}, ensure_ascii=False))
    else:
        _show(found, lacking, twice, reviews)
    if wrong:
        raise typer.Exit(1)


def _show(found: dict[str, Any], lacking: list[dict[str, Any]], twice: list[dict[str, Any]], reviews: bool) -> None:
    if not found["teams"] and not found["groups_without_team"]:
        say(f"No teams are known there on {found['on']}. `namtot directory units` shows which units there are.")
        return
    overdue = [t for t in lacking if any(p["code"] == "review_due" for p in t["problems"])]
    listed = [t for t in lacking if reviews or any(p["code"] != "review_due" for p in t["problems"])]
    _table(f"{len(listed)} of {len(found['teams'])} teams lack something on {found['on']}",
           ("code", "name", "ward", "mediators", "women", "what is lacking", "by"), [
        (t["code"], t["name"], t["unit"], str(t["mediators"]), str(t["women"]),
         "\n".join(f"{p['vi']} / {p['en']}" for p in t["problems"]),
         "\n".join(f"{p['article']} [{p['mark']}]" for p in t["problems"] if p["article"]))
        for t in listed
    ])
    if overdue:
        never = sum("last_review" not in t for t in overdue)
        say(f"Yearly review (kiện toàn) overdue: {len(overdue)} teams, of {never} none is on record. `--reviews` lists them.")
    _table(_some(found["groups_without_team"], "residential group") + " without a team", ("ward", "group", "by"), [
        (g["unit"], g["group"], f"{g['article']} [{g['mark']}]") for g in found["groups_without_team"]
    ])
    _table(_some(twice, "mediator") + " in several teams, known by the reference that one source uses",
           ("source", "mediator", "teams"), [
        (d["source"], d["ref"], "\n".join(f"{t['code']}  {t['name']}  since {t['since']}" for t in d["teams"])) for d in twice
    ])
    unsaid = found["unchecked"]["minority_members"]
    if unsaid:
        say(f"Not checked for {unsaid} teams: whether a member of an ethnic minority is needed, as nobody said whether many live "
            "there (directory.area.described).")
    if lacking:
        say("Next: write up reviews and recognitions that were held (directory.review.held, directory.mediator.recognised), or "
            "hold a supplementary vote; `namtot directory elections` shows what is open.")
    if found["groups_without_team"]:
        say("Next: name the group's team (directory.team.registered), or the group that took it over (directory.group.ended).")
    if twice:
        say("Next: end the membership that is over (directory.mediator.ended) with the source's own reference.")
    if not (lacking or found["groups_without_team"] or twice):
        say(f"All {len(found['teams'])} teams are as the law wants them on {found['on']}.")


def elections(unit: Unit = None, team: Team = None, on: On = None, json_: Json = False) -> None:
    """Votes on mediators and leaders, the chair's decisions, and what is to be done next."""
    rows = ask("directory", "elections", unit=unit, team=team, on=_day(on))
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        say("No vote or decision is on record there. The events directory.election.held and "
            "directory.mediator.recognised bring them.")
    for row in rows:
        say(f"{row['team']}  {row['name']}  ({row['unit'] or '?'} {row['group'] or ''})")
        for line in sorted([*map(_vote, row["elections"]), *map(_leader, row["leaders"]), *map(_decision, row["decisions"]),
                            *map(_ceased, row["ceased"])]):
            say("  " + line)
        for step in row["next"]:
            say(f"  Next: {step['en']} / {step['vi']}")


def _vote(one: dict[str, Any]) -> str:
    kind = "supplementary vote" if one.get("supplementary") else "vote"
    results = ", ".join(f"{r['ref']} {r['votes']} {STATES[r['outcome']]}" for r in one["results"])
    seats = f", {one['missing']} of {one['seats']} seats open" if one.get("missing") else ""
    return f"{one['on']}  {kind} of {one['households']} households: {results}{seats}{_remarks(one)}"


def _leader(one: dict[str, Any]) -> str:
    results = ", ".join(f"{r['ref']} {r['votes']}" for r in one["results"])
    return f"{one['on']}  leader, by {one['mediators']} mediators: {one.get('leader') or 'nobody'} ({results}){_remarks(one)}"


def _decision(one: dict[str, Any]) -> str:
    names = ", ".join(entry["ref"] for entry in one.get("recognised", ())) or "nobody"
    return f"{one['on']}  decision {one['number']} recognises {names}{_remarks(one)}"


def _ceased(one: dict[str, Any]) -> str:
    by = f", decision {one['decision']}" if one.get("decision") else ""
    return f"{one['on']}  {one['ref']} ceased ({one['reason']}{by})"


def _remarks(one: dict[str, Any]) -> str:
    refused = [f"\n      no effect: {r['vi']} / {r['en']} ({r['article']})" for r in one.get("refused", ())]
    return "".join(refused + [f"\n      noted: {r['vi']} / {r['en']} ({r['article']})" for r in one.get("flags", ())])


def candidates(unit: Unit = None, team: Team = None, on: On = None, json_: Json = False) -> None:
    """Who stands for election, and how far each has come."""
    rows = ask("directory", "candidates", unit=unit, team=team, on=_day(on))
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
        return
    if not rows:
        say("No candidates are on record there. The event directory.candidates.agreed brings them.")
    for row in rows:
        _table(f"{row['team']}  {row['name']}", ("candidate", "agreed on", "has come to", "on", "households", "decision"), [
            (c["ref"], c["agreed_on"], STATES[c["state"]], c["on"],
             f"{c['votes']}/{c['households']}" if "votes" in c else "", c.get("decision"))
            for c in row["candidates"]
        ])


def training(
    unit: Annotated[str, typer.Option("--unit", metavar="CODE", help="The ward or commune.")],
    year: Annotated[int | None, typer.Option("--year", min=1900, max=2100, help="This year if left out.")] = None,
    on: On = None, json_: Json = False,
) -> None:
    """Classes of a year: invited, came; and which mediators still have to be trained, new ones by when."""
    from shared.calendar import day_of
    from shared.storage import utc_now

    found = ask("directory", "training", unit=unit, year=year or day_of(utc_now()).year, on=_day(on))
    if json_:
        print(json.dumps(found, ensure_ascii=False))
        return
    if not found["classes"]:
        say(f"No class for teams of {unit} is on record in {found['year']}. training.convened and training.attended bring them.")
    _table(_some(found["classes"], "class", "classes") + f" in {found['year']}",
           ("on", "class", "invited", "came", "people", "absent"), [
        (c["held_on"], c.get("title") or c["record"], str(len(c["invited"])), str(len(c["attended"])),
         str(sum(max(a["present"], len(a["mediators"])) for a in c["attended"])), " ".join(c["absent"]))
        for c in found["classes"]
    ])
    _table(_some(found["needed"], "mediator") + f" to be trained, as of {found['on']}",
           ("team", "name", "mediator", "since", "to be trained by", ""), [
        (n["team"], n["name"], n["ref"], n["since"], n.get("due"), "overdue" if n["overdue"] else "") for n in found["needed"]
    ])
    new = found["new"]
    say(f"New in {found['year']}: {new['joined']}, of them trained in time {new['in_time']}, still to be trained {new['open']}, "
        f"too late {new['missed']}, without a day set {new['joined'] - new['in_time'] - new['open'] - new['missed']}.")
    if found["needed"]:
        say("Next: convene a class (training.convened); an attendance sheet that names mediators by their references "
            "(training.attended) takes them off this list.")


def _day(on: str | None) -> str | None:
    from shared.contracts import Day

    try:
        return None if on is None else Day.parse(on)
    except ValueError as error:
        say(f"--on {on}: {error}", error=True)
        raise typer.Exit(2) from None


def _some(rows: list[Any], one: str, many: str = "") -> str:
    return f"{len(rows)} {one if len(rows) == 1 else many or one + 's'}"


def _table(title: str, headings: tuple[str, ...], rows: list[tuple[str | None, ...]]) -> None:
    from rich.table import Table

    if not rows:
        return
    table = Table(title=title)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(cell or "" for cell in row))
    say(table)
