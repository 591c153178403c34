"""Designs of sweeps: which case has which values, and what is refused."""

import time
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import hetsim as hs
from hetsim.sweeping.checks import check_size
from hetsim.sweeping.study import Study

RADIUS, FIELD = "Particle radius [m]", "Built-in potential [V]"
CORE, SHELL = "Core Debye length [m]", "Shell Debye length [m]"
RANGES = {RADIUS: hs.LogRange(5e-9, 5e-7), FIELD: (-0.1, 0.1)}
RATE = hs.RateTest([1.0], from_equilibrium=True)


def cell():
    return hs.load("CZT", variant="core-shell").with_particle(classes=1, fast=False)


def check(design, one=None):
    return Study((one or cell(),), design, RATE)


# --- what a design is ----------------------------------------------------------------------------


def test_a_grid_has_every_value_with_every_other():
    grid = hs.Grid({FIELD: [0.0, 0.1], RADIUS: [1e-8, 2e-8, 3e-8]})
    columns = grid.columns(0, grid.size)
    pairs = list(zip(columns[FIELD], columns[RADIUS], strict=True))
    assert pairs == [(f, r) for f in (0.0, 0.1) for r in (1e-8, 2e-8, 3e-8)]


def test_a_zip_goes_along_and_a_list_says_each_case():
    columns = {FIELD: [0.0, 0.1], RADIUS: [1e-8, 2e-8]}
    rows = [{FIELD: 0.0, RADIUS: 1e-8}, {RADIUS: 2e-8, FIELD: 0.1}]
    for design in (hs.Zip(columns), hs.Cases(rows)):
        assert design.size == 2
        for name, values in columns.items():
            assert design.columns(0, 2)[name].tolist() == values


DESIGNS = [
    hs.Grid({FIELD: np.linspace(-0.1, 0.1, 7), RADIUS: np.geomspace(1e-8, 1e-7, 11)}),
    hs.Zip({FIELD: np.linspace(-0.1, 0.1, 77)}),
    hs.LatinHypercube(RANGES, n=77, seed=3),
    hs.SobolSequence(RANGES, n=77, seed=3),
    hs.SaltelliDesign(RANGES, n=16),
    hs.MorrisDesign(RANGES, n=20),
]


@pytest.mark.parametrize("design", DESIGNS, ids=lambda d: type(d).__name__)
@given(cut=st.integers(1, 59))
def test_a_case_has_the_same_values_whatever_chunk_it_comes_in(design, cut):
    whole = design.columns(0, 60)
    first, second = design.columns(0, cut), design.columns(cut, 60)
    for name in design.names:
        np.testing.assert_array_equal(whole[name], np.append(first[name], second[name]))


@pytest.mark.parametrize("design", DESIGNS[2:], ids=lambda d: type(d).__name__)
def test_samples_stay_in_their_ranges_and_come_back_with_the_seed(design):
    columns = design.columns(0, design.size)
    assert np.all((columns[RADIUS] >= 5e-9) & (columns[RADIUS] <= 5e-7))
    assert np.all((columns[FIELD] >= -0.1) & (columns[FIELD] <= 0.1))
    again = type(design)(RANGES, n=design.n, seed=design.seed).columns(0, design.size)
    np.testing.assert_array_equal(again[RADIUS], columns[RADIUS])
    other = type(design)(RANGES, n=design.n, seed=9).columns(0, design.size)
    assert not np.array_equal(other[RADIUS], columns[RADIUS])


def test_each_nth_of_every_range_of_a_latin_hypercube_holds_one_case():
    columns = hs.LatinHypercube(RANGES, n=50).columns(0, 50)
    decades = np.log(columns[RADIUS] / 5e-9) / np.log(100)  # the logarithmic range, 0 to 1
    linear = (columns[FIELD] + 0.1) / 0.2
    for shares in (decades, linear):
        assert sorted(np.floor(50 * shares).astype(int)) == list(range(50))


def test_derived_columns_follow_from_swept_ones():
    """A Debye length of 0.05 R at every radius, by a product and by a function; and a helping column."""
    radii = [1e-8, 5e-8]
    product = hs.Product([RADIUS, "share"])
    design = hs.Grid(
        {RADIUS: radii, "share": [0.05]},
        derived={CORE: product, SHELL: lambda columns: 2 * columns[CORE]},
        auxiliary=("share",),
    )
    columns = design.columns(0, 2)
    np.testing.assert_allclose(columns[CORE], [5e-10, 2.5e-9], rtol=1e-15)
    np.testing.assert_allclose(columns[SHELL], [1e-9, 5e-9], rtol=1e-15)
    assert "share" not in design.parameters()
    check(design)


