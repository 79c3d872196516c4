"""Every event type of the inbound contract: its name, its data struct, the family of its subject.

A type's name ends in its version. A new version gets a struct of its own and an entry in ``UPCASTS`` that
turns the older data into it; the log keeps what was sent, the fold sees the newest. """

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Literal, NamedTuple

import msgspec

from shared.contracts import activity, cases, commendation, directory, recognition, records, statistics
from shared.contracts.when import When, dec_hook

Family = Literal["case", "directory", "activity", "record"]
"""What the subject is. ``record``: whatever the target's family is."""

PREFIX = "vn.namtot."


class EventType(NamedTuple):
    name: str
    family: Family
    data: type[msgspec.Struct]
    summary: str
    past: tuple[tuple[str, ...], ...]
    decoder: msgspec.json.Decoder[Any]


EACH = "[]"
"""A step of a path that stands for every item of a list."""


def past_fields(struct: type[msgspec.Struct]) -> tuple[tuple[str, ...], ...]:
    """Paths to the fields that cannot lie in the future: attribute names, and ``EACH`` for a list's items."""
    return tuple(dict.fromkeys(_past(msgspec.inspect.type_info(struct), ())))


def _past(kind: msgspec.inspect.Type, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if isinstance(kind, msgspec.inspect.Metadata):
        if (kind.extra or {}).get("past"):
            yield path
        yield from _past(kind.type, path)
    elif isinstance(kind, msgspec.inspect.UnionType):
        for one in kind.types:
            yield from _past(one, path)
    elif isinstance(kind, msgspec.inspect.ListType):
        yield from _past(kind.item_type, (*path, EACH))
    elif isinstance(kind, msgspec.inspect.StructType):
        for field in kind.fields:
            yield from _past(field.type, (*path, field.name))


def _type(name: str, family: Family, data: type[msgspec.Struct], summary: str) -> EventType:
    decoder = msgspec.json.Decoder(data, dec_hook=dec_hook)
    return EventType(f"{PREFIX}{name}.v1", family, data, summary, past_fields(data), decoder)


_ALL: tuple[EventType, ...] = (
    _type("directory.roster.snapshot", "directory", directory.RosterSnapshot,
          "A unit's whole roster as of a day"),
    _type("directory.unit.registered", "directory", directory.UnitRegistered, "An administrative unit began"),
    _type("directory.unit.changed", "directory", directory.UnitChanged,
          "A unit's name, parent or extent changed"),
    _type("directory.unit.ended", "directory", directory.UnitEnded, "A unit ended"),
    _type("directory.group.registered", "directory", directory.GroupRegistered, "A residential group began"),
    _type("directory.group.changed", "directory", directory.GroupChanged,
          "A residential group was renamed or moved"),
    _type("directory.group.ended", "directory", directory.GroupEnded,
          "A residential group ended or was merged"),
    _type("directory.team.registered", "directory", directory.TeamRegistered, "A mediation team began"),
    _type("directory.team.changed", "directory", directory.TeamChanged,
          "A team moved or changed its contact"),
    _type("directory.team.ended", "directory", directory.TeamEnded, "A team ended or was merged"),
    _type("directory.mediator.registered", "directory", directory.MediatorRegistered,
          "A mediator joined a team"),
    _type("directory.mediator.changed", "directory", directory.MediatorChanged, "A mediator's entry changed"),
    _type("directory.mediator.ended", "directory", directory.MediatorEnded, "A mediator ceased"),
    _type("directory.area.described", "directory", directory.AreaDescribed,
          "Whether many people of ethnic minorities live somewhere"),
    _type("directory.review.held", "directory", directory.ReviewHeld, "Teams were reviewed and strengthened"),
    _type("directory.candidates.agreed", "directory", directory.CandidatesAgreed,
          "Who stands for election as a mediator was agreed"),
    _type("directory.election.held", "directory", directory.ElectionHeld, "The households voted on mediators"),
    _type("directory.leader.elected", "directory", directory.LeaderElected, "The mediators voted on their leader"),
    _type("directory.mediator.recognised", "directory", directory.MediatorRecognised,
          "The chair recognised mediators"),
    _type("directory.name.confirmed", "directory", directory.NameConfirmed,
          "A source's name means this team"),
    _type("case.reported", "case", cases.Reported, "A dispute was reported"),
    _type("case.recorded", "case", cases.Recorded, "A finished case, copied from the paper log"),
    _type("case.out-of-scope", "case", cases.OutOfScope, "The dispute is not for grassroots mediation"),
    _type("case.scope-review", "case", cases.ScopeReview, "Whether it is for grassroots mediation is looked into"),
    _type("case.in-scope", "case", cases.InScope, "The dispute is for grassroots mediation after all"),
    _type("case.referred", "case", cases.Referred, "The dispute was passed to the authority in charge"),
    _type("case.referral-answered", "case", cases.ReferralAnswered, "The authority answered"),
    _type("case.lead-agreed", "case", cases.LeadAgreed, "A case across units has its lead team"),
    _type("case.danger-raised", "case", cases.DangerRaised, "Danger, domestic violence, or signs of an offence"),
    _type("case.assigned", "case", cases.Assigned, "The leader assigned a mediator"),
    _type("case.chosen", "case", cases.Chosen, "The parties chose their mediator"),
    _type("case.terms-chosen", "case", cases.TermsChosen, "The parties chose place, day, public or private"),
    _type("case.recused", "case", cases.Recused, "A mediator steps back from the case"),
    _type("case.paused", "case", cases.Paused, "Mediation is put off"),
    _type("case.resumed", "case", cases.Resumed, "Mediation goes on"),
    _type("case.mediation-held", "case", cases.MediationHeld, "A mediation session took place"),
    _type("case.settled", "case", cases.Settled, "The parties reached an agreement"),
    _type("case.not-settled", "case", cases.NotSettled, "No agreement is possible"),
    _type("case.ended-by-party", "case", cases.EndedByParty, "A party asked to stop"),
    _type("case.reopened", "case", cases.Reopened, "The parties ask to go on"),
    _type("case.agreement-fulfilled", "case", cases.AgreementFulfilled, "The agreement was performed"),
    _type("case.agreement-broken", "case", cases.AgreementBroken, "The agreement was not performed"),
    _type("case.followed-up", "case", cases.FollowedUp, "How the agreement is being performed"),
    _type("case.court-recognition-asked", "case", cases.CourtAsked,
          "The court was asked to recognise the agreement"),
    _type("case.court-recognition-granted", "case", cases.CourtGranted, "The court recognised the agreement"),
    _type("case.court-recognition-refused", "case", cases.CourtRefused, "The court refused recognition"),
    _type("case.court-inquired", "case", cases.CourtInquired, "The court asks the mediating body"),
    _type("case.court-answered", "case", cases.CourtAnswered, "The mediating body answered the court"),
    _type("case.obstacle-raised", "case", cases.ObstacleRaised, "Something stands in the way"),
    _type("case.obstacle-directed", "case", cases.ObstacleDirected, "A leader directed how it is to be solved"),
    _type("case.obstacle-resolved", "case", cases.ObstacleResolved, "It no longer stands in the way"),
    _type("case.linked", "case", cases.Linked, "The same quarrel as another case"),
    _type("case.unlinked", "case", cases.Unlinked, "Not the same quarrel after all"),
    _type("training.convened", "activity", activity.TrainingConvened, "A class was convened, teams invited"),
    _type("training.attended", "activity", activity.TrainingAttended, "Who attended a class"),
    _type("documents.distributed", "activity", activity.DocumentsDistributed,
          "Documents were handed to teams"),
    _type("payment.requested", "activity", activity.PaymentRequested, "A team asked for payment"),
    _type("payment.decided", "activity", activity.PaymentDecided, "The commune decided on a payment"),
    _type("payment.refused", "activity", activity.PaymentRefused, "The commune refused a payment"),
    _type("payment.paid", "activity", activity.PaymentPaid, "A payment was made"),
    _type("meeting.held", "activity", activity.MeetingHeld, "A team held a review meeting"),
    _type("coordination.requested", "activity", activity.CoordinationRequested,
          "A team asked an agency to take part"),
    _type("coordination.answered", "activity", activity.CoordinationAnswered, "The agency answered"),
    _type("attestation.given", "activity", activity.AttestationGiven, "Somebody vouches for a team"),
    _type("outreach.held", "activity", activity.OutreachHeld, "A team spoke to residents about the law"),
    _type("situation.noted", "activity", activity.SituationNoted, "A tension was noticed"),
    _type("period.declared", "activity", activity.PeriodDeclared, "A team declares that nothing arose"),
    _type("evaluation.scheme-chosen", "activity", recognition.SchemeChosen, "A commune picked a year's criteria"),
    _type("evaluation.closed", "activity", recognition.EvaluationClosed, "A commune closed a year's evaluation"),
    _type("evaluation.corrected", "activity", recognition.EvaluationCorrected, "A closed year of a team is judged again"),
    _type("recognition.self-assessed", "activity", recognition.SelfAssessed, "A team assessed itself and voted"),
    _type("recognition.requested", "activity", recognition.RecognitionRequested, "A team asked to be recognised"),
    _type("recognition.returned", "activity", recognition.RecognitionReturned, "A request was given back to be completed"),
    _type("recognition.reviewed", "activity", recognition.RecognitionReviewed, "The commune's evaluation meeting with the Front"),
    _type("recognition.decided", "activity", recognition.RecognitionDecided, "The commune decided whom it recognises"),
    _type("recognition.revoked", "activity", recognition.RecognitionRevoked, "A recognition was taken back"),
    _type("practice.noted", "activity", recognition.PracticeNoted, "A way of working that others could take up"),
    _type("commendation.proposed", "activity", commendation.CommendationProposed, "A commendation was proposed"),
    _type("commendation.submitted", "activity", commendation.CommendationSubmitted, "A dossier was submitted"),
    _type("commendation.supplement-asked", "activity", commendation.SupplementAsked, "A dossier is to be completed"),
    _type("commendation.supplemented", "activity", commendation.Supplemented, "A dossier was completed"),
    _type("commendation.appraised", "activity", commendation.Appraised, "A proposal was appraised"),
    _type("commendation.decided", "activity", commendation.CommendationDecided, "A commendation was decided"),
    _type("commendation.declined", "activity", commendation.CommendationDeclined, "A commendation was declined"),
    _type("commendation.given", "activity", commendation.CommendationGiven, "A commendation was handed over"),
    _type("commendation.paid", "activity", commendation.CommendationPaid, "The reward was paid"),
    _type("commendation.revoked", "activity", commendation.CommendationRevoked, "A commendation was taken back"),
    _type("commendation.recovered", "activity", commendation.CommendationRecovered, "What a revoked award brought came back"),
    _type("verification.opened", "activity", commendation.VerificationOpened, "An allegation is being verified"),
    _type("verification.closed", "activity", commendation.VerificationClosed, "The verification ended"),
    _type("statistics.submitted", "activity", statistics.StatisticsSubmitted, "A team or unit says that its month is complete"),
    _type("statistics.locked", "activity", statistics.StatisticsLocked, "A unit locked its month's figures"),
    _type("record.corrected", "record", records.Corrected, "An earlier event is replaced"),
    _type("record.withdrawn", "record", records.Withdrawn, "An earlier event is taken back"),
)

TYPES: dict[str, EventType] = {t.name: t for t in _ALL}

UPCASTS: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""Old type name → a function from its data to the data of the next version. Empty while every type is at
its first."""

_VERSIONED = re.compile(r"(?P<stem>.+)\.v(?P<version>[1-9][0-9]*)")
_STEMS = {name.rsplit(".v", 1)[0] for name in TYPES}


def is_unknown_version(name: str) -> bool:
    """A known type in a version that this release does not read: kept until a replica understands it."""
    match = _VERSIONED.fullmatch(name)
    return name not in TYPES and match is not None and match["stem"] in _STEMS


def short(name: str) -> str:
    """``vn.namtot.case.settled.v1`` → ``case.settled``."""
    return name.removeprefix(PREFIX).rsplit(".v", 1)[0]


def first_future(event_type: EventType, data: Any, limit: str) -> str | None:
    """The first field that lies after ``limit`` (a ``When``), as a path such as ``data.evidence[0].dated``,
    or None."""
    for path in event_type.past:
        found = _after(data, path, limit, "data")
        if found is not None:
            return found
    return None


def _after(value: Any, path: tuple[str, ...], limit: str, at: str) -> str | None:
    for step, name in enumerate(path):
        if value is None:
            return None
        if name == EACH:
            found = (_after(item, path[step + 1:], limit, f"{at}[{i}]") for i, item in enumerate(value))
            return next((one for one in found if one is not None), None)
        value = getattr(value, name)
        at = f"{at}.{name}"
    return at if isinstance(value, When) and value > limit else None
