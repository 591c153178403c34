"""Hysteresis that remembers, in whole cells: titrations, small cycles, energy, voltammograms, spectra."""

from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structured_cell import Bench

import hetsim as hs
from hetsim import names
from hetsim.results import TraceRun

RESTING = 3 * 3600.0
CURRENT, PULSE = 0.05, 600.0  # A/g, s
BOTH = ("insertion", "extraction")


def czt(variant: str = "", classes: int = 1, **values: float) -> hs.HalfCell:
    cell = hs.load("CZT", variant).with_particle(classes=classes)
    return cell.with_values({name.replace("_", " "): one for name, one in values.items()})


@cache
def titration(variant: str, direction: str) -> TraceRun:
    protocol = hs.GITT(CURRENT, PULSE, RESTING, direction=direction)
    return hs.run(czt(variant), protocol, model="SPM")


def of_pulses(run: TraceRun) -> tuple[Any, ...]:
    """Times at which pulses begin [s], voltages before them and just after, and the time just after [s]."""
    steps = range(1, int(run.trace.step.max()) + 1, 2)
    before = [run.trace.of_step(k - 1) for k in steps]
    pulses = [run.trace.of_step(k) for k in steps]
    return (
        np.array([one.time[-1] for one in before]),
        np.array([one.voltage[-1] for one in before]),
        np.array([one.voltage[1] for one in pulses]),
        np.array([one.time[1] for one in pulses]),
    )


# --- titrations ------------------------------------------------------------------------------------


@pytest.mark.parametrize("direction", BOTH)
@pytest.mark.parametrize("variant", ["lumped", ""])
def test_a_pulse_begins_with_the_resistances_alone(variant: str, direction: str) -> None:
    """Within 20 % of I (R_s + R_ct), both electrodes: 40 to 180 mV; half the hysteresis would be 400 mV."""
    cell, run = czt(variant), titration(variant, direction)
    began, before, after, at = of_pulses(run)
    mass = cell.values.number("Active mass loading [mg.cm-2]") * 1e-2  # kg.m-2
    current = CURRENT * 1e3 * mass  # A.m-2
    solution = run.solution
    assert solution is not None
    exchange = solution["X-averaged positive electrode exchange current density [A.m-2]"](t=at)
    per_volume = solution["X-averaged positive electrode surface area to volume ratio [m-1]"](t=at)
    area = per_volume * cell.values.number("Electrode thickness [m]")
    metal = cell.values.number("Metal exchange-current density [A.m-2]")
    series = cell.values.number("Series resistance [Ohm.cm2]") * 1e-4  # Ohm.m2
    transfer = 2 * cell.thermal_voltage  # Butler-Volmer of both ends: 2 V_T asinh(i/(2 i_0))
    expected = current * series + transfer * (
        np.arcsinh(current / (2 * exchange * area)) + np.arcsinh(current / (2 * metal))
    )
    jump = np.abs(after - before)
    assert began.size > 40
    assert np.abs(jump / expected - 1).max() <= 0.2


@pytest.mark.parametrize("direction", BOTH)
@pytest.mark.parametrize("variant", ["lumped", ""])
def test_a_rested_electrode_stays_on_the_branch_it_came_by(variant: str, direction: str) -> None:
    """Within 10 mV from where all hosts have crossed; what is left is the relaxation, which 3 h do not end."""
    cell, run = czt(variant), titration(variant, direction)
    began, voltage, _, _ = of_pulses(run)
    sign = 1 if direction == "insertion" else -1
    start = cell.extracted_occupancy if sign > 0 else cell.inserted_occupancy
    full = cell.values.number("Specific capacity [mA.h.g-1]")
    theta = start + sign * np.arange(began.size) * CURRENT * PULSE / 3.6 / full
    solution = run.solution
    assert solution is not None
    hosts = [""] if variant else ["A", "B"]
    states = [
        solution[names.x_averaged(names.hysteresis_state_of(host))](t=began) for host in hosts
    ]
    arrived = np.all([np.abs(one + sign) < 0.01 for one in states], axis=0) & (theta > 0.02)
    assert arrived.sum() >= 0.6 * began.size
    curve = cell.open_circuit_potential(theta[arrived], direction)
    assert np.abs(voltage[arrived] - curve).max() <= 0.01
    assert run.charge_balance <= 1e-6
    # at the start it rests on the branch of its history, half a volt away, but for PyBaMM's asymptote (1 mV)
    other = cell.open_circuit_potential(start, BOTH[sign > 0])
    assert voltage[0] == pytest.approx(float(other), abs=2e-3)


