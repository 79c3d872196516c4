"""Mails over real SMTP: what arrives, and what each answer of the server means."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator

import pytest

from shared.settings import SettingsError
from tests.support.mail import MailServer

# apprise probes for an optional library by importing a module that Python has deprecated
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

AT = dt.datetime(2026, 11, 14, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=7)))
TO = "hgv52@bode.example"


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


class Sent:
    """A channel to a server, and how often the server accepted."""

    def __init__(self, mail: MailServer) -> None:
        # in here, for what importing it warns of is ignored in the tests only
        from services.notification.channel import MailChannel

        self.channel = MailChannel(mail.url)
        self.accepted = 0

    def send(self, body: str = "Đề nghị bắt đầu trước hết ngày 14/11.\n", key: str = "k1") -> None:
        from services.notification.channel import Message

        self.channel.send(Message(key, TO, "Phân công hòa giải vụ việc 12/2026", body, AT), self._count)

    def _count(self) -> None:
        self.accepted += 1


@pytest.fixture
def sent(mail: MailServer) -> Iterator[Sent]:
    sent = Sent(mail)
    yield sent
    sent.channel.rest()


def test_a_mail_arrives_as_it_was_written_under_its_own_id(mail: MailServer, sent: Sent) -> None:
    body = "Đề nghị bắt đầu trước hết ngày 14/11.\n.một dòng bắt đầu bằng dấu chấm\n" + "dài " * 300 + "\n"
    sent.send(body)
    sent.channel.rest()
    sent.send(body)
    (first, second) = mail.to(TO)
    assert first["Subject"] == "Phân công hòa giải vụ việc 12/2026"
    assert first.get_content().replace("\r\n", "\n") == body
    assert first["Message-ID"] == second["Message-ID"] == "<k1@namtot.namtot.example>"
    assert (first["From"], first["To"], first["Auto-Submitted"]) == ("namtot@namtot.example", TO, "auto-generated")
    assert first["Date"].datetime == AT
    assert sent.accepted == 2


@pytest.mark.parametrize(
    ("answer", "for_good"), [("550 5.1.1 no such person as hgv52@bode.example", True), ("450 4.2.1 try later", False)]
)
def test_a_refused_recipient_is_turned_away_and_the_reason_names_nobody(
    mail: MailServer, sent: Sent, answer: str, for_good: bool
) -> None:
    from services.notification.channel import TurnedAway

    mail.refuse = lambda address: answer
    with pytest.raises(TurnedAway) as error:
        sent.send()
    assert error.value.for_good is for_good and sent.accepted == 0
    assert str(error.value) == f"the mail server answered {' '.join(answer.split()[:2])}"


@pytest.mark.parametrize(("answer", "for_good"), [("554 5.7.1 spam", True), ("452 4.3.1 full", False)])
def test_a_refused_text_is_turned_away(mail: MailServer, sent: Sent, answer: str, for_good: bool) -> None:
    from services.notification.channel import TurnedAway

    mail.text_answer = answer
    with pytest.raises(TurnedAway) as error:
        sent.send()
    assert error.value.for_good is for_good and sent.accepted == 0


def test_a_server_that_is_away_or_closing_says_nothing_about_the_message(mail: MailServer, sent: Sent) -> None:
    from services.notification.channel import Unreachable

    mail.text_answer = "421 4.3.2 shutting down"
    with pytest.raises(Unreachable):
        sent.send()
    mail.down()
    with pytest.raises(Unreachable):
        sent.send()
    mail.up()
    mail.text_answer = "250 kept"
    sent.send()
    assert sent.accepted == 1


def test_many_mails_share_a_few_connections_and_one_turned_away_harms_no_other(mail: MailServer, sent: Sent) -> None:
    from services.notification.channel import MOST_A_CONNECTION, TurnedAway

    for number in range(MOST_A_CONNECTION + 10):
        if number == 5:
            mail.refuse = lambda address: "450 4.2.1 busy"
            with pytest.raises(TurnedAway):
                sent.send(key="turned away")
            mail.refuse = lambda address: None
        sent.send(key=str(number))
    assert sent.accepted == len(mail.received) == MOST_A_CONNECTION + 10
    assert len(mail.peers) == 2


def test_a_server_that_never_answers_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from services.notification import channel

    monkeypatch.setattr(channel, "SERVER_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mail = channel.MailChannel(f"mailto://127.0.0.1:{silent.getsockname()[1]}?from=a@b.example")
        with pytest.raises(channel.Unreachable):
            mail.send(channel.Message("k", TO, "s", "b", AT), lambda: None)


@pytest.mark.parametrize("url", ["", "localhost:25", "http://mail.example", "mailto://", "mailto://mail.example?from=nobody"])
def test_a_wrong_url_is_said_in_one_sentence(url: str) -> None:
    from services.notification.channel import MailChannel

    with pytest.raises(SettingsError, match="NAMTOT_SMTP_URL"):
        MailChannel(url)
