"""hetsim teach: a page on this machine alone, or a file."""

import socket
import threading
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from typing import Any

import pytest

from hetsim.errors import OutputError
from hetsim.teaching import server as module
from hetsim.teaching.bundle import page_text
from hetsim.teaching.server import LOOPBACK, TeachingServer


def fetched(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, answer.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        return error.code, ""


def test_server_gives_the_page_and_nothing_else() -> None:
    with TeachingServer("<p>µ</p>") as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            assert server.address.startswith("http://127.0.0.1:")
            assert fetched(server.address) == (200, "<p>µ</p>")
            assert fetched(server.address + "index.html?x=1") == (200, "<p>µ</p>")
            assert fetched(server.address + "pyproject.toml")[0] == 404
            assert fetched(server.address + "../../etc/passwd")[0] == 404
        finally:
            server.shutdown()
            thread.join()


def test_the_page_of_the_server_opens_and_asks_for_nothing_more(browser: Any) -> None:
    with TeachingServer(page_text()) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        page = browser.new_page()
        try:
            asked: list[str] = []
            page.on("request", lambda one: asked.append(one.url))
            page.goto(f"{server.address}#scene=3&g=0.7_0.4")
            page.wait_for_selector("html[data-ready=yes]")
            assert page.locator("#figure-0 svg").is_visible()
            assert {one.partition("#")[0] for one in asked if not one.startswith("data:")} == {
                server.address
            }
        finally:
            page.close()
            server.shutdown()
            thread.join()


def test_port_in_use_is_one_sentence(hetsim) -> None:
    with socket.socket() as taken:
        taken.bind((LOOPBACK, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(OutputError, match=f"Port {port} is in use"):
            TeachingServer("", port)
        result = hetsim("teach", "--no-browser", "--port", str(port))
    assert result.exit_code == 2
    assert result.stderr == (
        f"Error: Port {port} is in use; take another one, or leave --port out for a free one.\n"
    )


def test_port_is_a_port(hetsim) -> None:
    result = hetsim("teach", "--port", "70000")
    assert result.exit_code == 2
    assert "70000 is not in the range 0<=x<=65535" in result.stderr


@pytest.fixture
def ended_at_once(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The server ends as by Ctrl-C; addresses that a browser was asked to open."""
    opened: list[str] = []

    def interrupt(self: TeachingServer) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(module.TeachingServer, "serve_forever", interrupt)
    monkeypatch.setattr(webbrowser, "open", lambda address: bool(opened.append(address)))
    return opened


def test_no_browser_prints_the_address(hetsim, ended_at_once: list[str]) -> None:
    result = hetsim("teach", "--no-browser")
    assert result.exit_code == 0
    assert result.stdout.startswith("http://127.0.0.1:")
    assert ended_at_once == []
    assert result.stderr == ""


def test_a_browser_that_does_not_open_is_one_sentence(hetsim, ended_at_once: list[str]) -> None:
    result = hetsim("teach")
    assert result.exit_code == 0
    [address] = ended_at_once
    assert address in result.stdout
    assert result.stderr.count("\n") == 1
    assert result.stderr.startswith("No browser could be opened here; open the address in one")


def test_export_writes_one_file(hetsim, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "lecture"
    result = hetsim("teach", "--export", str(folder))
    assert result.exit_code == 0, result.stderr
    assert [one.name for one in folder.iterdir()] == ["index.html"]
    assert (folder / "index.html").read_text(encoding="utf-8") == page_text().rstrip("\n") + "\n"


@pytest.mark.parametrize("is_file", [False, True])
def test_export_leaves_what_exists(hetsim, tmp_path: Path, is_file: bool) -> None:
    there = tmp_path / "there"
    there.write_text("mine") if is_file else there.mkdir()
    result = hetsim("teach", "--export", str(there))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: '{there}' exists; --export makes a new folder")
    assert result.stderr.count("\n") == 1
    assert there.read_text() == "mine" if is_file else list(there.iterdir()) == []


def test_export_with_force_and_links(hetsim, tmp_path: Path) -> None:
    result = hetsim("teach", "--export", str(tmp_path), "--force", "--gallery", "../gallery/")
    assert result.exit_code == 0, result.stderr
    assert '"../gallery/"' in (tmp_path / "index.html").read_text(encoding="utf-8")
