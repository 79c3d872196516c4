"""Reading rules files (dated YAML) strictly: an unknown key, a key that stands twice or a bad date is an error that names file,
line and remedy.

    block = read(path)                   # ``source``: blocks, items, their errors
    day = read_day(block.take("from"))   # ``scalars``: days, words of a list, marks
    block.finish()
"""

from __future__ import annotations

from shared.rulebooks.scalars import Mark, read_day, read_note, read_one_of, read_versions, read_whole, read_yes_no
from shared.rulebooks.source import Block, Item, RulesError, parsed, read, read_text

__all__ = [
    "Block", "Item", "Mark", "RulesError", "parsed", "read", "read_day", "read_note", "read_one_of", "read_text",
    "read_versions", "read_whole", "read_yes_no",
]
