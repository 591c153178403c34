"""The charge number: what a divalent ion changes, and would not change if z = 1 were left anywhere.

CZT's electrode stands in for one of zinc: only the charge number is another.
"""

from functools import cache
from typing import Any

import numpy as np
import pybamm
import pytest
from constant_current import apart, cell_with, full_current, passed, solve
from structured_cell import StructuredCell, ideal_cell, radial_field

import hetsim as hs
from hetsim import names
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.laws.potential import core_shell_potential
from hetsim.models.basic import BasicHalfCell
from hetsim.models.parameter_values import INITIAL_OCCUPANCY
from hetsim.submodels import CoreShell, ParticleStructure, StackedSeries

RT_F = GAS_CONSTANT * 298.15 / FARADAY
MODELS = ("SPM", "SPMe", "DFN")
ETA = "X-averaged positive electrode reaction overpotential [V]"
ETA_METAL = "Lithium metal interface reaction overpotential [V]"
J0 = "X-averaged positive electrode exchange current density [A.m-2]"
J = "X-averaged positive electrode interfacial current density [A.m-2]"


def of_charge(z: int, **changes: Any) -> hs.HalfCell:
    return cell_with(0.0, **{"Charge number": z, **changes})


def half_full(model: Any, cell: hs.HalfCell, c_rate: float, seconds: float) -> Any:
    """Constant current for a while, from half filling."""
    parameters = cell.parameter_values()
    parameters.update(
        {
            names.CURRENT: c_rate * full_current(cell),
            INITIAL_OCCUPANCY: 0.5,
            names.UPPER_CUT_OFF: 10.0,
            names.LOWER_CUT_OFF: -10.0,
        }
    )
    return pybamm.Simulation(model, parameter_values=parameters).solve([0, seconds])


# --- moles ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("z", [1, 2])
def test_full_electrode_holds_its_capacity_in_coulombs(z: int) -> None:
    """zF times the moles of sites are the printed mAh/g, whatever the charge of the ion."""
    cell = of_charge(z)
    values = cell.parameter_values()
    volume = values.evaluate(
        values["Positive electrode active material volume fraction"]
        * values["Positive electrode thickness [m]"]
        * values["Electrode area [cm2]"]
        * 1e-4
    )
    coulombs = z * FARADAY * values.evaluate(values[names.C_MAX]) * volume
    assert coulombs == pytest.approx(3600 * full_current(cell), rel=1e-12)


@pytest.mark.parametrize("model", [*MODELS, "basic"])
def test_every_two_electrons_bring_one_ion(model: str) -> None:
    cell = of_charge(2)
    built = BasicHalfCell() if model == "basic" else cell.model(model)
    solution = solve(built, cell, 2.0)
    inventory = solution[names.INVENTORY].entries
    charge = 2.0 * full_current(cell) * solution.t[-1]
    # the balance is exact but for the solver's arithmetic; BasicHalfCell's is that of its tolerance
    assert inventory[-1] - inventory[0] == pytest.approx(charge / (2 * FARADAY), rel=1e-6)


# --- Boltzmann factor ----------------------------------------------------------------------------


def relaxed(z: int) -> tuple[Any, Any]:
    """Occupancy and potential [V] in a core-shell particle an hour after a pulse, R^2/D = 36 s."""
    cell = cell_with(0.03, **{"Charge number": z})
    radius = cell.values["Particle radius [m]"]
    cell = cell.with_values({"Component A diffusivity [m2.s-1]": radius**2 / 36})
    parameters = cell.parameter_values()
    pulse = pybamm.Interpolant(
        np.array([0.0, 60.0, 61.0, 1e4]),
        full_current(cell) * np.array([2.0, 2.0, 0.0, 0.0]),
        pybamm.t,
        interpolator="linear",
    )
    parameters.update(
        {names.CURRENT: pulse, INITIAL_OCCUPANCY: 0.2, names.UPPER_CUT_OFF: 10.0},
    )
    model = cell.model("SPM")
    solution = pybamm.Simulation(model, parameter_values=parameters).solve(
        np.array([0.0, 60.0, 61.0, 3600.0])
    )
    theta = solution[names.x_averaged(names.PARTICLE_CONCENTRATION)].entries[:, -1]
    x = solution[names.PARTICLE_RADIUS].entries[:, -1]
    lengths = (
        cell.values[one] / radius for one in (names.CORE_DEBYE_LENGTH, names.SHELL_DEBYE_LENGTH)
    )
    shares = (cell.values[one] for one in (names.CORE_FRACTION, names.PERMITTIVITY_RATIO))
    phi = core_shell_potential(x, cell.values[names.BUILT_IN_POTENTIAL], *lengths, *shares)
    return theta / parameters.evaluate(parameters[names.C_MAX]), phi


