"""One request's page: the reader's language, the year and scheme picked, and what every template needs to write words, numbers,
dates and links. Templates escape whatever they print."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from services.gateway.forms import faults
from services.gateway.identity.gate import Who
from services.gateway.identity.policy import Entry
from services.gateway.pages import bars, numbers
from services.gateway.pages.shapes import Refused
from services.gateway.pages.static import VersionedFiles
from services.gateway.words import LANGUAGES, Words
from shared.contracts import VIETNAM, short

LANGUAGE_COOKIE = "namtot_lang"
SCHEMES = ("hanoi-v2", "hanoi-v1")
FIRST_YEAR = 2014
"""Luật 35/2013/QH13 has been in force since 01/01/2014."""
YEARS_OFFERED = 6
PRIVATE = frozenset({"audit", "workload"})
"""Pages that exist only where people sign in."""
YEAR_OF_COOKIE = 365 * 24 * 3600

_LOCAL = re.compile(r"[a-z0-9]{1,40}")

Clock = Callable[[], dt.datetime]


class Bilingual(Protocol):
    """Anything said in both languages."""

    @property
    def vi(self) -> str: ...

    @property
    def en(self) -> str: ...


class BadChoice(Exception):
    """A year or scheme that does not exist."""


def now() -> dt.datetime:
    return dt.datetime.now(VIETNAM)


def evaluation_year(today: dt.date) -> int:
    """The year being judged: its window opens on 01/11 of the year before."""
    return today.year + (today.month >= 11)


class View:
    def __init__(
        self, request: Request, words: Words, files: VersionedFiles, *, scheme: str, today: dt.date, notice: str = ""
    ) -> None:
        self.request = request
        self._words = words
        self._files = files
        asked = request.query_params.get("lang")
        held = request.cookies.get(LANGUAGE_COOKIE)
        self.language = next((lang for lang in (asked, held) if lang in LANGUAGES), LANGUAGES[0])
        self.notice = notice
        self._keep_language = asked in LANGUAGES and asked != held
        self.today = today
        self.current_year = evaluation_year(today)
        self.scheme = request.query_params.get("scheme") or scheme
        self.year: int | None = None
        self.who: Who | None = None
        self.signing = False
        """Whether people sign in here at all."""

    def may(self, entry: Entry) -> bool:
        """Whether to show the way to a page. Where nobody signs in, only what is private stays closed."""
        if not self.signing:
            return entry not in PRIVATE
        return self.who is not None and self.who.may_enter(entry, self.today)

    @property
    def menu(self) -> list[tuple[str, str]]:
        """The pages that the reader may open, by their name under ``nav``."""
        listed: tuple[tuple[str, Entry, str], ...] = (
            ("today", "cases", "/today"), ("cases", "cases", "/cases"), ("teams", "standing", "/standing"),
            ("league", "public", self.path()),
            ("commendations", "public", self.path("commendations")), ("reports", "public", self.path("communes")),
            ("money", "money", self.path("payments")), ("data", "data", "/data"), ("flow", "public", self.path("flow")),
            ("audit", "audit", "/audit"),
        )
        # whoever works on the data finds its flow there
        return [
            (name, target) for name, entry, target in listed
            if (entry == "public" or self.may(entry)) and not (name == "flow" and self.may("data"))
        ]

    def days_left(self, day: str) -> int:
        """Whole days from today to that last day; negative when it is over."""
        return (dt.date.fromisoformat(day[:10]) - self.today).days

    def left(self, day: str) -> str:
        left = self.days_left(day)
        if left < 0:
            return self.t("left.over", n=self.number(-left))
        return self.t("left.today") if left == 0 else self.t("left.days", n=self.number(left))

    def speak(self, language: str) -> None:
        """From now on in that language, if it is one of ours."""
        if language in LANGUAGES:
            self.language, self._keep_language = language, True

    def choose(self) -> None:
        """Read the choice of scheme and year; ``year`` stays None where none was picked. Raise ``BadChoice``."""
        base, sign, local = self.scheme.partition("+")
        if base not in SCHEMES or bool(sign) != bool(_LOCAL.fullmatch(local)):
            raise BadChoice("scheme")
        year = self.request.query_params.get("year", "")
        if not year:
            return
        if not (len(year) == 4 and year.isascii() and year.isdigit() and self.offers_year(int(year))):
            raise BadChoice("year")
        self.year = int(year)

    def offers_year(self, year: int) -> bool:
        return FIRST_YEAR <= year <= self.current_year

    # -- what templates call
    def t(self, key: str, /, **values: Any) -> str:
        return self._words.say(self.language, key, **values)

    def word(self, group: str, name: str | None) -> str:
        """A word of a closed group; a name that it lacks (a newer service's) is shown as it is."""
        key = f"{group}.{(name or '').replace('.', '_')}"
        return self.t(key) if self._words.has(key) else (name or "")

    def knows(self, group: str, name: str) -> bool:
        return self._words.has(f"{group}.{name.replace('.', '_')}")

    def type(self, name: str | None) -> str:
        """An event type in words; one that is not in the contract is told by its name."""
        return self.word("type", short(name)) if name else ""

    def criterion(self, id: str) -> str:
        key = f"criterion.{self.scheme.partition('+')[0]}.{id}"
        return self.t(key) if self._words.has(key) else id

    def in_both(self, group: str, name: str) -> tuple[str, ...]:
        """A word of a closed group in each language."""
        key = f"{group}.{name.replace('.', '_')}"
        return tuple(self._words.say(lang, key) if self._words.has(key) else name for lang in LANGUAGES)

    def scheme_name(self, scheme: str) -> str:
        """A commune's own variant of a scheme (``hanoi-v2+3f…``) by the name of what it varies."""
        base, _, local = scheme.partition("+")
        named = self.word("scheme", base)
        return self.t("pick.local", scheme=named) if local else named

    def label(self, act: str, control: str) -> str:
        """What a control is called: in that form, where it is a field of the event itself, else anywhere."""
        return self._first(*(f"label.{name}" for name in _names(act, control))) or control

    def hint(self, act: str, control: str) -> str:
        return self._first(*(f"hint.{name}" for name in _names(act, control)))

    def _first(self, *keys: str) -> str:
        return next((self.t(key) for key in keys if self._words.has(key)), "")

    def place(self, act: str, control: str) -> str:
        """A control by its labels: ``results.1.remark`` → "Kết quả xét từng tổ 2, Nhận xét"."""
        said: list[str] = []
        parts = control.split(".")
        for number, part in enumerate(parts):
            if part.isascii() and part.isdecimal() and len(part) < 6 and said:
                said[-1] += f" {int(part) + 1}"
            else:
                said.append(self.label(act, ".".join(parts[:number + 1])))
        return ", ".join(said)

    def both_of(self, text: Mapping[str, str]) -> str:
        return text.get(self.language) or next(iter(text.values()), "")

    def refusal(self, item: Refused) -> str:
        return self.t(f"reason.{item.code}") if self._words.has(f"reason.{item.code}") else (item.people or item.code)

    def why(self, reason: str | None) -> tuple[str, str]:
        """A reason of the contract in the reader's words, else in its own; and in which language that is."""
        known = faults.sentence(reason or "") if self.language != "en" else None
        return (reason or "", "en") if known is None else (self.t(f"wrong.{known[0]}", n=known[1]), self.language)

    def both(self, text: Bilingual) -> str:
        mine, other = (text.vi, text.en) if self.language == "vi" else (text.en, text.vi)
        return mine or other

    def number(self, value: int) -> str:
        return numbers.number(self.language, value)

    def money(self, value: int) -> str:
        return f"{self.number(value)} đ"

    def achievement(self, key: str) -> str:
        """``recognition:2024`` in words; a source's own key as it stands."""
        kind, sign, rest = key.partition(":")
        named = f"achievement.{kind}"
        return self.t(named, year=rest) if sign and rest.isdecimal() and self._words.has(named) else key

    def percent(self, numerator: int, denominator: int) -> str:
        return numbers.percent(self.language, numerator, denominator)

    def day(self, text: str | None) -> str:
        return numbers.day(self.language, text)

    def moment(self, text: str | None) -> str:
        return numbers.moment(self.language, text)

    def path(self, *segments: str, **query: Any) -> str:
        """A link that keeps the choice of year and scheme. Segments are encoded."""
        kept = {"scheme": self.scheme, "year": self.year} if self.year is not None else {}
        asked = {name: value for name, value in {**kept, **query}.items() if value is not None}
        return "/" + "/".join(quote(s, safe="") for s in segments) + (f"?{urlencode(asked)}" if asked else "")

    def in_language(self, language: str) -> str:
        """This page in the other language."""
        return str(self.request.url.include_query_params(lang=language).replace(scheme="", netloc=""))

    @property
    def reference_day(self) -> str:
        """The last day of the picked year's window, or today before it: on which the directory is asked who was who."""
        return min(f"{self.year or self.current_year}-10-31", self.today.isoformat())

    @property
    def here(self) -> str:
        """This very page."""
        return str(self.request.url.replace(scheme="", netloc=""))

    @property
    def other_language(self) -> str:
        return LANGUAGES[1 - LANGUAGES.index(self.language)]

    @property
    def years(self) -> list[int]:
        offered = set(range(self.current_year - YEARS_OFFERED + 1, self.current_year + 1))
        return sorted(offered | ({self.year} if self.year else set()), reverse=True)

    @property
    def schemes(self) -> tuple[str, ...]:
        """Those of the city, and the commune's own where one is shown."""
        return SCHEMES if self.scheme in SCHEMES else (*SCHEMES, self.scheme)

    def static(self, name: str) -> str:
        return self._files.url(name)

    def finish(self, response: Response) -> Response:
        if self._keep_language:
            response.set_cookie(LANGUAGE_COOKIE, self.language, max_age=YEAR_OF_COOKIE, httponly=True, samesite="lax")
        return response


def _names(act: str, control: str) -> tuple[str, ...]:
    """Under which a form's words stand; a control inside another has no words of that form's own. ``act``: of a correction
    ``record.corrected+case.settled``; what it says anew stands under ``data`` and is called as in the second."""
    own, _, said = act.partition("+")
    act = said if said and control.startswith("data.") else own
    control = control.removeprefix("data.") if said else control
    field = control.rpartition(".")[2]
    return (f"{act.replace('.', '_')}.{field}", field) if control == field else (field,)


@cache
def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent.parent / "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )
    env.globals["split_bar"] = bars.split
    env.globals["rate_bar"] = bars.rate
    return env


class Renderer:
    def __init__(self) -> None:
        self._env = environment()

    def page(self, template: str, view: View, status: int = 200, **values: Any) -> Response:
        html = self._env.get_template(template).render(v=view, t=view.t, **values)
        return view.finish(HTMLResponse(html, status))
