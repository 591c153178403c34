"""The branch of a hysteresis against the stop operator, and what a closed cycle may not do."""

import itertools
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import solve_ivp

from hetsim.laws import multi_site
from hetsim.laws.hysteresis import CORNER, RELEASE, branch_rate, shared_rates, slip_rate
from hetsim.laws.multi_site import Sites

V_T = 0.02569
A = Sites([1.2, 0.6], [0.5, 0.5], [4.0, 3.0], [0.8, 0.5])
B = Sites([0.9, 0.3], [0.4, 0.6], [5.0, 4.0], [0.3, 0.9])

# Where the exact state meets a branch, the rounded one is 1 - d = CORNER ln(2)/2 away, and closer with each further
# part of the charge; on the way back it starts from there.
ROUNDED = CORNER


def potential(theta: float, host: Sites, d: float) -> float:
    """u of a host [V]."""
    return float(multi_site.potential_of(theta, multi_site.steps_of(host, V_T, d)))


def stop(turns: Sequence[float], crossing: float, start: float) -> list[float]:
    """d after each straight part of a path of theta: the exact stop operator."""
    found = [start]
    for before, after in itertools.pairwise(turns):
        found.append(float(np.clip(found[-1] + 2 / crossing * (after - before), -1, 1)))
    return found


def travelled(turns: Sequence[float], crossing: float, start: float) -> list[float]:
    """The same by the law, one unit of time a part."""
    found = [start]
    for before, after in itertools.pairwise(turns):
        rate = after - before
        solved = solve_ivp(
            lambda _, d, rate=rate: [float(branch_rate(d[0], rate, crossing))],
            (0, 1),
            [found[-1]],
            method="LSODA",
            rtol=1e-9,
            atol=1e-11,
        )
        found.append(float(solved.y[0, -1]))
    return found


paths = st.lists(st.floats(0.0, 1.0), min_size=2, max_size=7)
crossings = st.sampled_from([0.01, 0.05, 0.3, 1.0])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(turns=paths, crossing=crossings, start=st.sampled_from([-1.0, 1.0]))
def test_it_is_the_stop_operator(turns: list[float], crossing: float, start: float) -> None:
    found, exact = travelled(turns, crossing, start), stop(turns, crossing, start)
    assert np.abs(np.subtract(found, exact)).max() <= 2 * ROUNDED
    assert np.abs(found).max() <= 1 + 1e-9


def test_small_cycles_close() -> None:
    """Cycles of 1 % of the capacity: in the middle nothing moves, near a branch it ends after the first turn."""
    crossing = 0.05
    for start in (0.0, 1.0, -1.0):
        turns = [0.5] + [0.5 + 0.01 * (-1) ** k for k in range(40)]
        states = travelled(turns, crossing, start)[2::2]
        moved = np.abs(np.diff(states))
        # 1 mV is 2.5e-3 of a state where the branches are 0.8 V apart
        assert moved.max() <= 0.6 * ROUNDED
        assert moved[5:].max() <= 0.1 * ROUNDED


def test_a_branch_is_reached_and_left_at_once() -> None:
    crossing = 0.05
    full = travelled([0.5, 0.5 + 1.2 * crossing], crossing, -1.0)[-1]
    assert full == pytest.approx(1, abs=1e-4)  # tanh leaves e^(-2 x 0.2 x 2 / CORNER) of it
    # the first hundredth of a crossing on the way back counts whole, but for the rounded corner
    back = travelled([0.6, 0.6 - 0.01 * crossing], crossing, full)[-1]
    assert full - back == pytest.approx(0.02, abs=ROUNDED)


def test_at_rest_and_in_a_small_change() -> None:
    for d in (-1.0, -0.3, 0.0, 1.0):
        assert branch_rate(d, 0.0, 0.05) == 0
        for rate in (1e-3, -1e-3):
            assert branch_rate(d, rate, 0.05, yields=0) == pytest.approx(2 * rate / 0.05)
    assert branch_rate(1.0, 1e-3, 0.05) == 0
    assert branch_rate(1.0, -1e-3, 0.05) == pytest.approx(-2e-3 / 0.05)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    turns=st.lists(st.floats(0.15, 0.85), min_size=2, max_size=5),
    crossing=crossings,
    host=st.sampled_from([A, B]),
)
def test_a_closed_cycle_yields_no_energy(turns: list[float], crossing: float, host: Sites) -> None:
    """The integral of u d(theta) over a cycle that has become periodic: what goes in, less what comes out."""
    closed = [*turns, turns[0]]
    state = 1.0
    for _ in range(3):  # the state of a stop operator is periodic from the second turn on
        state = travelled(closed, crossing, state)[-1]
    states = [state]
    work = 0.0
    for before, after in itertools.pairwise(closed):
        rate = after - before

        def change(t: float, y: Any, rate: float = rate, before: float = before) -> list[float]:
            theta = before + rate * t
            u = potential(theta, host, y[0])
            return [float(branch_rate(y[0], rate, crossing)), u * rate]

        solved = solve_ivp(change, (0, 1), [states[-1], 0.0], method="LSODA", rtol=1e-8, atol=1e-10)
        states.append(float(solved.y[0, -1]))
        work += float(solved.y[1, -1])
    # the cycle is closed but for the creep of the corner, worth gap/2 a state; the rest is of the integration
    open_end = abs(states[-1] - states[0]) * crossing
    assert -work >= -(1e-7 + open_end)


