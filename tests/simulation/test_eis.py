"""Impedance against the closed form of a particle, a sine in the time domain, and causality."""

import numpy as np
import pybamm
import pytest
from structured_cell import ideal_cell

import hetsim as hs
from hetsim import engine, names
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.engine import SMALL_CURRENT, built_model, linear_response
from hetsim.submodels import ParticleStructure, SwitchingField

CAPACITY = 0.2  # F.m-2
RESISTANCE = 4.0  # Ohm.cm2
FREQUENCIES = tuple(np.logspace(5, -4, 73).tolist())


def plain_cell(**changes):
    """One size of particle, R^2/D = 1 h, finite kinetics, a double layer and a series resistance."""
    return ideal_cell(ParticleStructure()).with_values(
        {
            "Double-layer capacity [F.m-2]": CAPACITY,
            "Series resistance [Ohm.cm2]": RESISTANCE,
            "Exchange-current density [A.m-2]": 0.05,
            "Metal exchange-current density [A.m-2]": 5.0,
            **changes,
        }
    )


def closed_form(cell, soc, frequency):
    """Z [Ohm.cm2] of Rs + metal + particles: each surface a double layer beside its reaction.

    R_ct = RT/(F j0);  Z_D = -U' R/(F c D) tanh(s)/(s - tanh(s)),  s = R sqrt(i w/D)
    (sphere of closed centre: Song and Bazant, J. Electrochem. Soc. 160, A15 (2013))
    """
    v = cell.values
    theta = cell.extracted_occupancy + soc * (cell.inserted_occupancy - cell.extracted_occupancy)
    slope = (
        cell.open_circuit_potential(theta + 1e-6) - cell.open_circuit_potential(theta - 1e-6)
    ) / 2e-6
    radius, d = v["Particle radius [m]"], v["Component A diffusivity [m2.s-1]"]
    density, loading = (
        v["Active material density [kg.m-3]"],
        1e-2 * v["Active mass loading [mg.cm-2]"],
    )
    faraday_c = 3600 * v["Specific capacity [mA.h.g-1]"] * density  # F c [C.m-3]
    thermal = GAS_CONSTANT * v["Ambient temperature [K]"] / FARADAY
    omega = 2 * np.pi * np.asarray(frequency)
    s = radius * np.sqrt(1j * omega / d)
    tanh = np.tanh(s)
    diffusion = -slope * radius / (faraday_c * d) * tanh / (s - tanh)
    j0 = v["Exchange-current density [A.m-2]"] * 2 * np.sqrt(theta * (1 - theta))
    surface = 1 / (1j * omega * CAPACITY + 1 / (thermal / j0 + diffusion))
    metal_reaction = thermal / v["Metal exchange-current density [A.m-2]"]
    metal = 1 / (1j * omega * CAPACITY + 1 / metal_reaction)
    inner = 3 * loading / (density * radius)  # m2 per m2
    return v["Series resistance [Ohm.cm2]"] + 1e4 * (surface / inner + metal)


def spectrum(cell, soc=0.5, frequencies=FREQUENCIES, kind="SPM"):
    return hs.run(cell, hs.EIS(soc, frequencies), model=kind).spectra[0]


@pytest.mark.parametrize("soc", [0.2, 0.5, 0.8])
def test_spectrum_is_the_closed_form_of_diffusion_in_a_sphere(soc):
    cell = plain_cell()
    found, exact = spectrum(cell, soc), closed_form(cell, soc, FREQUENCIES)
    # forty volumes: a thousandth of the diffusion impedance
    assert np.abs(found.impedance / exact - 1).max() < 2e-3


@pytest.mark.parametrize("frequency", [100.0, 0.5, 1e-3])
def test_a_small_sine_in_time_gives_the_same_impedance(frequency):
    """PyBaMM's own simulation with a sine as its current, without the engine of this package."""
    cell, soc = plain_cell(), 0.5
    theta = cell.extracted_occupancy + soc * (cell.inserted_occupancy - cell.extracted_occupancy)
    values = cell.parameter_values()
    amplitude = 1e-7  # A: 0.01 mV and less
    values.update(
        {
            names.CURRENT: lambda t: amplitude * pybamm.sin(2 * np.pi * frequency * t),
            names.INITIAL_OCCUPANCY: theta,
            names.HYSTERESIS_YIELD: 0.0,
        }
    )
    model = cell.model("SPM", {"surface form": "differential"})
    solver = pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-11)
    simulation = pybamm.Simulation(model, parameter_values=values, solver=solver)
    periods = 8
    t = np.linspace(0, periods / frequency, 64 * periods + 1)
    voltage = simulation.solve([0, t[-1]], t_interp=t)[names.VOLTAGE](t=t)
    last = t >= t[-1] - 4 / frequency
    phase = 2 * np.pi * frequency * t[last]
    columns = [np.sin(phase), np.cos(phase), np.ones(last.sum()), phase]
    sine, cosine, *_ = np.linalg.lstsq(np.transpose(columns), voltage[last], rcond=None)[0]
    in_time = -complex(sine, cosine) / amplitude * cell.values["Electrode area [cm2]"]
    in_frequency = spectrum(cell, soc, [frequency]).impedance[0]
    assert abs(in_time / in_frequency - 1) < 0.01


