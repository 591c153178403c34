"""Steps that an integration could take by luck, and segments that no step can go on with."""

import logging
from pathlib import Path

import numpy as np
import pybamm
import pytest

import hetsim as hs
from hetsim.engine import built_model
from hetsim.engine.periodic import _inside
from hetsim.results import Outcome
from hetsim.simulation.rate_chains import rate_numbers


def test_a_long_step_after_a_refused_one_is_not_taken_by_luck() -> None:
    """On one branch of a hysteresis a step of a sixth of the segment met its tolerance, with a voltage off by 20 mV."""
    cell = hs.load("A-V2O5-graphene").with_particle(classes=9, in_volumes=True)
    cell = cell.with_values(
        {
            "Component A volume fraction": 7.941091031460862e-05,
            "Double-layer capacity [F.m-2]": 0.23933613502216097,
            "Fast fraction": 0.5143547769349351,
        }
    )
    built = built_model(cell, "DFN")
    inputs, test = built.inputs(cell), hs.RateTest((0.0109, 0.024, 1.01))
    usual = rate_numbers(built, inputs, 1, test)
    tight = dict.fromkeys(built.interpreted, 1e-7)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(built, "interpreted", tight)
        closer = rate_numbers(built, inputs, 1, test)
    assert usual is not None
    assert closer is not None
    np.testing.assert_allclose(usual.polarisation, closer.polarisation, rtol=0, atol=3e-5)


def test_an_electrolyte_without_salt_is_said_to_be_so() -> None:
    cell = hs.load("A-V2O5-graphene").with_values(
        {
            "Active mass loading [mg.cm-2]": 0.42,
            "Active material density [kg.m-3]": 12209.0,
            "Ambient temperature [K]": 150,
            "Electrode porosity": 0.05,
            "Fast fraction": 0.42,
            "Electrode Bruggeman coefficient": 2.07,
            "Double-layer capacity [F.m-2]": 15.0,
        }
    )
    [sweep] = hs.run(cell, hs.CV([2.24], points=60), "SPMe").sweeps
    assert sweep.outcome is Outcome.OUT_OF_RANGE
    assert sweep.reason.startswith("no salt in a place of the electrolyte is left after 5")
    assert sweep.reason.endswith("try a lower current or a slower ramp, or more salt")


def test_a_surface_with_no_free_site_is_infeasible_at_start(tmp_path: Path) -> None:
    """A mixture at 157 K whose surface would have to hold more than all sites at the first instant."""
    (tmp_path / "cold.toml").write_text(
        """[system]
        name = "cold"
        base = "MoS2"
        architecture = "mixture"
        [parameters]
        "Ambient temperature [K]" = { value = 157.1, kind = "assumed", source = "test" }
        "Active mass loading [mg.cm-2]" = { value = 0.87, kind = "assumed", source = "test" }
        """,
        encoding="utf-8",
    )
    cell = hs.load(tmp_path / "cold.toml").with_particle(classes=3, fast=False, in_volumes=True)
    _, point = hs.run(cell, hs.RateTest([0.0445, 0.407]), "SPM").points
    assert point.outcome is Outcome.INFEASIBLE


def test_pybamm_says_nothing_of_large_states(caplog: pytest.LogCaptureFixture) -> None:
    cell = hs.load("KPB").with_particle(in_volumes=True)
    cell = cell.with_values({"Component A diffusivity [m2.s-1]": 1e-30})
    pybamm.logger.addHandler(caplog.handler)
    try:
        with caplog.at_level(logging.ERROR):
            result = hs.run(cell, hs.Cycling(0.00426, cycles=1), "SPM")
    finally:
        pybamm.logger.removeHandler(caplog.handler)
    assert result.outcome is Outcome.INFEASIBLE
    assert caplog.messages == []


def test_round_off_below_empty_does_not_turn_an_extrapolation_around() -> None:
    known, wanted = np.array([-1e-12, 0.5, 0.9]), np.array([-2e-12, 0.6, 1.1])
    found = _inside(known, wanted)
    np.testing.assert_allclose(found, known + 0.25 * (wanted - known), rtol=0, atol=1e-11)
    assert found[0] >= known[0]


def test_particles_that_follow_at_once_do_not_drown_in_round_off() -> None:
    """R^2/D of 2e-13 s in volumes: where round-off was all that a step saw, a run ended with a wrong capacity."""
    cell = hs.load("A-V2O5-graphene").with_particle(classes=3, in_volumes=True)
    test = hs.RateTest([0.1], from_equilibrium=True)
    radius, diffusivity = "Particle radius [m]", "Component A diffusivity [m2.s-1]"
    fast = hs.run(cell.with_values({radius: 4e-10, diffusivity: 1e-6}), test, "SPM").points[0]
    slower = hs.run(cell.with_values({radius: 4e-10, diffusivity: 1.6e-17}), test, "SPM").points[0]
    assert fast.outcome is Outcome.CUT_OFF
    full = cell.model_values.number("Specific capacity [mA.h.g-1]")
    assert fast.capacity == pytest.approx(slower.capacity, abs=1e-5 * full)
