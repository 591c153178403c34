"""Draws from the posterior against quadrature, and bands that hold."""

import builtins
import math

import numpy as np
import pytest
from scipy.special import logsumexp

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue, Problem
from hetsim.fitting.bands import band_of, drawn_scales, predicted_logarithms, with_noise
from hetsim.fitting.gauss_newton import cost, minimise
from hetsim.fitting.noise_scale import EXPECTED, GUESS_COUNTS
from hetsim.fitting.posterior import (
    fitted_pareto,
    importance_draws,
    log_posterior,
    pareto_smoothed,
    posterior_of,
    weighted_quantile,
)
from hetsim.fitting.profile import scale_of
from hetsim.parameters.values import MeasuredRate

CAPACITY = "Specific capacity [mA.h.g-1]"
FAST = "Fast fraction"
A, B = (f"Component {one} diffusivity [m2.s-1]" for one in "AB")
CURRENTS = (0.1, 0.3, 1.0, 2.0, 5.0)


def small() -> hs.HalfCell:
    return hs.load("CZT", "lumped").with_particle(classes=3)


def noisy_curve(cell, rng, noise=0.015, currents=CURRENTS) -> MeasuredRate:
    found = hs.run(cell, hs.RateTest(currents, cycles=1), model="SPM").capacities
    return MeasuredRate(
        currents, tuple(found * np.exp(noise * rng.normal(size=len(found)))), "made"
    )


@pytest.fixture(scope="module")
def fitted():
    """Two values of a curve with noise."""
    data = noisy_curve(small(), np.random.default_rng(1))
    return hs.fit(small(), data, [CAPACITY, FreeValue(FAST)], "SPM", cycles=1)


@pytest.fixture(scope="module")
def quadrature(fitted):
    """On a grid of seven deviations of the logarithms, cut at the limits: points, their weights, and the ends."""
    density = log_posterior(fitted.problem, fitted.noise_scale)
    half = 7 * fitted.noise_scale.scales[0] * fitted.linearised.intervals
    low, high = fitted.problem.limits
    axes = [
        np.linspace(max(x - h, a), min(x + h, b), 45)
        for x, h, a, b in zip(fitted.best, half, low, high, strict=True)
    ]
    points = np.array(np.meshgrid(*axes)).reshape(2, -1).T
    logarithms = density(list(points))
    weights = np.exp(logarithms - logsumexp(logarithms))
    return points, weights, np.array([(axis[0], axis[-1]) for axis in axes]).T


def mean_and_covariance(points, weights):
    mean = weights @ points
    return mean, (weights[:, None] * (points - mean)).T @ (points - mean)


def central(points, weights):
    """The width of the interval that holds 90 % of the weight, of each value."""
    found = []
    for column in points.T:
        places, which = np.unique(column, return_inverse=True)
        each = np.bincount(which, weights)
        low, high = np.interp([0.05, 0.95], np.cumsum(each) - each / 2, places)
        found.append(high - low)
    return np.array(found)


@pytest.mark.parametrize("method", ["importance", "emcee"])
def test_draws_agree_with_quadrature(fitted, quadrature, method):
    if method == "emcee":
        pytest.importorskip("emcee")
    # a chain is worth some 500 independent draws, however many are asked for
    seeds = (0, 1) if method == "emcee" else (0,)
    both = [fitted.posterior(1000, method, seed=seed) for seed in seeds]
    assert all(found.converged for found in both), [found.sentence for found in both]
    points, density, ends = quadrature
    exact_mean, exact = mean_and_covariance(points, density)
    draws, weights = (
        np.concatenate([getattr(one, k) for one in both]) for k in ("draws", "weights")
    )
    # the tails are heavy: beyond the grid a hundredth of the draws would make a fifth of the width
    inside = np.all((draws > ends[0]) & (draws < ends[1]), axis=1)
    assert weights[inside].sum() > 0.97 * weights.sum()
    draws, weights = draws[inside], weights[inside] / weights[inside].sum()
    mean, covariance = mean_and_covariance(draws, weights)
    widths = np.sqrt(np.diag(exact))
    # of some 1000 independent draws: 0.03 deviations for a mean, 3 % for an interval, 3.5 % for a width (kurtosis 6),
    # three times as much
    np.testing.assert_allclose((mean - exact_mean) / widths, 0.0, atol=0.12)
    np.testing.assert_allclose(central(draws, weights) / central(points, density), 1.0, atol=0.12)
    np.testing.assert_allclose(np.sqrt(np.diag(covariance)) / widths, 1.0, atol=0.12)
    correlations = [one[0, 1] / math.sqrt(one[0, 0] * one[1, 1]) for one in (covariance, exact)]
    assert correlations[0] == pytest.approx(correlations[1], abs=0.1)


