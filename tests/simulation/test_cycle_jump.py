"""Electrodes that age: what is lost, what grows, and that no ion goes missing."""

import pytest

import hetsim as hs
from hetsim import engine, names
from hetsim.constants import FARADAY
from hetsim.engine import BuiltModel, Step
from hetsim.errors import ParameterError
from hetsim.laws import ageing
from hetsim.simulation.cycle_jump import AgedStates
from hetsim.simulation.potentiostat import Potentiostat

FAST_LOSS = {names.MATERIAL_LOSS: 0.1}
FAST_FILM = {names.SOLVENT_DIFFUSIVITY: 2.5e-19, names.MATERIAL_LOSS_WITH_FILM: 1e-4}


def small_cell(**values: float) -> hs.HalfCell:
    """Two size classes and a fast share: all parts of a particle at little cost."""
    return hs.load("CZT", "lumped").with_particle(classes=2, fast=True).with_values(values)


def ageing_cells(cell: hs.HalfCell) -> dict[str, hs.HalfCell]:
    return {
        "charge": cell.with_ageing(hs.ChargeDrivenLoss()),
        "film": cell.with_ageing(film=hs.SEIGrowth()),
        "reaction": cell.with_ageing(hs.ReactionDrivenLoss(), hs.SEIGrowth()),
        "both": cell.with_ageing(hs.ChargeDrivenLoss(), hs.SEIGrowth()),
    }


def bench_of(cell: hs.HalfCell, kind: str = "SPM") -> tuple[Potentiostat, BuiltModel]:
    bench = Potentiostat(cell, kind)
    return bench, bench.built


def cycled(
    cell: hs.HalfCell, current: float = 1.0, cycles: int = 2, kind: str = "SPM"
) -> list[Step]:
    """Insertions and extractions one after the other."""
    bench, _ = bench_of(cell, kind)
    steps: list[Step] = []
    for direction in [1, -1] * cycles:
        steps.append(bench.step(direction * current, steps[-1].state if steps else None))
    return steps


def film_thickness(step: Step) -> float:
    return float(step.solution[names.FILM_THICKNESS].entries[-1])


def test_laws_of_ageing_are_their_rates_integrated() -> None:
    time, step = 3600.0, 1e-3
    film = [ageing.film_thickness(time + dt, 5e-9, 6e-19, 9.6e-5, 2) for dt in (-step, 0, step)]
    # dL/dt = V j / (F z) with j = F D c / L; central difference of a smooth function
    assert (film[2] - film[0]) / (2 * step) == pytest.approx(
        9.6e-5 * 6e-19 / 2 / film[1], rel=1e-4, abs=0
    )
    rate = ageing.loss_rate_with_charge(0.1, 0.5, -2.0, 3600.0)
    left = ageing.material_left_with_charge(0.1, 2.0 * time, 3600.0)
    assert 0.5 + rate * time == pytest.approx(0.5 * left)
    assert ageing.material_left_with_charge(0.1, 2 * 486.0, 486.0) == 0.9  # one full cycle


@pytest.mark.parametrize(
    ("which", "kind"),
    [
        *((one, "SPM") for one in ("charge", "film", "reaction", "both")),
        ("both", "SPMe"),
        ("both", "DFN"),
    ],
)
def test_every_ion_is_accounted_for_while_material_is_lost(which: str, kind: str) -> None:
    cell = ageing_cells(small_cell(**FAST_LOSS, **FAST_FILM))[which]
    for step in cycled(cell, kind=kind):
        assert step.outcome.good, step.reason
        # three per cent of the material in a step: the product of what is left and its filling is not
        # linear, so the solver's tolerance of 1e-6 a step is what bounds it
        assert abs(step.charge_balance) <= 1e-6


