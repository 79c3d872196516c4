"""Whether what was closed still stands: the stored copies against their hashes, and each verdict against what the closed scheme
says of the facts as they are now. Reads only; takes its time, so it runs as a command."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import msgspec

from services.evaluation.closing import basis_of
from services.evaluation.domain.closing.canonical import Basis, read_basis
from services.evaluation.domain.closing.comparing import Comparison, compare
from services.evaluation.domain.closing.sealing import Flaw, Head, Sealed, flaws_of_chain
from services.evaluation.domain.facts import TeamFacts
from services.evaluation.domain.judge import YearRules, judge, year_rules
from services.evaluation.domain.tree import Node
from services.evaluation.rules import RulesError
from services.evaluation.rules.frozen import read_sealed
from services.evaluation.rules.loader import rules_digest
from services.evaluation.store import Db, closings
from services.evaluation.store.closings import Stored
from services.evaluation.store.gathering import read_facts
from services.evaluation.store.replica import Replica

CHUNK = 100
"""Teams whose facts are read at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCheck:
    """``revision``: the last one, which is compared. ``closed_on``: the day as of which it was judged."""

    team: str
    name: str
    revision: int
    closed_on: str
    found: Comparison


@dataclass(slots=True, kw_only=True)
class YearCheck:
    """``flaws``: what of the stored copies was touched, by key. ``head``: the hash of the last head, to be compared with the one
    on paper. ``new_code``: another release's code or data applies rules now than then. ``unreadable``: why the closed scheme
    cannot be applied any more."""

    unit: str
    year: int
    head: str | None = None
    scheme: str | None = None
    heads: int = 0
    new_code: bool = False
    unreadable: str | None = None
    flaws: dict[str, Flaw] = field(default_factory=dict)
    teams: list[TeamCheck] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.flaws and self.unreadable is None and all(team.found.why == "same" for team in self.teams)


def stored_flaws(db: Db, unit: str, year: int) -> tuple[list[tuple[Head, str]], list[Stored], dict[str, Flaw]]:
    """Heads, verdicts, and what is wrong with the stored copies: only hashes are computed."""
    verdicts = list(closings.verdicts_of(db, unit, year))
    try:
        heads = closings.heads_of(db, unit, year)
    except (KeyError, msgspec.ValidationError):
        return [], verdicts, {f"{unit}|{year}": "head"}
    flaws = flaws_of_chain(heads, {one.key: one.hash for one in verdicts})
    return heads, verdicts, flaws | {one.key: one.flaw for one in verdicts if one.flaw is not None}


def verify_year(
    db: Db, replica: Replica, unit: str, year: int, breathe: Callable[[int], None] = lambda teams: None
) -> YearCheck:
    """``breathe`` is told after each chunk how many teams were compared in it."""
    heads, verdicts, flaws = stored_flaws(db, unit, year)
    check = YearCheck(unit=unit, year=year, flaws=flaws, heads=len(heads))
    if not heads:
        return check
    check.head = heads[-1][1]
    newest = {one.sealed.team: (one, one.sealed) for one in verdicts if one.sealed is not None}
    check.new_code = any(sealed.rules != rules_digest() for _, sealed in newest.values())
    period = _period(check, heads[0][0])
    if period is None:
        return check
    replica.refresh(db)
    for codes in _chunks(sorted(newest)):
        facts = read_facts(db, codes)
        for code in codes:
            stored, sealed = newest[code]
            flaw = stored.flaw or flaws.get(stored.key)
            check.teams.append(_checked(replica, period, stored, sealed, facts, flaw))
        breathe(len(codes))
    return check


def _period(check: YearCheck, closing: Head) -> YearRules | None:
    """The closed scheme as this release reads it."""
    if closing.scheme is None:
        check.flaws[closing.key] = "head"
        return None
    check.scheme = closing.scheme.id
    try:
        period = year_rules(read_sealed(closing.scheme), check.year)
    except (RulesError, ValueError) as error:
        check.unreadable = str(error)
        return None
    if period is None:
        check.unreadable = f"{closing.scheme.id} is not in force in {check.year}"
    return period


def _checked(
    replica: Replica, period: YearRules, stored: Stored, sealed: Sealed, facts: Mapping[str, TeamFacts], flaw: Flaw | None
) -> TeamCheck:
    today = dt.date.fromisoformat(sealed.today)

    def by_rules(basis: Basis) -> Node | None:
        judgement = judge(period, basis.team, basis.facts, today)
        return None if judgement is None else judgement.tree

    if flaw is not None:
        found = Comparison(why="altered", closed=sealed.verdict, now=None, flaw=flaw)
    else:
        found = compare(
            stored.tree, _basis(stored.facts), basis_of(replica, sealed.team, facts[sealed.team], period), by_rules,
            sealed.rules == rules_digest(),
        )
    return TeamCheck(team=sealed.team, name=sealed.name, revision=sealed.revision, closed_on=sealed.today, found=found)


def _basis(text: bytes) -> Basis | None:
    try:
        return read_basis(text)
    except msgspec.DecodeError:
        return None


def _chunks(codes: list[str]) -> Iterable[list[str]]:
    return (codes[start:start + CHUNK] for start in range(0, len(codes), CHUNK))
