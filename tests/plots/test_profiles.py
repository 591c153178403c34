"""Figures and moving pictures of profiles: what is drawn, which files are written, and none after a failure."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import animation
from PIL import Image

import hetsim as hs
from hetsim.errors import OutputError
from hetsim.plots import animation as own

RATE = hs.RateTest([1.0], from_equilibrium=True)


@pytest.fixture(scope="module")
def curve() -> Any:
    return hs.run(hs.load("CZT", "core-shell").with_particle(classes=2), RATE, "SPMe")


@pytest.fixture(scope="module")
def data(curve: Any) -> Any:
    return curve.profiles(times=4)


def labels(figure: Any) -> list[str]:
    return [axes.get_ylabel().replace("\n", " ") for axes in figure.axes if axes.get_ylabel()]


def test_a_figure_shows_what_the_cell_has(curve: Any) -> None:
    figure = hs.plots.profiles(curve, times=3)
    assert labels(figure) == [
        "Occupancy",
        "Electrochemical potential u [V]",
        "Built-in potential [mV]",
        "Built-in field [MV/m]",
        "Electrolyte [mol/L]",
    ]
    assert figure.get_figwidth() == pytest.approx(3.35)  # a column
    occupancy, u, phi, _, salt = figure.axes[:5]
    assert [len(axes.lines) for axes in (occupancy, u, phi, salt)] == [3, 3, 1, 3]


def test_the_lines_are_the_numbers_of_the_dataset(data: Any) -> None:
    figure = hs.plots.profiles(data, size_class=2)
    phi = figure.axes[2].lines[0]
    assert phi.get_xdata() == pytest.approx(data.radius.to_numpy())
    assert phi.get_ydata() == pytest.approx(1e3 * data.built_in_potential[0, 1].to_numpy())
    u = figure.axes[1].lines[-1]
    assert u.get_ydata() == pytest.approx(data.electrochemical_potential[-1, 1].to_numpy())


@pytest.mark.parametrize(
    ("architecture", "lines"), [(hs.Dispersed(), [4, 4, 4]), (hs.Mixture(), [8, 8])]
)
def test_hosts_have_their_occupancies(architecture: Any, lines: list[int]) -> None:
    cell = hs.heterostructure("CoTe2", "ZnTe", ion="K", architecture=architecture)
    result = hs.run(cell.with_particle(classes=1), RATE, "SPM")
    figure = hs.plots.profiles(result, times=4)
    over_radius = [axes for axes in figure.axes if axes.get_xlabel() == "r / R"]
    assert [len(axes.lines) for axes in over_radius] == lines


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"size_class": 3}, "the size class is 3; allowed: 1 to 2"),
        ({"depth": 2.0}, "the depth is 2; allowed: 0 to 1"),
    ],
)
def test_what_is_not_there_is_told(data: Any, given: dict[str, Any], message: str) -> None:
    with pytest.raises(hs.ParameterError, match=message):
        hs.plots.profiles(data, **given)
    with pytest.raises(hs.ParameterError, match="A dict has no profiles"):
        hs.plots.profiles({})


# --- moving pictures -----------------------------------------------------------------------------


def test_a_gif_has_a_picture_for_each_time(data: Any, tmp_path: Path) -> None:
    path = hs.plots.animate(data, tmp_path / "p.gif", per_second=5)
    with Image.open(path) as picture:
        assert picture.n_frames == 4
        first = np.asarray(picture.convert("RGB")).copy()
        picture.seek(3)
        assert np.any(np.asarray(picture.convert("RGB")) != first)
        assert picture.info["duration"] == 200
    assert [one.name for one in tmp_path.iterdir()] == ["p.gif"]


def test_a_folder_gets_numbered_pictures(data: Any, tmp_path: Path) -> None:
    path = hs.plots.animate(data, tmp_path / "frames")
    assert sorted(one.name for one in path.iterdir()) == [f"frame-{i}.png" for i in (1, 2, 3, 4)]
    with pytest.raises(OutputError, match="is not empty"):
        hs.plots.animate(data, path)


class StandIn:
    """A writer of films that counts its pictures, so that the test needs no ffmpeg."""

    def __init__(self, fps: int) -> None:
        self.fps, self.pictures = fps, 0

    @contextmanager
    def saving(self, figure: Any, path: str, dpi: int) -> Iterator[None]:
        yield
        Path(path).write_text(f"{self.pictures} at {self.fps}")

    def grab_frame(self) -> None:
        self.pictures += 1


def test_an_mp4_is_written_by_ffmpeg(
    data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(animation.writers._registered, "ffmpeg", StandIn)
    monkeypatch.setattr(animation.writers, "is_available", lambda name: name == "ffmpeg")
    path = hs.plots.animate(data, tmp_path / "p.mp4", per_second=5)
    assert path == tmp_path / "p.mp4"
    assert path.read_text() == "4 at 5"


def test_without_ffmpeg_an_mp4_becomes_pictures(
    data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(animation.writers, "is_available", lambda name: name == "pillow")
    path = hs.plots.animate(data, tmp_path / "p.mp4")
    assert path == tmp_path / "p"
    assert len(list(path.iterdir())) == 4


@pytest.mark.parametrize("name", ["p.avi", "p.png"])
def test_another_suffix_is_refused(data: Any, tmp_path: Path, name: str) -> None:
    with pytest.raises(hs.ParameterError, match=r"allowed: \.gif, \.mp4, or a folder"):
        hs.plots.animate(data, tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["p.gif", "frames"])
def test_nothing_is_left_after_a_failure(
    data: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    told, seen = own.told_time, []

    def breaks(moments: Any) -> Any:
        def tell(moment: float) -> str:
            seen.append(moment)
            if len(seen) == 3:
                raise OSError("No space left on device")
            return str(told(moments)(moment))

        return tell

    monkeypatch.setattr(own, "told_time", breaks)
    with pytest.raises(OutputError, match="cannot be written: No space left"):
        hs.plots.animate(data, tmp_path / name)
    assert len(seen) == 3
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(data: Any, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        hs.plots.animate(data, tmp_path / "none" / "p.gif")


def test_animate_says_to_use_frames_in_place_of_times(data: Any, tmp_path: Path) -> None:
    with pytest.raises(hs.ParameterError, match="use frames"):
        hs.plots.animate(data, tmp_path / "p.gif", times=6)
