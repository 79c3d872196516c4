"""The units of a simulated year: which there are, how many teams, mediators and cases each has.

Codes and names: the administrative list before 01/01/2025 (Long Biên's 14 wards) and, for the city, the seven units of
01/07/2025 that have been looked up. All others are called simulated and carry codes that begin with 9.
"""

from __future__ import annotations

from typing import NamedTuple

from shared.simulation.plan import Plan, share

DISTRICT = "004"
MANY = 60
"""Teams in an average ward above which further units are added instead."""
BATCH = 41
"""Teams in an added unit: the city's mean, 5,111 / 126."""

# (code, name, path of its sources, residential groups); 28 and 10 are published, the rest is chosen to make 222
LONG_BIEN = (
    ("00115", "Thượng Thanh", "thuong-thanh", 28), ("00118", "Ngọc Thụy", "ngoc-thuy", 26),
    ("00121", "Giang Biên", "giang-bien", 9), ("00124", "Đức Giang", "duc-giang", 23),
    ("00127", "Việt Hưng", "viet-hung", 14), ("00130", "Gia Thụy", "gia-thuy", 15),
    ("00133", "Ngọc Lâm", "ngoc-lam", 19), ("00136", "Phúc Lợi", "phuc-loi", 13),
    ("00139", "Bồ Đề", "bo-de", 24), ("00142", "Sài Đồng", "sai-dong", 13),
    ("00145", "Long Biên", "long-bien", 8), ("00148", "Thạch Bàn", "thach-ban", 15),
    ("00151", "Phúc Đồng", "phuc-dong", 10), ("00154", "Cự Khối", "cu-khoi", 5),
)
# (code, name, path, is it a ward): the rest of 51 wards and 75 communes is filled up with simulated ones
CITY = (
    ("00118", "Bồ Đề", "bo-de", True), ("00127", "Việt Hưng", "viet-hung", True),
    ("00136", "Phúc Lợi", "phuc-loi", True), ("00145", "Long Biên", "long-bien", True),
    ("00097", "Hồng Hà", "hong-ha", True), ("00577", "Bát Tràng", "bat-trang", False),
    ("00565", "Gia Lâm", "gia-lam", False),
)
CITY_WARDS, CITY_COMMUNES = 51, 75

_Known = tuple[str, str, str, bool, str | None]
"""Code, name, path of its sources, is it a ward, code of the district above it."""


class Unit(NamedTuple):
    """``first_team``: number of its first team in the whole run. ``slots``: how many of the run's cases are its own."""

    code: str
    name: str
    path: str
    ward: bool
    parent: str | None
    teams: int
    first_team: int
    mediators: int
    slots: int

    @property
    def full_name(self) -> str:
        return f"{'Phường' if self.ward else 'Xã'} {self.name}"

    @property
    def authority(self) -> str:
        return f"{self.path}.{'long-bien' if self.parent else 'ha-noi'}.example"

    def group(self, index: int) -> str:
        """The residential group's name in the unit's own register."""
        return f"{'Tổ dân phố số' if self.ward else 'Thôn'} {index + 1}"

    def team(self, index: int) -> str:
        """The team's name in the unit's own register."""
        return f"Tổ hòa giải {self.group(index)}"


def layout(plan: Plan, slots: int) -> list[Unit]:
    """All units of a plan. ``slots``: cases to be shared among them, unevenly."""
    known: list[_Known]
    if plan.city:
        known = [(code, name, path, ward, None) for code, name, path, ward in CITY]
        wards = CITY_WARDS - sum(ward for *_, ward, _ in known)
        communes = CITY_COMMUNES - sum(not ward for *_, ward, _ in known)
        known += [_simulated(n, n <= wards) for n in range(1, wards + communes + 1)]
        chance = plan.rng("size of units")
        weights = [chance.randint(24, 60) for _ in known]
    else:
        known = [(code, name, path, True, DISTRICT) for code, name, path, _ in LONG_BIEN]
        weights = [groups for *_, groups in LONG_BIEN]
        if plan.teams > MANY * len(known):
            more = -(-(plan.teams - sum(weights)) // BATCH)
            known += [_simulated(n, True) for n in range(1, more + 1)]
            weights += [BATCH] * more
    if plan.teams < len(known):
        known, weights = known[: plan.teams], weights[: plan.teams]
    teams = share(plan.teams, weights, least=1)
    chance = plan.rng("cases of units", plan.year)
    # communes differ widely: some have eight times as many cases a team as others
    cases = share(slots, [n * chance.choice((1, 1, 2, 3, 4, 8)) for n in teams])
    units = []
    before = 0
    for (code, name, path, ward, parent), n, c in zip(known, teams, cases, strict=True):
        people = plan.mediators * (before + n) // plan.teams - plan.mediators * before // plan.teams
        units.append(Unit(code, name, path, ward, parent, n, before, people, c))
        before += n
    return units


def _simulated(n: int, ward: bool) -> _Known:
    return (f"9{n:04d}", f"Mô phỏng {n}", f"mo-phong-{n}", ward, None)
