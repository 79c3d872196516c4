"""``namtot report odd``: figures that look wrong, with their cases. Nothing is altered."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from services.evaluation.commands import report_app
from services.evaluation.commands.report import AsJson, From, To, Unit, opened
from services.evaluation.commands.speech import pick
from shared.commands.asking import Lang, say

FEW = 5
"""Cases that a line names."""


def register(app: typer.Typer) -> None:
    """Adds to the group ``namtot report``, which ``report`` registers."""


@report_app.command()
def odd(
    first: From, last: To, unit: Unit = None, lang: Lang = "vi", as_json: AsJson = False,
    cases: Annotated[bool, typer.Option("--cases", help="The ids of all cases, not only of the first few.")] = False,
) -> None:
    """What is worth a second look: everything settled, figures copied, all written up on one day, stated unlike counted."""
    from services.evaluation.queries.odd import statistics_odd

    found = opened(lambda db, replica: statistics_odd(db, replica, unit, first, last))
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for one in found["odd"]:
        where = " ".join(part for part in (one["unit"] or "", one["name"], one["team_name"] or "") if part)
        say(f"{where}: {one[lang if lang == 'en' else 'vi']}" if where else one[lang if lang == "en" else "vi"])
        listed = one["cases"] if cases else [id[:8] for id in one["cases"][:FEW]]
        more = len(one["cases"]) - len(listed)
        if listed:
            say("  " + ", ".join(listed) + (f" (+{more})" if more else ""))
        for rule in one["rules"]:
            say(f"  [{rule['mark']}] ≥ {rule['value']}: {rule['citation']}")
    say(pick((f"{len(found['odd'])} điểm nên xem lại; không số nào bị sửa.",
              f"{len(found['odd'])} worth a second look; no number was altered."), lang))
