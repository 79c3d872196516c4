"""``namtot explain``: why a team is, or is not, a five-good team, as a tree."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from shared.commands.asking import Lang, ask, say

VERDICTS = {
    "met": ("✔", "green", "Đạt", "Met"),
    "not_met": ("✘", "red", "Chưa đạt", "Not met"),
    "not_enough_evidence": ("?", "yellow", "Chưa đủ căn cứ", "Not enough evidence"),
    None: ("·", "dim", "", ""),
}
EVIDENCE = {
    "computed": ("tính từ vụ việc", "computed from cases"), "recorded": ("có văn bản", "on record"),
    "attested": ("có xác nhận", "attested"), "rule": ("theo quy tắc", "by rule"),
}
WORDS = {
    "citation": ("Căn cứ", "Source"), "commune": ("trách nhiệm của phường, xã", "the commune's duty"),
    "todo": ("Còn thiếu", "Missing"), "inputs": ("Chứng cứ", "Evidence"), "year": ("năm", "year"),
    "as_of": ("tính đến", "as of"), "threshold": ("mức", "required"),
}
KINDS = {
    "case": ("vụ việc", "case"), "training": ("lớp tập huấn", "class"), "delivery": ("cấp tài liệu", "delivery"),
    "payment": ("đề nghị chi", "payment"), "meeting": ("cuộc họp", "meeting"),
    "coordination": ("phối hợp", "co-ordination"), "attestation": ("xác nhận", "attestation"),
    "declaration": ("bản khai", "declaration"), "team": ("tổ", "team"),
}
INPUTS_SHOWN = 5


def register(app: typer.Typer) -> None:
    app.command("explain")(explain)


def explain(
    team: Annotated[str, typer.Argument(help="The team's code (HG-…), or its name if no other bears it.")],
    year: Annotated[int, typer.Option(help="The year of evaluation; its window ends on 31/10.", min=1976, max=2199)],
    scheme: Annotated[str, typer.Option(help="The set of criteria: hanoi-v2 or hanoi-v1.")] = "hanoi-v2",
    lang: Lang = "vi",
    json_: Annotated[bool, typer.Option("--json", help="For programs: the whole tree as JSON on standard output.")] = False,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for evaluation's answer.", min=0.1)] = 10.0,
) -> None:
    """Why a team is, or is not, a five-good team: verdict, measure, evidence, source, and what would change it."""
    tree = ask("evaluation", "explain", timeout=timeout, team=team, scheme=scheme, year=year)
    if tree is None:
        say(
            f"{team} was not evaluated under {scheme} in {year}: it did not exist on the window's last day, the scheme did "
            "not either, or it is not scored yet (`namtot status`).",
            error=True,
        )
        raise typer.Exit(1)
    if json_:
        print(json.dumps(tree, ensure_ascii=False))
        return
    say(drawn(tree, lang))


def drawn(tree: dict[str, Any], lang: str) -> Any:
    """The explanation as a rich tree."""
    from rich.console import Group
    from rich.text import Text
    from rich.tree import Tree

    about = tree.get("about", {})
    head = Text(f"{about.get('name', '')} ({about.get('team', '')})", style="bold")
    where = ", ".join(filter(None, (about.get("group"), about.get("unit_name"))))
    root = Tree(Group(
        head, Text(where),
        Text(f"{tree['title'][lang]} · {_word('year', lang)} {about.get('year')} · {_word('as_of', lang)} "
             f"{_day(about.get('as_of', ''), lang)}"),
        _line(tree, lang),
    ))
    for number, criterion in enumerate(tree["children"], 1):
        _grow(root, criterion, lang, f"{number}. ")
    missing = [change for change in tree["changes"] if change.get("lacking", True)]
    if missing:
        todo = root.add(Text(f"{_word('todo', lang)}:", style="bold"))
        for change in missing:
            todo.add(Text(change[lang]))
    return root


def _grow(parent: Any, node: dict[str, Any], lang: str, number: str = "") -> None:
    from rich.console import Group
    from rich.text import Text

    lines = [_line(node, lang, number)]
    if number:
        evidence = _pick(EVIDENCE.get(node["evidence"], ("", "")), lang)
        lines.append(Text(f"{_word('citation', lang)}: {node['citation']} · {evidence}", style="dim"))
    if node["inputs"] and not node["children"]:
        shown = ", ".join(
            f"{_pick(KINDS.get(i['kind'], (i['kind'],) * 2), lang)} {i['id'][:8]} ({_day(i['on'], lang)})"
            for i in node["inputs"][:INPUTS_SHOWN]
        )
        more = f" +{len(node['inputs']) - INPUTS_SHOWN}" if len(node["inputs"]) > INPUTS_SHOWN else ""
        lines.append(Text(f"{_word('inputs', lang)}: {shown}{more}", style="dim"))
    branch = parent.add(Group(*lines))
    for child in node["children"]:
        _grow(branch, child, lang)


def _line(node: dict[str, Any], lang: str, number: str = "") -> Any:
    from rich.text import Text

    mark, style, *names = VERDICTS[node["verdict"]]
    text = Text()
    text.append(f"{mark} ", style=style)
    text.append(f"{number}{node['title'][lang]}", style="bold" if number else "")
    if node["verdict"] is not None:
        text.append(f": {_pick(names, lang)}", style=style)
    if node["value"] is not None:
        required = f", {_word('threshold', lang)} {node['threshold']}" if node["threshold"] is not None else ""
        text.append(f" [{node['value']}{required}]")
    if node["duty"] == "commune" and number:
        text.append(f" ({_word('commune', lang)})", style="italic")
    text.append(f"\n  {node['sentence'][lang]}")
    return text


def _day(text: str, lang: str) -> str:
    return "/".join(reversed(text.split("-"))) if lang == "vi" else text


def _word(name: str, lang: str) -> str:
    return _pick(WORDS[name], lang)


def _pick(pair: Any, lang: str) -> str:
    return str(pair[0] if lang == "vi" else pair[1])