@pytest.mark.parametrize(
    "changes",
    [
        {"Charge number": 2.0},
        {"Interfacial capacity [F.m-2]": 0.2},
        # PyBaMM counts lost ions in mol, of which a small electrode has few beside the solver's 1e-8
        {"Electrode area [cm2]": 0.01},
    ],
    ids=str,
)
def test_ions_are_accounted_for_with_any_charge_storage_and_area(changes: dict[str, float]) -> None:
    cell = ageing_cells(small_cell(**FAST_LOSS, **FAST_FILM, **changes))["both"]
    assert all(step.outcome.good and abs(step.charge_balance) <= 1e-6 for step in cycled(cell))


@pytest.mark.parametrize("kind", ["SPM", "DFN"])
def test_material_lost_is_proportional_to_the_charge_passed(kind: str) -> None:
    cell = ageing_cells(small_cell(**FAST_LOSS))["charge"]
    steps = cycled(cell, kind=kind)
    bench, built = bench_of(cell, kind)
    passed = sum(step.time[-1] for step in steps) / 3.6  # mAh/g at 1 A/g
    left = AgedStates(built, bench.inputs).material_left(steps[-1].state)
    full = cell.values["Specific capacity [mA.h.g-1]"]
    expected = ageing.material_left_with_charge(0.1, passed, full)
    # constant currents: the solver integrates a constant, to its tolerance of 1e-6
    assert left == pytest.approx(expected, abs=1e-6)
    assert left < 0.95


@pytest.mark.parametrize("kind", ["SPM", "SPMe"])
def test_film_grows_with_the_square_root_of_time(kind: str) -> None:
    cell = ageing_cells(small_cell(**FAST_FILM))["film"]
    steps = cycled(cell, kind=kind)
    time = sum(step.time[-1] for step in steps)
    expected = ageing.film_thickness(time, 5e-9, 2.5e-19 * 2636, 9.585e-5, 2)
    assert film_thickness(steps[-1]) == pytest.approx(expected, rel=1e-5, abs=0)
    assert expected > 15e-9


def test_material_lost_with_the_film_is_proportional_to_its_charge() -> None:
    cell = ageing_cells(small_cell(**FAST_FILM))["reaction"]
    steps = cycled(cell)
    last = steps[-1].solution
    volume = cell.values["Electrode thickness [m]"] * cell.values["Electrode area [cm2]"] * 1e-4
    film = last[names.LOST_TO_FILM].entries[-1] / volume  # charges [mol.m-3]
    start = steps[0].solution[names.ACTIVE_FRACTION].entries[0]
    lost = start - last[names.ACTIVE_FRACTION].entries[-1]
    assert lost == pytest.approx(1e-4 * film, rel=1e-5, abs=0)
    assert lost > 0.01 * start


def test_an_electrode_that_lost_a_tenth_is_one_that_was_made_with_a_tenth_less() -> None:
    fresh = small_cell().with_ageing(hs.ChargeDrivenLoss())
    fresh = fresh.with_values({names.MATERIAL_LOSS: 0.0})
    bench, built = bench_of(fresh)
    rest = bench.step(1e-6, None)  # to have a state; it passes no charge to speak of
    aged = rest.solution.y[:, 0].copy().reshape(-1, 1)
    aged[built.entries((names.ACTIVE_FRACTION,))] *= 0.9
    worn = bench.step(2.0, aged)
    loading = fresh.values["Active mass loading [mg.cm-2]"]
    lighter, _ = bench_of(fresh.with_values({"Active mass loading [mg.cm-2]": 0.9 * loading}))
    made = lighter.step(2.0 / 0.9, None)  # the same current
    # the same equations: what is left is the solver's tolerance of 1e-6 a step
    assert worn.time[-1] == pytest.approx(made.time[-1], rel=2e-5)
    assert bench.step(2.0, None).time[-1] > 1.05 * worn.time[-1]


