"""What bars a decision to pay: a case or month paid before, a case not ended, out of scope, of another team; more than the
maximum."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.evaluation.domain.casework import ENDED, LEFT_OUT, status_on
from services.evaluation.domain.payments.rules import CIRCULAR, PROCEDURE, Known
from services.evaluation.domain.wording import Words, day, money

Key = tuple[str, str]
"""Of a claim: its record and team. One record may hold claims of several teams."""


@dataclass(frozen=True, slots=True)
class Reason:
    """``case``: the one that it is about."""

    code: str
    article: str
    words: Words
    case: str | None = None


class Taken:
    """Which claims hold a case, or a team's month, because it was decided or paid under them."""

    def __init__(self) -> None:
        self._holders: dict[str, list[Key]] = {}

    def take(self, key: Key, cases: Iterable[str], months: Iterable[str]) -> None:
        for item in (*cases, *(_month(key, month) for month in months)):
            holders = self._holders.setdefault(item, [])
            if key not in holders:
                holders.append(key)

    def release(self, key: Key) -> None:
        for holders in self._holders.values():
            if key in holders:
                holders.remove(key)

    def by_other(self, key: Key, case: str) -> Key | None:
        """The first other claim that holds the case."""
        return next((holder for holder in self._holders.get(case, ()) if holder != key), None)

    def month_by_other(self, key: Key, month: str) -> Key | None:
        return self.by_other(key, _month(key, month))


def _month(key: Key, month: str) -> str:
    # each team has its own months
    return f"{month}|{key[1]}"


def barred(
    key: Key, cases: Sequence[str], months: Sequence[str], known: Mapping[str, Known], taken: Taken, on: dt.date, amount: int,
    most: int | None,
) -> Iterator[Reason]:
    """``most``: the maximum, if known. A case that nobody has reported bars nothing: its report may come."""
    for month in months:
        other = taken.month_by_other(key, month)
        if other is not None:
            yield Reason("month_paid", PROCEDURE, Words(
                f"Hỗ trợ tháng {month[5:]}/{month[:4]} đã được quyết định chi hoặc đã chi theo {called(other, key)}: "
                "không chi hai lần cho một tháng.",
                f"Support for {month} was decided or paid under {called(other, key, 'en')}: a month is not paid for twice.",
            ))
    for id in cases:
        other = taken.by_other(key, id)
        if other is not None:
            yield Reason("case_paid", PROCEDURE, Words(
                f"Vụ việc {id[:8]} đã được quyết định chi hoặc đã chi theo {called(other, key)}: "
                "không chi hai lần cho một vụ việc.",
                f"Case {id[:8]} was decided or paid under {called(other, key, 'en')}: a case is not paid for twice.",
            ), id)
        if id in known:
            yield from _of_case(id, known[id], key[1], on)
    if most is not None and amount > most:
        yield Reason("above_max", CIRCULAR, Words(
            f"Quyết định chi {money(amount)}, vượt mức tối đa {money(most)}.",
            f"{money(amount, 'en')} decided, above the maximum of {money(most, 'en')}.",
        ))


def _of_case(id: str, one: Known, team: str, on: dt.date) -> Iterator[Reason]:
    if one.teams and team not in one.teams:
        yield Reason("other_team", PROCEDURE, Words(
            f"Vụ việc {id[:8]} là của tổ khác.", f"Case {id[:8]} is another team's.",
        ), id)
    status = status_on(one.case, on)
    if status in LEFT_OUT:
        yield Reason("out_of_scope", "Luật 35/2013/QH13, Điều 3", Words(
            f"Vụ việc {id[:8]} không thuộc phạm vi hòa giải ở cơ sở: không chi thù lao.",
            f"Case {id[:8]} is out of the scope of grassroots mediation: nothing is paid for it.",
        ), id)
    elif status not in ENDED:
        yield Reason("case_open", PROCEDURE, Words(
            f"Vụ việc {id[:8]} chưa kết thúc vào ngày {day(on)}.", f"Case {id[:8]} had not ended on {day(on, 'en')}.",
        ), id)


def called(other: Key, key: Key, lang: str = "vi") -> str:
    """What a claim is called beside another; with its team where the record does not tell them apart."""
    name = f"hồ sơ {other[0][:8]}" if lang == "vi" else f"claim {other[0][:8]}"
    if other[0] != key[0]:
        return name
    return f"{name} (tổ {other[1]})" if lang == "vi" else f"{name} (team {other[1]})"
