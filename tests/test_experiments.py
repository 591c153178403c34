"""Every experiment runs and its check holds, the dear ones with fewer points than their figures have."""

import importlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

FOLDER = Path(__file__).parents[1] / "experiments"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))
FEWER: dict[str, dict[str, Any]] = {
    # two of fifteen heterostructures, with three of 23 controls
    "across_the_library": {
        "CURVES": ("ZnSeMoSe2C_Na", "NVOrGO_Na"),
        "SAMPLED": 150,
        "DRAWS": 10,
        "RESAMPLED": 300,
    },
    # the ends, where it is a capacitor and where it is diffusion, and two between
    "capacitive_share_of_no_capacitor": {"SIZES": np.array([0.1, 0.6, 2.0, 12.0])},
    "czt_cv": {"SCAN_RATES": (0.1, 0.4, 1.0)},
    # one current, and as many draws as an interval needs at least
    "czt_explained": {"CURRENTS": (10.0,), "DRAWS": 10, "JOINT_DRAWS": 30, "MODEL": "SPM"},
    "czt_rate": {"FIELD_CURRENTS": (0.1, 10.0)},
    # the noise at which two methods are compared, and one that hardly shows
    "diffusivity_methods": {"NOISES": np.array([0.03, 0.3])},
    "fese_fields": {"CURRENTS": (0.1, 10.0)},
    "field_as_a_diode": {"C_RATES": np.array([5.0, 20.0])},
    # one potential of both signs
    "field_reversal": {"STEPS": np.array([-4, 0, 4])},
    "size_map": {"RADIUS_OVER_DEBYE": np.array([0.5, 2, 10, 50]), "STEPS": np.array([1, 4])},
    "solid_electrolytes": {"CONDUCTIVITIES": np.geomspace(3e-4, 0.1, 4)},
    "slow_host_fed_by_fast": {"GRAINS": np.array([4.0, 16.0, 64.0]), "CLASSES": 1},
}
"""Constants of an experiment that its test replaces; `python -m experiments.NAME` checks all of the figure."""


@pytest.mark.parametrize("name", NAMES)
def test_experiment(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    experiment = importlib.import_module(f"experiments.{name}")
    for constant, fewer in FEWER.get(name, {}).items():
        monkeypatch.setattr(experiment, constant, fewer)
    assert len(experiment.__doc__) > 200, "an experiment begins with its prose"
    experiment.check(experiment.main(tmp_path))
    figures = list(tmp_path.glob("*.png"))
    assert figures
    assert all(figure.stat().st_size > 10_000 for figure in figures)
