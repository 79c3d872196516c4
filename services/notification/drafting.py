"""From a leased delivery to a mail: is it still true, who gets it, what does it say.

    Dropped        it is not to be sent any more; the reason goes into the ledger
    NotNow         somebody who must be asked does not answer; asked again as long as it takes
    NotYet         no mailbox is known, or no words for what lacks; tried again some times, since both may still come
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import NamedTuple

from services.notification import contacts
from services.notification.channel import Message
from services.notification.contacts import Ask
from services.notification.domain import assignment, lacking, progress, text, urgency, whereabouts
from services.notification.domain.ledger import Delivery
from services.notification.domain.rules import Rules
from services.notification.store import occasions, replica
from services.notification.store.replica import Db
from shared.calendar import ZONE
from shared.contracts import When, from_builtins
from shared.contracts.outgoing import Place
from shared.messaging.rpc import RpcError, RpcFailed
from shared.settings.sources import Sources


class Dropped(Exception):
    pass


class NotNow(Exception):
    pass


class NotYet(Exception):
    pass


class Draft(NamedTuple):
    address: str
    words: dict[str, str]


class Drafter:
    def __init__(self, db: Db, rules: Rules, sources: Sources, ask: Ask) -> None:
        self._db = db
        self._rules = rules
        self._sources = sources
        self._ask = ask

    def draft(self, delivery: Delivery, now: dt.datetime) -> Message:
        """Raise ``Dropped``, ``NotNow`` or ``NotYet``."""
        make: Callable[[Delivery, str], Draft] = {
            "assignment": self._assignment, "assignment_agreed": self._assignment, "team_lacks": self._lacking,
            "source_refused": self._refused, "decision_void": self._void, "praise_owed": self._owed,
            "case_urgent": self._urgent,
        }.get(delivery.rule, self._progress)
        today = now.astimezone(ZONE).date().isoformat()
        try:
            found = make(delivery, today)
        except RpcFailed as error:
            raise NotYet(f"asking failed: {error.kind}") from None
        except RpcError as error:
            raise NotNow(type(error).__name__) from None
        subject, body = text.mail(self._rules[delivery.rule], {**delivery.words, **found.words})
        return Message(delivery.key, found.address, subject, body, now.astimezone(ZONE))

    def _assignment(self, delivery: Delivery, today: str) -> Draft:
        check, to = delivery.check, delivery.to
        n, held = occasions.assigned(self._db, delivery.about)
        if n < check["n"]:
            raise NotNow("the case's state is still being written")
        if not assignment.still_true(check, held):
            raise Dropped("the case is not assigned so any more")
        if held is not None and held.over and self._rules[delivery.rule].drop_when_over:
            raise Dropped("the case has ended")
        place = None if check["place"] is None else from_builtins(check["place"], Place)
        team = replica.team_at(self._db, place, When(check["assigned_on"]))
        code = to.unit or (whereabouts.unit_of(team, today) if team else None)
        unit = replica.unit(self._db, code, today)
        address = contacts.of_mediator(self._db, self._ask, to.ref or "", to.source, team, unit)
        if address is None:
            raise NotYet("no mailbox is known of the mediator, the team or its unit's office")
        return Draft(address, {"office": whereabouts.office(unit)})

    def _urgent(self, delivery: Delivery, today: str) -> Draft:
        check = delivery.check
        n, standing = occasions.urgent(self._db, delivery.about)
        if n < check["n"]:
            raise NotNow("the case's state is still being written")
        if not urgency.still_true(check, standing):
            raise Dropped("the danger was taken back")
        place = None if check["place"] is None else from_builtins(check["place"], Place)
        team = replica.team_at(self._db, place, When(check["on"] or today))
        code = (whereabouts.unit_of(team, today) if team else None) or delivery.to.unit
        office = replica.unit(self._db, code, today)
        address = contacts.of_team(None, office)
        if address is None:
            raise NotYet("no mailbox is known of the office of the commune")
        return Draft(address, {"office": whereabouts.office(office)})

    def _lacking(self, delivery: Delivery, today: str) -> Draft:
        check = delivery.check
        held = occasions.standing(self._db, delivery.about, check["scheme"], check["year"])
        if held is None or held.lacking != check["lacking"]:
            raise Dropped("what lacks has changed since; a newer message follows")
        team = replica.team(self._db, delivery.about)
        code = (whereabouts.unit_of(team, today) if team else None) or delivery.to.unit
        unit = replica.unit(self._db, code, today)
        address = contacts.of_team(team, unit)
        if address is None:
            raise NotYet("no mailbox is known of the team or its unit's office")
        explanation = self._ask(
            "evaluation", "explain", team=delivery.about, scheme=check["scheme"], year=check["year"]
        )
        lines = lacking.lines(explanation or {}, check["lacking"])
        if not lines:
            raise NotYet("evaluation has no words for what lacks")
        return Draft(address, {
            "team": team.name if team else delivery.about, "office": whereabouts.office(unit), "count": str(len(lines)),
            "items": "\n".join(f"- {line}" for line in lines),
        })

    def _progress(self, delivery: Delivery, today: str) -> Draft:
        check = delivery.check
        if occasions.progressed(self._db, check["key"]) != check["state"]:
            raise Dropped("it has gone on since")
        team = replica.team(self._db, delivery.about)
        code = (whereabouts.unit_of(team, today) if team else None) or delivery.to.unit
        unit = replica.unit(self._db, code, today)
        address = contacts.of_team(team, unit)
        if address is None:
            raise NotYet("no mailbox is known of the team or its unit's office")
        return Draft(address, {"team": team.name if team else delivery.about, "office": whereabouts.office(unit)})

    def _void(self, delivery: Delivery, today: str) -> Draft:
        # whose register sent it is known by its contact; failing that the office, which decided, must hear of it
        office = replica.unit(self._db, delivery.to.unit, today)
        address = contacts.of_source(self._sources, delivery.about) or contacts.of_team(None, office)
        if address is None:
            raise Dropped("no contact is listed for this source (NAMTOT_SOURCES_FILE), and no mailbox is known of the office")
        check = delivery.check
        answer = self._ask("evaluation", check["method"], **check["arguments"])
        reason = progress.sentences(answer or {}, check["source"], check["id"])
        if not reason:
            raise Dropped("it has an effect by now, or was taken back")
        return Draft(address, {"reason": reason})

    def _owed(self, delivery: Delivery, today: str) -> Draft:
        unit = replica.unit(self._db, delivery.about, today)
        address = contacts.of_team(None, unit)
        if address is None:
            raise Dropped("no mailbox is known of the unit's office")
        items = self._ask("evaluation", "owed", unit=delivery.about)["items"]
        if not items:
            raise Dropped("nobody waits any more")
        return Draft(address, {
            "office": whereabouts.office(unit), "count": str(len(items)), "items": progress.owed_lines(items),
        })

    def _refused(self, delivery: Delivery, today: str) -> Draft:
        address = contacts.of_source(self._sources, delivery.about)
        if address is None:
            raise Dropped("no contact is listed for this source (NAMTOT_SOURCES_FILE)")
        return Draft(address, {})
