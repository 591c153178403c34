"""The exact step of models that are affine in their state, against independent solutions and Rosenbrock steps."""

from typing import Any

import casadi
import numpy as np
import pytest
from scipy.linalg import expm

import hetsim as hs
from hetsim import names, units
from hetsim.engine import built_model
from hetsim.engine.chains import Answers, Chains, Ended
from hetsim.engine.equations import Equations
from hetsim.engine.interpreter import Interpreter
from hetsim.engine.native.library import library
from hetsim.engine.tableau import EXPONENTIAL, NEARLY_EXPONENTIAL, Exponential
from hetsim.engine.taped_model import Source
from hetsim.laws.electrode import active_mass
from hetsim.simulation.rate_chains import rate_chains

pytestmark = pytest.mark.skipif(library() is None, reason="needs a C compiler")

LUMPED = [("A-V2O5-graphene", ""), ("CZT", "lumped"), ("MoS2-ZnIn2S4", "lumped")]
CURRENTS = np.array([0.05, 0.3, 1.0, 3.0, 10.0, 40.0])
HOURS = 3600.0


class Many:
    """Random cells of one system on the interpreter."""

    def __init__(self, name: str, variant: str, kind: str, count: int) -> None:
        random = np.random.default_rng(1)
        cell = hs.load(name, variant)

        def scaled(name: str, low: float, high: float) -> dict[str, float]:
            return {name: cell.values.number(name) * float(random.uniform(low, high))}

        cells = [
            cell.with_values(
                {
                    **scaled("Particle radius [m]", 0.5, 2.0),
                    "Series resistance [Ohm.cm2]": float(random.uniform(0.0, 40.0)),
                }
            )
            for _ in range(count)
        ]
        self.built = built_model(cell, kind)
        found = self.built.interpreter
        assert found is not None
        self.engine: Interpreter = found
        self.inputs = [self.built.inputs(one) for one in cells]
        self.values = {
            name: np.array([one[name] for one in self.inputs])
            for name in self.engine.model.value_names
        }
        self.mass = np.array([active_mass(one.__getitem__) for one in self.inputs])
        self.capacity = np.array([one[names.SPECIFIC_CAPACITY] for one in self.inputs])

    def chains(self, currents: Any, hours: Any, follows: list[list[int]]) -> Chains:
        """Segments of constant current per mass [A.g-1], [chains of each cell, segments]."""
        currents, hours = np.broadcast_arrays(np.atleast_2d(currents), np.atleast_2d(hours))
        rows, segments = currents.shape
        count = len(self.inputs)
        imposed = np.empty((count, rows, segments, 4))
        imposed[..., 0] = self.mass[:, None, None] * currents
        imposed[..., 1] = np.where(currents > 0, self.inputs[0][names.LOWER_CUT_OFF], -10.0)
        imposed[..., 2] = np.where(currents < 0, self.inputs[0][names.UPPER_CUT_OFF], 10.0)
        imposed[..., 3] = hours * HOURS
        none = np.zeros(segments, np.int32)
        return Chains(
            np.repeat(np.arange(count, dtype=np.int32), rows),
            imposed.reshape(count * rows, segments, 4),
            np.array(follows, np.int32),
            none,
            none,
        )

    def both(self, chains: Chains, **options: Any) -> tuple[Answers, Answers]:
        """By the exact step and by tight Rosenbrock steps."""
        exact = self.engine.run(self.values, chains, 1e-4, 1e-4, **options)
        return exact, self.engine.run(self.values, chains, 1e-9, 1e-9, exact=False, **options)

    def share(self, chains: Chains, time: Any) -> Any:
        """Charge over the full capacity, from the time of each segment."""
        charge = chains.imposed[..., 0] * time / HOURS * 1e3
        return charge / (self.mass * self.capacity)[chains.case_of, None]


def _sums(of: Exponential, x: Any) -> Any:
    pole, over = of.poles[:, 0] + 1j * of.poles[:, 1], of.poles[:, 2] + 1j * of.poles[:, 3]
    return of.rest + 2 * (over / (np.asarray(x)[:, None] - pole)).sum(axis=1).real


@pytest.mark.parametrize(
    ("of", "error"), [(EXPONENTIAL, 1.1e-9), (NEARLY_EXPONENTIAL, 9e-8)], ids=["whole", "nearly"]
)
def test_exponential_over_poles(of: Exponential, error: float) -> None:
    x = -np.concatenate([[0.0], np.logspace(-6, 7, 4000)])
    assert np.abs(_sums(of, x) - np.exp(x)).max() < error  # as the file of the numbers says
    pole, over = of.poles[:, 0] + 1j * of.poles[:, 1], of.poles[:, 2] + 1j * of.poles[:, 3]
    slope = -2 * (over / pole**2).sum().real
    assert abs(_sums(of, [0.0])[0] - 1) < 1e-13  # round-off
    assert abs(slope - 1) < 1e-13


