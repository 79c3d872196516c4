"""Pictures of the gateway's pages with canned answers, to look at:
``python -m tests.support.screens AMQP_URI DIRECTORY [PAGE…]``."""

from __future__ import annotations

import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from shared.settings import Settings
from tests.support import canned, canned_praise
from tests.support.browser import launched
from tests.support.gateway import RunningGateway
from tests.support.responder import Responder

PAGES = {
    "home": "/?year=2024", "home-en": "/?year=2024&lang=en", "home-empty": "/?year=2023", "unit": "/units/00118?year=2024",
    "team": "/teams/HG-118005AB?year=2024", "flow": "/flow", "refused": "/refused",
    "board": "/units/00118/recognition?year=2024", "sheet": "/units/00118/sheet?year=2024",
    "proposals": "/units/00118/proposals?year=2024", "mediator": "/teams/HG-118005AB/mediators/hgv-118-05-2",
    "communes": "/communes?year=2024", "models": "/models?year=2024", "commendations": "/commendations",
    "commendation": f"/commendations/{canned_praise.RECORD}", "owed": "/owed?year=2024", "papers": "/papers?unit=00118",
    "act-vote": "/act/recognition.self-assessed?team=HG-118005AB&year=2024",
    "act-decide": "/act/recognition.decided?unit=00118&year=2024",
    "refusal": f"/refused/{canned.REFUSAL}", "missing": "/nowhere", "unit-unknown": "/units/99999?year=2024",
}
WIDTHS = {"wide": 1280, "phone": 390, "narrow": 360}


def main(uri: str, directory: Path, *only: str) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    settings = Settings(amqp_uri=uri, mongo_uri="mongodb://unused", gateway_query_ms=2000)
    with (
        Responder(uri, canned.answers()), RunningGateway(settings) as gateway, sync_playwright() as playwright,
        launched(playwright) as browser,
    ):
        for size, width in WIDTHS.items():
            for name, path in PAGES.items():
                if not only or name in only:
                    page = browser.new_page(viewport={"width": width, "height": 800})
                    page.goto(gateway.url + path)
                    picture(page, directory / f"{name}-{size}")
                    page.close()


def picture(page: Page, target: Path) -> None:
    """A long page in pieces, so that each stays legible."""
    for details in page.query_selector_all("details"):
        details.evaluate("it => it.open = true")
    width, height, over = page.evaluate(
        "[document.documentElement.clientWidth, document.documentElement.scrollHeight,"
        " document.documentElement.scrollWidth - document.documentElement.clientWidth]"
    )
    most = width * 2
    for number, top in enumerate(range(0, height, most), 1):
        clip = {"x": 0, "y": top, "width": width, "height": min(most, height - top)}
        page.screenshot(path=f"{target}-{number}.png", full_page=True, clip=clip)  # type: ignore[arg-type]
    print(f"{target.name}: {over} px too wide" if over > 0 else target.name)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])
