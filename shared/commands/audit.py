"""``namtot audit``: the trail of who read what, and whether anybody touched it."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from shared.commands.asking import ask, say, walk

audit = typer.Typer(no_args_is_help=True, help="Who read, exported or erased private life, and whether the trail was touched.")
Json = Annotated[bool, typer.Option("--json", help="For programs: plain JSON on standard output.")]
PAGE = 500


def register(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")


@audit.command()
def head(json_: Json = False) -> None:
    """The last sealed entry as SEQ:HASH. Keep it elsewhere (on paper, in a mail): it proves the chain up to there."""
    found = ask("intake", "audit", after=0, limit=1, seal=True)["head"]
    print(json.dumps(found) if json_ else f"{found['seq']}:{found['hash']}")


@audit.command("list")
def list_(after: Annotated[int, typer.Option(min=0, help="From behind this entry.")] = 0,
          limit: Annotated[int, typer.Option(min=1, max=1000)] = 50, json_: Json = False) -> None:
    """Entries in their order. Nobody's name is in them: ids and hashed references."""
    answer = ask("intake", "audit", after=after, limit=limit)
    if json_:
        print(json.dumps(answer, ensure_ascii=False))
        return
    for e in answer["entries"]:
        about = ", ".join(e["about"][:3]) + (f" … ({len(e['about'])})" if len(e["about"]) > 3 else "")
        say(f"{e['seq']:>6}  {e['at'][:19]}  {e['action']:<20} {e['who']} ({e['role']}): {e['purpose']}  {about}")
    say(f"{answer['head']['seq']} sealed, {answer['head']['unsealed']} wait to be.")


@audit.command()
def verify(
    anchor: Annotated[str | None, typer.Option(metavar="SEQ:HASH", help="A head kept elsewhere.")] = None,
    vault: Annotated[bool, typer.Option(help="Also hold the vault against the commitments in the log.")] = False,
    json_: Json = False,
) -> None:
    """Walk the whole chain; say which entry was altered, deleted, moved or put in. Status 1 if any was."""
    from shared.audit.chain import Anchor, Verifier

    try:
        verifier = Verifier(Anchor.read(anchor) if anchor else None)
    except ValueError as error:
        say(str(error), error=True)
        raise typer.Exit(2) from None
    found = _walk(verifier)
    findings = [one._asdict() for one in verifier.end(found, found["unsealed"], found["appended"])]
    answer: dict[str, Any] = {"sealed": verifier.seq, "unsealed": found["unsealed"], "findings": findings}
    if vault:
        answer["vault"] = _vault(json_)
    bad = bool(findings) or bool(vault and answer["vault"]["findings"])
    if json_:
        print(json.dumps(answer, ensure_ascii=False))
    else:
        for one in findings:
            say(f"{one['kind']}: {one['what']}", error=True)
        if vault:
            for one in answer["vault"]["findings"][:50]:
                say(f"{one['kind']}: {one['entry']}", error=True)
            say(f"Vault: {answer['vault']['checked']} entries, {answer['vault']['erased']} erased as the trail tells.")
        say("Something was touched." if bad else f"{verifier.seq} entries, every link holds.", error=bad)
    if bad:
        raise typer.Exit(1)


def _walk(verifier: Any) -> dict[str, Any]:
    """Every entry, and the head as it was right after the last of them was read."""
    ask("intake", "audit", after=0, limit=1, seal=True)
    after = 0
    while True:
        answer = ask("intake", "audit", after=after, limit=PAGE)
        for entry in answer["entries"]:
            verifier.take(entry)
        head: dict[str, Any] = answer["head"]
        if not answer["entries"] or head["seq"] <= verifier.seq:
            return head
        after = verifier.seq


def _vault(quiet: bool) -> dict[str, Any]:
    checked = erased = 0
    findings: list[dict[str, str]] = []
    for part in walk("verify_vault", "vault", quiet):
        checked, erased, findings = checked + part["checked"], erased + part["erased"], findings + part["findings"]
    return {"checked": checked, "erased": erased, "findings": findings}
