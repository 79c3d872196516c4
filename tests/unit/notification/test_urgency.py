"""The office of the commune is told at once of danger in a case; see ``test_notification_service`` for the mail itself."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

import msgspec
import pytest

from services.notification.domain import urgency
from services.notification.domain.ledger import Delivery
from services.notification.domain.rules import Rules
from services.notification.loading import load_rules
from shared.contracts import When
from shared.contracts.cases import Urgency
from shared.contracts.outgoing import CaseChanged, CaseState, Place, Safety

TODAY = dt.date(2024, 11, 12)


@pytest.fixture(scope="module")
def rules() -> Rules:
    return load_rules()


def told(rules: Rules, *urgent: str, **state: Any) -> Delivery | None:
    given = {
        "status": "received", "received_on": When("2024-11-08"), "safety": Safety(raised_on=When("2024-11-11")),
        "place": Place(source="https://bode.example/so", team="Tổ 5", unit="00118"), "urgent": list(urgent), **state,
    }
    change = CaseChanged(case="c" * 32, subject="case://bode.example/vu-viec/12-2026", n=2, state=CaseState(**given))
    return urgency.delivery(change, rules, TODAY)


def test_the_office_hears_which_case_and_which_danger(rules: Rules) -> None:
    delivery = told(rules, "offence_signs", "domestic_violence")
    assert delivery is not None and delivery.ahead
    assert (delivery.to.kind, delivery.to.unit, delivery.words["case"]) == ("unit", "00118", "12-2026")
    assert delivery.words["kinds"] == "bạo lực gia đình, dấu hiệu vi phạm pháp luật"
    assert delivery.words["raised_on"] == "11/11/2024"


def test_another_danger_is_another_occasion_and_the_same_is_not(rules: Rules) -> None:
    first, again, more = told(rules, "violence_risk"), told(rules, "violence_risk"), told(rules, "violence_risk", "offence_signs")
    assert first is not None and again is not None and more is not None
    assert first.key == again.key != more.key


def test_no_danger_no_duplicate_case_and_nothing_past_telling(rules: Rules) -> None:
    assert told(rules) is None and told(rules, "violence_risk", linked_to="d" * 32) is None
    aged = msgspec.structs.replace(rules, rules=[msgspec.structs.replace(r, max_age_days=1) for r in rules.rules])
    assert told(aged, "violence_risk") is not None
    assert told(aged, "violence_risk", safety=Safety(raised_on=When("2024-11-01"))) is None
    assert told(aged, "violence_risk", safety=None) is None, "without a day of its own, the case's counts"


def test_it_holds_while_the_danger_stands(rules: Rules) -> None:
    delivery = told(rules, "violence_risk")
    assert delivery is not None
    assert urgency.still_true(delivery.check, ["offence_signs", "violence_risk"])
    assert not urgency.still_true(delivery.check, ["offence_signs"])


def test_every_kind_of_danger_of_the_contract_has_words() -> None:
    assert set(urgency.KINDS) == set(get_args(Urgency))