def test_a_titration_in_both_directions_goes_on_from_where_it_ended() -> None:
    run = hs.run(czt("lumped"), hs.GITT(0.1, 600, 600, direction="both"), model="SPM")
    assert run.solution is not None
    state = run.solution[names.x_averaged(names.HYSTERESIS_STATE)].entries
    turn = int(np.argmin(state))
    # from the branch of extraction to that of insertion and back, in small steps
    assert state[0] == pytest.approx(1)
    assert state.min() == pytest.approx(-1, abs=1e-3)
    assert state[-1] == pytest.approx(1, abs=1e-3)
    # the solver holds a step to 1e-6
    assert np.all(np.diff(state[:turn]) < 1e-5)
    assert np.all(np.diff(state[turn:]) > -1e-5)


# --- small and closed cycles -----------------------------------------------------------------------


@pytest.mark.parametrize("after", BOTH)
@pytest.mark.parametrize("variant", ["lumped", ""])
def test_cycles_of_a_hundredth_drift_by_less_than_a_millivolt(variant: str, after: str) -> None:
    cell = czt(variant)
    bench = Bench(cell, 0.4, after=after)
    rested = []
    for turn in range(8):
        charge = 0.01 if turn == 0 else 0.02
        bench.step(1.0, charge)
        bench.step(-1.0, 0.02)
        bench.step(0.0, 5.0)
        rested.append(float(bench.solution[names.VOLTAGE].entries[-1]))
    # what the first turn does comes from where the cell starts; then it must repeat
    assert np.abs(np.diff(rested)[1:]).max() < 1e-3
    assert bench.worst_balance <= 1e-6


def closed_cycle(bench: Bench, rate: float, charge: float) -> float:
    """Energy lost [V per full charge] in a cycle that begins and ends in one state of charge and of hysteresis."""
    delivered = 0.0
    for sign in (1, -1):
        moved, energy = bench.step(sign * rate, charge / rate)
        assert moved == pytest.approx(sign * charge, rel=1e-9), "a cut-off was met"
        delivered += energy
        bench.step(0.0, 5.0)
    return -delivered


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(
    variant=st.sampled_from(["lumped", ""]),
    crossing=st.sampled_from([0.01, 0.05, 0.3, 1.0]),
    rate=st.sampled_from([0.05, 0.5, 2.0]),
    charge=st.floats(0.005, 0.25),
    after=st.sampled_from(BOTH),
)
def test_a_closed_cycle_costs_energy(
    variant: str, crossing: float, rate: float, charge: float, after: str
) -> None:
    cell = czt(variant, **{names.CROSSING: crossing})
    bench = Bench(cell, 0.3, after=after)
    closed_cycle(bench, rate, charge)  # the first one brings the state into its loop
    # the voltage is known to the solver's 1e-6 V, the creep of a corner is worth less than 1e-5 V of charge
    assert closed_cycle(bench, rate, charge) > -1e-5
    assert bench.worst_balance <= 1e-6


