"""``namtot papers``: official papers as Word and PDF files, filled from what is recorded; and the templates behind them."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shared.commands.asking import Lang, ask, say, settings

if TYPE_CHECKING:
    from shared.papers import Kind
    from shared.papers.fields import Shapes
    from shared.papers.making import Wanted

papers = typer.Typer(no_args_is_help=True, help="Official papers (Word, PDF) filled from data, and their templates.")
Json = Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")]
KindName = Annotated[str, typer.Argument(help="A kind of paper, e.g. recognition-decision; `namtot papers kinds` lists them.")]
TIMEOUT = 30.0


def register(app: typer.Typer) -> None:
    app.add_typer(papers, name="papers")


@papers.command()
def kinds(json_: Json = False) -> None:
    """The papers that namtot writes."""
    from shared.papers import KINDS

    rows = [
        {"kind": kind.id, "file": kind.file, "format": kind.format, "about": kind.about, "vi": kind.title, "en": kind.title_en}
        for kind in KINDS.values()
    ]
    if json_:
        print(json.dumps(rows, ensure_ascii=False))
        return
    from rich.table import Table

    table = Table(box=None)
    for heading in ("kind", "giấy tờ", "about", "format"):
        table.add_column(heading)
    for row in rows:
        table.add_row(row["kind"], row["vi"], row["about"], row["format"])
    say(table)
    say("Next: `namtot papers make KIND --unit … --year …`; `namtot papers fields KIND` lists what a template may say.")


@papers.command()
def fields(kind: KindName, json_: Json = False) -> None:
    """What a template of this kind may say: the names between {{ and }}."""
    from shared.papers.fields import names
    from shared.papers.kinds import OWN_LAYOUT
    from shared.papers.templates import FILTERS

    found = _find(kind)
    rows = list(_rows(names(found.data)))
    if json_:
        print(json.dumps([dict(zip(("name", "about", "role"), row, strict=True)) for row in rows], ensure_ascii=False))
        return
    from rich.table import Table

    table = Table(box=None, title=f"{found.title} ({found.template})", title_justify="left")
    for heading in ("viết trong mẫu", "là"):
        table.add_column(heading, overflow="fold")
    for name, about, _ in rows:
        table.add_row(name, about)
    say(table)
    listed = ", ".join(f"|{name} ({about})" for name, about in FILTERS.items())
    say(f"Bộ lọc, ví dụ {{{{ don_vi|upper }}}}: {listed}.\n{OWN_LAYOUT}\n"
        f"Tiếp theo: namtot papers template {found.id} --out {found.template}; sửa tệp; namtot papers check {found.template}")


@papers.command()
def template(
    kind: KindName, out: Annotated[Path, typer.Option(help="The file to write; it must not be there yet.")],
) -> None:
    """Copy the shipped template, to be edited in Word and put into the folder NAMTOT_PAPERS_DIR."""
    from shared.papers.templates import template_of

    found = _find(kind)
    _save(out, template_of(found).read_bytes(), overwrite=False, named=True)
    say(f"{out} is written. Edit it, then `namtot papers check {out}`.\n"
        f"Put into the folder NAMTOT_PAPERS_DIR as {found.template} it replaces the shipped one.")


@papers.command()
def check(
    file: Annotated[Path, typer.Argument(help="An own template: .docx or .typ.")],
    kind: Annotated[str | None, typer.Option(help="Which paper it is for, unless the file's name says so.")] = None,
    lang: Lang = "vi",
    json_: Json = False,
) -> None:
    """Say which tag of a template is unknown or broken, in which paragraph, and how to mend it. Exit code 1 if one is."""
    from shared.papers import PaperError
    from shared.papers.check import findings
    from shared.papers.render import fill

    found = _find(kind or file.stem)
    told: list[dict[str, str]] = []
    try:
        if found.format == "docx":
            told = [{"place": f.spot.vi, "tag": f.tag, "vi": f.told("vi"), "en": f.told("en")} for f in findings(file, found)]
        if not told:
            fill(found, found.data(), file)  # what no tag shows
    except PaperError as error:
        told = [{"place": "", "tag": "", "vi": error.reason, "en": error.reason}]
    if json_:
        print(json.dumps({"file": str(file), "kind": found.id, "findings": told}, ensure_ascii=False))
    else:
        for one in told:
            say(one["en" if lang == "en" else "vi"])
        good = f"{file}: right for {found.id}" if lang == "en" else f"{file}: dùng được cho {found.title}"
        say(f"{len(told)} lỗi cần sửa." if told and lang == "vi" else f"{len(told)} to mend." if told else good)
    raise typer.Exit(1 if told else 0)


@papers.command()
def preview(
    kind: KindName, out: Annotated[Path, typer.Option(help="The file to write.")],
    template: Annotated[Path | None, typer.Option(help="The template to try; left out: the one in use.")] = None,
    overwrite: Annotated[bool, typer.Option(help="Replace the file if it is there.")] = False,
) -> None:
    """Fill a template with invented example data, to see what it looks like."""
    from shared.papers import PaperError
    from shared.papers.render import fill, read
    from shared.papers.templates import template_of

    found = _find(kind)
    try:
        paper = read(found, (Path(__file__).parents[1] / "papers" / "examples" / f"{found.id}.json").read_bytes())
        content = fill(found, paper, template or template_of(found, _folder()))
    except PaperError as error:
        raise _failed(error.reason) from None
    _save(out, content, overwrite, named=True)
    say(f"{out}: example data, nobody's")


@papers.command()
def make(
    kind: Annotated[str, typer.Argument(help="A kind of paper; left out with --all.")] = "",
    unit: Annotated[str | None, typer.Option(help="The commune-level unit's code.")] = None,
    year: Annotated[int | None, typer.Option(help="The year of evaluation.", min=1976, max=2199)] = None,
    team: Annotated[str | None, typer.Option(help="The team's code (HG-…).")] = None,
    commendation: Annotated[str | None, typer.Option(help="The commendation's id.")] = None,
    payment: Annotated[str | None, typer.Option(help="The claim's id, as `namtot payment list` shows it.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the files.")] = Path("giay-to"),
    with_: Annotated[Path | None, typer.Option("--with", help="YAML or JSON of values to add; `names`: by reference.")] = None,
    all_: Annotated[bool, typer.Option("--all", help="Every paper of the unit's year.")] = False,
    overwrite: Annotated[bool, typer.Option(help="Also replace files that are there, filled in by hand or not.")] = False,
    json_: Json = False,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for each of evaluation's answers.", min=0.1)] = TIMEOUT,
) -> None:
    """Write papers, filled from what is recorded. What is not known prints as dots, to be filled in by hand."""
    from shared.papers import PaperError
    from shared.papers.making import own_values

    if bool(kind) == all_:
        raise _failed("say either a KIND or --all; `namtot papers kinds` lists the kinds", 2)
    try:
        own = own_values(with_)
        wanted = _all(unit, year, timeout) if all_ else [_one(_find(kind), unit, year, team, commendation, payment)]
        done = _make(wanted, out, own, overwrite, timeout, quiet=json_)
    except PaperError as error:
        raise _failed(error.reason) from None
    counts = Counter(row["state"] for row in done)
    if json_:
        print(json.dumps({"files": done, **{state: counts[state] for state in ("made", "kept", "nothing")}}, ensure_ascii=False))
        return
    if len(done) == 1 and counts["nothing"]:
        raise _failed(f"nothing is recorded for this paper yet: {wanted[0].kind.title}")
    for row in done[:20]:
        if row["state"] != "nothing":
            say(f"{row['path']}{'' if row['state'] == 'made' else ' (was there and is kept; --overwrite replaces it)'}")
    if len(done) > 1:
        say(f"{counts['made']} written to {out}, {counts['kept']} kept as they were, {counts['nothing']} with nothing on record.")
    say("Next: read them in Word, fill in the dots, print, have them signed; then record number and day as an event.")


def _one(
    kind: Kind, unit: str | None, year: int | None, team: str | None, commendation: str | None, payment: str | None
) -> Wanted:
    from shared.papers.making import Wanted

    if kind.about == "payment":
        if payment is None:
            raise _failed(f"{kind.id} is about one claim: say --payment (`namtot payment list`)", 2)
        return Wanted(kind, {"payment": payment, "team": team}, payment[:12])
    if kind.about == "team":
        if team is None or year is None:
            raise _failed(f"{kind.id} is about a team's year: say --team and --year", 2)
        return Wanted(kind, {"team": team, "year": year}, f"{team}_{year}")
    if commendation is not None and kind.about == "commendation":
        return Wanted(kind, {"commendation": commendation}, commendation[:12])
    if kind.about == "commendation" and not kind.lists:
        raise _failed(f"{kind.id} is about one commendation: say --commendation (`namtot commendation list`)", 2)
    if unit is None or year is None:
        raise _failed(f"{kind.id} is about a unit's year: say --unit and --year", 2)
    return Wanted(kind, {"unit": unit, "year": year}, f"{unit}_{year}")


def _all(unit: str | None, year: int | None, timeout: float) -> list[Wanted]:
    from shared.papers.making import of_a_year

    if unit is None or year is None:
        raise _failed("--all makes a unit's year: say --unit and --year", 2)
    board = ask("evaluation", "recognitions", timeout=timeout, unit=unit, year=year)
    listed = ask("evaluation", "commendations", timeout=timeout, unit=unit, year=year)
    return of_a_year(unit, year, board["teams"], listed["items"])


def _make(
    wanted: list[Wanted], out: Path, own: dict[str, Any], overwrite: bool, timeout: float, quiet: bool
) -> list[dict[str, Any]]:
    from rich.console import Console
    from rich.progress import track

    from shared.papers.making import file_name, put_together
    from shared.papers.render import render

    told = settings()
    done: list[dict[str, Any]] = []
    bar = track(wanted, "Đang lập giấy tờ", console=Console(stderr=True), disable=quiet or len(wanted) == 1, transient=True)
    for one in bar:
        path = out / file_name(one)
        row = {"kind": one.kind.id, **one.of, "path": str(path)}
        if path.exists() and not overwrite:
            done.append({**row, "state": "kept"})
            continue
        data = ask("evaluation", "papers_data", timeout=timeout, kind=one.kind.id, **one.of)
        if data is None:
            done.append({**row, "state": "nothing"})
            continue
        content = render(one.kind, put_together(one.kind, data, own, told.notice), told.papers_dir)
        done.append({**row, "state": _save(path, content, overwrite)})
    return done


def _save(path: Path, content: bytes, overwrite: bool, named: bool = False) -> str:
    """``named``: the person named this very file, so that keeping what is there is an error."""
    from shared.papers.making import write

    try:
        state = write(path, content, overwrite)
    except OSError as error:
        raise _failed(f"{path} cannot be written: {error.strerror or error}") from None
    if named and state == "kept":
        raise _failed(f"{path} is there already; choose another name")
    return state


def _find(kind: str) -> Kind:
    from shared.papers import PaperError, find

    try:
        return find(kind)
    except PaperError as error:
        raise _failed(error.reason, 2) from None


def _folder() -> str:
    """NAMTOT_PAPERS_DIR, without asking for servers."""
    import os

    return os.environ.get("NAMTOT_PAPERS_DIR", "")


def _rows(shapes: Shapes, before: str = "") -> Any:
    for name, shape in shapes.items():
        if shape.role == "rows":
            yield f"{{%tr for d in {before}{name} %}} … {{%tr endfor %}}", f"{shape.about}, mỗi hàng:", shape.role
            yield from _rows(shape.inner, "d.")
        elif shape.role == "part":
            yield from _rows(shape.inner, f"{before}{name}.")
        elif shape.role == "lines":
            yield f"{{%p for d in {before}{name} %}} {{{{ d }}}} {{%p endfor %}}", shape.about, shape.role
        else:
            yield f"{{{{ {before}{name} }}}}", shape.about, shape.role


def _failed(reason: str, code: int = 1) -> typer.Exit:
    say(reason, error=True)
    return typer.Exit(code)
