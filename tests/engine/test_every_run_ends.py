"""Every run ends, says why and how far it came, and keeps its noise to itself."""

import gc
import weakref
from collections import OrderedDict
from types import SimpleNamespace

import numpy as np
import pybamm
import pytest

import hetsim as hs
from hetsim import names
from hetsim.engine import builds, built, built_model
from hetsim.engine.drives import CURRENT, TO_CUT_OFF, VOLTAGE
from hetsim.engine.endings import stopped
from hetsim.engine.periodic import Cycle, PeriodicSearch
from hetsim.models import solver as solver_module
from hetsim.models.solver import MOST_STEPS, most_steps
from hetsim.results import Outcome

HOLD = hs.Protocol([hs.ConstantCurrent(0.5, 60), hs.Hold(0.6, 60)])
REST = hs.RateTest([1.0], from_equilibrium=True)


@pytest.fixture
def by_pybamm(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyBaMM runs all, with models of its own."""
    monkeypatch.setattr(built, "interpreter", lambda source, store: None)
    monkeypatch.setattr(built, "_BUILT", OrderedDict())


def test_more_states_have_fewer_steps() -> None:
    """A step costs in proportion to the states, so that the longest run costs the same."""
    assert most_steps(20) == most_steps(60) == MOST_STEPS
    assert most_steps(240) == MOST_STEPS // 8
    assert 0 < most_steps(10**6) < MOST_STEPS


@pytest.mark.usefixtures("by_pybamm")
def test_a_run_that_takes_too_many_steps_is_given_up(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Twenty steps come to some share of the time; what the solver wrote stays off the terminal."""
    monkeypatch.setattr(solver_module, "MOST_STEPS", 20)
    monkeypatch.setattr(solver_module, "_FEWEST_STEPS", 20)
    [point] = hs.run(hs.load("CZT", "lumped"), REST, "SPM").points
    assert point.outcome is Outcome.GIVEN_UP
    assert point.reason.startswith("20 steps of the solver came to ")
    came, _, of = point.reason.removeprefix("20 steps of the solver came to ").partition(" of ")
    assert 0 < float(came) < float(of.split(" s;")[0])
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("steps", "outcome", "words"),
    [
        (70, Outcome.SOLVER_FAILED, "could not go on at 3"),
        (MOST_STEPS, Outcome.GIVEN_UP, "came to 3"),
    ],
)
def test_a_failure_says_how_far_it_came(steps, outcome, words) -> None:
    solution = SimpleNamespace(
        t=np.array([5.0, 8.0]),
        solver_statistics=SimpleNamespace(number_of_steps=steps),
        all_models=[SimpleNamespace(len_rhs_and_alg=20)],
    )
    found, reason = stopped(solution, 5.0, 60.0, "try another")
    assert found is outcome
    assert reason.endswith(f"{words} of 60 s; try another")


@pytest.mark.parametrize(
    ("drive", "has_field", "words"),
    [
        (TO_CUT_OFF, False, "wider step of the open-circuit curve"),
        (TO_CUT_OFF, True, "longer Debye length"),
        (CURRENT, True, "longer Debye length"),
        (VOLTAGE, False, "slower ramp"),
        (VOLTAGE, True, "longer Debye length"),
    ],
)
def test_the_advice_fits_the_case(drive, has_field, words) -> None:
    assert words in drive.advice(has_field)
    assert has_field or "Debye" not in drive.advice(has_field)
    assert "SEI" not in drive.advice(has_field)
    assert "'SEI solvent diffusivity [m2.s-1]'" in drive.advice(has_field, has_film=True)


def test_models_that_are_no_longer_used_leave_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built, "_BUILT", OrderedDict())
    monkeypatch.setattr(built, "_DISCRETISED", OrderedDict())
    monkeypatch.setattr(built, "KEPT", 1)
    cell = hs.load("CZT", "lumped")
    first = weakref.ref(built_model(cell, "SPM"))
    before = builds()
    assert built_model(cell, "SPM") is first()
    assert builds() == before
    built_model(cell.with_particle(in_volumes=True), "SPM")
    gc.collect()
    assert first() is None
    assert builds() == before + 1
    built_model(cell, "SPM")
    assert builds() == before + 2


def test_what_was_made_of_a_model_goes_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spectra and the steps of a protocol with several drives make more of a model than the model."""
    monkeypatch.setattr(built, "_BUILT", OrderedDict())
    monkeypatch.setattr(built, "_DISCRETISED", OrderedDict())
    cell = hs.load("CZT", "lumped")
    for protocol in (hs.EIS(0.5), HOLD):
        assert hs.run(cell, protocol, "SPM").outcome.good
    used = [weakref.ref(one) for one in built._BUILT.values()]
    assert len(used) == 2
    built._BUILT.clear()
    built._DISCRETISED.clear()
    gc.collect()
    assert [one() for one in used] == [None] * len(used)


def test_a_particle_that_fills_in_no_time_conserves_charge() -> None:
    """R^2/D of 1e-8 s: what its modes take must not be the last digit of a difference."""
    cell = hs.load("ZnSe-MoSe2-C-Na").with_values(
        dict.fromkeys(
            ("Component A diffusivity [m2.s-1]", "Component B diffusivity [m2.s-1]"), 1e-6
        )
    )
    [point] = hs.run(cell, hs.RateTest([0.004], from_equilibrium=True), "SPM").points
    assert point.outcome is Outcome.CUT_OFF
    assert point.engine == "interpreter"
    assert point.charge_balance < 1e-6
    # at 0.01C nothing is left behind: all that the isotherm holds above the cut-off
    full = cell.model_values.number(names.SPECIFIC_CAPACITY)
    rise = cell.inserted_occupancy - cell.extracted_occupancy
    np.testing.assert_allclose(point.capacity, full * rise, rtol=2e-3)  # the ohmic drop at 0.01C


def test_a_proposed_start_that_no_cell_can_be_in_is_left(
    monkeypatch: pytest.MonkeyPatch, czt: hs.HalfCell
) -> None:
    """As the search for a periodic cycle may propose one: it goes on from the state that was reached."""
    test, usual, proposed = hs.CV([1.0], points=40), PeriodicSearch.next_start, list[np.ndarray]()
    [plain] = hs.run(czt, test, "SPM").sweeps

    def next_start(search: PeriodicSearch, made: Cycle) -> np.ndarray:
        start = usual(search, made)
        proposed.append(np.full_like(start, 3.0) if not proposed else start)
        return proposed[-1]

    monkeypatch.setattr(PeriodicSearch, "next_start", next_start)
    [sweep] = hs.run(czt, test, "SPM").sweeps
    assert sweep.outcome is Outcome.COMPLETED
    assert sweep.engine == "interpreter"
    assert (proposed[0] == 3.0).all()
    off = np.abs(sweep.current - plain.current).max() / np.abs(plain.current).max()
    assert off < 1e-2


def test_the_solver_of_a_user_is_silent_too(capfd: pytest.CaptureFixture[str]) -> None:
    assert solver_module.solver().options["silence_sundials_errors"]
    assert isinstance(solver_module.solver(), pybamm.IDAKLUSolver)
    assert capfd.readouterr().err == ""
