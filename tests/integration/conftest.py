"""What several tests of one service's store start from. A test file of another service has a ``db`` of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.evaluation.store import Db, prepare
from shared.settings import load
from shared.storage import connect, database


@pytest.fixture
def db(settings_env: dict[str, str]) -> Iterator[Db]:
    """Evaluation's, empty and with its indexes."""
    settings = load(settings_env)
    with connect(settings) as client:
        found = database(client, settings, "evaluation")
        prepare(found)
        yield found
