"""Many cells at once: the same results as one by one, and nothing that one cell does harms another."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pybamm
import pytest

import hetsim as hs
from hetsim import engine, names
from hetsim.engine import built_model, written_out
from hetsim.engine.compiler import code_folder
from hetsim.engine.kernel import CASE
from hetsim.engine.lists import list_engine
from hetsim.errors import ParameterError
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.simulation.run import run_protocol
from hetsim.simulation.run_many import Case, run_many

REST = hs.RateTest([0.5, 20.0], from_equilibrium=True)
CYCLED = hs.RateTest([1.0, 10.0], cycles=2)
DIFFUSIVITY = "Component A diffusivity [m2.s-1]"
RADIUS = "Particle radius [m]"


def small(variant: str = "lumped", classes: int = 1) -> hs.HalfCell:
    """One host; "" has two in one particle, whose lists take ten times as long."""
    return hs.load("CZT", variant=variant).with_particle(classes=classes, fast=classes > 1)


def varied(cell: hs.HalfCell, count: int) -> list[hs.HalfCell]:
    d = cell.values[DIFFUSIVITY]
    return [cell.with_values({DIFFUSIVITY: d * f}) for f in np.geomspace(0.3, 3, count)]


def steep() -> hs.HalfCell:
    """1.5 V over a fiftieth of the radius: e^-58 of the sites at the surface are filled."""
    cell = small("core-shell")
    length = 0.02 * cell.values[RADIUS]
    return cell.with_values(
        {
            names.BUILT_IN_POTENTIAL: 1.5,
            names.CORE_DEBYE_LENGTH: length,
            names.SHELL_DEBYE_LENGTH: length,
        }
    )


ABSURD: dict[str, Callable[[], hs.HalfCell]] = {
    "cut-off above the start": lambda: small().with_values(
        {names.LOWER_CUT_OFF: 2.9, names.UPPER_CUT_OFF: 2.95}
    ),
    "cut-offs that the curve is never between": lambda: small().with_values(
        {names.LOWER_CUT_OFF: 0.01, names.UPPER_CUT_OFF: 0.02}
    ),
    "a step of 1.5 V": steep,
    "as good as no diffusion": lambda: small().with_values({RADIUS: 1e-4}),
    "no capacity": lambda: small().with_values({"Specific capacity [mA.h.g-1]": 0.0}),
    "no number": lambda: small().with_values({RADIUS: float("nan")}),
}


@pytest.fixture
def on_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rate tests run as PyBaMM's lists, as where the engine has no library."""
    monkeypatch.setattr("hetsim.simulation.run_many.rate_numbers", lambda *a, **k: None)


def made(make: Callable[[], hs.HalfCell]) -> hs.HalfCell | ParameterError:
    try:
        return make()
    except ParameterError as error:
        return error


def assert_as_alone(case: Case, cell: hs.HalfCell, protocol: Any, model: str) -> None:
    """Capacities alone are solved to 1e-5 of the full one, runs whose voltage is looked at more closely."""
    full = cell.values.number("Specific capacity [mA.h.g-1]")
    alone = hs.run(cell, protocol, model)
    assert [p.outcome for p in case.result.points] == [p.outcome for p in alone.points]
    assert [p.reason for p in case.result.points] == [p.reason for p in alone.points]
    for one, other in zip(case.result.points, alone.points, strict=True):
        for name in ("capacity", "extraction_capacity"):
            expected = pytest.approx(getattr(other, name), rel=0, abs=1e-5 * full, nan_ok=True)
            assert getattr(one, name) == expected, name
        # that of hs.run lies between steps of the method, where a branch may be met: 2 mV, of some hundred
        assert one.polarisation == pytest.approx(other.polarisation, abs=2e-3, nan_ok=True)
        assert one.solution is None
    assert case.result.parameters_hash == alone.parameters_hash


@pytest.mark.parametrize("protocol", [REST, CYCLED], ids=["at rest", "cycled"])
@pytest.mark.parametrize("model", ["SPM", "SPMe"])
def test_many_cells_give_what_each_gives_alone(model: str, protocol: Any) -> None:
    cells = [*varied(small("", classes=2), 3), *varied(small("core-shell"), 2)]
    cases = run_many(cells, protocol, model)
    for case, cell in zip(cases, cells, strict=True):
        # the potential of two hosts is held to 0.03 mV, 2e-5 of capacity
        assert_as_alone(case, cell, protocol, model)
        assert abs(case.charge_balance) <= 1e-6
        assert case.seconds > 0


def test_the_full_model_gives_the_same_too() -> None:
    cells = varied(small(""), 2)
    for case, cell in zip(run_many(cells, CYCLED, "DFN"), cells, strict=True):
        # its potentials make the solver less even: 1e-5 of capacity at 1e-7 of full occupancy
        assert_as_alone(case, cell, CYCLED, "DFN")


