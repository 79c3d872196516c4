"""How many rows of a mediation log in Excel are read and checked a second, by ``shared.registers``; beside bare iteration of the
same workbook by calamine, which is the ceiling, and by openpyxl in its read-only mode.

Each is a process of its own, imports left out of the time; resident memory is that of the reading process at its peak.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl

from tests.performance.report import Say
from tests.performance.sizes import Sizes
from tests.performance.world import ROOT

HEADING = (
    "STT", "Ngày nhận", "Tổ hòa giải", "Hòa giải viên", "Các bên", "Nội dung", "Thỏa thuận", "Thành", "Không thành", "Ghi chú",
)
_READ = """
import datetime as dt, json, resource, sys, time
from pathlib import Path
from shared import registers
from shared.registers.people import References
world = registers.World(source="https://so.example/so", unit="00118", unit_name="Bồ Đề", valid_from="2005-01-01",
                        on=dt.date(2024, 12, 31), today=dt.date(2024, 12, 31), references=References(b"k" * 96))
began = time.perf_counter()
items = [len(item.events) for item in registers.read(Path(sys.argv[1]), world).items() if isinstance(item, registers.Good)]
seconds = time.perf_counter() - began
mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"rows": sum(items), "seconds": seconds, "mib": mib}))
"""
_BARE = """
import json, sys, time
import python_calamine
began = time.perf_counter()
book = python_calamine.load_workbook(sys.argv[1])
rows = sum(1 for name in book.sheet_names for _ in book.get_sheet_by_name(name).iter_rows()) - 2
print(json.dumps({"rows": rows, "seconds": time.perf_counter() - began}))
"""
_OPENPYXL = """
import json, sys, time
import openpyxl
began = time.perf_counter()
book = openpyxl.load_workbook(sys.argv[1], read_only=True)
rows = sum(1 for sheet in book for _ in sheet.iter_rows(values_only=True)) - 2
print(json.dumps({"rows": rows, "seconds": time.perf_counter() - began}))
"""


@dataclass(kw_only=True)
class Registers:
    """Rows a second by round; ``share``: of the ceiling; ``vs_openpyxl``: of what openpyxl only iterates."""

    rows: int
    rate: list[float] = field(default_factory=list)
    share: list[float] = field(default_factory=list)
    vs_openpyxl: list[float] = field(default_factory=list)
    mib: list[float] = field(default_factory=list)


def measure(sizes: Sizes, say: Say) -> Registers:
    found = Registers(rows=sizes.register_rows)
    with tempfile.TemporaryDirectory() as home:
        book = Path(home) / "so.xlsx"
        _write(book, sizes.register_rows)
        for _ in range(sizes.rebuild_rounds):
            bare, slow, own = (_run(code, book, sizes.register_rows) for code in (_BARE, _OPENPYXL, _READ))
            found.rate.append(own["rows"] / own["seconds"])
            found.share.append(bare["seconds"] / own["seconds"])
            found.vs_openpyxl.append(slow["seconds"] / own["seconds"])
            found.mib.append(own["mib"])
            say(f"{sizes.register_rows:,} rows of a log read and checked in {own['seconds']:.1f} s "
                f"({found.rate[-1]:,.0f} rows/s, {own['mib']:.0f} MiB); "
                f"bare reading takes {bare['seconds']:.1f} s, openpyxl's {slow['seconds']:.1f} s")
    return found


def _write(path: Path, rows: int) -> None:
    chance = random.Random(1)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sổ")
    sheet.append(["SỔ THEO DÕI HOẠT ĐỘNG HÒA GIẢI Ở CƠ SỞ"])
    sheet.append(HEADING)
    for number in range(1, rows + 1):
        day = dt.date(2024, 1, 1) + dt.timedelta(days=chance.randrange(300))
        settled = number % 9 != 0
        sheet.append([
            number, f"{day:%d/%m/%Y}", f"Tổ hòa giải TDP số {chance.randrange(60)}",
            chance.choice(["Nguyễn Văn An", "Trần Thị Bình"]),
            f"Nguyễn Văn A{number} (sinh 1970, địa chỉ: ngõ {number}); Trần Thị B{number}",
            f"Tranh chấp ngõ đi chung giữa hai hộ liền kề, vụ {number}", f"Hai bên thống nhất để lối đi rộng 2 m ({number})",
            "x" if settled else None, None if settled else "x", None,
        ])
    book.save(path)


def _run(code: str, book: Path, rows: int) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-c", code, str(book)], cwd=ROOT, env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        capture_output=True, text=True, check=False,
    )
    if done.returncode:
        raise RuntimeError(f"reading ended with {done.returncode}: {done.stderr[-2000:]}")
    answer: dict[str, float] = json.loads(done.stdout)
    if answer["rows"] != rows:
        raise RuntimeError(f"of {rows} rows {answer['rows']} were read")
    return answer
