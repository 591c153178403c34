"""One browser and one page for all tests; they are skipped where no browser is installed."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from hetsim.teaching.bundle import page_text

BROWSERS = ("chromium", "chromium-browser", "google-chrome")

READY = "html[data-ready=yes]"
LOADED_IN = 20_000
"""[ms]; a page takes half a second."""

GUESSES = {3: "0.7_0.4", 6: "150"}
"""Predictions that are dragged; elsewhere the first choice is taken."""


@pytest.fixture(scope="session")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as `hetsim teach --export` writes it."""
    path = tmp_path_factory.mktemp("teaching") / "index.html"
    path.write_text(page_text(), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    executable = next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.skip(f"no browser is installed ({', '.join(BROWSERS)})")
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        one = driver.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        yield one
        one.close()


class Visit:
    """A page in the browser, with what it asked for and what it complained of."""

    def __init__(self, browser: Any, file: Path) -> None:
        self.context = browser.new_context(
            viewport={"width": 1280, "height": 900}, reduced_motion="reduce", color_scheme="light"
        )
        self.page = self.context.new_page()
        self.file = file
        self.requests: list[str] = []
        self.complaints: list[str] = []
        self.page.on("request", lambda one: self.requests.append(one.url))
        self.page.on("console", lambda one: self.complaints.append(f"{one.type}: {one.text}"))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def open(self, address: str) -> Any:
        """The page at an address behind #, as when a link is followed."""
        self.page.goto("about:blank")
        self.page.goto(f"{self.file.as_uri()}#{address}")
        self.page.wait_for_selector(READY, timeout=LOADED_IN)
        return self.page

    def turn(self, address: str, during: str = "") -> None:
        """To another address of the open page, without loading it again; `during` runs before it hears of it."""
        turned = f"""(address) => new Promise((done) => {{
          addEventListener("hashchange", () => setTimeout(done), {{once: true}});
          location.hash = address;
          {during};
        }})"""
        if self.page.url.partition("#")[2] != address:
            self.page.evaluate(turned, address)

    def until(self, condition: str) -> None:
        """Waits for a condition on the page, whose policy forbids Playwright to evaluate it there by itself."""
        end = time.monotonic() + LOADED_IN / 1e3
        while not self.page.evaluate(condition):
            assert time.monotonic() < end, condition
            self.page.wait_for_timeout(20)

    def address(self) -> str:
        """Where the page is, when it has written its state there; it does so three times a second at most."""
        self.page.wait_for_timeout(350)
        return str(self.page.url)

    def predicted(self, number: int) -> str:
        """The address of a scene whose prediction is made."""
        return f"scene={number}&g={GUESSES.get(number, '0')}"

    def scene(self, number: int, more: str = "") -> Any:
        """A scene whose prediction is made, as when the address of the open page is changed."""
        address = self.predicted(number) + more
        if self.page.url.partition("#")[0] != self.file.as_uri():
            return self.open(address)
        self.turn(address)
        return self.page

    def seen(self) -> dict[str, Any]:
        """What the page says of itself: scene, numbers, milliseconds, predicted."""
        found: dict[str, Any] = json.loads(self.page.evaluate("JSON.stringify(window.TEACHING)"))
        return found

    def drawn(self) -> str:
        """All figures."""
        return str(self.page.evaluate("document.querySelector('.plots').innerHTML"))

    def curves(self) -> list[str]:
        """Lines, markers and colours of all figures, without any text."""
        found: list[str] = self.page.evaluate(
            "[...document.querySelectorAll('.plots :is(path[clip-path], svg > g, stop)')].map((one) => one.outerHTML)"
        )
        return found


@pytest.fixture(scope="session")
def visit(browser: Any, file: Path) -> Iterator[Visit]:
    one = Visit(browser, file)
    yield one
    one.context.close()


@pytest.fixture(scope="session")
def wait_for_curves() -> Callable[[Visit], None]:
    """Scene 7 computes its mixture a piece at a time."""

    def wait(visit: Visit) -> None:
        visit.until("'mixture 10' in window.TEACHING.numbers")

    return wait
