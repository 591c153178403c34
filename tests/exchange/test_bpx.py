"""BPX out and in: accepted by its own package, read by PyBaMM with the same laws, and back to the same cell."""

import json
from contextlib import suppress
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pybamm
import pytest

import hetsim as hs
from hetsim.constants import FARADAY
from hetsim.errors import OutputError, ParameterError
from hetsim.exchange import from_bpx, host_from_bpx, host_from_pybamm, to_bpx
from hetsim.exchange.bpx_files import bpx_package
from hetsim.references.reference import dois

approx = partial(pytest.approx, abs=0)  # of small numbers the usual 1e-12 would be all

CELLS = [
    ("CZT", ""), ("CZT", "lumped"), ("CZT", "core-shell"), ("MoS2-ZnIn2S4", ""), ("A-V2O5-graphene", ""),
]  # fmt: skip
LUMPED = hs.load("CZT", "lumped")


def electrode(document: dict[str, Any]) -> dict[str, Any]:
    return document["Parameterisation"]["Positive electrode"]


@pytest.mark.parametrize(("name", "variant"), CELLS)
def test_a_cell_comes_back_the_same(name: str, variant: str, tmp_path: Path) -> None:
    cell = hs.load(name, variant).with_particle(classes=3)
    to_bpx(cell, tmp_path / "cell.json")
    assert bpx_package().parse_bpx_file(tmp_path / "cell.json").header.model == "Partial"
    back = from_bpx(tmp_path / "cell.json")
    assert back.parameters_hash == cell.parameters_hash
    assert back.system.values == cell.system.values  # kinds and sources too
    sources = {doi for one in cell.system.values.values() for doi in dois(one.source)}
    assert sources <= set(hs.cite(back).dois)


@pytest.mark.parametrize(("name", "variant"), CELLS)
def test_tables_meet_the_curves_of_the_cell(name: str, variant: str) -> None:
    cell = hs.load(name, variant)
    found = electrode(to_bpx(cell))
    x = np.linspace(
        found["Minimum stoichiometry"] + 1e-3, found["Maximum stoichiometry"] - 1e-3, 997
    )
    for branch, key in (("insertion", "lithiation"), ("extraction", "delithiation")):
        table = found[f"OCP ({key}) [V]"]
        expected = np.asarray(cell.open_circuit_potential(x, branch))
        # a fifth more than the tolerance of the middle of two points: the largest is not in the middle
        assert np.abs(np.interp(x, table["x"], table["y"]) - expected).max() < 1.2e-4


@pytest.mark.filterwarnings(
    "ignore:Accessing the .model_fields", "ignore:.Open-circuit voltage at", "ignore:While solving"
)
def test_pybamm_reads_the_laws_that_hetsim_has() -> None:
    """PyBaMM takes cells of two electrodes: here of the same one twice."""
    cell = LUMPED
    document = to_bpx(cell)
    parameters = document["Parameterisation"]
    parameters["Negative electrode"] = parameters["Positive electrode"]
    parameters.pop("User-defined")
    parameters["Cell"] |= {
        "External surface area [m2]": 1e-3,
        "Volume [m3]": 1e-6,
    }  # it asks for them
    document["Header"]["Model"] = "DFN"
    theirs = pybamm.ParameterValues.create_from_bpx_obj(document)
    ours = cell.parameter_values()
    sto, temperature = pybamm.Scalar(0.3), pybamm.Scalar(310.0)
    warmer = pybamm.Scalar(cell.values.number("Reference temperature [K]") + 1)
    c_max = float(theirs["Maximum concentration in positive electrode [mol.m-3]"])
    c_e = pybamm.Scalar(0.7 * cell.values.number("Initial concentration in electrolyte [mol.m-3]"))
    arguments = {
        "c_e": c_e, "c_s_surf": 0.3 * pybamm.Scalar(c_max), "c_s_max": pybamm.Scalar(c_max), "T": temperature,
    }  # fmt: skip

    def both(name: str, inputs: dict[str, Any]) -> list[float]:
        return [
            float(
                np.asarray(
                    one.process_symbol(pybamm.FunctionParameter(name, inputs)).evaluate()
                ).item()
            )
            for one in (theirs, ours)
        ]

    for name, inputs, tolerance in (
        (
            "Positive electrode exchange-current density [A.m-2]",
            arguments,
            1e-9,
        ),  # the same formula
        (
            "Positive particle diffusivity [m2.s-1]",
            {"sto": sto, "T": warmer},
            1e-3,
        ),  # the energies of two hosts as one
        ("Positive electrode OCP [V]", {"sto": sto}, 2e-4),  # 0.1 mV of a table
        ("Electrolyte conductivity [S.m-1]", {"c_e": c_e, "T": temperature}, 1e-9),
    ):
        found, expected = both(name, inputs)
        assert found == approx(expected, rel=tolerance), name
    for name in (
        "Maximum concentration in positive electrode [mol.m-3]",
        "Positive electrode thickness [m]",
        "Positive electrode porosity",
        "Positive electrode active material volume fraction",
        "Positive electrode Bruggeman coefficient (electrolyte)",
        "Separator Bruggeman coefficient (electrolyte)",
        "Positive particle radius [m]",
        "Nominal cell capacity [A.h]",
    ):
        found, expected = (float(one.evaluate(pybamm.Parameter(name))) for one in (theirs, ours))
        assert found == approx(expected, rel=1e-9), name


