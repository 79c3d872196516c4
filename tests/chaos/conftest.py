"""Servers that a test may kill, stop and restart, apart from those of the other tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.servers import TestServers


@pytest.fixture(scope="session")
def chaos_servers() -> Iterator[TestServers]:
    running = TestServers(own=True)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def servers(chaos_servers: TestServers) -> Iterator[TestServers]:
    """Stands in for the ``servers`` of the other tests; whatever a test left dead or paused is brought back behind it."""
    yield chaos_servers
    chaos_servers.start()
