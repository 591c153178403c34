"""Predict the rate curve of an electrode of which only computed values are known, with a band.

A draw of the electrode is

    Q = r Q_th,   f,   R m,   tau = tau_e + R^2/D_hop,   D_hop = a^2 nu exp(-E_b / k_B T)                       (1)

r, f, R m and tau_e (capacity over theory, fast fraction, resistance times loading, diffusion time) are those of a
measured electrode (prediction.population). Times of steps in series add, so hopping (laws.hopping) can only slow
down: measured electrodes need some 20 h, which jumps of 0.3 nm take across a particle over a barrier of 0.7 eV. A lower
barrier is not what limits an electrode, and a higher one is. Each draw is a cell of two hosts (cells.heterostructure)
with the isotherm of the computed mean voltage (prediction.isotherm) that runs through the rate test.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim import names
from hetsim.architectures import NoChannel
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.heterostructure import Host, heterostructure, template_values
from hetsim.cells.template import FAST
from hetsim.errors import ParameterError
from hetsim.fitting.observations.rate import CYCLES
from hetsim.laws.hopping import jump_diffusivity
from hetsim.parameters.host_names import CAPACITY, ISOTHERM, LETTERS, of_component
from hetsim.parameters.schema import IONS
from hetsim.prediction.computed import Computed, computed, computed_pairs
from hetsim.prediction.isotherm import EMPTY, TOP, sites
from hetsim.prediction.population import drawn_electrodes
from hetsim.prediction.prediction import Prediction
from hetsim.protocols import RateTest
from hetsim.simulation.run_many import rate_capacities

Array = NDArray[np.float64]

CURRENTS = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""[A.g-1]"""
DRAWS = 200
LOWER_CUT_OFF, UPPER_CUT_OFF = 0.01, 3.0
"""Of usual half cells of such electrodes [V]."""
TEMPERATURE = 298.15
LOADING = 1.0
"""Usual for new materials [mg.cm-2]."""

TYPICAL_VOLTAGE = (1.0, 0.25)
"""Mean voltage [V] of conversions of sulfides, selenides and oxides, and its standard deviation, where none was
computed: the neutral template, which describes measured curves, has 1.2 V between 0.01 and 3 V."""
VOLTAGE_ERROR = 0.15
"""Of a computed voltage [V]: what functionals differ by, a usual value."""
LOWEST_VOLTAGE = 0.2
"""Below it a host cannot be filled before metal is plated [V]."""
BARRIER_ERROR = 0.05
"""Of a computed barrier [eV], between functionals and paths."""
JUMP_LENGTH = 0.3e-9
"""Between neighbouring sites of sheets and chalcogenides [m]."""
ATTEMPT_FREQUENCY, ATTEMPT_WIDTH = 3e12, 1.15
"""Middle of 1e12 and 1e13 [s-1], and width of the logarithm."""

_LIMITS = {"fast": (0.005, 0.97), "resistance": (0.05, 500.0), "capacity": (1.0, 3500.0)}
"""Of a draw: fast fraction [-], series resistance [Ohm.cm2], capacity [mA.h.g-1]; what parameter files allow."""
_DIFFUSIVITIES = tuple(of_component(letter, "Diffusivity [m2.s-1]") for letter in LETTERS)
_SLOWEST = 1e-30
_SECONDS = 3600.0


