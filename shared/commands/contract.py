"""``namtot contract``: the contract as documents for those who build other systems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from shared.contracts import EventType
    from shared.contracts.outgoing import OutgoingType

group = typer.Typer(no_args_is_help=True, help="The contract with other systems: AsyncAPI, JSON Schemas, types.")


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="contract")


@group.command()
def asyncapi(
    out: Annotated[Path | None, typer.Option(help="File to write; .json gives JSON, anything else YAML.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON instead of YAML.")] = False,
) -> None:
    """Write the AsyncAPI 3.0 document: where events go, what they hold, an example of each."""
    from shared.contracts.asyncapi import document

    wanted = as_json or (out is not None and out.suffix == ".json")
    text = (_json if wanted else _yaml)(document())
    if out is None:
        typer.echo(text, nl=False)
    else:
        _write(out, text)
        typer.echo(f"{out}: AsyncAPI 3.0", err=True)


@group.command()
def schemas(
    out: Annotated[Path | None, typer.Option(help="Folder to write one file per type into.")] = None,
) -> None:
    """Write the JSON Schemas (draft 2020-12) of the envelope and of each type's data."""
    from shared.contracts.schemas import files

    found = files()
    if out is None:
        typer.echo(_json(found), nl=False)
        return
    for name, schema in found.items():
        _write(out / name, _json(schema))
    typer.echo(f"{out}: {len(found)} schemas", err=True)


@group.command()
def types(as_json: Annotated[bool, typer.Option("--json", help="One JSON list.")] = False) -> None:
    """List every type: what other systems send, and what namtot tells."""
    from shared.contracts.schemas import known

    rows = [_row(name, one) for name, one in known().items()]
    if as_json:
        typer.echo(_json(rows), nl=False)
        return
    widest = max(len(row["type"]) for row in rows)
    for row in rows:
        typer.echo(f"{row['direction']:<3}  {row['type']:<{widest}}  {row['about']:<17}  {row['summary']}")


def _row(name: str, one: EventType | OutgoingType) -> dict[str, str]:
    from shared.contracts.outgoing import OutgoingType

    told = isinstance(one, OutgoingType)
    about = f"{one.service}.events" if isinstance(one, OutgoingType) else one.family
    return {"type": name, "direction": "out" if told else "in", "about": about, "summary": one.summary}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _yaml(value: Any) -> str:
    import yaml

    class Dumper(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    def text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
        return dumper.represent_scalar("tag:yaml.org,2002:str", value, style="|" if "\n" in value else None)

    Dumper.add_representer(str, text)
    return yaml.dump(value, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=110)


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        typer.echo(f"{path} cannot be written: {error.strerror or error}", err=True)
        raise typer.Exit(1) from None
