"""Closing communes' years, and correcting what was closed.

    the scorer notes       a unit and year in which something closes it, or a correction of a team is on record
    the tending looks      at what is noted: once all teams of the unit are scored, their verdicts are frozen

Verdicts are judged anew from the facts of exactly the generations that are written down with them; if a team changed meanwhile,
nothing is written and it is done again at the next look.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import structlog

from services.evaluation.chosen import Chosen, rules_in
from services.evaluation.domain.closing.canonical import Basis, basis_bytes, content_hash
from services.evaluation.domain.closing.ending import CORRECTED, cause_of, corrections, ending, is_over
from services.evaluation.domain.closing.sealing import Cause, Head, Sealed, SealedScheme, digest
from services.evaluation.domain.facts import TeamFacts, UnitStep
from services.evaluation.domain.judge import Judgement, YearRules, judge, year_rules
from services.evaluation.domain.near import near
from services.evaluation.domain.rules import Scheme
from services.evaluation.recognising import last_day
from services.evaluation.rules.frozen import read_sealed, seal_scheme
from services.evaluation.rules.loader import rules_digest
from services.evaluation.store import Db, Document, closings, generations
from services.evaluation.store.closings import Frozen
from services.evaluation.store.gathering import read_facts, read_units
from services.evaluation.store.replica import Replica
from services.evaluation.store.standing import body_of
from shared.contracts import When
from shared.contracts.when import moment

PATIENCE = dt.timedelta(hours=1)
"""After which a year is closed though facts keep coming in."""

log = structlog.get_logger(__name__)


class Done(NamedTuple):
    """``made``: heads that were written; ``stuck``: units and years that cannot be read."""

    made: int
    stuck: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Closer:
    db: Db
    replica: Replica
    schemes: Mapping[str, Scheme]
    default: str
    now: dt.datetime
    today: dt.date
    quiet: bool = True

    def run(self) -> Done:
        """Close and correct what is due and can be. While facts come in (``quiet`` False, or some team waits), only what has been
        due for long: a closing that overtakes what was sent before it would freeze half a year. What cannot be read, because
        somebody edited it or this release does not know the closed scheme any more, stays due and keeps nobody else waiting."""
        noted = closings.due(self.db, self.today)
        if noted and not (self.quiet and generations.none_waits(self.db)):
            noted = [due for due in noted if due["first"] <= self.now - PATIENCE]
        if noted:
            self.replica.refresh(self.db)
        made, stuck = 0, 0
        for due in noted:
            try:
                while self._look(due):
                    made += 1
            except (ValueError, KeyError) as error:  # RulesError and msgspec's ValidationError are ValueErrors
                stuck += 1
                log.error("a year cannot be closed or corrected", unit=due["unit"], year=due["year"], error=str(error)[:300])
        return Done(made, stuck)

    def _look(self, due: Document) -> bool:
        """Whether a head was written; then there may be more to do."""
        heads = closings.heads_of(self.db, due["unit"], due["year"])
        return self._correct(due, heads) if heads else self._close(due, due["unit"], due["year"])

    # -- the closing

    def _close(self, due: Document, unit: str, year: int) -> bool:
        decided = decisions(self.db, unit, year)

        def closed_at(steps: Iterable[UnitStep]) -> When | None:
            found = ending(steps, year, decided)
            return None if found is None else When(found.time)

        read = read_units(self.db, [unit])[unit]
        steps, rules = rules_in(self.schemes, self.schemes[self.default], read, year, closed_at)
        cause, period = ending(steps, year, decided), year_rules(rules.scheme, year)
        if cause is None or period is None:
            closings.done(self.db, due)
            return False
        if not is_over(period.span, self.today):
            closings.wait_until(self.db, due, period.span.last + dt.timedelta(days=1))
            return False
        teams = self._teams(unit, period)
        stands = closings.generations_of(self.db, teams)
        if len(stands) < len(teams):
            return False  # somebody is not scored yet
        sealed_scheme = seal_scheme(rules.base, rules.choice)
        frozen = self._frozen(period, sealed_scheme, teams, stands, unit, cause)
        return closings.freeze(
            self.db, Head(
                unit=unit, year=year, number=0, frozen=hashes(frozen), previous=None, cause=cause,
                frozen_at=str(moment(self.now)), scheme=sealed_scheme,
            ), frozen, stands, self.now,
        )

    def _teams(self, unit: str, period: YearRules) -> list[str]:
        """A commune is the unit on the window's last day."""
        last = period.span.last
        return sorted(code for code in self.replica.teams_of(unit) if self.replica.seat(code, last).unit == unit)

    # -- corrections

    def _correct(self, due: Document, heads: Sequence[tuple[Head, str]]) -> bool:
        """One at a time, because each head stands on the one before."""
        closing, (last, previous) = heads[0][0], heads[-1]
        made = [head.cause.entry for head, _ in heads]
        stands = closings.generations_of(self.db, due["teams"])
        facts = read_facts(self.db, due["teams"])
        for code in due["teams"]:
            steps, _ = corrections(facts[code].steps, closing.year, closing.cause, made)
            if steps and code not in stands:
                return False  # not scored yet
            for step in steps:
                frozen = self._again(closing, code, cause_of(step), stands[code], facts)
                if frozen:
                    head = Head(
                        unit=closing.unit, year=closing.year, number=last.number + 1, frozen=hashes(frozen),
                        previous=previous, cause=cause_of(step), frozen_at=str(moment(self.now)),
                    )
                    return closings.freeze(self.db, head, frozen, {code: stands[code]}, self.now)
        closings.done(self.db, due)
        return False

    def _again(
        self, closing: Head, code: str, cause: Cause, generation: int, facts: Mapping[str, TeamFacts]
    ) -> list[Frozen]:
        assert closing.scheme is not None  # the first head has it
        period = year_rules(read_sealed(closing.scheme), closing.year)
        assert period is not None  # it was closed under it
        return self._frozen(period, closing.scheme, [code], {code: generation}, closing.unit, cause, facts)

    # -- both

    def _frozen(
        self, period: YearRules, scheme: SealedScheme, teams: Iterable[str], stands: Mapping[str, int], unit: str,
        cause: Cause, facts: Mapping[str, TeamFacts] | None = None,
    ) -> list[Frozen]:
        listed = list(teams)
        facts = read_facts(self.db, listed) if facts is None else facts
        revisions = {d["team"]: d["revision"] for d in closings.latest(self.db, {
            "team": {"$in": listed}, "year": period.year, "unit": unit,
        }, ["revision"])}
        states = recognition_states(self.db, listed, period.year)
        found = []
        for code in listed:
            basis = basis_of(self.replica, code, facts[code], period)
            judgement = None if basis is None else judge(period, basis.team, basis.facts, self.today)
            if basis is None or judgement is None:
                continue
            found.append(self._sealed(
                period, scheme, code, judgement, basis, unit=unit, cause=cause, generation=stands[code],
                revision=revisions.get(code, -1) + 1, state=states.get(code),
            ))
        return found

    def _sealed(
        self, period: YearRules, scheme: SealedScheme, code: str, judgement: Judgement, basis: Basis, *, unit: str,
        cause: Cause, generation: int, revision: int, state: str | None,
    ) -> Frozen:
        tree, facts = judgement.tree.encoded(), basis_bytes(basis)
        return Frozen(tree=tree, facts=facts, sealed=Sealed(
            unit=unit, year=period.year, team=code, name=self.replica.name(code),
            group=self.replica.seat(code, period.span.last).group, revision=revision, scheme=scheme.id,
            scheme_digest=scheme.digest, rules=rules_digest(), today=self.today.isoformat(), generation=generation,
            verdict=str(judgement.verdict),
            criteria={child.id: str(child.verdict) for child in judgement.tree.children},
            lacking=list(judgement.lacking), settled=judgement.settled, rated=judgement.rated, state=state, cause=cause,
            tree_hash=digest(tree), facts_hash=digest(facts),
        ))


