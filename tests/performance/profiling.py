"""Why a goal was missed: where the CPU time of intake goes while it works off a backlog."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.performance import workload
from tests.performance.drain import measure
from tests.performance.sides import Side
from tests.performance.sizes import Sizes
from tests.performance.world import Room, World


def profile(world: World, side: Side, sizes: Sizes, output: Path, reasons: list[str]) -> None:
    """Write ``output``: the missed goals, then the profile of one run."""
    samples = output.with_suffix(".samples")

    def start(room: Room, batch: int) -> None:
        room.launch("sampled", ["-m", "tests.performance.sampled", str(samples), "intake"], NAMTOT_BATCH=str(batch))

    with world.room() as room:
        drained = measure(room, replace(side, start=start), workload.lives("profile", sizes.batched), gently=True)
    lines = [*reasons, f"intake under the sampler: {drained.rate:,.0f} events/s, batch {side.setting}", "", samples.read_text()]
    output.write_text("\n".join(lines))
    samples.unlink()
