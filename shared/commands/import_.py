"""``namtot import``: registers in Excel are read, checked, and sent in like any other source's events; what cannot be taken in
comes back in a copy of the workbook, with the reason beside the row."""

from __future__ import annotations

import datetime as dt
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from shared.calendar import day_of
from shared.commands.asking import ask, say
from shared.settings import Settings, SettingsError, local_state
from shared.storage import utc_now

if TYPE_CHECKING:
    from rich.progress import Progress

    from shared import registers
    from shared.registers import Bad, Event, Good, Question

AT_ONCE = 500
"""Events sent, and their outcome awaited, at a time."""
ASK_EVERY = 0.1
Lang = Literal["vi", "en"]


def register(app: typer.Typer) -> None:
    kinds = "roster|log|documents|attendance|zero"
    app.command("import", epilog=f"Templates to fill: namtot import template {kinds} OUT.xlsx")(import_)


def import_(
    what: Annotated[list[str], typer.Argument(metavar="FILE.xlsx | template KIND OUT.xlsx", help="The workbook to read.")],
    source: Annotated[str, typer.Option(help="URI of the register: who says it, e.g. https://bode.example/so-hoa-giai.")] = "",
    unit: Annotated[str, typer.Option(help="Code of the commune-level unit that keeps it, e.g. 00118.")] = "",
    kind: Annotated[str, typer.Option(help="roster, log, documents, attendance or zero; else by the headings.")] = "",
    on: Annotated[str, typer.Option(help="The day as of which a roster holds, YYYY-MM-DD; else today.")] = "",
    unit_name: Annotated[str, typer.Option(help="The unit's name, for rosters; else the directory is asked.")] = "",
    unit_since: Annotated[str, typer.Option(help="The day on which the unit began; else the directory is asked.")] = "",
    day_order: Annotated[str, typer.Option(help="Dates written as text: dmy or mdy; asked for where in doubt.")] = "",
    excel_dates: Annotated[str, typer.Option(help="Date cells: kept, or swapped where Excel took the day for the month.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and check only; send nothing.")] = False,
    out: Annotated[Path | None, typer.Option(help="Where rows not taken in are written; else FILE.can-sua.xlsx.")] = None,
    lang: Annotated[str, typer.Option(help="Language of the reasons: vi or en.")] = "vi",
    patience: Annotated[float, typer.Option(min=1, help="Seconds to wait for intake's answer to what was sent.")] = 120,
    json_: Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")] = False,
) -> None:
    """Read a register in Excel and send its rows in. Twice changes nothing; a mended copy can be imported again.

    Exit codes: 0 all taken in, 1 some rows were not, 2 the file or the call is wrong, 3 a question must be answered first.
    """
    if what[0] == "template":
        _template(what[1:])
        return
    from shared import registers

    language = cast(Lang, _one_of(lang, ("vi", "en"), "--lang"))
    if len(what) != 1 or not source or not unit:
        _fail("one FILE, --source and --unit are needed")
    if not unit.isdigit() or not 2 <= len(unit) <= 5 or ":" not in source:
        _fail("--unit is a code of 2 to 5 digits, --source a URI such as https://bode.example/so-hoa-giai")
    today = day_of(utc_now())
    run = _Run(
        file=Path(what[0]), source=source, lang=language, patience=patience, quiet=json_, send=not dry_run,
        world=registers.World(
            source=source, unit=unit, unit_name=unit_name or unit, valid_from=unit_since or "1976-01-01",
            on=_day(on, "--on") or today, today=today, references=_references(),
        ),
    )
    options = {
        "kind": _one_of(kind, registers.KINDS, "--kind"), "--day-order": _one_of(day_order, ("dmy", "mdy"), "--day-order"),
        "--excel-dates": _one_of(excel_dates, ("kept", "swapped"), "--excel-dates"),
    }
    _day(unit_since, "--unit-since")
    try:
        reading = run.read(options)
        while reading.questions:
            options |= run.answers(reading.questions)
            reading = run.read(options)
        if any(table.kind == "roster" for table in reading.tables) and not (unit_name and unit_since):
            name, since = _unit(unit, reading.world.on, unit_name, unit_since, dry_run)
            reading.world = replace(reading.world, unit_name=name, valid_from=since)
        run.take(reading)
        told = run.finish(reading, out)
    except registers.RegisterError as error:
        if json_:
            print(json.dumps({"file": what[0], "error": error.words._asdict()}, ensure_ascii=False))
        _fail(getattr(error.words, language))
    if json_:
        print(json.dumps(told, ensure_ascii=False))
    else:
        _tell(told, language)
    if told["bad"] or told["refused"] or told["waiting"]:
        raise typer.Exit(1)


