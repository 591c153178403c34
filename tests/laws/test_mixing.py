"""Effective transport of mixtures: exact cases, bounds, geometry, refusals."""

from decimal import Decimal, localcontext

import numpy as np
import pybamm
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hetsim.laws import mixing

fraction = st.floats(0.0, 1.0)
conductivity = st.floats(1e-8, 1e8)

# A dozen additions and products of doubles: relative round-off below 1e-12 (measured 2e-15).
ROUND_OFF = 1e-12


def hashin_shtrikman_as_printed(f_1, k_1, k_2):
    """Equation of the paper for k_1 < k_2: (lower, upper)."""
    f_2 = 1 - f_1
    lower = k_1 + f_2 / (1 / (k_2 - k_1) + f_1 / (3 * k_1))
    upper = k_2 + f_1 / (1 / (k_1 - k_2) + f_2 / (3 * k_2))
    return lower, upper


@settings(max_examples=200, deadline=None)
@given(f=fraction, k_1=conductivity, k_2=conductivity)
def test_bounds_are_ordered_series_hashin_shtrikman_parallel(f, k_1, k_2):
    fractions, values = (f, 1 - f), (k_1, k_2)
    lower, upper = mixing.hashin_shtrikman_bounds(fractions, values)
    slack = 1 + ROUND_OFF
    assert mixing.series(fractions, values) <= lower * slack
    assert lower <= upper
    assert upper <= mixing.parallel(fractions, values) * slack


@settings(max_examples=200, deadline=None)
@given(f=fraction, k_1=conductivity, k_2=conductivity)
def test_hashin_shtrikman_bounds_contain_maxwell_and_bruggeman(f, k_1, k_2):
    lower, upper = mixing.hashin_shtrikman_bounds((f, 1 - f), (k_1, k_2))
    # Bruggeman subtracts nearly equal numbers below its threshold: b^2 against 8 k1 k2 loses
    # digits in proportion to the contrast, hence the contrast-wide slack (1e-16 x contrast).
    contrast = max(k_1 / k_2, k_2 / k_1)
    for k, slack in (
        (mixing.maxwell(f, matrix=k_2, inclusion=k_1), ROUND_OFF),
        (mixing.maxwell(1 - f, matrix=k_1, inclusion=k_2), ROUND_OFF),
        (mixing.bruggeman_symmetric((f, 1 - f), (k_1, k_2)), ROUND_OFF + 1e-15 * contrast),
    ):
        assert lower * (1 - slack) <= k <= upper * (1 + slack)


@pytest.mark.parametrize("f_1", [0.05, 0.4, 0.9])
def test_hashin_shtrikman_is_the_printed_equation(f_1):
    found = mixing.hashin_shtrikman_bounds((f_1, 1 - f_1), (1.0, 37.0))
    assert found == pytest.approx(hashin_shtrikman_as_printed(f_1, 1.0, 37.0), rel=ROUND_OFF, abs=0)
    exchanged = mixing.hashin_shtrikman_bounds((1 - f_1, f_1), (37.0, 1.0))
    assert exchanged == pytest.approx(found, rel=ROUND_OFF, abs=0)


def test_maxwell_is_a_dilute_sphere_plus_second_order():
    # Dilute sphere: k = k_m (1 + 3 f (k_i - k_m)/(k_i + 2 k_m)); what is left falls as f^2.
    k_m, k_i = 2.0, 11.0
    exact = [mixing.maxwell(f, k_m, k_i) for f in (1e-3, 5e-4)]
    dilute = [k_m * (1 + 3 * f * (k_i - k_m) / (k_i + 2 * k_m)) for f in (1e-3, 5e-4)]
    order = np.log2((exact[0] - dilute[0]) / (exact[1] - dilute[1]))
    # third-order term is 1e-3 of the second
    assert order == pytest.approx(2.0, abs=2e-3)


@pytest.mark.parametrize("f_1", [0.0, 0.1, 0.3, 0.9, 1.0])
def test_bruggeman_keeps_its_digits_where_a_phase_hardly_conducts(f_1):
    """Against decimal numbers of 60 digits: its roots are 1e30 apart there."""
    k_1, k_2 = 1.0, 1e-30
    with localcontext() as context:
        context.prec = 60
        f, one, other = Decimal(f_1), Decimal(k_1), Decimal(k_2)
        b = (3 * f - 1) * one + (2 - 3 * f) * other
        exact = (b + (b * b + 8 * one * other).sqrt()) / 4
    assert mixing.bruggeman_symmetric((f_1, 1 - f_1), (k_1, k_2)) == pytest.approx(
        float(exact), rel=1e-14
    )


@pytest.mark.parametrize("f_1", [0.1, 0.5, 0.8])
def test_bruggeman_solves_its_equation_and_percolates_at_one_third(f_1):
    k_1, k_2 = 5.0, 0.3
    k = mixing.bruggeman_symmetric((f_1, 1 - f_1), (k_1, k_2))
    balance = f_1 * (k_1 - k) / (k_1 + 2 * k) + (1 - f_1) * (k_2 - k) / (k_2 + 2 * k)
    assert balance == pytest.approx(0.0, abs=ROUND_OFF)
    # insulating second phase: (3 f_1 - 1)/2 above one third, nothing below
    insulated = mixing.bruggeman_symmetric((f_1, 1 - f_1), (1.0, 0.0))
    assert insulated == pytest.approx(max(0.0, (3 * f_1 - 1) / 2), abs=ROUND_OFF)


