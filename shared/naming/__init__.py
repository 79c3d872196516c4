"""Names as people write them, and which team one means.

    fold_name("Tổ dân phố số 05")              "tdp 5": what equal names have in common
    spelling("Hoà Bình")                       the same with its marks, to tell apart names that fold alike
    read_code(" hg-4k7d92qx ")                 a team's code in its one form, or None
    alphabet.order("Tổ 10")                    a key to sort by, as Vietnamese dictionaries do and numbers by value
    TeamIndex(teams).resolve(place, on)        the team's code, or None: never a guess between two
"""

from __future__ import annotations

from shared.naming.codes import make_code, read_code
from shared.naming.fold import fold_name, spelling
from shared.naming.index import TeamIndex

__all__ = ["TeamIndex", "fold_name", "make_code", "read_code", "spelling"]
