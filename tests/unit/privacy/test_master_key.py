"""The master key comes from a file or from a program that prints it; what is wrong is told without a byte of the key."""

from __future__ import annotations

import base64
import dataclasses
import shlex
import sys
from pathlib import Path

import pytest

from shared import privacy
from shared.privacy import master_key
from shared.settings import Settings, SettingsError

KEY = bytes(range(96))
BARE = Settings(amqp_uri="amqp://nowhere", mongo_uri="mongodb://nowhere", key_provider="command")


def printing(content: bytes, more: str = "") -> Settings:
    program = f"import sys; sys.stdout.buffer.write({content!r}); {more}"
    return dataclasses.replace(BARE, key_command=shlex.join([sys.executable, "-S", "-c", program]))


@pytest.mark.parametrize("printed", [KEY, base64.b64encode(KEY) + b"\n", base64.encodebytes(KEY)])
def test_a_program_prints_it_plain_or_as_base64(printed: bytes) -> None:
    assert master_key(printing(printed)) == KEY


def test_no_shell_reads_the_command(tmp_path: Path) -> None:
    made = tmp_path / "made"
    with pytest.raises(SettingsError, match="ended with status"):
        master_key(dataclasses.replace(BARE, key_command=f"ls /nowhere; touch {made}"))
    assert not made.exists()


@pytest.mark.parametrize(("settings", "reason"), [
    (BARE, "NAMTOT_KEY_COMMAND is not set"),
    (dataclasses.replace(BARE, key_command="'"), "NAMTOT_KEY_COMMAND cannot be read"),
    (dataclasses.replace(BARE, key_command="/nowhere/at-all --key"), "at-all cannot be run"),
    (dataclasses.replace(BARE, key_command="x\0y"), "cannot be run"),
    (printing(KEY[:95]), "printed no key of 96 bytes"),
    (printing(b"a" * 97), "printed no key of 96 bytes"),
    (printing(KEY, "sys.exit(3)"), "ended with status 3"),
    (dataclasses.replace(BARE, key_provider="kms"), "NAMTOT_KEY_PROVIDER='kms' is not supported"),
])
def test_what_is_wrong_is_told(settings: Settings, reason: str) -> None:
    with pytest.raises(SettingsError, match=reason) as told:
        master_key(settings)
    assert "aaaa" not in str(told.value) and "\\x" not in str(told.value).replace("x\\x00y", "")


def test_a_program_that_hangs_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(privacy, "COMMAND_SECONDS", 0.2)
    with pytest.raises(SettingsError, match="did not answer"):
        master_key(printing(KEY, "import time; time.sleep(60)"))


def test_the_key_before_may_lie_in_a_file_still(tmp_path: Path) -> None:
    (tmp_path / "key").write_bytes(KEY[::-1])
    from_file = dataclasses.replace(printing(KEY), key_file_before=str(tmp_path / "key"))
    assert privacy._key_before(from_file) == KEY[::-1]
    assert privacy._key_before(dataclasses.replace(from_file, key_command_before=printing(KEY).key_command)) == KEY
    assert privacy._key_before(BARE) is None
