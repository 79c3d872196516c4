"""Whole numbers in Vietnamese words, as an amount is repeated in a decision: 1.404.000 is "một triệu bốn trăm linh bốn nghìn".

Northern forms: "linh", "nghìn". Own code: the library for it (num2words 0.5.14) says "lẻ", and "hai mươi mốt triệu lẻ năm" where
"không trăm linh năm" belongs.
"""

from __future__ import annotations

DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
GROUPS = ("", "nghìn", "triệu")
BILLION = 10**9


def in_words(number: int) -> str:
    """Raise ``ValueError`` below 0: no paper awards less than nothing."""
    if number < 0:
        raise ValueError(f"{number} is below 0")
    return " ".join(_words(number, leading=True)) if number else DIGITS[0]


def _words(number: int, leading: bool) -> list[str]:
    """``leading``: nothing stands before it, so that its zeros are not said."""
    above, below = divmod(number, BILLION)
    words: list[str] = []
    if above:
        words = [*_words(above, leading), "tỷ"]
        leading = False
    for power in (2, 1, 0):
        three = below // 1000**power % 1000
        if three:
            words += [*_three(three, leading), GROUPS[power]] if power else _three(three, leading)
            leading = False
    return words


def _three(number: int, leading: bool) -> list[str]:
    """1 to 999; after something else, 5 is "không trăm linh năm"."""
    hundreds, rest = divmod(number, 100)
    words = [] if leading and not hundreds else [DIGITS[hundreds], "trăm"]
    tens, ones = divmod(rest, 10)
    if tens == 0:
        if ones and words:
            words.append("linh")
    elif tens == 1:
        words.append("mười")
    else:
        words += [DIGITS[tens], "mươi"]
    if ones:
        words.append(_ones(ones, tens))
    return words


def _ones(ones: int, tens: int) -> str:
    if ones == 5 and tens:
        return "lăm"
    if ones == 1 and tens > 1:
        return "mốt"
    if ones == 4 and tens > 1:
        return "tư"
    return DIGITS[ones]
