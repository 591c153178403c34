"""Every experiment runs and its check holds."""

import importlib
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "experiments"
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


@pytest.mark.parametrize("name", NAMES)
def test_experiment(name: str, tmp_path: Path) -> None:
    experiment = importlib.import_module(f"experiments.{name}")
    assert len(experiment.__doc__) > 200, "an experiment begins with its prose"
    experiment.check(experiment.main(tmp_path))
    figures = list(tmp_path.glob("*.png"))
    assert figures
    assert all(figure.stat().st_size > 10_000 for figure in figures)
