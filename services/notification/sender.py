"""Sends what is due: lease, draft, hand over, mark.

A delivery goes out once under duplicates, replays, two instances and crashes, but for two points, which no sender over SMTP can
close, because the server's word and our own mark are two acts:

    1  the server took the text, and its word got lost on the way, or came after the time-out of one command
    2  the process dies between the server's word and the mark in the ledger, which is made before anything else is said to it;
       if MongoDB is away at that moment, the mark is tried until the lease ends

After either the delivery is sent once more, when its lease has run out, under the same Message-ID. A death at any other point
repeats nothing: before the hand-over the mailbox has got nothing, after the mark the ledger knows.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable

import structlog
from pymongo.errors import PyMongoError

from services.notification import metrics
from services.notification.channel import MailChannel, TurnedAway, Unreachable
from services.notification.domain.ledger import pause
from services.notification.domain.rules import Rules
from services.notification.drafting import Drafter, Dropped, NotNow, NotYet
from services.notification.store import ledger
from services.notification.store.ledger import Leased
from services.notification.store.replica import Db
from shared.failpoints import reach

log = structlog.get_logger(__name__)

ASK_AGAIN = dt.timedelta(seconds=5)
"""After somebody who must be asked did not answer."""
LONGEST_REST = 60.0
"""Seconds between two tries of a server that is away; they begin with one and double."""
BUDGET = 5.0
"""Seconds of work in one run, so that a stop is heard."""
NO_CHANNEL = "mail is switched off (NAMTOT_SMTP_URL is empty)"


class Sender:
    def __init__(
        self, db: Db, channel: MailChannel | None, drafter: Drafter, rules: Rules, clock: Callable[[], dt.datetime]
    ) -> None:
        self._db = db
        self._channel = channel
        self._drafter = drafter
        self._rules = rules
        self._clock = clock
        self._rest = 0.0
        self._awake = 0.0

    def run(self) -> int:
        """Work through what is due, for some seconds; how many were dealt with."""
        ends = time.monotonic() + BUDGET
        count = 0
        try:
            while time.monotonic() < ends and time.monotonic() >= self._awake:
                leased = ledger.lease(self._db, self._clock())
                if leased is None:
                    break
                self._deal(leased)
                count += 1
        finally:
            if self._channel is not None:
                self._channel.rest()
        return count

    def _deal(self, leased: Leased) -> None:
        rule = leased.delivery.rule
        try:
            outcome = self._send(leased)
        except Dropped as reason:
            outcome = "dropped"
            ledger.dropped(self._db, leased, str(reason), self._clock())
        except NotNow as reason:
            outcome = "postponed"
            ledger.again(self._db, leased, f"waits: {reason}", self._clock() + ASK_AGAIN, counted=False)
        except Unreachable as reason:
            outcome = "postponed"
            self._tire(str(reason))
            ledger.again(self._db, leased, f"waits: mail server away: {reason}", self._clock(), counted=False)
        except NotYet as reason:
            outcome = self._turned_away(leased, str(reason), for_good=False)
        except TurnedAway as error:
            outcome = self._turned_away(leased, str(error), error.for_good)
        metrics.DELIVERIES.labels(rule, "mail", outcome).inc()

    def _send(self, leased: Leased) -> str:
        if self._channel is None:
            raise Dropped(NO_CHANNEL)
        message = self._drafter.draft(leased.delivery, self._clock())
        if not ledger.held(self._db, leased):
            # it took so long that another instance has it now
            return "lost_lease"
        reach("notification.sending")
        self._channel.send(message, accepted=lambda: self._mark(leased, message.to))
        self._rest = 0.0
        return "sent"

    def _mark(self, leased: Leased, address: str) -> None:
        reach("notification.accepted")
        wait = 0.1
        while True:
            try:
                if not ledger.sent(self._db, leased, address, self._clock()):
                    log.warning("sent after its lease had ended; it may arrive twice", delivery=leased.key)
                return
            except PyMongoError as error:
                if self._clock() >= leased.until:
                    raise
                log.warning("sent, but not marked yet", delivery=leased.key, error=type(error).__name__, retry_in=wait)
                time.sleep(wait)
                wait = min(wait * 2, 5.0)

    def _turned_away(self, leased: Leased, reason: str, for_good: bool) -> str:
        sending = self._rules.sending
        if for_good or leased.attempts >= sending.attempts:
            ledger.failed(self._db, leased, reason, self._clock())
            log.warning("delivery failed", delivery=leased.key, reason=reason, attempts=leased.attempts)
            return "failed"
        at = self._clock() + dt.timedelta(seconds=pause(sending, leased.attempts))
        ledger.again(self._db, leased, reason, at, counted=True)
        return "turned_away"

    def _tire(self, reason: str) -> None:
        """Leave a server that is away alone for a while; what is due stays due."""
        self._rest = min(max(1.0, self._rest * 2), LONGEST_REST)
        self._awake = time.monotonic() + self._rest
        log.warning("mail server away", reason=reason, retry_in=self._rest)
