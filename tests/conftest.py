"""Real servers and real service processes for every test that asks for them; nothing is started for those that do not.

``servers`` are a worker's own for the whole run, unless AMQP_URI and MONGO_URI name others; each test has an empty virtual
host (``amqp_uri``) and databases of its own (``database_prefix``). Wider fixtures take theirs from ``servers.fresh_vhost()``.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as examples

from tests.support.processes import ServiceProcesses
from tests.support.servers import TestServers

# how long one example takes says how busy the machine is
examples.register_profile("namtot", deadline=None)
examples.load_profile("namtot")


def pytest_configure(config: pytest.Config) -> None:
    # nameko's own plugin would import eventlet into every test run; it is for testing nameko itself
    config.pluginmanager.unregister(name="pytest_nameko")
    # said at import, whatever one does; the ini file cannot say it, for the text begins with a line break
    config.addinivalue_line("filterwarnings", r"ignore:\s*Eventlet is deprecated")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    # the tests on real servers wait more than they compute; a foreign broker has one virtual host for all
    return 1 if os.environ.get("AMQP_URI") else (os.cpu_count() or 1) + 1


@pytest.fixture(scope="session")
def servers() -> Iterator[TestServers]:
    running = TestServers()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def amqp_uri(servers: TestServers) -> Iterator[str]:
    uri = servers.fresh_vhost()
    yield uri
    servers.done_with(uri)


@pytest.fixture
def mongo_uri(servers: TestServers) -> str:
    return servers.mongo_uri


@pytest.fixture
def database_prefix(servers: TestServers) -> Iterator[str]:
    prefix = f"t{secrets.token_hex(4)}"
    yield prefix
    servers.drop_databases(prefix)


@pytest.fixture
def settings_env(servers: TestServers, amqp_uri: str, database_prefix: str) -> dict[str, str]:
    """The environment of a service process; ``shared.settings.load(settings_env)`` gives the same to the test."""
    return servers.environ(amqp_uri, database_prefix)


@pytest.fixture
def run_service(settings_env: dict[str, str], tmp_path: Path) -> Iterator[ServiceProcesses]:
    """``run_service("intake")`` → a ServiceProcess that is ready; ``wait=False`` returns at once.

    More keywords are environment variables.
    """
    with ServiceProcesses(settings_env, tmp_path) as services:
        yield services
