"""Golden examples: facts in words and the verdicts they must lead to, beside each scheme, for a jurist to read.

    bộ tiêu chí: hanoi-v2
    nền:                            # sets of facts to build on
      đủ hồ sơ: [câu, câu]
    ví dụ:
      - tên: …
        năm: 2024
        ngày xét: 20/11/2024        # the day on which it is judged; 31/12 of the year if left out
        thành lập: 01/01/2010       # when the team began; long ago if left out
        nền: đủ hồ sơ               # optional
        sự việc: [câu, câu]         # optional; see ``phrases``
        kết quả:                    # at least one; of the whole ("chung") or of a criterion ("tiêu chí 1")
          chung: chưa đạt
        giải thích: [một đoạn câu]  # optional: must occur in the explanation
        còn thiếu: [mã]             # optional: exactly these codes, or "không" for none
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from services.evaluation.domain.facts import (
    Attestation,
    Case,
    Coordination,
    Declaration,
    Delivery,
    Meeting,
    Payment,
    Team,
    TeamFacts,
    Training,
)
from services.evaluation.domain.judge import Judgement, judge, year_rules
from services.evaluation.domain.rules import Scheme
from services.evaluation.domain.tree import Node
from services.evaluation.domain.verdict import VERDICT_WORDS, Verdict
from services.evaluation.rules.phrases import TEAM, Fact, read_facts
from services.evaluation.rules.source import Block, Item, read

_VERDICTS = {vi.lower(): verdict for verdict, (vi, _) in VERDICT_WORDS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """``expected``: criterion number → verdict, 0 for the whole. ``line``: where it stands in the file."""

    name: str
    line: int
    year: int
    today: dt.date
    established: dt.date
    facts: tuple[Fact, ...]
    expected: dict[int, Verdict]
    said: tuple[str, ...]
    lacking: tuple[str, ...] | None


def load_examples(path: Path) -> tuple[str, list[Example]]:
    """The scheme's id and its examples. Raise ``RulesError``."""
    top = read(path)
    scheme = top.text("bộ tiêu chí")
    bases: dict[str, list[str]] = {}
    held = top.maybe("nền")
    if held is not None:
        block = held.block()
        for name in block.names():
            bases[name] = [item.text() for item in block.take(name).items()]
    examples = [_example(block, bases) for block in top.blocks("ví dụ")]
    top.finish()
    return scheme, examples


def check(example: Example, scheme: Scheme) -> list[str]:
    """What does not come out as expected, one sentence each; empty if all does."""
    rules = year_rules(scheme, example.year)
    if rules is None:
        return [f"{scheme.id} was not in force in {example.year}"]
    team = Team(code=TEAM, established=example.established)
    found = judge(rules, team, facts_of(example.facts), example.today)
    if found is None:
        return ["the team is not evaluated in that year"]
    return list(_differences(example, found))


def _differences(example: Example, found: Judgement) -> list[str]:
    nodes: dict[int, Node] = {0: found.tree, **dict(enumerate(found.tree.children, 1))}
    wrong = [
        f"{'chung' if number == 0 else f'tiêu chí {number}'}: expected {verdict}, "
        f"found {nodes[number].verdict}: {nodes[number].sentence.vi}"
        for number, verdict in example.expected.items() if nodes[number].verdict is not verdict
    ]
    text = "\n".join(_sentences(found.tree))
    wrong += [f"the explanation does not say {part!r}; it says:\n{text}" for part in example.said if part not in text]
    if example.lacking is not None and example.lacking != found.lacking:
        wrong.append(f"lacking: expected {example.lacking}, found {found.lacking}")
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


def _example(block: Block, bases: dict[str, list[str]]) -> Example:
    year_item = block.take("năm")
    if not re.fullmatch(r"\d{4}", year_item.text()):
        raise year_item.error(f"{year_item.text()!r} is not a year", "write it as 2024")
    year = int(year_item.text())
    sentences: list[str] = []
    base = block.maybe("nền")
    if base is not None:
        if base.text() not in bases:
            raise base.error(f"there is no base {base.text()!r}", "use one of: " + ", ".join(bases))
        sentences += bases[base.text()]
    own = block.maybe("sự việc")
    if own is not None:
        sentences += [item.text() for item in own.items()]
    try:
        facts = tuple(read_facts(sentences))
    except ValueError as error:
        raise (own or base or block.item).error(str(error), "write the sentence in one of these forms") from None
    example = Example(
        name=block.text("tên"), line=block.item.node.start_mark.line + 1, year=year,
        today=_day(block.maybe("ngày xét")) or dt.date(year, 12, 31),
        established=_day(block.maybe("thành lập")) or dt.date(2000, 1, 1),
        facts=facts, expected=_expected(block.block("kết quả")), said=_texts(block.maybe("giải thích")) or (),
        lacking=_texts(block.maybe("còn thiếu"), none="không"),
    )
    block.finish()
    return example


def _expected(block: Block) -> dict[int, Verdict]:
    found: dict[int, Verdict] = {}
    for name in block.names():
        item = block.take(name)
        number = re.fullmatch(r"tiêu chí ([1-9])", name)
        if name != "chung" and not number:
            raise item.error(f"{name!r} is not a criterion", "write `chung` or `tiêu chí 1`")
        if item.text() not in _VERDICTS:
            raise item.error(f"{item.text()!r} is not a verdict", "write one of: " + ", ".join(_VERDICTS))
        found[int(number[1]) if number else 0] = _VERDICTS[item.text()]
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