def test_the_high_frequency_limit_is_the_series_resistance():
    """The SPM has no electrolyte: above all time constants only the series resistance is left."""
    z = spectrum(plain_cell(), frequencies=[1e7]).impedance[0]
    assert z.real == pytest.approx(RESISTANCE, rel=1e-4)
    assert abs(z.imag) < 1e-3 * RESISTANCE


def test_the_electrolyte_adds_its_resistance_at_any_frequency():
    """kappa as PyBaMM has it, through the separator and a third of the electrode (SPMe)."""
    cell = plain_cell()
    v = cell.values
    kappa = v["Reference electrolyte conductivity [S.m-1]"]  # at the reference temperature
    cell = cell.with_values({"Ambient temperature [K]": v["Reference temperature [K]"]})
    separator = v["Separator thickness [m]"] / (
        kappa * v["Separator porosity"] ** v["Separator Bruggeman coefficient"]
    )
    electrode = v["Electrode thickness [m]"] / (
        3 * kappa * v["Electrode porosity"] ** v["Electrode Bruggeman coefficient"]
    )
    solid = v["Electrode thickness [m]"] / (3 * v["Electrode conductivity [S.m-1]"])
    exact = RESISTANCE + 1e4 * (separator + electrode + solid)
    assert spectrum(cell, frequencies=[1e7], kind="SPMe").impedance[0].real == pytest.approx(
        exact, rel=1e-3
    )
    # in the DFN the surfaces carry a current of this frequency where the electrolyte is shortest
    dfn = spectrum(cell, frequencies=[1e7], kind="DFN").impedance[0].real
    assert RESISTANCE + 1e4 * separator < dfn < exact


def test_diffusion_rules_with_the_slope_of_warburg():
    """Fast kinetics, no double layer: -Im/Re of what diffusion adds is 1 where s is large."""
    cell = plain_cell(
        **{
            "Double-layer capacity [F.m-2]": 0.0,
            "Exchange-current density [A.m-2]": 1e4,
            "Metal exchange-current density [A.m-2]": 1e5,
            "Series resistance [Ohm.cm2]": 0.0,
        }
    )
    # a diffusion layer of a fifteenth to a fiftieth of the radius
    z = spectrum(cell, frequencies=np.logspace(-2, -1, 5)).impedance
    angle = np.degrees(np.arctan2(-z.imag, z.real))
    # the sphere adds 1/(sqrt(2) |s|): 2.7 to 0.8 degrees
    assert np.all((angle > 45) & (angle < 48))
    assert np.all(np.diff(angle) < 0)


@pytest.mark.parametrize("kind", ["SPM", "SPMe"])
def test_kramers_kronig_residual_is_below_a_thousandth(kind):
    """Any causal linear spectrum is a sum of RC elements; real and imaginary part share them."""
    one = spectrum(hs.load("CZT").with_particle(classes=3), kind=kind)
    omega = 2 * np.pi * one.frequency
    times = np.logspace(-7, 6, 70)
    elements = 1 / (1 + 1j * np.outer(omega, times))
    columns = np.hstack([elements, np.ones((omega.size, 1)), 1 / (1j * omega[:, None])])
    weight = 1 / np.abs(one.impedance)
    stacked = np.vstack([(columns * weight[:, None]).real, (columns * weight[:, None]).imag])
    wanted = np.concatenate([(one.impedance * weight).real, (one.impedance * weight).imag])
    solution = np.linalg.lstsq(stacked, wanted, rcond=1e-10)[0]
    assert np.abs(stacked @ solution - wanted).max() < 1e-3
    # the same with a wrong sign of one part is no spectrum: the check can fail
    wrong = np.concatenate([wanted[: omega.size], -wanted[omega.size :]])
    other = np.linalg.lstsq(stacked, wrong, rcond=1e-10)[0]
    assert np.abs(stacked @ other - wrong).max() > 0.1


def test_a_small_current_moves_along_the_scanning_curve():
    """Hysteresis of 1 V that is crossed by a tenth of the capacity, against a curve steeper by 10 V per unit."""
    base = plain_cell().with_values({"Hysteresis crossing share": 0.1})
    sites = base.values["Insertion plateau potentials [V]"]
    apart = base.with_values(
        {
            "Insertion plateau potentials [V]": tuple(one - 0.5 for one in sites),
            "Extraction plateau potentials [V]": tuple(one + 0.5 for one in sites),
        }
    )
    # with an inner resistance of nearly nothing, Z at low frequency is 1/(i omega q) times the slope
    slopes = []
    for cell in (base, apart):
        low = 1e-6  # Hz: far below R2/D
        impedance = spectrum(cell, 0.5, [low]).impedance[0]
        slopes.append(-impedance.imag * 2 * np.pi * low)
    charge = base.values["Specific capacity [mA.h.g-1]"] * 3.6  # C/g
    charge *= base.values["Active mass loading [mg.cm-2]"] * 1e-3  # C/cm2
    assert slopes[1] - slopes[0] == pytest.approx(
        10.0 / charge, rel=5e-3
    )  # the double layer holds 2.4e-3


