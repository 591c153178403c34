"""The store of a sweep: whatever ends a run, going on gives the data of an undisturbed one."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from sweep_cases import RATE, assert_same, cheap_cell, many

import hetsim as hs
from hetsim import engine
from hetsim.errors import StoreError
from hetsim.sweeping import workers as workers_module
from hetsim.sweeping.store import opened

CASES, CHUNK = 12, 2


def swept(path=None, design=None, cell=None, **choices):
    choices = {"workers": 1, "chunk": CHUNK, **choices}
    return hs.sweep(cell or cheap_cell(), design or many(CASES), RATE, "SPM", store=path, **choices)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """The sweep as it is when nothing happens to it, with its store."""
    path = tmp_path_factory.mktemp("undisturbed") / "study.zarr"
    return swept(path), path


class StopError(Exception):
    pass


def stop_after(chunks):
    """A progress function that ends the sweep."""

    def tell(done, cases, failed):
        if done >= chunks * CHUNK:
            raise StopError

    return tell


def count_solves(monkeypatch):
    """How many cases are run, call by call: nothing else in a sweep calls a solver."""
    calls = []
    real = workers_module.run_order
    monkeypatch.setattr(
        workers_module, "run_order", lambda order: calls.append(len(order.which)) or real(order)
    )
    return calls


def test_the_store_and_memory_hold_the_same(undisturbed):
    data, path = undisturbed
    assert_same(swept(), data)
    assert_same(hs.open_sweep(path), data)


def test_the_second_time_comes_from_the_store(undisturbed, monkeypatch):
    data, path = undisturbed
    before = engine.builds()
    solves = count_solves(monkeypatch)
    xr.testing.assert_identical(swept(path), data)
    assert (solves, engine.builds()) == ([], before)


def test_a_stopped_sweep_runs_only_the_rest(undisturbed, tmp_path, monkeypatch):
    path = tmp_path / "study.zarr"
    with pytest.raises(StopError):
        swept(path, progress=stop_after(2))
    partial = hs.open_sweep(path)
    assert np.sum(partial["outcome"] == "not run") == CASES - 2 * CHUNK
    solves = count_solves(monkeypatch)
    assert_same(swept(path), undisturbed[0])
    assert sum(solves) == CASES - 2 * CHUNK


def test_any_xarray_reads_the_store(undisturbed):
    data, path = undisturbed
    plain = xr.open_zarr(path, consolidated=False)
    np.testing.assert_array_equal(plain["capacity_mAh_per_g"], data["capacity_mAh_per_g"])


# --- texts -----------------------------------------------------------------------------------------

CROSSED = {"Lower voltage cut-off [V]": [0.01, 3.5, 3.6, 3.7, 0.02, 3.8]}
"""Cut-offs of which four are above the upper one, each refused with a sentence of its own."""


def test_texts_stand_in_the_store_as_codes(tmp_path):
    path = tmp_path / "study.zarr"
    data = swept(path, design=CROSSED, chunk=2)
    store = opened(path)
    assert store.array("outcome").dtype == np.int32
    assert store.array("reason").attrs["texts"] == "texts"
    plain = xr.open_zarr(path, consolidated=False)
    texts = plain["texts"].values
    assert texts[0] == ""
    assert len(set(texts.tolist())) == len(texts) == 1 + 2 + 4  # blank, two outcomes, four reasons
    np.testing.assert_array_equal(texts[plain["reason"].values.ravel()], data["reason"].values)
    assert "texts" not in data.variables
    assert "texts" not in data["reason"].attrs


def test_a_stopped_sweep_goes_on_with_texts_that_are_new(tmp_path):
    """The texts of later chunks come after those of the chunks that were there before the stop."""
    expected = swept(design=CROSSED, chunk=2)
    path = tmp_path / "study.zarr"
    with pytest.raises(StopError):
        swept(path, design=CROSSED, chunk=2, progress=stop_after(1))
    partial = hs.open_sweep(path)
    assert partial["outcome"].values.tolist()[2:] == 4 * ["not run"]
    assert_same(swept(path, design=CROSSED, chunk=2), expected)


def test_texts_that_are_lost_are_found_again(tmp_path):
    path = tmp_path / "study.zarr"
    expected = swept(path, design=CROSSED, chunk=2)
    opened(path).array("texts")[1:] = ""
    again = swept(path, design=CROSSED, chunk=2)
    assert_same(again, expected)


def test_the_size_of_the_chunks_of_a_store_is_kept(tmp_path):
    """The usual size depends on what runs here; a study that names none takes that of the store."""
    path = tmp_path / "study.zarr"
    with pytest.raises(StopError):
        swept(path, progress=stop_after(1))
    done = []
    swept(path, chunk=None, progress=lambda *numbers: done.append(numbers[0]))
    assert done == list(range(2 * CHUNK, CASES + 1, CHUNK))


def as_format_1(path):
    """Make of a store one whose rows hold the text itself."""
    store = opened(path)
    for name in [name for name in store.group if store.is_coded(name)]:
        array = store.array(name)
        texts, attributes = store.read(name), {k: v for k, v in array.attrs.items() if k != "texts"}
        new = store.group.create_array(
            name,
            shape=array.shape,
            chunks=array.chunks,
            dtype="string",
            fill_value="",
            dimension_names=store.along(name),
            attributes=attributes,
            overwrite=True,
        )
        new[:] = texts
    del store.group["texts"]
    store.group.attrs["hetsim_sweep"] = {**store.manifest, "format": 1}
    again = opened(path)
    marks = again.array("chunk_checksum")
    for index in np.flatnonzero(np.asarray(marks[:])):
        rows = slice(int(index) * CHUNK, (int(index) + 1) * CHUNK)
        names = [name for name in again.group if again.along(name)[0] == "case"]
        marks[int(index)] = again._checksum({name: again.read(name, rows) for name in names})


def test_a_store_of_format_1_opens_and_goes_on(undisturbed, tmp_path):
    path = tmp_path / "study.zarr"
    with pytest.raises(StopError):
        swept(path, progress=stop_after(2))
    as_format_1(path)
    old = hs.open_sweep(path)
    assert old["outcome"].values.tolist()[: 2 * CHUNK] == 2 * CHUNK * ["cut-off reached"]
    assert old["outcome"].values.tolist()[2 * CHUNK :] == (CASES - 2 * CHUNK) * ["not run"]
    done = []
    data = swept(path, progress=lambda *numbers: done.append(numbers[0]))
    assert done[0] == 3 * CHUNK  # what was there is kept
    assert_same(data, undisturbed[0])
    assert_same(hs.open_sweep(path), undisturbed[0])


SCRIPT = """
import sys, time
import hetsim as hs
from sweep_cases import RATE, cheap_cell, many
def tell(done, cases, failed):
    print(done, flush=True)
    time.sleep(0.3)  # time to be killed in
