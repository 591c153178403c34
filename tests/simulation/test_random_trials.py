"""Random valid parameter files, by all protocols: no traceback, no number that is none, and both routes agree."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks import random_trials

TRIALS, AT_ONCE = 200, 10


@pytest.mark.parametrize("first", range(0, TRIALS, AT_ONCE))
def test_trials_run_or_say_why_not(first: int, tmp_path: Path) -> None:
    for number in range(first, first + AT_ONCE):
        told: dict[str, Any] = random_trials.told(number, tmp_path, "SPM")
        assert "raised" not in told, told
        assert not told.get("faults"), told
        assert not told.get("failed"), told


def test_a_fault_is_seen() -> None:
    """What a trial looks for, on a result that has it."""
    import hetsim as hs

    cell = hs.load("CZT", "lumped")
    good = hs.run(cell, hs.RateTest([1.0], from_equilibrium=True), "SPM")
    assert random_trials.faults_of(good, cell) == []
    small = cell.with_values({"Specific capacity [mA.h.g-1]": 100.0})
    assert "holds" in random_trials.faults_of(good, small)[0]
    other = cell.with_values({"Series resistance [Ohm.cm2]": 200.0})
    assert random_trials.differences(other, hs.RateTest([1.0], from_equilibrium=True), "SPM", good)
