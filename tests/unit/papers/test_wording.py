"""Days, amounts, counts and rates as official papers write them."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.papers import wording
from shared.papers.numerals import DIGITS, in_words


@pytest.mark.parametrize(("number", "words"), [
    (0, "không"),
    (1, "một"),
    (5, "năm"),
    (10, "mười"),
    (11, "mười một"),
    (15, "mười lăm"),
    (21, "hai mươi mốt"),
    (24, "hai mươi tư"),
    (25, "hai mươi lăm"),
    (50, "năm mươi"),
    (100, "một trăm"),
    (101, "một trăm linh một"),
    (104, "một trăm linh bốn"),
    (105, "một trăm linh năm"),
    (110, "một trăm mười"),
    (115, "một trăm mười lăm"),
    (1_000, "một nghìn"),
    (1_001, "một nghìn không trăm linh một"),
    (702_000, "bảy trăm linh hai nghìn"),
    (1_404_000, "một triệu bốn trăm linh bốn nghìn"),
    (1_518_000, "một triệu năm trăm mười tám nghìn"),
    (2_340_000, "hai triệu ba trăm bốn mươi nghìn"),
    (21_000_005, "hai mươi mốt triệu không trăm linh năm"),
    (1_000_000_000, "một tỷ"),
    (5_000_001_000, "năm tỷ không trăm linh một nghìn"),
    (1_234_567_890, "một tỷ hai trăm ba mươi tư triệu năm trăm sáu mươi bảy nghìn tám trăm chín mươi"),
])
def test_a_number_in_words(number: int, words: str) -> None:
    assert in_words(number) == words


VALUES = {**{word: value for value, word in enumerate(DIGITS)}, "mốt": 1, "tư": 4, "lăm": 5}


def heard(words: str) -> int:
    """The number again, by the rules of speech and not by those that wrote it."""
    total = billions = group = digit = 0
    for word in words.split():
        match word:
            case "tỷ":
                total, billions, group, digit = 0, (billions + total + group + digit) * 10**9, 0, 0
            case "triệu" | "nghìn":
                total, group, digit = total + (group + digit) * (10**6 if word == "triệu" else 1000), 0, 0
            case "trăm":
                group, digit = digit * 100, 0
            case "mươi":
                group, digit = group + digit * 10, 0
            case "mười":
                group, digit = group + 10, 0
            case "linh":
                digit = 0
            case _:
                digit = VALUES[word]
    return billions + total + group + digit


@given(st.integers(0, 10**12) | st.sampled_from([10**k + d for k in range(12) for d in (-1, 0, 1, 5)]))
def test_the_words_say_the_number(number: int) -> None:
    assert heard(in_words(number)) == number


def test_less_than_nothing_has_no_words() -> None:
    with pytest.raises(ValueError, match="-1 is below 0"):
        in_words(-1)


@pytest.mark.parametrize(("day", "long", "short"), [
    (dt.date(2024, 12, 5), "ngày 05 tháng 12 năm 2024", "05/12/2024"),
    (dt.date(2025, 2, 28), "ngày 28 tháng 02 năm 2025", "28/02/2025"),
    (dt.date(2025, 3, 1), "ngày 01 tháng 3 năm 2025", "01/03/2025"),
])
def test_days(day: dt.date, long: str, short: str) -> None:
    assert (wording.day(day), wording.day_short(day)) == (long, short)


def test_amounts() -> None:
    assert wording.money(1_404_000) == "1.404.000 đồng"
    assert wording.money_words(1_404_000) == "Một triệu bốn trăm linh bốn nghìn đồng"
    assert wording.money_words(0) == "Không đồng"


@pytest.mark.parametrize(("share", "shown"), [
    ((11, 13), "84,615%"), ((17, 20), "85%"), ((6, 6), "100%"), ((0, 4), "0%"), ((0, 0), "không phát sinh"),
    ((84_999_9, 100_000_0), "84,999%"), ((5, 6), "83,333%"), ((1, 8), "12,5%"),
])
def test_rates_never_round_up(share: tuple[int, int], shown: str) -> None:
    assert wording.share(share) == shown


@given(st.integers(0, 10_000), st.integers(1, 10_000))
def test_no_rate_shows_more_than_it_is(part: int, whole: int) -> None:
    shown = Fraction(wording.share((part, whole)).rstrip("%").replace(".", "").replace(",", ".")) / 100
    assert 0 <= Fraction(part, whole) - shown < Fraction(1, 100_000)


@pytest.mark.parametrize(("name", "unit", "place"), [
    ("Phường Bồ Đề", "phường Bồ Đề", "Bồ Đề"), ("Xã Gia Lâm", "xã Gia Lâm", "Gia Lâm"),
    ("Thượng Thanh", "Thượng Thanh", "Thượng Thanh"), ("THỊ TRẤN Yên Viên", "thị trấn Yên Viên", "Yên Viên"),
])
def test_units(name: str, unit: str, place: str) -> None:
    assert (wording.unit(name), wording.place(name)) == (unit, place)


def test_nothing_known_is_dots_and_false() -> None:
    for write in (wording.text, wording.day, wording.day_short, wording.count, wording.money, wording.money_words, wording.share,
                  wording.share_exact, wording.unit, wording.place):
        written = write(None)  # type: ignore[operator]
        assert "…" in written and "None" not in written and not written, write.__name__


@pytest.mark.parametrize("blank", ["", "   ", "\x00\x07", "\u202e"])
def test_text_of_nothing_is_dots(blank: str) -> None:
    assert wording.text(blank) == wording.DOTS


@given(st.text())
def test_clean_text_fits_into_xml_and_stays_clean(raw: str) -> None:
    cleaned = wording.clean(raw)
    assert wording.clean(cleaned) == cleaned
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\r\ufffe\uffff\u202a-\u202e]", cleaned)
