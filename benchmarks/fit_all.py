"""All measured rate curves of five points or more: fitted, an interior point left out, the highest current predicted.

    python benchmarks/fit_all.py            # resumes where it was stopped; some minutes on two cores
    python benchmarks/fit_all.py --write    # and writes its table into docs/fits.md

Priors are learned from fits with weak priors, and always from other papers than those of the curves that are judged:
papers are split into groups, and each group is judged with the priors of the others. How closely a fit follows its
points is chosen on left-out points of the others too (closeness.py). The rate equation of Tian et al. is regularised in
the same way: its priors are learned and its noise is chosen on the same papers.

Errors are mean |model / measured - 1| over the points of a curve, median and 90th percentile over curves.
"""

import argparse
import json
import multiprocessing
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import click
import numpy as np
import pandas as pd
from closeness import Pair, chosen
from measured_curves import LEARNED, Array, Curve, folds, learned, measured_curves

import hetsim as hs
from hetsim.analysis.rate_equation import RateEquationPriors, fit_rate_equation
from hetsim.fitting.fit import SLOPE_FIRST_CYCLE, SLOPE_NOISE, followed
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE, FreeValue
from hetsim.simulation.run_many import rate_capacities

GROUPS, ROUNDS = 5, 2
"""Of papers; and of fits from which priors are learned, the first with weak priors."""
NOISE, FIRST_CYCLE = SLOPE_NOISE, SLOPE_FIRST_CYCLE
"""Of the fits from which priors are learned, and of intervals."""
NAMES = ("capacity over the highest", "fast fraction", "series resistance", "R^2/D [h]")
WEAK = ((1.1, 0.5), (0.3, 1.0), (20.0, 1.5), (6.0, 3.0))
"""Centre and width of the logarithm of each, for the fits from which priors are learned."""
WEAK_EQUATION = ((1.1, 0.5), (0.03, 3.0), (0.6, 0.7))
DOCS = Path(__file__).parents[1] / "docs" / "fits.md"
BEGIN, END = "<!-- benchmarks/fit_all.py -->\n", "<!-- end -->\n"

Priors = Sequence[tuple[float, float]]
Record = dict[str, Any]


# --- one fit --------------------------------------------------------------------------------------


