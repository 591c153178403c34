"""The error and the cost of the mesh of a particle, from finer ones."""

import itertools
import time
from collections.abc import Mapping

import numpy as np
import pybamm

import hetsim as hs
from hetsim import names
from hetsim.simulation.potentiostat import Potentiostat

LEAST = 2e-5
"""Of the full capacity: a smaller change from N to 2N volumes has no order that means anything."""


def mesh_error(cell: hs.HalfCell, ranges: Mapping[str, tuple[float, float]]) -> dict[str, float]:
    """Error of capacity by the particle mesh, the largest at the corners of the range of a sweep, over
    the capacity delivered and over the full one; and the smallest order that was observed.

    With N, 2N and 4N volumes, q(N) = q + c N^-p gives p and the error of N. Where a capacity happens not to
    depend on the mesh there is no order; the error then is the largest difference.
    """
    cell = cell.with_particle(in_volumes=True)
    volumes, full = cell.structure.volumes, cell.values["Specific capacity [mA.h.g-1]"]
    of_delivered, of_full, order = 0.0, 0.0, np.inf
    for ends in itertools.product(*ranges.values()):
        corner = cell.with_values(
            {name: cell.values[name] * end for name, end in zip(ranges, ends, strict=True)}
        )
        for current in (0.1, 1.0, 10.0):
            once, twice, four = (_on_mesh(corner, current, n * volumes) for n in (1, 2, 4))
            first, second = abs(twice - once), abs(four - twice)
            error = max(first, abs(four - once))
            if first > LEAST * full:
                p = np.log2(first / second)
                order = min(order, p)
                error = max(error, first / (1 - 2.0**-p)) if p > 0.5 else np.inf
            of_delivered = max(of_delivered, error / four)
            of_full = max(of_full, error / full)
    return {"of delivered": of_delivered, "of full": of_full, "order": order}


def mesh_cost(cell: hs.HalfCell) -> float:
    """Time of a discharge on the default mesh over that on half as many volumes."""
    cell = cell.with_particle(in_volumes=True)
    counts = (cell.structure.volumes // 2, cell.structure.volumes)
    best = dict.fromkeys(counts, np.inf)
    for volumes in counts * 5:
        begin = time.perf_counter()
        _on_mesh(cell, 1.0, volumes)
        best[volumes] = min(best[volumes], time.perf_counter() - begin)
    return best[counts[1]] / best[counts[0]]


_MESHED: dict[tuple, pybamm.Simulation] = {}


def _on_mesh(cell: hs.HalfCell, current: float, volumes: int) -> float:
    """Capacity [mA.h.g-1] of an SPM with so many volumes, to 1e-9 in time."""
    bench = Potentiostat(cell, "SPM")
    key = (volumes, cell.structure)
    if key not in _MESHED:
        values = cell.parameter_values()
        values.update(dict.fromkeys(bench.inputs, "[input]"))
        model = cell.model("SPM")
        points = {**model.default_var_pts, names.PARTICLE_COORDINATE: volumes}
        exact = pybamm.IDAKLUSolver(rtol=1e-9, atol=1e-10)
        _MESHED[key] = pybamm.Simulation(
            model, parameter_values=values, var_pts=points, solver=exact
        )
    segment = bench.segment(current)
    inputs = {**bench.inputs, **bench.built.imposed(segment, bench.inputs)}
    solution = _MESHED[key].solve([0, segment.duration], inputs=inputs)
    return float(solution.t[-1] * current / 3.6)