@dataclass(slots=True)
class _Run:
    file: Path
    source: str
    lang: Lang
    patience: float
    quiet: bool
    send: bool
    world: registers.World
    bad: list[Bad] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(
        ("good", "events", "applied", "duplicate", "refused", "waiting", "kind_unclear"), 0
    ))
    lost: list[str] = field(default_factory=list)

    def read(self, options: dict[str, Any]) -> registers.Reading:
        from shared import registers

        return registers.read(
            self.file, self.world, kind=options["kind"], order=options["--day-order"], cells=options["--excel-dates"]
        )

    def answers(self, questions: list[Question]) -> dict[str, str]:
        """A person's; without one at the terminal the command ends, and says which option answers."""
        if self.quiet or not sys.stdin.isatty():
            if self.quiet:
                print(json.dumps({"file": str(self.file), "questions": [
                    {"option": q.option, "answers": q.answers, **q.words._asdict(), "rows": q.lines} for q in questions
                ]}, ensure_ascii=False))
            for q in questions:
                say(f"{getattr(q.words, self.lang)} ({', '.join(q.lines)})\n  {q.option} {' | '.join(q.answers)}", error=True)
            raise typer.Exit(3)
        found = {}
        for q in questions:
            say(f"{getattr(q.words, self.lang)} ({', '.join(q.lines)})", error=True)
            answer = ""
            while answer not in q.answers:
                answer = typer.prompt(f"{' / '.join(q.answers)}", err=True).strip()
            found[q.option] = answer
        return found

    def take(self, reading: registers.Reading) -> None:
        from shared.messaging.publisher import ConfirmingPublisher, PublishError
        from shared.messaging.rpc import RpcClient, RpcError
        from shared.registers import Good

        with _bar(self.file.name, reading.total, self.quiet) as moved:
            reading.moved = moved
            if not self.send:
                for item in reading.items():
                    self._note(item)
                return
            uri = _broker()
            publisher = ConfirmingPublisher(uri, mandatory=True)
            waiting: list[tuple[Event, Good]] = []
            try:
                with RpcClient(uri, timeout=20) as rpc:
                    for item in reading.items():
                        self._note(item)
                        if isinstance(item, Good):
                            waiting += [(event, item) for event in item.events]
                        if len(waiting) >= AT_ONCE:
                            self._send(waiting, reading, publisher, rpc)
                            waiting = []
                    self._send(waiting, reading, publisher, rpc)
            except (PublishError, RpcError) as error:
                _fail(f"{error}. What was sent before is kept; run the same command again", 1)
            finally:
                publisher.close()

    def _note(self, item: Good | Bad) -> None:
        from shared.registers import Bad

        if isinstance(item, Bad):
            self.bad.append(item)
            return
        self.counts["good"] += len(item.rows[:1])
        self.counts["events"] += len(item.events)
        self.counts["kind_unclear"] += sum(b'"dispute_by":"unclear"' in event.body for event in item.events)

    def _send(self, some: list[tuple[Event, Good]], reading: registers.Reading, publisher: Any, rpc: Any) -> None:
        from shared import contracts
        from shared.contracts import keys
        from shared.messaging.publisher import Outgoing
        from shared.messaging.topology import INBOUND

        if not some:
            return
        asked = [
            [keys.entry_key(self.source, event.id),
             keys.content_hash(contracts.read(event.body, contracts.STRUCTURED, {})).hex(),
             keys.raw_key(event.body, contracts.STRUCTURED, {})]
            for event, _ in some
        ]
        before = rpc.call("intake", "whereabouts", events=asked)["places"]
        new = [i for i, place in enumerate(before) if place not in ("applied", "both")]
        self.counts["duplicate"] += len(some) - len(new)
        publisher.publish([
            Outgoing(INBOUND.name, "", some[i][0].body, content_type=contracts.STRUCTURED) for i in new
        ])
        until = time.monotonic() + self.patience
        left = new
        places: dict[int, str] = {}
        while left:
            places |= dict(zip(left, rpc.call("intake", "whereabouts", events=[asked[i] for i in left])["places"], strict=True))
            left = [i for i in left if places[i] == "nowhere"]
            if left:
                if time.monotonic() > until:
                    break
                time.sleep(ASK_EVERY)
        for i in new:
            state = {"both": "applied", "nowhere": "waiting"}.get(places[i], places[i])
            self.counts[state] += 1
            if state == "refused":
                self._refused(*some[i], reading, rpc)

    def _refused(self, event: Event, item: Good, reading: registers.Reading, rpc: Any) -> None:
        from shared.registers import Bad, Words

        found = rpc.call("intake", "outcome", source=self.source, id=event.id)
        people = found.get("people") or ""
        reason = f"{found.get('field')}: {found.get('reason')}"
        words = Words(f"Không tiếp nhận: {people or reason}", f"Refused: {reason}")
        if not item.rows:
            self.lost.append(f"{event.type}: {getattr(words, self.lang)}")
            return
        table = next(t for t in reversed(reading.tables) if t.sheet == item.sheet and t.heading < item.rows[0])
        self.bad.append(Bad(item.sheet, item.rows[0], words, table.reasons, table.heading))

    def finish(self, reading: registers.Reading, out: Path | None) -> dict[str, Any]:
        from shared import registers

        written = None
        if self.bad:
            written = out or self.file.with_name(self.file.stem.removesuffix(".can-sua") + ".can-sua.xlsx")
            stale = [(table.sheet, table.columns["reason"]) for table in reading.tables if "reason" in table.columns]
            registers.write_back(self.file, written, self.bad, self.lang, stale)
        return {
            "file": str(self.file), "tables": [{"sheet": t.sheet, "kind": t.kind, "heading": t.heading} for t in reading.tables],
            "rows": reading.total, "bad": len(self.bad), **self.counts, "examples": reading.examples, "sent": self.send,
            "written_back": None if written is None else str(written),
            "reasons": [{"sheet": b.sheet, "row": b.row, **b.words._asdict()} for b in self.bad[:1000]], "lost": self.lost,
        }


