"""notification killed, without a channel, and wrongly set."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from shared.storage import connect, database
from tests.integration.notification_city import City, case
from tests.support.eventually import eventually
from tests.support.mail import MailServer
from tests.support.processes import ServiceProcesses
from tests.support.sending import sender


@pytest.fixture
def city(run_service: ServiceProcesses, settings_env: dict[str, str], tmp_path: Path) -> Iterator[City]:
    with MailServer() as mail, sender(settings_env["AMQP_URI"]) as publishing:
        yield City(run_service, mail, publishing, settings_env, tmp_path)


@pytest.mark.chaos
@pytest.mark.parametrize(("point", "mails"), [("notification.sending", 1), ("notification.accepted", 2)])
def test_killed_while_sending(city: City, tmp_path: Path, point: str, mails: int) -> None:
    """Before the hand-over nothing is repeated. Between the server's word and the mark, the one mail comes again under its id."""
    city.start("intake", "directory")
    (first,) = city.start("notification", NAMTOT_FAILPOINT=f"{point}=once:{tmp_path / 'died'}")
    city.know_the_ward()
    city.sender.send(case("12-2024"))
    assert first.wait_exit() == -9
    with connect(city.settings) as client:
        deliveries = database(client, city.settings, "notification")["deliveries"]
        (held,) = deliveries.find()
        assert held["state"] == "sending"
        # as if the dead sender's lease had run out
        deliveries.update_one({"_id": held["_id"]}, {"$set": {"next_at": held["created_at"]}})
    city.start("notification")
    eventually(lambda: city.ask("totals")["sent"] == 1, timeout=60)
    assert len(city.mail.received) == mails
    assert len({m["Message-ID"] for m in city.mail.received}) == 1


def test_without_a_channel_deliveries_are_dropped_not_heaped_up(city: City) -> None:
    city.environ["NAMTOT_SMTP_URL"] = ""
    city.start("intake", "directory", "notification")
    city.know_the_ward()
    city.sender.send(case("12-2024"))
    eventually(lambda: city.ask("totals")["dropped"] == 1, timeout=30)
    (item,) = city.items()
    assert item["reason"] == "mail is switched off (NAMTOT_SMTP_URL is empty)"


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ({"NAMTOT_SMTP_URL": "http://mail.example"}, "NAMTOT_SMTP_URL cannot be used"),
        ({"NAMTOT_NOTIFICATION_RULES": "/nowhere/rules.yaml"}, "/nowhere/rules.yaml cannot be read"),
    ],
)
def test_a_wrong_setting_ends_it_with_a_sentence(city: City, setting: dict[str, str], words: str) -> None:
    service = city.run("notification", wait=False, **setting)
    assert service.wait_exit() != 0
    assert words in service.log()