hs.sweep(cheap_cell(), many({cases}), RATE, "SPM", store=sys.argv[1], workers={workers}, chunk={chunk}, progress=tell)
"""


@pytest.mark.parametrize("workers", [1, 2])
def test_kill_9_of_the_process(workers, undisturbed, tmp_path):
    """No `if __name__ == "__main__"` in the script, as users write it. The workers end with it."""
    path = tmp_path / "study.zarr"
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(cases=CASES, workers=workers, chunk=CHUNK))
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, str(script), str(path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{root}:{root / 'tests' / 'helpers'}"},
        cwd=tmp_path,
        text=True,
    )
    assert process.stdout.readline()  # one chunk is there
    children = _descendants(process.pid)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    done = int(np.sum(hs.open_sweep(path)["outcome"] != "not run"))
    assert 0 < done < CASES
    assert_same(swept(path), undisturbed[0])
    if workers > 1:
        _wait_for_end(children)


def test_kill_9_of_a_worker(undisturbed):
    killed = []

    def kill(done, cases, failed):
        if not killed:
            killed.append(multiprocessing.active_children()[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    assert_same(swept(workers=2, progress=kill), undisturbed[0])
    assert killed


def test_a_case_that_kills_its_worker_is_a_row_with_a_reason(tmp_path):
    """The worker is killed from inside whenever it meets the case, as by a fault in compiled code."""
    root = Path(__file__).parents[2]
    script = tmp_path / "deadly.py"
    script.write_text(DEADLY)
    done = subprocess.run(
        [sys.executable, str(script)],
        env={**os.environ, "PYTHONPATH": f"{root}:{root / 'tests' / 'helpers'}"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split("\n")[:2] == ["3 cut-off reached", "1 solver failed"]
    assert "worker process died" in done.stdout


DEADLY = """
import collections, os, signal
from concurrent.futures import ProcessPoolExecutor
import multiprocessing
import numpy as np
from hetsim.sweeping import workers, chunk
from hetsim.sweeping.study import Study
from sweep_cases import RATE, RADIUS, cheap_cell, many