def basis_of(replica: Replica, code: str, facts: TeamFacts, period: YearRules) -> Basis | None:
    """What a team's year is judged by; None if the directory does not know the team."""
    team = replica.team(code, period.span.last)
    return None if team is None else Basis(team, near(facts, period.span))


def hashes(frozen: Iterable[Frozen]) -> dict[str, str]:
    return {one.sealed.key: content_hash(one.sealed) for one in frozen}


# -- what the recognition of teams says

DECIDED = ("recognised", "not_recognised", "revoked")


def decisions(db: Db, unit: str, year: int) -> list[Cause]:
    """Decisions on recognition in that unit and year that have effect."""
    found: dict[str, Cause] = {}
    for document in db["recognitions"].find({"unit": unit, "year": year, "state": {"$in": DECIDED}}):
        for step in body_of(document)["steps"]:
            if step["act"] in ("recognise", "decline") and step["effect"] == "done":
                found[step["entry"]] = Cause(
                    entry=step["entry"], type=step["type"], on=step["on"], time=step["written_up"], source=step["source"],
                    event_id=step["id"], number=step["number"],
                )
    return list(found.values())


def recognition_states(db: Db, teams: Iterable[str], year: int) -> dict[str, str]:
    found = db["recognitions"].find({"team": {"$in": sorted(teams)}, "year": year}, {"team": 1, "state": 1})
    return {d["team"]: d["state"] for d in found}


# -- noting

def note_due(
    db: Db, replica: Replica, chosen: Chosen, facts: Mapping[str, TeamFacts], now: dt.datetime,
) -> None:
    """Write down what these teams' facts close or correct, for the next look: after their recognitions are written, and before
    their scoring counts as done, so that a crash in between has it noted again."""
    due: dict[tuple[str, int], set[str]] = defaultdict(set)
    decided = db["recognitions"].find({"team": {"$in": sorted(facts)}, "state": {"$in": DECIDED}}, {"unit": 1, "year": 1})
    for unit, year in {*((d["unit"], d["year"]) for d in decided), *chosen.closings()}:
        if chosen.of(unit, year).closed is None:
            due[(unit, year)] |= set()
    corrected = {
        (code, step.data["year"]): step.id for code, own in facts.items() for step in own.steps if step.type == CORRECTED
    }
    if corrected:
        for (code, year), unit in _closed_in(db, replica, chosen, corrected).items():
            due[(unit, year)].add(code)
    closings.note(db, due, now)


def _closed_in(
    db: Db, replica: Replica, chosen: Chosen, wanted: Iterable[tuple[str, int]]
) -> dict[tuple[str, int], str]:
    """The unit in which a team's year is closed; where it was not among the closed teams, the unit that it belongs to now."""
    asked = list(wanted)
    either = [{"team": code, "year": year} for code, year in asked]
    closed = {
        (d["team"], d["year"]): d["unit"]
        for d in db["closed"].find({"$or": either}, {"team": 1, "year": 1, "unit": 1})
    }
    found: dict[tuple[str, int], str] = {}
    for code, year in asked:
        unit = closed.get((code, year)) or replica.seat(code, last_day(replica, chosen, code, year)).unit
        if chosen.of(unit, year).closed is not None:
            found[(code, year)] = unit
    return found