def test_the_posterior_and_the_profile_agree_where_both_are_narrow(fitted):
    low, high = fitted.posterior().interval(CAPACITY)
    profile = fitted.profiles()[CAPACITY]
    width = profile.high.value - profile.low.value
    # they answer different questions; a tenth of the interval
    assert low == pytest.approx(profile.low.value, abs=0.1 * width)
    assert high == pytest.approx(profile.high.value, abs=0.1 * width)


def test_draws_stay_inside_the_limits_and_have_their_tables(fitted):
    found = fitted.posterior()
    low, high = np.exp(fitted.problem.limits)
    frame = found.to_frame()
    assert ((frame[[CAPACITY, FAST]] >= low) & (frame[[CAPACITY, FAST]] <= high)).all(axis=None)
    assert frame["weight"].sum() == pytest.approx(1.0)
    data = found.to_xarray()
    assert data.attrs["converged"] == 1
    assert data[CAPACITY].sizes == {"draw": 1000}
    summary = found.summary()
    assert (summary["95 % low"] < summary["median"]).all()
    again = found.resampled(4000)
    assert again.mean(axis=0) == pytest.approx(found.weights @ found.draws, abs=1e-3)
    assert fitted.posterior() is found  # made once


def test_a_bad_proposal_is_said_so():
    """A density with tails as 1 / |x| lies outside of any proposal: the weights have no variance."""
    density = lambda points: np.array([-math.log1p(abs(x[0])) for x in points])  # noqa: E731
    wide = (np.array([-1e9]), np.array([1e9]))
    found = importance_draws(density, ("x",), np.zeros(1), np.eye(1) * 1e-4, wide, 400)
    assert not found.converged
    assert "not converged" in found.sentence


@pytest.mark.parametrize("k", [0.2, 0.5, 0.9])
def test_the_shape_of_a_pareto_tail_is_found(k):
    rng = np.random.default_rng(2)
    excess = np.expm1(-k * np.log(rng.random(4000))) / k * 3.0
    found, sigma = fitted_pareto(excess)
    # the error of the estimate is (1 + k) / sqrt(n) = 0.03; three times as much
    assert found == pytest.approx(k, abs=0.09)
    assert sigma == pytest.approx(3.0, rel=0.15)
    _, shape = pareto_smoothed(np.log(rng.random(4000) ** -k))
    assert shape == pytest.approx(k, abs=0.2)  # of 190 values, and drawn to 0.5


def test_quantiles_of_weighted_values():
    values = np.array([3.0, 1.0, 2.0])
    assert weighted_quantile(values, np.ones(3) / 3, [0.5])[0] == pytest.approx(2.0)
    assert weighted_quantile(values, np.array([0.8, 0.1, 0.1]), [0.5])[0] > 2.5


# --- bands ---------------------------------------------------------------------------------------


