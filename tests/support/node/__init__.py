"""Node.js as other systems use it: packages pinned by the lock file here, installed once into ``.namtot/node``."""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
FILES = ("package.json", "package-lock.json")


@cache
def folder() -> Path:
    """Where the packages are. Skip the test, saying why, where Node.js or the packages cannot be had."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed: install Node.js 18 or newer")
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in FILES)).hexdigest()[:16]
    home = ROOT / ".namtot" / "node" / digest
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (home / "done").exists():
            for name in FILES:
                shutil.copy(HERE / name, home)
            # no scripts: a package has no business running anything here
            quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            ran = subprocess.run(["npm", "ci", *quiet], cwd=home, capture_output=True, text=True, timeout=280)
            if ran.returncode:
                pytest.skip(f"npm could not install the packages (no network?): {ran.stderr.strip()[:500]}")
            (home / "done").touch()
    return home


def run(script: str, *arguments: str, stdin: str = "") -> Any:
    """Run one of the scripts beside this file; its standard output as JSON."""
    home = folder()
    # a script finds its packages beside itself
    shutil.copy(HERE / script, home)
    ran = subprocess.run(
        ["node", script, *arguments], cwd=home, input=stdin, capture_output=True, text=True, timeout=120
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
