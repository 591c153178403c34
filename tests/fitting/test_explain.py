"""Explanations: shares that sum, mechanisms that are what the controls are, and input that is refused."""

import json
from itertools import permutations

import numpy as np
import pytest
from click.testing import CliRunner

import hetsim as hs
from hetsim.cli import main
from hetsim.errors import ParameterError
from hetsim.fitting import FreeValue, Problem
from hetsim.fitting.explain import NEEDS, UNEXPLAINED, mass_shares
from hetsim.fitting.joint import Joint, joint_problem
from hetsim.fitting.posterior import Posterior
from hetsim.fitting.shapley import coalitions, shapley_weights
from hetsim.plots import waterfall

FAST, RATIO = "Fast fraction", "Interface mobility ratio"

# --- shares --------------------------------------------------------------------------------------

PLAYERS = ["a", "b", "c", "d"]


def shares_of(value, players, needs):
    weights = shapley_weights(players, needs)
    return {p: sum(w * value(s) for s, w in weights[p].items()) for p in players}


def by_orders(value, players, needs):
    """The mean over all orders that are allowed, one by one."""
    allowed = [
        order
        for order in permutations(players)
        if all(
            order.index(needs[p]) < order.index(p)
            for p in needs
            if needs[p] in order and p in order
        )
    ]
    found = dict.fromkeys(players, 0.0)
    for order in allowed:
        for k, p in enumerate(order):
            step = value(frozenset(order[: k + 1])) - value(frozenset(order[:k]))
            found[p] += step / len(allowed)
    return found


@pytest.mark.parametrize("needs", [{}, {"b": "a", "c": "a"}, {"b": "a", "c": "b"}])
def test_shares_are_the_mean_over_all_orders(needs):
    rng = np.random.default_rng(2)
    table = {one: rng.normal() for one in coalitions(PLAYERS, needs)}
    found, exact = (f(table.__getitem__, PLAYERS, needs) for f in (shares_of, by_orders))
    for player in PLAYERS:
        assert found[player] == pytest.approx(exact[player], abs=1e-12)
    whole = table[frozenset(PLAYERS)] - table[frozenset()]
    assert sum(found.values()) == pytest.approx(whole, abs=1e-12)


def test_what_is_needed_but_does_nothing_alone_has_no_share():
    """Without needs the gate would take half of what the other one does."""
    value = lambda s: float({"a", "b"} <= s)  # noqa: E731
    assert shares_of(value, ["a", "b"], {"b": "a"}) == {"a": 0.0, "b": 1.0}
    assert shares_of(value, ["a", "b"], {}) == {"a": 0.5, "b": 0.5}


# --- a heterostructure ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def joint():
    """CZT with its controls and a posterior that is given, not sampled."""
    cells = tuple(hs.load(name) for name in ("CZT", "CT", "ZT"))
    free = (FreeValue(FAST, of="CZT"), FreeValue(RATIO, of="CZT"))
    measured = tuple(hs.measured(cell.system.name) for cell in cells)
    problem = Problem(cells, measured, free, (0.02,) * 3, model="SPM", cycles=1)
    best = problem.linearised(problem.present())
    draws = best.x + np.random.default_rng(1).normal(size=(40, 2)) * [0.05, 0.3]
    labels = tuple(one.label for one in free)
    return Joint(
        problem, best, Posterior(labels, draws, np.full(40, 1 / 40), "given", 40.0, 0.0, True)
    )


@pytest.fixture(scope="module")
def czt(joint):
    return hs.explain(joint.cell, 10.0, draws=12, joint=joint)


def capacity(cell):
    return float(hs.run(cell, hs.RateTest([10.0]), "SPM").capacities[0])


def test_shares_sum_to_the_measured_gain(czt):
    # round-off of sums of a hundred numbers
    assert sum(one.capacity for one in czt.shares) == pytest.approx(czt.gain, abs=1e-9)
    shares = mass_shares(hs.load("CZT"))
    assert czt.end == 134.3  # as measured
    assert czt.start == pytest.approx(shares["A"] * 51.9 + shares["B"] * 30.3)
    modelled = czt.heterostructure - czt.mixture
    assert czt.share(UNEXPLAINED).capacity == pytest.approx(czt.gain - modelled)


def test_everything_on_is_the_cell_and_everything_off_the_mixture_with_the_controls_values(czt):
    cell, control = hs.load("CZT"), hs.load("CT")
    made = {one.system.variant: one for one in cell.controls()}
    own = {name: control.values.number(name) for name in (FAST, "Site hysteresis ratio")}
    # the interpreter and hs.run agree to 1e-5 of the full capacity
    assert czt.heterostructure == pytest.approx(capacity(cell), rel=1e-4)
    assert czt.mixture == pytest.approx(capacity(made["mixture"].with_values(own)), rel=1e-4)
    assert {one.mechanism for one in czt.shares} == {
        "contact",
        "potential",
        "barrier",
        "fast share",
        "hysteresis",
        UNEXPLAINED,
    }


