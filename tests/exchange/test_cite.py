"""The papers behind a run: all that its files name, the laws of its equations, the programs; no other."""

import json
import re
from pathlib import Path

import pybamm
import pytest
from shipped import SOME

import hetsim as hs
from hetsim.errors import OutputError, ParameterError
from hetsim.exchange.cite import cite, laws_of
from hetsim.models import HeterostructureSPM
from hetsim.references.reference import dois

TRANSFERENCE = "Cation transference number"
ITS_PAPER = "10.1039/d4fd00012a"


def keys(*of: object, model: str = "SPMe") -> set[str]:
    return {one.reference.key for one in cite(*of, model=model).citations}


@pytest.mark.parametrize("name", SOME)
def test_every_doi_of_a_cells_values_and_curves_is_cited(name: str) -> None:
    cell = hs.load(name)
    named = {doi for text in cell.table()["source"] for doi in dois(text)}
    if cell.measured:
        named |= set(dois(cell.measured.source))
    found = cite(name)
    assert named <= set(found.dois)
    assert len({one.reference.key for one in found.citations}) == len(found.citations)
    assert {"hetsim", "Sulzer2021"} <= keys(name)


def test_what_the_user_sets_is_no_longer_cited() -> None:
    cell = hs.load("CZT")
    assert ITS_PAPER in cite(cell).dois
    assert ITS_PAPER not in cite(cell.with_values({TRANSFERENCE: 0.5})).dois


def test_laws_are_those_of_the_equations() -> None:
    assert "multi_site" in laws_of(hs.load("CZT"))
    lumped = laws_of(hs.load("CZT", "lumped"))
    assert "isotherm.plateau_staircase" in lumped
    assert "relaxation_modes" in lumped
    shell = laws_of(hs.load("CZT", "core-shell"))
    assert {"potential", "transport"} <= set(shell)
    assert not {"junction_channel", "relaxation_modes"} & set(shell)
    ageing = hs.load("CT").with_ageing(hs.ReactionDrivenLoss(), hs.SEIGrowth())
    assert {"ageing.loss_rate_with_charge", "ageing.film_thickness"} <= set(laws_of(ageing))
    assert "Reniers2019" not in keys("CT")
    assert set(laws_of(hs.load("CZT", "lumped"))) <= set(laws_of(hs.load("KPB-CZT")))


def test_a_result_knows_its_cell_its_model_and_its_protocol() -> None:
    cell = hs.load("CZT", "lumped")
    run = hs.run(cell, hs.GITT(current=0.5, pulse=60, rest=60, pulses=1), "SPM")
    assert {"WeppnerHuggins1977", "Marquis2019", "Pan2023"} <= keys(run)
    rate = hs.run(cell, hs.RateTest([1.0], from_equilibrium=True), "DFN")
    assert "Doyle1993" in keys(rate)
    assert not {"WeppnerHuggins1977", "Marquis2019"} & keys(rate)
    assert keys(run, rate) == keys(run) | keys(rate)


def test_uses_are_named_and_sources_without_a_doi_are_kept() -> None:
    found = cite("CZT")
    uses = next(one.uses for one in found.citations if one.reference.doi == ITS_PAPER)
    assert uses == (TRANSFERENCE,)
    assert any("review" in text for text in cite("MoS2-CoS2").without_doi)
    assert "Named without a DOI:" in cite("MoS2-CoS2").plain


def test_pybamm_prints_hetsim_and_the_papers_of_a_set() -> None:
    """PyBaMM parses what it does not know when it prints, so that is where to look."""
    pybamm.citations._reset()
    HeterostructureSPM()
    from hetsim.cells import pybamm_sets

    pybamm.ParameterValues(pybamm_sets.CZT())
    waiting = "\n".join(pybamm.citations._unknown_citations) + str(pybamm.citations._papers_to_cite)
    assert "hetsim" in waiting
    assert "10.1007/s40820-023-01202-6" in waiting


def test_a_key_of_ours_is_none_of_pybamms() -> None:
    """PyBaMM would put ours in the place of its own."""
    bib = (Path(pybamm.__file__).parent / "CITATIONS.bib").read_text(encoding="utf-8")
    theirs = set(re.findall(r"^@\w+\{(\S+),", bib, re.MULTILINE))
    from hetsim.cells.sources import cited

    for name in SOME:
        assert not {one.key for one in cited(hs.load(name)) if not one.title} & theirs


def test_files_and_wrong_input(tmp_path: Path) -> None:
    found = cite("CZT")
    found.write(tmp_path / "references.bib")
    text = (tmp_path / "references.bib").read_text(encoding="utf-8")
    assert text.count("\n@") == len(found.citations) - 1
    found.write(tmp_path / "references.txt")
    assert (tmp_path / "references.txt").read_text(encoding="utf-8").startswith("[1] ")
    with pytest.raises(OutputError, match=r"'\.docx'"):
        found.write(tmp_path / "references.docx")
    with pytest.raises(OutputError, match="cannot be written"):
        found.write(tmp_path / "nowhere" / "references.bib")
    with pytest.raises(ParameterError, match="needs a result"):
        cite()
    with pytest.raises(ParameterError, match="Unknown model 'P2D'"):
        cite("CZT", model="P2D")
    with pytest.raises(ParameterError, match="Unknown system"):
        cite("no such system")
    with pytest.raises(ParameterError, match="got 3"):
        cite(3)  # type: ignore[arg-type]


def test_the_command_prints_and_writes(hetsim, tmp_path: Path) -> None:
    result = hetsim("cite", "CZT", "CT", "--out", "references.bib")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Pan et al." in result.stdout
    assert "written: references.bib" in result.stdout
    assert (tmp_path / "references.bib").read_text(encoding="utf-8").startswith("@misc{hetsim")
    told = json.loads(hetsim("cite", "CZT", "--json").stdout)
    assert ITS_PAPER in [one["doi"] for one in told["works"]]
    assert hetsim("cite", "CZT", "--bibtex").stdout.startswith("@misc{hetsim")
    wrong = hetsim("cite", "CZT", "--out", "a.docx")
    assert wrong.exit_code == 2
    assert not (tmp_path / "a.docx").exists()
