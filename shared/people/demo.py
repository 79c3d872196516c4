"""People for a demonstration: one for each kind of work, with new random passwords each time."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import NamedTuple

from shared.people.file import Person, hashed, write
from shared.people.roles import Held


class Shown(NamedTuple):
    """What is told once, at the end of the start; the file holds only the password's hash."""

    name: str
    shown: str
    password: str


def write_demo(path: Path, team: str, unit: str) -> list[Shown]:
    """Into ``path``, in place of whoever stood there: people of that team and unit, by their codes."""
    wanted = (
        ("to.truong", "Tổ trưởng (dùng thử)", Held("team_leader", team=team)),
        ("hoa.giai.vien", "Hòa giải viên (dùng thử)", Held("mediator", team=team)),
        ("tu.phap", "Công chức tư pháp (dùng thử)", Held("justice_officer", unit=unit)),
        ("chu.tich", "Lãnh đạo UBND (dùng thử)", Held("chair", unit=unit)),
        ("bao.ve.du.lieu", "Người bảo vệ dữ liệu (dùng thử)", Held("data_protection")),
    )
    told = [Shown(name, shown, secrets.token_urlsafe(9)) for name, shown, _ in wanted]
    write(path, {
        one.name: Person(one.name, one.shown, hashed(one.password), (role,))
        for one, (_, _, role) in zip(told, wanted, strict=True)
    })
    return told
