"""Both languages say everything, and everything that the contract can name has a word."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from services.gateway import words
from services.gateway.pages.view import SCHEMES
from shared.contracts import CODES, TYPES, short
from shared.messaging import topology

WORDS = words.load()
ROOT = Path(words.__file__).parents[1]


def slots(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_sentences() -> None:
    assert WORDS.keys("vi") == WORDS.keys("en")


def test_both_languages_take_the_same_values() -> None:
    tables = {language: words._flat(ROOT / "words" / f"{language}.yaml") for language in words.LANGUAGES}
    assert {k: slots(v) for k, v in tables["vi"].items()} == {k: slots(v) for k, v in tables["en"].items()}


@pytest.mark.parametrize("name", sorted(TYPES))
def test_every_type_has_a_name(name: str) -> None:
    assert WORDS.has(f"type.{short(name).replace('.', '_')}")


def test_every_reason_has_a_name_and_advice_and_speaks_as_the_contract_does() -> None:
    for code, people in CODES.items():
        assert WORDS.say("vi", f"reason.{code}") == people
        assert WORDS.has(f"refusal.{code}")


def test_every_inbound_queue_and_scheme_has_a_name() -> None:
    for name in (topology.INTAKE, topology.INTAKE_URGENT, topology.INTAKE_DEAD):
        assert WORDS.has(f"queue.{name.replace('.', '_')}")
    for scheme in SCHEMES:
        assert WORDS.has(f"scheme.{scheme}")


def test_verdicts_are_the_words_of_the_law_and_nothing_else() -> None:
    assert [WORDS.say("vi", f"verdict.{v}") for v in ("met", "not_met", "not_enough_evidence")] == [
        "Đạt", "Chưa đạt", "Chưa đủ căn cứ"
    ]


def test_templates_and_code_ask_for_sentences_that_exist_and_none_is_idle() -> None:
    keys = WORDS.keys("vi")
    text = "\n".join(p.read_text() for p in [*ROOT.glob("templates/*.html"), *ROOT.rglob("*.py")])
    whole = set(re.findall(r"""(?:\bt|both|say)\(\s*(?:self\.language, )?"([a-z_-]+\.[a-z_.-]+)"\s*[,)]""", text))
    assert whole and whole <= keys, whole - keys
    # keys that are put together: what stands in quotes or an f-string before the variable part
    stems = re.findall(r"""["']([a-z_]+\.(?:[a-z_]+[._])?)["']\s*~|f["']([a-z_]+\.[a-z_]*)\{|word\(["']([a-z_]+)["']""", text)
    begins = tuple(joined or formatted or f"{group}." for joined, formatted, group in stems)
    idle = {key for key in keys - whole if not key.startswith(begins)}
    assert not idle, idle


def test_a_key_that_stands_twice_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "vi.yaml"
    path.write_text('a:\n  b: "1"\n  b: "2"\n')
    with pytest.raises(Exception, match="stands twice"):
        words._flat(path)
    path.write_text("a:\n  b: 12\n")
    with pytest.raises(ValueError, match=r"a\.b"):
        words._flat(path)
