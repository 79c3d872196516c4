"""The image: small, not root, without secrets, with all the files that the code reads."""

from __future__ import annotations

import fnmatch
import re
import stat
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from deploy import keys
from shared.privacy import MASTER_KEY_BYTES
from tests.unit.deploy.files import ROOT

DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def locked(path: Path) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9.-]+)==(\S+)$", path.read_text(), re.MULTILINE)
    return dict(found)


def required(lines: list[str]) -> set[str]:
    return {re.split(r"[\[<>=!;# ]", line)[0].lower().replace("_", "-") for line in lines}


def test_the_lock_holds_what_runs_and_nothing_else() -> None:
    image = locked(ROOT / "deploy" / "requirements.lock")
    assert required(PROJECT["dependencies"]) <= set(image)
    extras = required([line for extra in PROJECT["optional-dependencies"].values() for line in extra])
    for name in extras - {"httpx"}:  # FastAPI's own choice
        assert name not in image, name


def test_it_locks_what_the_tests_ran_with() -> None:
    everything = locked(ROOT / "requirements.lock")
    for name, version in locked(ROOT / "deploy" / "requirements.lock").items():
        assert everything.get(name) == version, f"{name}: run the command in deploy/requirements.lock again"


def test_locks_name_no_index() -> None:
    for path in (ROOT / "requirements.lock", ROOT / "deploy" / "requirements.lock"):
        assert "://" not in path.read_text(), path


def test_it_runs_as_somebody_without_rights() -> None:
    final = DOCKERFILE.rpartition("\nFROM ")[2]
    user = re.findall(r"^USER (\d+)$", final, re.MULTILINE)
    assert len(user) == 1 and int(user[0]) > 0
    assert f"--uid {user[0]}" in final and "WORKDIR /\n" in final
    assert DOCKERFILE.count("\nFROM ") == 2 and "AS build" in DOCKERFILE


def test_nothing_secret_is_copied_into_it() -> None:
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.MULTILINE)
    names = [name for line in copied for name in line.split()]
    assert set(names) == {"deploy/requirements.lock", "pyproject.toml", "README.md", "deploy", "services", "shared"}
    for line in DOCKERFILE.splitlines():
        assert not re.search(r"(?i)(password|token|secret)\s*=", line), line
    ignored = (ROOT / ".dockerignore").read_text().split("\n")
    assert "*" in ignored and not [line for line in ignored if line.startswith("!.")]
    for name in names:
        assert f"!{name.split('/')[0]}" in ignored, name


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "shared", "services", "deploy",
         "pyproject.toml", "README.md"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            (source / name).write_bytes((ROOT / name).read_bytes())
    if not (source / "README.md").exists():
        (source / "README.md").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
         "--wheel-dir", str(folder), str(source)],
        capture_output=True, text=True,
    )
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("namtot-*.whl")
    return zipfile.ZipFile(built)


def test_every_file_that_the_code_reads_is_installed(wheel: zipfile.ZipFile) -> None:
    """An editable install finds files that a built one has lost: templates, rules, examples."""
    installed = set(wheel.namelist())
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "shared", "services"], cwd=ROOT,
        capture_output=True, text=True, check=True,
    ).stdout.splitlines()
    missing = [
        name for name in listed
        if (ROOT / name).is_file() and name not in installed and not fnmatch.fnmatch(name, "*.md")
    ]
    assert missing == []
    assert "deploy/health.py" in installed and "deploy/keys.py" in installed
    assert not [name for name in installed if name.startswith("tests/")]


def test_a_master_key_is_made_once(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "master.key"
    assert keys.main([str(path)]) is None
    first = path.read_bytes()
    assert len(first) == MASTER_KEY_BYTES
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    other = tmp_path / "references" / "references.key"
    assert keys.main([str(path), str(other)]) is None
    assert path.read_bytes() == first, "whoever loses the key loses the vault"
    assert len(other.read_bytes()) >= 32 and other.read_bytes() != first


def test_a_master_key_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    told = keys.main([str(tmp_path / "file" / "master.key")])
    assert told is not None and "cannot be written" in told
    assert keys.main([]) == "usage: python -m deploy.keys FILE…"
