"""Registers in Excel, as communes keep them, and the events that they come to.

    world = World(source=…, unit="00118", unit_name=…, valid_from=…, on=day, today=day, references=References.from_file(key))
    reading = read(path, world)                 raise RegisterError
    reading.questions, reading.items()          see ``reading``
    write_back(path, out, bad, lang="vi")       a copy with the reasons beside the rows that were not taken in
    write_template("log", out)                  a workbook to fill

    known = Known(reading.world)                what intake has of this source already: see ``changes``

Nothing here talks to a server. Names and addresses of people go to ``data.private`` alone.
"""

from __future__ import annotations

from shared.registers.changes import Changed, Doubt, Known
from shared.registers.dates import Question
from shared.registers.errors import RegisterError, RowError, Words
from shared.registers.marking import write_back
from shared.registers.people import References
from shared.registers.reading import Bad, Good, Reading, read
from shared.registers.templates import write_template
from shared.registers.world import Event, World

KINDS = ("roster", "log", "documents", "attendance", "zero")

__all__ = [
    "KINDS", "Bad", "Changed", "Doubt", "Event", "Good", "Known", "Question", "Reading", "References", "RegisterError",
    "RowError", "Words", "World", "read", "write_back", "write_template",
]