@pytest.mark.parametrize("z", [1, 2])
def test_ions_of_charge_z_gather_as_exp_minus_z_phi(z: int) -> None:
    """theta/(1 - theta) follows exp(-z F phi / RT), reached by transport and not only started from."""
    theta, phi = relaxed(z)
    mu = np.log(theta / (1 - theta)) + z * phi / RT_F
    assert np.ptp(phi) > 0.02
    # an hour is 1e2 diffusion times, and what is left is the solver's tolerance
    assert np.ptp(mu) < 1e-4


def test_divalent_ion_feels_half_the_potential_as_much_as_a_monovalent_one() -> None:
    """D across layers depends on zV alone, so (z, V) = (2, 0.02 V) is (1, 0.04 V)."""
    found = []
    for z, volts in ((1, 0.04), (2, 0.02), (2, 0.04)):
        particle = ParticleStructure(StackedSeries())
        cell = ideal_cell(particle, **radial_field(0.0)).with_values(
            {
                "Charge number": z,
                names.BUILT_IN_POTENTIAL: volts,
                "Component A volume fraction": 0.5,
                "Component B diffusivity [m2.s-1]": 1e-17,
                "Grain size [m]": 34e-9,
            }
        )
        values = cell.parameter_values()
        found.append(
            values.evaluate(StackedSeries().diffusivity(pybamm.Parameter, pybamm.Scalar(298.15)))
        )
    assert found[1] == pytest.approx(found[0], rel=1e-12, abs=0)
    # twice the potential: Lifson-Jackson with a step of 1.6 and of 3.1 thermal voltages
    assert found[2] < 0.95 * found[0]


# --- charge transfer -----------------------------------------------------------------------------


@cache
def pulsed(model: str, z: int, c_rate: float) -> tuple[float, float, float, float, float]:
    """eta and j of the working electrode, its j0, eta and current density of the metal, at once."""
    cell = of_charge(z)
    built = BasicHalfCell() if model == "basic" else cell.model(model)
    solution = half_full(built, cell, c_rate, 1e-3)
    i = solution[names.TOTAL_CURRENT_DENSITY].entries[-1]
    area = 3 * solution_area(cell)
    if model == "basic":
        eta = solution["Positive electrode reaction overpotential [V]"].entries[-1]
        metal = solution["Negative electrode reaction overpotential [V]"].entries[-1]
        surface = names.x_averaged(names.SURFACE_CONCENTRATION)
        theta = solution[surface].entries[-1] * z * FARADAY / sites_in_coulombs(cell)
        return eta, -i / area, 0.5 * 2 * np.sqrt(theta * (1 - theta)), metal, i
    eta, j, j0 = (float(solution[name].entries[-1]) for name in (ETA, J, J0))
    metal = float(np.ravel(solution[ETA_METAL].entries)[-1])
    return eta, j, j0, metal, i


def sites_in_coulombs(cell: hs.HalfCell) -> float:
    """Charge of the full particle per volume [C.m-3]."""
    return (
        cell.values["Specific capacity [mA.h.g-1]"]
        * 3600
        * cell.values["Active material density [kg.m-3]"]
    )


def solution_area(cell: hs.HalfCell) -> float:
    """eps L / R: a third of the inner surface per electrode area [-]."""
    loading = cell.values["Active mass loading [mg.cm-2]"] * 1e-2
    return loading / (
        cell.values["Active material density [kg.m-3]"] * cell.values["Particle radius [m]"]
    )


@pytest.mark.parametrize("z", [1, 2])
@pytest.mark.parametrize("model", [*MODELS, "basic"])
def test_small_signal_resistance_is_rt_over_zf_j0(model: str, z: int) -> None:
    eta, j, j0, metal, i = pulsed(model, z, 1e-4)
    # sinh is linear to 1e-6 here; PyBaMM's arcsinh2 and the solver's tolerance leave 1e-4
    assert eta / j == pytest.approx(RT_F / (z * j0), rel=1e-3)
    assert metal / i == pytest.approx(RT_F / (z * 5.0), rel=1e-3)


@pytest.mark.parametrize("z", [1, 2])
@pytest.mark.parametrize("model", ["SPM", "basic"])
def test_slope_at_high_overpotential_is_two_rt_over_zf(model: str, z: int) -> None:
    eta, j, j0, metal, i = pulsed(model, z, 300.0)
    more, j_more, j0_more, metal_more, i_more = pulsed(model, z, 600.0)
    decades = np.log((j_more / j0_more) / (j / j0))
    # arcsinh(x) = ln 2x + 1/(4 x^2): x is above 5 at the lower current
    assert (more - eta) / decades == pytest.approx(-2 * RT_F / z, rel=1e-2)
    assert (metal_more - metal) / np.log(i_more / i) == pytest.approx(2 * RT_F / z, rel=1e-2)


# --- electrolyte ---------------------------------------------------------------------------------


