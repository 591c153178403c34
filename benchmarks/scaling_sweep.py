"""What a second worker brings: one sweep on a dask cluster of one worker and of two, and the memory of all.

    python benchmarks/scaling_sweep.py [--cases 2000] [--model SPMe] [--memory 20000]

Two free cores are needed for the ratio to mean anything. Each worker is warmed with a few cases first, so that neither
the import of PyBaMM nor the build is in the time. `--memory N` then sweeps N cases into a store and prints the
largest memory of this process.
"""

import argparse
import os
import resource
import tempfile
import time
from pathlib import Path

import numpy as np
import xarray as xr
from distributed import Client, LocalCluster

import hetsim as hs
from hetsim.sweeping import Study
from hetsim.sweeping.chunk import run_order

RADIUS = "Particle radius [m]"
RATE = hs.RateTest([1.0], from_equilibrium=True)


def design(cases: int) -> hs.Zip:
    """Radii over a decade."""
    return hs.Zip({RADIUS: np.geomspace(1e-7, 1e-6, cases)})


def resident(pid: int | None = None) -> float:
    """Memory of a process [MB], what it shares with others included (Linux)."""
    status = Path(f"/proc/{pid or os.getpid()}/status").read_text(encoding="utf-8")
    line = next(one for one in status.splitlines() if one.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


def with_workers(
    count: int, cell: hs.HalfCell, cases: int, model: str
) -> tuple[float, float, xr.Dataset]:
    """Seconds of the warm sweep, the largest memory of a worker [MB], and the data."""
    with (
        LocalCluster(
            n_workers=count, threads_per_worker=1, dashboard_address="127.0.0.1:0", memory_limit=0
        ) as cluster,
        Client(cluster) as client,
    ):
        order = Study((cell,), design(20), RATE, model).order(0)
        for address in client.scheduler_info(n_workers=-1)["workers"]:  # each builds and compiles
            client.submit(run_order, order, pure=False, workers=[address]).result()
        start = time.perf_counter()
        data = hs.sweep(cell, design(cases), RATE, model, engine=client, chunk=100)
        seconds = time.perf_counter() - start
        memory = max(resident(pid) for pid in client.run(os.getpid).values())
    return seconds, memory, data


def memory_of(cell: hs.HalfCell, cases: int, model: str, workers: int) -> tuple[float, float]:
    """Growth and peak of this process while it sweeps into a store [MB]."""
    before = resident()
    with tempfile.TemporaryDirectory() as folder:
        hs.sweep(cell, design(cases), RATE, model, store=Path(folder) / "s.zarr", workers=workers)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return resident() - before, peak


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--model", choices=["SPM", "SPMe", "DFN"], default="SPMe")
    parser.add_argument("--classes", type=int, default=9, help="size classes")
    parser.add_argument("--memory", type=int, default=0, help="cases of the sweep into a store")
    chosen = parser.parse_args()
    cell = hs.load("CZT").with_particle(classes=chosen.classes)
    print(f"{chosen.model}, {chosen.cases} discharges at 1 A/g, {chosen.classes} size classes")
    found = {n: with_workers(n, cell, chosen.cases, chosen.model) for n in (1, 2)}
    for count, (seconds, memory, _) in found.items():
        rate = chosen.cases / seconds
        print(
            f"  {count} worker(s) {seconds:8.1f} s {rate:8.1f} cases/s, {memory:6.0f} MB a worker"
        )
    (one, _, first), (two, _, second) = found[1], found[2]
    same = first.drop_vars("time_used_s").identical(second.drop_vars("time_used_s"))
    failed = int(np.sum(first["outcome"] != "cut-off reached"))
    print(f"  ratio {one / two:.2f}, the same values: {same}, not to the cut-off: {failed}")
    if chosen.memory:
        grown, peak = memory_of(cell, chosen.memory, chosen.model, workers=2)
        print(
            f"  {chosen.memory} cases into a store: this process grew by {grown:.0f} MB, peak {peak:.0f} MB"
        )


if __name__ == "__main__":
    main()