def test_interface_fraction_counts_shared_boundaries():
    d, w = 34e-9, 1e-9
    grid = (np.arange(340) + 0.5) / 340 * d  # a tenth of a nanometre; layers end on cell faces
    in_layer = (grid < w / 2) | (grid > d - w / 2)
    core = np.mean(~in_layer)
    for n in (mixing.PLATES, mixing.FIBRES, mixing.EQUIAXED):
        assert mixing.interface_fraction(d, w, n) == pytest.approx(
            1 - core**n, rel=ROUND_OFF, abs=0
        )
        # thin layers: area per volume (n/d with sharing) times width, second-order remainder (w/d)
        thin = mixing.interface_fraction(d, 1e-6 * d, n) / (n * 1e-6)
        assert thin == pytest.approx(1.0, abs=n * 1e-6)


def test_unlike_boundaries_of_a_random_mixture():
    rng = np.random.default_rng(7)
    is_a = rng.random((120, 120, 120)) < 0.3
    unlike = np.mean([np.mean(is_a != np.roll(is_a, 1, axis)) for axis in range(3)])
    # 5 million boundaries: standard error about 3e-4
    assert mixing.unlike_boundary_fraction(0.3) == pytest.approx(unlike, abs=1.5e-3)
    assert mixing.unlike_boundary_fraction(0.5) == 0.5


def test_interface_channel_is_the_parallel_rule_and_network_two_thirds_of_it():
    f, ratio = 1e-3, 1e6
    channel = mixing.interface_channel(2.0, ratio, f)
    assert channel == pytest.approx(
        mixing.parallel((1 - f, f), (2.0, 2.0 * ratio)), rel=ROUND_OFF, abs=0
    )
    network = mixing.interface_network(2.0, ratio, f)
    # next terms: f/3 of the leading one and 1/(f ratio)
    assert network / (channel * 2 / 3) == pytest.approx(1.0, abs=2e-3)
    assert network == mixing.hashin_shtrikman_bounds((1 - f, f), (2.0, 2.0 * ratio))[1]
    assert mixing.interface_network(2.0, 1.0, 0.2) == pytest.approx(2.0, rel=ROUND_OFF, abs=0)
    assert mixing.interface_network(2.0, 50.0, 0.0) == pytest.approx(2.0, rel=ROUND_OFF, abs=0)


def test_coating_of_spheres_and_sheets():
    d, w, f = 1e-6, 5e-8, 0.1
    sphere = f * ((d / 2 + w) ** 3 - (d / 2) ** 3) / (d / 2) ** 3
    assert mixing.coating_fraction(f, d, w) == pytest.approx(sphere, rel=ROUND_OFF, abs=0)
    assert mixing.coating_fraction(f, d, w, mixing.PLATES) == pytest.approx(
        f * 2 * w / d, rel=1e-12, abs=0
    )


def test_composite_electrolyte_is_diluted_or_doped_by_its_filler():
    size, width = 1e-6, 1e-8
    bare = mixing.composite_conductivity(0.2, 1.0, 1.0, size, width, share_along=1.0)
    assert bare == pytest.approx(
        0.8, rel=ROUND_OFF, abs=0
    )  # a layer like the bulk: filler only dilutes
    doped = mixing.composite_conductivity(0.2, 1.0, 1e3, size, width)
    f_layer = 0.2 * (1.02**3 - 1)
    assert doped == pytest.approx(0.8 - f_layer + 2 / 3 * f_layer * 1e3, rel=ROUND_OFF, abs=0)
    thin_sheets = mixing.composite_conductivity(0.2, 1.0, 1e3, 1e-7, width, mixing.PLATES)
    assert thin_sheets > doped
    needed = mixing.layer_conductivity_needed(doped, 0.2, 1.0, size, width)
    # solving subtracts 0.8 of 8.9: a digit of round-off
    assert needed == pytest.approx(1e3, rel=1e-11, abs=0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: mixing.interface_fraction(1e-9, 2e-9), "exceeds grain_size"),
        (lambda: mixing.interface_fraction(-1e-9, 1e-9), "grain_size must be"),
        (lambda: mixing.interface_fraction(1e-9, 0.0), "layer_width must be"),
        (lambda: mixing.parallel((0.5, 0.6), (1.0, 2.0)), "sum to one"),
        (lambda: mixing.series((-0.5, 1.5), (1.0, 2.0)), "sum to one"),
        (lambda: mixing.parallel((0.5, 0.5), (1.0,)), "one for each"),
        (lambda: mixing.composite_conductivity(0.9, 1, 1, 1e-8, 1e-8), "fill more than the volume"),
    ],
)
def test_bad_input_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_every_law_takes_pybamm_symbols():
    names = ("f", "k1", "k2", "d", "w")
    numbers = {"f": 0.1, "k1": 1.0, "k2": 50.0, "d": 1e-7, "w": 1e-9}
    s = {n: pybamm.InputParameter(n) for n in names}

    def laws(f, k1, k2, d, w):
        return [
            mixing.parallel((1 - f, f), (k1, k2)),
            mixing.series((1 - f, f), (k1, k2)),
            *mixing.hashin_shtrikman_bounds((1 - f, f), (k1, k2)),
            mixing.bruggeman_symmetric((1 - f, f), (k1, k2)),
            mixing.interface_network(k1, k2, mixing.interface_fraction(d, w)),
            mixing.interface_channel(k1, k2, mixing.unlike_boundary_fraction(f)),
            mixing.composite_conductivity(f, k1, k2, d, w),
        ]

    for symbol, number in zip(laws(**s), laws(**numbers), strict=True):
        assert symbol.evaluate(inputs=numbers) == pytest.approx(number, rel=ROUND_OFF, abs=0)
