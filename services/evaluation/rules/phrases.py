"""Facts in words: one Vietnamese sentence of a golden example → facts.

A sentence is a head and clauses, parted by commas; days are dd/mm/yyyy. Each head says below what it may be followed
by. What cannot be read raises ``ValueError`` with the sentences that can.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from itertools import count

from services.evaluation.domain.casework import ENDED
from services.evaluation.domain.facts import (
    Activity,
    Attestation,
    Case,
    Coordination,
    Declaration,
    Delivery,
    Meeting,
    Payment,
    Request,
    Sheet,
    Training,
)
from shared.calendar import Span

TEAM = "HG-EXAMPLE"
Fact = Case | Activity

_D = r"(\d\d/\d\d/\d{4})"
_N = r"(\d{1,3}(?:\.\d{3})*|\d+)"

HEADS = (
    "3 vụ việc nhận 05/03/2024, phân công 06/03/2024, bắt đầu 08/03/2024, hòa giải thành 20/03/2024",
    "họp 6 tháng 15/06/2024 | họp năm … | họp tự đánh giá … | họp trao đổi kinh nghiệm …",
    "lớp tập huấn 10/03/2024, có mời tổ, 5 người dự | vắng",
    "cấp tài liệu 10/01/2024",
    "Ban công tác Mặt trận xác nhận phối hợp tốt từ 01/11/2023 đến 31/10/2024 | không xác nhận …",
    "đề nghị phối hợp 10/01/2024, trả lời 15/01/2024",
    "đề nghị chi 25/03/2024 cho mọi vụ việc, 400.000 đồng, chi 28/03/2024",
    "đề nghị hỗ trợ tháng 03/2024 ngày 01/04/2024, 150.000 đồng, chi 03/04/2024",
    "khai không phát sinh từ 01/11/2023 đến 31/10/2024",
)


def read_facts(sentences: list[str]) -> list[Fact]:
    """All facts of an example. Raise ``ValueError`` for a sentence that cannot be read."""
    ids = count(1)
    facts: list[Fact] = []
    for sentence in sentences:
        facts.extend(_read(sentence, ids, facts))
    return facts


def _read(sentence: str, ids: Iterator[int], before: list[Fact]) -> Iterator[Fact]:
    head, *clauses = [part.strip() for part in sentence.split(",")]
    for pattern, reader in _HEADS:
        match = re.fullmatch(pattern, head)
        if match:
            yield from reader(match, clauses, ids, before)
            return
    raise ValueError(f"cannot read {sentence!r}; sentences look like: " + "; ".join(HEADS))


def _cases(match: re.Match[str], clauses: list[str], ids: Iterator[int], before: list[Fact]) -> Iterator[Fact]:
    received = _day(match[2])
    steps: list[tuple[dt.date, str]] = [(received, "received")]
    case: dict[str, object] = {}
    sessions: list[dt.date] = []
    invited: list[tuple[dt.date, int]] = []
    for clause in clauses:
        if found := re.fullmatch(rf"(.+) {_D}", clause):
            what, on = found[1], _day(found[2])
            if what == "bắt đầu":
                sessions.append(on)
                steps.append((on, "mediating"))
            elif what == "hẹn bắt đầu":
                case["agreed_start"] = on
            elif what == "ghi sổ":
                case["written_up"] = on
            elif what in _STEPS:
                steps.append((on, _STEPS[what]))
                if what == "phân công":
                    case["assigned"] = on
            else:
                raise ValueError(f"cannot read {clause!r}; a case knows: " + ", ".join(_STEPS))
        elif found := re.fullmatch(rf"mời {_N} người", clause):
            invited.append((received, _number(found[1])))
        elif clause == "nơi khác biết trước":
            case["first_known_by"] = "unit"
        else:
            raise ValueError(f"cannot read {clause!r} of a case")
    for _ in range(_number(match[1] or "1")):
        yield Case(
            id=f"case-{next(ids)}", received=received, steps=tuple(steps), sessions=tuple(sessions),
            invited=tuple(invited), **case,  # type: ignore[arg-type]
        )


_STEPS = {
    "phân công": "assigned", "các bên chọn hòa giải viên": "chosen", "hòa giải thành": "settled",
    "hòa giải không thành": "not_settled", "chấm dứt theo yêu cầu": "ended_by_party", "tiếp tục hòa giải": "reopened",
    "không thuộc phạm vi": "out_of_scope", "chuyển cơ quan có thẩm quyền": "referred",
}


def _meeting(match: re.Match[str], clauses: list[str], ids: Iterator[int], before: list[Fact]) -> Iterator[Fact]:
    _nothing_more(clauses)
    yield Meeting(f"meeting-{next(ids)}", TEAM, _MEETINGS[match[1]], _day(match[2]))


_MEETINGS = {"6 tháng": "half_year", "năm": "year", "tự đánh giá": "self_assessment", "trao đổi kinh nghiệm": "exchange"}


def _training(match: re.Match[str], clauses: list[str], ids: Iterator[int], before: list[Fact]) -> Iterator[Fact]:
    invited = False
    sheet: Sheet | None = None
    for clause in clauses:
        if clause == "có mời tổ":
            invited = True
        elif clause == "vắng":
            sheet = Sheet(0)
        elif found := re.fullmatch(rf"{_N} người dự", clause):
            sheet = Sheet(_number(found[1]))
        else:
            raise ValueError(f"cannot read {clause!r}; a class knows: có mời tổ, vắng, 5 người dự")
    yield Training(
        id=f"training-{next(ids)}", held=_day(match[1]), invited=frozenset({TEAM} if invited else ()),
        sheets={} if sheet is None else {TEAM: sheet},
    )


def _delivery(match: re.Match[str], clauses: list[str], ids: Iterator[int], before: list[Fact]) -> Iterator[Fact]:
    _nothing_more(clauses)
    yield Delivery(f"delivery-{next(ids)}", _day(match[1]), frozenset({TEAM}))


def _attestation(match: re.Match[str], clauses: list[str], ids: Iterator[int], before: list[Fact]) -> Iterator[Fact]:
    _nothing_more(clauses)
    period = Span(_day(match[2]), _day(match[3]))
    yield Attestation(
        id=f"attestation-{next(ids)}", team=TEAM, matter="coordination", by_role="front_committee",
        positive=match[1] == "xác nhận", period=period, on=period.last,
    )


def _coordination(match: re.Match[str], clauses: list[str], ids: Iterator[int], before: list[Fact]) -> Iterator[Fact]:
    answered = None
    for clause in clauses:
        found = re.fullmatch(rf"trả lời {_D}", clause)
        if not found:
            raise ValueError(f"cannot read {clause!r}; a request for co-ordination knows: trả lời 15/01/2024")
        answered = _day(found[1])
    yield Coordination(
        id=f"coordination-{next(ids)}", team=TEAM, asked=_day(match[1]), answered=answered, agency="Công an phường"
    )


def _payment(match: re.Match[str], clauses: list[str], ids: Iterator[int], before: list[Fact]) -> Iterator[Fact]:
    groups = match.groupdict()
    month = groups.get("month")
    # "cho mọi vụ việc": those of the example so far that have ended
    ended = [c.id for c in before if isinstance(c, Case) and c.steps[-1][1] in ENDED]
    cases = frozenset(ended) if groups.get("all") else frozenset()
    amounts: list[int] = []
    complete = True
    refused: list[dt.date] = []
    decided: list[tuple[dt.date, int]] = []
    paid: list[tuple[dt.date, int]] = []
    for clause in clauses:
        if found := re.fullmatch(rf"{_N} đồng", clause):
            amounts.append(_number(found[1]))
        elif found := re.fullmatch(rf"(chi|quyết định) {_N} đồng {_D}", clause):
            (paid if found[1] == "chi" else decided).append((_day(found[3]), _number(found[2])))
        elif found := re.fullmatch(rf"chi {_D}", clause):
            paid.append((_day(found[1]), amounts[0]))
        elif found := re.fullmatch(rf"từ chối {_D}", clause):
            refused.append(_day(found[1]))
        elif clause == "hồ sơ chưa đủ":
            complete = False
        else:
            raise ValueError(f"cannot read {clause!r} of a payment")
    yield Payment(
        id=f"payment-{next(ids)}", team=TEAM, decided=tuple(decided), refused=tuple(refused), paid=tuple(paid),
        requests=(Request(
            on=_day(groups["on"]), purpose="monthly" if month else "case", amount=amounts[0], cases=cases,
            month=f"{month[3:]}-{month[:2]}" if month else None, complete=complete,
        ),),
    )


def _declaration(match: re.Match[str], clauses: list[str], ids: Iterator[int], before: list[Fact]) -> Iterator[Fact]:
    _nothing_more(clauses)
    yield Declaration(f"declaration-{next(ids)}", TEAM, Span(_day(match[1]), _day(match[2])))


def _nothing_more(clauses: list[str]) -> None:
    if clauses:
        raise ValueError(f"nothing may follow here, but {clauses[0]!r} does")


def _day(text: str) -> dt.date:
    return dt.date(int(text[6:]), int(text[3:5]), int(text[:2]))


def _number(text: str) -> int:
    return int(text.replace(".", ""))


_Reader = Callable[[re.Match[str], list[str], Iterator[int], list[Fact]], Iterator[Fact]]
_HEADS: tuple[tuple[str, _Reader], ...] = (
    (rf"(?:{_N} )?vụ việc nhận {_D}", _cases),
    (rf"họp (6 tháng|năm|tự đánh giá|trao đổi kinh nghiệm) {_D}", _meeting),
    (rf"lớp tập huấn {_D}", _training),
    (rf"cấp tài liệu {_D}", _delivery),
    (rf"Ban công tác Mặt trận (xác nhận|không xác nhận) phối hợp tốt từ {_D} đến {_D}", _attestation),
    (rf"đề nghị phối hợp {_D}", _coordination),
    (rf"đề nghị chi (?P<on>{_D[1:-1]})(?P<all> cho mọi vụ việc)?", _payment),
    (rf"đề nghị hỗ trợ tháng (?P<month>\d\d/\d{{4}}) ngày (?P<on>{_D[1:-1]})", _payment),
    (rf"khai không phát sinh từ {_D} đến {_D}", _declaration),
)
