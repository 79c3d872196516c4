"""Every kind of file that namtot reads, broken: it is read, or refused in one sentence that names the file; nothing else is
raised, and no text in it is ever run."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from services.directory.domain.law import read_law
from services.directory.domain.reorganising.expanding import expand
from services.directory.domain.reorganising.plan import read_plan
from services.directory.domain.reorganising.preview import preview
from services.evaluation.rules.commendation import load_commendation_rules
from services.evaluation.rules.examples import load_examples
from services.evaluation.rules.grounds import load_grounds
from services.evaluation.rules.loader import load_scheme
from services.evaluation.rules.payments import load_payment_rules
from services.evaluation.rules.procedure import load_procedure
from services.evaluation.rules.reports import load_book, load_estimates, load_form, load_regimes
from services.evaluation.rules.targets import load_targets
from services.intake.domain.case_life.loader import law_of
from services.notification.loading import RulesError as NotificationRulesError
from services.notification.loading import load_rules
from shared.people import file as people
from shared.privacy.access import policy
from shared.privacy.retention import retention
from shared.rulebooks import RulesError, read, read_text
from shared.settings import SettingsError
from shared.settings.sources import load_sources
from shared.simulation import bookmark
from tests.unit.directory.test_reorganising import district, known

SERVICES = Path(people.__file__).parents[2] / "services"
EVALUATION = SERVICES / "evaluation"
EXAMPLES = 6
"""Of each kind in one run; hypothesis takes others each time."""

UNHURRIED = settings(
    deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.generate],  # what is found is small already, and the large files take long to read
)

SOURCES = """\
unlisted: refuse
sources:
  - source: https://so.example/
    types: [case.*, document.delivered]
    contact: may@so.example
  - {source: "https://phuong.example/a"}
"""
PEOPLE = """\
people:
  - name: lan
    shown: Lê Thị Lan
    password: $argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$0000
    roles:
      - {role: justice_officer, unit: "00118", from: 2025-07-01, to: 2026-06-30}
      - {role: operator}
"""


ESTIMATES = """\
by: bode/02
rows:
  "00118": {"1": 3}
  total: {"1": 5, "2": 0}
