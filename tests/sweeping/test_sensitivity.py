"""Which value matters: indices against functions whose indices are known, derivatives against runs."""

import numpy as np
import pytest
from sweep_cases import FIELD, RADIUS, cheap_cell

import hetsim as hs
from hetsim.sweeping.local_sensitivity import local_sensitivity
from hetsim.sweeping.sensitivity import indices

pytest.importorskip("SALib")

PI = (-np.pi, np.pi)
LOADING, AREA = "Active mass loading [mg.cm-2]", "Electrode area [cm2]"
RESISTANCE, CAPACITY = "Series resistance [Ohm.cm2]", "Specific capacity [mA.h.g-1]"


def ishigami(columns, a=7.0, b=0.1):
    """Ishigami and Homma, 1990: sin x1 + a sin^2 x2 + b x3^4 sin x1."""
    x1, x2, x3 = (columns[name] for name in ("x1", "x2", "x3"))
    return np.sin(x1) + a * np.sin(x2) ** 2 + b * x3**4 * np.sin(x1)


def test_sobol_indices_of_the_ishigami_function():
    """V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2; V1 = (1 + b pi^4/5)^2/2, V2 = a^2/8, V13 = 8 b^2 pi^8/225."""
    design = hs.SaltelliDesign({"x1": PI, "x2": PI, "x3": PI}, n=4096)
    found = indices(design, ishigami(design.columns(0, design.size)))
    a, b = 7.0, 0.1
    v1, v2, v13 = (1 + b * np.pi**4 / 5) ** 2 / 2, a**2 / 8, 8 * b**2 * np.pi**8 / 225
    total = v1 + v2 + v13
    # the sampling error of 4096 quasi-random points is below 0.01
    np.testing.assert_allclose(found["S1"], [v1 / total, v2 / total, 0], atol=0.015)
    np.testing.assert_allclose(
        found["ST"], [(v1 + v13) / total, v2 / total, v13 / total], atol=0.015
    )


def test_morris_effects_of_a_linear_function_are_its_slopes():
    design = hs.MorrisDesign({"x": (0.0, 2.0), "y": (-1.0, 1.0)}, n=10)
    columns = design.columns(0, design.size)
    found = indices(design, 3 * columns["x"] - 5 * columns["y"])
    np.testing.assert_allclose(found["mu"], [6, -10], rtol=1e-12)  # slope times range
    np.testing.assert_allclose(found["mu_star"], [6, 10], rtol=1e-12)
    np.testing.assert_allclose(found["sigma"], 0, atol=1e-12)


@pytest.mark.parametrize("kind", [hs.SaltelliDesign, hs.MorrisDesign])
def test_a_failed_case_takes_its_block_with_it(kind):
    design = kind({"x": (0.0, 1.0), "y": (0.0, 1.0)}, n=64)
    columns = design.columns(0, design.size)
    values = 4 * columns["x"] + columns["y"]
    whole = indices(design, values)
    values[[0, design.block + 1]] = np.nan
    found = indices(design, values)
    assert (found.attrs["blocks"], found.attrs["blocks_used"]) == (64, 62)
    # two blocks of 64 move an index by some hundredths
    np.testing.assert_allclose(found.iloc[:, 2], whole.iloc[:, 2], atol=0.1)
    values[:] = np.nan
    with pytest.raises(hs.ParameterError, match="at least 4"):
        indices(design, values)


def test_nearly_no_current_makes_the_capacity_that_of_the_sites():
    """At a low rate Q = q (theta_end - theta_start), so the specific capacity q alone has all the
    variance and a resistance none of it."""
    design = hs.SaltelliDesign({CAPACITY: (300.0, 500.0), RESISTANCE: (1.0, 10.0)}, n=16)
    slow = hs.RateTest([1e-3], from_equilibrium=True)
    small = cheap_cell().with_values({RADIUS: 1e-8, FIELD: 0.0})
    data = hs.sweep(small, design, slow, "SPM", workers=1)
    found = hs.sensitivity(data, "capacity_mAh_per_g")
    # 16 blocks sample a variance to a few parts in a hundred
    assert found.loc[CAPACITY, "ST"] == pytest.approx(1, abs=0.15)
    assert found.loc[RESISTANCE, "ST"] < 1e-3
    with pytest.raises(hs.ParameterError, match="No quantity"):
        hs.sensitivity(data, "capacity")
    with pytest.raises(hs.ParameterError, match="no dimension"):
        hs.sensitivity(data, "capacity_mAh_per_g", case_of=1)


def test_a_grid_has_no_indices():
    data = hs.sweep(
        cheap_cell(), {RADIUS: [2e-8]}, hs.RateTest([1.0], from_equilibrium=True), "SPM", workers=1
    )
    with pytest.raises(hs.ParameterError, match=r"SaltelliDesign or hs\.MorrisDesign"):
        hs.sensitivity(data, "capacity_mAh_per_g")


NAMES = (
    "Component A diffusivity [m2.s-1]",
    RADIUS,
    FIELD,
    "Core Debye length [m]",
    RESISTANCE,
    LOADING,
    "Ambient temperature [K]",
    "Lower voltage cut-off [V]",
    CAPACITY,
)


def test_forward_sensitivities_are_the_differences_of_runs():
    """Among them values that move the start (field, temperature), the current (loading) and the end."""
    cell, current = cheap_cell(), 1.0
    found = local_sensitivity(cell, NAMES, current, "SPM")
    one = hs.RateTest([current], from_equilibrium=True)
    for name in NAMES:
        step = 1e-4 if "temperature" in name else 1e-3  # of a value that acts through exp(-E/kT)
        sides = [
            hs.run(cell.with_values({name: cell.values[name] * (1 + s)}), one, "SPM").capacities[0]
            for s in (step, -step)
        ]
        # two runs so near each other share most of their error; what is left of a difference is the
        # step's own error, some 1e-5, and the slope of the voltage at the end is as good
        assert found.loc[name, "per relative change [mA.h.g-1]"] == pytest.approx(
            (sides[0] - sides[1]) / (2 * step), rel=2e-4
        ), name


def test_a_larger_electrode_at_the_same_current_per_gram_changes_nothing():
    found = local_sensitivity(cheap_cell(), [AREA], 1.0, "SPM")
    assert abs(found.loc[AREA, "per relative change [mA.h.g-1]"]) < 1e-3  # of 120 mAh/g


def test_no_cut_off_has_no_derivative():
    with pytest.raises(hs.ParameterError, match="does not reach its cut-off"):
        local_sensitivity(cheap_cell(), [RADIUS], 1e5, "SPM")
    with pytest.raises(hs.ParameterError, match="positive current"):
        local_sensitivity(cheap_cell(), [RADIUS], -1.0)
    with pytest.raises(hs.ParameterError, match="list"):
        local_sensitivity(cheap_cell(), ["Insertion plateau shares"], 1.0)