def test_order_of_inputs_and_frequencies_does_not_matter():
    cell = plain_cell()
    driven = built_model(cell, "SPM", SMALL_CURRENT)
    inputs = {**driven.inputs(cell, 0.5), names.HYSTERESIS_YIELD: 0.0}
    turned = dict(reversed(inputs.items()))
    state = np.asarray(driven.model.concatenated_initial_conditions.evaluate(0, inputs=inputs))
    f = np.array([1e3, 1.0, 1e-3])
    response = linear_response(driven)
    one = response.impedance(inputs, state, f)
    assert np.array_equal(one, response.impedance(turned, state, f))
    assert np.array_equal(one, response.impedance(turned, state, f[::-1])[::-1])


def test_other_values_and_states_never_build():
    cell = plain_cell()
    spectrum(cell)
    before = engine.builds()
    seen = {
        spectrum(cell, soc, [1e-3]).impedance[0] for soc in (0.1, 0.8)
    }  # 0.1 and 0.9 are mirror images
    for name in (
        "Particle radius [m]",
        "Series resistance [Ohm.cm2]",
        "Exchange-current density [A.m-2]",
    ):
        changed = cell.with_values({name: 1.3 * cell.values[name]})
        seen.add(spectrum(changed, 0.5, [1e-3]).impedance[0])
    assert engine.builds() == before
    assert len(seen) == 5


@pytest.mark.parametrize("kind", ["SPMe", "DFN"])
def test_models_agree_where_the_electrolyte_is_at_rest(kind):
    """At 1 Hz and below, but for the resistance of the electrolyte."""
    cell = hs.load("CZT", "lumped").with_particle(classes=1)
    f = [1.0, 0.1]
    single, other = (spectrum(cell, 0.5, f, kind=k).impedance for k in ("SPM", kind))
    difference = other - single
    assert difference.real == pytest.approx(np.full(2, difference.real[0]), rel=0.05)
    assert np.abs(difference.imag).max() < 0.05 * difference.real.max()


def test_dataset_and_frame_carry_both_units(tmp_path):
    run = hs.run(plain_cell(), hs.EIS([0.3, 0.6], [10.0, 1.0]), model="SPM")
    frame = run.to_frame()
    area = run.spectra[0].area
    assert frame["real [Ohm]"].to_numpy() == pytest.approx(
        frame["real [Ohm.cm2]"].to_numpy() / area, rel=1e-12
    )
    data = run.to_xarray()
    assert data["real"].dims == ("filling", "frequency")
    assert data["real"].attrs["units"] == "Ohm.cm2"
    data.to_netcdf(tmp_path / "eis.nc", engine="scipy")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((1.2,), ("'filling' is 1.2", "0 (extracted) to 1 (inserted)")),
        (([0.5, -0.1],), ("'filling' is -0.1",)),
        (([],), ("'filling' needs at least one value",)),
        ((0.5, [0.0]), ("frequencies", "0 Hz", "positive")),
        ((0.5, []), ("at least one frequency",)),
    ],
)
def test_bad_protocol_is_one_clear_sentence(arguments, words):
    with pytest.raises(hs.ParameterError) as error:
        hs.EIS(*arguments)
    for word in words:
        assert word in str(error.value)


def test_a_field_that_switches_has_no_linear_response():
    cell = hs.load("CZT", variant="core-shell").with_field(SwitchingField())
    with pytest.raises(hs.ParameterError, match="switches with the sign of the current"):
        hs.run(cell, hs.EIS(0.5), model="SPM")


@pytest.mark.parametrize(
    ("model", "layer"), [("SPM", 0.0), ("SPM", 0.2), ("SPMe", 0.0), ("DFN", 0.2)]
)
def test_a_particle_in_equilibrium_is_a_capacitor(model: str, layer: float) -> None:
    """R^2/D of a nanosecond: at 1e-5 Hz no part of the charge lags, so Re Z is that of 1e-4 Hz and w Im Z is constant.

    The entries of the equations are 1e16 times the frequency there.
    """
    fast = {f"Component {letter} diffusivity [m2.s-1]": 1e-6 for letter in "AB"} | {
        "Particle radius [m]": 30e-9,
        "Double-layer capacity [F.m-2]": layer,
        "Fast fraction": 0.5,
    }
    cell = hs.load("CZT", "core-shell").with_particle(classes=1).with_values(fast)
    frequency = np.array([1e-3, 1e-4, 1e-5])
    [spectrum] = hs.run(cell, hs.EIS(0.5, frequency), model).spectra
    real, reactance = spectrum.impedance.real, spectrum.impedance.imag * frequency
    assert (real > 0).all()
    # a double layer takes part of the current; the salt settles within hours, at 1e-4 Hz to a percent
    tolerance = 1e-5 if model == "SPM" else 1e-2
    assert real[2] == pytest.approx(real[1], rel=tolerance)
    assert reactance[2] == pytest.approx(reactance[1], rel=tolerance)
