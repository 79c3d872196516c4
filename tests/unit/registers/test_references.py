"""The key of the references to mediators: made once, beside the master key, and never a second one."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from shared.registers import References


def told(references: References) -> str:
    return references.mediator("00118", "Tổ hòa giải số 5", "Nguyễn Văn An")


def test_it_is_made_once_for_its_owner_and_outlives_another_master_key(tmp_path: Path) -> None:
    master = tmp_path / "master.key"
    master.write_bytes(b"a" * 96)
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: told(References.beside(master)), range(16)))) == 1
    own = tmp_path / "master.key.references"
    assert stat.S_IMODE(own.stat().st_mode) == 0o600 and len(own.read_bytes()) == 32
    assert sorted(p.name for p in tmp_path.iterdir()) == [master.name, own.name]
    before = told(References.beside(master))
    master.write_bytes(b"b" * 96)
    assert told(References.beside(master)) == before == told(References.from_file(own))
    assert told(References(b"b" * 96)) != before


def test_a_rotated_master_key_or_another_machine_makes_no_second_one(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="so is the master key"):
        References.beside(tmp_path / "master.key")
    (tmp_path / "master.key").write_bytes(b"a" * 96)
    References.beside(tmp_path / "master.key")
    (tmp_path / "next.key").write_bytes(b"b" * 96)
    with pytest.raises(ValueError, match=r"master\.key\.references is there"):
        References.beside(tmp_path / "next.key")
    (tmp_path / "master.key.references").write_bytes(b"short")
    with pytest.raises(ValueError, match="32 bytes"):
        References.beside(tmp_path / "master.key")
