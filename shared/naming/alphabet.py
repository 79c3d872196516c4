"""Vietnamese alphabetical order: a ă â b c d đ e ê …, then the tone (ngang, huyền, hỏi, ngã, sắc, nặng), then capitals. Numbers
by their value, so that "Tổ 2" stands before "Tổ 10".

Order of letters and tones as in Vietnamese dictionaries (Hoàng Phê, Từ điển tiếng Việt).
"""

from __future__ import annotations

import re
import unicodedata

_LETTERS = {letter: rank for rank, letter in enumerate("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")}
_TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}
_SHAPES = {"\u0306", "\u0302", "\u031b"}
_PIECE = re.compile(r"[0-9]{1,18}|[^0-9]")

Key = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]


def order(text: str) -> Key:
    """A key to sort by. Word by word: a space comes before every letter."""
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for piece in _PIECE.findall(_letters_with_tones(text.casefold())):
        if piece[0] in "0123456789":
            letters.append((1, int(piece)))
            tones.append(0)
        elif piece in _TONES:
            if tones:
                tones[-1] = _TONES[piece]
        elif piece in _LETTERS:
            letters.append((2, _LETTERS[piece]))
            tones.append(0)
        elif piece.isspace():
            letters.append((0, 0))
            tones.append(0)
        else:
            letters.append((3, ord(piece)))
            tones.append(0)
    return tuple(letters), tuple(tones), text


def _letters_with_tones(text: str) -> str:
    """Letters in one piece with their shape (ă, ơ), each followed by its tone mark."""
    out: list[str] = []
    for mark in unicodedata.normalize("NFD", text):
        if mark in _SHAPES and out:
            # the tone may stand between letter and shape
            at = len(out) - 1
            while at > 0 and out[at] in _TONES:
                at -= 1
            out[at] = unicodedata.normalize("NFC", out[at] + mark)
        else:
            out.append(mark)
    return "".join(out)
