"""A team is told what it lacks for its verdict: one message per change of the set, after it has stood still for a while, and none
while it is what the team was told last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import msgspec

from services.notification.domain.ledger import Delivery, Recipient, digest
from services.notification.domain.rules import Rules, too_old
from shared.contracts.outgoing import VerdictChanged

VERDICTS = {"met": "Đạt", "not_met": "Chưa đạt", "not_enough_evidence": "Chưa đủ căn cứ"}


class Standing(msgspec.Struct, kw_only=True, frozen=True):
    """What is known of one team under one scheme and year. ``told``: the set that it was told last; ``times``: how often it was
    told; ``since``: when the set became what it is (UTC), None while there is nothing new to tell."""

    team: str
    unit: str
    scheme: str
    year: int
    generation: int
    verdict: str
    lacking: list[str]
    told: list[str] = []
    times: int = 0
    since: dt.datetime | None = None


def key(change: VerdictChanged) -> str:
    return f"{change.team} {change.scheme} {change.year}"


def heard(held: Standing | None, change: VerdictChanged, now: dt.datetime) -> Standing | None:
    """The standing after ``change``; None if it is no newer than what is held. Under a scheme by which the commune does not go
    any more, nothing lacks."""
    if held is not None and held.generation >= change.generation:
        return None
    lacking = sorted(set(change.lacking)) if change.counts else []
    told = held.told if held else []
    if lacking == told:
        since = None
    elif held is not None and held.since is not None and held.lacking == lacking:
        since = held.since
    else:
        since = now
    return Standing(
        team=change.team, unit=change.unit, scheme=change.scheme, year=change.year, generation=change.generation,
        verdict=change.verdict, lacking=lacking, told=told, times=held.times if held else 0, since=since,
    )


def settled(standing: Standing, rules: Rules, now: dt.datetime) -> bool:
    """Whether the set has stood still long enough to be told."""
    wait = dt.timedelta(seconds=rules["team_lacks"].wait_seconds)
    return standing.since is not None and standing.since + wait <= now


def telling(standing: Standing, rules: Rules, today: dt.date) -> tuple[Standing, Delivery | None]:
    """The standing once this set has been dealt with, and the message, if there is one: nobody is told that nothing lacks."""
    done = msgspec.structs.replace(standing, told=standing.lacking, times=standing.times + 1, since=None)
    rule = rules["team_lacks"]
    if not standing.lacking or too_old(rule, min(dt.date(standing.year, 12, 31), today), today):
        return done, None
    return done, Delivery(
        rule=rule.id, about=standing.team, occasion=f"{standing.scheme} {standing.year} {done.times} {digest(standing.lacking)}",
        to=Recipient(kind="team", team=standing.team, unit=standing.unit),
        words={"year": str(standing.year), "scheme": standing.scheme, "verdict": VERDICTS[standing.verdict]},
        check={"scheme": standing.scheme, "year": standing.year, "lacking": standing.lacking},
    )


def lines(explanation: dict[str, Any], codes: list[str]) -> list[str]:
    """What lacks, in words, from the verdict's explanation: what is the commune's duty is said to be the commune's, so that the
    team does not look guilty. In the order of the explanation, each code once."""
    wanted = set(codes)
    found: dict[str, str] = {}
    for node in _nodes(explanation):
        for change in node.get("changes", ()):
            if change["code"] in wanted and change["code"] not in found:
                whose = " (việc của UBND, không phải lỗi của tổ)" if node.get("duty") == "commune" else ""
                found[change["code"]] = f"{change['vi']}{whose}"
    return list(found.values())


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("children", ()):
        yield from _nodes(child)
