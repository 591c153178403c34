"""What the tests of the commands share."""

from pathlib import Path

import pytest
from matplotlib.figure import Figure


@pytest.fixture
def vectors():
    """Asks for SVG files that are drawn: by one test of each command and kind of figure."""


@pytest.fixture(autouse=True)
def pixels_only(request, monkeypatch):
    """Elsewhere a figure is drawn once, as pixels; drawing it as vectors too would take half of these tests' time."""
    if "vectors" in request.fixturenames:
        return
    draw = Figure.savefig

    def savefig(figure, path, **options):
        if Path(path).suffix == ".svg":
            Path(path).touch()
        else:
            draw(figure, path, **options)

    monkeypatch.setattr(Figure, "savefig", savefig)
