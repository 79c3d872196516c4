"""``namtot rebuild evaluation``. Opens MongoDB itself; what intake would announce is asked of a process of intake's code."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.commands.asking import say, settings
from shared.commands.rebuild import announce_all, opened, plain, progress, rebuild_app, tell_differences

if TYPE_CHECKING:
    from services.evaluation.rederiving import Compared
    from services.evaluation.store import Db, Document

COMMAND = [sys.executable, "-c", "from shared.commands import main; main()", "rebuild", "states"]
PARTS = 4_096
"""Ranges of record ids, at most."""
TOGETHER = 1_000
"""Records in a range, about."""
PAUSE = 0.5
"""Seconds before what is unsettled is looked at again."""
LAST = "\U0010ffff"


def register(app: typer.Typer) -> None:
    """The group is added by ``shared.commands.rebuild``."""


@rebuild_app.command("evaluation")
def evaluation(
    mend: Annotated[bool, typer.Option(help="Have what differs taken in and scored anew.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")] = False,
    patience: Annotated[float, typer.Option(min=0, help="Seconds for which what is still on its way is waited for.")] = 10.0,
) -> None:
    """Compare the facts with what intake would announce, and all that was scored out of them with what the records come to
    now. What monthly locks froze is held against its hash."""
    from services.evaluation import rederiving
    from shared.storage import utc_now

    began = time.perf_counter()
    with opened("evaluation") as db:
        _same_rules(db)
        facts = _facts(db, json_, patience)
        derived = _derived(db, json_, patience)
        frozen = rederiving.frozen(db)
        different = facts.different + derived.different + frozen.different
        if mend and different:
            rederiving.mend(db, different, utc_now())
            announce_all(json_)
    answer: dict[str, Any] = {
        "facts": facts.checked, "derived": derived.checked, "frozen": frozen.checked, "differences": len(different),
        "different": plain(different),
        "unsettled": {"facts": len(facts.unsettled), "teams": len(derived.unsettled)}, "mended": mend,
        "seconds": round(time.perf_counter() - began, 2),
    }
    if json_:
        typer.echo(json.dumps(answer, ensure_ascii=False, default=str))
    else:
        say(f"{facts.checked:,} facts compared with intake, {derived.checked:,} documents judged again in {answer['seconds']} s.")
        if facts.unsettled or derived.unsettled:
            say(f"Not compared, for they change just now: {len(facts.unsettled)} facts, {len(derived.unsettled)} teams.")
        tell_differences(different)
        say("Everything compared is equal." if not different else "They are taken in and scored anew: see `namtot status`."
            if mend else "Next: `namtot rebuild evaluation --mend` has them taken in and scored anew.", error=bool(different))
    if different:
        raise typer.Exit(1)


def _same_rules(db: Db) -> None:
    from services.evaluation.chosen import held_digest
    from services.evaluation.rules.commendation import use

    given = settings()
    use(given.commendation_rules)
    held = db["meta"].find_one({"_id": "rules"})
    if held is not None and held["digest"] != held_digest(given.scheme):
        say("Teams are scored by the rules of another release, or of other settings. Next: run this command of that release, "
            "with its NAMTOT_SCHEME and NAMTOT_COMMENDATION_RULES.", error=True)
        raise typer.Exit(2)


def _facts(db: Db, quiet: bool, patience: float) -> Compared:
    from services.evaluation import rederiving
    from services.evaluation.store.replica import Replica

    count = sum(db[name].estimated_document_count() for name in ("cases", "activities"))
    parts = min(PARTS, 1 + count // TOGETHER)
    bounds = ["", *(f"{2**32 * number // parts:08x}" for number in range(1, parts)), LAST]
    total, replica, odd = rederiving.Compared(), Replica(), set[str]()
    with _intake() as told, progress("comparing facts", count, quiet) as advance:
        for after, to in itertools.pairwise(bounds):
            found = rederiving.facts(db, replica, told, {"$gt": after, "$lte": to})
            total.checked += found.checked
            odd |= {one.id for one in found.different}
            advance(found.checked)
        last = _until_settled(odd, patience, lambda ids: rederiving.facts(db, replica, told, {"$in": ids}), _by_id)
    if last is not None and _on_the_way():
        behind = {one.id for one in last.different if one.field in ("", "n")}
        total.unsettled = sorted(behind)
        last.different = [one for one in last.different if one.id not in behind]
    total.different = [] if last is None else last.different
    return total


def _derived(db: Db, quiet: bool, patience: float) -> Compared:
    from services.evaluation import rederiving
    from services.evaluation.rules import shipped
    from services.evaluation.store.replica import Replica
    from shared.calendar import day_of
    from shared.storage import utc_now

    codes, total, replica = rederiving.teams(db), rederiving.Compared(), Replica()
    default = settings().scheme

    def judged(some: list[str]) -> Compared:
        return rederiving.derived(db, replica, shipped(), some, day_of(utc_now()), default)

    unsettled: set[str] = set()
    with progress("judging teams", len(codes), quiet) as advance:
        for start in range(0, len(codes), rederiving.TOGETHER):
            some = codes[start:start + rederiving.TOGETHER]
            found = judged(some)
            total.checked += found.checked
            total.different += found.different
            unsettled |= set(found.unsettled)
            advance(len(some))
        last = _until_settled(unsettled, patience, judged, lambda found: set(found.unsettled))
    if last is not None:
        total.different += last.different
        total.unsettled = last.unsettled
    return total


def _by_id(found: Compared) -> set[str]:
    return {one.id for one in found.different}


def _until_settled(
    odd: set[str], patience: float, look: Callable[[list[str]], Compared], left: Callable[[Compared], set[str]]
) -> Compared | None:
    """Look at these again until none is left, or the patience is over; at least once. What the last looks found."""
    if not odd:
        return None
    deadline = time.monotonic() + patience
    while True:
        time.sleep(min(PAUSE, max(0.0, deadline - time.monotonic())))
        found = look(sorted(odd))
        still = left(found)
        if not still or time.monotonic() >= deadline:
            return found
        # what came to rest meanwhile is judged by the last look, too: it may differ


def _on_the_way() -> bool:
    """Whether facts wait in evaluation's queue."""
    from kombu import Connection

    from shared.messaging import topology

    with Connection(settings().amqp_uri, connect_timeout=5) as connection:
        return topology.depths(connection, (topology.EVALUATION_FACTS,))[topology.EVALUATION_FACTS] > 0


@contextmanager
def _intake() -> Iterator[Callable[[Document], Iterable[bytes]]]:
    """Asks a process of intake's code for the events that it would announce."""
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None and process.stdout is not None
        asked, answers = process.stdin, process.stdout

        def told(which: Document) -> Iterable[bytes]:
            asked.write(json.dumps(which).encode() + b"\n")
            asked.flush()
            listed: list[bytes] = []
            while (line := answers.readline()) != b"\n":
                if not line:  # it ended, and said why
                    raise typer.Exit(1)
                listed.append(line)
            return listed

        yield told
        asked.close()
