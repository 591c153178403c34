"""dQ/dV, Ragone, cycle life and the rate equation."""

import numpy as np
import pytest

from hetsim import analysis
from hetsim.laws.rate_equation import tian_capacity
from hetsim.reading import ParameterError

# --- dQ/dV ---------------------------------------------------------------------------------------


def test_area_under_dq_dv_is_the_capacity():
    voltage = np.linspace(3.0, 0.1, 3000)
    capacity = 300 / (1 + np.exp((voltage - 1.0) / 0.05))
    at, slope = analysis.differential_capacity(capacity, voltage)
    assert np.trapezoid(slope, at) == pytest.approx(300, rel=1e-3, abs=0)


def test_a_step_of_nernst_has_its_height_at_its_potential():
    voltage = np.linspace(1.4, 0.6, 4000)
    capacity = 300 / (1 + np.exp((voltage - 1.0) / 0.05))
    at, slope = analysis.differential_capacity(capacity, voltage, width=0.005)
    assert at[slope.argmax()] == pytest.approx(1.0, abs=0.003)  # potentials lie 2.7 mV apart
    assert slope.max() == pytest.approx(300 / 4 / 0.05, rel=1e-3, abs=0)


def test_width_averages_noise_away():
    random = np.random.default_rng(1)
    voltage = np.linspace(1.4, 0.6, 4000)
    noisy = 300 * (1.4 - voltage) / 0.8 + 0.1 * random.standard_normal(4000)
    errors = [
        np.std(analysis.differential_capacity(noisy, voltage, width)[1]) for width in (0.01, 0.1)
    ]
    # the error of a slope goes with width^-3/2
    assert errors[0] / errors[1] == pytest.approx(10**1.5, rel=0.5)


def test_jump_of_the_voltage_leaves_no_gap():
    voltage = np.array([3.0, 2.0, 1.0, 0.5, 0.1])
    at, slope = analysis.differential_capacity(100 * (3.0 - voltage), voltage)
    assert slope == pytest.approx(100, abs=1e-9)
    assert len(at) == 300


@pytest.mark.parametrize("width", [0.0, -0.1, 5.0])
def test_width_beyond_the_curve_is_refused(width):
    with pytest.raises(ParameterError, match="width"):
        analysis.differential_capacity([0, 1, 2], [3, 2, 1], width)


# --- Ragone --------------------------------------------------------------------------------------


def test_constant_discharge_has_the_energy_of_its_capacity():
    time = np.linspace(0, 1800, 50)  # 0.2 A/g for half an hour: 100 mAh/g
    point = analysis.ragone_point(time, np.full(50, 0.2), np.full(50, 2.0), per="KPB")
    assert (point.energy, point.power) == pytest.approx((200, 400))  # Wh/kg, W/kg
    assert point.per == "KPB"


def test_per_both_electrodes_there_is_less():
    time = np.linspace(0, 3600, 50)
    of = [
        analysis.ragone_point(time, np.full(50, 0.1), np.full(50, 2.0), "x", ratio).energy
        for ratio in (1.0, 1.4)
    ]
    assert of[0] / of[1] == pytest.approx(1.4)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"per": " "}, "per gram of what"),
        ({"mass_ratio": 0.0}, "mass_ratio is 0"),
        ({"current": [1, -1, 1]}, "changes its sign"),
        ({"time": [0, 2, 1]}, "time must rise"),
    ],
)
def test_bad_discharge_is_refused(changes, message):
    given = {"time": [0, 1, 2], "current": [1, 1, 1], "voltage": [2, 2, 2], "per": "KPB"}
    with pytest.raises(ParameterError, match=message):
        analysis.ragone_point(**{**given, **changes})


# --- cycle life ----------------------------------------------------------------------------------


def test_constant_relative_loss_is_found():
    capacities = 196.1 * (1 - 2.8e-5) ** np.arange(4000)
    assert analysis.compound_fade(capacities) == pytest.approx(2.8e-5, rel=1e-9, abs=0)
    assert analysis.capacity_retention(capacities)[-1] == pytest.approx((1 - 2.8e-5) ** 3999)


def test_mean_fade_is_what_papers_print():
    # CZT: 89.4 % after 4000 cycles is 0.003 % a cycle (doi:10.1007/s40820-023-01202-6, section 3.3)
    fade = analysis.mean_fade([196.1, *np.full(3998, 190.0), 175.3])
    assert 100 * fade == pytest.approx(0.003, abs=0.0005)


def test_reference_cycle_changes_the_retention():
    assert analysis.capacity_retention([400, 300, 270], reference=1)[-1] == pytest.approx(0.9)
    assert analysis.capacity_retention([400, 300, 270])[-1] == pytest.approx(0.675)


def test_first_cycle_has_a_low_efficiency():
    efficiency = analysis.coulombic_efficiency([500, 370], [360, 368])
    assert efficiency == pytest.approx([0.72, 368 / 370])


@pytest.mark.parametrize(
    "call",
    [
        lambda: analysis.capacity_retention([]),
        lambda: analysis.capacity_retention([1, 0]),
        lambda: analysis.capacity_retention([1, 2], reference=2),
        lambda: analysis.mean_fade([100]),
        lambda: analysis.coulombic_efficiency([1, 2], [1]),
        lambda: analysis.coulombic_efficiency([1, np.nan], [1, 1]),
    ],
)
def test_bad_cycles_are_refused(call):
    with pytest.raises(ParameterError):
        call()


# --- rate equation -------------------------------------------------------------------------------

CURRENTS = np.array([0.1, 0.3, 0.5, 1, 3, 5, 10])


@pytest.mark.parametrize(
    "true", [(400, 0.02, 0.5), (300, 0.005, 1.0), (600, 0.3, 0.4)], ids=["half", "one", "slow"]
)
def test_parameters_of_an_exact_curve_are_recovered(true):
    fit = analysis.fit_rate_equation(CURRENTS, tian_capacity(CURRENTS, *true))
    found = (fit.full_capacity, fit.time_constant, fit.exponent)
    assert found == pytest.approx(true, rel=1e-4, abs=0)  # of the least squares' own tolerance
    assert fit.mean_abs_error_percent < 1e-4


def test_interval_holds_the_truth():
    random = np.random.default_rng(5)
    exact = tian_capacity(CURRENTS, 400, 0.02, 0.5)
    hits = 0
    for _ in range(40):
        fit = analysis.fit_rate_equation(CURRENTS, exact * np.exp(0.01 * random.standard_normal(7)))
        hits += abs(np.log(fit.exponent / 0.5)) < np.log(fit.factors[2])
    assert hits >= 34  # 38 expected, binomial deviation 1.4


def test_three_points_have_no_interval():
    fit = analysis.fit_rate_equation(CURRENTS[:3], tian_capacity(CURRENTS[:3], 400, 0.02, 0.5))
    assert np.isnan(fit.factors).all()


@pytest.mark.parametrize("bad", [([1, 2], [2, 1]), ([1, 2, 0], [3, 2, 1]), ([1, 2, 3], [3, 2])])
def test_bad_curve_is_refused(bad):
    with pytest.raises(ParameterError):
        analysis.fit_rate_equation(*bad)