def test_without_a_mechanism_it_is_the_control_of_that_name(czt):
    cell = hs.load("CZT")
    control = next(one for one in cell.controls() if one.system.variant == "without potential")
    lost = 100 * (1 - capacity(control) / capacity(cell))
    # capacities agree to 1e-5, so their difference to 2e-3 percent
    assert czt.share("potential").removed == pytest.approx(lost, abs=0.01)
    assert 0 < lost < 5


def test_intervals_hold_what_varies_and_nothing_else(czt):
    for one in czt.shares:
        assert one.low <= one.high
    # fast fraction of CZT by 5 %, 60 mAh/g of 134 are its share
    fast = czt.share("fast share")
    assert fast.low < fast.capacity < fast.high
    assert fast.high - fast.low > 1.0


def test_the_sentence_says_what_a_referee_asks(czt):
    for word in ("10 A/g", "134", "fast share", "Without its potential", "Missing", "CT", "95 %"):
        assert word in czt.sentence
    assert repr(czt).startswith("<Explanation CZT")
    assert list(czt.to_frame().index)[-1] == UNEXPLAINED
    assert "10 A/g" in waterfall(czt).axes[0].get_xlabel()
    with pytest.raises(ParameterError, match="plays no part"):
        czt.share("size")


def test_a_current_that_was_not_measured_is_simulated_and_said(joint):
    found = hs.explain(joint.cell, 2.0, draws=10, joint=joint)
    assert not found.end_measured
    assert not found.start_measured
    assert found.share(UNEXPLAINED).capacity == pytest.approx(0, abs=1e-9)
    assert "in the simulation" in found.sentence


def test_needs_are_mechanisms():
    from hetsim.fitting.explain import SWITCHES

    assert set(NEEDS) | set(NEEDS.values()) <= set(SWITCHES)


# --- the joint problem ---------------------------------------------------------------------------


def test_pair_and_controls_are_fitted_with_rate_curves_and_polarisations():
    problem = joint_problem(hs.load("CZT"))
    assert [cell.name for cell in problem.cells] == ["CZT", "CT", "ZT"]
    kinds = [(index, one.kind) for index, one in problem.parts]
    assert kinds == [(k, kind) for k in range(3) for kind in ("rate curve", "polarisation")]
    labels = [one.label for one in problem.free]
    assert "CZT: Interface mobility ratio" in labels
    assert "CT: Fast fraction" in labels


REFUSED = {
    "one lumped host": (lambda: (hs.load("CZT", "lumped"),), ["lumped host", "isotherms"]),
    "one host alone": (lambda: (hs.load("CT"),), ["one host alone"]),
    "nothing measured": (lambda: (hs.load("FeSe-Fe3Se4"),), ["Nothing was measured"]),
    "no cell": (lambda: ("CZT",), ["'CZT'"]),
    "no current": (lambda: (hs.load("CZT"), -1.0), ["-1"]),
    "no number": (lambda: (hs.load("CZT"), float("nan")), ["nan"]),
}


@pytest.mark.parametrize(("arguments", "words"), REFUSED.values(), ids=REFUSED)
def test_wrong_input_is_refused_in_a_sentence(arguments, words):
    with pytest.raises(ParameterError) as caught:
        hs.explain(*arguments())
    for word in words:
        assert word in str(caught.value)


def test_too_few_draws_and_a_current_that_cannot_be_run(joint):
    with pytest.raises(ParameterError, match="draws"):
        hs.explain(joint.cell, 10.0, draws=2, joint=joint)
    with pytest.raises(ParameterError, match="cannot be run at 100000"):
        hs.explain(joint.cell, 1e5, draws=10, joint=joint)


# --- the command ---------------------------------------------------------------------------------


def test_a_user_gets_shares_for_a_pair(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("hetsim.fitting.joint.ROUNDS", 1)
    words = ["explain", "Co-FeSe-Fe3Se4", "--draws", "10", "--model", "SPM", "--json"]
    done = CliRunner().invoke(main, words, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)
    total = sum(one["share [mA.h.g-1]"] for one in found["shares"])
    assert total == pytest.approx(found["gain_mAh_per_g"])
    folder = tmp_path / "hetsim-out" / "Co-FeSe-Fe3Se4-explain"
    assert {path.name for path in folder.iterdir()} == {
        f"explain.{end}" for end in ("png", "svg", "csv", "json")
    }


@pytest.mark.parametrize("command", ["explain", "plan"])
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["CT"], "one host alone"),
        (["CZT", "--variant", "lumped"], "lumped host"),
        (["KPB-CZT"], "full cell"),
        (["no-such-system"], "no-such-system"),
    ],
)
def test_wrong_words_end_with_exit_code_2_and_no_files(tmp_path, monkeypatch, command, words, said):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(main, [command, *words], catch_exceptions=False)
    assert done.exit_code == 2
    assert said in done.stderr
    assert not list(tmp_path.iterdir())
