"""Does it slow down when much is stored? The same events on a database with few cases and on one with many, in turn."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from services.intake.domain.inspection import Accepted, inspect
from services.intake.domain.record import fold
from services.intake.store import prepare
from services.intake.store.writing import log_document, record_document
from shared.contracts import STRUCTURED, moment
from shared.privacy import SALT_BYTES, Cipher, commitment
from shared.settings import load
from shared.storage import utc_now
from tests.performance import workload
from tests.performance.drain import measure
from tests.performance.report import Say
from tests.performance.sides import Side
from tests.performance.sizes import Sizes
from tests.performance.world import Room, World

CHUNK = 5_000
SEALED = 500
"""Private parts encrypted for the stored cases; their ciphertexts are used in turn, for they are never read here."""
Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Volume:
    few: list[float]
    many: list[float]

    def losses(self) -> list[float]:
        """Percent slower with many than with few stored cases, round by round; negative where it was faster."""
        return [100 * (1 - many / few) for few, many in zip(self.few, self.many, strict=True)]


def compare(world: World, side: Side, sizes: Sizes, say: Say) -> Volume:
    volume = Volume(few=[], many=[])
    with world.room() as large:
        stock(large, sizes.many, say)
        for number in range(-sizes.warm_ups, sizes.volume_rounds):
            bodies = workload.lives(f"volume{number}", sizes.volume_events)
            with world.room() as small:
                stock(small, sizes.few, lambda _: None)
                few = measure(small, side, bodies, already=sizes.few).rate
            many = measure(large, side, bodies, already=large.db["log"].estimated_document_count()).rate
            say(f"{sizes.few:,} cases stored: {few:,.0f} events/s; {sizes.many:,} stored: {many:,.0f} events/s")
            if number >= 0:
                volume.few.append(few)
                volume.many.append(many)
    return volume


def stock(room: Room, cases: int, say: Say) -> None:
    """Fill a database with reported cases, as intake would have written them; CASES_PER_TEAM cases to a team."""
    prepare(room.db)
    settings = load(room.environ)
    cipher = Cipher(room.client, settings, room.db.name)
    cipher.prepare()
    now = utc_now()
    sealed = [_seal(cipher, n, f"{now:%Y-%m}") for n in range(min(cases, SEALED))]
    for start in range(0, cases, CHUNK):
        log, records, vault = [], [], []
        for case in range(start, min(start + CHUNK, cases)):
            read = _read(case)
            log.append(log_document(read, now, commitment(b"", read.private)))
            records.append(record_document(read.record, read.subject, 1, fold([read.entry]), now))
            vault.append({"_id": read.entry.key, "period": f"{now:%Y-%m}", "sealed": sealed[case % len(sealed)]})
        for name, documents in (("log", log), ("records", records), ("vault", vault)):
            room.db[name].insert_many(documents, ordered=False)
        if (start // CHUNK) % 20 == 19:
            say(f"{start + CHUNK:,} of {cases:,} cases stored")
    cipher.close()
    # what is measured next should not pay for writing this to disk
    room.client.admin.command("fsync")


def _read(case: int) -> Accepted:
    at = moment(utc_now())
    read = inspect(
        workload.reported("stock", case), STRUCTURED, {}, now=at, limit=at, max_body=10**6, allowed=lambda source, type: True
    )
    if not isinstance(read, Accepted):
        raise TypeError(str(read.refusal))
    return read


def _seal(cipher: Cipher, number: int, period: str) -> Any:
    return cipher.encrypt(os.urandom(SALT_BYTES) + _read(number).private, period)
