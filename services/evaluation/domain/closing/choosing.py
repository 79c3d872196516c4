"""Which criteria a commune picked for a year. The last valid choice that was written up before the year was closed counts; a
choice that cannot be followed has no effect and says which field is why."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.evaluation.domain.facts import UnitStep
from services.evaluation.domain.rules import Scheme
from services.evaluation.domain.wording import Words
from shared.contracts import When

CHOSEN = "evaluation.scheme-chosen"
ARTICLE = "Hướng dẫn 1269/TP-MTTQ"

Vary = Callable[[Scheme, Sequence[Any], Sequence[Any]], Scheme]
"""A scheme with a commune's changes and additions. Raise ``ValueError`` with the place in ``.field`` and what to do
in ``.words``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """``field``: of the entry's data."""

    step: UnitStep
    code: str
    field: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """``scheme``: the base itself where nothing was changed."""

    step: UnitStep
    base: Scheme
    scheme: Scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """``counts``: None where nobody chose, so that the default of the installation holds."""

    counts: Choice | None = None
    refused: tuple[Refused, ...] = ()


def choices(
    steps: Iterable[UnitStep], year: int, schemes: Mapping[str, Scheme], vary: Vary, closed: When | None = None
) -> Choices:
    """Of one unit's steps those about ``year``. ``closed``: when what closed the year was written up; None while it is open."""
    counts: Choice | None = None
    refused: list[Refused] = []
    for step in sorted(steps, key=lambda s: (s.on, s.time, s.id)):
        if step.type != CHOSEN or step.data["year"] != year:
            continue
        read = read_choice(step, schemes, vary)
        if isinstance(read, Refused):
            refused.append(read)
        elif closed is not None and step.time > closed:
            refused.append(_refused(step, "closed", "year", Words(
                f"Năm {year} đã khóa sổ đánh giá: lựa chọn bộ tiêu chí sau đó không có hiệu lực.",
                f"The year {year} was closed before: a later choice of criteria has no effect.",
            )))
        else:
            counts = read
    return Choices(counts=counts, refused=tuple(refused))


def read_choice(step: UnitStep, schemes: Mapping[str, Scheme], vary: Vary) -> Choice | Refused:
    data = step.data
    base = schemes.get(data["scheme"])
    if base is None:
        known = ", ".join(sorted(schemes))
        return _refused(step, "unknown_scheme", "scheme", Words(
            f"Không có bộ tiêu chí {data['scheme']!r}; hiện có: {known}.",
            f"There is no scheme {data['scheme']!r}; there are: {known}.",
        ))
    if base.span(data["year"]) is None:
        return _refused(step, "not_in_force", "scheme", Words(
            f"Bộ tiêu chí {base.id} chưa áp dụng cho năm {data['year']}.",
            f"The scheme {base.id} was not in force in {data['year']}.",
        ))
    changes, additions = data.get("changes", ()), data.get("additions", ())
    if not changes and not additions:
        return Choice(step=step, base=base, scheme=base)
    try:
        scheme = vary(base, changes, additions)
    except ValueError as error:
        said = getattr(error, "words", Words(str(error), str(error)))
        return _refused(step, "bad_value", str(getattr(error, "field", "changes")), Words(
            f"Không theo được nội dung thay đổi: {said.vi}", f"The changes cannot be followed: {said.en}",
        ))
    return Choice(step=step, base=base, scheme=scheme)


def _refused(step: UnitStep, code: str, field: str, words: Words) -> Refused:
    return Refused(step=step, code=f"scheme.{code}", field=field, words=words)
