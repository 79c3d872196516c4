"""One form as its template sees it: fields with what was given so far, what is wrong where, and what can be picked."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from services.gateway.forms.acts import Act
from services.gateway.forms.faults import Fault
from services.gateway.forms.fields import Field
from services.gateway.forms.posted import Posted
from services.gateway.pages.shapes import Both

KEY, BACK, SUBJECT, VERSION, FIXED, CONFIRMED, DO = "_key", "_back", "_subject", "_n", "_fixed", "_confirmed", "_do"
"""Hidden fields: the form's own key, where to go afterwards, the record, its version, which fields are settled, which flags were
confirmed, and the button that was pressed."""
FIXABLE = ("team", "unit", "year", "mediator", "achievement", "target", "source", "name")
"""What an address may settle: shown, no longer asked."""
SAID = "data."
"""Where what a correction says anew stands."""
MORE, EDIT, SPEAK = "more:", "edit", "speak:"


class Offer(NamedTuple):
    """Something to pick. ``picked``: ticked at first."""

    value: str
    title: Both
    note: Both = Both()
    picked: bool = False


class Offers(NamedTuple):
    """What can be picked, by the name of the field; and what settled fields are called."""

    picks: dict[str, list[Offer]]
    names: dict[str, str]


class Row(NamedTuple):
    """``at``: the prefix of its controls. ``offer``: whom it is about, where the form itself put it there."""

    at: str
    offer: Offer | None = None


class Form:
    def __init__(self, act: Act, posted: Posted, offers: Offers, faults: Iterable[Fault] = ()) -> None:
        self.act = act
        self.posted = posted
        self.offers = offers
        self.faults = list(faults)
        self._by_field = {fault.field: fault for fault in reversed(self.faults)}

    @property
    def fixed(self) -> list[Field]:
        return [field for field in self.act.fields if self.is_fixed(field.name)]

    @property
    def asked(self) -> list[Field]:
        return [field for field in self.act.fields if not self.is_fixed(field.name)]

    def is_fixed(self, name: str) -> bool:
        return name in FIXABLE and name in self.posted.all(FIXED) and bool(self.held(name)) and not self.fault(name)

    def held(self, name: str) -> list[tuple[str, str]]:
        """What is given under a field's name, to be sent along unseen."""
        return [(at, value) for at, value in self.posted.pairs() if at == name or at.startswith(f"{name}.")]

    def shown(self, name: str) -> str:
        """A settled field as people call it."""
        return self.offers.names.get(name) or ", ".join(value for _, value in self.held(name))

    def value(self, name: str) -> str:
        return self.posted.one(name)

    def text(self, name: str) -> str:
        """Several values, a line each."""
        return "\n".join(self.posted.all(name))

    def fault(self, name: str) -> Fault | None:
        return self._by_field.get(name)

    def picks(self, field: Field, at: str = "") -> list[Offer]:
        return self.offers.picks.get(field.name, []) if at in ("", SAID) else []

    def is_picked(self, name: str, offer: Offer) -> bool:
        """What was sent counts; a fresh form shows what is offered."""
        given = self.posted.all(name)
        return offer.value in given if given or self.posted.one(KEY) else offer.picked

    def rows(self, field: Field, at: str = "") -> list[Row]:
        """A row for each team that is known to wait for it; then the others given so far; and an empty one to begin, or where one
        more was asked for."""
        name = at + field.name
        given = self.posted.rows(name)
        held = {self.posted.one(f"{name}.{number}.team"): number for number in given}
        offered = self.picks(field, at)
        free = iter(sorted(set(range(len(offered) + len(given) + 1)) - set(given)))
        rows = [Row(f"{name}.{held[o.value] if o.value in held else next(free)}.", o) for o in offered]
        known = {o.value for o in offered}
        rows += [Row(f"{name}.{n}.") for n in given if self.posted.one(f"{name}.{n}.team") not in known]
        if self.posted.one(DO) == MORE + name or not rows:
            rows.append(Row(f"{name}.{next(free)}."))
        return rows

    def hidden(self, *leave_out: str) -> list[tuple[str, str]]:
        """Everything given, to be sent once more."""
        return [(name, value) for name, value in self.posted.pairs() if name not in leave_out]


def safe(target: str) -> str:
    """A path of this site, or "": a form must not lead elsewhere."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or not target.isprintable():
        return ""
    try:
        parts = urlsplit(target)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else target
