"""One name, many spellings."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.naming import fold_name, spelling

WORDS = st.sampled_from(
    [
        "tổ",
        "dân",
        "phố",
        "số",
        "so",
        "TDP",
        "t",
        "d",
        "p",
        "hòa",
        "hoà",
        "giải",
        "khu",
        "phố",
        "Đê",
        "đường",
        "5",
        "05",
        "005",
        "0",
        "5A",
        "a",
        "12b",
        "№",
        "no",
        "thôn",
        "xóm",
        "T.D.P",
        "TDP05",
        "-",
        ",",
        ".",
        "Sen",
        "Sến",
        "Ngọc",
        "Lâm",
    ]
)
NAMES = st.one_of(
    st.text(max_size=40), st.lists(WORDS, max_size=8).map(" ".join), st.lists(WORDS, max_size=8).map("".join)
)


@pytest.mark.parametrize(
    "variants",
    [
        (
            "Tổ dân phố số 05",
            "TDP 5",
            "tổ 5",
            "T.D.P số 5",
            "TDP05",
            "tdp-5",
            "TỔ DÂN PHỐ SỐ 5",
            " Tổ  dân phố: 5 ",
            "Tổ số 5",
            "TDP №5",
        ),
        ("Tổ 5A", "tdp 05a", "TDP số 5 A", "Tổ dân phố 5-A"),
        ("Tổ hòa giải TDP số 5", "Tổ hoà giải tổ dân phố 05", "THG tổ 5", "TỔ HÒA GIẢI TDP 5"),
        ("Thôn Đông Đạo", "thôn đông đạo", "THON DONG DAO", "Thôn  Đông-Đạo"),
        ("Khu phố 3", "KP 3", "khu phố số 03"),
        ("Tổ dân phố Hoa Sen", "TDP Hoa Sen"),
    ],
)
def test_spellings_of_one_name_fold_alike(variants: tuple[str, ...]) -> None:
    assert {fold_name(v) for v in variants} == {fold_name(variants[0])}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("TDP 1, 2", "TDP 12"),
        ("TDP 5", "TDP 50"),
        ("TDP 5", "TDP 5A"),
        ("Thôn 5", "TDP 5"),
        ("Tổ hòa giải 5", "TDP 5"),
        ("Tổ Sen", "TDP Sen"),
        ("TDP 0", "TDP"),
    ],
)
def test_other_names_fold_otherwise(one: str, other: str) -> None:
    assert fold_name(one) != fold_name(other)


def test_spelling_tells_apart_what_folds_alike() -> None:
    assert fold_name("TDP Sen") == fold_name("TDP Sến")
    assert spelling("TDP Sen") != spelling("TDP Sến")
    assert spelling("Tổ dân phố Đê") != spelling("Tổ dân phố Dê")
    assert spelling("Tổ dân phố Hoà Bình") == spelling("TDP Hòa Bình") == spelling("tdp  hòa bình")


@given(NAMES)
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold_name(fold_name(name)) == fold_name(name)


@given(NAMES, st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_the_unicode_form_does_not_matter(name: str, form: str) -> None:
    assert fold_name(unicodedata.normalize(form, name)) == fold_name(name)  # type: ignore[arg-type]
    if form in ("NFC", "NFD"):
        assert spelling(unicodedata.normalize(form, name)) == spelling(name)  # type: ignore[arg-type]


@given(NAMES)
def test_capitals_and_spaces_do_not_matter(name: str) -> None:
    assert fold_name(f"  {name}\u00a0") == fold_name(name)
    assert fold_name(name.casefold()) == fold_name(name)


@given(st.lists(WORDS, min_size=1, max_size=8))
def test_vietnamese_capitals_do_not_matter(words: list[str]) -> None:
    assert fold_name(" ".join(words).upper()) == fold_name(" ".join(words))


@given(NAMES, NAMES)
def test_one_spelling_means_one_fold(one: str, other: str) -> None:
    if spelling(one) == spelling(other):
        assert fold_name(one) == fold_name(other)


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_numbers_never_merge(one: int, other: int) -> None:
    assert (fold_name(f"Tổ dân phố số {one:04d}") == fold_name(f"tổ {other}")) == (one == other)
