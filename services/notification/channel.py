"""The mail channel: an Apprise URL says which server, how to reach it and who sends; the message is our own.

Apprise's own mail plugin gives every message a new Message-ID, writes addresses to its log and says only that sending failed. A
ledger needs one Message-ID for all attempts, silence about people, and the server's reason; so the URL, the connection and the
log-in are Apprise's, message and transaction are here.

The server's word counts: 2xx after the text is accepted, 4xx turned away for now, 5xx for good, anything else not reached.
"""

from __future__ import annotations

import datetime as dt
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import NamedTuple

from apprise.exception import AppriseImproperlyConfigured
from apprise.plugins.email.base import NotifyEmail
from apprise.plugins.email.smtp import AppriseSMTPController

from services.notification.domain.ledger import message_id
from shared.settings import SettingsError

SERVER_SECONDS = 15
"""How long the server may take over one command."""
CLOSING = 421
"""RFC 5321: the service is not available, the connection is being closed."""
MOST_A_CONNECTION = 50
"""Messages; servers limit them."""
ABOUT_US = (smtplib.SMTPAuthenticationError, smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPSenderRefused)
"""What a server says about its client, whatever the message."""


class Unreachable(Exception):
    """No server answered, or it went away before it took the text: nothing was said about this message."""


class TurnedAway(Exception):
    """The server spoke about this message. ``for_good``: it will not take it later either."""

    def __init__(self, reason: str, for_good: bool) -> None:
        super().__init__(reason)
        self.for_good = for_good


class Message(NamedTuple):
    """``key``: of its delivery; ``at``: its date, with a time zone."""

    key: str
    to: str
    subject: str
    body: str
    at: dt.datetime


class _Connection(AppriseSMTPController):
    def hand_over(self, sender: str, to: str, data: bytes) -> None:
        """Like ``sendmail``, with the server's own words where it fails."""
        self._socket.sendmail(sender, [to], data)


class MailChannel:
    """Sends one message after another over one connection, until ``rest``: an idle one would be found dead."""

    def __init__(self, url: str) -> None:
        """Raise ``SettingsError`` if ``NAMTOT_SMTP_URL`` is no mail URL of Apprise's."""
        parts = NotifyEmail.parse_url(url) if url.split(":")[0] in ("mailto", "mailtos") else None
        try:
            if not parts:
                raise AppriseImproperlyConfigured("not a mailto:// or mailtos:// address")
            self._server = NotifyEmail(**parts)
        except (AppriseImproperlyConfigured, TypeError) as error:
            raise SettingsError(
                f"NAMTOT_SMTP_URL cannot be used ({error}); expected e.g. mailto://mail.example.vn:25?from=namtot@example.vn"
            ) from None
        self.sender: str = self._server.from_addr[1]
        self._connection: _Connection | None = None
        self._sent = 0

    def send(self, message: Message, accepted: Callable[[], None]) -> None:
        """Hand it to the server. ``accepted`` is called the moment the server has taken it, before anything else is said to it.
        Raise ``Unreachable`` or ``TurnedAway``."""
        data = self._text(message)
        try:
            self._connected().hand_over(self.sender, message.to, data)
        except smtplib.SMTPRecipientsRefused as error:
            raise self._said(*next(iter(error.recipients.values()))) from None
        except ABOUT_US as error:
            raise self._away(f"{type(error).__name__} ({error.smtp_code})") from None
        except smtplib.SMTPResponseException as error:
            raise self._said(error.smtp_code, error.smtp_error) from None
        except (smtplib.SMTPException, OSError, RuntimeError, AppriseImproperlyConfigured) as error:
            raise self._away(type(error).__name__) from None
        accepted()
        self._sent += 1
        if self._sent >= MOST_A_CONNECTION:
            self.rest()

    def rest(self) -> None:
        """Say goodbye to the server until the next message."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.__exit__(None, None, None)

    def _connected(self) -> _Connection:
        if self._connection is None:
            server = self._server
            connection = _Connection(
                server.smtp_host, server.port, server.secure_mode, server.user, server.password,
                server.verify_certificate, SERVER_SECONDS,
            )
            connection.__enter__()
            self._connection, self._sent = connection, 0
        return self._connection

    def _away(self, reason: str) -> Unreachable:
        self.rest()
        return Unreachable(reason)

    def _said(self, code: int, text: bytes | str) -> Unreachable | TurnedAway:
        """What the server's answer means. Its words may hold the address, so only the codes are kept."""
        if code == CLOSING:
            return self._away(f"the mail server answered {code}")
        words = text.decode("ascii", "replace") if isinstance(text, bytes) else text
        first = words.split()[0] if words.split() else ""
        enhanced = f" {first}" if first.count(".") == 2 and first.replace(".", "").isdigit() else ""
        return TurnedAway(f"the mail server answered {code}{enhanced}", for_good=500 <= code < 600)

    def _text(self, message: Message) -> bytes:
        mail = EmailMessage()
        mail["From"] = formataddr((self._server.from_addr[0] or "", self.sender))
        mail["To"] = message.to
        mail["Subject"] = message.subject
        mail["Date"] = format_datetime(message.at)
        mail["Message-ID"] = message_id(message.key, self.sender.rpartition("@")[2])
        # no absence notes and the like (RFC 3834)
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(message.body, cte="quoted-printable")
        return mail.as_bytes(policy=SMTP)

