"""``namtot demo``: everything at once. Servers, services, a simulated year sent to them, and what came of it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from shared.commands import local
from shared.commands.asking import say

if TYPE_CHECKING:
    from deploy.local.stack import Stack
    from shared.messaging.rpc import RpcClient
    from shared.simulation import Plan
    from shared.simulation.decisions import Decisions

MANIFEST = "demo.json"
"""Which simulated year a home holds."""
PEOPLE = "demo-people.yaml"
"""Who may sign in while the demonstration stays up."""


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


class DemoError(Exception):
    """The demonstration cannot go on; the message says what to do."""


NOTICE = "Dữ liệu mô phỏng, không phải số liệu thật · Simulated data"
"""At the head of every page, so that nobody takes a simulated year for a real one."""


class Wish(NamedTuple):
    plan: Plan
    scheme: str
    fresh: bool
    timeout: float


def demo(
    exit_: Annotated[bool, typer.Option("--exit", help="End when all is scored instead of staying up until Ctrl-C.")] = False,
    json_: Annotated[bool, typer.Option("--json", help="Print what the services counted, as one line of JSON.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Delete the data of this home first.")] = False,
    year: Annotated[int, typer.Option(help="The year to simulate and score.")] = 2024,
    seed: Annotated[int, typer.Option(help="The same seed gives the same year.")] = 1,
    teams: Annotated[int, typer.Option(help="How many teams; 0: 222, or 5,111 with --city.")] = 0,
    cases_per_team: Annotated[str, typer.Option(help="Cases a team, on average.")] = "0.48",
    city: Annotated[bool, typer.Option("--city", help="The whole city instead of one district.")] = False,
    scheme: Annotated[str, typer.Option(help="The scheme that the summary shows.")] = "hanoi-v2",
    timeout: Annotated[float, typer.Option(min=1, help="Seconds to wait at most until all is scored.")] = 900,
) -> None:
    """Start everything, send a simulated year as other systems would, wait until it is scored, and show what came of it.

    Stays up until Ctrl-C, then stops what it started. Run again on the same home, every event is a duplicate and no count
    changes.
    """
    from deploy.local.errors import LocalServersError
    from shared.commands.publish import PublishFailed
    from shared.commands.simulate import plan_of
    from shared.messaging.rpc import RpcError

    wish = Wish(plan_of(year, seed, teams, cases_per_team, city), scheme, fresh, timeout)
    try:
        with _screen() as screen, _started(screen, fresh) as (stack, running):
            _show(wish, stack, running, screen, as_json=json_, stay=not exit_)
    except (LocalServersError, PublishFailed, RpcError, DemoError) as error:
        say(str(error), error=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        say("Interrupted; what the demonstration had started is stopped again.", error=True)
        raise typer.Exit(130) from None


def _show(wish: Wish, stack: Stack, running: dict[str, Any], screen: _Screen, *, as_json: bool, stay: bool) -> None:
    from shared.messaging.rpc import RpcClient
    from shared.simulation import decisions, watching

    uri = running["env"]["AMQP_URI"]
    with RpcClient(uri, timeout=60) as client:
        _send(wish, stack, client, uri, screen)
        decided = decisions.ask(client, wish.plan.year)
        counted = watching.count(client, scheme=wish.scheme, year=wish.plan.year, seconds=screen.seconds)
        if as_json:
            screen.quiet()
            print(json.dumps({**counted, **decided.counted()}), flush=True)
        else:
            _print(wish, client, counted, decided, running, screen)
        people = _people(wish, stack, client) if stay and not as_json else None
    if stay:
        try:
            _stay(screen)
        finally:
            if people is not None:
                people.unlink(missing_ok=True)


def _send(wish: Wish, stack: Stack, client: RpcClient, uri: str, screen: _Screen) -> None:
    from shared.commands.publish import send_file
    from shared.commands.simulate import write_file
    from shared.simulation.watching import StillWaiting, Watch, delivered

    file = stack.home / f"simulated-{wish.plan.run}.jsonl"
    screen.step(f"Simulating {wish.plan.year}")
    written = write_file(wish.plan, file, dt.datetime.now(dt.UTC))
    before = delivered(client)
    _claim(stack.home, file, before)

    def moved(lines: int) -> None:
        screen.step(f"Sending as other systems would: {lines:,} of {written['events']:,} events")

    told = send_file(file, uri, resume=False, moved=moved)
    if told["stopped"]:
        raise KeyboardInterrupt
    watch = Watch(client, uri, scheme=wish.scheme, year=wish.plan.year, target=before + told["sent"])

    def waiting(what: str) -> None:
        screen.step(f"Waiting: {what}")
        for service in stack.services:
            if not service.running():
                raise DemoError(f"{service.title} has ended; its log says why: {service.process.log}")

    try:
        watch.wait(wish.timeout, waiting)
    except StillWaiting as left:
        raise DemoError(
            f"Not done after {wish.timeout:g} s: {left}. `namtot status` shows whether all services are well; "
            "--timeout gives them longer"
        ) from None


def _claim(home: Path, file: Path, delivered: int) -> None:
    """A home holds one simulated year: a second one beside it would double teams and cases."""
    manifest = home / MANIFEST
    this = {"file": file.name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
    try:
        held = json.loads(manifest.read_text())
    except (FileNotFoundError, ValueError):
        held = None
    if delivered and held != this:
        what = f"the simulated year of {held['file']}" if held else "events that are not the demonstration's"
        raise DemoError(
            f"{home} already holds {what}, and both together would count everything twice. "
            "Begin anew with --fresh, which deletes that, or name another directory: NAMTOT_HOME=.namtot-demo namtot demo"
        )
    manifest.write_text(json.dumps(this))


def _print(
    wish: Wish, client: RpcClient, counted: dict[str, Any], decided: Decisions, running: dict[str, Any], screen: _Screen
) -> None:
    from rich.console import Console

    from shared.simulation import decisions, summary

    league = client.call("evaluation", "league", scheme=wish.scheme, year=wish.plan.year)
    team = summary.telling_team(league)
    node = team and client.call("evaluation", "explain", team=team["code"], scheme=wish.scheme, year=wish.plan.year)
    screen.quiet()
    out = Console(highlight=False)
    out.print(summary.wards(league))
    out.print(summary.totals(counted), soft_wrap=True)
    out.print(summary.flow(counted["reconcile"]), soft_wrap=True)
    out.print(decisions.wards(decided))
    for line in decisions.lines(decided):
        out.print(line, soft_wrap=True)
    if team and node:
        out.print()
        out.print(summary.explained(team, node))
        out.print(
            f"[dim]namtot explain {team['code']} --scheme {wish.scheme} --year {wish.plan.year}[/] shows every step of it.",
            soft_wrap=True,
        )
    out.print()
    for what, where in local.places(running):
        out.print(f"  [bold]{what:<12}[/] {where}", soft_wrap=True)
    out.print(f"All of it is simulated. Done in {counted['seconds']:.0f} s.")


def _people(wish: Wish, stack: Stack, client: RpcClient) -> Path | None:
    """Let a few people sign in, and tell their passwords, which are new each time and kept nowhere."""
    from shared.people.demo import write_demo
    from shared.simulation import summary

    path = stack.home / PEOPLE
    if stack.settings.get("NAMTOT_PEOPLE_FILE") != str(path):
        return None
    team = summary.telling_team(client.call("evaluation", "league", scheme=wish.scheme, year=wish.plan.year))
    if team is None:
        return None
    told = write_demo(path, team["code"], team["unit"])
    say("Sign in at /sign-in (only while this stays up; the boards need no sign-in):", error=True)
    for one in told:
        say(f"  {one.name:<15} {one.password:<14} {one.shown}", error=True)
    return path


def _stay(screen: _Screen) -> None:
    """Until Ctrl-C, SIGTERM or the terminal is closed."""
    screen.quiet()
    say("Everything stays up. Ctrl-C stops it.", error=True)
    ended = threading.Event()
    before = {number: signal.signal(number, lambda *_: ended.set()) for number in _SIGNALS}
    try:
        while not ended.wait(1):
            pass
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def _started(screen: _Screen, fresh: bool) -> Iterator[tuple[Stack, dict[str, Any]]]:
    """Everything up; at the end, what was not up before is stopped. The processes die with this one, however it ends."""
    from deploy.local.stack import Stack

    stack = Stack(local.home(), say=screen.say, step=screen.step, guarded=True)
    if fresh:
        foreign = [name for name in ("AMQP_URI", "MONGO_URI") if stack.given.get(name)]
        if foreign:
            raise DemoError(f"--fresh deletes the data of our own servers only; {' and '.join(foreign)} names another")
        stack.down(wipe=True)
    before = {part.name for part in stack.parts() if part.running()}
    stack.settings["NAMTOT_NOTICE"] = NOTICE
    if not any(stack.given.get(name) for name in ("NAMTOT_PEOPLE_FILE", "NAMTOT_OIDC_ISSUER")):
        stack.settings["NAMTOT_PEOPLE_FILE"] = str(stack.home / PEOPLE)
    try:
        yield stack, stack.up()
    finally:
        if not before:
            stack.down()
        for part in stack.parts():
            if part.name not in before and part.running():
                screen.step(f"Stopping {part.title}")
                part.stop(grace=40)
        screen.quiet()


class _Screen:
    """Progress on standard error: a spinner at a terminal, else a line whenever the kind of step changes."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True)
        self._spinner = self._console.status("…") if self._console.is_terminal else None
        self._began = time.monotonic()
        self._kind = ""

    @property
    def seconds(self) -> float:
        return time.monotonic() - self._began

    def step(self, text: str) -> None:
        if self._spinner is not None:
            self._spinner.start()
            self._spinner.update(f"{text} …")
        elif text.split(":")[0] != self._kind:
            self._kind = text.split(":")[0]
            self._console.print(f"{self._kind} …", soft_wrap=True, highlight=False, markup=False)

    def say(self, text: str) -> None:
        self._console.print(text, soft_wrap=True, highlight=False, markup=False)

    def quiet(self) -> None:
        if self._spinner is not None:
            self._spinner.stop()


@contextmanager
def _screen() -> Iterator[_Screen]:
    """While it lasts, SIGTERM and a closed terminal are taken like Ctrl-C."""
    screen = _Screen()
    before = {number: signal.signal(number, signal.default_int_handler) for number in _SIGNALS}
    try:
        yield screen
    finally:
        screen.quiet()
        for number, handler in before.items():
            signal.signal(number, handler)
