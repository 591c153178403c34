"""The documentation site: the reference has every public name, docstrings keep their text, and its checks find faults.

The site itself is built and checked by `python -m scripts.build_site`, in .ci/run.
"""

import re
from pathlib import Path

import pytest

from hetsim.parameters.library import component_names
from hetsim.parameters.schema import SCHEMA
from hetsim.results import Outcome
from scripts.site import api_pages, check, gallery, parameter_names, system_pages
from scripts.site.docstrings import as_rst
from scripts.site.tables import row, table

ROOT = Path(__file__).parents[2]


def test_every_public_name_has_a_place_in_the_reference() -> None:
    assert api_pages.missing() == []
    text = "\n".join(api_pages.pages().values())
    for name in api_pages.every_name():
        assert f":: {name}\n" in text, name


def test_a_name_without_a_place_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import hetsim

    monkeypatch.setattr(hetsim, "__all__", [*hetsim.__all__, "new_name"])
    assert api_pages.missing() == ["new_name"]


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("|Phi| of `x_i` * 2", r"\|Phi\| of ``x_i`` \* 2"),
        ("law:\n\n    a = b*c", "law:\n\n::\n\n    a = b*c"),
        ("x : r/R in (0, 1]", "``x``\n    r/R in (0, 1]"),
        ("that\n2. it ends", "that\n\\2. it ends"),
        ("x : one\nand more\nLimits: none", "``x``\n    one\n    and more\n\n\nLimits: none"),
        (
            "Parameters\n----------\ncell : HalfCell\n    what is run",
            "``cell`` : HalfCell\n    what is run",
        ),
    ],
)
def test_docstrings_keep_their_text(told: str, shown: str) -> None:
    assert shown in "\n".join(as_rst(told.splitlines()))


@pytest.mark.parametrize("path", sorted((ROOT / "experiments").glob("[a-z]*.py")), ids=str)
def test_an_experiment_has_a_page(path: Path) -> None:
    figures = [one.stem for one in (ROOT / "docs" / "figures").glob("*.png")]
    text = gallery.source(path.stem, path.read_text(encoding="utf-8"), figures)
    compile(text, path.name, "exec")
    run, kept = "result = main(Path())" in text, "/figures/" in text
    assert run == (path.stem in gallery.RUN) != kept


def site_of(folder: Path, page: str, terms: str = "{}") -> Path:
    (folder / "reference").mkdir()
    (folder / "reference" / "one.html").write_text(page)
    (folder / "searchindex.js").write_text(
        f'Search.setIndex({{"terms":{terms},"titleterms":{{}}}})'
    )
    return folder


def test_faults_of_a_site_are_found(tmp_path: Path) -> None:
    site = site_of(
        tmp_path,
        '<p id="a"><a href="#a">in</a><a href="#b">in</a><a href="two.html">out</a>'
        '<script src="https://example.org/x.js"></script><img src="a.png"><img src="b.png" alt="b">',
        '{"deby":[0,1],"length":2}',
    )
    assert check.names_missing(site, ["a", "c"]) == ["c is not in the API reference."]
    assert check.links_broken(site) == [
        "reference/one.html: #b has no such section.",
        "reference/one.html: two.html leads nowhere.",
        "reference/one.html: a.png leads nowhere.",
        "reference/one.html: b.png leads nowhere.",
    ]
    assert check.pictures_without_text(site) == [
        "reference/one.html: a.png has no alternative text."
    ]
    assert check.loaded_from_elsewhere(site) == [
        "reference/one.html loads https://example.org/x.js."
    ]
    assert check.not_found(site, ("Debye length", "Debye")) == [
        'The search does not find "Debye length".'
    ]


def test_outcomes_are_all_told() -> None:
    text = (ROOT / "docs" / "reference" / "outcomes.md").read_text(encoding="utf-8")
    table, *_ = text.split("\n## ")
    assert re.findall(r"^\| ([a-z -]+) \| (?!meaning)", table, re.MULTILINE) == [*Outcome]


def test_every_system_by_hand_has_a_page_with_its_values() -> None:
    told = (ROOT / "docs" / "systems.md").read_text(encoding="utf-8")
    sections = system_pages.sections(told)
    assert sorted(sections) == component_names("systems")
    assert all(f"(reference/systems/{name}.md)" in system_pages.index(told) for name in sections)
    assert "What a field could do" in sections["CZT"]
    assert "## " not in sections["ZT"]


def test_cells_of_tables_are_text() -> None:
    assert table(["a"], [row("x|y_z [m]")]).splitlines()[-1] == r"| x\|y\_z \[m\] |"


def test_parameter_names_are_told_with_their_limits() -> None:
    text = parameter_names.tables()
    for one in SCHEMA.values():
        assert f"| {row(one.name)[0]} | {one.low:g} to {one.high:g} |" in text