def test_a_film_alone_costs_coulombs_and_no_capacity() -> None:
    """In a half cell the metal has ions without end: the settled capacity stays, the efficiency falls."""
    leaky = {**FAST_FILM, "SEI resistivity [Ohm.m]": 0.0}
    cell = ageing_cells(small_cell(**leaky))["film"]
    result = hs.run(cell, hs.Cycling(1, 12), model="SPM")
    none = hs.run(small_cell(), hs.Cycling(1, 12), model="SPM")
    film, plain = result.cycles[-1], none.cycles[-1]
    assert film.coulombic_efficiency < plain.coulombic_efficiency - 5e-4
    # what insertion brings beyond extraction went into the film, so insertion grows if anything
    assert film.insertion > plain.insertion
    assert film.active_material == 1.0


def test_film_resistance_acts_as_a_series_resistance() -> None:
    thick = {"Initial SEI thickness [m]": 100e-9, "SEI resistivity [Ohm.m]": 1e6}
    cell = small_cell(**thick).with_ageing(film=hs.SEIGrowth())
    cell = cell.with_values({names.SOLVENT_DIFFUSIVITY: 0.0})
    values = cell.values
    surface = (  # inner surface 3 eps L/R per electrode area, eps L = loading / density
        3
        * values["Active mass loading [mg.cm-2]"]
        * 1e-2
        / values["Active material density [kg.m-3]"]
        / values["Particle radius [m]"]
    )
    film = 100e-9 * 1e6 / surface * 1e4  # Ohm.cm2
    assert film > 10
    resistive = small_cell(
        **{"Series resistance [Ohm.cm2]": values["Series resistance [Ohm.cm2]"] + film}
    )
    with_film, with_resistor = (cycled(one, 3.0, 1)[0] for one in (cell, resistive))
    assert with_film.time[-1] == pytest.approx(with_resistor.time[-1], rel=1e-5)


@pytest.mark.parametrize("which", ["charge", "reaction"])
def test_values_of_zero_lose_nothing(which: str) -> None:
    none = {
        names.MATERIAL_LOSS: 0.0,
        names.SOLVENT_DIFFUSIVITY: 0.0,
        "SEI resistivity [Ohm.m]": 0.0,
    }
    plain = cycled(small_cell(**none), 3.0)
    aged = cycled(ageing_cells(small_cell(**none))[which], 3.0)
    for one, other in zip(plain, aged, strict=True):
        # other states change the solver's steps: its tolerance of 1e-6 a step
        assert one.time[-1] == pytest.approx(other.time[-1], rel=1e-5)


def test_another_rate_of_fading_never_rebuilds() -> None:
    cell = ageing_cells(small_cell(**FAST_LOSS, **FAST_FILM))["both"]
    before = [cycled(cell, 3.0, 1)[-1].time[-1], engine.builds()]
    for change in (
        {names.MATERIAL_LOSS: 0.3},
        {names.SOLVENT_DIFFUSIVITY: 1e-18},
        {"Initial SEI thickness [m]": 50e-9},
        {"SEI resistivity [Ohm.m]": 1e7},
    ):
        assert cycled(cell.with_values(change), 3.0, 1)[-1].time[-1] != pytest.approx(
            before[0], rel=1e-4
        ), change
    assert engine.builds() == before[1]


def test_a_loss_with_a_film_needs_the_film() -> None:
    with pytest.raises(ParameterError, match=r"CZT: ReactionDrivenLoss .* film=SEIGrowth"):
        hs.load("CZT").with_ageing(hs.ReactionDrivenLoss())


def test_ions_in_the_film_are_its_thickness() -> None:
    """The charge that the film took, from its thickness and from the balance of the cycle."""
    cell = ageing_cells(small_cell(**FAST_FILM))["film"]
    steps = cycled(cell)
    charge = float(steps[-1].solution[names.LOST_TO_FILM].entries[-1]) * FARADAY
    surface = 3 / 250e-9 * 1.2e-2 / 6900 * cell.values["Electrode area [cm2]"] * 1e-4  # m2
    grown = film_thickness(steps[-1]) - 5e-9
    assert charge == pytest.approx(grown / 9.585e-5 * 2 * FARADAY * surface, rel=1e-6, abs=0)
