"""A mail server that delivers nothing: every message becomes a file, to be looked at.

    python -m deploy.local.mailsink PORT DIRECTORY
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import os
import secrets
import shutil
import signal
import smtplib
import sys
import time
from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local import ports
from deploy.local.server import Server


class MailSink(Server):
    name = "mail"
    title = "the mail sink"
    port_names = ("smtp",)

    @property
    def directory(self) -> Path:
        return self.home / "messages"

    @property
    def uri(self) -> str:
        """As Apprise wants it, without recipients; see ``NAMTOT_SMTP_URL``."""
        return f"mailto://{ports.LOOPBACK}:{self.port('smtp')}?from=namtot@example.vn"

    def messages(self) -> list[EmailMessage]:
        """Everything received, in order; ``X-Envelope-To`` says for whom each was."""
        parser = email.policy.default
        return [
            email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=parser)
            for path in sorted(self.directory.glob("*.eml"))
        ]

    def command(self) -> Sequence[str]:
        return [sys.executable, "-m", "deploy.local.mailsink", str(self.port("smtp")), str(self.directory)]

    def environ(self) -> Mapping[str, str]:
        root = str(Path(__file__).resolve().parents[2])
        return {"PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))}

    def configure(self) -> None:
        self.directory.mkdir(exist_ok=True)

    def answers(self, timeout: float) -> bool:
        try:
            with smtplib.SMTP(ports.LOOPBACK, self.port("smtp"), timeout=timeout) as client:
                return client.noop()[0] == 250
        except (OSError, smtplib.SMTPException):
            return False

    def wipe(self) -> None:
        shutil.rmtree(self.directory, ignore_errors=True)

    def port_taken(self) -> bool:
        return "address already in use" in self.process.said()


class Keeper:
    """What aiosmtpd asks about each message."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        name = f"{time.time_ns()}-{secrets.token_hex(4)}"
        half = self.directory / f"{name}.part"
        to = ", ".join(envelope.rcpt_tos)
        content = envelope.original_content or b""
        half.write_bytes(f"X-Envelope-To: {to}\r\n".encode() + content)
        half.rename(self.directory / f"{name}.eml")
        return "250 kept"


async def receive(port: int, directory: Path) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    keeper = Keeper(directory)
    server = await loop.create_server(lambda: SMTP(keeper, enable_SMTPUTF8=True), ports.LOOPBACK, port)
    async with server:
        await ended.wait()


if __name__ == "__main__":
    asyncio.run(receive(int(sys.argv[1]), Path(sys.argv[2])))
