"""Team codes: ``HG-`` and eight characters that can be read out on the telephone.

The characters are Crockford's base 32 (no I, L, O, U; https://www.crockford.com/base32.html). Seven carry 35
bits of a SHA-256; the eighth is a check over GF(32) that finds every single wrong character and every two
that changed places.
"""

from __future__ import annotations

import hashlib

PREFIX = "HG-"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUE = {c: i for i, c in enumerate(_ALPHABET)}
_MISREAD = str.maketrans("ILO", "110")


def make_code(*parts: str, candidate: int = 0) -> str:
    """The code that these parts lead to. ``candidate``: 0, then 1, 2 … while the code belongs to another
    team."""
    digest = hashlib.sha256("\x00".join((*parts, str(candidate))).encode()).digest()
    bits = int.from_bytes(digest[:5], "big") >> 5
    values = [(bits >> (5 * i)) & 31 for i in reversed(range(7))]
    return PREFIX + "".join(_ALPHABET[v] for v in (*values, _check(values)))


def read_code(text: str) -> str | None:
    """The code in capitals, with I, L and O read as 1, 1 and 0; None if it has another form or its check
    fails."""
    body = "".join(text.split()).upper().removeprefix("HG").replace("-", "").translate(_MISREAD)
    if not text.strip().upper().startswith("HG") or len(body) != 8 or any(c not in _VALUE for c in body):
        return None
    values = [_VALUE[c] for c in body]
    return PREFIX + body if _check(values[:7]) == values[7] else None


def _check(values: list[int]) -> int:
    """Sum of value × x^position in GF(2^5), modulus x^5 + x^2 + 1; the check's own factor is 1."""
    total = 0
    for value in values:
        total = _times_x(total ^ value)
    return total


def _times_x(value: int) -> int:
    doubled = value << 1
    return (doubled ^ 0b100101) if doubled & 32 else doubled
