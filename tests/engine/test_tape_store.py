"""Tapes that are kept between processes: the same as those that were made, or none."""

import os
from dataclasses import dataclass, fields, replace

import numpy as np
import pytest

import hetsim as hs
from hetsim import cli
from hetsim.engine import builds, built_model, measured_step
from hetsim.engine import tape_store as module
from hetsim.engine.built import BuiltModel
from hetsim.engine.drives import TO_CUT_OFF, VOLTAGE
from hetsim.engine.tape_store import TapeStore
from hetsim.engine.taped_model import Part
from hetsim.submodels import ParticleStructure
from tests.helpers.engine import there


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("HETSIM_KEEP_TAPES", "1")
    return tmp_path / "hetsim" / "tapes"


@pytest.fixture
def never_built(monkeypatch):
    """PyBaMM is not asked for a model."""

    def build(*_):
        raise AssertionError("a model was built")

    monkeypatch.setattr("hetsim.engine.building.discretise", build)


@pytest.fixture(scope="module")
def model(czt):
    return there(built_model(czt, "SPM").interpreter).model


def same(one, other):
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, Part):
        return same(vars(one), vars(other))
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    return one == other


def test_what_is_read_is_what_was_written(folder, model) -> None:
    code, moving = model.tapes["rate"][:5], np.array([[3, 1], [5, -20]], np.int32)
    several = [Part(code, 1, 900, 1200, moving[:0]), Part(code, 10, 900, 1250, moving)]
    model = replace(model, parts={"rate": several})
    store = TapeStore("a key")
    assert store.read() is None
    store.write(model)
    again = TapeStore("a key").read()
    for field in fields(model):
        assert same(getattr(model, field.name), getattr(again, field.name)), field.name
    assert TapeStore("another key").read() is None


def test_a_kept_model_runs_without_a_build_and_to_the_same_bits(folder, czt, request) -> None:
    segment = {"current": 1e-3, "longest": 1e6, "state": None}
    first = BuiltModel(czt, "SPM")
    there(first.interpreter)
    inputs = first.inputs(czt)
    made = measured_step(first, inputs, **segment)
    request.getfixturevalue("never_built")
    kept = measured_step(BuiltModel(czt, "SPM"), inputs, **segment)
    assert len(list(folder.iterdir())) == 1
    assert np.array_equal(made.time, kept.time)
    assert np.array_equal(made.voltage, kept.voltage)


def test_other_drives_and_structures_have_tapes_of_their_own(folder, model) -> None:
    keys = [
        (structure, drive)
        for structure in (ParticleStructure(), ParticleStructure(classes=3))
        for drive in (TO_CUT_OFF, VOLTAGE, replace(VOLTAGE, interpreted={"rtol": 1.0, "atol": 1.0}))
    ]
    paths = {TapeStore(*key)._path for key in keys}
    assert None not in paths
    assert len(paths) == len(keys)


def test_sources_of_hetsim_are_part_of_the_name(folder, monkeypatch) -> None:
    before = TapeStore("key")._path
    monkeypatch.setattr(module, "_stamp", lambda: "other sources")
    assert TapeStore("key")._path != before


@pytest.mark.parametrize("damage", [lambda b: b[:-1], lambda b: b[:40], lambda b: b"x" + b[1:]])
def test_a_damaged_file_is_not_read(folder, model, damage) -> None:
    store = TapeStore("key")
    store.write(model)
    [path] = folder.iterdir()
    path.write_bytes(damage(path.read_bytes()))
    assert store.read() is None
    store.write(model)
    assert store.read() is not None


@dataclass(frozen=True)
class OfAUser:
    """What does something to the equations that the sources of hetsim do not tell."""

    number: int = 1


@pytest.mark.parametrize("foreign", [OfAUser(), OfAUser, lambda x: x, (1, [OfAUser()])])
def test_nothing_is_kept_of_what_is_not_of_hetsim(folder, model, foreign) -> None:
    store = TapeStore("key", foreign)
    store.write(model)
    assert store.read() is None
    assert not folder.exists()


@pytest.mark.parametrize("told", ["", "0"])
def test_nothing_is_kept_unless_it_is_asked_for(folder, model, told, monkeypatch) -> None:
    monkeypatch.setenv("HETSIM_KEEP_TAPES", told)
    store = TapeStore("key")
    store.write(model)
    assert store.read() is None
    assert not folder.exists()


def test_what_was_not_used_for_longest_goes_first(folder, model, monkeypatch) -> None:
    TapeStore("old").write(model)
    [path] = folder.iterdir()
    monkeypatch.setattr(module, "MOST", int(2.5 * path.stat().st_size))
    for age, key in ((3, "old"), (2, "used"), (1, "unused")):
        TapeStore(key).write(model)
        made = TapeStore(key)._path
        os.utime(made, (1e9 - age, 1e9 - age))
    assert TapeStore("used").read() is not None  # used now
    TapeStore("new").write(model)
    found = {key: TapeStore(key).read() is not None for key in ("old", "used", "unused", "new")}
    assert found == {"old": False, "used": True, "unused": False, "new": True}


def test_a_folder_that_cannot_be_written_is_no_failure(folder, model) -> None:
    folder.parent.mkdir()
    folder.write_text("a file in its place", encoding="utf-8")
    store = TapeStore("key")
    store.write(model)
    assert store.read() is None


def test_commands_keep_tapes(monkeypatch) -> None:

    monkeypatch.delenv("HETSIM_KEEP_TAPES", raising=False)
    monkeypatch.setattr(cli, "main", lambda: None)
    cli.run()
    assert os.environ["HETSIM_KEEP_TAPES"] == "1"
    monkeypatch.setenv("HETSIM_KEEP_TAPES", "0")
    cli.run()
    assert os.environ["HETSIM_KEEP_TAPES"] == "0"


def test_a_structure_counts_as_built_once(czt) -> None:
    built_model(czt, "SPM")
    before = builds()
    built_model(czt, "SPM")
    hs.run(czt, hs.RateTest([1.0], from_equilibrium=True), "SPM")
    assert builds() == before
