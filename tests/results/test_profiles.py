"""Profiles of results as datasets: dimensions, units, which times, and what is said where there are none."""

from typing import Any

import numpy as np
import pytest

import hetsim as hs
from hetsim.simulation.run_many import run_many

CORE_SHELL = hs.load("CZT", "core-shell").with_particle(classes=2)
ONE_SIZE = hs.load("CZT", "lumped").with_particle(classes=1)
RATE = hs.RateTest([0.5, 1.0], from_equilibrium=True)


@pytest.fixture(scope="module")
def curve() -> Any:
    return hs.run(CORE_SHELL, RATE, "SPM")


def test_every_variable_has_its_unit_and_its_name(curve: Any) -> None:
    found = curve.profiles(1.0)
    assert found.electrochemical_potential.dims == ("time", "size_class", "radius")
    units = {
        name: one.attrs["units"] for name, one in found.variables.items() if one.attrs.get("units")
    }
    assert units["electrochemical_potential"] == "V"
    assert units["built_in_field"] == "V.m-1"
    assert units["time"] == "s"
    assert units["particle_radius"] == "m"
    assert all(one.attrs["long_name"] for one in found.variables.values())
    assert found.attrs["current"] == 1.0
    assert found.attrs["parameters_hash"] == curve.parameters_hash


def test_times_are_a_number_or_seconds_of_the_run(curve: Any) -> None:
    point = curve.points[1]
    end = float(point.solution.t[-1])
    assert point.profiles(4).time.to_numpy() == pytest.approx(np.linspace(0, end, 4))
    assert point.profiles([end / 2, 10.0, 10.0]).time.to_numpy() == pytest.approx([10.0, end / 2])
    # at a time that the solver did not keep, as PyBaMM interpolates it, to its own tolerance
    some = point.profiles([0.37 * end])
    assert float(some.voltage[0]) == pytest.approx(
        float(point.solution["Voltage [V]"](0.37 * end)), abs=1e-4
    )


def test_a_dfn_has_profiles_at_each_place() -> None:
    found = hs.run(ONE_SIZE, hs.RateTest([1.0], from_equilibrium=True), "DFN").profiles(times=3)
    assert found.occupancy.dims == ("time", "radius", "x")
    x, salt = found.x.to_numpy(), found.x_electrolyte.to_numpy()
    assert np.allclose(salt[-len(x) :], x)
    separator = ONE_SIZE.values.number("Separator thickness [m]")
    assert 0 < salt[0] < separator < x[0]
    # ions enter first where the electrolyte is: at the separator
    assert found.surface_occupancy[1, 0] > found.surface_occupancy[1, -1]


@pytest.mark.parametrize(
    ("protocol", "given"),
    [
        (hs.CV([1.0], cycles=1, tolerance=None), {}),
        (hs.GITT(0.5, 300, 600, pulses=2), {}),
        (hs.Rest(60.0), {}),
        (hs.Cycling(1.0, cycles=2), {"half": "extraction"}),
    ],
    ids=lambda one: type(one).__name__,
)
def test_runs_in_time_have_profiles(protocol: Any, given: dict[str, Any]) -> None:
    found = hs.run(ONE_SIZE, protocol, "SPM").profiles(times=5, **given)
    u = found.electrochemical_potential
    assert u.shape == (5, 40)
    assert np.isfinite(u).all()


@pytest.mark.parametrize("electrode", ["positive", "negative"])
def test_both_electrodes_of_a_full_cell(electrode: str) -> None:
    cell = hs.load("KPB-CZT")
    found = hs.run(cell, hs.RateTest([0.1], from_equilibrium=True), "SPM").profiles(
        times=2, electrode=electrode
    )
    change = float(found.mean_occupancy[-1] - found.mean_occupancy[0])
    assert (change > 0) == (electrode == "positive")
    assert found.attrs["electrode"] == electrode


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({}, "the current is not given; allowed: 0.5, 1 A/g"),
        ({"current": 3.0}, "the current is 3.0; allowed: 0.5, 1 A/g"),
        ({"current": 1.0, "times": 0}, "the number of times is 0"),
        ({"current": 1.0, "times": [1e9]}, "a time is 1e[+]09 s; allowed: 0 to"),
        ({"current": 1.0, "times": "all"}, "the times are 'all'"),
        ({"current": 1.0, "quantities": ["heat"]}, "no quantity 'heat'; this run has occupancy"),
        ({"current": 1.0, "electrode": "left"}, "the electrode is 'left'; allowed: positive"),
        (
            {"current": 1.0, "electrode": "negative"},
            "the negative electrode of this cell is a metal",
        ),
    ],
)
def test_what_is_not_there_is_told_in_a_sentence(curve: Any, asked: Any, message: str) -> None:
    with pytest.raises(hs.ParameterError, match=message):
        curve.profiles(**asked)


def test_a_result_of_a_list_says_that_it_keeps_no_solution() -> None:
    cells = [ONE_SIZE.with_values({"Particle radius [m]": radius}) for radius in (1e-7, 2e-7)]
    with pytest.raises(hs.ParameterError, match="keeps no solution to take profiles from: what"):
        run_many(cells, RATE, "SPM")[0].result.profiles(1.0)


def test_a_cycle_that_is_not_kept_says_so() -> None:
    result = hs.run(ONE_SIZE, hs.Cycling(1.0, cycles=3), "SPM")
    with pytest.raises(hs.ParameterError, match="Cycle 2 keeps no solution"):
        result.profiles(cycle=2)
    with pytest.raises(hs.ParameterError, match="the cycle is 4; allowed: 1, 2, 3"):
        result.profiles(cycle=4)
    with pytest.raises(hs.ParameterError, match="the half of a cycle is 'first'"):
        result.profiles(half="first")


def test_netcdf_keeps_them(curve: Any, tmp_path: Any) -> None:
    import xarray as xr

    found = curve.profiles(1.0, times=3)
    found.to_netcdf(tmp_path / "p.nc", engine="scipy")
    with xr.open_dataset(tmp_path / "p.nc", engine="scipy") as again:
        assert np.array_equal(again.electrochemical_potential, found.electrochemical_potential)
        assert again.built_in_field.attrs == found.built_in_field.attrs


@pytest.mark.parametrize(
    ("variant", "names"), [("", ("_of_host_A", "_of_host_B")), ("lumped", ("",))]
)
def test_profiles_say_which_branch_the_hosts_are_on(variant, names):
    """h crosses from the branch of extraction (1) to that of insertion (-1) within the first pulses."""
    cell = hs.load("CZT", variant).with_particle(classes=1)
    run = hs.run(cell, hs.GITT(0.2, 600, 60, pulses=2), "SPM")
    for name in names:
        state = run.profiles(quantities=[f"hysteresis_state{name}"])[f"hysteresis_state{name}"]
        assert state.dims == ("time",)
        assert float(state[0]) == pytest.approx(1)
        assert float(state[-1]) == pytest.approx(-1, abs=1e-3)