# --- files of others ------------------------------------------------------------------------------


def foreign(**changes: Any) -> dict[str, Any]:
    """A half cell as another program could write it; a blend with `Particle`."""
    block = {
        "Thickness [m]": 5e-5,
        "Porosity": 0.3,
        "Transport efficiency": 0.3**1.5,
        "Conductivity [S.m-1]": 5.0,
        "Minimum stoichiometry": 0.05,
        "Maximum stoichiometry": 0.95,
        "Maximum concentration [mol.m-3]": 3e4,
        "Particle radius [m]": 2e-6,
        "Surface area per unit volume [m-1]": 3 * 0.6 / 2e-6,
        "Diffusivity [m2.s-1]": 2e-14,
        "Diffusivity activation energy [J.mol-1]": 3e4,
        "OCP [V]": "3.6 - 0.6 * x - 0.3 * tanh((x - 0.5) / 0.12)",
        "Reaction rate constant [mol.m-2.s-1]": 1e-6,
    }
    block.update(changes)
    return {
        "Header": {
            "BPX": "1.1.0",
            "Title": "Foreign",
            "References": "doi:10.1000/xyz",
            "Model": "Partial",
        },
        "Parameterisation": {
            "Cell": {
                "Electrode area [m2]": 1.5e-4,
                "Number of electrode pairs connected in parallel to make a cell": 1,
                "Lower voltage cut-off [V]": 2.6,
                "Upper voltage cut-off [V]": 4.0,
                "Nominal cell capacity [A.h]": 0.003,
                "Reference temperature [K]": 298.15,
            },
            "Electrolyte": {
                "Cation transference number": 0.3,
                "Diffusivity [m2.s-1]": "3e-10 * exp(-x / 3000)",
                "Conductivity [S.m-1]": 0.9,
            },
            "Positive electrode": block,
            "Separator": {"Thickness [m]": 2e-5, "Porosity": 0.5, "Transport efficiency": 0.5**2.0},
        },
        "State": {"Initial conditions": {"Initial electrolyte concentration [mol.m-3]": 1200.0}},
    }


def test_a_foreign_electrode_is_a_cell_with_its_charge_its_curve_and_its_kinetics() -> None:
    cell = from_bpx(foreign())
    values = cell.values.number
    charge = (
        values("Active mass loading [mg.cm-2]")
        * 1e-2
        * values("Specific capacity [mA.h.g-1]")
        * 3.6
    )
    charge *= 1e3  # kg m-2 times mAh/g in C/kg
    assert charge == approx(FARADAY * 3e4 * 0.6 * 5e-5, rel=1e-9)  # C m-2: no density in it
    x = np.linspace(0.06, 0.94, 200)
    expected = 3.6 - 0.6 * x - 0.3 * np.tanh((x - 0.5) / 0.12)
    assert np.abs(cell.open_circuit_potential(x) - expected).max() < 0.01  # 2 mV in the mean
    assert cell.effective_diffusivity == approx(2e-14, rel=1e-9)
    assert values("Particle radius [m]") == 2e-6
    assert values("Exchange-current density [A.m-2]") == approx(FARADAY * 1e-6 / 2, rel=1e-12)
    assert values("Electrode Bruggeman coefficient") == approx(1.5, rel=1e-9)
    assert values("Separator Bruggeman coefficient") == approx(2.0, rel=1e-9)
    assert values("Reference electrolyte diffusivity [m2.s-1]") == approx(
        3e-10 * np.exp(-0.4), rel=1e-9
    )
    assert values("Component A migration barrier [eV]") == approx(3e4 / FARADAY, rel=1e-9)
    assert (values("Lower voltage cut-off [V]"), values("Upper voltage cut-off [V]")) == (2.6, 4.0)
    assert cell.system.values["Electrode thickness [m]"].source == "BPX file 'Foreign'"
    assert "10.1000/xyz" in hs.cite(cell).dois
    other = from_bpx(foreign(), density=2500.0)
    loading, capacity = "Active mass loading [mg.cm-2]", "Specific capacity [mA.h.g-1]"
    per_area = [one.values.number(loading) * one.values.number(capacity) for one in (cell, other)]
    assert per_area[0] == approx(per_area[1], rel=1e-9)


