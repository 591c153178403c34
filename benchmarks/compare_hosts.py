"""What two hosts cost beside one lumped host: CZT both ways, side by side in one run.

    python benchmarks/compare_hosts.py [--model SPMe] [--rounds 5]

Two hosts have a potential that is a state and a diffusivity that follows it. Ratios are what counts; absolute times are
noise on a shared machine.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np

import hetsim as hs
from hetsim.simulation.run_many import run_many

RATES = hs.RateTest([0.1, 1.0, 10.0])
ONE = hs.RateTest([1.0], from_equilibrium=True)
RESISTANCE = "Series resistance [Ohm.cm2]"


def seconds(work: Callable[[], object]) -> float:
    """Of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compared(model: str, rounds: int = 5, cases: int = 40) -> dict[str, float]:
    """Time of two hosts over that of one: a rate test by hs.run, and a discharge in a list. Median of the rounds."""
    cells = (hs.load("CZT", "lumped"), hs.load("CZT"))
    lists = [
        [cell.with_values({RESISTANCE: float(r)}) for r in np.linspace(2, 4, cases)]
        for cell in cells
    ]
    found: dict[str, list[float]] = {"hs.run": [], "list": []}
    for number in range(rounds + 1):
        single = [seconds(lambda one=cell: hs.run(one, RATES, model)) for cell in cells]
        many = [seconds(lambda some=some: list(run_many(some, ONE, model))) for some in lists]
        if number:  # the first round builds
            found["hs.run"].append(single[1] / single[0])
            found["list"].append(many[1] / many[0])
    return {name: float(np.median(ratios)) for name, ratios in found.items()}


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default="SPMe")
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    for name, ratio in compared(chosen.model, chosen.rounds).items():
        print(f"{name:8s} two hosts over one: {ratio:.2f}")


if __name__ == "__main__":
    main()