def test_full_cells_run_together_too() -> None:
    cell = hs.load("KPB-CZT")
    name = "Series resistance [Ohm.cm2]"
    cells = [cell.with_values({name: value}) for value in (1.0, 20.0)]
    test = hs.RateTest([0.5], cycles=1)
    for case, one in zip(run_many(cells, test, "SPM"), cells, strict=True):
        assert_as_alone(case, one, test, "SPM")


def test_a_chunk_may_mix_structures_and_keeps_its_order() -> None:
    plain, field = varied(small(""), 3), varied(small("core-shell"), 3)
    mixed = [cell for pair in zip(plain, field, strict=True) for cell in pair]
    cases = run_many(mixed, REST, "SPM")
    hashes = [case.result.parameters_hash for case in cases]
    assert hashes == [cell.parameters_hash for cell in mixed]
    assert_as_alone(cases[1], mixed[1], REST, "SPM")


def test_fifty_absurd_cells_harm_none_of_the_others() -> None:
    good = varied(small(), 250)
    kinds = list(ABSURD)
    cells: list[Any] = list(good)
    absurd: dict[int, str] = {}
    for i in range(50):
        place = 5 * i + 3
        absurd[place] = kinds[i % len(kinds)]
        cells[place] = made(ABSURD[absurd[place]])
    cases = run_many(cells, hs.RateTest([5.0], from_equilibrium=True), "SPM")
    assert len(cases) == 250
    undisturbed = run_many(good, hs.RateTest([5.0], from_equilibrium=True), "SPM")
    for place, case in enumerate(cases):
        if place in absurd:
            assert isinstance(case.outcome, hs.Outcome)
            assert case.outcome.good or case.reason
        else:
            # the same numbers to round-off, whoever else is in the list
            expected = undisturbed[place].result.capacities
            np.testing.assert_allclose(case.result.capacities, expected, rtol=1e-9)


@pytest.mark.parametrize("what", ABSURD)
@pytest.mark.parametrize("protocol", [REST, CYCLED], ids=["at rest", "cycled"])
def test_an_absurd_cell_ends_as_it_does_alone(what: str, protocol: Any) -> None:
    cell = made(ABSURD[what])
    case = run_many([small(), cell], protocol, "SPM")[1]
    if isinstance(cell, ParameterError):
        assert (case.result, case.outcome) == (None, hs.Outcome.INFEASIBLE)
        assert case.reason == str(cell)
    else:
        assert_as_alone(case, cell, protocol, "SPM")


def test_a_cut_off_that_cannot_be_met_is_the_outcome_of_its_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bad, good = varied(small(), 2)

    def refuse(self: Any, cut_off: str, branch: str) -> float:
        raise ParameterError(f"'{cut_off}' cannot be met.")

    monkeypatch.setitem(bad.__dict__, "extracted_occupancy", None)
    del bad.__dict__["extracted_occupancy"]
    rest = bad.at_rest
    original = type(rest).occupancy_at
    monkeypatch.setattr(
        type(rest),
        "occupancy_at",
        lambda self, *a: (refuse if self is rest else original)(self, *a),
    )
    first, second = run_many([bad, good], REST, "SPM")
    assert [p.outcome for p in first.result.points] == [hs.Outcome.INFEASIBLE] * 2
    assert "cannot be met" in first.result.points[0].reason
    assert second.outcome.good