def predict(
    a: str,
    b: str = "",
    ion: str = "",
    *,
    capacity: float | None = None,
    barrier: float | None = None,
    voltage: float | None = None,
    currents: Sequence[float] = CURRENTS,
    loading: float = LOADING,
    level: float = 0.9,
    draws: int = DRAWS,
    without: Collection[str] = (),
    seed: int = 0,
    model: str = "SPM",
) -> Prediction:
    """Predict the rate curve of a pair of materials that is known from computed values only, with its band.

    Parameters
    ----------
    a, b : str
        Materials of parameter_sets/library (dft.csv and theory.csv), in either order; `b` is left out for one alone.
        Any names with a `capacity` of your own
    ion : str, default ''
        Such as "Na"; may be left out where the pair was computed for one ion only
    capacity : float | None, default None
        Theoretical capacity [mA.h.g-1], in place of that of the file or of Faraday's law
    barrier : float | None, default None
        Migration barrier [eV], in place of the computed one
    voltage : float | None, default None
        Mean open-circuit voltage against the ion's metal [V], in place of the computed one
    currents : Sequence[float], default 0.05 to 10
        [A.g-1], of the rate test, in its order
    loading : float, default 1.0
        Active mass per area [mg.cm-2]
    level : float, default 0.9
        Share of measured capacities that the band should hold
    draws : int, default 200
        Electrodes that are drawn and simulated
    without : Collection[str], default ()
        Papers (doi) whose electrodes are not drawn from
    seed : int, default 0
        Of the draws; the same seed gives the same band
    model : str, default 'SPM'
        "SPM", "SPMe" or "DFN"

    Returns
    -------
    Prediction
        Median and band at each current, the draws, and in words what they rest on

    Raises
    ------
    ParameterError
        For an unknown material or ion, no theoretical capacity, or a number outside its limits.

    Notes
    -----
    docs/predictions.md says how often such bands hold. Limits: an electrode of nanoparticles with carbon in a half cell
    as papers make them; a junction is not told apart from the grains; no band knows that a material cannot be made.
    """
    check_numbers(capacity, barrier, voltage, loading, level, draws)
    known = _with_given(computed(a, b, ion, capacity), capacity, barrier, voltage)
    protocol = RateTest(tuple(currents), cycles=CYCLES)
    drawn = drawn_electrodes(
        known.ion, known.families, controls=not known.b, without=without, draws=draws, seed=seed
    )
    values = _drawn_values(known, drawn, loading, np.random.default_rng([seed, 1]))
    base = _cell(known, loading)
    found = rate_capacities(
        [base.with_values(one) for one in _changes(values, base)], protocol, model
    )
    rows = [
        np.zeros(len(protocol.currents)) if one is None else np.nan_to_num(one) for one in found
    ]
    middle = {name: np.array([np.median(column)]) for name, column in values.items()}
    cell = base.with_values(_changes(middle, base)[0])
    return Prediction(
        known, protocol.currents, np.array(rows), level, loading, values, cell, tuple(without)
    )


def check_numbers(
    capacity: float | None,
    barrier: float | None,
    voltage: float | None,
    loading: float,
    level: float,
    draws: int = DRAWS,
) -> None:
    """Raises ParameterError for a number that `predict` does not take."""
    limits = (
        ("theoretical capacity", capacity, 1.0, 4500.0, "mAh/g"),
        ("migration barrier", barrier, 0.0, 3.0, "eV"),
        ("mean voltage", voltage, LOWEST_VOLTAGE, 5.0, "V"),
        ("loading", loading, 0.01, 100.0, "mg/cm2"),
    )
    for what, number, low, high, unit in limits:
        if number is not None and not low <= number <= high:
            raise ParameterError(
                f"The {what} is {number:g} {unit}; it must be between {low:g} and {high:g}."
            )
    if not 0 < level < 1:
        raise ParameterError(f"The level of a band is {level:g}; it must be between 0 and 1.")
    if draws < 20:
        raise ParameterError(f"A band needs 20 draws at least, got {draws}.")


def _with_given(
    known: Computed, capacity: float | None, barrier: float | None, voltage: float | None
) -> Computed:
    """The computed values with those of the user in their place."""
    changed: dict[str, Any] = {}
    if capacity is not None:
        changed.update(capacity=capacity, capacity_source="given by the user")
    if barrier is not None:
        changed.update(barrier=barrier, barrier_high=None)
    if voltage is not None:
        changed.update(voltage=voltage)
    return replace(known, **changed)