def test_a_foreign_cell_discharges_as_the_diffusion_of_one_sphere_says() -> None:
    """A slow discharge delivers the sites between the cut-offs."""
    cell = from_bpx(foreign())
    curve = hs.run(cell, hs.RateTest([1e-3], from_equilibrium=True), "SPM")
    between = cell.inserted_occupancy - cell.extracted_occupancy
    assert curve.capacities[0] == approx(
        between * cell.values.number("Specific capacity [mA.h.g-1]"), rel=2e-3
    )


def test_both_branches_are_a_hysteresis() -> None:
    gap = 0.12
    curve = "3.6 - 0.6 * x - 0.3 * tanh((x - 0.5) / 0.12)"
    changes = {
        "OCP (lithiation) [V]": f"{curve} - {gap / 2}",
        "OCP (delithiation) [V]": f"{curve} + {gap / 2}",
    }
    host = host_from_bpx(foreign(**changes))
    assert host.hysteresis == approx(
        [gap] * len(host.shares), abs=0.02
    )  # the mean of 2 mV leaves some room
    assert host_from_bpx(foreign()).hysteresis == approx(
        [0.0] * len(host_from_bpx(foreign()).shares)
    )


def test_a_host_of_bpx_makes_a_heterostructure() -> None:
    host = host_from_bpx(foreign(), density=4700.0)
    assert host.capacity == approx(FARADAY * 3e4 / 4700 / 3600, rel=1e-9)
    cell = hs.heterostructure(
        host, hs.Host("other", (3.2,), (1.0,), 150.0), ion="Li", mass_share=0.7
    )
    assert hs.run(cell, hs.RateTest([0.05], from_equilibrium=True), "SPM").outcome.good


def test_a_blend_gives_one_host_a_material() -> None:
    document = foreign()
    block = document["Parameterisation"]["Positive electrode"]
    of_coating = ("Thickness [m]", "Porosity", "Transport efficiency", "Conductivity [S.m-1]")
    shared = {key: block.pop(key) for key in of_coating}
    document["Parameterisation"]["Positive electrode"] = {
        **shared,
        "Particle": {
            "Primary": block,
            "Secondary": {**block, "Maximum concentration [mol.m-3]": 1e4},
        },
    }
    hosts = [host_from_bpx(document, material=name) for name in ("Primary", "Secondary")]
    assert hosts[0].capacity == approx(3 * hosts[1].capacity, rel=1e-9)
    with pytest.raises(ParameterError, match="blend of Primary, Secondary"):
        from_bpx(document)


def test_an_electrode_of_pybamm_is_a_host() -> None:
    host = host_from_pybamm("Chen2020", "positive", density=4700.0)
    values = pybamm.ParameterValues("Chen2020")
    c_max = float(values["Maximum concentration in positive electrode [mol.m-3]"])
    assert host.capacity == approx(FARADAY * c_max / 4700 / 3600, rel=1e-9)
    assert host.diffusivity == approx(4e-15, rel=1e-9)
    cell = hs.heterostructure(host, host, ion="Li", mass_share=1.0)
    x = np.linspace(0.3, 0.85, 50)
    expected = values.process_symbol(
        pybamm.FunctionParameter("Positive electrode OCP [V]", {"sto": pybamm.Vector(x)})
    ).evaluate().ravel()  # fmt: skip
    assert np.abs(cell.open_circuit_potential(x) - expected).max() < 0.01  # 2 mV in the mean