def test_work_of_a_wide_cycle_is_the_gap_times_the_charge() -> None:
    """One site of gap 0.4 V, from branch to branch and back: 0.4 V x (charge - crossing)."""
    site, crossing = Sites([1.0], [1.0], [3.0], [0.4]), 0.05
    lost = 0.0
    for start, ends in ((-1.0, (0.2, 0.8)), (1.0, (0.8, 0.2))):
        theta = np.linspace(*ends, 4001)
        states = np.array([stop([ends[0], one], crossing, start)[-1] for one in theta])
        voltages = np.array([potential(t, site, d) for t, d in zip(theta, states, strict=True)])
        lost -= float(np.trapezoid(voltages, theta))
    assert lost == pytest.approx(0.4 * (0.6 - crossing), rel=1e-5)  # of the trapezoids at a corner


# --- a slip as the state ---------------------------------------------------------------------------


def slipped(
    turns: Sequence[float], crossing: float, start: float, share: float, lasts: float = 3600.0
) -> list[float]:
    """d after each part of a path of theta, each of which lasts some seconds; the electrode takes up `share` times as
    much as the host."""
    slip, found = turns[0] - crossing / 2 * start, [start]
    for before, after in itertools.pairwise(turns):
        rate = (after - before) / lasts

        def change(t: float, w: Any, before: float = before, rate: float = rate) -> list[float]:
            d = 2 / crossing * (before + rate * t - w[0])
            return [float(slip_rate(d, share * rate, crossing))]

        solved = solve_ivp(change, (0, lasts), [slip], method="LSODA", rtol=1e-8, atol=1e-10)
        slip = float(solved.y[0, -1])
        found.append(2 / crossing * (after - slip))
    return found


PATHS = [([0.1, 0.9, 0.2], 0.05), ([0.5, 0.51, 0.5, 0.51, 0.3], 0.05), ([0.0, 1.0, 0.6], 0.3)]


@pytest.mark.parametrize(("turns", "crossing"), PATHS)
def test_one_host_slips_as_the_other_equation_says(turns: list[float], crossing: float) -> None:
    for start in (-1.0, 1.0):
        found, law = slipped(turns, crossing, start, 1.0), travelled(turns, crossing, start)
        assert np.abs(np.subtract(found, law)).max() <= 1e-5  # a slip of 1e-8 is 4e-7 of a state


@pytest.mark.parametrize("share", [-10.0, 0.0, 0.03, 30.0])
@pytest.mark.parametrize(("turns", "crossing"), PATHS)
def test_a_host_slips_whatever_its_electrode_does(
    turns: list[float], crossing: float, share: float
) -> None:
    """More or less than its share, at rest or against the electrode: the stop operator, but for the corners."""
    found, exact = slipped(turns, crossing, -1.0, share), stop(turns, crossing, -1.0)
    past = np.sqrt(CORNER * RELEASE * 2 / crossing * np.abs(np.diff(turns)).max() / 3600)
    # arcsinh(29) is 4 corners behind the branch, arctanh(0.97) 2 before it, and either is taken along after a turn
    assert np.abs(np.subtract(found, exact)).max() <= 5 * ROUNDED + 2 * past
    assert np.abs(found).max() <= 1 + 5 * ROUNDED + past


def test_a_slip_takes_energy_and_rests_with_the_current() -> None:
    d = np.linspace(-1.1, 1.1, 45)
    for arriving in (1e-4, 0.0, -1e-4):
        rate = slip_rate(d, arriving, 0.05)
        # the tail of tanh in the middle between the branches is zero to the last digit
        assert np.all(rate * d >= 0)
    assert np.all(slip_rate(np.linspace(-1, 1, 21), 0.0, 0.05) == 0)
    assert np.all(slip_rate(d, 1e-3, 0.05, yields=0) == 0)


# --- two hosts that share a potential --------------------------------------------------------------

sides = st.tuples(st.floats(-1, 1), st.floats(-1, 1))


@given(
    potential=st.floats(-0.2, 1.8),
    branches=sides,
    crossing=crossings,
    rate=st.sampled_from([1e-4, -1e-4]),
    share=st.floats(0.05, 0.95),
)
def test_hosts_share_what_arrives_at_one_potential(
    potential: float, branches: tuple[float, float], crossing: float, rate: float, share: float
) -> None:
    """Nothing is lost, and the potential moves alike in both."""
    responses = tuple(
        multi_site.responses(potential, host, V_T, d)
        for host, d in zip((A, B), branches, strict=True)
    )
    shares = (share, 1 - share)
    taken = shared_rates(rate, shares, responses, branches, crossing)  # type: ignore[arg-type]
    assert share * taken[0] + (1 - share) * taken[1] == pytest.approx(rate, rel=1e-12)
    moves = [
        -(r + shift * branch_rate(d, r, crossing)) / slope
        for r, (slope, shift), d in zip(taken, responses, branches, strict=True)
    ]
    assert moves[0] == pytest.approx(moves[1], rel=1e-6)


def test_a_host_between_its_branches_gives_way_less() -> None:
    u, shares = 0.7, (0.5, 0.5)
    pair = (multi_site.responses(u, A, V_T, 1.0), multi_site.responses(u, A, V_T, 1.0))
    on_a_branch, crossing_over = shared_rates(1e-4, shares, pair, (1.0, 0.0), 0.05)
    assert on_a_branch > 3 * crossing_over
    alike = shared_rates(1e-4, shares, pair, (1.0, 1.0), 0.05)
    assert alike == pytest.approx((1e-4, 1e-4))