def _tell(told: dict[str, Any], lang: Lang) -> None:
    for table in told["tables"]:
        say(f"{table['sheet']}: {table['kind']}, tiêu đề ở dòng {table['heading']}")
    say(f"{told['rows']} dòng: {told['good']} đọc được, {told['bad']} chưa nhận"
        + (f", {told['examples']} dòng ví dụ bỏ qua" if told["examples"] else "") + ".")
    if told["sent"]:
        say(f"{told['events']} sự kiện: {told['applied']} đã ghi nhận, {told['duplicate']} trùng (đã có), "
            f"{told['refused']} không tiếp nhận, {told['waiting']} chưa có trả lời.")
    else:
        say(f"{told['events']} sự kiện sẽ được gửi; chưa gửi gì (--dry-run).")
    if told["kind_unclear"]:
        say(f"{told['kind_unclear']} vụ việc không rõ loại, tạm xếp là mâu thuẫn cá nhân: thêm cột “Loại vụ việc”.")
    for one in told["reasons"][:10]:
        say(f"  {one['sheet']} dòng {one['row']}: {one[lang]}", error=True)
    for one in told["lost"]:
        say(f"  {one}", error=True)
    if told["written_back"]:
        say(f"Các dòng chưa nhận, kèm lý do: {told['written_back']}. Sửa trong tệp đó rồi nhập lại.")


def _template(rest: list[str]) -> None:
    from shared import registers

    if len(rest) != 2:
        _fail(f"namtot import template {'|'.join(registers.KINDS)} OUT.xlsx")
    try:
        registers.write_template(rest[0], Path(rest[1]))
    except registers.RegisterError as error:
        _fail(error.words.vi)
    except OSError as error:
        _fail(f"{rest[1]}: {error.strerror}")
    say(f"{rest[1]}: điền từ dòng 5, rồi `namtot import {rest[1]} --source URI --unit MÃ`.")


def _fail(message: str, code: int = 2) -> Any:
    say(message, error=True)
    raise typer.Exit(code)


def _one_of(given: str, known: tuple[str, ...], option: str) -> Any:
    if given and given not in known:
        _fail(f"{option} is one of: {', '.join(known)}")
    return given or None


def _day(text: str, option: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return cast(None, _fail(f"{option} is a day: YYYY-MM-DD"))


def _local(variable: str) -> str:
    try:
        return str(os.environ.get(variable) or local_state().get("env", {}).get(variable) or "")
    except SettingsError as error:
        return cast(str, _fail(str(error)))


def _broker() -> str:
    return _local("AMQP_URI") or cast(str, _fail("AMQP_URI is not set and no local servers run; start them with `namtot up`"))


def _references() -> registers.References:
    from shared import registers

    own, master = _local("NAMTOT_REFERENCE_KEY_FILE"), Path(_local("NAMTOT_KEY_FILE") or Settings.key_file)
    path = Path(own) if own else master.with_name(master.name + ".references")
    try:
        return registers.References.from_file(path) if own else registers.References.beside(master)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        return cast("registers.References", _fail(
            f"{path}: {reason}. References to mediators are made with one key of this deployment: set NAMTOT_REFERENCE_KEY_FILE"
        ))


def _unit(code: str, on: dt.date, name: str, since: str, dry_run: bool) -> tuple[str, str]:
    """As the directory knows it on that day, where it was not said."""
    if dry_run and not _local("AMQP_URI"):
        return name or code, since or "1976-01-01"
    found = [u for u in ask("directory", "units", on=on.isoformat()) if u["code"] == code]
    if not found and not (name and since):
        _fail(f"the directory knows no unit {code} on {on}: say --unit-name and --unit-since")
    return name or found[-1]["name"], since or found[-1]["valid_from"][:10]


@contextmanager
def _bar(name: str, total: int, quiet: bool) -> Iterator[Any]:
    """A bar on standard error, where a person can see it."""
    if quiet or not sys.stderr.isatty():
        yield lambda rows: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    shown: Progress
    with Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("dòng"), TimeRemainingColumn(),
        console=Console(stderr=True),
    ) as shown:
        task = shown.add_task(name, total=total)
        yield lambda rows: shown.update(task, completed=rows)
