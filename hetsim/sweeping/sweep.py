"""hs.sweep: run every case of a design and hand back one labelled dataset."""

import os
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import xarray as xr

from hetsim.cells.full_cell import Cell, FullCell
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import whole_number
from hetsim.results import Outcome
from hetsim.results.renamed import with_new_names
from hetsim.sweeping.checks import check_size
from hetsim.sweeping.dataset import SPOILT, dataset
from hetsim.sweeping.design import Design, Grid
from hetsim.sweeping.store import Store, created, exists, opened
from hetsim.sweeping.study import FORMAT, READABLE, Study, difference
from hetsim.sweeping.texts import Texts
from hetsim.sweeping.workers import Cluster, LocalProcesses, connected, in_this_process, over

Progress = Callable[[int, int, int], None]
"""Called with the cases done, all cases, and those done that did not end well."""


def sweep(
    cell: Cell | Sequence[Cell],
    design: Design | Mapping[str, Any],
    protocol: Any,
    model: str = "SPMe",
    *,
    store: str | Path | None = None,
    engine: Any = None,
    workers: int | None = None,
    traces: int = 0,
    large: bool = False,
    chunk: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Run a protocol on every case of a design; the same call for ten cases and for a million.

    Parameters
    ----------
    cell : Cell | Sequence[Cell]
        One cell, or several, which make a dimension `system`
    design : Design | Mapping[str, Any]
        hs.Grid, Zip, Cases, LatinHypercube, SobolSequence, SaltelliDesign or MorrisDesign; a
        mapping of names to values is a grid
    protocol : protocol
        What is done to each cell
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN"
    store : str | Path | None, default None
        Folder (zarr) that each finished chunk is written into. If it holds this very study, what is
        there is kept and only the rest is run; a finished one costs no solve at all.
    engine : object, default None
        A dask.distributed Client, the address of a scheduler, or an Executor; without one,
        processes of this machine
    workers : int | None, default None
        How many of these; 1 stays in this process, and so does a small sweep by default
    traces : int, default 0
        Points of each voltage curve to keep, over the charge that passed
    large : bool, default False
        Confirms a design of more than a million cases
    chunk : int | None, default None
        Cases that are run and written together
    progress : Progress | None, default None
        Called with the cases done, those of all, and those that failed

    Returns
    -------
    xr.Dataset

    Raises
    ------
    ParameterError
        For anything wrong in the design, the store or the engine, before anything runs or is
        written; SweepInterruptedError if a cluster goes away.

    Notes
    -----
    The result has outcome and reason of each case, its charge balance and time used, and the numbers of
    the protocol; a case that fails never stops the others.
    """
    cells = (cell,) if isinstance(cell, HalfCell | FullCell) else tuple(cell)
    design = design if isinstance(design, Design) else Grid(design)
    check_size(len(cells) * design.size, store is not None, large)
    study = Study(cells, design, protocol, model, traces, chunk)
    return run_study(study, store, engine, workers, progress)


def run_study(
    study: Study,
    store: str | Path | None = None,
    engine: Any = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> xr.Dataset:
    """Run what of a study is not in its store yet."""
    if workers is not None and whole_number(workers, "workers", "A sweep") < 1:
        raise ParameterError(f"A sweep: 'workers' is {workers}; it must be 1 or more.")
    path = None if store is None else Path(store)
    there = None
    if path is not None and exists(path):
        there, study = matching(path, study)
    if engine is not None and not isinstance(engine, str):
        Cluster(engine)  # says what is wrong with it before a store is made
    client = connected(engine) if isinstance(engine, str) else None
    try:
        kept = there or created(path, study.manifest, study.layout)
        kept.lock()
        try:
            _run_missing(study, kept, client or engine, workers, progress)
            found = dataset(kept)
            if (found["outcome"] == SPOILT).any():
                raise kept.damaged("what was written just now does not come back")
            return found
        finally:
            kept.release()
    finally:
        if client is not None:
            client.close()


def matching(path: Path, study: Study) -> tuple[Store, Study]:
    """The store at a path, if it holds this very study; ParameterError with the difference if not.

    A study that leaves the size of its chunks to what runs here takes that of the store.
    """
    store = opened(path)
    manifest = store.manifest
    if study.chunk is None:
        study = replace(study, chunk=manifest["chunk"])
    there = {**manifest, "protocol": with_new_names(manifest["protocol"])}
    if there["format"] in READABLE:
        there["format"] = FORMAT
    told = difference(there, study.manifest)
    if told:
        raise ParameterError(
            f"The store '{path}' holds another study ({told}); nothing was written. Choose another "
            "path, or undo the change."
        )
    return store, study


def _run_missing(
    study: Study, store: Store, engine: Any, workers: int | None, progress: Progress | None
) -> None:
    layout = study.layout
    done = set(store.done(layout))
    missing = [index for index in range(layout.chunks) if index not in done]
    if not missing:
        return
    rows = [layout.rows(index) for index in done]
    finished = sum(row.stop - row.start for row in rows)
    failed = sum(_failures(store.read("outcome", row)) for row in rows)
    with closing(_spread(study, missing, engine, workers)) as results:
        for index, content in results:
            here = layout.rows(index)
            store.write(index, {**study.values(here), **content}, layout)
            finished += here.stop - here.start
            failed += _failures(content["outcome"])
            if progress is not None:
                progress(finished, study.cases, failed)


CHUNKS_A_PROCESS = 10
"""Chunks that a process of its own must have to do to be worth its start, unless the user says how many;
it takes some seconds, as does the build of the model in it."""


def _spread(
    study: Study, missing: list[int], engine: Any, workers: int | None
) -> Generator[tuple[int, Any]]:
    cores = os.cpu_count() or 1
    width = min(workers, len(missing)) if workers else min(cores, len(missing) // CHUNKS_A_PROCESS)
    if (
        not workers and study.by_columns
    ):  # threads share the chunks of this process, which need no start
        width = 1
    if engine is None and width <= 1:
        orders = ((i, study.order(i, threads=workers or cores)) for i in missing)
        return in_this_process(orders, ahead=study.by_columns)
    pool = LocalProcesses(width) if engine is None else Cluster(engine)
    return over(pool, ((i, study.order(i)) for i in missing))


def _failures(outcomes: Any) -> int:
    found = Texts.of(outcomes)
    return sum(
        int(count)
        for text, count in zip(found.known, found.counts(), strict=True)
        if count and not Outcome(text).good
    )
