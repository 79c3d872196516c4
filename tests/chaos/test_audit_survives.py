"""The sealer of the audit trail dies at each of its steps: no entry is lost, none stands twice, every link holds."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient

from shared import storage
from shared.audit import Trail
from shared.audit.chain import GENESIS
from shared.settings import load
from tests.support.eventually import eventually
from tests.support.processes import ServiceProcesses, namtot
from tests.support.sending import Sender, sender

pytestmark = pytest.mark.chaos
ENTRIES = 700
"""More than are sealed at once."""


@pytest.fixture
def outside(amqp_uri: str) -> Iterator[Sender]:
    with sender(amqp_uri) as opened:
        yield opened


@pytest.fixture
def client(settings_env: dict[str, str]) -> Iterator[MongoClient[dict[str, Any]]]:
    with storage.connect(load(settings_env)) as opened:
        # a process that dies inside a transaction leaves it open: here for seconds, not for a minute
        before = opened.admin.command("getParameter", transactionLifetimeLimitSeconds=1)["transactionLifetimeLimitSeconds"]
        opened.admin.command("setParameter", transactionLifetimeLimitSeconds=4)
        yield opened
        opened.admin.command("setParameter", transactionLifetimeLimitSeconds=before)


@pytest.mark.parametrize("step", ["audit.leased", "audit.sealing"])
def test_sigkill_of_the_sealer(
    step: str, outside: Sender, run_service: ServiceProcesses, client: MongoClient[dict[str, Any]], settings_env: dict[str, str],
    tmp_path: Path,
) -> None:
    settings = load(settings_env)
    database = storage.database(client, settings, "intake")
    trail = Trail(client, database)
    trail.prepare()
    for number in range(20):
        trail.append("an", "operator", "note", "thử", [f"e-{number}"])
    # the rest as appending leaves them
    template = database["audit"].find_one()
    assert template is not None
    rest = [{**template, "_id": f"later-{number:03}", "about": [f"e-{number}"]} for number in range(20, ENTRIES)]
    database["audit"].insert_many(rest)
    database["audit_state"].update_one({"_id": "appended-0"}, {"$inc": {"count": len(rest)}}, upsert=True)
    dying = run_service("intake", wait=False, NAMTOT_FAILPOINT=f"{step}=once:{tmp_path / 'died'}")
    dying.wait_exit()
    head = trail.head()
    assert (head["seq"], head["hash"], head["unsealed"]) == (0, GENESIS, ENTRIES), "all of a sealing or nothing"
    # the dead one's lease lapses by the server's clock; nobody waits for it here
    eventually(lambda: database["audit_state"].update_one({"_id": "sealer"}, [{"$set": {"until": "$$NOW"}}]), timeout=60)
    run_service("intake")
    outside.ask("note", who="an", role="operator", action="note", purpose="thử", about=["last"])
    eventually(lambda: outside.ask("audit", seal=True)["head"]["seq"] == ENTRIES + 1, timeout=60)
    said = Counter(about for entry in database["audit"].find() for about in entry["about"])
    assert said == Counter(["last", *(f"e-{number}" for number in range(ENTRIES))])
    found = namtot("audit", "verify", "--json", environ=settings_env)
    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == {"sealed": ENTRIES + 1, "unsealed": 0, "findings": []}