study = Study((cheap_cell(),), many(4), RATE, "SPM", chunk=2)
deadly = study.values(slice(2, 3))[RADIUS][0]
real = chunk.run_order

def run(order):
    if deadly in order.changes[RADIUS]:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(order)

workers.run_order = run

class Forked(workers.LocalProcesses):
    def start(self, width):
        return ProcessPoolExecutor(width, mp_context=multiprocessing.get_context("fork"))

found = dict(workers.over(Forked(1), ((i, study.order(i)) for i in range(2))))
outcomes = np.concatenate([found[i]["outcome"] for i in range(2)])
for name, count in collections.Counter(outcomes).most_common():
    print(count, name)
print(*[r for i in range(2) for r in found[i]["reason"] if r])
"""


# --- stores that do not fit ----------------------------------------------------------------------


def contents(path):
    return {p.relative_to(path): p.read_bytes() for p in path.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"design": many(CASES + 1)}, "design, cases: 12 in the store, 13 now"),
        (
            {"cell": cheap_cell().with_values({"Series resistance [Ohm.cm2]": 3.0})},
            r"Series resistance \[Ohm.cm2\]: 2.86 in the store, 3.0 now",
        ),
        ({"cell": hs.load("CT")}, r"systems: CZT \(core-shell\) in the store, CT now"),
        ({"chunk": 3}, "chunk: 2 in the store, 3 now"),
        ({"traces": 5}, "trace_points"),
    ],
    ids=["design", "parameter", "system", "chunk", "traces"],
)
def test_another_study_is_refused_with_the_difference(undisturbed, change, words):
    _, path = undisturbed
    before = contents(path)
    with pytest.raises(hs.ParameterError, match=words):
        swept(path, **change)
    assert contents(path) == before


def test_another_version_is_refused(undisturbed, monkeypatch):
    from hetsim.sweeping import study

    there = study.versions()
    monkeypatch.setattr(study, "versions", lambda: {**there, "pybamm": "26.11"})
    with pytest.raises(hs.ParameterError, match=r"versions, pybamm: \S+ in the store, 26.11 now"):
        swept(undisturbed[1])


def test_a_folder_that_is_not_ours_is_left_as_it_is(tmp_path):
    folder = tmp_path / "notes"
    folder.mkdir()
    (folder / "zarr.json").write_text("{}")
    with pytest.raises(StoreError, match="is no store of a hetsim sweep"):
        swept(folder)
    assert contents(folder) == {Path("zarr.json"): b"{}"}


def test_a_file_in_the_place_of_a_store_is_left_as_it_is(tmp_path):
    file = tmp_path / "study.zarr"
    file.write_text("mine")
    with pytest.raises(StoreError, match="is no store"):
        swept(file)
    assert file.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="cannot be written"):
        swept(tmp_path / "file" / "study.zarr")


def test_one_sweep_at_a_time_writes_into_a_store(undisturbed):
    _, path = undisturbed
    other = opened(path)
    other.lock()
    with pytest.raises(StoreError, match="in use by another sweep"):
        swept(path)
    other.release()
    swept(path)


@pytest.mark.parametrize("damage", ["torn", "missing", "changed"])
def test_a_chunk_that_is_not_as_it_was_written_is_run_again(damage, undisturbed, tmp_path):
    """A torn write after a power loss: the mark is there, its data are not."""
    path = tmp_path / "study.zarr"
    swept(path)
    file = path / "capacity_mAh_per_g" / "c" / "1" / "0"
    if damage == "torn":
        file.write_bytes(file.read_bytes()[:10])
    elif damage == "missing":
        file.unlink()
    else:
        opened(path).array("capacity_mAh_per_g")[CHUNK] = 1.0
    solved = []
    again = swept(path, progress=lambda done, cases, failed: solved.append(done))
    assert_same(again, undisturbed[0])
    assert solved == [CASES]  # one chunk, the last that was missing


def _descendants(pid):
    """Children of a process and theirs (Linux)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            child = int(stat.parent.name)
            found += [child, *_descendants(child)]
    return found


def _wait_for_end(pids):
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        alive = [p for p in pids if Path(f"/proc/{p}").exists()]
        if not alive:
            return
        time.sleep(0.1)
    raise AssertionError(f"workers {alive} outlive their sweep")
