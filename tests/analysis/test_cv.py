"""b-values and Dunn's split of voltammograms whose answer is known exactly."""

import numpy as np
import pytest

from hetsim import analysis
from hetsim.errors import MeasurementError, ParameterError
from hetsim.measurements import CvCycle

RATES = np.array([0.1, 0.2, 0.4, 0.6, 0.8, 1.0])
LOW, HIGH = 0.01, 3.0


def cycle(rate, current, samples=400):
    """A cycle from the upper potential; current(potential, falling) [A.g-1]."""
    down = np.linspace(HIGH, LOW, samples)
    up = down[::-1]
    return CvCycle(
        float(rate),
        np.concatenate([down, up]),
        np.concatenate([current(down, True), -current(up, False)]),
    )


def wave(potential, falling):
    """A peak on a plateau; the rising sweep has another one."""
    return 0.2 + np.exp(-(((potential - (0.9 if falling else 1.8)) / 0.3) ** 2))


def powers(b):
    return [cycle(rate, lambda u, falling, v=rate: v**b * wave(u, falling)) for rate in RATES]


def mixture(share_at_one):
    """i = k1 v + k2 sqrt(v) with the same shape in both: the share is known at each rate."""
    return [
        cycle(
            rate,
            lambda u, falling, v=rate: (
                (share_at_one * v + (1 - share_at_one) * v**0.5) * wave(u, falling)
            ),
        )
        for rate in RATES
    ]


@pytest.mark.parametrize("b", [0.5, 0.73, 1.0])
def test_exponent_is_found_at_every_potential_and_at_the_peaks(b):
    everywhere, peaks = analysis.b_values(powers(b)), analysis.peak_b_values(powers(b))
    assert np.array([one.b for one in everywhere + peaks]) == pytest.approx(b, abs=1e-9)
    assert (
        {one.sweep for one in everywhere} == {"falling", "rising"} == {one.sweep for one in peaks}
    )
    assert all(one.half_width < 1e-6 for one in everywhere)
    assert analysis.mean_exponent(powers(b)) == pytest.approx(b, abs=1e-9)


def test_next_to_no_current_there_is_no_b():
    """Where a hysteresis leaves a thousandth of the current, a slope is noise."""
    made = [
        cycle(rate, lambda u, _, v=rate: v * np.where(u > 1.5, 1.0, 1e-3 * np.sin(9 * u) ** 2))
        for rate in RATES
    ]
    assert min(one.potential for one in analysis.b_values(made)) > 1.4


def test_peaks_are_where_the_current_is_largest():
    falling, rising = analysis.peak_b_values(powers(0.5))
    # samples lie 7.5 mV apart; the top of the parabola through three is off by the fourth order
    assert (falling.potential, rising.potential) == pytest.approx((0.9, 1.8), abs=1e-5)


def test_interval_holds_the_truth_as_often_as_it_says():
    random = np.random.default_rng(3)
    hits = 0
    for _ in range(400):
        made = [
            cycle(rate, lambda u, _, i=rate**0.7 * noise: i * wave(u, True), samples=10)
            for rate, noise in zip(RATES, np.exp(0.05 * random.standard_normal(6)), strict=True)
        ]
        one = analysis.peak_b_values(made)[0]
        hits += abs(one.b - 0.7) < one.half_width
    # 95 % of 400 with a binomial deviation of 4.4
    assert hits == pytest.approx(380, abs=14)


def test_current_that_is_largest_at_the_turning_point_is_no_peak():
    rising_only = [
        cycle(rate, lambda u, falling, v=rate: v * (wave(u, False) if not falling else 4 - u))
        for rate in RATES
    ]
    assert [one.sweep for one in analysis.peak_b_values(rising_only)] == ["rising"]


def test_two_scan_rates_have_no_interval():
    assert np.isnan(analysis.peak_b_values(powers(0.5)[:2])[0].half_width)


def test_a_mixture_bends_between_a_half_and_one():
    found = [one.b for one in analysis.b_values(mixture(0.5))]
    assert all(0.6 < b < 0.9 for b in found)


@pytest.mark.parametrize("share", [0.0, 0.3, 0.85, 1.0])
def test_known_share_is_recovered_at_every_rate(share):
    found = analysis.dunn_shares(mixture(share))
    expected = share * RATES / (share * RATES + (1 - share) * np.sqrt(RATES))
    assert found.share == pytest.approx(expected, abs=1e-9)
    assert found.clipped_share == pytest.approx(expected, abs=1e-9)
    assert found.residual == pytest.approx(0, abs=1e-9)
    assert found.sweeps[0].k1 / wave(found.sweeps[0].currents.potential, True) == pytest.approx(
        share, abs=3e-4  # linear interpolation between samples 7.5 mV apart: h^2/8 of the curvature
    )  # fmt: skip


def test_share_grows_with_the_scan_rate():
    assert np.all(np.diff(analysis.dunn_shares(mixture(0.5)).share) > 0)


def test_both_sweeps_count():
    """A capacitor on the way down and diffusion on the way up: half of the area each."""
    made = [
        cycle(rate, lambda u, falling, v=rate: np.full_like(u, v if falling else v**0.5))
        for rate in RATES
    ]
    found = analysis.dunn_shares(made)
    assert found.share[-1] == pytest.approx(0.5, abs=1e-9)
    assert found.residual == pytest.approx(0, abs=1e-9)


def test_coefficient_against_the_current_is_counted_and_told():
    """i = v^1.5 bends beyond k1 v: k2 comes out negative, and k1 v exceeds the current."""
    found = analysis.dunn_shares(powers(1.5))
    assert found.share[-1] > 1
    assert found.clipped_share[-1] == pytest.approx(1.0, abs=1e-6)
    assert found.against == pytest.approx(1.0)
    assert found.residual[-1] > 0.01


def test_what_is_neither_shows_in_the_residual():
    shifted = [
        cycle(rate, lambda u, falling, v=rate: v**0.5 * wave(u + 0.3 * v, falling))
        for rate in RATES
    ]
    assert analysis.dunn_shares(shifted).residual.max() > 0.05


@pytest.mark.parametrize("function", [analysis.dunn_shares, analysis.b_values])
def test_one_scan_rate_is_not_enough(function):
    with pytest.raises(MeasurementError, match=r"at least 2 scan rates, got 0.1 mV/s"):
        function(powers(0.5)[:1])


def test_a_rate_twice_is_refused():
    with pytest.raises(MeasurementError, match="differ"):
        analysis.dunn_shares([powers(0.5)[0], powers(0.7)[0]])


def test_one_sweep_is_no_cycle():
    with pytest.raises(MeasurementError, match="one sweep only"):
        CvCycle(0.1, np.linspace(3, 0.01, 100), np.ones(100))


def test_two_cycles_are_not_one():
    one = powers(0.5)[0]
    with pytest.raises(MeasurementError, match="more than one cycle"):
        CvCycle(0.1, np.tile(one.potential, 2), np.tile(one.current, 2))


def test_start_of_the_cycle_does_not_matter():
    turned = [
        CvCycle(one.scan_rate, np.roll(one.potential, 250), np.roll(one.current, 250))
        for one in mixture(0.4)
    ]
    both = [analysis.dunn_shares(one).share for one in (mixture(0.4), turned)]
    assert both[0] == pytest.approx(both[1], abs=1e-9)


def test_window_of_a_peak_without_samples_is_told():
    with pytest.raises(ParameterError, match="no sample between 4 and 5 V"):
        analysis.peak_b_values(powers(0.5), window=(4, 5))