# --- wrong input ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"OCP [V]": "3.6 + x"}, "rises by"),
        ({"OCP [V]": "log(x)"}, "calls 'log'"),
        ({"OCP [V]": "3.6 -"}, "no BPX file"),
        ({"Minimum stoichiometry": 0.96}, "minimum must be below"),
        ({"Particle radius [m]": 2e-5}, "volume fraction of the active material"),
        ({"Thickness [m]": 5e-2}, "mg/cm2"),
        ({"Unknown key": 1.0}, "Unknown key"),
    ],
)
def test_a_set_that_is_no_host_says_why(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        from_bpx(foreign(**changes))


def test_files_that_are_not_bpx_end_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "picture.json").write_bytes(b"\x89PNG\r\n\x1a\n\x00\xff")
    (tmp_path / "list.json").write_text("[1, 2]", encoding="utf-8")
    (tmp_path / "empty.json").write_text("{}", encoding="utf-8")
    for name in ("picture.json", "list.json", "empty.json"):
        with pytest.raises(ParameterError, match=f"{name}' is no BPX file"):
            from_bpx(tmp_path / name)
    with pytest.raises(ParameterError, match="no BPX file"):
        from_bpx(tmp_path / "nowhere.json")
    with pytest.raises(ParameterError, match="no negative electrode"):
        from_bpx(foreign(), electrode="negative")
    with pytest.raises(ParameterError, match="allowed: positive, negative"):
        host_from_bpx(foreign(), electrode="anode")
    with pytest.raises(ParameterError, match="unknown ion 'Xe'"):
        host_from_bpx(foreign(), ion="Xe")
    with pytest.raises(ParameterError, match="density must be a positive"):
        host_from_bpx(foreign(), density=0.0)
    with pytest.raises(ParameterError, match="no parameter set 'Chen2021'"):
        host_from_pybamm("Chen2021")
    with pytest.raises(ParameterError, match="full cell"):
        to_bpx(hs.load("KPB-CZT"))
    with pytest.raises(OutputError, match=r"ends in \.json"):
        to_bpx(LUMPED, tmp_path / "a.yml")
    with pytest.raises(OutputError, match="cannot be written"):
        to_bpx(LUMPED, tmp_path / "nowhere" / "a.json")


def test_a_user_block_that_was_changed_is_refused() -> None:
    document = to_bpx(LUMPED)
    document["Parameterisation"]["User-defined"].pop("Particle radius [m]")
    with pytest.raises(ParameterError, match="'Particle radius"):
        from_bpx(document)


def damaged(document: dict[str, Any], random: Random) -> dict[str, Any]:
    """A copy with one entry removed, replaced or spoilt."""
    copy = json.loads(json.dumps(document))
    block = copy["Parameterisation"]["User-defined"]
    if random.random() < 0.5:
        text = block["description"]
        cut = random.randrange(len(text))
        end = random.choice([text[cut + random.randrange(9) :], "", '"a": 1}', text[cut:].upper()])
        block["description"] = text[:cut] + end
        return copy
    place = random.choice(
        [block, *copy["Parameterisation"].values(), copy["Header"], copy["State"]]
    )
    key = random.choice([*place])
    if random.random() < 0.3:
        del place[key]
    else:
        place[key] = random.choice([-1.0, 0.0, 1e300, None, "x", "no number", [], {}, True])
    return copy


def test_a_damaged_file_is_refused_or_is_a_cell() -> None:
    """Never a traceback of another kind."""
    random = Random(16)
    whole = to_bpx(LUMPED)
    cells = 0
    for _ in range(150):
        with suppress(ParameterError):
            from_bpx(damaged(whole, random))
            cells += 1
    assert 0 < cells < 100  # texts such as a note can change and leave a cell


def test_the_command_writes_the_file(hetsim, tmp_path: Path) -> None:
    result = hetsim("export", "CZT", "--variant", "lumped")
    assert (result.exit_code, result.stderr) == (0, "")
    path = tmp_path / "hetsim-out" / "CZT-lumped.bpx.json"
    assert from_bpx(path).parameters_hash == LUMPED.parameters_hash
    assert json.loads(hetsim("export", "CZT", "--json").stdout)["Header"]["Model"] == "Partial"
    assert hetsim("export", "KPB-CZT").exit_code == 2
