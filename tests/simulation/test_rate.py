"""Rate tests: what is reported, how it ends, and that nothing is rebuilt."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr

import hetsim as hs
from hetsim import engine, names

QUICK = hs.RateTest([1.0, 10.0], cycles=1)


def test_capacity_falls_with_current() -> None:
    curve = hs.run(hs.load("CZT"), hs.RateTest([0.1, 1, 10], from_equilibrium=True))
    assert np.all(np.diff(curve.capacities) < 0)


def test_cycles_reach_a_periodic_state() -> None:
    point = hs.run(hs.load("CZT"), hs.RateTest([1.0], cycles=8), model="SPM").points[0]
    assert point.capacity == pytest.approx(point.extraction_capacity, rel=5e-3)


@pytest.mark.parametrize("kind", ["SPM", "SPMe", "DFN"])
def test_models_agree_at_low_rate(kind: str) -> None:
    test = hs.RateTest([0.05], from_equilibrium=True)
    single, other = (hs.run(hs.load("CZT"), test, model=k).capacities[0] for k in ("SPM", kind))
    # 0.06 mA/cm2 drops 1 mV in the electrolyte, 0.2 % of capacity on this curve
    assert other == pytest.approx(single, rel=3e-3)


def test_hysteresis_is_there_at_any_current() -> None:
    point = hs.run(hs.load("CZT"), hs.RateTest([1e-4], cycles=1), model="SPM").points[0]
    # the branches are 0.7 to 0.85 V apart; at 1e-4 A/g nothing else is left of 1.0 V
    assert 0.65 < point.polarisation < 0.9


def test_another_value_never_rebuilds() -> None:
    cell = hs.load("CZT", variant="core-shell").with_particle(classes=2, fast=True)
    hs.run(cell, QUICK, model="SPM")
    before = engine.builds()
    changes = {
        "Particle radius [m]": 100e-9,
        "Core Debye length [m]": 5e-9,
        names.BUILT_IN_POTENTIAL: -0.05,
        "Component A diffusivity [m2.s-1]": 1e-17,
        "Ambient temperature [K]": 310.0,
        "Electrode thickness [m]": 30e-6,
        "Fast fraction": 0.2,
        "Diffusion time spread": 1.0,
    }
    for name, value in changes.items():
        assert hs.run(cell.with_values({name: value}), QUICK, model="SPM").points[0].outcome.good
    assert engine.builds() == before


def test_a_value_that_the_structure_does_not_need_is_not_asked_of_the_next_cell() -> None:
    plain = hs.load("CZT").with_particle(classes=3, fast=False)
    with_core = plain.with_values({names.CORE_FRACTION: 0.8})  # of no use in a dispersed particle
    first = hs.run(with_core, QUICK, model="SPM")
    before = engine.builds()
    assert list(hs.run(plain, QUICK, model="SPM").capacities) == list(first.capacities)
    assert engine.builds() == before


def test_every_value_that_is_changed_acts() -> None:
    """An input that did not reach the model would leave the capacity as it is."""
    cell = hs.load("CZT", variant="core-shell").with_particle(classes=2, fast=True)
    base = hs.run(cell, hs.RateTest([3.0], from_equilibrium=True), model="SPM").capacities[0]
    for name in (
        "Particle radius [m]",
        "Core Debye length [m]",
        names.BUILT_IN_POTENTIAL,
        "Component A diffusivity [m2.s-1]",
        "Ambient temperature [K]",
        "Fast fraction",
        "Diffusion time spread",
        "Exchange-current density [A.m-2]",
        "Series resistance [Ohm.cm2]",
    ):
        changed = cell.with_values({name: 0.7 * cell.values[name]})
        capacity = hs.run(
            changed, hs.RateTest([3.0], from_equilibrium=True), model="SPM"
        ).capacities[0]
        assert capacity != pytest.approx(base, rel=1e-4), name


def test_a_current_beyond_the_cell_is_infeasible_and_keeps_the_others() -> None:
    curve = hs.run(
        hs.load("CZT"), hs.RateTest([1.0, 5000.0, 2.0], from_equilibrium=True), model="SPM"
    )
    outcomes = [point.outcome for point in curve.points]
    assert outcomes == [hs.Outcome.CUT_OFF, hs.Outcome.INFEASIBLE, hs.Outcome.CUT_OFF]
    assert np.isnan(curve.capacities[1])
    assert "lower current" in curve.points[1].reason


def test_a_hopeless_field_is_a_named_outcome() -> None:
    cell = hs.load("CZT", variant="core-shell").with_particle(classes=1, fast=False)
    radius = cell.values["Particle radius [m]"]
    steep = {
        names.BUILT_IN_POTENTIAL: 1.5,
        names.CORE_DEBYE_LENGTH: 0.02 * radius,
        names.SHELL_DEBYE_LENGTH: 0.02 * radius,
    }
    point = hs.run(
        cell.with_values(steep), hs.RateTest([5.0], from_equilibrium=True), model="SPM"
    ).points[0]
    assert isinstance(point.outcome, hs.Outcome)
    assert point.outcome.good or point.reason


def test_results_carry_their_provenance() -> None:
    curve = hs.run(hs.load("CZT"), QUICK, model="SPM")
    data = curve.to_xarray()
    assert data["capacity"].attrs["units"] == "mA.h.g-1"
    assert data.attrs["parameters_hash"] == curve.parameters_hash
    assert "version_pybamm" in data.attrs
    assert json.loads(data.attrs["parameters"])["Particle radius [m]"] == 250e-9
    assert list(data["current"].values) == [1.0, 10.0]
    assert curve.points[0].solution.t[-1] > 0  # the PyBaMM solution is kept


def test_a_dataset_survives_a_file(tmp_path: Path) -> None:
    data = hs.run(hs.load("CZT"), QUICK, model="SPM").to_xarray()
    data.to_netcdf(tmp_path / "rate.nc", engine="scipy")
    with xr.open_dataset(tmp_path / "rate.nc", engine="scipy") as back:
        np.testing.assert_array_equal(back["capacity"], data["capacity"])
        assert back.attrs["parameters_hash"] == data.attrs["parameters_hash"]


def test_the_table_of_a_comparison_has_the_errors() -> None:
    report = hs.compare(
        hs.run(hs.load("CT"), hs.RateTest([0.2, 1, 10], cycles=1)), hs.measured("CT")
    )
    frame = report.to_frame()
    assert frame["measured [mA.h.g-1]"].isna().tolist() == [True, True, False]
    assert len(report.errors) == 1  # 0.2 A/g was measured after 500 cycles
    assert report.max_abs_error_percent >= report.mean_abs_error_percent


def test_a_run_does_not_depend_on_the_runs_before() -> None:
    """Rate tests, titrations and protocols share a discretised model, and each starts from its own state."""
    cell = hs.load("CZT", "lumped").with_particle(classes=1)
    rate = hs.RateTest([1.0], from_equilibrium=True)
    titration = hs.GITT(0.1, 600, 1800, pulses=2)
    steps = hs.Protocol([hs.ConstantCurrent(0.5, 600), hs.Rest(60)], filling=0.3)

    def once() -> tuple[float, ...]:
        ends = [hs.run(cell, one, "SPM").trace.voltage[-1] for one in (titration, steps)]
        return float(hs.run(cell, rate, "SPM").capacities[0]), *(float(one) for one in ends)

    first = once()
    for _ in range(2):
        assert once() == pytest.approx(first, rel=1e-12)


@pytest.mark.parametrize("model", ["SPME", "spm", "P2D", "", None])
@pytest.mark.parametrize("protocol", [hs.RateTest([1.0]), hs.Cycling(1.0, cycles=2), hs.Rest(60)])
def test_an_unknown_model_is_refused_by_every_protocol(protocol: Any, model: Any) -> None:
    with pytest.raises(
        hs.ParameterError, match=f"Unknown model '{model}'; allowed: SPM, SPMe, DFN"
    ):
        hs.run(hs.load("CT"), protocol, model)