def fitted(curve: Curve, priors: Priors) -> Any:
    """A fit of a curve with given priors and the noise of the intervals, from the neutral cell."""
    cell = curve.cell()
    capacity, fast, resistance, hours = priors
    radius = cell.values.number("Particle radius [m]")
    free = [
        FreeValue(CAPACITY, capacity[0] * max(curve.capacities), capacity[1]),
        FreeValue(FAST, *fast),
        FreeValue(RESISTANCE, *resistance),
        FreeValue(GRAINS[0], radius**2 / (3600 * hours[0]), hours[1], tied=GRAINS[1:]),
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return hs.fit(cell, curve.measured, free, noise=NOISE, first_cycle=FIRST_CYCLE)


def capacities(found: Any, close: Pair, currents: Sequence[float]) -> tuple[Array, Array]:
    """Of a fit that follows its points more closely, at some currents [mA.h.g-1]; and logarithms of its values."""
    x = followed(found.problem, found.best, *close)
    [simulated] = rate_capacities(list(found.problem.solved(x)), hs.RateTest(currents))
    assert simulated is not None
    return simulated, x


def logarithms(curve: Curve, found: Any, x: Array) -> list[float]:
    """Values x of a fit in the order of NAMES."""
    radius = found.cells[0].values.number("Particle radius [m]")
    x = np.array(x)
    x[0] -= np.log(max(curve.capacities))
    x[3] = np.log(radius**2 / 3600) - x[3]
    return [float(one) for one in x]


def off(model: Any, measured: float) -> float:
    """|model / measured - 1| [%]."""
    return 100 * abs(float(model) / measured - 1)


def values_of(curve: Curve, priors: Priors, of_equation: Priors) -> Record:
    """Values and covariances of both models with given priors."""
    found = fitted(curve, priors)
    covariance = np.array(found.linearised.covariance)
    covariance[3, :3] *= -1  # R^2/D in the place of D
    covariance[:3, 3] *= -1
    equation = fit_rate_equation(curve.currents, curve.capacities, equation_priors(of_equation))
    top = max(curve.capacities)
    values = (equation.full_capacity / top, equation.time_constant, equation.exponent)
    assert equation.covariance is not None
    return {
        "x": logarithms(curve, found, found.best),
        "covariance": covariance.tolist(),
        "equation": np.log(values).tolist(),
        "equation_covariance": equation.covariance.tolist(),
    }


def equation_priors(
    priors: Priors, noise: float = NOISE, first_cycle: float = FIRST_CYCLE
) -> RateEquationPriors:
    full, fade, exponent = priors
    return RateEquationPriors(full, fade, exponent, noise, first_cycle)


def judged(
    curve: Curve, priors: Priors, of_equation: Priors, close: Pair, close_equation: Pair
) -> Record:
    """Errors of both models: fitted, each interior point left out, the highest current predicted [%]."""
    given = equation_priors(of_equation, *close_equation)
    order = np.argsort(curve.currents)
    last = int(order[-1])
    record: Record = {"fit": [], "equation_fit": [], "left_out": [], "equation_left_out": []}
    whole = fitted(curve, priors)
    equation = fit_rate_equation(curve.currents, curve.capacities, given)
    shown, x = capacities(whole, close, curve.currents)
    record["fit"] = [off(one, of) for one, of in zip(shown, curve.capacities, strict=True)]
    record["equation_fit"] = [abs(e) for e in equation.errors]
    record["x"] = logarithms(curve, whole, x)
    for place in (*map(int, order[1:-1]), last):
        less = curve.without(place)
        simulated, _ = capacities(fitted(less, priors), close, curve.currents)
        equation = fit_rate_equation(less.currents, less.capacities, given)
        pair = (
            off(simulated[place], curve.capacities[place]),
            off(equation.capacities([curve.currents[place]])[0], curve.capacities[place]),
        )
        if place == last:
            record["highest"], record["equation_highest"] = pair
        else:
            record["left_out"].append(pair[0])
            record["equation_left_out"].append(pair[1])
    return record


# --- all of them ----------------------------------------------------------------------------------


def prior_of(kept: Sequence[Record]) -> tuple[Any, Any]:
    """Priors of both models from fits."""
    made = []
    for x, covariance in (("x", "covariance"), ("equation", "equation_covariance")):
        centre, widths = learned(
            np.array([one[x] for one in kept]), np.array([one[covariance] for one in kept])
        )
        made.append([(float(c), float(w)) for c, w in zip(np.exp(centre), widths, strict=True)])
    return made[0], made[1]


def priors_without(
    groups: Sequence[set[str]], curves: Sequence[Curve], folder: Path, processes: int
) -> list[tuple[Any, Any]]:
    """Priors of both models from all papers but those of each group, after some rounds of fits."""
    priors: list[tuple[Any, Any]] = [(WEAK, WEAK_EQUATION)] * len(groups)
    for turn in range(ROUNDS):
        tasks = [
            # with weak priors all groups have the same fits
            (f"{curve.name}@{place}", curve, *priors[place])
            for place, papers in enumerate(groups)
            for curve in curves
            if (turn == 0 and place == 0) or (turn and curve.doi not in papers)
        ]
        label = f"priors, round {turn + 1} of {ROUNDS}"
        made = each(_values, tasks, folder / f"values-{turn + 1}.jsonl", label, processes)
        priors = [
            prior_of(
                [
                    made[f"{curve.name}@{place if turn else 0}"]
                    for curve in curves
                    if curve.doi not in papers
                ]
            )
            for place, papers in enumerate(groups)
        ]
    return priors


def each(
    work: Callable[[Any], tuple[str, Record]],
    tasks: Sequence[Any],
    store: Path,
    label: str,
    processes: int,
) -> dict[str, Record]:
    """The records of all tasks by name; what a store holds already is not done again."""
    done = dict(stored(store))
    left = [task for task in tasks if task[0] not in done]
    with (
        multiprocessing.get_context("spawn").Pool(processes) as pool,
        click.progressbar(length=len(tasks), label=label, file=sys.stderr) as bar,
        store.open("a") as file,
    ):
        bar.update(len(tasks) - len(left))
        for name, record in pool.imap_unordered(work, left):
            done[name] = record
            file.write(json.dumps({"curve": name, **record}) + "\n")
            file.flush()
            bar.update(1)
    return done


def stored(store: Path) -> Iterator[tuple[str, Record]]:
    if store.exists():
        for line in store.read_text().splitlines():
            record = json.loads(line)
            yield record.pop("curve"), record


def _values(task: tuple[str, Curve, Priors, Priors]) -> tuple[str, Record]:
    return task[0], values_of(*task[1:])


def _judged(task: tuple[str, Curve, Priors, Priors, Pair, Pair]) -> tuple[str, Record]:
    return task[0], judged(*task[1:])


# --- the table ------------------------------------------------------------------------------------


def lines(curves: Sequence[Curve], records: dict[str, Record]) -> Iterator[str]:
    """The table of errors and the share of curves on which hetsim predicts better."""
    yield "| curves | model | fit | interior point left out | highest current predicted |"
    yield "|---|---|---|---|---|"
    groups: dict[str, Callable[[Curve], bool]] = {
        "all": lambda one: True,
        "without abrupt ones": lambda one: not one.is_abrupt,
        "heterostructures": lambda one: one.is_heterostructure,
        "controls": lambda one: not one.is_heterostructure,
    }
    for title, belongs in groups.items():
        some = [records[one.name] for one in curves if belongs(one)]
        if not some:
            continue
        for model, prefix in (("hetsim", ""), ("rate equation", "equation_")):
            cells = [
                spread([float(np.mean(one[prefix + key])) for one in some])
                for key in ("fit", "left_out", "highest")
            ]
            yield f"| {title} ({len(some)}) | {model} | {' | '.join(cells)} |"
    yield ""
    better = [
        records[one.name]["highest"] < records[one.name]["equation_highest"] for one in curves
    ]
    papers = {one.doi for one in curves}
    yield (
        f"hetsim predicts the highest current better than the rate equation on {100 * np.mean(better):.0f} % of "
        f"{len(curves)} curves of {len(papers)} papers. Abrupt: "
        f"{', '.join(one.name for one in curves if one.is_abrupt) or 'none'}."
    )


def closeness_line(pairs: Sequence[tuple[Pair, Pair]]) -> str:
    """Which noise was chosen without each group of papers, and on all."""
    told = []
    for place, model in enumerate(("hetsim", "rate equation")):
        *without, on_all = (
            f"{100 * noise:g} % x {factor:g}" for noise, factor in (one[place] for one in pairs)
        )
        told.append(f"{model} {', '.join(without)}, on all papers {on_all}")
    return f"Noise of the points and its factor at the lowest current, chosen without each group: {'; '.join(told)}."


def spread(errors: Sequence[float]) -> str:
    return f"{np.median(errors):.2f} / {np.percentile(errors, 90):.1f} %"


def prior_lines(priors: Priors, of_equation: Priors) -> Iterator[str]:
    yield "Priors learned on all papers (centre, width of the logarithm): " + "; ".join(
        f"{name} {centre:.3g}, {width:.2g}"
        for name, (centre, width) in zip(
            (*NAMES, "Q_M over the highest", "tau [h]", "n"), (*priors, *of_equation), strict=True
        )
    )


def write_page(text: Sequence[str]) -> None:
    """Put the table between its marks in docs/fits.md."""
    before, _, rest = DOCS.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    DOCS.write_text(before + BEGIN + "\n".join(text) + "\n" + END + after)


def write_values(curves: Sequence[Curve], folder: Path) -> None:
    """Keep the values and variances that the shipped priors are learned from (`shipped_priors`)."""
    made = dict(stored(folder / f"values-{ROUNDS}.jsonl"))
    rows = []
    for curve in curves:
        record = made[f"{curve.name}@{GROUPS}"]
        row: Record = {"curve": curve.name}
        for title, x, covariance in (
            ("cell", record["x"], record["covariance"]),
            ("equation", record["equation"], record["equation_covariance"]),
        ):
            for place, (one, width) in enumerate(zip(x, np.sqrt(np.diag(covariance)), strict=True)):
                row |= {
                    f"{title}_{place}": round(one, 4),
                    f"{title}_{place}_width": round(width, 4),
                }
        rows.append(row)
    pd.DataFrame(rows).to_csv(LEARNED, index=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path, default=Path("hetsim-out/fit-all"))
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="write the table into docs/fits.md")
    given = parser.parse_args()
    given.store.mkdir(parents=True, exist_ok=True)
    curves = measured_curves()
    groups = folds(curves, GROUPS)
    *priors, of_all = priors_without([*groups, set()], curves, given.store, given.processes)
    pairs = chosen(curves, [*groups, set()], [*priors, of_all], (NOISE, FIRST_CYCLE))
    tasks = []
    for curve in curves:
        k = next(k for k, papers in enumerate(groups) if curve.doi in papers)
        tasks.append((curve.name, curve, *priors[k], *pairs[k]))
    records = each(_judged, tasks, given.store / "judged.jsonl", "left out", given.processes)
    text = [*lines(curves, records), "", closeness_line(pairs)]
    print("\n".join([*text, *prior_lines(*of_all)]))
    if given.write:
        write_page(text)
        write_values(curves, given.store)


if __name__ == "__main__":
    main()
