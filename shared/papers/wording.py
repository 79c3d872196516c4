"""How an official paper writes days, amounts, counts and rates; and what stands where nothing is known: dots to write on.

Pure. Days are days in Asia/Ho_Chi_Minh.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from fractions import Fraction

from shared.papers.numerals import in_words


class Blank(str):
    """Dots to be filled in by hand. False in a template's ``{% if %}``, since nothing is known."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False


DOTS = Blank("……………………")
SHORT_DOTS = Blank("……")
PLACE_DOTS = Blank("…………")
NO_DAY = Blank("ngày …… tháng …… năm ……")
NO_DAY_SHORT = Blank("……/……/………")
NO_MONEY = Blank("……………… đồng")

# what XML 1.0 cannot hold, and marks that turn the direction of the text, which would show another text than the one stored
_UNFIT = re.compile(r"[^\t\n\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]|[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """``text`` in composed letters, with nothing in it that a document cannot hold."""
    return _UNFIT.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))).strip()


def text(value: str | None) -> str:
    return (value and clean(value)) or DOTS


def day(value: dt.date | None) -> str:
    """ "ngày 05 tháng 12 năm 2024": two digits for days below 10 and the first two months (NĐ 30/2020/NĐ-CP)."""
    if value is None:
        return NO_DAY
    month = f"{value.month:02d}" if value.month < 3 else str(value.month)
    return f"ngày {value.day:02d} tháng {month} năm {value.year}"


def day_short(value: dt.date | None) -> str:
    return NO_DAY_SHORT if value is None else f"{value.day:02d}/{value.month:02d}/{value.year}"


def count(value: int | None) -> str:
    return SHORT_DOTS if value is None else f"{value:,}".replace(",", ".")


def money(value: int | None) -> str:
    return NO_MONEY if value is None else f"{count(value)} đồng"


def money_words(value: int | None) -> str:
    """ "Một triệu bốn trăm linh bốn nghìn đồng"."""
    if value is None:
        return DOTS
    words = in_words(value)
    return f"{words[0].upper()}{words[1:]} đồng"


def share(value: tuple[int, int] | None) -> str:
    """ "84,615%": three decimals at most, cut off and never rounded up, so that what fails 85% does not read 85%."""
    if value is None:
        return SHORT_DOTS
    parts, whole = value
    if whole == 0:
        return "không phát sinh"
    thousandths = int(Fraction(parts, whole) * 100_000)
    number, rest = divmod(thousandths, 1000)
    decimals = f"{rest:03d}".rstrip("0")
    return f"{count(number)},{decimals}%" if decimals else f"{count(number)}%"


def share_exact(value: tuple[int, int] | None) -> str:
    return SHORT_DOTS if value is None else f"{count(value[0])}/{count(value[1])}"


KINDS_OF_UNIT = ("phường", "xã", "thị trấn", "đặc khu")


def unit(name: str | None) -> str:
    """ "Phường Bồ Đề" within a sentence: "phường Bồ Đề"."""
    if not name:
        return DOTS
    cleaned = clean(name)
    kind = next((kind for kind in KINDS_OF_UNIT if cleaned.casefold().startswith(f"{kind} ")), "")
    return kind + cleaned[len(kind):]


def place(name: str | None) -> str:
    """The name alone, as it stands before the date: "Bồ Đề"."""
    whole = unit(name)
    if not whole:
        return PLACE_DOTS
    kind = next((kind for kind in KINDS_OF_UNIT if whole.startswith(f"{kind} ")), "")
    return whole[len(kind):].strip()


def capitals(value: str) -> str:
    """In capitals; dots stay dots."""
    return value.upper() if value else value
