"""A scheme as a difference over another one: what a commune sets otherwise or adds, and what somebody only tries out.

Values are read as strictly as those of a file, hold over all years from the first one that the scheme has at that place, and
are marked U: their paper is the commune's own. The variant judges exactly like a file with these values written out. What is
changed says so, with its value and its paper: "từ 85% trở lên (thay đổi: 90%)".
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from services.evaluation.domain.measures import MEASURES
from services.evaluation.domain.places import RESERVED, Place, places, with_values
from services.evaluation.domain.points.table import Indicator, PointsCriterion
from services.evaluation.domain.rules import Cited, Criterion, Dated, Scheme, kinds
from services.evaluation.domain.values import ValueTextError, has_text, parse, written
from services.evaluation.domain.wording import Words
from shared.contracts import from_builtins
from shared.contracts.recognition import LocalAddition, LocalChange

TRIED = "Giá trị thử, không có văn bản (what-if)"
DIGEST = 10
"""Characters of a variant's id after the plus sign."""


class VariantError(ValueError):
    """``field``: which of what was given, as ``changes[0].value``. ``problem`` and ``remedy`` make up the text; ``words``: the
    same for people."""

    def __init__(self, field: str, problem: str, remedy: str, vi: str) -> None:
        super().__init__(f"{field}: {problem}; {remedy}")
        self.field, self.problem, self.remedy = field, problem, remedy
        self.words = Words(f"{vi}.", f"{problem}; {remedy}.")


def vary(
    scheme: Scheme, changes: Sequence[LocalChange | Mapping[str, Any]] = (),
    additions: Sequence[LocalAddition | Mapping[str, Any]] = (),
) -> Scheme:
    """``changes``, ``additions``: of the contract, or the same as plain JSON values. The scheme itself where there is nothing
    to change. Neither their order nor how a value is written makes another variant. Raise ``VariantError``."""
    altered = [_contract("changes", i, given, LocalChange) for i, given in enumerate(changes)]
    added = [_contract("additions", i, given, LocalAddition) for i, given in enumerate(additions)]
    if not altered and not added:
        return scheme
    values = _values(scheme, altered)
    criteria = _added(scheme, added)
    changed = _said(with_values(scheme, values), values)
    papers = list(dict.fromkeys([change.citation for change in altered] + [addition.citation for addition in added]))
    return replace(
        changed, criteria=(*changed.criteria, *criteria), citation="; ".join([scheme.citation, *papers]),
        title=Words(f"{scheme.title.vi}, có thay đổi", f"{scheme.title.en}, changed"), **_identity(scheme, values, criteria),
    )


def tried(scheme: Scheme, texts: Sequence[str]) -> list[LocalChange]:
    """Changes as somebody types them: ``settled_rate.threshold=90%``, or ``settled_rate=0.90`` for a criterion's threshold.
    Raise ``VariantError``."""
    known = places(scheme)
    found = []
    for i, text in enumerate(texts):
        at, equals, value = (part.strip() for part in text.partition("="))
        if not equals or not at or not value:
            raise VariantError(
                f"changes[{i}]", f"{text!r} is no change", "write settled_rate.threshold=90%",
                f"“{text}” không phải một thay đổi; ghi settled_rate.threshold=90%",
            )
        if "." not in at:
            at = _threshold_of(known, at, f"changes[{i}].at")
        if at in known and known[at].kind is Fraction and re.fullmatch(r"[01]?\.\d+", value):
            value = written(Fraction(value), Fraction)
        found.append(LocalChange(at=at, value=value, citation=TRIED))
    return found


def _contract(name: str, index: int, given: Any, kind: type[Any]) -> Any:
    if isinstance(given, kind):
        return given
    try:
        return from_builtins(given, kind)
    except ValueError as error:  # msgspec's is one
        raise VariantError(
            f"{name}[{index}]", str(error), "see the contract's example", f"nội dung không đúng mẫu của hợp đồng dữ liệu: {error}"
        ) from None


def _threshold_of(known: Mapping[str, Place], part: str, field: str) -> str:
    own = [at for at in known if at.startswith(f"{part}.")]
    if f"{part}.threshold" in own:
        return f"{part}.threshold"
    if len(own) == 1:
        return own[0]
    if own:
        raise VariantError(
            field, f"{part!r} has no one threshold", "name the value: " + ", ".join(own),
            f"“{part}” không có một ngưỡng duy nhất; ghi rõ một trong: {', '.join(own)}",
        )
    raise _unknown(known, part, field)


def _unknown(known: Mapping[str, Place], at: str, field: str) -> VariantError:
    parts = list(dict.fromkeys(name.partition(".")[0] for name in known))
    near = difflib.get_close_matches(at, [*known, *parts], n=1)
    listed = ", ".join([name for name in known if name.startswith(f"{at.partition('.')[0]}.")] or parts)
    return VariantError(
        field, f"there is no value {at!r}", f"did you mean {near[0]}?" if near else f"name one of: {listed}",
        f"bộ tiêu chí không có giá trị “{at}”; " + (f"có phải là {near[0]}" if near else f"ghi một trong: {listed}"),
    )


def _values(scheme: Scheme, changes: Sequence[LocalChange]) -> dict[str, Dated[Any]]:
    known = places(scheme)
    values: dict[str, Dated[Any]] = {}
    for i, change in enumerate(changes):
        place = known.get(change.at)
        if place is None:
            raise _unknown(known, change.at, f"changes[{i}].at")
        if change.at in values:
            raise VariantError(
                f"changes[{i}].at", f"{change.at} is changed twice", "keep one of them",
                f"{change.at} được thay đổi hai lần; giữ lại một",
            )
        if not has_text(place.kind):
            raise VariantError(
                f"changes[{i}].at", f"{change.at} takes more than one line", "write a scheme file of its own",
                f"{change.at} không ghi được trên một dòng; cần một tệp bộ tiêu chí riêng",
            )
        value = _read(change.value, place.kind, f"changes[{i}].value")
        values[change.at] = Dated((Cited(value, change.citation, "U", place.dated.values[0].since),))
    return values


