"""What a discharge costs: the script that a PyBaMM user would write, and hetsim, side by side in one run.

    python benchmarks/compare_rate.py [--model SPM] [--cases 20]

The naive script makes a new Simulation for each value of the diffusivity. hetsim builds the same model once, with
every value an input. Ratios are what counts; absolute times are noise on a shared machine.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import pybamm

import hetsim as hs
from hetsim import names

CURRENT = 1.0  # A/g


def naive(cell: hs.HalfCell, kind: str) -> float:
    """Capacity [mA.h.g-1] by a Simulation of its own, as in PyBaMM's examples."""
    values = cell.parameter_values()
    mass = cell.values["Active mass loading [mg.cm-2]"] * cell.values["Electrode area [cm2]"] * 1e-3
    values[names.CURRENT] = CURRENT * mass
    simulation = pybamm.Simulation(cell.model(kind), parameter_values=values)
    hours = cell.values["Specific capacity [mA.h.g-1]"] / CURRENT / 1e3
    return float(simulation.solve([0, 3600 * hours]).t[-1] / 3.6 * CURRENT)


def with_hetsim(cell: hs.HalfCell, kind: str) -> float:
    """The same capacity by `hs.run`."""
    return float(hs.run(cell, hs.RateTest([CURRENT], from_equilibrium=True), kind).capacities[0])


def timed(
    run: Callable[[hs.HalfCell, str], float], cells: list[hs.HalfCell], kind: str
) -> tuple[float, np.ndarray]:
    """Seconds a case, and the capacities."""
    start = time.perf_counter()
    capacities = np.array([run(cell, kind) for cell in cells])
    return (time.perf_counter() - start) / len(cells), capacities


def main() -> None:
    """Print the table for one model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=["SPM", "SPMe", "DFN"], default="SPMe")
    parser.add_argument("--cases", type=int, default=20)
    chosen = parser.parse_args()
    base = hs.load("CZT")
    name = "Component A diffusivity [m2.s-1]"
    cells = [
        base.with_values({name: base.values[name] * f}) for f in np.geomspace(0.3, 3, chosen.cases)
    ]
    start = time.perf_counter()
    with_hetsim(base, chosen.model)
    build = time.perf_counter() - start
    slow, reference = timed(naive, cells, chosen.model)
    fast, capacities = timed(with_hetsim, cells, chosen.model)
    print(
        f"{chosen.model}, {chosen.cases} discharges at {CURRENT:g} A/g, CZT with spread and fast share"
    )
    print(f"  a new Simulation each time   {1e3 * slow:8.1f} ms")
    print(
        f"  hetsim, built once           {1e3 * fast:8.1f} ms   (first build and run {build:.2f} s)"
    )
    print(f"  ratio                        {slow / fast:8.1f}")
    print(
        f"  largest difference           {np.max(np.abs(capacities / reference - 1)):8.1e} of capacity"
    )


if __name__ == "__main__":
    main()
