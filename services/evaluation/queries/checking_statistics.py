"""What would be noted of a month's submission or lock, were it published now. Nothing of it is ever refused: it states what was
done."""

from __future__ import annotations

from collections.abc import Iterator

from services.evaluation.domain.statistics.locks import LOCKED, differing, month_span
from services.evaluation.domain.statistics.oddities import NAMES
from services.evaluation.domain.wording import Words, day
from services.evaluation.queries.checking import CHECKERS, Answer, Asked, steps_of
from services.evaluation.queries.locks import statistics_lock
from services.evaluation.queries.statistics import statistics
from services.evaluation.store import Document
from shared.contracts.outgoing import RecordEntry


def check_statistics(asked: Asked, entry: RecordEntry) -> Answer:
    asked.replica.refresh(asked.db)
    flags = list(_noted(asked, entry))
    if entry.data.get("team") is not None:
        flags += steps_of(asked, entry)[1]
    return [], flags


def _noted(asked: Asked, entry: RecordEntry) -> Iterator[Document]:
    month, unit, span = entry.data["month"], entry.data.get("unit"), month_span(entry.data["month"])
    if entry.on.day <= span.last:
        yield _said("month_not_over", "month", Words(
            f"Tháng {month} còn đến {day(span.last)}.", f"The month {month} runs until {day(span.last, 'en')}.",
        ))
    if unit is None:
        return
    if asked.db["units"].count_documents({"code": unit}, limit=1) == 0:
        yield _said("unit_unknown", "unit", Words(f"Chưa có đơn vị {unit} trong danh bạ.", f"There is no unit {unit} on record."))
        return
    found = statistics(asked.db, asked.replica, unit, span.first.isoformat(), span.last.isoformat())["columns"]
    for one in differing(entry.data.get("figures") or {}, {name: tuple(column["cases"]) for name, column in found.items()}):
        vi, en = NAMES[one.name]
        yield _said("stated_differs", "figures", Words(
            f"Số vụ {vi}: ghi {one.stated}, đếm được {len(one.counted)}.",
            f"{en}: stated {one.stated}, counted {len(one.counted)}.",
        ))
    if entry.type == LOCKED:
        yield from _beside(statistics_lock(asked.db, asked.replica, unit, month), month)


def _beside(status: Document, month: str) -> Iterator[Document]:
    if status["missing"]:
        count = f"{len(status['missing'])}/{status['teams']}"
        yield _said("teams_missing", "month", Words(
            f"Còn {count} tổ chưa nộp số liệu tháng {month}.", f"{count} teams did not submit {month} yet.",
        ))
    if (locked := status["locked"]) is not None:
        number = f" ({locked['number']})" if locked["number"] else ""
        yield _said("again", "month", Words(
            f"Tháng {month} đã chốt ngày {locked['on']}{number}: lần chốt này đứng cạnh lần trước, không thay lần trước.",
            f"The month {month} was locked on {locked['on']}{number}: this lock stands beside that one and does not change it.",
        ))


def _said(code: str, field: str, words: Words) -> Document:
    return {"code": code, "field": field, "article": "", "vi": words.vi, "en": words.en}


CHECKERS["statistics"] = check_statistics