@pytest.mark.parametrize("kind", ["SPM", "SPMe"])
def test_states_are_those_of_the_matrix_exponential(kind: str) -> None:
    many = Many("CZT", "lumped", kind, 1)
    model = many.engine.model
    chains = many.chains([[1.0]], [[0.05]], [[-1, -1, -1]])
    answers = many.engine.run(many.values, chains, 1e-4, 1e-4)
    assert answers.code[0, 0] == Ended.TIME_OVER
    assert answers.exact_steps.all()

    built = many.built
    source = Source(
        built.model,
        built.equilibrium,
        model.value_names,
        model.imposed_names,
        (names.CHARGE_PASSED,),
    )
    of = Equations(source)
    arguments = [of.y, of.values, of.imposed]
    both: Any = casadi.Function("both", arguments, [of.rate, casadi.jacobian(of.rate, of.y)])
    begin: Any = casadi.Function("begin", [of.values, of.imposed], [of.start])
    values = np.array([many.inputs[0][name] for name in model.value_names])
    imposed = chains.imposed[0, 0, :3]
    start = np.array(begin(values, imposed)).ravel()
    rate, matrix = (np.array(one) for one in both(start, values, imposed))
    assert model.alone is not None
    assert len(model.alone) == 1
    kept = np.delete(np.arange(len(start)), model.alone)
    size = len(kept)
    whole = np.zeros((size + 1, size + 1))
    whole[:size, :size] = matrix[np.ix_(kept, kept)] * 180.0
    whole[:size, size] = (rate.ravel()[kept] - matrix[np.ix_(kept, kept)] @ start[kept]) * 180.0
    expected = (expm(whole) @ np.append(start[kept], 1.0))[:size]
    scale = np.abs(expected) + np.abs(whole[:size, size])
    # the approximation of degree 10, for states that are driven
    assert (np.abs(answers.state[0, kept] - expected) / scale).max() < 1e-7


@pytest.mark.parametrize("kind", ["SPM", "SPMe"])
@pytest.mark.parametrize(("name", "variant"), LUMPED)
def test_discharges_are_those_of_tight_steps(name: str, variant: str, kind: str) -> None:
    many = Many(name, variant, kind, 12)
    hours = 1.05 * many.capacity.max() / CURRENTS[:, None] / 1e3
    chains = many.chains(CURRENTS[:, None], hours, [[-1, -1, -1]])
    exact, tight = many.both(chains, half=1)
    begun = exact.code != Ended.IMPOSSIBLE
    assert begun.sum() > len(begun) / 2
    assert np.array_equal(exact.code, tight.code)
    assert np.array_equal(exact.event, tight.event)
    assert exact.exact_steps[begun].all()
    assert not tight.exact_steps.any()
    share = np.abs(many.share(chains, exact.time) - many.share(chains, tight.time))
    assert share[begun].max() < 1e-6  # what the exact step promises
    charge = (exact.kept[..., 1, 0] - exact.kept[..., 0, 0]) * HOURS
    given = chains.imposed[..., 0] * exact.time
    assert np.abs(charge / given - 1)[begun].max() < 1e-12  # round-off
    half = np.abs(exact.shown[..., 1, 0] - tight.shown[..., 1, 0])
    assert half[begun].max() < 1e-6  # a share of 1e-6 on a slope of 1 V


@pytest.mark.parametrize("kind", ["SPM", "SPMe"])
def test_cycles_and_pulses_hand_on_their_state(kind: str) -> None:
    many = Many("CZT", "lumped", kind, 40)  # more than run side by side: lanes begin and end apart
    cycles = [[k + 1, k + 1, -1] for k in range(5)] + [[-1, -1, -1]]
    cycled = many.chains(np.array([[0.5, -0.5, 2.0, -2.0, 8.0, -8.0]]), 3.0, cycles)
    pulses = [[-1, k + 1, -1] for k in range(19)] + [[-1, -1, -1]]
    titrated = many.chains(np.array([[0.2, 0.0] * 10]), np.array([[0.3, 0.5] * 10]), pulses)
    for chains in (cycled, titrated):
        exact, tight = many.both(chains)
        assert np.array_equal(exact.code, tight.code)
        done = exact.code >= 0
        assert done.any(axis=0)[:4].all()
        assert exact.exact_steps[done].all()
        share = np.abs(many.share(chains, exact.time) - many.share(chains, tight.time))
        assert share[done].max() < 1e-6  # what the exact step promises
        begun = exact.code >= Ended.CUT_OFF
        volts = np.abs(exact.shown[..., 2, 0] - tight.shown[..., 2, 0])
        assert volts[begun & (exact.code == Ended.TIME_OVER)].max(initial=0.0) < 1e-6


