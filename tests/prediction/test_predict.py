"""Predictions: every computed pair has one, a barrier only slows, and bands hold what was measured elsewhere."""

import numpy as np
import pytest

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.laws.sloping_curve import sloping_occupancy
from hetsim.prediction.computed import computed, computed_pairs
from hetsim.prediction.isotherm import BETWEEN, TOP, filling, sites
from hetsim.prediction.population import VALUES, drawn_electrodes, measured_electrodes

FEW = {"draws": 20, "currents": (1.0,)}


@pytest.mark.parametrize("ion", ["Li", "Na", "K"])
def test_every_computed_pair_has_a_band(ion: str) -> None:
    """All rows of the ion; at 20 draws and one current."""
    rows = [one for one in computed_pairs() if one.ion == ion]
    for one in rows:
        made = hs.predict(one.a, one.b, one.ion, **FEW)
        assert 0 <= made.low[0] < made.median[0] < made.high[0] < 4000
        assert made.known.doi == one.doi


def test_all_33_rows_are_there_with_a_source() -> None:
    rows = computed_pairs()
    assert len({one.system for one in rows}) == 33
    assert all(one.source and one.reference for one in rows)
    assert all(one.doubt for one in rows if one.capacity is None)


def test_two_ions_of_one_charge_take_the_same_structure_in_any_order() -> None:
    forward, back = (
        hs.predict(*pair, "Na", **FEW) for pair in (("VS2", "graphene"), ("graphene", "VS2"))
    )
    assert np.array_equal(forward.capacities, back.capacities)


def test_a_low_barrier_changes_nothing_and_a_high_one_leaves_the_fast_share() -> None:
    low, lower, high = (
        hs.predict("MoS2", "SnS2", "Na", barrier=one, **FEW) for one in (0.3, 0.05, 1.5)
    )
    assert low.median == pytest.approx(lower.median, rel=1e-3)
    fast = np.median(high.values["fast"] * high.values["capacity"])
    assert high.median[0] < 1.05 * fast < low.median[0]


def test_capacity_scales_with_the_theoretical_one() -> None:
    """At a current so low that nothing limits; the resistance then costs 5 % at most."""
    one, two = (
        hs.predict("A", "B", "Na", capacity=q, draws=20, currents=(0.001,)) for q in (200, 400)
    )
    assert two.median[0] / one.median[0] == pytest.approx(2, rel=0.05)


def test_the_band_of_czt_holds_what_was_measured() -> None:
    """No electrode of its paper is drawn from; of seven points one may be outside of a band of 90 %."""
    curve = hs.measured("CZT")
    made = hs.predict(
        "CoTe2",
        "ZnTe",
        "K",
        currents=sorted(curve.currents),
        draws=80,
        without=("10.1007/s40820-023-01202-6",),
    )
    by_current = dict(zip(curve.currents, curve.capacities, strict=True))
    measured = np.array([by_current[current] for current in made.currents])
    assert made.holds(measured).sum() >= 6
    assert not made.holds(10 * measured).any()


def test_isotherm_follows_the_slope_of_the_template() -> None:
    """Three kinds of sites within 0.035 of the capacity; their mean voltage is the computed one."""
    u = np.linspace(0, TOP, 101)
    slope = sloping_occupancy(u, TOP, 0.0, 1.5)
    own = np.array([filling(float(one)) for one in u])
    assert np.abs(own - slope).max() < 0.035
    inside = (own - own[-1]) / BETWEEN
    assert np.trapezoid(inside, u) == pytest.approx(1.0, abs=0.03)
    potentials, shares, _, over = sites(0.6, 0.01)
    assert sum(shares) == pytest.approx(1)
    assert potentials[0] == pytest.approx(0.01)
    assert over > 1


def test_draws_keep_mean_and_correlation_of_the_electrodes() -> None:
    """Smoothed draws have the moments of what they are drawn from; 20000 draws of them, to 4 %."""
    drawn = drawn_electrodes("Na", controls=True, draws=20000)
    known = measured_electrodes()
    papers = [one.doi for one in known]
    weights = np.array([(4 if one.ion == "Na" else 1) / papers.count(one.doi) for one in known])
    points = np.array([one.logarithms for one in known])
    mean = weights @ points / weights.sum()
    assert drawn.mean(axis=0) == pytest.approx(mean, abs=0.05)
    spread = np.sqrt(weights @ (points - mean) ** 2 / weights.sum())
    assert drawn.std(axis=0) == pytest.approx(spread, rel=0.04)
    assert drawn.shape[1] == len(VALUES)


def test_a_paper_left_out_is_not_drawn_from() -> None:
    some = measured_electrodes()[0].doi
    every, less = (drawn_electrodes("Na", without=one, draws=500) for one in ((), (some,)))
    assert not np.array_equal(every, less)
    with pytest.raises(ParameterError, match="10 papers at least"):
        drawn_electrodes("Na", without=[one.doi for one in measured_electrodes()])


def test_doubts_and_sources_are_told() -> None:
    made = hs.predict("MoS2", "N-carbon", **FEW)
    told = " ".join(made.sentences)
    assert "1.49 eV is far above" in told
    assert "years and limits the electrode" in told
    assert "10.1016/j.apsusc.2019.05.110" in told


@pytest.mark.parametrize(
    ("words", "given", "said"),
    [
        (("Vs2", "graphene", "Na"), {}, "Did you mean 'VS2'"),
        (("VS2", "graphene", "Xx"), {}, "Unknown ion 'Xx'"),
        (("VS2", "graphene"), {}, r"Give ion \(Li, Na\)"),
        (("VS2", "graphene", "K"), {}, "No theoretical capacity of graphene for K"),
        (("VS2", "graphene", "Na"), {"capacity": -4}, "theoretical capacity is -4"),
        (("VS2", "graphene", "Na"), {"voltage": 0.05}, "mean voltage is 0.05 V"),
        (("VS2", "graphene", "Na"), {"barrier": float("nan")}, "migration barrier is nan"),
        (("VS2", "graphene", "Na"), {"level": 1.0}, "level of a band is 1"),
        (("VS2", "graphene", "Na"), {"draws": 3}, "20 draws at least"),
        (("VS2", "graphene", "Na"), {"currents": (-1.0,)}, "-1 A/g"),
    ],
)
def test_wrong_input_is_one_sentence(
    words: tuple[str, ...], given: dict[str, float], said: str
) -> None:
    with pytest.raises(ParameterError, match=said):
        hs.predict(*words, **given)


def test_own_values_stand_in_place_of_the_computed_ones() -> None:
    assert computed("VS2", "graphene", "Na").capacity == 578
    made = hs.predict("VS2", "graphene", "Na", capacity=300, barrier=0.9, voltage=1.1, **FEW)
    assert (made.known.capacity, made.known.barrier, made.known.voltage) == (300, 0.9, 1.1)
    assert "given by the user" in made.sentences[0]
