"""How often does the evidence favour the mechanism that made the data, and does it say so where the data cannot tell?

    python -m benchmarks.evidence --out evidence.csv [--cases 10] [--fields 3]

Rate curves of six currents are made from the lumped cell of CZT (SPM), one of whose values is changed by a factor of
3 to 30 in the direction that costs capacity: the truth. Where a field is the truth or the other model, the cell is a
core-shell particle of one size without a potential, and the truth of a field is one of 20 to 100 mV. Capacity and fast
fraction are drawn as well, and 1.5 % of noise is added. Two models are weighed, the true one and another one, each with
three free values. What the data can tell is found on the same curve without noise: they can if the evidence gives the
truth 100:1, the truth is ambiguous if it gives it less than 3:1. A case that stands in the file is not run again. The
tables are in docs/mechanisms.md.
"""

import argparse
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import numpy as np
import pandas as pd

import hetsim as hs
from hetsim.fitting.free_value import CAPACITY, FAST
from hetsim.fitting.mechanisms import mechanism_named
from hetsim.parameters.values import MeasuredRate

CURRENTS = (0.1, 0.3, 1.0, 2.0, 5.0, 10.0)
NOISE = 0.015
PAIRS = (
    ("diffusivity", "exchange current"),
    ("diffusivity", "resistance"),
    ("diffusivity", "size"),
    ("exchange current", "resistance"),
)
WITH_FIELD = (("field", "diffusivity"), ("field", "exchange current"), ("field", "size"))
POTENTIALS = (0.02, 0.1)
"""Of a field that is the truth [V]; the measured ones of such junctions lie between 17 and 63 mV."""
WORSE = {"diffusivity": -1, "exchange current": -1, "resistance": 1, "size": 1}
"""Direction of the logarithm that costs capacity."""
SURE, UNSURE = 100.0, 3.0
OPTIONS = {"model": "SPM", "cycles": 1, "first_cycle": 1.0, "noise": NOISE}


def cases(count: int, fields: int) -> Iterator[tuple[str, str, int]]:
    """Truth, the other model, and a seed."""
    for pairs, seeds in ((PAIRS, count), (WITH_FIELD, fields)):
        for pair in pairs:
            for truth, other in permutations(pair):
                for seed in range(seeds):
                    yield truth, other, seed


def electrode(truth: str, other: str) -> hs.HalfCell:
    """The cell as it is without the truth."""
    if "field" not in (truth, other):
        return hs.load("CZT", "lumped")
    shell = hs.load("CZT", "core-shell").with_particle(classes=1)
    return mechanism_named("field").without(shell)


def changed(truth: str, cell: hs.HalfCell, rng: np.random.Generator) -> dict[str, float]:
    """The values of the truth, and as `factor` what they differ by from those of the cell; of a field its potential."""
    free = mechanism_named(truth).free
    if truth == "field":
        potential = float(np.exp(rng.uniform(*np.log(POTENTIALS))))
        return {"factor": potential, **dict.fromkeys(free.names, potential)}
    factor = float(np.exp(WORSE[truth] * rng.uniform(np.log(3), np.log(30))))
    made = {"factor": factor}
    for name in free.names:
        low, high = cell.system.values[name].range or (0.0, np.inf)
        made[name] = float(np.clip(factor * cell.values.number(name), 1.05 * low, high / 1.05))
    return made


def one(truth: str, other: str, seed: int) -> dict[str, object]:
    """The odds of the truth with noise and without, and the verdict."""
    cell = electrode(truth, other)
    rng = np.random.default_rng([seed, *map(ord, truth + other)])
    made = changed(truth, cell, rng)
    factor = made.pop("factor")
    made[CAPACITY] = 486 * np.exp(0.1 * rng.normal())
    made[FAST] = 0.4 * np.exp(0.2 * rng.normal())
    run = hs.run(cell.with_values(made), hs.RateTest(CURRENTS, cycles=1), "SPM")
    exact = np.array([point.capacity for point in run.points])
    noisy = exact * np.exp(NOISE * rng.normal(size=exact.size))
    row: dict[str, object] = {"truth": truth, "other": other, "seed": seed, "factor": factor}
    for kind, data in (("exact", exact), ("noisy", noisy)):
        curve = MeasuredRate(CURRENTS, tuple(map(float, data)), "simulated")
        found = hs.evidence(
            [truth, other], curve, cell, [CAPACITY, FAST], known_noise=True, **OPTIONS
        )
        right = next(model for model in found.models if model.name == truth)
        wrong = next(model for model in found.models if model.name == other)
        row[f"ln odds, {kind}"], row[f"error, {kind}"] = found.log_odds(right, wrong)
        row[f"told, {kind}"], row[f"best, {kind}"] = found.told, found.best.name
    return row


def table(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for what the data can tell: how often the truth was favoured, said, missed, and left open."""
    exact = rows["ln odds, exact"]
    groups = {
        "the data can tell (100:1 without noise)": exact > np.log(SURE),
        "in between": (exact <= np.log(SURE)) & (exact >= np.log(UNSURE)),
        "ambiguous (below 3:1 without noise)": exact < np.log(UNSURE),
    }
    made = []
    for name, among in groups.items():
        some = rows[among]
        right, told = some["best, noisy"] == some["truth"], some["told, noisy"].astype(bool)
        made.append(
            {
                "truth": name,
                "cases": len(some),
                "truth favoured [%]": 100 * right.mean(),
                "told, and right [%]": 100 * (right & told).mean(),
                "cannot be told [%]": 100 * (~told).mean(),
                "told, and wrong [%]": 100 * (~right & told).mean(),
            }
        )
    return pd.DataFrame(made).set_index("truth")


def main(out: Path, count: int, fields: int) -> None:
    """Run the cases that are missing, and print the tables."""
    done = pd.read_csv(out).to_dict("records") if out.exists() else []
    known = {(row["truth"], row["other"], row["seed"]) for row in done}
    for case in cases(count, fields):
        if case not in known:
            done.append(one(*case))
            pd.DataFrame(done).to_csv(out, index=False)
    rows = pd.DataFrame(done)
    fielded = (rows["truth"] == "field") | (rows["other"] == "field")
    for some in (rows[~fielded], rows[fielded]):
        print(table(some).round(0).to_string())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("evidence.csv"))
    parser.add_argument("--cases", type=int, default=10)
    parser.add_argument("--fields", type=int, default=3)
    arguments = parser.parse_args()
    main(arguments.out, arguments.cases, arguments.fields)
