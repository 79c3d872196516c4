"""The command: measures, shows a table, writes ``.namtot/bench.json``."""

from __future__ import annotations

import argparse
import json
import sys
import time
import warnings
from pathlib import Path

from rich.console import Console

from tests.performance import table
from tests.performance.run import PARTS, run
from tests.performance.sizes import FULL, QUICK
from tests.performance.world import ROOT

HOME = ROOT / ".namtot"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.performance", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print the figures as JSON on standard output")
    parser.add_argument("--quick", action="store_true", help="just see that it works: the figures mean nothing")
    parser.add_argument("--only", choices=PARTS, help="measure one part; .namtot/bench.json is then left as it is")
    parser.add_argument("--out", type=Path, help="where to write the figures instead of .namtot/bench.json")
    given = parser.parse_args(arguments)
    progress = Console(stderr=True)
    began = time.monotonic()

    def say(line: str) -> None:
        progress.print(f"[dim]{time.monotonic() - began:6.0f} s[/dim]  {line}", highlight=False)

    figures = run(QUICK if given.quick else FULL, (given.only,) if given.only else PARTS, HOME, say)
    path = given.out or HOME / _file(given.only, given.quick)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n")
    if given.json:
        sys.stdout.write(path.read_text())
    else:
        table.show(figures, Console())
    say(f"written to {path}")
    return 0


def _file(only: str | None, quick: bool) -> str:
    return "-".join(["bench", *([only] if only else []), *(["quick"] if quick else [])]) + ".json"


if __name__ == "__main__":
    warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
    sys.exit(main())