@cache
def with_gradient(model: str, z: int, anion: int) -> Any:
    """Half an hour at 1C: the salt is steady within the diffusion time of the separator, L^2/D."""
    changes = {"Anion charge number": anion, "Reference electrolyte diffusivity [m2.s-1]": 6e-10}
    cell = of_charge(z, **changes)
    return cell, half_full(cell.model(model), cell, 0.5, 1800.0)


@pytest.mark.parametrize("model", ["SPMe", "DFN"])
@pytest.mark.parametrize("z", [1, 2])
def test_salt_gradient_is_that_of_i_over_zf(model: str, z: int) -> None:
    """Steady state: the metal sends i/zF into the salt, of which migration carries t+."""
    cell, solution = with_gradient(model, z, 1)
    c = solution["Separator electrolyte concentration [mol.m-3]"].entries[:, -1]
    slope = np.polyfit(solution["x_s [m]"].entries[:, -1], c, 1)[0]
    i = solution[names.TOTAL_CURRENT_DENSITY].entries[-1]
    diffusivity = 6e-10 * cell.values["Separator porosity"] ** 1.5
    transference = cell.values["Cation transference number"]
    # what is left of the start after 6 diffusion times of separator and electrode is below 1e-3
    assert slope == pytest.approx(-(1 - transference) * i / (z * FARADAY * diffusivity), rel=2e-3)


@pytest.mark.parametrize("model", ["SPMe", "DFN"])
@pytest.mark.parametrize("z", [1, 2])
def test_salt_in_the_cell_is_conserved(model: str, z: int) -> None:
    """As many ions leave the metal as enter the electrode: every term of the balance has its z."""
    _, solution = with_gradient(model, z, 1)
    moles = solution["Total lithium in electrolyte [mol]"].entries
    # finite volumes conserve to round-off
    assert np.ptp(moles) < 1e-9 * moles[0]


@pytest.mark.parametrize(
    ("z", "anion", "diffusing"), [(1, 1, 2.0), (2, 1, 1.5), (2, 2, 1.0)], ids=["1:1", "1:2", "2:2"]
)
def test_diffusion_potential_of_a_salt(z: int, anion: int, diffusing: float) -> None:
    """Against electrodes of the metal: (1 - t+) (1 + dln f/dln c) RT/F times 2, 3/2 and 1.

    Independent of Newman's form: with Nernst and Planck a current-free gradient has d(phi) = -(RT/F)
    [t+/z - (1 - t+)/z_anion] dln c, and the electrodes of the metal add (RT/zF) dln c.
    """
    cell, solution = with_gradient("DFN", z, anion)
    c = solution["Separator electrolyte concentration [mol.m-3]"].entries[:, -1]
    phi = solution["Separator electrolyte potential [V]"].entries[:, -1]
    x = solution["x_s [m]"].entries[:, -1]
    i = solution[names.TOTAL_CURRENT_DENSITY].entries[-1]
    conductivity = cell.values["Reference electrolyte conductivity [S.m-1]"]
    ohmic = -i * (x[-1] - x[0]) / (conductivity * cell.values["Separator porosity"] ** 1.5)
    transference = cell.values["Cation transference number"]
    nernst_planck = 1 / z - (transference / z - (1 - transference) / anion)
    assert nernst_planck == pytest.approx(diffusing * (1 - transference), rel=1e-12)
    expected = RT_F * nernst_planck * cell.values["Thermodynamic factor"] * np.log(c[-1] / c[0])
    # second order in the mesh: 20 volumes across the separator
    assert phi[-1] - phi[0] - ohmic == pytest.approx(expected, rel=2e-3)


def test_salt_of_a_monovalent_ion_with_a_divalent_anion_is_refused() -> None:
    with pytest.raises(hs.ParameterError, match="make no salt with one cation"):
        of_charge(1, **{"Anion charge number": 2})


# --- the whole cell ------------------------------------------------------------------------------


@pytest.mark.parametrize("built_in_potential", [0.0, 0.03])
def test_basic_is_the_assembled_model_for_two_charges(built_in_potential: float) -> None:
    cell = cell_with(built_in_potential, **{"Charge number": 2})
    one, other = (solve(model, cell, 5.0) for model in (BasicHalfCell(), cell.model("SPM")))
    # as for one charge (test_basic): both discretisations are up to 1e-3 off on this mesh
    assert passed(one, 5.0) == pytest.approx(passed(other, 5.0), abs=1e-3)
    assert apart(one, other) < 4e-3


def test_cell_of_zinc_closes_its_balance_in_a_rate_test() -> None:
    cell = StructuredCell.of(
        ideal_cell(ParticleStructure(CoreShell()), **radial_field(0.02)),
        ParticleStructure(CoreShell()),
    ).with_values({"Charge number": 2})
    curve = hs.run(cell, hs.RateTest([0.5, 5.0], cycles=1), "SPM")
    assert all(point.charge_balance < 1e-9 for point in curve.points)
