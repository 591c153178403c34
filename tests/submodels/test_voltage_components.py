"""What the voltage is made of: the parts add up, vanish at rest, and follow the laws that they are named after."""

from dataclasses import replace
from functools import cache
from itertools import product

import matplotlib.pyplot as plt
import numpy as np
import pybamm
import pytest

import hetsim as hs
from hetsim import names
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.errors import ParameterError
from hetsim.results.voltage_components import components_of

pytestmark = pytest.mark.xdist_group("voltage components")

MODELS = ("SPM", "SPMe", "DFN")
ROUND_OFF = 1e-9  # V: sums of a dozen numbers of some volts
MESH = {"SPM": 1e-9, "SPMe": 2e-5, "DFN": 1e-9}
"""V: the SPMe's formula of a continuous electrode beside a mean over 10 volumes is off by a 400th of the loss in the
solid of a poor conductor, 7.9 mV; the others have one potential a volume."""


def _quick(cell):
    return cell.with_particle(classes=1)


@cache
def cell(name):
    lumped = _quick(hs.load("CZT", "lumped"))
    shell = _quick(hs.load("CZT", "core-shell"))
    return {
        "lumped": lambda: lumped,
        "two hosts": lambda: _quick(hs.load("CZT")),
        "core-shell": lambda: shell,
        "fading field": lambda: shell.with_values({names.FADING: 0.8}).with_field(
            hs.StateDependentField()
        ),
        "zinc": lambda: _quick(hs.load("A-V2O5-graphene")),
        "film": lambda: lumped.with_ageing(film=hs.SEIGrowth()).with_values(
            {"SEI resistivity [Ohm.m]": 2e7}
        ),
        "poor conductor": lambda: lumped.with_values({"Electrode conductivity [S.m-1]": 0.01}),
        "full": lambda: hs.load("KPB-CZT"),
    }[name]()


@cache
def inserted(name, model):
    return hs.run(cell(name), hs.RateTest([1.0], from_equilibrium=True), model).points[0]


def part(frame, name):
    return frame[f"{name} [V]"].to_numpy()


def missing(frame):
    total = frame[components_of(frame)].sum(axis=1)
    return float(np.abs(frame["voltage [V]"] - total).max())


def at(frame, solution, name):
    """A variable of PyBaMM at the times of a frame."""
    return solution[name](solution.t[0] + frame["time [s]"].to_numpy())


# --- they add up --------------------------------------------------------------------------------


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "name", ["lumped", "two hosts", "core-shell", "zinc", "film", "poor conductor", "full"]
)
def test_components_add_up_under_current(name, model):
    frame = inserted(name, model).voltage_components()
    assert len(frame) > 20
    assert missing(frame) < ROUND_OFF


@pytest.mark.parametrize("model", MODELS)
def test_components_add_up_in_pulses_and_rests(model):
    run = hs.run(cell("lumped"), hs.GITT(1.0, 60.0, 300.0, 2), model)
    assert missing(run.voltage_components()) < ROUND_OFF


@pytest.mark.parametrize("model", MODELS)
def test_components_add_up_with_a_double_layer(model):
    layered = cell("lumped").with_values({names.DOUBLE_LAYER: 0.2})
    run = hs.run(layered, hs.CV([1.0]), model)
    frame = run.voltage_components()
    assert run.outcome.good
    assert missing(frame) < ROUND_OFF
    assert set(frame["scan rate [mV.s-1]"]) == {1.0}


def test_components_add_up_with_a_field_that_follows_the_state():
    assert missing(inserted("fading field", "SPM").voltage_components()) < ROUND_OFF


@pytest.mark.parametrize("split", [False, True], ids=["whole", "by electrode"])
@pytest.mark.parametrize("name", ["lumped", "two hosts", "film", "poor conductor", "full"])
@pytest.mark.parametrize("model", MODELS)
def test_the_stack_of_pybamm_ends_at_the_voltage(name, model, split):
    solution = inserted(name, model).solution
    figure, axes = pybamm.plot_voltage_components(
        solution, split_by_electrode=split, show_plot=False
    )
    voltage = axes.lines[0].get_ydata()
    last = axes.collections[-1].get_paths()[0].vertices[1 : len(voltage) + 1, 1]
    plt.close(figure)
    assert np.abs(last - voltage).max() < ROUND_OFF


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize(
    "name", ["lumped", "two hosts", "core-shell", "zinc", "film", "poor conductor", "full"]
)
def test_potentials_on_both_sides_of_a_surface_differ_by_its_parts(name, model):
    """The ohmic loss in the solid is what is left: here it is that between the collector and the mean of the solid."""
    point = inserted(name, model)
    frame, of = point.voltage_components(), point.solution
    electrodes = {"positive": 1, "negative": -1} if name == "full" else {"working": 1}
    for word, sign in electrodes.items():
        domain = "positive" if word == "working" else word
        collector = at(frame, of, f"{domain.capitalize()} current collector potential [V]")
        solid = at(frame, of, f"X-averaged {domain} electrode potential [V]")
        found = part(frame, f"{names.OF_SOLID} of the {word} electrode")
        assert found == pytest.approx(sign * (collector - solid), abs=MESH[model])


