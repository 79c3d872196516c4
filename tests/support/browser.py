"""Debian's Chromium under Playwright, with nothing that reaches out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Playwright

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]


@contextmanager
def launched(playwright: Playwright) -> Iterator[Browser]:
    """A browser with a fresh profile, which Playwright removes with it."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS, headless=True)
    try:
        yield browser
    finally:
        browser.close()