@pytest.mark.usefixtures("on_lists")
@pytest.mark.parametrize("error", [pybamm.SolverError("no"), RuntimeError("no")])
def test_a_case_that_stops_a_list_is_left_to_the_ordinary_engine(
    error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = varied(small(), 7)
    expected = run_many(cells, REST, "SPM")
    lists = list_engine(built_model(cells[0], "SPM"))
    poison = lists.prepare([Potentiostat(cells[4], "SPM").inputs])[0].fixed
    solve, sizes = lists._solver.solve, []

    def stopped(*arguments: Any, inputs: Any, **others: Any) -> Any:
        sizes.append(len(inputs))
        if any(np.array_equal(one[CASE][4 : 4 + poison.size], poison) for one in inputs):
            raise error
        return solve(*arguments, inputs=inputs, **others)

    monkeypatch.setattr(lists._solver, "solve", stopped)
    cases = run_many(cells, REST, "SPM")
    assert max(sizes) == 7
    for case, other in zip(cases, expected, strict=True):
        # alone or in a list: the same solver to the same tolerance, that of two hosts
        np.testing.assert_allclose(case.result.capacities, other.result.capacities, rtol=2e-5)


def test_another_value_never_rebuilds() -> None:
    cell = small("core-shell", classes=2)
    run_many([cell], REST, "SPM")
    before = engine.builds()
    changes = {
        RADIUS: 100e-9,
        names.CORE_DEBYE_LENGTH: 5e-9,
        names.BUILT_IN_POTENTIAL: -0.05,
        DIFFUSIVITY: 1e-17,
        names.AMBIENT_TEMPERATURE: 310.0,
        "Electrode thickness [m]": 30e-6,
    }
    cells = [cell.with_values({name: value}) for name, value in changes.items()]
    cases = run_many(cells, REST, "SPM")
    assert engine.builds() == before
    capacities = {float(case.result.capacities[0]) for case in cases}
    # the SPM has no electrolyte, so the thickness leaves the capacity as it is; all else acts
    assert len(capacities) >= len(changes) - 1


def test_the_equations_for_lists_are_those_of_the_model() -> None:
    """At a state that is no equilibrium, with the field on."""
    cell = small("core-shell", classes=2)
    bench = Potentiostat(cell, "SPMe")
    lists = list_engine(bench.built)
    prepared = lists.prepare([bench.inputs])[0]
    segment = bench.segment(1.0)
    current, longest = segment.level, segment.duration
    step = np.array([current, 0.01, 13.0, longest])
    rng = np.random.default_rng(1)
    start = lists.kernel.start(prepared.values, step).full().ravel()
    state = np.clip(start * (1 + 0.1 * rng.random(start.size)), 0, 0.99)
    at = {**bench.inputs, names.CURRENT: current}
    model = bench.built.model
    expected = model.concatenated_rhs.evaluate(0, state[:, np.newaxis], inputs=at).ravel()
    case = np.concatenate([step, prepared.fixed, start])
    found = lists.kernel.model.concatenated_rhs.function(0, state, case)
    # sums of some hundred terms of alternating sign, in another order
    np.testing.assert_allclose(
        found.full().ravel(), expected, rtol=1e-9, atol=1e-12 * np.abs(expected).max()
    )


def test_whole_traces_on_request() -> None:
    cell = small()
    short, whole = (run_many([cell], CYCLED, "SPM", traces=traces)[0] for traces in (False, True))
    alone = hs.run(cell, CYCLED, "SPM").points[0]
    trace = whole.result.points[0].insertion
    assert short.result.points[0].insertion.time.size == 3
    assert trace.time.size > 50
    inside = alone.insertion.capacity[5:-5]  # the first and last steps are steep
    found = np.interp(inside, trace.capacity, trace.voltage)
    expected = np.interp(inside, alone.insertion.capacity, alone.insertion.voltage)
    # straight lines between the steps of the solver
    np.testing.assert_allclose(found, expected, atol=1e-3)


@pytest.mark.usefixtures("on_lists")
def test_without_a_compiler_there_is_the_same_result(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    cell = small()
    expected = run_many([cell], REST, "SPM")[0].result.capacities
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(built_model(small(), "SPM"), "_made_of_it", {})
    monkeypatch.setattr(written_out, "aot_compile", None)  # whoever calls it fails
    # the same equations, compiled or not: round-off only
    found = run_many([cell], REST, "SPM")[0].result.capacities
    np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.usefixtures("on_lists")
@pytest.mark.parametrize("told", [True, False])
def test_compiled_code_is_kept_where_the_user_wants_it(
    told: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if told:
        monkeypatch.setenv("PYBAMM_CASADI_AOT_CACHE", str(tmp_path))
    else:
        monkeypatch.delenv("PYBAMM_CASADI_AOT_CACHE", raising=False)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert code_folder().parent == tmp_path / "hetsim" / "compiled"
    monkeypatch.setattr(built_model(small(), "SPM"), "_made_of_it", {})
    monkeypatch.setattr("pybamm.codegen.compilation._CACHE", {})
    run_many([small()], REST, "SPM")
    assert bool(list(code_folder().glob("*.so"))) == (shutil.which("gcc") is not None)


@pytest.mark.usefixtures("on_lists")
def test_a_large_model_is_written_out_but_not_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compiling one takes longer than it saves."""
    cell = small()
    expected = run_many([cell], REST, "SPM")[0].result.capacities
    monkeypatch.setattr(built_model(small(), "SPM"), "_made_of_it", {})
    monkeypatch.setattr(written_out, "aot_compile", None)
    monkeypatch.setattr(written_out, "_COMPILED", 10)
    found = run_many([cell], REST, "SPM")[0].result.capacities
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_other_protocols_run_one_by_one() -> None:
    @run_protocol.register
    def _look(protocol: Look, cell: hs.HalfCell, model: str) -> Any:
        if cell.values[RADIUS] > 1e-6:
            raise ParameterError("too large to look at")
        return hs.run(cell, REST, model)

    large = small().with_values({RADIUS: 2e-6})
    good, bad = run_many([small(), large], Look(), "SPM")
    assert good.outcome.good
    assert (bad.result, bad.outcome, bad.reason) == (
        None,
        hs.Outcome.INFEASIBLE,
        "too large to look at",
    )


class Look:
    """A protocol of its own."""


def test_an_unknown_model_is_refused_once() -> None:
    with pytest.raises(ParameterError, match="Unknown model 'P2D'"):
        run_many([small()], REST, "P2D")