def _said(scheme: Scheme, values: Mapping[str, Dated[Any]]) -> Scheme:
    """Whatever a changed value belongs to bears the value in its title and the paper in its citation."""
    table = scheme.table
    return replace(
        scheme, criteria=tuple(replace(one, **_words(scheme, one, values)) for one in scheme.criteria),
        table=table and replace(table, criteria=tuple(
            replace(
                one, **_words(scheme, one, values),
                indicators=tuple(replace(part, **_words(scheme, part, values)) for part in one.indicators),
            ) for one in table.criteria
        )),
    )


def _words(
    scheme: Scheme, part: Criterion | PointsCriterion | Indicator, values: Mapping[str, Dated[Any]]
) -> dict[str, Any]:
    own = [(values[at].values[0], place.kind) for at, place in places(scheme).items()
           if at in values and at.partition(".")[0] == part.id]
    if not own:
        return {}
    listed = "; ".join(written(cited.value, kind) for cited, kind in own)
    papers = "; ".join(dict.fromkeys(cited.citation for cited, _ in own))
    return {
        "title": Words(f"{part.title.vi} (thay đổi: {listed})", f"{part.title.en} (changed: {listed})"),
        "citation": f"{part.citation}; {papers}",
    }


def _added(scheme: Scheme, additions: Sequence[LocalAddition]) -> tuple[Criterion, ...]:
    if additions and scheme.table is not None:
        raise VariantError(
            "additions", "a criterion cannot be added to a points table", "write a scheme file of its own",
            "không thêm được tiêu chí vào bảng điểm; cần một tệp bộ tiêu chí riêng",
        )
    taken = {criterion.id for criterion in scheme.criteria} | RESERVED
    found: list[Criterion] = []
    for i, addition in enumerate(additions):
        field = f"additions[{i}]"
        if addition.id in taken:
            raise VariantError(
                f"{field}.id", f"{addition.id!r} is taken", "give it an id of its own",
                f"mã “{addition.id}” đã dùng; đặt một mã riêng",
            )
        taken |= {addition.id}
        measure = MEASURES.get(addition.measure)
        if measure is None:
            listed = ", ".join(sorted(MEASURES))
            raise VariantError(
                f"{field}.measure", f"there is no measure {addition.measure!r}", f"use one of: {listed}",
                f"không có cách đo “{addition.measure}”; dùng một trong: {listed}",
            )
        found.append(Criterion(
            id=addition.id, number=len(scheme.criteria) + len(found) + 1, citation=addition.citation, mark="U",
            title=Words(addition.title, addition.title_en or addition.title), measure=addition.measure,
            evidence=measure.evidence, duty=measure.duty,
            parameters=_parameters(scheme, addition, kinds(measure.parameters), f"{field}.parameters"),
        ))
    return tuple(found)


def _parameters(
    scheme: Scheme, addition: LocalAddition, asked: Mapping[str, Any], field: str
) -> dict[str, Dated[Any]]:
    """What is given; what is left out is as the scheme has it elsewhere under the same measure."""
    for name in addition.parameters:
        if name not in asked:
            near = difflib.get_close_matches(name, asked, n=1)
            raise VariantError(
                f"{field}.{name}", f"{addition.measure} has no {name!r}",
                f"did you mean {near[0]}?" if near else "it has: " + ", ".join(asked),
                f"cách đo {addition.measure} không có “{name}”; có: {', '.join(asked)}",
            )
    elsewhere = next((c.parameters for c in scheme.criteria if c.measure == addition.measure), {})
    missing = [name for name in asked if name not in addition.parameters and name not in elsewhere]
    if missing:
        raise VariantError(
            field, f"{addition.measure} needs more values", "add: " + ", ".join(missing),
            f"cách đo {addition.measure} còn thiếu giá trị; thêm: {', '.join(missing)}",
        )
    since = scheme.window.values[0].since
    return {
        name: elsewhere[name] if name not in addition.parameters else Dated((
            Cited(_read(addition.parameters[name], kind, f"{field}.{name}"), addition.citation, "U", since),
        ))
        for name, kind in asked.items()
    }


def _read(text: str | list[str], kind: Any, field: str) -> Any:
    try:
        return parse(", ".join(text) if isinstance(text, list) else text, kind)
    except ValueTextError as error:
        raise VariantError(field, error.problem, error.remedy, error.vi) from None


def _identity(
    scheme: Scheme, values: Mapping[str, Dated[Any]], criteria: Sequence[Criterion]
) -> dict[str, Any]:
    known = places(scheme)
    parts = [scheme.id, scheme.digest, *sorted(
        [at, written(dated.values[0].value, known[at].kind), dated.values[0].citation] for at, dated in values.items()
    ), *([
        c.id, c.title.vi, c.title.en, c.measure, c.citation, *(
            [name, [(str(v.since), written(v.value, kinds(MEASURES[c.measure].parameters)[name]), v.citation) for v in d.values]]
            for name, d in sorted(c.parameters.items())
        ),
    ] for c in criteria)]
    digest = hashlib.sha256(json.dumps(parts, ensure_ascii=False).encode()).hexdigest()
    return {"id": f"{scheme.id}+{digest[:DIGEST]}", "digest": digest, "base": scheme.id}