def test_a_billion_cases_cost_no_memory():
    values = np.linspace(-0.1, 0.1, 1000)
    ranges = {FIELD: (-0.1, 0.1), RADIUS: (1e-8, 1e-7)}
    hs.SobolSequence(ranges, n=1).columns(
        0, 1
    )  # imports scipy's generator, whose memory is its own
    tracemalloc.start()
    grid = hs.Grid({FIELD: values, RADIUS: values + 0.2, CORE: values + 0.2})
    assert grid.size == 10**9
    grid.columns(10**9 - 100, 10**9)
    start = time.perf_counter()
    sobol = hs.SobolSequence(ranges, n=10**9)
    sobol.columns(10**6, 10**6 + 100)
    elapsed = time.perf_counter() - start
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2e6  # bytes; the grid's own three columns are 24 kB
    assert elapsed < 1.0  # winding a sequence forward, not drawing it


# --- what is refused -----------------------------------------------------------------------------

WRONG = {
    "unknown name": (lambda: hs.Grid({"Particle radus [m]": [1e-8]}), "Particle radius"),
    "another unit": (lambda: hs.Grid({"Particle radius [nm]": [10.0]}), "in units of m"),
    "a list": (lambda: hs.Grid({"Insertion plateau shares": [0.1]}), "is a list"),
    "no effect": (lambda: hs.Grid({"Component A work function [eV]": [5.0]}), "change nothing"),
    "no number": (lambda: hs.Grid({RADIUS: [float("nan")]}), "finite"),
    "beyond its limits": (lambda: hs.Grid({RADIUS: [1e-8, 3.0]}), "outside"),
    "upside down": (lambda: hs.LatinHypercube({RADIUS: (1e-7, 1e-8)}, n=5), "upside down"),
    "log through zero": (lambda: hs.LogRange(-0.1, 0.1), "through zero"),
    "range beyond limits": (lambda: hs.SobolSequence({RADIUS: (1e-8, 1.0)}, n=4), "outside"),
    "empty": (lambda: hs.Grid({}), "at least one"),
    "no values": (lambda: hs.Grid({RADIUS: []}), "empty"),
    "no cases": (lambda: hs.Cases([]), "empty"),
    "none drawn": (lambda: hs.LatinHypercube(RANGES, n=0), "1 or more"),
    "twice": (lambda: hs.Grid({RADIUS: [1e-8, 1e-8]}), "twice"),
    "uneven": (lambda: hs.Zip({RADIUS: [1e-8], FIELD: [0.0, 0.1]}), "equally many"),
    "cases that differ": (lambda: hs.Cases([{RADIUS: 1e-8}, {FIELD: 0.0}]), "differ"),
    "more than there are": (lambda: hs.SobolSequence(RANGES, n=2**31), "ends at"),
    "not a power": (lambda: hs.SaltelliDesign(RANGES, n=12), "power of 2"),
    "derived of nothing": (
        lambda: hs.Grid({RADIUS: [1e-8]}, derived={CORE: hs.Product("R [m]")}),
        "not swept",
    ),
    "derived beyond limits": (
        lambda: hs.Grid({RADIUS: [1e-8]}, derived={CORE: hs.Product(RADIUS, factor=1e6)}),
        "outside",
    ),
    "derived and swept": (
        lambda: hs.Grid({RADIUS: [1e-8]}, derived={RADIUS: hs.Product(RADIUS)}),
        "both",
    ),
    "auxiliary not swept": (lambda: hs.Grid({RADIUS: [1e-8]}, auxiliary=("x",)), "not swept"),
    "whole number": (lambda: hs.Grid({"Charge number": [1.5]}), "whole number"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_in_a_design_is_said_in_one_sentence(case):
    make, words = WRONG[case]
    with pytest.raises(hs.ParameterError, match=words):
        check(make())


def test_what_the_architecture_fixes_is_refused():
    dispersed = hs.load("CZT")
    with pytest.raises(hs.ParameterError, match="fixed in CZT, whose particle is dispersed"):
        check(hs.Grid({"Core radius fraction": [0.5]}), dispersed)
    with pytest.raises(hs.ParameterError, match="only 0 is allowed"):
        check(hs.Grid({FIELD: [0.0, 0.1]}), dispersed)


def test_a_billion_cases_are_run_only_if_they_are_meant():
    with pytest.raises(hs.ParameterError, match=r"1000000000 cases.*--yes"):
        check_size(10**9, stored=True, confirmed=False)
    with pytest.raises(hs.ParameterError, match="needs a store"):
        check_size(10**9, stored=False, confirmed=True)
    check_size(10**9, stored=True, confirmed=True)


def test_the_same_system_twice_is_refused():
    with pytest.raises(hs.ParameterError, match="twice"):
        Study((cell(), cell()), hs.Grid({RADIUS: [1e-8]}), RATE)
