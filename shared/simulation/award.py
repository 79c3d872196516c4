"""One commendation, from the proposal to the reward in hand, or to where it stops."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from shared.calendar import add_working_days
from shared.simulation import recognition
from shared.simulation.desk import Desk, paper, scan
from shared.simulation.roster import Mediator, Team
from shared.simulation.wards import Praise

BASE_PAY = ((dt.date(2026, 7, 1), 2_530_000), (dt.date(2024, 7, 1), 2_340_000))
COLLECTIVE, PERSON = Fraction(6, 10), Fraction(3, 10)
"""What the simulated decisions say, in base pay; namtot has its own rules for it, with their sources."""
COMMUNE, CITY = "giay_khen_commune", "bang_khen_city"
ORDER = ("proposed", "submitted", "appraised", "decided", "given", "paid")
ENDS: dict[Praise, str] = {
    "supplement_asked": "submitted", "supplemented": "decided", "declined": "appraised", "suspended": "appraised",
    "cleared": "given", "second": "given", "odd_amount": "paid", "revoked": "paid", "city": "submitted",
}
"""The last of the ordinary steps that each comes to; the others bear its name."""


@dataclass(kw_only=True)
class Batch:
    """Proposals that one ward takes through its meetings together: a day for each step, one decision with its ordinals."""

    days: dict[str, dt.date]
    numbers: dict[str, str]
    """Of the papers that all of them share, by step."""
    ordinal: int = 0


def batch_after(chance: random.Random, recognised: dt.date) -> Batch:
    found = {}
    on = recognised
    for step, least, most in zip(ORDER, (3, 1, 4, 2, 4, 1), (13, 4, 7, 4, 14, 6), strict=True):
        on = found[step] = add_working_days(on, chance.randint(least, most))
    numbers = {"submitted": f"{chance.randint(5, 90)}/TTr-UBND", "decided": f"{chance.randint(10, 400)}/QĐ-UBND"}
    numbers["appraised"] = f"{chance.randint(5, 90)}/BB-HĐTĐKT"
    return Batch(days=found, numbers=numbers)


class Award:
    """One commendation, step by step. For the team, or for ``mediator`` of it."""

    def __init__(
        self, desk: Desk, chance: random.Random, batch: Batch, team: Team, mediator: Mediator | None, praise: Praise
    ) -> None:
        self.desk, self.chance, self.batch, self.team = desk, chance, batch, team
        self.mediator, self.praise = mediator, praise
        self.subject = desk.subject("commendation")
        self.form = CITY if praise == "city" else COMMUNE

    def write(self) -> None:
        last = ORDER.index(ENDS.get(self.praise, self.praise))
        for step in ORDER[: last + 1]:
            getattr(self, f"_{step}")(self.batch.days[step])
            self._aside(step, self.batch.days[step])

    def _put(self, kind: str, on: dt.date, data: dict[str, Any] | None = None, subject: str = "") -> None:
        self.desk.file(self.chance, kind, subject or self.subject, on, {"team": self.team.name, **(data or {})})

    def _proposed(self, on: dt.date) -> None:
        year = self.desk.plan.year
        data: dict[str, Any] = {"unit": self.desk.unit.code, "kind": "merit", "form": self.form, "year": year}
        if self.mediator is None:
            data["achievement"] = f"recognition:{year}"
        else:
            data |= {"achievement": f"mediation:{year}", "mediator": self.mediator.ref}
        self._put("commendation.proposed", on, data)

    def _submitted(self, on: dt.date) -> None:
        number = self.batch.numbers["submitted"]
        self._put("commendation.submitted", on, {
            "number": number,
            "evidence": [
                paper("request", on, number), paper("report", on, f"{self.team.index + 1:02d}/BC-THG"),
                paper("minutes", on, f"{self.chance.randint(5, 90)}/BB-UBND", scan(self.chance)),
            ],
        })

    def _appraised(self, on: dt.date) -> None:
        good = self.praise != "declined"
        self._put("commendation.appraised", on, {
            "favourable": good, "agreed": 7 if good else 2, "votes": 7,
            "evidence": [paper("minutes", on, self.batch.numbers["appraised"])],
        })

    def _decided(self, on: dt.date) -> None:
        self.batch.ordinal += 1
        number = self.batch.numbers["decided"]
        data: dict[str, Any] = {
            "number": number, "form": self.form, "signed_by": "commune_chair", "ordinal": self.batch.ordinal,
            "evidence": [paper("decision", on, number, scan(self.chance))],
        }
        amount = self._amount()
        if amount is not None:
            data["amount"] = amount
        self._put("commendation.decided", on, data)

    def _given(self, on: dt.date) -> None:
        self._put("commendation.given", on)

    def _paid(self, on: dt.date) -> None:
        amount = self._amount()
        if amount is not None:
            receipt = paper("receipt", on, f"PC {self.chance.randint(1, 400):04d}")
            self._put("commendation.paid", on, {"amount": amount, "evidence": [receipt]})

    def _amount(self) -> int | None:
        """Whole đồng by the day of the decision; None for times whose base pay this simulation does not know."""
        pay = next((pay for since, pay in BASE_PAY if self.batch.days["decided"] >= since), None)
        if pay is None:
            return None
        amount = int(pay * (COLLECTIVE if self.mediator is None else PERSON))
        return amount // 100_000 * 100_000 if self.praise == "odd_amount" else amount

    def _aside(self, step: str, on: dt.date) -> None:
        """What happens after a step of this one only."""
        match self.praise, step:
            case ("supplement_asked" | "supplemented"), "submitted":
                asked = {"reason": "Báo cáo thành tích chưa có xác nhận"}
                self._put("commendation.supplement-asked", add_working_days(on, 1), asked)
                if self.praise == "supplemented":
                    again = add_working_days(on, 2)
                    report = paper("report", again, f"{self.team.index + 1:02d}b/BC-THG")
                    self._put("commendation.supplemented", again, {"evidence": [report]})
            case "declined", "appraised":
                self._put("commendation.declined", self.batch.days["decided"], {"reason": "Chưa đủ thành tích nổi bật"})
            case ("suspended" | "cleared"), "submitted":
                self._verify(on, closed=self.praise == "cleared")
            case "second", "given":
                self._again(on)
            case "revoked", "paid":
                self._revoke(on)

    def _verify(self, on: dt.date, closed: bool) -> None:
        """A complaint: what it says is not told, only that it is being looked into."""
        subject = self.desk.subject("verification")
        self._put("verification.opened", add_working_days(on, 1), {"matter": "complaint"}, subject)
        if closed:
            self._put("verification.closed", add_working_days(on, 3), {"upheld": False}, subject)

    def _again(self, on: dt.date) -> None:
        """Proposed and decided once more for the same achievement."""
        Award(self.desk, self.chance, batch_after(self.chance, add_working_days(on, 7)), self.team, None, "decided").write()

    def _revoke(self, on: dt.date) -> None:
        found = add_working_days(on, self.chance.randint(6, 14))
        recognition.revoke(self.desk, self.chance, self.team, found)
        self._put("commendation.revoked", add_working_days(found, 3), {
            "number": f"{self.chance.randint(20, 120)}/QĐ-UBND", "ground": "false_papers",
            "reason": "Báo cáo thành tích có số liệu không đúng thực tế",
        })
        back: dict[str, Any] = {"certificate": True}
        amount = self._amount()
        if amount is not None:
            back["amount"] = amount
        self._put("commendation.recovered", add_working_days(found, 10), back)
