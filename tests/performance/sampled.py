"""A service under a sampling profiler: ``python -m tests.performance.sampled OUTPUT SERVICE``.

A signal each 2 ms of the process's CPU time notes where it is; that costs little and distorts nothing, unlike tracing each call.
What is written at the end: CPU and wall time between the first and last sample, then functions by own and by inclusive share.
"""

from __future__ import annotations

import atexit
import os
import runpy
import signal
import sys
import time
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType

INTERVAL = 0.002
SHOWN = 40


class Sampler:
    def __init__(self, output: Path) -> None:
        self.output = output
        self.own: Counter[str] = Counter()
        self.inclusive: Counter[str] = Counter()
        self.samples = 0
        self.first: tuple[float, float] | None = None
        self.last = (0.0, 0.0)
        self.names: dict[CodeType, str] = {}

    def start(self) -> None:
        signal.signal(signal.SIGPROF, self.sample)
        signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
        atexit.register(self.write)

    def sample(self, number: int, frame: FrameType | None) -> None:
        self.last = (time.perf_counter(), time.process_time())
        self.first = self.first or self.last
        self.samples += 1
        if frame is not None:
            self.own[self.name(frame.f_code)] += 1
        seen: set[str] = set()
        while frame is not None:
            seen.add(self.name(frame.f_code))
            frame = frame.f_back
        self.inclusive.update(seen)

    def name(self, code: CodeType) -> str:
        known = self.names.get(code)
        if known is None:
            path = Path(code.co_filename)
            known = self.names[code] = f"{'/'.join(path.parts[-3:])}:{code.co_qualname}"
        return known

    def write(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        if self.first is None:
            return
        wall, cpu = self.last[0] - self.first[0], self.last[1] - self.first[1]
        lines = [f"{self.samples} samples, {cpu:.1f} s of CPU in {wall:.1f} s ({cpu / wall:.0%} of one core)" if wall else ""]
        for title, counts in (("own time", self.own), ("with what it calls", self.inclusive)):
            lines += ["", title]
            lines += [f"{count / self.samples:7.1%}  {name}" for name, count in counts.most_common(SHOWN)]
        self.output.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    sampler = Sampler(Path(sys.argv[1]))
    sys.argv[1:] = sys.argv[2:]
    sampler.start()
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    runpy.run_module("shared.runner", run_name="__main__", alter_sys=True)
