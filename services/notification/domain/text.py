"""Texts of messages: templates with a closed set of words to fill in, mails as they are, SMS folded so that they fit one part.

An SMS with diacritics holds 70 characters a part (UCS-2), in plain letters 160 (GSM 7 bit, 3GPP TS 23.038).
"""

from __future__ import annotations

import string
import unicodedata
from collections.abc import Mapping

from services.notification.domain.rules import Rule, RuleId

SMS_PART = 160
CLIP = {
    "office": 36, "team": 40, "case": 20, "subject": 30, "assigned_on": 10, "deadline": 10, "citation": 60, "year": 4, "count": 6,
    "items": 60, "source": 40, "verdict": 20, "scheme": 12, "number": 20, "event": 40,
    "article": 40, "reason": 60, "kinds": 48, "raised_on": 10,
}
"""Most characters of each word in an SMS; longer ones are cut."""
WORDS: dict[RuleId, frozenset[str]] = {
    "assignment": frozenset({"office", "case", "subject", "assigned_on", "deadline", "citation"}),
    "assignment_agreed": frozenset({"office", "case", "subject", "assigned_on", "deadline", "citation"}),
    "team_lacks": frozenset({"office", "team", "year", "verdict", "scheme", "items", "count"}),
    "source_refused": frozenset({"source", "count", "items"}),
    "recognition_returned": frozenset({"office", "team", "year"}),
    "recognised": frozenset({"office", "team", "year", "number"}),
    "commended": frozenset({"office", "team", "number"}),
    "decision_void": frozenset({"event", "article", "reason"}),
    "praise_owed": frozenset({"office", "count", "items"}),
    "case_urgent": frozenset({"office", "case", "subject", "kinds", "raised_on", "citation"}),
}
"""What each rule's texts may use."""


def words_used(text: str) -> set[str]:
    """The words that a template asks for. Raise ``ValueError`` if it is not a template."""
    used = set()
    for _, name, format_spec, conversion in string.Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or format_spec or conversion:
            raise ValueError(f"{{{name}}} is not a plain word")
        used.add(name)
    return used


def mail(rule: Rule, words: Mapping[str, str]) -> tuple[str, str]:
    """Subject and body, in normal form NFC."""
    subject = " ".join(rule.mail.subject.format_map(words).split())
    return _nfc(subject), _nfc(rule.mail.body.format_map(words).strip() + "\n")


def sms(rule: Rule, words: Mapping[str, str]) -> str:
    """Plain letters, one part."""
    short = {name: _cut(plain(value), CLIP[name]) for name, value in words.items()}
    return " ".join(plain(rule.sms).format_map(short).split())


def longest_sms(rule: Rule) -> int:
    """The length if every word were as long as it may get."""
    return len(" ".join(plain(rule.sms).format_map({name: "x" * CLIP[name] for name in WORDS[rule.id]}).split()))


def plain(text: str) -> str:
    """Without diacritics; what is then still no ASCII is left out."""
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return letters.encode("ascii", "ignore").decode()


def day_text(day: str) -> str:
    """``2024-03-05…`` → ``05/03/2024``."""
    return f"{day[8:10]}/{day[5:7]}/{day[:4]}"


def label(subject: str) -> str:
    """What people call a case: the last part of its URI."""
    return subject.rstrip("/").rsplit("/", 1)[-1]


def _cut(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 2].rstrip() + ".."


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)
