"""One table from laws to papers, which the docstrings of the laws bear out; and what BibTeX asks of an entry."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from hetsim import architectures
from hetsim.references.laws import OF_ARCHITECTURES, OF_LAWS, OF_MODELS, OF_PROTOCOLS
from hetsim.references.reference import Reference, dois, library, of_doi

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "hetsim" / "laws"


def docstrings_of(law: str) -> str:
    """Of the module or the function; the docstring of the module counts for all of its functions."""
    module, _, function = law.partition(".")
    found = import_module(f"hetsim.laws.{module}")
    return getattr(found, function).__doc__ if function else found.__doc__


def told(text: str) -> str:
    return " ".join(text.split()).replace("ue", "u")


@pytest.mark.parametrize("law", [one for one in OF_LAWS if one != "ageing.film_thickness"])
def test_the_docstring_of_a_law_names_its_papers(law: str) -> None:
    whole = docstrings_of(law)
    if law == "ageing.loss_rate_with_charge":  # both laws of ageing are named above the module
        whole = docstrings_of("ageing")
    for key in OF_LAWS[law]:
        paper = library()[key]
        if paper.doi:
            assert paper.doi in dois(whole), key
        else:
            first = paper.authors[0].partition(",")[0]
            assert told(first) in told(whole), key
            assert str(paper.year) in whole or law == "relaxation_modes", key


def test_every_doi_in_the_laws_is_in_the_table() -> None:
    known = {library()[key].doi for keys in OF_LAWS.values() for key in keys}
    for path in FOLDER.glob("*.py"):
        assert set(dois(path.read_text(encoding="utf-8"))) <= known, path.name


def test_every_key_is_a_work_of_the_library() -> None:
    tables = (OF_LAWS, OF_MODELS, OF_PROTOCOLS)
    used = {key for table in tables for keys in table.values() for key in keys}
    assert used | {"hetsim"} == set(library())


def test_the_laws_of_an_architecture_are_those_that_its_module_calls() -> None:
    for name, laws in OF_ARCHITECTURES.items():
        kind = getattr(architectures, name)
        text = Path(import_module(kind.__module__).__file__ or "").read_text(encoding="utf-8")
        called = {f"mixing.{one}" for one in re.findall(r"mixing\.([a-z_]+)\(", text)}
        assert {one for one in laws if one.startswith("mixing.")} == called & set(OF_LAWS), name
    assert set(OF_ARCHITECTURES) == {
        type(one).__name__ for one in architectures.ARCHITECTURES.values()
    }


@pytest.mark.parametrize("key", library())
def test_an_entry_has_what_bibtex_asks_for(key: str) -> None:
    text = library()[key].bibtex
    assert text.startswith("@")
    assert text.count("{") == text.count("}")
    needed = {
        "article": ("author", "title", "journal", "year"),
        "book": ("author", "title", "publisher", "year"),
        "incollection": ("author", "title", "booktitle", "year"),
        "phdthesis": ("author", "title", "school", "year"),
        "misc": ("author", "title", "year"),
    }
    kind = re.match(r"@(\w+)\{", text)
    assert kind is not None
    for field in needed[kind[1]]:
        assert re.search(rf"^  {field} = \{{.+\}},$", text, re.MULTILINE), field


def test_hetsim_is_cited_as_its_citation_file_says() -> None:
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f'title: "{library()["hetsim"].title}"' in text
    assert 'name: "The hetsim developers"' in text
    assert f"doi: {library()['Sulzer2021'].doi}" in text


PAN = "Pan et al., Nano-Micro Lett. 15, 225 (2023), doi:10.1007/s40820-023-01202-6 (full cell)"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (PAN, ["10.1007/s40820-023-01202-6"]),
        (
            "doi:10.1016/0079-6786(95)00004-E; J. Maier, doi:10.1038/nmat1513 (storage).",
            ["10.1016/0079-6786(95)00004-E", "10.1038/nmat1513"],
        ),
        ("(Electrochim. Acta 277, 116, 2018)", []),
        ("see doi:10.1149/2.0281914jes.", ["10.1149/2.0281914jes"]),
        ("a width of 10.5/2 nm", []),
    ],
)
def test_dois_are_found_in_what_files_say(text: str, expected: list[str]) -> None:
    assert dois(text) == expected


def test_a_work_known_by_its_doi_says_what_the_file_says() -> None:
    paper = of_doi("10.1007/s40820-023-01202-6", "Pan et al., Nano-Micro Lett. 15, 225 (2023)")
    expected = (("Pan", "others"), "Nano-Micro Lett.", "15", "225", 2023)
    assert (paper.authors, paper.journal, paper.volume, paper.pages, paper.year) == expected
    assert (
        paper.plain == "Pan et al. Nano-Micro Lett. 15, 225 (2023), doi:10.1007/s40820-023-01202-6"
    )
    assert paper.bibtex.startswith("@misc{Pan2023,")  # an article must have a title
    assert of_doi("10.1/x-y", "as in the paper") == Reference("doi_10_1_x_y", doi="10.1/x-y")


def test_signs_of_tex_are_escaped_but_not_in_a_doi() -> None:
    one = Reference("k", "article", ("A, B",), "100 % of A & B", "J", doi="10.1/a_b")
    assert r"100 \% of A \& B" in one.bibtex
    assert "doi = {10.1/a_b}" in one.bibtex
