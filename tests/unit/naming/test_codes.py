"""Team codes can be read out, typed back, and catch a slip."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from shared.naming import make_code, read_code
from shared.naming.codes import _ALPHABET, PREFIX

CODES = st.builds(make_code, st.text(max_size=20), st.text(max_size=20), candidate=st.integers(0, 50))


def test_a_code_is_deterministic_and_depends_on_every_part() -> None:
    assert make_code("urn:a", "tdp 5") == make_code("urn:a", "tdp 5")
    made = {
        make_code("urn:a", "tdp 5"),
        make_code("urn:a", "tdp 6"),
        make_code("urn:b", "tdp 5"),
        make_code("urn:a", "tdp 5", candidate=1),
    }
    assert len(made) == 4


@given(CODES)
def test_a_code_reads_back_from_any_typing(code: str) -> None:
    body = code.removeprefix(PREFIX)
    assert len(code) == 11
    for typed in (
        code,
        code.lower(),
        f" hg {body[:4]} {body[4:]} ",
        f"HG{body}",
        f"HG-{body[:4]}-{body[4:]}",
    ):
        assert read_code(typed) == code
    assert read_code(PREFIX + body.replace("0", "O").replace("1", "l")) == code


@given(CODES, st.integers(0, 7), st.sampled_from(_ALPHABET))
def test_one_wrong_character_is_found(code: str, at: int, other: str) -> None:
    body = list(code.removeprefix(PREFIX))
    if body[at] != other:
        body[at] = other
        assert read_code(PREFIX + "".join(body)) is None


@given(CODES, st.integers(0, 6))
def test_two_exchanged_characters_are_found(code: str, at: int) -> None:
    body = list(code.removeprefix(PREFIX))
    if body[at] != body[at + 1]:
        body[at], body[at + 1] = body[at + 1], body[at]
        assert read_code(PREFIX + "".join(body)) is None


@given(st.text(max_size=20))
def test_other_text_is_no_code(text: str) -> None:
    found = read_code(text)
    assert found is None or text.strip().upper().startswith("HG")
    assert read_code("Tổ hòa giải số 5") is None
