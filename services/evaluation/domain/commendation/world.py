"""What is known of a team's commendations at a moment: its dossiers, its verifications, its recognitions. Built step by step in
the order in which they were written up (``fold``), so that a gate sees what could be seen then."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from services.evaluation.domain.commendation.rules import CommendationRules, Subject
from services.evaluation.domain.facts import Step

SHARED_ACHIEVEMENTS = ("recognition:", "mediation:")
"""Keys of namtot's own; any other key is its source's own."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A recognition in effect, or one that was taken back. ``window_end``: the last day of the year that it looks back on."""

    year: int
    on: dt.date
    window_end: dt.date
    unit: str
    number: str | None = None
    revoked_on: dt.date | None = None


@dataclass(slots=True)
class Verification:
    """Opened and closed, perhaps more than once. Of a day on which it was both, it is closed."""

    steps: list[Step] = field(default_factory=list)

    def open_on(self, day: dt.date) -> Step | None:
        """The step by which it is open at the end of that day."""
        opened = None
        for step in sorted(self.steps, key=lambda s: (s.on, RANK[s.type], s.time, s.id)):
            if step.on > day:
                break
            if step.type == "verification.closed":
                opened = None
            elif opened is None:
                opened = step
        return opened

    def upheld(self) -> Iterator[Step]:
        return (step for step in self.steps if step.type == "verification.closed" and step.data["upheld"])

    @property
    def mediator(self) -> str | None:
        """Whom it is about; None: the team as a whole, or so it must be taken."""
        about = {step.data.get("mediator") for step in self.steps if step.type == "verification.opened"}
        return about.pop() if len(about) == 1 else None


@dataclass(slots=True)
class Dossier:
    """One commendation as far as its steps took effect. Steps in the order in which they were written up."""

    record: str
    steps: list[Step] = field(default_factory=list)
    _of: dict[str, list[Step]] = field(default_factory=dict)

    def add(self, step: Step) -> None:
        self.steps.append(step)
        self._of.setdefault(short(step), []).append(step)

    def of(self, *types: str) -> Iterator[Step]:
        return (step for type in types for step in self._of.get(type, ()))

    def first(self, type: str) -> Step | None:
        found = self._of.get(type)
        return found[0] if found else None

    @property
    def proposal(self) -> Step | None:
        return self.first("proposed")

    @property
    def decision(self) -> Step | None:
        return self.first("decided")

    @property
    def revocation(self) -> Step | None:
        return self.first("revoked")

    @property
    def mediator(self) -> str | None:
        return None if self.proposal is None else self.proposal.data.get("mediator")

    @property
    def household(self) -> str | None:
        return None if self.proposal is None else self.proposal.data.get("household")

    @property
    def subject(self) -> Subject:
        """What kind of recipient it is for: the team, or one whose reference the proposal gives."""
        return "household" if self.household else "individual" if self.mediator else "collective"

    @property
    def form(self) -> str | None:
        """As decided, else as proposed."""
        said = self.decision or self.proposal
        return None if said is None else str(said.data["form"])

    @property
    def year(self) -> int | None:
        return None if self.proposal is None else self.proposal.data.get("year")

    @property
    def praised_year(self) -> int | None:
        """As the proposal says it, else as the key of its achievement does."""
        named = re.fullmatch(r"[a-z]+:([0-9]{4})", self.achievement[1]) if self.achievement is not None else None
        year = int(named[1]) if self.year is None and named is not None else self.year
        return year if year is not None and dt.MINYEAR <= year <= dt.MAXYEAR else None

    def as_of(self, step: Step) -> dt.date:
        """The day whose rules a step is under: never before the year that is praised, so that a mistyped day is under no older
        ones."""
        return step.on if self.praised_year is None else max(step.on, dt.date(self.praised_year, 1, 1))

    @property
    def achievement(self) -> tuple[str, str] | None:
        """(whose word it is, the key): equal for the same achievement."""
        if self.proposal is None:
            return None
        key = " ".join(str(self.proposal.data["achievement"]).casefold().replace(":", " : ").split()).replace(" : ", ":")
        shared = key.startswith(SHARED_ACHIEVEMENTS)
        return ("" if shared else self.proposal.source, key)

    def start_of_term(self) -> dt.date | None:
        """The day of the dossier that is complete: submitted, or supplemented since."""
        return max((step.on for step in self.of("submitted", "supplemented")), default=None)

    def paid(self) -> int:
        return sum(int(step.data["amount"]) for step in self.of("paid"))

    def papers(self) -> set[str]:
        return {
            paper["kind"] for step in self.of("proposed", "submitted", "supplemented", "appraised")
            for paper in step.data.get("evidence", ())
        }


@dataclass(slots=True)
class World:
    rules: CommendationRules
    recognised: Mapping[int, Recognised] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    verifications: dict[str, Verification] = field(default_factory=dict)

    def dossier(self, record: str) -> Dossier:
        return self.dossiers.setdefault(record, Dossier(record))

    def awarded(self) -> Iterator[Dossier]:
        """Dossiers whose decision stands."""
        return (d for d in self.dossiers.values() if d.decision is not None and d.revocation is None)

    def open_verifications(self, day: dt.date) -> list[tuple[Step, Verification]]:
        """Those open on that day with the step that opened them, the oldest first."""
        found = [(opened, v) for v in self.verifications.values() if (opened := v.open_on(day)) is not None]
        return sorted(found, key=lambda one: (one[0].on, one[0].id))

    def concerns(self, verification: Verification, dossier: Dossier, day: dt.date) -> bool:
        """An allegation against the team concerns all awards that it proposes; one against a mediator that mediator's, and the
        team's where the rules say so."""
        about = verification.mediator
        if about is None or about == dossier.mediator:
            return True
        whole = self.rules.limits.mediator_verification_bars_team.find(day)
        return dossier.subject == "collective" and whole is not None and whole.value


def short(step: Step) -> str:
    """``decided`` of ``commendation.decided``."""
    return step.type.partition(".")[2]


def in_written_order(steps: Iterable[Step]) -> list[Step]:
    """By when they were written up; what was written up at once, by its day and the order of a dossier's life."""
    return sorted(steps, key=lambda s: (s.time, s.on, RANK.get(s.type, 0), s.id))


RANK = {
    name: rank for rank, name in enumerate((
        "verification.opened", "verification.closed", "commendation.proposed", "commendation.submitted",
        "commendation.supplement-asked", "commendation.supplemented", "commendation.appraised", "commendation.declined",
        "commendation.decided", "commendation.given", "commendation.paid", "commendation.revoked", "commendation.recovered",
    ))
}
