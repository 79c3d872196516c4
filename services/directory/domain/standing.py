"""Whether teams are as the law wants them on a day (Luật 35/2013/QH13 Art. 12), and every group has one.

Nothing is decided here: what is lacking is pointed out, with the article. A rule that needs what nobody said is not checked, and
the answer says so.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from services.directory.domain.course import Course, stood
from services.directory.domain.facts import AreaSeen, Fact
from services.directory.domain.groups import GroupState
from services.directory.domain.law import Law, Rule
from services.directory.domain.onday import members_on, natural, place_on, works_on
from services.directory.domain.saying import day_vi
from shared.calendar import add_months
from shared.contracts import to_builtins
from shared.contracts.outgoing import Membership, TeamPlace, TeamState
from shared.naming import fold_name

CODES = (
    "few_mediators", "no_woman", "no_minority_member", "no_leader", "several_leaders", "not_elected", "review_due", "no_place",
)
"""What may be lacking in a team."""


class Problem(msgspec.Struct, kw_only=True, frozen=True):
    """``mark``: how far the rule behind it can be trusted (F, I, U)."""

    code: str
    article: str
    mark: str
    vi: str
    en: str


class Areas:
    """Where many people of ethnic minorities live, as communes said, by date."""

    def __init__(self, facts: Iterable[Fact]) -> None:
        self._said: defaultdict[tuple[str, str | None], list[tuple[str, bool]]] = defaultdict(list)
        for fact in sorted(facts, key=lambda f: f.order):
            if isinstance(fact.body, AreaSeen):
                group = fact.body.group
                where = fact.body.unit, None if group is None else fold_name(group)
                self._said[where].append((fact.day, fact.body.minorities))

    def minorities(self, place: TeamPlace, day: str) -> bool | None:
        """What was said last of the group, else of its unit; None: nothing."""
        for where in ((place.unit, fold_name(place.group)), (place.unit, None)):
            said = [many for since, many in self._said.get(where, ()) if since <= day]
            if said:
                return said[-1]
        return None


def standing(
    teams: Iterable[tuple[TeamState, Course]], groups: Iterable[GroupState], areas: Areas, law: Law, day: str
) -> dict[str, Any]:
    """{"on", "teams": [{"code", "name", "unit", "group", "mediators", "women", "problems": [Problem], "last_review"?,
    "review_due"?}], "groups_without_team": [{"unit", "group", "article", "mark"}], "unchecked": {"minority_members": teams}}.

    Teams that do not work on ``day`` are left out.
    """
    rows, unchecked, served = [], 0, set()
    for team, course in teams:
        if not works_on(team, day):
            continue
        place = place_on(team, day)
        many = areas.minorities(place, day) if place is not None else None
        unchecked += many is None
        if place is not None:
            served.add((place.unit, fold_name(place.group)))
        rows.append(_row(team, course, place, bool(many), law, day))
    rule = law.on("teams_a_group", day)
    without = [] if rule is None else [
        {"unit": g.unit, "group": g.name, "article": rule.citation, "mark": rule.mark} for g in groups
        if g.valid_from <= day and (g.valid_to is None or day < g.valid_to) and (g.unit, fold_name(g.name)) not in served
    ]
    return {
        "on": day, "teams": sorted(rows, key=lambda r: (r["unit"] or "", natural(r["group"] or ""), r["name"], r["code"])),
        "groups_without_team": sorted(without, key=lambda g: (g["unit"], natural(g["group"]))),
        "unchecked": {"minority_members": unchecked},
    }


def counts(answer: Mapping[str, Any]) -> dict[str, int]:
    """Code → teams that lack this, every code named; besides ``group_without_team``."""
    found = Counter(problem["code"] for team in answer["teams"] for problem in team["problems"])
    return {**{code: found[code] for code in CODES}, "group_without_team": len(answer["groups_without_team"])}


def _row(team: TeamState, course: Course, place: TeamPlace | None, many: bool, law: Law, day: str) -> dict[str, Any]:
    reviews = [review.on for review in course.reviews if review.on <= day]
    members = _each_once(members_on(team, day))
    women = sum(m.sex == "female" for m in members)
    problems = [*_lacking(members, women, many, law, day), *_not_elected(members, course, law, day)]
    if place is None:
        problems.append(Problem(
            code="no_place", article="", mark="I", vi="Chưa rõ tổ hoạt động ở tổ dân phố nào.",
            en="Nobody says in which residential group it works.",
        ))
    due = _review_due(team, reviews, law, day)
    if due is not None and due[0] < day:
        problems.append(_overdue(reviews, *due))
    row: dict[str, Any] = {
        "code": team.code, "name": team.name, "unit": place.unit if place else None, "group": place.group if place else None,
        "mediators": len(members), "women": women, "problems": [to_builtins(p) for p in problems],
    }
    if reviews:
        row["last_review"] = reviews[-1]
    if due is not None:
        row["review_due"] = due[0]
    return row


def _each_once(members: Iterable[Membership]) -> list[Membership]:
    return list({(m.source, m.ref): m for m in members}.values())


def _lacking(members: list[Membership], women: int, many: bool, law: Law, day: str) -> Iterator[Problem]:
    least = law.on("mediators", day)
    if least is not None and len(members) < least.value:
        yield _problem(
            "few_mediators", least, f"Tổ có {len(members)} hòa giải viên, phải có từ {least.whole} trở lên.",
            f"Mediators: {len(members)}; at least {least.whole} are needed.",
        )
    least = law.on("women", day)
    if least is not None and women < least.value:
        yield _problem(
            "no_woman", least, "Tổ phải có hòa giải viên nữ.", "A woman must be among its mediators.",
        )
    least = law.on("minority_members", day)
    if many and least is not None and sum(m.ethnic_minority for m in members) < least.value:
        yield _problem(
            "no_minority_member", least,
            "Nơi có nhiều đồng bào dân tộc thiểu số: tổ phải có hòa giải viên là người dân tộc thiểu số.",
            "Many people of ethnic minorities live there: one of them must be among its mediators.",
        )
    leaders, rule = sum(m.leader for m in members), law.on("leaders", day)
    if rule is not None and leaders < rule.value:
        yield _problem("no_leader", rule, "Tổ chưa có tổ trưởng.", "It has no leader.")
    if rule is not None and leaders > rule.value:
        yield _problem("several_leaders", rule, f"Tổ có {leaders} tổ trưởng.", f"It has {leaders} leaders.")


def _not_elected(members: list[Membership], course: Course, law: Law, day: str) -> Iterator[Problem]:
    """Whom a register lists although the last vote in which he stood did not elect him."""
    rule = law.on("elected_share", day)
    votes = [(m.ref, stood(course.elections, m.ref, day)) for m in members] if rule is not None and course.elections else ()
    for ref, vote in votes:
        if rule is not None and vote is not None and vote[1].outcome != "elected":
            on = vote[0].on
            yield _problem(
                "not_elected", rule, f"{ref} có tên trong tổ dù không trúng cử lần bầu gần nhất ({day_vi(on)}).",
                f"{ref} is listed as a mediator although the last vote ({on}) did not elect him or her.",
            )


def _review_due(team: TeamState, reviews: list[str], law: Law, day: str) -> tuple[str, Rule] | None:
    """The last day for the next review."""
    rule = law.on("review_months", day)
    if rule is None:
        return None
    since = reviews[-1] if reviews else max(team.established_on[:10], rule.since)
    return add_months(dt.date.fromisoformat(since), rule.whole).isoformat(), rule


def _overdue(reviews: list[str], due: str, rule: Rule) -> Problem:
    last_vi = f"lần gần nhất {day_vi(reviews[-1])}" if reviews else "chưa ghi nhận lần nào"
    last_en = f"the last one on record is of {reviews[-1]}" if reviews else "none is on record"
    return _problem(
        "review_due", rule, f"Quá hạn kiện toàn (hết ngày {day_vi(due)}); {last_vi}.",
        f"Its review was due by {due}; {last_en}.",
    )


def _problem(code: str, rule: Rule, vi: str, en: str) -> Problem:
    return Problem(code=code, article=rule.citation, mark=rule.mark, vi=vi, en=en)


def doubles(teams: Iterable[TeamState], day: str) -> list[dict[str, Any]]:
    """Who is a mediator of several teams on ``day``: [{"source", "ref", "teams": [{"code", "name", "unit", "since"}]}].

    Known by the reference that one source uses. Whether two sources, or two references of one, mean the same person cannot be
    seen without the names, which the directory never has.
    """
    where: defaultdict[tuple[str, str], dict[str, dict[str, Any]]] = defaultdict(dict)
    for team in teams:
        place = place_on(team, day)
        for member in members_on(team, day) if works_on(team, day) else ():
            where[member.source, member.ref][team.code] = {
                "code": team.code, "name": team.name, "unit": place.unit if place else None, "since": member.valid_from[:10],
            }
    return [
        {"source": source, "ref": ref, "teams": [at[code] for code in sorted(at)]}
        for (source, ref), at in sorted(where.items()) if len(at) > 1
    ]
