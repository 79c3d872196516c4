"""The texts: Vietnamese mails, SMS in plain letters and one part, refusals in one digest."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.notification.domain import refused, text
from services.notification.domain.ledger import mailbox, message_id, pause
from services.notification.domain.whereabouts import SYSTEM, office
from services.notification.loading import load_rules
from shared.contracts import When
from shared.contracts.outgoing import EventRefused, UnitState

RULES = load_rules()
WORDS = {
    "office": "UBND phường Bồ Đề",
    "case": "12/2026",
    "subject": "case://bode.example/12-2026",
    "assigned_on": "11/11/2026",
    "deadline": "14/11/2026",
    "citation": "khoản 2 Điều 20",
    "team": "Tổ hòa giải TDP số 5",
    "year": "2026",
    "scheme": "hanoi-v2",
    "verdict": "Chưa đạt",
    "items": "- Chưa có biên bản họp năm",
    "count": "3",
    "source": "https://ihanoi.example/",
    "number": "412/QĐ-UBND",
    "event": "qd-2025",
    "article": "Hướng dẫn 1269/TP-MTTQ",
    "kinds": "nguy cơ bạo lực",
    "raised_on": "12/11/2026",
    "reason": "Tổ chưa có hơn một nửa số thành viên tán thành.",
}


def test_the_mail_of_an_assignment_says_what_to_do_and_by_when() -> None:
    subject, body = text.mail(RULES["assignment"], WORDS)
    assert subject == "Phân công hòa giải vụ việc 12/2026"
    assert body.startswith("UBND phường Bồ Đề: Ông/Bà được phân công hòa giải vụ việc 12/2026 ngày 11/11/2026.")
    assert "Đề nghị bắt đầu trước hết ngày 14/11/2026" in body and "Điều 20" in body


def test_its_sms_is_plain_and_fits_one_part() -> None:
    assert text.sms(RULES["assignment"], WORDS) == (
        "UBND phuong Bo De: Ong/Ba duoc phan cong hoa giai vu viec 12/2026. De nghi bat dau truoc het ngay 14/11/2026."
    )


LONG = st.text(max_size=300)


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda r: r.id)
@given(data=st.data())
def test_every_sms_fits_whatever_is_filled_in(rule: object, data: st.DataObject) -> None:
    words = {name: data.draw(LONG) for name in text.WORDS[rule.id]}  # type: ignore[attr-defined]
    message = text.sms(rule, words)  # type: ignore[arg-type]
    assert len(message) <= text.SMS_PART and message.isascii() and "\n" not in message


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda r: r.id)
def test_every_mail_is_composed_vietnamese_with_one_line_as_subject(rule: object) -> None:
    decomposed = {name: unicodedata.normalize("NFD", word) + "\n" for name, word in WORDS.items()}
    subject, body = text.mail(rule, decomposed)  # type: ignore[arg-type]
    assert subject == unicodedata.normalize("NFC", subject) and "\n" not in subject
    assert body == unicodedata.normalize("NFC", body) and "{" not in body
    assert any(ord(c) > 127 for c in body)


def test_a_thousand_refusals_are_one_text() -> None:
    events = [
        EventRefused(
            refusal=f"r{k}",
            code="data" if k % 3 else "future",
            field="data.unit",
            reason="Expected `str`",
            source="urn:a",
            id=f"e{k}",
            type="vn.namtot.case.reported.v1",
        )
        for k in range(1000)
    ]
    delivery = refused.delivery("urn:a", events, RULES)
    items = delivery.words["items"]
    assert delivery.words["count"] == "1000" and len(items.splitlines()) < 20
    assert (
        "- 666 sự kiện: Trường dữ liệu thiếu hoặc sai (data)" in items
        and "- 334 sự kiện: Thời gian ở tương lai (future)" in items
    )
    assert "- e0 (case.reported), trường data.unit: Expected `str`" in items and "- và 990 sự kiện khác" in items
    assert delivery.key == refused.delivery("urn:a", events[::-1], RULES).key


def test_the_office_speaks_as_the_unit_is_called() -> None:
    unit = UnitState(code="00118", valid_from=When("2025-07-01"), n=1, name="Phường Bồ Đề", level="commune")
    assert office(unit) == "UBND phường Bồ Đề"
    assert office(None) == SYSTEM


@pytest.mark.parametrize(
    ("contact", "address"),
    [
        ("hoagiai@bode.hanoi.example", "hoagiai@bode.hanoi.example"),
        ("mailto:ops@ihanoi.example?subject=x", "ops@ihanoi.example"),
        (" a@b.vn ", "a@b.vn"),
        ("024 3000 0000", None),
        ("", None),
        (None, None),
        ("a@b.vn\r\nBcc: c@d.vn", None),
        ("a@b.vn, c@d.vn", None),
        ("Tổ 5 <a@b.vn>", None),
        ("tổ@b.vn", None),
    ],
)
def test_only_one_plain_mailbox_is_an_address(contact: str | None, address: str | None) -> None:
    assert mailbox(contact) == address


def test_pauses_double_up_to_a_limit_and_the_message_keeps_its_id() -> None:
    pauses = [pause(RULES.sending, n) for n in range(1, 14)]
    assert pauses[:4] == [5, 10, 20, 40] and pauses[-1] == RULES.sending.longest_pause_seconds
    assert message_id("k", "example.vn") == "<k@namtot.example.vn>"
