"""Folding a name to what its spellings have in common.

Registers write one residential group as "Tổ dân phố số 05", "TDP 5" or "tổ 5", with Đ or đ, with oà or òa,
composed (NFC) or decomposed (NFD), in capitals, with dots and double spaces. All of these fold alike; so do
names that differ in their marks only ("Sen", "Sến"), which is why whoever finds two candidates compares
``spelling`` next and asks a person if that does not decide.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

_TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}
"""Huyền, sắc, ngã, hỏi, nặng in decomposed text. The other marks (â, ă, ơ, ê, ô, ư) belong to the letter."""
_TOKEN = re.compile(r"\d+[^\W\d_](?![^\W\d_])|\d+|[^\W\d_]+")
"""A number, with one letter after it ("5A"), or a run of letters."""
_PHRASES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("to", "dan", "pho"), "tdp"),
    (("t", "d", "p"), "tdp"),
    (("to", "hoa", "giai"), "thg"),
    (("t", "h", "g"), "thg"),
    (("to", "hg"), "thg"),
    (("khu", "pho"), "kp"),
)
_NUMBER_WORDS = ("so", "no")


class _Word(NamedTuple):
    plain: str
    marked: str


@lru_cache(maxsize=65_536)
def fold_name(text: str) -> str:
    """The name without case, marks, punctuation, leading zeros and the word "số"; "tổ dân phố", "TDP" and
    "tổ" before a number are one word. "" if no letter or digit is in it. Folding twice changes nothing."""
    return " ".join(word.plain for word in _words(text))


@lru_cache(maxsize=65_536)
def spelling(text: str) -> str:
    """The same with the marks left on, each tone at the end of its syllable, so that "hoà" and "hòa" are one
    spelling."""
    return " ".join(word.marked for word in _words(text))


def _words(text: str) -> list[_Word]:
    return _with_numbers(_shortened(_tokens(text)))


def _tokens(text: str) -> list[_Word]:
    # Unicode's compatibility caseless matching: case folding and decomposing, twice, because each can undo
    # the other
    folded = unicodedata.normalize("NFD", text)
    for _ in range(2):
        folded = unicodedata.normalize("NFKD", folded.casefold())
    letters: list[str] = []
    marked: list[str] = []
    for c in folded:
        if unicodedata.category(c)[0] != "M":
            letters.append("d" if c == "đ" else c)
            marked.append(c)
        elif marked:
            marked[-1] += c
    found = _TOKEN.finditer("".join(letters))
    return [
        _Word(_unpadded(m.group()), _unpadded(_tone_last("".join(marked[m.start() : m.end()]))))
        for m in found
    ]


def _unpadded(token: str) -> str:
    return re.sub(r"^0+(?=\d)", "", token)


def _tone_last(token: str) -> str:
    tones = "".join(c for c in token if c in _TONES)
    return unicodedata.normalize("NFC", "".join(c for c in token if c not in _TONES)) + tones


def _shortened(tokens: list[_Word]) -> list[_Word]:
    words: list[_Word] = []
    at = 0
    while at < len(tokens):
        for phrase, short in _PHRASES:
            if tuple(word.plain for word in tokens[at : at + len(phrase)]) == phrase:
                words.append(_Word(short, short))
                at += len(phrase)
                break
        else:
            words.append(tokens[at])
            at += 1
    return words


def _with_numbers(words: list[_Word]) -> list[_Word]:
    """ "số" before a number goes, "tổ" before one is a tổ dân phố, and a single letter at the end belongs to
    its number."""
    out: list[_Word] = []
    for word in reversed(words):
        before_number = bool(out) and out[-1].plain[0].isdigit()
        if before_number and word.plain in _NUMBER_WORDS:
            continue
        out.append(_Word("tdp", "tdp") if before_number and word.plain == "to" else word)
    out.reverse()
    if len(out) > 1 and out[-2].plain.isdigit() and len(out[-1].plain) == 1 and out[-1].plain.isalpha():
        out[-2:] = [_Word(out[-2].plain + out[-1].plain, out[-2].marked + out[-1].marked)]
    return out