def test_bands_hold_left_out_points_of_made_curves():
    """Curves with values of their own and 1.5 % of noise; an inner point and the highest current are left out."""
    rng = np.random.default_rng(11)
    inside = []
    free = (FreeValue(CAPACITY), FreeValue(FAST), FreeValue(A, tied=(B,)))
    for _ in range(8):
        changes = {CAPACITY: 450 * math.exp(0.1 * rng.normal()), FAST: 0.35}
        changes[A] = changes[B] = 1e-17 * math.exp(rng.normal())
        data = noisy_curve(small().with_values(changes), rng)
        for left in (2, 4):
            kept = [k for k in range(5) if k != left]
            part = MeasuredRate(
                tuple(CURRENTS[k] for k in kept), tuple(data.capacities[k] for k in kept), "made"
            )
            problem = Problem((small(),), (part,), free, (0.015,), 2.0, "SPM", 1)
            low, high = problem.limits
            best, _ = minimise(problem.deviations, problem.priors, low, high, problem.soft)
            draws = posterior_of(problem, best, 300)
            [band] = band_of(
                problem, scale_of(problem, best), draws, 0, [CURRENTS[left]]
            ).itertuples(index=False)
            inside.append(band[2] < data.capacities[left] < band[3])
    assert sum(inside) >= 12  # 14 of 16 expected; fewer than 12 has a chance of 2 %


def test_noise_of_a_band_is_what_it_says():
    """One certain prediction with a noise of 2 %, one e-fold beyond the data with g = 0.1."""
    made = with_noise(
        np.zeros((400, 2)), np.full(400, 1.5), np.full(2, 0.02), np.array([0.0, 1.0]), astray=0.1
    )
    # of 20000 draws: a standard deviation to 0.5 %; four times as much
    np.testing.assert_allclose(made.std(axis=0), [0.03, math.hypot(0.03, 0.1)], rtol=0.02)


def test_scales_of_a_band_are_those_of_the_posterior(fitted):
    """Given x, (nu_0 + S / e) / s^2 is chi-squared with nu_0 + n degrees of freedom."""
    x = fitted.best[None, :]
    _, [made] = predicted_logarithms(fitted.problem, fitted.noise_scale, x, 0, np.array([1.0]))
    data = fitted.linearised.deviations[fitted.linearised.soft]
    s = fitted.noise_scale.scales[0]
    scatter = s**2 * 2 * cost(data / s, np.ones(len(data), bool)) / EXPECTED
    assert made == pytest.approx(scatter, rel=1e-6)
    scales = drawn_scales(np.full(20000, made), len(data))
    # the mean of 1 / s^2 of 20000 draws of 6 degrees of freedom: to 0.4 %; three times as much
    assert np.mean(scales**-2) == pytest.approx(
        (GUESS_COUNTS + len(data)) / (GUESS_COUNTS + scatter), rel=0.012
    )


def test_bands_are_wider_for_more_and_beyond_the_data(fitted):
    bands = {level: fitted.bands([1.0, 10.0, 20.0], level) for level in (0.5, 0.9)}
    widths = [np.log(one.iloc[:, 3] / one.iloc[:, 2]).to_numpy() for one in bands.values()]
    assert (widths[1] > 1.8 * widths[0]).all()  # 1.645 / 0.674 for normal ones, heavier tails more
    assert widths[1][2] > widths[1][1] > widths[1][0]
    assert list(fitted.bands().columns)[2] == "90 % low [mA.h.g-1]"
    assert len(fitted.bands()) == 15


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda one: one.posterior(10), "10 draws"),
        (lambda one: one.posterior(method="nuts"), "'nuts'"),
        (lambda one: one.bands(level=90), "90"),
        (lambda one: one.bands([0.0]), "positive"),
        (lambda one: one.bands(of="CT"), "'CT'"),
        (lambda one: one.parameter_file(of="CT"), "'CT'"),
        (lambda one: one.posterior().quantile("radius", [0.5]), "'radius'"),
    ],
)
def test_wrong_wishes_are_refused_in_a_sentence(fitted, ask, said):
    with pytest.raises(ParameterError, match=said):
        ask(fitted)


def test_without_emcee_the_remedy_is_named(fitted, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **options):
        if name == "emcee":
            raise ImportError(name)
        return real(name, *rest, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ParameterError, match=r"hetsim\[fit\]"):
        fitted.posterior(500, "emcee")
