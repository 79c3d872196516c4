"""Whatever goes wrong when servers are started ends in one sentence that says what to do."""

from __future__ import annotations

import errno
import os
import platform
import shutil
from pathlib import Path
from typing import Any

import pytest

from deploy.local import LocalServersError, MongoDB, Servers, mongodb, packages, ports, rabbitmq
from deploy.local.errors import writing


def sentence(error: pytest.ExceptionInfo[LocalServersError]) -> str:
    text = str(error.value)
    assert "\n" not in text
    assert text.endswith(".")
    return text


@pytest.fixture
def no_rabbitmq(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(rabbitmq, "BINARIES", (tmp_path / "nowhere",))


def program(directory: Path, name: str, text: str) -> Path:
    path = directory / name
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)
    return path


def apt(monkeypatch: pytest.MonkeyPatch, directory: Path, text: str) -> None:
    program(directory, "apt-get", text)
    monkeypatch.setenv("PATH", f"{directory}:/bin:/usr/bin")
    monkeypatch.setattr(os, "geteuid", lambda: 0)


@pytest.mark.usefixtures("no_rabbitmq")
def test_without_root_the_command_to_run_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    apt(monkeypatch, tmp_path, "exit 0")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(LocalServersError) as error:
        rabbitmq.binaries()
    assert "sudo apt-get update && sudo apt-get install -y rabbitmq-server" in sentence(error)
    assert "AMQP_URI" in sentence(error)


@pytest.mark.usefixtures("no_rabbitmq")
def test_without_apt_the_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LocalServersError) as error:
        rabbitmq.binaries()
    assert "rabbitmq-server" in sentence(error)


@pytest.mark.usefixtures("no_rabbitmq")
@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("E: Failed to fetch http://deb.example/x  Temporary failure resolving 'deb.example'", "the network"),
        ("E: You don't have enough free space in /var/cache/apt/archives/.", "The disk is full"),
        ("E: Unable to locate package rabbitmq-server", "Unable to locate package"),
    ],
)
def test_what_apt_fails_at_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str], output: str, told: str
) -> None:
    apt(monkeypatch, tmp_path, f'case "$*" in *install*) echo "{output}"; exit 100;; esac')
    with pytest.raises(LocalServersError) as error:
        rabbitmq.binaries()
    assert told in sentence(error)
    assert output in capfd.readouterr().err, "what apt says is shown while it works"


def test_apt_is_left_to_ask_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    apt(monkeypatch, tmp_path, f'echo "$DEBIAN_FRONTEND $*" >> {seen}')
    monkeypatch.delenv("DEBIAN_FRONTEND", raising=False)
    packages.install(["some-package"], "A test", "set nothing")
    monkeypatch.setenv("DEBIAN_FRONTEND", "teletype")
    packages.install(["some-package"], "A test", "set nothing")
    lines = seen.read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["noninteractive"] * 2 + ["teletype"] * 2
    assert lines[1].endswith("install -y --no-install-recommends some-package")


@pytest.mark.parametrize(
    ("output", "told"),
    [
        ("/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.35' not found (required by mongod)", "C library is too old"),
        ("Illegal instruction", "Illegal instruction"),
    ],
)
def test_a_mongod_that_cannot_run_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, output: str, told: str) -> None:
    broken = program(tmp_path, "mongod", f'echo "{output}" >&2; exit 1'.replace("`", "\\`"))
    monkeypatch.setattr(mongodb, "candidates", lambda: [str(broken)])
    with pytest.raises(LocalServersError) as error:
        mongodb.binary()
    assert told in sentence(error)
    assert "MONGO_URI" in sentence(error)


def test_the_next_mongod_is_tried(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    broken = program(tmp_path, "bundled", "exit 1")
    sound = program(tmp_path, "mongod", "exit 0")
    monkeypatch.setattr(mongodb, "candidates", lambda: [str(broken), str(sound)])
    assert mongodb.binary() == str(sound)


def test_no_mongod_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongodb, "candidates", list)
    with pytest.raises(LocalServersError) as error:
        mongodb.binary()
    assert "No mongod is installed" in sentence(error)


def test_a_mongod_that_ends_at_once_is_told_with_its_last_words(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    crash = 'case "$*" in --version) exit 0;; *) echo "bad option"; exit 2;; esac'
    monkeypatch.setattr(mongodb, "candidates", lambda: [str(program(tmp_path, "mongod", crash))])
    server = MongoDB(tmp_path, guarded=True)
    with pytest.raises(LocalServersError, match=r"MongoDB ended while starting: bad option \(the whole log: .*\)"):
        server.start()
    assert not server.running()
    told: list[str] = []
    with pytest.raises(LocalServersError, match=r"starting: bad option \("):
        MongoDB(tmp_path, guarded=True, say=told.append).start()
    assert told == [], "it was never up, so it did not crash; and only the last start's words are told"


def test_a_disk_that_is_nearly_full(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 10**12, 100 * 1024**2))
    with pytest.raises(LocalServersError) as error:
        Servers(tmp_path, given={}).up()
    assert "Only 100 MiB are free" in sentence(error)


@pytest.mark.parametrize(
    ("number", "told"), [(errno.ENOSPC, "is full"), (errno.EACCES, "cannot be written"), (errno.EROFS, "cannot be written")]
)
def test_a_disk_that_refuses(number: int, told: str) -> None:
    with pytest.raises(LocalServersError) as error, writing(Path("/data")):
        raise OSError(number, os.strerror(number), "/data/file")
    assert told in sentence(error)


def test_a_home_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(LocalServersError) as error:
        Servers(tmp_path / "home", given={}).up()
    assert "home: " in sentence(error)


def test_another_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(platform, "system", lambda: "Windows")
    with pytest.raises(LocalServersError) as error:
        Servers(tmp_path, given={}).up()
    assert "Windows" in sentence(error)
    Servers(tmp_path, given={"AMQP_URI": "amqp://there", "MONGO_URI": "mongodb://there"}).up()


def test_no_port_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "free", lambda _: False)
    with pytest.raises(LocalServersError) as error:
        ports.choose(1)
    assert "No free port" in sentence(error)


def test_a_server_that_never_ran_has_no_address(tmp_path: Path) -> None:
    with pytest.raises(LocalServersError, match="has not been started here yet: run `namtot up`"):
        _: Any = MongoDB(tmp_path).uri
