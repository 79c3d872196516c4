"""Each delivery of a batch gets exactly one outcome."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.intake.domain.accounting import Arrival, Ledger, Tally, judge, type_label
from services.intake.domain.inspection import Accepted, Refused, inspect
from services.intake.store.writing import tally_increments
from shared.contracts import STRUCTURED, When, write
from shared.contracts.keys import raw_key

NOW = When("2026-01-01T00:00:00+07:00")


def arrival(
    id: str, day: str = "2024-03-05", redelivered: bool = False, expected: int | None = None, subject: str = "s"
) -> Arrival:
    extra: dict[str, Any] = {} if expected is None else {"expectedversion": expected}
    body = write(
        type="vn.namtot.case.settled.v1", source="https://so.example", id=id, subject=f"case://so.example/{subject}",
        data={"on": day}, **extra,
    )
    return Arrival(read(body), raw_key(body, STRUCTURED, {}), redelivered)


def read(body: bytes) -> Accepted | Refused:
    return inspect(body, STRUCTURED, {}, now=NOW, limit=NOW, max_body=1_000_000, allowed=lambda source, type: True)


def outcomes(arrivals: list[Arrival], ledger: Ledger | None = None) -> list[str]:
    return [v.outcome for v in judge(arrivals, ledger or Ledger({}, frozenset(), {}))]


def known(*arrivals: Arrival, versions: dict[str, int] | None = None) -> Ledger:
    entries = {a.read.entry.key: a.read.content for a in arrivals if isinstance(a.read, Accepted)}
    return Ledger(entries, frozenset(a.raw for a in arrivals if isinstance(a.read, Refused)), versions or {})


def test_the_same_event_twice_in_a_batch_is_applied_once() -> None:
    assert outcomes([arrival("1"), arrival("1"), arrival("2")]) == ["applied", "duplicate", "applied"]


def test_an_event_of_the_ledger_is_a_duplicate_unless_the_broker_sent_it_again() -> None:
    ledger = known(arrival("1"))
    assert outcomes([arrival("1")], ledger) == ["duplicate"]
    assert outcomes([arrival("1", redelivered=True)], ledger) == ["redelivered"]
    assert outcomes([arrival("2", redelivered=True)], ledger) == ["applied"]


def test_a_reused_id_with_other_bytes_is_refused() -> None:
    verdict = judge([arrival("1"), arrival("1", "2024-03-06")], Ledger({}, frozenset(), {}))[1]
    assert verdict.outcome == "refused"
    assert verdict.refusal is not None and (verdict.refusal.code, verdict.refusal.field) == ("id_reused", "id")


def test_a_refused_body_redelivered_is_not_counted_again_but_resent_it_is() -> None:
    bad = Arrival(read(b"{"), raw_key(b"{", STRUCTURED, {}), False)
    again = Arrival(bad.read, bad.raw, True)
    assert outcomes([again], known(bad)) == ["redelivered"]
    assert outcomes([bad], known(bad)) == ["refused"]


def test_of_two_commands_that_saw_the_same_version_one_conflicts() -> None:
    first, second = arrival("1", expected=3), arrival("2", expected=3)
    assert isinstance(first.read, Accepted)
    ledger = Ledger({}, frozenset(), {first.read.record: 3})
    verdicts = judge([first, second], ledger)
    assert [v.outcome for v in verdicts] == ["applied", "refused"]
    assert verdicts[1].refusal is not None and verdicts[1].refusal.code == "version_conflict"


deliveries = st.builds(
    arrival, st.sampled_from("abc"), st.sampled_from(["2024-03-05", "2024-03-06"]), st.booleans(),
    st.sampled_from([None, 0, 1]), st.sampled_from("xy"),
)


@given(st.lists(deliveries, max_size=12), st.lists(deliveries, max_size=4))
def test_received_is_always_applied_plus_duplicate_plus_refused(batch: list[Arrival], before: list[Arrival]) -> None:
    verdicts = judge(batch, known(*before))
    tally = Tally(received=sum(v.outcome != "redelivered" for v in verdicts))
    for verdict in verdicts:
        tally.add("vn.namtot.case.settled.v1", verdict.outcome)
    assert len(verdicts) == len(batch)
    assert tally.received == tally.applied + tally.duplicate + tally.refused
    assert tally.received + tally.redelivered == len(batch)
    applied = Counter(a.read.entry.key for a, v in zip(batch, verdicts, strict=True)
                      if v.outcome == "applied" and isinstance(a.read, Accepted))
    assert all(count == 1 for count in applied.values())


def test_labels_are_bounded_whatever_a_sender_calls_its_types() -> None:
    assert type_label("vn.namtot.case.settled.v1") == "case.settled"
    assert type_label("vn.namtot.case.settled.v9") == "newer_version"
    assert {type_label(t) for t in (None, "", "x" * 999, "vn.namtot.case.settled.v0")} == {"unknown"}


def test_cases_are_counted_by_what_they_became() -> None:
    tally = Tally()
    tally.move(None, "received")
    tally.move("received", "settled")
    tally.move(None, None)
    tally.move("settled", None)
    tally.move(None, "parked")
    assert {status: change for status, change in tally.cases.items() if change} == {"parked": 1}
    assert tally_increments(tally) == {"cases.parked": 1}