def test_a_wide_slow_cycle_costs_the_gap() -> None:
    """Lumped CZT without resistance, from branch to branch and back at C/1000: loss = sum of u over the loop."""
    quiet = {
        "Series resistance [Ohm.cm2]": 0.0,
        "Exchange-current density [A.m-2]": 1e3,
        "Metal exchange-current density [A.m-2]": 1e5,
        "Component A diffusivity [m2.s-1]": 1e-14,
        "Component B diffusivity [m2.s-1]": 1e-14,
    }
    cell, crossing, charge = czt("lumped", **quiet), 0.05, 0.4
    bench = Bench(cell, 0.3)
    closed_cycle(bench, 1e-3, charge)
    lost = closed_cycle(bench, 1e-3, charge)
    theta = np.linspace(0.3, 0.3 + charge, 4001)
    down, up = (cell.open_circuit_potential(theta, one) for one in BOTH)
    into = np.clip(2 / crossing * (theta - 0.3) - 1, -1, 1)  # d on the way in and on the way out
    out = np.clip(1 - 2 / crossing * (theta[-1] - theta), -1, 1)
    gap = up - down
    expected = np.trapezoid((up + down) / 2 - out * gap / 2, theta) - np.trapezoid(
        (up + down) / 2 - into * gap / 2, theta
    )
    assert lost == pytest.approx(
        float(expected), rel=5e-3
    )  # 1 mV of overpotential in 0.5 V, the corner


# --- rates -----------------------------------------------------------------------------------------


def test_a_branch_that_is_reached_at_once_is_a_curve_without_hysteresis() -> None:
    """The limit of no crossing charge, against a cell that has only the branch of insertion."""
    cell = czt("lumped", **{names.CROSSING: 1e-3})
    parts = ("potentials [V]", "shares", "widths")
    alone = cell.with_values(
        {f"Extraction plateau {one}": cell.values[f"Insertion plateau {one}"] for one in parts}
    )
    found = []
    for one in (cell, alone):
        for rate in (0.2, 5.0):
            # from the other branch, which it must leave within the first 1e-3 of its charge
            bench = Bench(one, 0.05, after="extraction")
            found.append(bench.step(rate, 1 / rate)[0])
    assert found[:2] == pytest.approx(found[2:], rel=1e-4)


@pytest.mark.parametrize("variant", ["lumped", ""])
def test_the_crossing_share_moves_no_capacity_by_more_than_a_hundredth(variant: str) -> None:
    protocol = hs.RateTest([0.1, 1.0, 10.0])
    found = [
        hs.run(czt(variant, **{names.CROSSING: one}), protocol, model="SPM").capacities
        for one in (0.005, 0.05, 0.1)
    ]
    for one in found[1:]:
        np.testing.assert_allclose(one, found[0], rtol=1e-2)


# --- voltammograms and spectra ---------------------------------------------------------------------


@pytest.mark.parametrize("variant", ["lumped", ""])
def test_between_the_branches_flows_the_current_of_the_scanning_curve(variant: str) -> None:
    """i/v is q d(theta)/du of an electrode between its branches, and the double layers'; nowhere is it zero."""
    cell = czt(variant, **{"Double-layer capacity [F.m-2]": 0.0})
    run = hs.run(cell, hs.CV([0.05], cycles=3, tolerance=None), model="SPM")
    sweep = run.sweeps[0]
    assert sweep.outcome.good
    full = cell.values.number("Specific capacity [mA.h.g-1]") * 3.6  # C/g
    rising = sweep.branch < 0
    between = rising & (sweep.potential > 0.35) & (sweep.potential < 0.5)
    assert between.sum() > 10
    rate = -sweep.current[between] / (0.05e-3 * full)  # d(theta)/du [V-1]
    assert rate.min() > 0
    if variant:
        gap = 1 / 0.05
        u = sweep.potential[between]
        theta = np.linspace(0.05, 0.95, 400)
        opening = np.subtract(
            cell.open_circuit_potential(theta, "extraction"),
            cell.open_circuit_potential(theta, "insertion"),
        )
        # -du/d(theta) = 2/s x half the gap, and the slope of the curves, of 0.3 to 3 V
        slowest, fastest = 1 / (gap * opening.max() + 3), 1 / (gap * opening.min() + 0.3)
        assert np.all((rate > 0.95 * slowest) & (rate < 1.05 * fastest)), (rate, u)


@pytest.mark.parametrize("variant", ["lumped", ""])
def test_a_periodic_voltammogram_is_found_in_ten_cycles(variant: str) -> None:
    run = hs.run(czt(variant), hs.CV([0.1, 1.0]), model="SPM")
    for sweep in run.sweeps:
        assert sweep.outcome.good
        assert sweep.cycles <= 10
        assert abs(sweep.closure) <= 1e-5


