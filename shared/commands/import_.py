"""``namtot import``: registers in Excel are read, checked, and sent in like any other source's events; what cannot be taken in
comes back in a copy of the workbook, with the reason beside the row."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import sys
from collections.abc import Iterable, Iterator
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
    from shared.commands.importing import Sending
    from shared.registers import Bad, Event, Good, Question, Words

AT_ONCE = 500
"""Events sent, and their outcome awaited, at a time."""
MOST_CHANGED = 20_000
"""Rows that are kept in memory until a person said what to do with them."""
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
    correct: Annotated[bool, typer.Option("--correct", help="Rows mended since they were taken in: record corrections.")] = False,
    distinct: Annotated[bool, typer.Option("--distinct", help="Rows with another number, day or team: other cases.")] = False,
    by: Annotated[str, typer.Option(help="With --correct: a reference to who asks for it, never a name.")] = "",
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
    if correct and not _is_reference(by):
        _fail("--correct needs --by: a reference to who asks for the correction, such as phuong/can-bo/02; never a name")
    if correct and distinct:
        _fail("--correct or --distinct: one of them")
    today = day_of(utc_now())
    run = _Run(
        file=Path(what[0]), source=source, lang=language, patience=patience, quiet=json_, send=not dry_run,
        changed="correct" if correct else "distinct" if distinct else "", by=by,
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
    if told["bad"] or told["refused"] or told["waiting"] or told["lost"]:
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
    changed: str
    by: str
    ready: list[tuple[Event, Good]] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(
        ("good", "events", "applied", "duplicate", "refused", "waiting", "changed", "corrected", "kind_unclear"), 0
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
        from shared.commands.importing import Sending
        from shared.messaging.publisher import PublishError
        from shared.messaging.rpc import RpcError

        with _bar(self.file.name, reading.total, self.quiet) as moved:
            reading.moved = moved
            if not self.send:
                for item in reading.items():
                    self._note(item)
                return
            try:
                with Sending.open(_broker(), self.source, self.patience) as sending:
                    self._take(reading, sending)
            except (PublishError, RpcError) as error:
                _fail(f"{error}. What was sent before is kept; run the same command again", 1)

    def _take(self, reading: registers.Reading, sending: Sending) -> None:
        from shared.registers import Changed, Doubt, Good

        known = sending.known(reading.world)
        doubts: list[tuple[Good, Doubt]] = []
        changed: list[tuple[Good, Changed]] = []
        for item in reading.items():
            self._note(item)
            if not isinstance(item, Good) or not item.events:
                continue
            look = known.look(item.events)
            if look == "said":
                self.counts["duplicate"] += len(item.events)
            elif look == "new":
                self._send(item, item.events, reading, sending)
            elif isinstance(look, Doubt):
                doubts.append((item, look))
            elif self.changed == "correct":
                self._correct(item, look, reading, sending)
            else:
                changed.append((item, look))
            if len(doubts) + len(changed) > MOST_CHANGED:
                _fail(f"more than {MOST_CHANGED} rows differ from what was taken in before: is it that register? Then --correct")
        for item, doubt in doubts:
            settled = known.settle(item.events, doubt)
            if settled == "new":
                self._send(item, item.events, reading, sending)
            else:
                changed.append((item, settled))
        self.counts["changed"] += len(changed)
        if changed:
            self._ask_about(changed)
        for item, one in changed:
            if one.moved and self.changed == "distinct":
                self._send(item, item.events, reading, sending)
            elif self.changed == "correct":
                self._correct(item, one, reading, sending)
            else:
                self._leave(item, one, reading)
        self._flush(reading, sending)

    def _ask_about(self, changed: list[tuple[Good, registers.Changed]]) -> None:
        """A person at the terminal, unless an option said it: correct, distinct, or leave as it is."""
        if self.changed or self.quiet or not sys.stdin.isatty():
            return
        rows = ", ".join(f"{item.sheet}!{item.rows[0]}" for item, _ in changed[:5] if item.rows)
        moved = sum(one.moved for _, one in changed)
        say(f"{len(changed)} dòng khác với lần nhập trước ({rows}); {moved} dòng khác cả số, ngày nhận hoặc tổ.\n"
            "  correct: ghi là đính chính · leave: để nguyên" + (" · distinct: là vụ việc khác" if moved else ""), error=True)
        answers = ("correct", "leave", *(["distinct"] if moved else []))
        while self.changed not in answers:
            self.changed = typer.prompt(" / ".join(answers), err=True).strip()
        while self.changed == "correct" and not _is_reference(self.by):
            self.by = typer.prompt("Mã của người yêu cầu đính chính, không ghi họ tên (ví dụ phuong/can-bo/02)", err=True).strip()

    def _correct(self, item: Good, changed: registers.Changed, reading: registers.Reading, sending: Sending) -> None:
        where = f"{self.file.name}, {item.sheet}, {item.rows[0]}" if item.rows else self.file.name
        reason = f"Nhập lại sổ đã sửa: {where}" if self.lang == "vi" else f"The mended register was imported again: {where}"
        self.counts["corrected"] += 1
        self._send(item, changed.events(reason, self.by), reading, sending)

    def _leave(self, item: Good, changed: registers.Changed, reading: registers.Reading) -> None:
        from shared.registers import Words

        other = Words("", "")
        if changed.moved:
            other = Words(" Nếu là vụ việc khác: --distinct.", " If it is another case: --distinct.")
        self._return(item, item.events[0], Words(
            "Khác với lần nhập trước, chưa sửa: nhập lại với --correct --by MÃ để ghi là đính chính." + other.vi,
            "It differs from what was taken in before: import again with --correct --by REF to record a correction." + other.en,
        ), reading)

    def _note(self, item: Good | Bad) -> None:
        from shared.registers import Bad

        if isinstance(item, Bad):
            self.bad.append(item)
            return
        self.counts["good"] += len(item.rows[:1])
        self.counts["events"] += len(item.events)
        self.counts["kind_unclear"] += sum(b'"dispute_by":"unclear"' in event.body for event in item.events)

    def _send(self, item: Good, events: Iterable[Event], reading: registers.Reading, sending: Sending) -> None:
        self.ready += [(event, item) for event in events]
        if len(self.ready) >= AT_ONCE:
            self._flush(reading, sending)

    def _flush(self, reading: registers.Reading, sending: Sending) -> None:
        some, self.ready = self.ready, []
        for (event, item), state in zip(some, sending.send([event for event, _ in some]), strict=True):
            self.counts[state] += 1
            if state == "refused":
                self._return(item, event, sending.why(event), reading)

    def _return(self, item: Good, event: Event, words: Words, reading: registers.Reading) -> None:
        """Into the copy of the workbook, or, of what stands for many rows, to the terminal."""
        from shared.registers import Bad

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
            try:
                registers.write_back(self.file, written, self.bad, self.lang, stale)
            except (registers.RegisterError, OSError) as error:
                written = None  # what was sent is told all the same
                self.lost.append(
                    getattr(error.words, self.lang) if isinstance(error, registers.RegisterError) else str(error)
                )
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
        if told["changed"] or told["corrected"]:
            say(f"{told['changed']} dòng khác với lần nhập trước, {told['corrected']} dòng đã gửi đính chính.")
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


def _is_reference(text: str) -> bool:
    return re.fullmatch("[A-Za-z0-9._:/-]{1,120}", text) is not None


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
