"""`make install` on a small project of the test's own: once, again, and when it cannot."""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "deploy" / "local"
NOWHERE = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "1", "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""}
PROJECT = """\
[build-system]
requires = ["setuptools"]
build-backend = "setuptools.build_meta"
[project]
name = "namtot"
version = "0"
[tool.setuptools]
py-modules = []
"""


class Small:
    """A checkout with nothing to install but itself."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "deploy" / "local").mkdir(parents=True)
        for name in ("bootstrap.sh", "bootstrap.py"):
            shutil.copy(HERE / name, root / "deploy" / "local")
        (root / "pyproject.toml").write_text(PROJECT)
        # a wheel that every venv of a newer Python lacks, and every older one has
        self.lock("setuptools\nwheel\n")

    def lock(self, text: str) -> None:
        (self.root / "requirements.lock").write_text(text)

    def run(self, **environ: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["/bin/sh", "deploy/local/bootstrap.sh"], cwd=self.root, env={**os.environ, **environ}, capture_output=True,
            text=True, timeout=240, check=False,
        )

    @property
    def stamp(self) -> Path:
        return self.root / ".venv" / "namtot.stamp"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Small]:
    small = Small(tmp_path_factory.mktemp("small checkout"))
    first = small.run()
    if first.returncode and "network" in first.stderr:
        pytest.skip("the package index is away")
    assert first.returncode == 0, first.stderr
    yield small
    shutil.rmtree(small.root)


def test_the_first_run_makes_a_venv_with_the_project_in_it(made: Small) -> None:
    python = made.root / ".venv" / "bin" / "python"
    ran = subprocess.run(
        [python, "-c", "import importlib.metadata as m; print(m.version('namtot'))"], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "0\n"
    assert made.stamp.exists()


def test_the_second_run_does_nothing_and_needs_no_network(made: Small) -> None:
    before = made.stamp.stat().st_mtime_ns
    again = made.run(**NOWHERE)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")
    assert made.stamp.stat().st_mtime_ns == before


def test_without_network_one_sentence_says_so_and_the_next_run_tries_again(made: Small) -> None:
    made.lock("setuptools\nwheel\nsome-package==1.0\n")
    try:
        for _ in range(2):
            failed = made.run(**NOWHERE)
            assert failed.returncode == 1
            last = failed.stderr.splitlines()[-1]
            assert last == (
                "The network (or the package index) is away while installing the libraries: try again when it is back."
            )
            assert "Traceback" not in failed.stderr
    finally:
        made.lock("setuptools\nwheel\n")
    assert made.run().returncode == 0


def test_a_broken_venv_is_made_anew(made: Small) -> None:
    python = made.root / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3.11")
    ran = made.run()
    assert ran.returncode == 0, ran.stderr
    assert "Making .venv with Python" in ran.stderr
    assert subprocess.run([python, "-c", ""], check=False).returncode == 0


def test_no_python_at_all(tmp_path: Path) -> None:
    small = Small(tmp_path / "checkout")
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "dirname").symlink_to(shutil.which("dirname") or "/usr/bin/dirname")
    old = tools / "python3"
    old.write_text("#!/bin/sh\nexit 1\n")  # says no when asked whether it is new enough
    old.chmod(0o755)
    ran = small.run(PATH=str(tools))
    assert ran.returncode == 1
    assert ran.stderr.startswith("namtot needs Python 3.11 or newer and finds none: install it")
    assert ran.stderr.count("\n") == 1


# -- inside the script


@pytest.fixture
def bootstrap() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bootstrap", HERE / "bootstrap.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_python_without_venv_and_without_root(bootstrap: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian's python3 without python3-venv."""
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(bootstrap.CannotInstall) as error:
        bootstrap.have_venv_module()
    version = f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert f"sudo apt-get install -y python{version}-venv`, then try again." in str(error.value)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "The disk is full"),
        ("WARNING: Retrying after NewConnectionError('...')", "The network (or the package index) is away"),
        ("ERROR: Package requires a different Python", "ERROR: Package requires a different Python"),
    ],
)
def test_what_pip_fails_at_is_told(bootstrap: ModuleType, said: str, told: str) -> None:
    with pytest.raises(bootstrap.CannotInstall) as error:
        bootstrap.run([sys.executable, "-c", f"import sys; print({said!r}); sys.exit(1)"], "installing the libraries")
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_make_help_names_every_target() -> None:
    shown = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in ("demo", "test", "up", "down", "bench", "lint", "help"):
        assert f"make {target} " in shown
