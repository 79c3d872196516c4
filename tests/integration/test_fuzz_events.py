"""Every field of every event type broken in every way, through the real intake: taken in, or refused with field and reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest

from services.intake.domain.inspection import Refused, inspect
from shared.contracts import STRUCTURED, TYPES
from shared.contracts.keys import raw_key
from tests.support.processes import ServiceProcesses
from tests.support.sending import Sender, sender
from tests.unit.contracts.broken import Broken, broken, of
from tests.unit.contracts.events import NOW

EACH = 7
"""Every so many go through the servers; all are read. Another share of them in each way, for 7 divides no number of ways."""


@pytest.fixture
def outside(amqp_uri: str) -> Iterator[Sender]:
    with sender(amqp_uri) as opened:
        yield opened


def read(one: Broken) -> Refused | None:
    found = inspect(one.body, STRUCTURED, {}, now=NOW, limit=NOW, max_body=2**20, allowed=lambda source, type: True)
    return found if isinstance(found, Refused) else None


def test_each_is_taken_in_or_refused_with_field_and_reason(outside: Sender, run_service: ServiceProcesses) -> None:
    everything = list(broken())
    assert {one.type for one in everything} == set(TYPES), "no type without an example"
    refusals = {of(one): refused for one in everything if (refused := read(one)) is not None}
    assert len(refusals) > len(everything) / 2
    for key, refused in refusals.items():
        assert refused.refusal.reason and (refused.refusal.field or refused.refusal.code == "unreadable"), key
    sent = everything[::EACH]
    service = run_service("intake")
    outside.send([one.body for one in sent])
    expected = Counter("refused" if of(one) in refusals else "applied" for one in sent)
    accounts = outside.settled(received=len(sent), duplicate=0, redelivered=0, **expected)
    assert accounts["balanced"]
    kept = {}
    while len(kept) < expected["refused"]:
        page = outside.ask("refused", limit=1000, skip=len(kept))["items"]
        assert page, f"{len(kept)} of {expected['refused']} refusals are listed"
        kept |= {item["id"]: item for item in page}
    for one in sent:
        if of(one) in refusals:
            item = kept[raw_key(one.body, STRUCTURED, {})]
            told = refusals[of(one)].refusal
            assert (item["code"], item["field"]) == (told.code, told.field[:500] or ""), of(one)
            assert item["reason"] and item["people"], of(one)
    assert service.pid is not None
    assert "Traceback" not in service.log()