def _drawn_values(
    known: Computed, drawn: Array, loading: float, rng: np.random.Generator
) -> dict[str, Array]:
    """Equation (1) for each draw: values by what they are, arrays of equal length."""
    over, fast, resistance, hours = np.exp(drawn.T)
    count = len(drawn)
    theory = known.capacity if known.capacity is not None else _some_capacity(count, rng)
    centre, width = (known.voltage, VOLTAGE_ERROR) if known.voltage is not None else TYPICAL_VOLTAGE
    hopping = np.zeros(count)
    if known.barrier is not None:
        hopping = _hopping_time(known.barrier, known.barrier_high, count, rng)
    return {
        "capacity": np.clip(theory * over, *_LIMITS["capacity"]),
        "fast": np.clip(fast, *_LIMITS["fast"]),
        "resistance": np.clip(resistance / loading, *_LIMITS["resistance"]),
        "time": hours * _SECONDS + hopping,
        "hopping": hopping,
        "voltage": np.maximum(rng.normal(centre, width, count), LOWEST_VOLTAGE),
    }


def _some_capacity(count: int, rng: np.random.Generator) -> Array:
    """Theoretical capacities of pairs of which none is printed: those of the computed pairs, log-normal [mA.h.g-1]."""
    printed = np.log(
        [one.capacity or 1.0 for one in computed_pairs() if one.capacity_source == "computed"]
    )
    return np.exp(rng.normal(printed.mean(), printed.std(ddof=1), count))


def _hopping_time(low: float, high: float | None, count: int, rng: np.random.Generator) -> Array:
    """R^2/D [s] of jumps over the barrier, with what its error and the attempt frequency leave open."""
    barrier = rng.uniform(low, low if high is None else high, count)
    barrier = np.maximum(barrier + rng.normal(0, BARRIER_ERROR, count), 0.0)
    attempts = ATTEMPT_FREQUENCY * np.exp(rng.normal(0, ATTEMPT_WIDTH, count))
    diffusivity: Array = jump_diffusivity(barrier, TEMPERATURE, JUMP_LENGTH, attempts)
    return _radius() ** 2 / diffusivity


def _radius() -> float:
    return template_values()[names.PARTICLE_SIZE].number


def _cell(known: Computed, loading: float) -> HalfCell:
    """A half cell of two hosts with the losses of the neutral template; the values of a draw are put into it."""
    typical = max(known.voltage or TYPICAL_VOLTAGE[0], LOWEST_VOLTAGE)
    potentials, shares, widths, _ = sites(typical, LOWER_CUT_OFF, IONS[known.ion])
    hosts = [
        Host(name, potentials, shares, known.capacity or 500.0, widths)
        for name in (known.a, known.b or known.a)
    ]
    values = {name: number for name, (number, _) in FAST.items()}
    values |= {
        names.LOADING: loading,
        names.LOWER_CUT_OFF: LOWER_CUT_OFF,
        names.UPPER_CUT_OFF: _upper_cut_off(typical),
    }
    name = "-".join(dict.fromkeys(host.name for host in hosts))
    return heterostructure(
        hosts[0], hosts[1], known.ion, interface=NoChannel(), values=values, name=name
    )


def _upper_cut_off(voltage: float) -> float:
    """The usual one; lower where a host is long empty below it, higher where it is not [V]."""
    span = voltage - LOWER_CUT_OFF
    return LOWER_CUT_OFF + max(TOP * span, min(UPPER_CUT_OFF - LOWER_CUT_OFF, EMPTY * span))


def _changes(values: Mapping[str, Array], base: HalfCell) -> list[dict[str, Any]]:
    """The parameters of a cell for each draw."""
    radius = base.values.number(names.PARTICLE_SIZE)
    charge = IONS[base.system.ion]
    found = []
    for capacity, fast, resistance, time, voltage in zip(
        *(values[name] for name in ("capacity", "fast", "resistance", "time", "voltage")),
        strict=True,
    ):
        potentials, _, widths, over = sites(float(voltage), LOWER_CUT_OFF, charge)
        one: dict[str, Any] = {
            names.FAST_FRACTION: float(fast),
            names.SERIES_RESISTANCE: float(resistance),
            names.UPPER_CUT_OFF: _upper_cut_off(float(voltage)),
        }
        for letter, diffusivity in zip(LETTERS, _DIFFUSIVITIES, strict=True):
            one[of_component(letter, ISOTHERM[0])] = potentials
            one[of_component(letter, ISOTHERM[2])] = widths
            one[of_component(letter, CAPACITY)] = float(capacity * over)
            one[diffusivity] = max(float(radius**2 / time), _SLOWEST)
        found.append(one)
    return found
