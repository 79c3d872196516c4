"""A small simulated district in the whole running system, and a browser's visit to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from playwright.sync_api import ConsoleMessage, Page, Request

from shared.contracts import STRUCTURED
from shared.messaging.rpc import RpcClient
from shared.simulation import Plan

PLAN = Plan(year=2024, seed=1, teams=28)
SCHEME = "hanoi-v2"
PHONE, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@dataclass
class District:
    """The running system and what was sent to it."""

    url: str
    ask: RpcClient
    events: int
    parties: set[str]
    environ: Mapping[str, str]
    refusal: str = ""
    commendation: str = ""
    teams: dict[str, dict[str, Any]] = field(default_factory=dict)


def parties_in(events: list[bytes]) -> set[str]:
    """Names of the people in the disputes: no page may show one."""
    found: set[str] = set()
    for event in events:
        private = json.loads(event)["data"].get("private") or {}
        found |= {party["name"] for party in private.get("parties", [])}
    assert len(found) > 10
    return found


def refuse_one(district: District) -> str:
    """Send something wrong through the HTTP door; its key in the ledger."""
    wrong = {
        "specversion": "1.0", "id": "sai-ngay-1", "source": "https://motcua.example", "type": "vn.namtot.case.settled.v1",
        "subject": "case://motcua.example/1", "data": {"on": "2024-31-12", "private": {"parties": [{"name": "Trần Thị Kín"}]}},
    }
    answer = httpx.post(f"{district.url}/events", content=json.dumps(wrong), headers={"content-type": STRUCTURED}, timeout=30)
    assert answer.status_code == 422, answer.text
    district.parties.add("Trần Thị Kín")
    (item,) = (i for i in district.ask.call("intake", "refused")["items"] if i["event_id"] == "sai-ngay-1")
    return str(item["id"])


class Visit:
    """A page that keeps what went wrong on it."""

    def __init__(self, page: Page, district: District) -> None:
        self.page, self.district = page, district
        self.wrong: list[str] = []
        self.refusals = 0
        """How many forms will be turned down on purpose: the browser reports each as an error."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("requestfailed", self._failed)
        page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        if self.refusals and "422" in message.text:
            self.refusals -= 1
        elif message.type in ("error", "warning"):
            self.wrong.append(message.text)

    def _failed(self, request: Request) -> None:
        # what the browser gave up itself, because the page was left meanwhile, did not fail
        if request.failure != "net::ERR_ABORTED":
            self.wrong.append(f"failed: {request.url}: {request.failure}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith(self.district.url):
            self.wrong.append(f"goes outside: {request.url}")

    def go(self, path: str, status: int = 200) -> Page:
        response = self.page.goto(self.district.url + path)
        assert response is not None and response.status == status, path
        return self.page
