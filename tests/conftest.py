"""What many tests share: a cell, a command, a file that is written or refused."""

import gc

import pytest
from click.testing import CliRunner

import hetsim as hs
from hetsim.cli import main
from hetsim.errors import ParameterError

# Models are trees of some hundred thousand objects that are kept for the next test: 2 to 6 % of the time went into
# looking for garbage among them.
gc.set_threshold(20_000, 20, 20)


@pytest.fixture(scope="module")
def czt():
    return hs.load("CZT", "lumped")


@pytest.fixture(autouse=True)
def terminal(monkeypatch):
    """Commands are run in a terminal of the width that their output is made for; workers of pytest say 80."""
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def hetsim(tmp_path, monkeypatch):
    """Run a command in an empty folder; a traceback is a failure of the test."""
    monkeypatch.chdir(tmp_path)

    def run(*words):
        return CliRunner().invoke(main, words, catch_exceptions=False)

    return run


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "cell.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def refusal(written):
    """The message with which a file is refused."""

    def read(text, variant=""):
        with pytest.raises(ParameterError) as caught:
            hs.load(written(text), variant)
        return str(caught.value)

    return read