# --- at rest --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "model"),
    # models with a field that follows the state take seconds to build, and have the particle in common
    [*product(["lumped", "two hosts", "core-shell"], MODELS), ("fading field", "DFN")],
)
def test_at_rest_only_the_open_circuit_potential_is_left(name, model):
    frame = hs.run(cell(name), hs.Rest(60.0, filling=0.4), model).voltage_components()
    for column in components_of(frame):
        if not column.startswith(names.OF_EQUILIBRIUM):
            # V: to what the start of a run is in equilibrium, by quadrature on the mesh of the particle
            assert np.abs(frame[column]).max() < 2e-5, column


# --- each follows its law ---------------------------------------------------------------------------


def _current(point):
    """[A] and [A.m-2]"""
    total = float(point.solution[names.CURRENT_NOW].entries[-1])
    return total, float(point.solution[names.TOTAL_CURRENT_DENSITY].entries[-1])


@pytest.mark.parametrize("model", MODELS)
def test_contact_takes_current_times_resistance(model):
    point = inserted("lumped", model)
    values = cell("lumped").values
    ohm = values[names.SERIES_RESISTANCE] / values[names.AREA]
    found = part(point.voltage_components(), names.OF_CONTACT)
    assert found == pytest.approx(-_current(point)[0] * ohm, rel=1e-9)


def test_the_metal_takes_its_inverse_butler_volmer():
    point = inserted("lumped", "SPM")  # the salt is uniform: j0 is that of the file
    values = cell("lumped").values
    thermal = GAS_CONSTANT * values[names.AMBIENT_TEMPERATURE] / FARADAY
    j0 = values["Metal exchange-current density [A.m-2]"]
    eta = 2 * thermal * np.arcsinh(_current(point)[1] / (2 * j0))
    found = part(point.voltage_components(), f"{names.OF_REACTION} of the metal electrode")
    assert eta > 0.01
    assert found == pytest.approx(-eta, abs=ROUND_OFF)


@pytest.mark.parametrize("model", ["SPMe", "DFN"])
def test_the_solid_takes_a_third_of_its_length(model):
    point = inserted("poor conductor", model)
    frame = point.voltage_components()
    solution = point.solution
    found = part(frame, f"{names.OF_SOLID} of the working electrode")
    pybamms = at(frame, solution, "X-averaged positive electrode ohmic losses [V]")
    assert np.abs(pybamms).max() > 1e-3
    # a part in 300 of a mesh of 10 volumes, whose last half volume PyBaMM extrapolates
    assert found == pytest.approx(pybamms, rel=4e-3)


def _electrolyte(model):
    """Ohm's loss from the metal to the mean of the electrode, and the salt at both [V], [mol.m-3]"""
    point, values = inserted("lumped", model), cell("lumped").values
    number = values.number
    conductivity = number("Reference electrolyte conductivity [S.m-1]")
    resistance = sum(
        share * number(f"{name} thickness [m]")
        / number(f"{name} porosity") ** number(f"{name} Bruggeman coefficient")
        for name, share in (("Separator", 1), ("Electrode", 1 / 3))
    ) / conductivity  # fmt: skip
    salt = at(point.voltage_components(), point.solution, "Electrolyte concentration [mol.m-3]")
    return point, -_current(point)[1] * resistance, salt


def test_the_electrolyte_loses_what_ohm_says():
    point, loss, _ = _electrolyte("SPMe")  # its conductivity is that of the mean concentration
    found = part(point.voltage_components(), names.OF_ELECTROLYTE)
    assert loss < -5e-3
    # the means over 10 volumes: a 400th of the share of the electrode
    assert found == pytest.approx(loss, rel=1e-3)


@pytest.mark.parametrize("model", ["SPMe", "DFN"])
def test_the_salt_makes_a_diffusion_potential(model):
    point, _, salt = _electrolyte(model)
    values = cell("lumped").values
    thermal = GAS_CONSTANT * values[names.AMBIENT_TEMPERATURE] / FARADAY
    chi = 2 * (1 - values["Cation transference number"]) * values["Thermodynamic factor"]
    in_electrode, ratio = salt[-10:].mean(axis=0), chi * thermal
    found = part(point.voltage_components(), names.OF_DIFFUSION)
    assert found[-1] < -1e-3  # salt is used up at the electrode
    # the metal's face is half a volume of 30 from the first node
    slope = salt[0] - salt[1]
    exact = ratio * np.log(in_electrode / (salt[0] + slope / 2))
    assert found == pytest.approx(exact, abs=5e-5)


def test_a_film_takes_its_thickness_times_its_resistivity():
    point = inserted("film", "SPM")
    solution = point.solution
    frame = point.voltage_components()
    thickness = at(frame, solution, names.FILM_THICKNESS)
    density = at(
        frame, solution, "X-averaged positive electrode total interfacial current density [A.m-2]"
    )
    found = part(frame, f"{names.OF_FILM} of the working electrode")
    assert np.abs(found).max() > 1e-3
    assert found == pytest.approx(2e7 * thickness * density, rel=1e-9)


# --- what a user asks for -------------------------------------------------------------------------


def test_a_result_without_solution_says_so():
    point = replace(inserted("lumped", "SPM"), solution=None)
    with pytest.raises(ParameterError, match="keeps no solution"):
        point.voltage_components()