"""
SENT = f'{{"lines": 1, "offset": 3, "head": "{hashlib.sha256(b"{}" + bytes([10])).hexdigest()}"}}'
CITY = known(district(1))
FORM = load_form(EVALUATION / "reports/form-12.yaml")


def plan(path: Path) -> None:
    """Read, and looked at over a city: what can be read can be shown."""
    found = read_plan(read_text(path), path.name)
    preview(found, CITY, expand(found, CITY))


def mark(path: Path) -> None:
    """``FILE.sent``, beside a file of events."""
    events = path.with_name(path.name.removesuffix(".sent"))
    events.write_bytes(b"{}\n{}\n")
    bookmark.load(events)


class Kind(NamedTuple):
    """``text``: of a good file; ``name``: what it is called; ``refuses``: the one error that a bad file gives."""

    load: Callable[[Path], Any]
    name: str
    text: str
    refuses: type[Exception]


def shipped(path: Path) -> tuple[str, str]:
    return path.name, path.read_text(encoding="utf-8")


KINDS = {
    "scheme": Kind(load_scheme, *shipped(EVALUATION / "schemes/hanoi-v2.yaml"), RulesError),
    "examples": Kind(load_examples, *shipped(EVALUATION / "schemes/hanoi-v1.examples.yaml"), RulesError),
    "procedure": Kind(load_procedure, *shipped(EVALUATION / "procedures/hanoi-1269.yaml"), RulesError),
    "commendation": Kind(load_commendation_rules, *shipped(EVALUATION / "commendations/vietnam.yaml"), RulesError),
    "targets": Kind(load_targets, *shipped(EVALUATION / "targets/hanoi.yaml"), RulesError),
    "case life": Kind(
        lambda path: law_of({path: read_text(path)}), *shipped(SERVICES / "intake/domain/case_life/luat-35-2013.yaml"),
        RulesError,
    ),
    "directory law": Kind(
        lambda path: read_law(read(path)), *shipped(SERVICES / "directory/domain/law/directory.yaml"), RulesError,
    ),
    "plan": Kind(plan, *shipped(SERVICES / "directory/plans/long-bien-2025.yaml"), RulesError),
    "payments": Kind(load_payment_rules, *shipped(EVALUATION / "payments/vietnam.yaml"), RulesError),
    "form": Kind(load_form, *shipped(EVALUATION / "reports/form-10.yaml"), RulesError),
    "log book": Kind(load_book, *shipped(EVALUATION / "reports/log-book.yaml"), RulesError),
    "regimes": Kind(load_regimes, *shipped(EVALUATION / "reports/regimes.yaml"), RulesError),
    "estimates": Kind(lambda path: load_estimates(path, FORM), "estimates.yaml", ESTIMATES, RulesError),
    "grounds": Kind(load_grounds, *shipped(EVALUATION / "papers/grounds.yaml"), RulesError),
    "access": Kind(policy, *shipped(SERVICES.parent / "shared/privacy/access.yaml"), RulesError),
    "retention": Kind(retention, *shipped(SERVICES.parent / "shared/privacy/retention.yaml"), RulesError),
    "bookmark": Kind(mark, "events.jsonl.sent", SENT, bookmark.BookmarkError),
    "notification": Kind(load_rules, *shipped(SERVICES / "notification/rules.yaml"), NotificationRulesError),
    "sources": Kind(lambda path: load_sources(str(path)), "sources.yaml", SOURCES, SettingsError),
    "people": Kind(people.read, "people.yaml", PEOPLE, people.PeopleError),
}

FRAGMENTS = (
    "", "null", "{}", "[]", "[[]]", "{a: {b: [c]}}", "-1", "1.5", "1e999", ".nan", ".inf", "9" * 40, "1/0", "0x1F", "12:30:45",
    "yes",
    "x", '""', '"\\0"', '"\\ud800"', '"\\u202e"', "2024-02-30", "2199-12-31", "0000-00-00", "2024-01-01T99:00:00", "ộ" * 5_000,
    "{a: 1, a: 2}", "{? [a] : b}", "{1: 2, null: 3}", "{<<: 1}", "&a [*a]", "&b {c: *b}", "*nobody", "[" * 1_000,
    "[" * 300 + "]" * 300,
    "!!binary x", "!!timestamp x", "!!set {a}", "!!int x", "!!float x", "!!null x", "!!python/object/apply:os.system [exit 1]",
    "\t", "- a\n  - b", "'", "#", "%TAG", "---", "...",
)


class Span(NamedTuple):
    first: int
    last: int


def spans(node: yaml.Node | None) -> list[Span]:
    """Where each value and each key of a text stands."""
    if node is None:
        return []
    found = [Span(node.start_mark.index, node.end_mark.index)]
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            found += [*spans(key), *spans(value)]
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            found += spans(item)
    return found


SPANS = {name: spans(yaml.compose(kind.text, Loader=yaml.SafeLoader)) for name, kind in KINDS.items()}


def attempt(kind: Kind, content: bytes, directory: Path) -> str | None:
    """What the reader says against such a file, None if it takes it. Anything else that it raises fails the test."""
    path = directory / kind.name
    path.write_bytes(content)
    depth = sys.getrecursionlimit()
    try:
        kind.load(path)
    except kind.refuses as error:
        said = str(error)
        assert kind.name in said and len(said) > len(kind.name) + 10, said
        assert len(said) < 2_000, "a sentence, not the file"
        said.encode("utf-8", "strict")
        return said
    finally:
        assert sys.getrecursionlimit() == depth
    return None


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_good_file_is_read(kind: str, tmp_path: Path) -> None:
    assert attempt(KINDS[kind], KINDS[kind].text.encode(), tmp_path) is None


@settings(UNHURRIED, max_examples=EXAMPLES)
@given(data=st.data())
def test_a_value_replaced(kind: str, tmp_path: Path, data: st.DataObject) -> None:
    one = KINDS[kind]
    span = data.draw(st.sampled_from(SPANS[kind]))
    fragment = data.draw(st.sampled_from(FRAGMENTS))
    attempt(one, (one.text[:span.first] + fragment + one.text[span.last:]).encode("utf-8", "surrogatepass"), tmp_path)


@settings(UNHURRIED, max_examples=EXAMPLES // 2)
@given(data=st.data())
def test_bytes_damaged(kind: str, tmp_path: Path, data: st.DataObject) -> None:
    one = KINDS[kind]
    content = bytearray(one.text.encode())
    at = data.draw(st.integers(0, len(content) - 1))
    how = data.draw(st.sampled_from(("cut", "insert", "put")))
    if how == "cut":
        del content[at:]
    elif how == "put":
        content[at] = data.draw(st.integers(0, 255))
    else:
        content[at:at] = data.draw(st.binary(min_size=1, max_size=8))
    attempt(one, bytes(content), tmp_path)


@pytest.mark.parametrize("content", [b"", b"\0", b"\xff\xfe\x00", b"{", b"[]", b"a", b"- a", b"{}", b"a: &a [*a]", b"\x85\xa0"])
def test_something_else_altogether(kind: str, tmp_path: Path, content: bytes) -> None:
    attempt(KINDS[kind], content, tmp_path)
