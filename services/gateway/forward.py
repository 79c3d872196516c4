"""One event into the broker and its outcome back: the way that ``POST /events`` and the pages' forms share.

    answer = await Forwarder(link, words, 3.0)(message)

Intake's reply is a hint, its ledger is the truth: no reply in time answers ``pending`` with the place to ask.
"""

from __future__ import annotations

import time

import msgspec

from services.gateway import metrics, outcomes
from services.gateway.inbound import Inbound
from services.gateway.link import Link, NotConfirmed, Parcel, ReplyLost
from services.gateway.outcomes import Answer, Told
from services.gateway.words import Words
from shared.messaging import topology

CONFIRM_SECONDS = 10.0

_told = msgspec.json.Decoder(Told)


class Forwarder:
    """``wait``: seconds for intake's outcome, once the broker has confirmed."""

    def __init__(self, link: Link, words: Words, wait: float) -> None:
        self._link = link
        self._words = words
        self._wait = wait

    async def __call__(self, message: Inbound) -> Answer:
        answer = await self._forwarded(message)
        metrics.EVENTS.labels(answer.outcome).inc()
        return answer

    async def _forwarded(self, message: Inbound) -> Answer:
        # intake measures from this stamp how long the event waited
        headers = {**message.headers, "timestamp_in_ms": int(time.time() * 1000)}
        parcel = Parcel(topology.INBOUND.name, message.routing_key, message.body, message.content_type, headers=headers)
        with self._link.expect() as reply:
            try:
                await self._link.publish(parcel, timeout=CONFIRM_SECONDS, reply=reply)
            except NotConfirmed:
                return outcomes.not_accepted(self._words, message.source, message.id)
            try:
                told = _told.decode(await reply.within(self._wait))
            except (TimeoutError, ReplyLost, msgspec.DecodeError):
                # confirmed, so it will be taken in or refused; only the word of it has not come
                return outcomes.pending(self._words, message.source, message.id)
        return outcomes.told(self._words, told, message.source, message.id)
