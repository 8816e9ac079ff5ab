"""One headless Chromium for each file; a fresh room and a fresh profile for each; any console error fails the test."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.office import Office

CHROMIUM = "/usr/bin/chromium"
ARGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"viewport": {"width": 1280, "height": 800}}
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

PATIENCE = 20_000
"""Milliseconds for something to be seen; far more than it takes on a busy machine."""
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def browser():
    """Not for the whole session: while Playwright is open, the tests of other folders could run no event loop."""
    if not Path(CHROMIUM).exists():
        pytest.fail(f"no Chromium at {CHROMIUM}: run `make test`, which installs it")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def office(tmp_path):
    (tmp_path / "chart.png").write_bytes(base64.b64decode(PIXEL))
    office = Office(tmp_path)
    yield office
    office.close()


class Visits:
    """Opens pages and remembers what their consoles complained about."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._contexts = []
        self.complaints: list[str] = []

    def open(self, url: str, **options) -> Page:
        context = self._browser.new_context(locale="zh-CN", **{**DESKTOP, **options})
        context.set_default_timeout(PATIENCE)
        self._contexts.append(context)
        page = context.new_page()
        page.on("console", lambda line: line.type in ("error", "warning") and self.complaints.append(line.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(url)
        return page

    def close(self) -> None:
        for context in self._contexts:
            context.close()


@pytest.fixture
def visits(browser):
    visits = Visits(browser)
    yield visits
    visits.close()
    assert visits.complaints == []


@pytest.fixture
def page(office, visits) -> Page:
    """张三 at a desk, in the group."""
    page = visits.open(office.url)
    expect(page.locator("article")).to_have_count(1)
    return page


@pytest.fixture
def phone(office, visits) -> Page:
    """张三 with a phone, before the list of chats."""
    page = visits.open(office.url, **PHONE)
    expect(page.locator(".chat-row")).to_have_count(2)
    return page