def test_a_spectrum_sees_the_slope_between_the_branches() -> None:
    """At low frequencies Z is the double of a slow sweep: -du/d(theta) on the scanning curve."""
    cell = czt(
        "lumped",
        **{"Component A diffusivity [m2.s-1]": 1e-13, "Component B diffusivity [m2.s-1]": 1e-13},
    )
    low = 1e-4
    found = {
        after: hs.run(cell, hs.EIS(0.5, [low], after=after), model="SPM").spectra[0].impedance[0]
        for after in BOTH
    }
    mass = cell.values.number("Active mass loading [mg.cm-2]") * 1e-3  # g/cm2
    charge = cell.values.number("Specific capacity [mA.h.g-1]") * 3.6 * mass  # C/cm2
    empty, filled = cell.extracted_occupancy, cell.inserted_occupancy
    theta = empty + 0.5 * (filled - empty)
    for after, one in found.items():
        slope = -(2 * np.pi * low) * one.imag * charge  # -du/d(theta) [V]
        step = 1e-4
        curve = cell.open_circuit_potential(np.array([theta - step, theta + step]), after)
        gap = cell.open_circuit_potential(theta, "extraction") - cell.open_circuit_potential(
            theta, "insertion"
        )
        along = float(curve[0] - curve[1]) / (2 * step)
        assert slope == pytest.approx(along + float(gap) / 0.05, rel=1e-2)


@pytest.mark.parametrize("after", BOTH)
def test_a_spectrum_of_two_hosts_sees_both_between_their_branches(after: str) -> None:
    """Z at 10 uHz is 1/(i omega q) du/d(theta) with both d of the hosts following what each takes, at any filling."""
    cell, low = czt(), 1e-5
    fillings = [0.1, 0.15, 0.25, 0.45, 0.48, 0.5, 0.51, 0.54, 0.6]
    spectra = hs.run(cell, hs.EIS(fillings, [low], after=after), model="SPM").spectra
    found = np.array([-one.impedance[0].imag * 2 * np.pi * low for one in spectra])
    mass = cell.values.number("Active mass loading [mg.cm-2]") * 1e-3  # g/cm2
    charge = cell.values.number("Specific capacity [mA.h.g-1]") * 3.6 * mass  # C/cm2
    hosts, crossing = cell.hosts, 0.05
    assert hosts is not None
    expected = []
    for filling in fillings:
        theta = cell.extracted_occupancy + filling * (
            cell.inserted_occupancy - cell.extracted_occupancy
        )
        u = float(cell.open_circuit_potential(theta, after))
        # -d(theta)/du of a host whose d follows its own theta: c / (1 + (2/s) e)
        steep = [
            c / (1 + 2 / crossing * e) for c, e in hosts.responses(u, 1 if after == BOTH[0] else -1)
        ]
        expected.append(1 / sum(f * g for f, g in zip(hosts.host_shares, steep, strict=True)))
    # the double layer holds some 1e-3, diffusion at 10 uHz what the slowest class has left
    np.testing.assert_allclose(found * charge, expected, rtol=0.02)


@pytest.mark.parametrize("protocol", [hs.EIS, hs.Rest, hs.Hold])
def test_another_history_is_refused(protocol: Any) -> None:
    arguments = {hs.Rest: (60.0,), hs.Hold: (0.5, 60.0)}.get(protocol, ())
    with pytest.raises(hs.ParameterError, match=r"after.*insertion.*extraction"):
        protocol(*arguments, after="discharge")


def test_a_history_decides_the_voltage_at_rest() -> None:
    cell = czt("lumped")
    empty, filled = cell.extracted_occupancy, cell.inserted_occupancy
    for after in BOTH:
        run = hs.run(cell, hs.Rest(3600.0, filling=0.5, after=after), model="SPM")
        curve = float(cell.open_circuit_potential((empty + filled) / 2, after))
        assert run.trace.voltage == pytest.approx(curve, abs=1e-5)
