"""Golden examples: facts in words and the verdicts they must lead to, beside each scheme, for a jurist to read.

    bộ tiêu chí: hanoi-v2           # a file beside this one, or a scheme that ships with namtot
    nền:                            # sets of facts to build on
      đủ hồ sơ: [câu, câu]
    ví dụ:
      - tên: …
        năm: 2024
        ngày xét: 20/11/2024        # the day on which it is judged; 31/12 of the year if left out
        thành lập: 01/01/2010       # when the team began; long ago if left out
        chuyển đơn vị: 01/07/2024   # optional: when it moved to another unit
        nhận tổ khác: 01/07/2024    # optional: when another team was merged into it
        nền: đủ hồ sơ               # optional
        sự việc: [câu, câu]         # optional; see ``phrases``
        số liệu: {…}                # of a points table, in place of facts; see ``figures``
        điểm: {…}                   # of a points table
        kết quả:                    # at least one; of the whole ("chung") or of a criterion ("tiêu chí 1")
          chung: chưa đạt
        giải thích: [một đoạn câu]  # optional: must occur in the explanation
        còn thiếu: [mã]             # optional: exactly these codes, or "không" for none
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from services.evaluation.domain.facts import (
    Attestation,
    Case,
    Coordination,
    Declaration,
    Delivery,
    Forebear,
    Meeting,
    Payment,
    Stay,
    Team,
    TeamFacts,
    Training,
)
from services.evaluation.domain.judge import judge, year_rules
from services.evaluation.domain.points.judge import judge_points, table_rules
from services.evaluation.domain.points.quantities import Given
from services.evaluation.domain.points.table import Table
from services.evaluation.domain.points.wording import Span
from services.evaluation.domain.rules import NotInForceError, Scheme
from services.evaluation.domain.tree import Node, lacking
from services.evaluation.domain.verdict import VERDICT_WORDS, Verdict
from services.evaluation.rules.figures import TOTAL, read_figures, read_points, wrong_points
from services.evaluation.rules.loader import load_scheme, shipped
from services.evaluation.rules.phrases import TEAM, Fact, read_facts
from shared.rulebooks import Block, Item, read

ENDING = ".examples.yaml"
_VERDICTS = {vi.lower(): verdict for verdict, (vi, _) in VERDICT_WORDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """``expected``: criterion number → verdict, 0 for the whole. ``points``: of parts of a table. ``line``: where it stands
    in the file."""

    name: str
    line: int
    year: int
    today: dt.date
    team: Team
    facts: tuple[Fact, ...]
    given: tuple[Given, ...]
    expected: Mapping[int, Verdict]
    points: Mapping[str, Span]
    said: tuple[str, ...]
    lacking: tuple[str, ...] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    path: Path
    scheme: Scheme
    examples: tuple[Example, ...]


def load_examples(path: Path) -> Golden:
    """Raise ``RulesError``, or ``OSError`` if the file cannot be opened."""
    top = read(path)
    scheme = _scheme(top.take("bộ tiêu chí"), path)
    bases: dict[str, list[str]] = {}
    held = top.maybe("nền")
    if held is not None:
        block = held.block()
        for name in block.names():
            bases[name] = [item.text() for item in block.take(name).items()]
    names: set[str] = set()
    examples = tuple(_example(block, bases, scheme, names) for block in top.blocks("ví dụ"))
    top.finish()
    return Golden(path=path, scheme=scheme, examples=examples)


def _scheme(item: Item, path: Path) -> Scheme:
    beside = path.with_name(f"{item.text()}.yaml")
    if beside.exists():
        return load_scheme(beside)
    found = shipped().get(item.text())
    if found is None:
        raise item.error(
            f"there is no scheme {item.text()!r}", "put its file beside this one, or use one of: " + ", ".join(shipped())
        )
    return found


def check(example: Example, scheme: Scheme) -> list[str]:
    """What does not come out as expected, one sentence each; empty if all does."""
    if scheme.table is not None and not example.facts:
        return _check_table(example, scheme, scheme.table)
    rules = year_rules(scheme, example.year)
    if rules is None:
        return [f"{scheme.id} judges no team in {example.year}"]
    found = judge(rules, example.team, facts_of(example.facts), example.today)
    if found is None:
        return ["the team is not evaluated in that year"]
    return _differences(example, found.tree)


def _check_table(example: Example, scheme: Scheme, table: Table) -> list[str]:
    span = scheme.span(example.year)
    try:
        rules = None if span is None else table_rules(table, span.last)
    except NotInForceError:
        rules = None
    if rules is None:
        return [f"{scheme.id} was not in force in {example.year}"]
    found = judge_points(rules, example.given, scheme.title, scheme.citation, scheme.id)
    return [*wrong_points(example.points, {TOTAL: found.total, **found.spans}), *_differences(example, found.tree)]


def _differences(example: Example, tree: Node) -> list[str]:
    nodes: dict[int, Node] = {0: tree, **dict(enumerate(tree.children, 1))}
    wrong = [
        f"{'chung' if number == 0 else f'tiêu chí {number}'}: expected {verdict}, "
        f"found {nodes[number].verdict}: {nodes[number].sentence.vi}"
        for number, verdict in example.expected.items() if nodes[number].verdict is not verdict
    ]
    text = "\n".join(_sentences(tree))
    wrong += [f"the explanation does not say {part!r}; it says:\n{text}" for part in example.said if part not in text]
    if example.lacking is not None and example.lacking != lacking(tree):
        wrong.append(f"lacking: expected {example.lacking}, found {lacking(tree)}")
    return wrong


def _sentences(node: Node) -> list[str]:
    own = [node.sentence.vi, *(change.vi for change in node.changes)]
    return own + [text for child in node.children for text in _sentences(child)]


def facts_of(facts: tuple[Fact, ...]) -> TeamFacts:
    return TeamFacts(
        cases=tuple(f for f in facts if isinstance(f, Case)),
        trainings=tuple(f for f in facts if isinstance(f, Training)),
        deliveries=tuple(f for f in facts if isinstance(f, Delivery)),
        payments=tuple(f for f in facts if isinstance(f, Payment)),
        meetings=tuple(f for f in facts if isinstance(f, Meeting)),
        coordinations=tuple(f for f in facts if isinstance(f, Coordination)),
        attestations=tuple(f for f in facts if isinstance(f, Attestation)),
        declarations=tuple(f for f in facts if isinstance(f, Declaration)),
    )


def _example(block: Block, bases: Mapping[str, list[str]], scheme: Scheme, names: set[str]) -> Example:
    name_item = block.take("tên")
    if name_item.text() in names:
        raise name_item.error(f"an example of this name stands before: {name_item.text()!r}", "give it a name of its own")
    names.add(name_item.text())
    year_item = block.take("năm")
    if not re.fullmatch(r"\d{4}", year_item.text()):
        raise year_item.error(f"{year_item.text()!r} is not a year", "write it as 2024")
    year = int(year_item.text())
    facts = _facts(block, bases)
    expected, points = block.maybe("kết quả"), block.maybe("điểm")
    if expected is None and points is None:
        raise block.error("'kết quả' is missing", "add `kết quả: …`, the verdicts that must come out")
    example = Example(
        name=name_item.text(), line=block.item.node.start_mark.line + 1, year=year,
        today=_day(block.maybe("ngày xét")) or dt.date(year, 12, 31),
        team=_team(block), facts=facts, given=_figures(block.maybe("số liệu"), scheme, facts),
        expected={} if expected is None else _expected(expected.block(), _criteria_of(scheme)),
        points={} if points is None else read_points(points.block(), _table(points, scheme)),
        said=_texts(block.maybe("giải thích")) or (), lacking=_texts(block.maybe("còn thiếu"), none="không"),
    )
    block.finish()
    return example


def _team(block: Block) -> Team:
    established = _day(block.maybe("thành lập")) or dt.date(2000, 1, 1)
    moved, merged = _day(block.maybe("chuyển đơn vị")), _day(block.maybe("nhận tổ khác"))
    return Team(
        code=TEAM, established=established,
        stays=() if moved is None else (Stay(established, "00118"), Stay(moved, "00127")),
        forebears=() if merged is None else (Forebear(merged, "HG-OTHER"),),
    )


def _criteria_of(scheme: Scheme) -> int:
    return len(scheme.criteria) if scheme.table is None else len(scheme.table.criteria)


def _facts(block: Block, bases: Mapping[str, list[str]]) -> tuple[Fact, ...]:
    sentences: list[tuple[Item, str]] = []
    base = block.maybe("nền")
    if base is not None:
        if base.text() not in bases:
            raise base.error(f"there is no base {base.text()!r}", "use one of: " + ", ".join(bases))
        sentences += [(base, sentence) for sentence in bases[base.text()]]
    own = block.maybe("sự việc")
    if own is not None:
        sentences += [(item, item.text()) for item in own.items()]
    texts = [sentence for _, sentence in sentences]
    try:
        return tuple(read_facts(texts))
    except ValueError:
        # all together, because a sentence may speak of those before it; the first one that cannot be read is told
        for count, (item, _) in enumerate(sentences, 1):
            try:
                read_facts(texts[:count])
            except ValueError as error:
                raise item.error(str(error), "write the sentence in one of these forms") from None
        raise


def _figures(item: Item | None, scheme: Scheme, facts: tuple[Fact, ...]) -> tuple[Given, ...]:
    if item is None:
        return ()
    if facts:
        raise item.error("an example has facts or figures, not both", "take one of them out")
    return read_figures(item.block(), _table(item, scheme))


def _table(item: Item, scheme: Scheme) -> Table:
    if scheme.table is None:
        raise item.error(f"{scheme.id} gives no points", "write `sự việc` and `kết quả`")
    return scheme.table


def _expected(block: Block, criteria: int) -> dict[int, Verdict]:
    found: dict[int, Verdict] = {}
    for name in block.names():
        item = block.take(name)
        number = re.fullmatch(r"tiêu chí ([1-9]\d?)", name)
        if name != "chung" and (not number or int(number[1]) > criteria):
            raise item.error(f"{name!r} is not a criterion", f"write `chung`, or `tiêu chí 1` to `tiêu chí {criteria}`")
        if item.text() not in _VERDICTS:
            raise item.error(f"{item.text()!r} is not a verdict", "write one of: " + ", ".join(_VERDICTS))
        found[int(number[1]) if number else 0] = _VERDICTS[item.text()]
    if not found:
        raise block.error("no verdict is expected", "name at least one, as `chung: đạt`")
    return found


def _texts(item: Item | None, none: str = "") -> tuple[str, ...] | None:
    if item is None:
        return None
    if none and item.is_scalar and item.text() == none:
        return ()
    return tuple(part.text() for part in item.items())


def _day(item: Item | None) -> dt.date | None:
    if item is None:
        return None
    try:
        return dt.datetime.strptime(item.text(), "%d/%m/%Y").date()  # noqa: DTZ007 - a day has no zone
    except ValueError:
        raise item.error(f"{item.text()!r} is not a day", "write it as dd/mm/yyyy") from None
