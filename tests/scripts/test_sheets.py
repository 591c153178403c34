"""The sheet of twelve figures and the printed cheat sheet."""

from pathlib import Path

import pytest

from scripts import cheat_sheet, gallery_figure

FIGURES = Path(__file__).parents[2] / "docs" / "figures"


def test_twelve_panels_are_figures_that_are_there() -> None:
    assert len(set(gallery_figure.PANELS)) == 12
    assert all((FIGURES / f"{name}.png").exists() for name in gallery_figure.PANELS)


def test_pages_of_a_pdf_are_counted() -> None:
    pdf = b"<< /Type /Pages /Count 2 >> << /Type /Page >> <</Type/Page/Parent 1 0 R>>"
    assert cheat_sheet.pages_of(pdf) == 2


def test_a_site_that_is_not_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="build the site first"):
        cheat_sheet.main(tmp_path)


def test_a_sheet_of_two_pages_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cheat-sheet.html").touch()
    monkeypatch.setattr(cheat_sheet.shutil, "which", lambda name: name)
    monkeypatch.setattr(cheat_sheet, "printed", lambda page, browser: b"/Type /Page /Type /Page ")
    with pytest.raises(SystemExit, match="has 2 pages"):
        cheat_sheet.main(tmp_path)
    assert not (tmp_path / "cheat-sheet.pdf").exists()
