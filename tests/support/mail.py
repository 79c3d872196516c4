"""A real mail server for tests, in a thread: it can be slow, refuse, go away and come back on the same port."""

from __future__ import annotations

import asyncio
import email
import email.policy
import threading
from collections.abc import Callable
from email.message import EmailMessage
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP

from deploy.local import ports

Answer = Callable[[str], str | None]
"""From a recipient to the server's answer instead of 250; None: accepted."""


class MailServer:
    """``with MailServer() as mail``: ``mail.url`` for NAMTOT_SMTP_URL, ``mail.received`` in order of arrival.

    ``refuse``: what to answer to a recipient; ``text_answer``: to the text; ``delay``: seconds before that answer.
    """

    def __init__(self) -> None:
        (self.port,) = ports.choose(1)
        self.received: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refuse: Answer = lambda address: None
        self.text_answer: str = "250 kept"
        self.delay = 0.0
        self.peers: set[Any] = set()
        """Addresses from which somebody connected and named a recipient."""
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="mail")
        self._server: asyncio.Server | None = None
        self._talking: set[SMTP] = set()

    @property
    def url(self) -> str:
        return f"mailto://{ports.LOOPBACK}:{self.port}?from=namtot@namtot.example"

    def __enter__(self) -> MailServer:
        self._thread.start()
        self.up()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def up(self) -> None:
        """Nothing changes if it is up."""
        if self._server is not None and self._server.is_serving():
            return

        async def start() -> asyncio.Server:
            return await self._loop.create_server(lambda: SMTP(self, loop=self._loop), ports.LOOPBACK, self.port)

        self._server = self._do(start())

    def down(self) -> None:
        async def stop() -> None:
            if self._server is not None:
                self._server.close()
                for one in self._talking:
                    if one.transport is not None:
                        one.transport.abort()
                await self._server.wait_closed()
            # let the handlers of aborted conversations see it
            for task in asyncio.all_tasks(self._loop) - {asyncio.current_task(self._loop)}:
                task.cancel()
                await asyncio.wait([task])

        self._do(stop())
        self._server = None

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(20)

    def to(self, address: str) -> list[EmailMessage]:
        return [mail for mail, to in zip(self.received, self.recipients, strict=True) if to == address]

    # -- what aiosmtpd asks

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        self._talking.add(server)
        self.peers.add(session.peer)
        answer = self.refuse(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        await asyncio.sleep(self.delay)
        if self.text_answer.startswith("250"):
            mail = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
            assert isinstance(mail, EmailMessage)
            for address in envelope.rcpt_tos:
                self.received.append(mail)
                self.recipients.append(address)
        return self.text_answer
