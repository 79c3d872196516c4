"""The conditions that the procedure's gates name. Each looks at one act beside what is on record, and answers with the fields
that its sentence needs where it is not fulfilled, else None.

A condition of *presence* asks for a paper that may still come; one of *content* asks what the papers say.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Final

from services.evaluation.domain.recognition.papers import Paper
from services.evaluation.domain.recognition.procedure import Act, Procedure
from services.evaluation.domain.recognition.procedure import Paper as Kind
from services.evaluation.domain.wording import Words

Miss = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """By day, for the days of the team's steps: how many members the directory has, and the unit in which the team works.
    A day that is not here is not known."""

    members: Mapping[dt.date, int] = field(default_factory=dict)
    units: Mapping[dt.date, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """``papers``: those on record that have effect, in legal order; ``last``: of them the last decision or revocation;
    ``standing``: the decision by which the team is recognised."""

    procedure: Procedure
    year: int
    papers: Sequence[Paper]
    last: Paper | None = None
    standing: Paper | None = None
    where: Whereabouts = Whereabouts()

    def of(self, *acts: Act) -> list[Paper]:
        return [paper for paper in self.papers if paper.act in acts]

    def before(self, act: Paper, kind: Act) -> Paper | None:
        """The last paper of that kind not dated after ``act``; where all are dated after it, the first."""
        found = self.of(kind)
        return next((p for p in reversed(found) if p.on <= act.on), found[0] if found else None)


def agrees(procedure: Procedure, assessment: Paper) -> bool:
    """Whether more than the share of all members, absent ones included, voted for it."""
    share = procedure.values.vote_share.find(assessment.as_of)
    return share is None or assessment.agreed * share.value.denominator > assessment.members * share.value.numerator


# -- presence

def assessment(known: Known, act: Paper) -> Miss | None:
    return None if known.of(Act.ASSESS) else {}


def request(known: Known, act: Paper) -> Miss | None:
    """One that was not given back, or was sent anew since."""
    dated = [p for p in known.of(Act.REQUEST, Act.RETURN) if p.on <= act.on] or known.of(Act.REQUEST)
    return None if dated and dated[-1].act is Act.REQUEST else {}


def review(known: Known, act: Paper) -> Miss | None:
    return None if known.of(Act.REVIEW) else {}


def recognition(known: Known, act: Paper) -> Miss | None:
    held = known.standing
    return None if held is not None and held.on <= act.on else {"year": known.year}


# -- content

def vote(known: Known, act: Paper) -> Miss | None:
    held = known.before(act, Act.ASSESS)
    if held is None or agrees(known.procedure, held):
        return None
    share = known.procedure.values.vote_share.at(held.as_of).value
    return {"agreed": held.agreed, "members": held.members, "share": _percent(share), "on": held.on}


def all_met(known: Known, act: Paper) -> Miss | None:
    held = known.before(act, Act.ASSESS)
    return None if held is None or held.all_met else {"on": held.on}


def authority(known: Known, act: Paper) -> Miss | None:
    allowed = known.procedure.values.signers.find(act.as_of)
    return None if allowed is None or act.signed_by in allowed.value else {"number": act.number}


def undecided(known: Known, act: Paper) -> Miss | None:
    """One decision at a time, and none dated before another that has effect."""
    held = known.standing or (known.last if known.last is not None and known.last.on > act.on else None)
    return None if held is None or held.id == act.id else {"number": held.number, "on": held.on, "year": known.year}


def unit(known: Known, act: Paper) -> Miss | None:
    held = known.where.units.get(act.on)
    return None if not held or act.unit in (None, held) else {"unit": act.unit, "other": held, "on": act.on}


def chair(known: Known, act: Paper) -> Miss | None:
    return None if act.chaired else {"on": act.on}


def front(known: Known, act: Paper) -> Miss | None:
    return None if act.front else {"on": act.on}


def members(known: Known, act: Paper) -> Miss | None:
    held = known.where.members.get(act.on)
    return None if not held or held == act.members else {"members": act.members, "listed": held, "on": act.on}


def meeting(known: Known, act: Paper) -> Miss | None:
    """That the decision follows what the meeting came to."""
    held = known.before(act, Act.REVIEW)
    return None if held is None or held.positive is act.positive else {"on": held.on, "number": act.number}


def request_papers(known: Known, act: Paper) -> Miss | None:
    """Minutes may hang on the self-assessment that they are of."""
    held = known.before(act, Act.ASSESS)
    return _lacking(known.procedure.values.request_papers, act, act.attached | (held.attached if held else frozenset()))


def review_papers(known: Known, act: Paper) -> Miss | None:
    return _lacking(known.procedure.values.review_papers, act, act.attached)


def _lacking(dated: Any, act: Paper, attached: frozenset[str]) -> Miss | None:
    wanted = dated.find(act.as_of)
    missing = [kind for kind in (wanted.value if wanted is not None else ()) if kind not in attached]
    return {"papers": _listed([KINDS[kind] for kind in missing]), "on": act.on} if missing else None


BEFORE: Final = {
    Act.REQUEST: Act.ASSESS, Act.RETURN: Act.REQUEST, Act.REVIEW: Act.REQUEST, Act.RECOGNISE: Act.REVIEW,
    Act.DECLINE: Act.REVIEW,
}
"""What each act comes after."""


def order(known: Known, act: Paper) -> Miss | None:
    held = known.of(BEFORE[act.act])
    if not held or held[0].on <= act.on:
        return None
    return {"what": ACTS[act.act], "on": act.on, "before": ACTS[held[0].act], "first": held[0].on}


PRESENCE: Final[dict[str, Callable[[Known, Paper], Miss | None]]] = {
    "assessment": assessment, "request": request, "review": review, "recognition": recognition,
}
CONTENT: Final[dict[str, Callable[[Known, Paper], Miss | None]]] = {
    "vote": vote, "all_met": all_met, "authority": authority, "undecided": undecided, "unit": unit, "chair": chair,
    "front": front, "members": members, "meeting": meeting, "request_papers": request_papers, "review_papers": review_papers,
    "order": order,
}
TESTS: Final = {**PRESENCE, **CONTENT}
HINDSIGHT: Final = ("vote", "all_met")
"""Gates whose papers may come to light after the act took effect."""

FIELDS: Final[dict[str, frozenset[str]]] = {
    "assessment": frozenset(), "request": frozenset(), "review": frozenset(), "recognition": frozenset({"year"}),
    "vote": frozenset({"agreed", "members", "share", "on"}), "all_met": frozenset({"on"}),
    "authority": frozenset({"number"}), "undecided": frozenset({"number", "on", "year"}),
    "unit": frozenset({"unit", "other", "on"}), "chair": frozenset({"on"}), "front": frozenset({"on"}),
    "members": frozenset({"members", "listed", "on"}), "meeting": frozenset({"on", "number"}),
    "request_papers": frozenset({"papers", "on"}), "review_papers": frozenset({"papers", "on"}),
    "order": frozenset({"what", "on", "before", "first"}),
}
"""What the sentence of each gate may name."""

GUARDS: Final[dict[str, frozenset[Act]]] = {
    **dict.fromkeys(TESTS, frozenset(Act)),
    "recognition": frozenset({Act.REVOKE}), "authority": frozenset({Act.RECOGNISE, Act.DECLINE}),
    "undecided": frozenset({Act.RECOGNISE, Act.DECLINE}), "meeting": frozenset({Act.RECOGNISE, Act.DECLINE}),
    "unit": frozenset({Act.REVIEW, Act.RECOGNISE, Act.DECLINE}),
    "chair": frozenset({Act.REVIEW}), "front": frozenset({Act.REVIEW}), "members": frozenset({Act.ASSESS}),
    "request_papers": frozenset({Act.REQUEST}), "review_papers": frozenset({Act.REVIEW}), "order": frozenset(BEFORE),
}
"""Which acts each can be asked of."""

KINDS: Final = {
    Kind.MINUTES: Words("biên bản", "minutes"), Kind.REPORT: Words("báo cáo năm", "yearly report"),
    Kind.LIST: Words("danh sách", "list"), Kind.LETTER: Words("công văn", "letter"), Kind.OTHER: Words("giấy tờ khác", "other"),
}
ACTS: Final = {
    Act.ASSESS: Words("tự đánh giá", "self-assessment"), Act.REQUEST: Words("đề nghị công nhận", "request"),
    Act.RETURN: Words("trả lại hồ sơ", "return"), Act.REVIEW: Words("họp đánh giá", "evaluation meeting"),
    Act.RECOGNISE: Words("quyết định công nhận", "recognition"), Act.DECLINE: Words("quyết định không công nhận", "refusal"),
    Act.REVOKE: Words("hủy quyết định", "revocation"),
}


def _listed(words: Sequence[Words]) -> Words:
    return Words(", ".join(w.vi for w in words), ", ".join(w.en for w in words))


def _percent(share: Fraction) -> str:
    whole = share * 100
    return f"{whole.numerator}%" if whole.denominator == 1 else f"{share.numerator}/{share.denominator}"
