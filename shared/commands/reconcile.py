"""``namtot reconcile``: does every delivery have exactly one outcome?"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from shared.commands.asking import ask, say

CHUNK = 500


def register(app: typer.Typer) -> None:
    app.command("reconcile")(reconcile)


def reconcile(
    against: Annotated[Path | None, typer.Option(help="A file of events, one a line: find each in exactly one place.")] = None,
    json_: Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")] = False,
) -> None:
    """Compare tallies, documents and the broker: received = applied + duplicate + refused. Exit code 1 if they disagree."""
    answer: dict[str, Any] = ask("intake", "reconcile", timeout=120)
    if against is not None:
        answer["against"] = _against(against)
        answer["balanced"] = answer["balanced"] and not answer["against"]["nowhere"] and not answer["against"]["both"]
    if json_:
        print(json.dumps(answer))
    else:
        _tell(answer)
    if not answer["balanced"]:
        raise typer.Exit(1)


def _tell(answer: dict[str, Any]) -> None:
    say(
        f"received {answer['received']} = applied {answer['applied']} + duplicate {answer['duplicate']}"
        f" + refused {answer['refused']}   (redelivered {answer['redelivered']}, parked {answer['parked']},"
        f" log entries {answer['entries']}, waiting in queues {answer['queued']})"
    )
    if "against" in answer:
        places = answer["against"]
        say(f"{places['events']} events of the file: {places['applied']} applied, {places['refused']} refused, "
            f"{places['nowhere']} nowhere, {places['both']} in two places")
        for line in places["missing"]:
            say(f"  nowhere: line {line}")
    if answer["balanced"]:
        say("Balanced.")
    else:
        say("NOT balanced. Next: if messages are still waiting, try again when the queues are empty; otherwise keep the logs of "
            "intake and report it: this must not happen.", error=True)


def _against(path: Path) -> dict[str, Any]:
    places: Counter[str] = Counter()
    missing: list[int] = []
    events = 0
    for lines in _chunks(path):
        answer = ask("intake", "whereabouts", events=[_keys(line) for _, line in lines])
        for (number, _), place in zip(lines, answer["places"], strict=True):
            events += 1
            places[place] += 1
            if place == "nowhere" and len(missing) < 20:
                missing.append(number)
    return {"events": events, **{p: places[p] for p in ("applied", "refused", "nowhere", "both")}, "missing": missing}


def _chunks(path: Path) -> Iterator[list[tuple[int, bytes]]]:
    chunk: list[tuple[int, bytes]] = []
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    chunk.append((number, line.strip()))
                if len(chunk) == CHUNK:
                    yield chunk
                    chunk = []
    except OSError as error:
        say(f"{path} cannot be read: {error.strerror}", error=True)
        raise typer.Exit(2) from None
    if chunk:
        yield chunk


def _keys(line: bytes) -> list[str]:
    """The keys under which a structured event may be kept: entry, content, raw body."""
    from shared.contracts import STRUCTURED, Refusal, read
    from shared.contracts.keys import content_hash, entry_key, raw_key

    raw = raw_key(line, STRUCTURED, {})
    try:
        envelope = read(line, STRUCTURED, {})
    except Refusal:
        return [hashlib.sha256(line).hexdigest()[:32], "", raw]
    return [entry_key(envelope.source, envelope.id), content_hash(envelope).hex(), raw]
