"""``namtot scheme lint|diff|test``: the rules as data, without any server."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from services.evaluation.commands import scheme_app
from shared.commands.asking import say

if TYPE_CHECKING:
    from services.evaluation.domain.rules import Scheme
    from services.evaluation.rules.differ import Difference, Value
    from services.evaluation.rules.examples import Golden
    from services.evaluation.rules.lint import Finding

AsJson = Annotated[bool, typer.Option("--json", help="For programs: JSON on standard output.")]
KINDS = {
    "error": ("red", "cannot be used"), "placeholder": ("yellow", "not known yet"), "unverified": ("yellow", "not verified"),
    "no_value": ("yellow", "no value"), "unreachable": ("red", "never reached"), "gap": ("yellow", "gap"),
    "maximum": ("yellow", "maximum"),
}


def register(app: typer.Typer) -> None:
    app.add_typer(scheme_app, name="scheme")


@scheme_app.command()
def lint(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Rules files or examples, or folders of them; all shipped if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Read rules files strictly and list what to know: mistakes, values not known or not verified yet, bands never reached."""
    from services.evaluation.rules.lint import lint as look

    files = _files(paths)
    found = [finding for path in files for finding in _opened(look, path)]
    wrong = sum(finding.kind == "error" for finding in found)
    if as_json:
        _print([{**asdict(finding), "file": str(finding.file)} for finding in found])
    else:
        for finding in found:
            say(_found(finding))
        say(f"{len(files)} files: {wrong} with a mistake, {len(found) - wrong} remarks")
    if wrong:
        raise typer.Exit(1)


def _found(finding: Finding) -> Any:
    from rich.text import Text

    colour, words = KINDS[finding.kind]
    at = finding.file.name if finding.line is None else f"{finding.file.name}:{finding.line}"
    remedy = f" → {finding.remedy}" if finding.remedy else ""
    return Text.assemble((at, "bold"), ": ", (words, colour), f": {finding.where}: {finding.text}", (remedy, "dim"))


@scheme_app.command()
def diff(
    left: Annotated[str, typer.Argument(help="A scheme's id (hanoi-v1) or file.")],
    right: Annotated[str, typer.Argument(help="Another one.")],
    on: Annotated[str | None, typer.Option(help="Only what is in force on this day, as 2024-10-31.")] = None,
    as_json: AsJson = False,
) -> None:
    """Every value in which two sets of criteria differ, by criterion, with the days from which they hold and their sources."""
    from services.evaluation.rules.differ import differences

    a, b = scheme_named(left), scheme_named(right)
    found = differences(a, b, None if on is None else _day(on))
    if as_json:
        _print({"left": a.id, "right": b.id, "on": on, "differences": [_plain(difference) for difference in found]})
        return
    say(f"{a.id}: {a.title.vi}")
    say(f"{b.id}: {b.title.vi}")
    part = ""
    for difference in found:
        head = difference.at.partition(".")[0]
        if head != part:
            part = head
            say(f"\n{head}{_title(a, b, head)}")
        say(_lines(difference, a.id, b.id))
    say(f"\n{len(found)} values differ" if found else "no value differs")


def _title(a: Scheme, b: Scheme, id: str) -> str:
    titles = {c.id: c.title for scheme in (b, a) for c in (scheme.criteria or (scheme.table.criteria if scheme.table else ()))}
    return f": {titles[id].vi} ({titles[id].en})" if id in titles else ""


def _lines(difference: Difference, left: str, right: str) -> Any:
    from rich.text import Text

    text = Text(f"  {difference.at}\n")
    width = max(len(left), len(right))
    for name, values, colour in ((left, difference.left, "red"), (right, difference.right, "green")):
        for value in values or (None,):
            text.append(f"    {name:<{width}}  ")
            text.append(_said(value), colour)
            text.append("" if value is None else f"   {value.citation} [{value.mark}]", "dim")
            text.append("\n")
    text.rstrip()
    return text


def _said(value: Value | None) -> str:
    if value is None:
        return "no such value"
    return f"{'expected' if value.text is None else value.text} from {value.since}"


def _plain(difference: Difference) -> dict[str, Any]:
    def side(values: Iterable[Value]) -> list[dict[str, Any]]:
        return [{**asdict(value), "since": value.since.isoformat()} for value in values]

    return {"at": difference.at, "left": side(difference.left), "right": side(difference.right)}


@scheme_app.command("test")
def run_examples(
    which: Annotated[
        list[str] | None, typer.Argument(help="A scheme's id or file, or a file of examples; all shipped if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Judge the golden examples beside a set of criteria; exit with 1 if one does not come out as it must."""
    from services.evaluation.rules.examples import check

    rows = [
        {"scheme": golden.scheme.id, "file": str(golden.path), "line": example.line, "name": example.name,
         "problems": check(example, golden.scheme)}
        for golden in _golden(which) for example in golden.examples
    ]
    failed = [row for row in rows if row["problems"]]
    if as_json:
        _print(rows)
    else:
        _report(rows)
        say(f"{len(rows)} examples: {len(rows) - len(failed)} as they must, {len(failed)} not")
    if failed:
        raise typer.Exit(1)


def _report(rows: list[dict[str, Any]]) -> None:
    from rich.text import Text

    scheme = ""
    for row in rows:
        if row["scheme"] != scheme:
            scheme = row["scheme"]
            say(f"\n{scheme}")
        sign = ("  ✘ ", "red") if row["problems"] else ("  ✔ ", "green")
        say(Text.assemble(sign, row["name"], (f"  line {row['line']}", "dim")))
        for problem in row["problems"]:
            say("\n".join(f"      {line}" for line in problem.splitlines()))


# -- files and schemes by name


def _files(paths: list[Path] | None) -> list[Path]:
    from services.evaluation.rules.loader import SCHEMES

    rooms = [SCHEMES.parent / room for room in ("schemes", "procedures", "commendations", "targets", "payments", "reports")]
    found = []
    for path in paths or rooms:
        listed = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not listed:
            stop(f"{path}: no *.yaml in this folder; name a file, or another folder")
        found += listed
    return found


def _golden(which: list[str] | None) -> Iterator[Golden]:
    from services.evaluation.rules.examples import ENDING, load_examples
    from services.evaluation.rules.loader import SCHEMES

    for name in which or [str(path) for path in sorted(SCHEMES.glob(f"*{ENDING}"))]:
        path = Path(name)
        if not name.endswith(ENDING):
            path = (path if name.endswith(".yaml") else SCHEMES / f"{name}.yaml").with_suffix("")
            path = path.with_name(path.name + ENDING)
        yield _opened(load_examples, path)


def scheme_named(name: str) -> Scheme:
    from services.evaluation.rules.loader import load_scheme, shipped

    known = shipped()
    if name in known:
        return known[name]
    if not name.endswith(".yaml"):
        stop(f"there is no scheme {name!r}; use one of {', '.join(known)}, or a file that ends in .yaml")
    found: Scheme = _opened(load_scheme, Path(name))
    return found


def _opened(read: Any, path: Path) -> Any:
    from services.evaluation.rules import RulesError

    try:
        return read(path)
    except RulesError as error:
        stop(str(error))
    except OSError as error:
        stop(f"{path}: {error.strerror or error}; name a file that can be read")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        stop(f"--on {text}: not a day; write it as 2024-10-31")


def stop(text: str) -> NoReturn:
    say(text, error=True)
    raise typer.Exit(2)


def _print(what: Any) -> None:
    typer.echo(json.dumps(what, ensure_ascii=False, indent=2))
