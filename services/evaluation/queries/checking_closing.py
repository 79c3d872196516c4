"""What would have no effect of a commune's choice of criteria, its closing and its corrections."""

from __future__ import annotations

from services.evaluation.chosen import Chosen, followed
from services.evaluation.domain.closing.choosing import CHOSEN, Refused
from services.evaluation.domain.closing.ending import CLOSED, is_over
from services.evaluation.domain.reading import read_unit_steps
from services.evaluation.domain.wording import Words, day
from services.evaluation.queries.checking import CHECKERS, ENTRY, Answer, Asked, steps_of
from services.evaluation.queries.closing import FROZEN_STAYS
from services.evaluation.store import Document
from shared.contracts.outgoing import RecordEntry


def check_closing(asked: Asked, entry: RecordEntry) -> Answer:
    asked.replica.refresh(asked.db)
    if entry.type == CHOSEN:
        return _choice(asked, entry)
    if entry.type == CLOSED:
        unit, year = entry.data["unit"], entry.data["year"]
        rules = Chosen(asked.db, asked.schemes, asked.default, [unit]).of(unit, year)
        span = rules.scheme.span(year)
        if rules.closed is not None:
            return [], [_said("closing.again", "year", Words(
                f"Năm {year} đã khóa sổ ngày {rules.closed['cause']['on']}: lần này không thay đổi gì.",
                f"The year {year} was closed on {rules.closed['cause']['on']} already: this changes nothing.",
            ))]
        if span is not None and not is_over(span, asked.today):
            return [], [_said("closing.waits", "year", Words(
                f"Kỳ đánh giá còn đến {day(span.last)}: việc khóa sổ có hiệu lực sau ngày đó.",
                f"The window runs until {day(span.last, 'en')}: the closing takes effect after that day.",
            ))]
        return [], []
    return _correction(asked, entry)


def _choice(asked: Asked, entry: RecordEntry) -> Answer:
    (step,) = read_unit_steps(ENTRY, [entry])
    read = followed(step, asked.schemes)
    if isinstance(read, Refused):
        return [_said(read.code, read.field, read.words)], []
    closed = Chosen(asked.db, asked.schemes, asked.default, [step.unit]).closing_time(step.unit, step.data["year"])
    if closed is not None and entry.time > closed:
        year = step.data["year"]
        return [_said("scheme.closed", "year", Words(
            f"Năm {year} đã khóa sổ đánh giá: lựa chọn bộ tiêu chí không còn hiệu lực.",
            f"The year {year} is closed: a choice of criteria has no effect any more.",
        ))], []
    return [], []


def _correction(asked: Asked, entry: RecordEntry) -> Answer:
    steps, flags = steps_of(asked, entry)
    year = entry.data["year"]
    refusals = []
    for step in steps:
        if asked.db["closed"].count_documents({"team": step.team, "year": year}, limit=1):
            continue
        refusals.append(_said("correction.open", "year", Words(
            f"Năm {year} của tổ chưa khóa sổ: số liệu vẫn tự cập nhật, không cần hiệu chỉnh.",
            f"The team's year {year} is not closed: facts flow through by themselves, nothing is to be corrected.",
        )))
    return refusals, flags


def _said(code: str, field: str, words: Words) -> Document:
    return {"code": code, "field": field, "article": FROZEN_STAYS, "vi": words.vi, "en": words.en}


CHECKERS["evaluation"] = check_closing
