from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from shared.contracts import STRUCTURED
from shared.messaging import ConfirmingPublisher, Outgoing
from shared.messaging.rpc import RpcClient
from shared.messaging.topology import INBOUND
from shared.simulation import simulate
from shared.simulation.watching import Watch
from tests.e2e.district import PLAN, SCHEME, WIDE, District, Visit, parties_in, refuse_one
from tests.support.browser import launched
from tests.support.processes import ServiceProcesses
from tests.support.servers import TestServers


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever needs the district comes one after another, in whatever order: it is started once."""
    needs = [item for item in items if "district" in getattr(item, "fixturenames", ())]
    if needs:
        first = items.index(needs[0])
        others = [item for item in items if item not in needs]
        items[:] = [*others[:first], *needs, *others[first:]]


@pytest.fixture(scope="package")
def district(servers: TestServers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[District]:
    home = tmp_path_factory.mktemp("district")
    uri, prefix = servers.fresh_vhost(), f"t{secrets.token_hex(4)}"
    events = list(simulate(PLAN))
    with ServiceProcesses(servers.environ(uri, prefix), home) as run, RpcClient(uri, timeout=30) as ask:
        for name in ("intake", "directory", "evaluation", "gateway"):
            run(name, wait=False)
        for service in run.started:
            service.wait_ready()
        outside = ConfirmingPublisher(uri)
        outside.publish([Outgoing(INBOUND.name, "", event, content_type=STRUCTURED) for event in events])
        outside.close()
        here = District(run.started[-1].url, ask, len(events), parties_in(events), environ=servers.environ(uri, prefix))
        Watch(ask, uri, scheme=SCHEME, year=2024, target=here.events).wait(240, lambda left: None)
        here.teams = {team["code"]: team for team in ask.call("evaluation", "league", scheme=SCHEME, year=2024)["teams"]}
        here.refusal = refuse_one(here)
        here.commendation = ask.call("evaluation", "commendations")["items"][0]["id"]
        yield here
    servers.done_with(uri)
    servers.drop_databases(prefix)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launched(playwright) as started:
        yield started


@pytest.fixture
def visit(browser: Browser, district: District) -> Iterator[Visit]:
    context = browser.new_context(viewport=WIDE, locale="vi-VN")
    visit = Visit(context.new_page(), district)
    yield visit
    assert visit.wrong == []
    context.close()
