"""Whose mailbox a delivery goes to, looked up when it is sent: the mediator's own, through intake's vault, else the team's, else
its unit's office; the contact of a source, from the sources file. Nothing that is found here is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from services.notification.domain.ledger import mailbox
from services.notification.store import replica
from services.notification.store.replica import Db
from shared.contracts.outgoing import TeamState, UnitState
from shared.settings.sources import Sources

Ask = Callable[..., Any]
"""``ask(service, method, **arguments)``; raises ``shared.messaging.rpc.RpcError``."""
PURPOSE = "notification: tell a mediator of an assignment"
"""Stated to the vault, which logs every reading."""


def of_mediator(db: Db, ask: Ask, ref: str, said_by: str | None, team: TeamState | None, unit: UnitState | None) -> str | None:
    source = replica.source_of(db, ref, said_by)
    person = ask("intake", "reveal_contact", source=source, ref=ref, purpose=PURPOSE) if source is not None else None
    own = mailbox(person.get("email")) if person else None
    return own or of_team(team, unit)


def of_team(team: TeamState | None, unit: UnitState | None) -> str | None:
    return mailbox(team.contact if team else None) or mailbox(unit.contact if unit else None)


def of_source(sources: Sources, source: str) -> str | None:
    return mailbox(sources.contact(source))