def cycled(cell: hs.HalfCell, current: float) -> tuple[Answers, Answers, float]:
    """Two cycles by the exact step and by tight steps, and the time in which the full capacity passes [s]."""
    built = built_model(cell, "SPM")
    of, inputs = built.interpreter, built.inputs(cell)
    assert of is not None
    chains = rate_chains(hs.RateTest([current], cycles=2), inputs, 1, of)
    whole = units.time_to_pass(inputs[names.SPECIFIC_CAPACITY], current)
    return (
        of.run(inputs, chains, 2e-4, 2e-4),
        of.run(inputs, chains, 1e-8, 1e-8, exact=False),
        float(whole),
    )


def test_an_exact_step_ends_where_a_surface_is_full() -> None:
    """The cut-off lies below what a full surface shows: the surface went beyond by the tolerance of steps, 4e-4 of the
    full capacity."""
    changes = {"Component A volume fraction": 0.157, "Interface Debye length [m]": 4.13e-10}
    exact, close, whole = cycled(hs.load("Ti3C2Tx-FeS2").with_values(changes), 0.0632)
    assert (exact.exact_steps == 1).all()
    np.testing.assert_array_equal(exact.code, Ended.CUT_OFF)
    np.testing.assert_allclose(exact.time, close.time, rtol=0, atol=1e-5 * whole)


@pytest.mark.parametrize("current", [0.0283, 0.192, 3.0])
def test_an_exact_step_ends_at_its_cut_off(current: float) -> None:
    """An all but empty surface shows what the search leaves of its states: 36 mV at the lowest current."""
    changes = {"Grain size [m]": 9.86e-9, "Interface mobility ratio": 2.92e6}
    cell = hs.load("Ti3C2Tx-FeS2").with_values(changes)
    found, close, whole = cycled(cell, current)
    np.testing.assert_allclose(found.shown[0, :, 2, 0], [0.01, 3.0, 0.01, 3.0], rtol=0, atol=5e-4)
    np.testing.assert_allclose(found.time, close.time, rtol=0, atol=1e-5 * whole)


def test_a_diffusivity_that_follows_the_state_has_no_exact_step() -> None:
    found = built_model(hs.load("CZT"), "SPM").interpreter
    assert found is not None
    assert found.model.alone is None


def test_what_is_found_wrong_is_done_by_steps() -> None:
    many = Many("CZT", "lumped", "SPM", 2)
    chains = many.chains([[1.0], [5.0]], 2.0, [[-1, -1, -1]])
    steps = many.engine.run(many.values, chains, 1e-6, 1e-6, exact=False)
    many.engine.packed.structure.nearly_rest += 0.01
    try:
        wrong = many.engine.run(many.values, chains, 1e-6, 1e-6)
    finally:
        many.engine.packed.structure.nearly_rest -= 0.01
    assert not wrong.exact_steps.any()
    assert np.array_equal(wrong.time, steps.time)
    assert np.array_equal(wrong.code, steps.code)


def test_hostile_segments_end_in_codes_and_leave_their_neighbours_alone() -> None:
    many = Many("CZT", "lumped", "SPM", 1)
    good = many.chains([[1.0]], 1.0, [[-1, -1, -1]])
    numbers = [np.nan, np.inf, -1.0, 0.0, 5e-324, 1e-300, 1e300, 1e6]
    rows = np.repeat(good.imposed, 1 + 2 * len(numbers), axis=0)
    for place, number in enumerate(numbers):
        rows[1 + 2 * place, 0, 0] = number * many.mass[0]
        rows[2 + 2 * place, 0, 3] = number
    chains = Chains(np.zeros(len(rows), np.int32), rows, good.next, good.save, good.back)
    found = many.engine.run(many.values, chains, 1e-4, 1e-4)
    alone = many.engine.run(many.values, good, 1e-4, 1e-4, lanes=32)
    assert set(found.code.ravel()) <= {int(one) for one in Ended} - {Ended.NOT_REACHED}
    assert found.time[0] == alone.time[0]
    done = found.exact_steps == 1
    assert done[0]
    assert np.isfinite(found.kept[done]).all()
    assert np.isfinite(found.time[done]).all()
    ended = found.shown[found.code[:, 0] == Ended.CUT_OFF, 0, 2, 0]
    cut_offs = np.array([many.inputs[0][names.LOWER_CUT_OFF], 10.0])
    assert (np.abs(ended[:, None] - cut_offs).min(axis=1) < 1e-4).all()  # a steep end
