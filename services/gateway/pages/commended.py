"""What evaluation answers about commendation, as far as pages read it. Amounts are whole đồng."""

from __future__ import annotations

import msgspec

from services.gateway.pages.recognised import Barred, Finding, NextStep, Step, Waiting
from services.gateway.pages.shapes import Both


class AwardForm(msgspec.Struct, frozen=True):
    """A form of commendation to pick from."""

    id: str
    title: Both


class Award(msgspec.Struct, frozen=True):
    """A dossier in a list. ``n``: the version that further steps are sent against. ``mediator``, ``household``: a
    reference, None where a team is commended. ``days``: from the proposal to the decision, or till today."""

    id: str
    team: str
    subject: str = ""
    n: int | None = None
    unit: str | None = None
    unit_name: str | None = None
    team_name: str = ""
    mediator: str | None = None
    household: str | None = None
    kind: str | None = None
    form: str | None = None
    form_words: Both | None = None
    state: str = "proposed"
    achievement: str | None = None
    year: int | None = None
    proposed_on: str | None = None
    decided_on: str | None = None
    number: str | None = None
    ordinal: int | None = None
    amount: int | None = None
    days: int | None = None
    due: str | None = None
    overdue: bool = False


class AwardList(msgspec.Struct, frozen=True):
    items: list[Award] = []


class Gate(msgspec.Struct, frozen=True):
    """A condition of the decision; its words say why where it is not passed."""

    code: str
    passed: bool
    effect: str = "bar"
    article: str = ""
    vi: str = ""
    en: str = ""


class Verification(msgspec.Struct, frozen=True):
    """One that nobody has concluded: a record of its own, to which the conclusion is sent. Never its content."""

    subject: str
    on: str
    n: int | None = None
    vi: str = ""
    en: str = ""


class Recovery(msgspec.Struct, frozen=True):
    """What a revoked award brought and has not come back."""

    certificate: bool = False
    amount: int = 0


class Commendation(Award, frozen=True):
    """``amount_computed``: by the rules; ``amount_decided``: as the decision says."""

    signed_by: str | None = None
    amount_computed: int | None = None
    amount_decided: int | None = None
    amount_how: Both | None = None
    paid: int = 0
    recovery: Recovery | None = None
    law: str = ""
    steps: list[Step] = []
    gates: list[Gate] = []
    flags: list[Finding] = []
    refused: list[Barred] = []
    waiting: list[Waiting] = []
    next: list[NextStep] = []
    verifications: list[Verification] = []


class Owed(msgspec.Struct, frozen=True):
    """Praise that is due: since when, and for how many days nobody has decided."""

    unit: str
    team: str
    days: int
    since: str
    team_name: str = ""
    unit_name: str = ""
    mediator: str | None = None
    achievement: str = ""
    kind: str | None = None
    form: str | None = None
    form_words: Both | None = None
    record: str | None = None
    year: int | None = None
    vi: str = ""
    en: str = ""


class OwedList(msgspec.Struct, frozen=True):
    items: list[Owed] = []


class Days(msgspec.Struct, frozen=True):
    """A unit's days from recognition to decision, and how many still wait."""

    n: int = 0
    median: int | None = None
    p90: int | None = None
    worst: int | None = None
    owed: int = 0
    unit: str = ""
    name: str = ""


class Proposal(msgspec.Struct, frozen=True):
    """``choice``: proposed, tied, no_place, under_way or answered."""

    team: str
    choice: str
    team_name: str = ""
    mediator: str | None = None
    achievement: str = ""
    kind: str | None = None
    form: str | None = None
    form_words: Both | None = None
    record: str | None = None
    gates: list[Gate] = []
    why: Both | None = None
    vi: str = ""
    en: str = ""

    @property
    def key(self) -> tuple[str, str | None, str]:
        return self.team, self.mediator, self.achievement


class Proposals(msgspec.Struct, frozen=True):
    unit: str
    year: int
    unit_name: str = ""
    items: list[Proposal] = []


class MediatorYear(msgspec.Struct, frozen=True):
    """``years``: whole years of service up to that year's window; ``cases``: ended ones."""

    year: int
    years: int = 0
    leader: bool = False
    cases: int = 0
    settled: int = 0
    pending: int = 0
    trainings: int = 0


class MediatorRecord(msgspec.Struct, frozen=True):
    team: str
    ref: str
    name: str = ""
    unit: str = ""
    unit_name: str = ""
    years: list[MediatorYear] = []
    commendations: list[Award] = []
