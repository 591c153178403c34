"""Whether the interpreter is right: random cells of all shipped systems and protocols, beside PyBaMM.

    python benchmarks/check_engine.py [--cells 2000] [--first 0] [--model SPM] [--seconds 500] [--write FILE]

Each number from --first on is a cell and a protocol: a shipped system or variant, one to four of its values changed
(most of them by some tens of percent, one of ten by powers of ten), and a rate test from rest, a cycled one, a
titration, a voltammogram or cycles. It runs on the interpreter and on PyBaMM, with the same model, solved to 1e-9. What
is compared is all that a result says: outcomes, capacities over the full one, balances of charge, and of voltammograms
the charge of each sweep. Where outcomes differ, PyBaMM at its ordinary tolerances is asked, too. The same number is
the same case on every machine, so that a disagreement can be run again with --first N --cells 1.
"""

import argparse
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

import hetsim as hs
from hetsim import names
from hetsim.engine import built
from hetsim.engine.tracks import PYBAMM
from hetsim.errors import ParameterError
from hetsim.models import solver
from hetsim.parameters.library import component_names
from hetsim.parameters.system_file import read_system

MORE_STEPS = 10
"""Than hetsim gives to a solution, of which one to TIGHT needs that many more."""
TIGHT = 1e-9
"""Tolerance of PyBaMM that a capacity is compared with, relative and in units of full occupancy."""
ASKED = 1e-5
"""Of the full capacity."""
BALANCE = 1e-6

_MODELS: dict[float | None, dict] = {}
"""Built models that PyBaMM runs, by the tolerance; beside those that hetsim keeps."""


@contextmanager
def by_pybamm(tolerance: float | None = TIGHT) -> Iterator[None]:
    """Within it every run is PyBaMM's, at a tolerance; None for that of hetsim."""
    tolerances, most_steps = built.solver_tolerances, solver.most_steps
    with (
        mock.patch.object(built, "_BUILT", _MODELS.setdefault(tolerance, OrderedDict())),
        mock.patch.object(built, "interpreter", return_value=None),
        mock.patch.object(
            built,
            "solver_tolerances",
            lambda *of: (
                tolerances(*of) if tolerance is None else dict.fromkeys(("rtol", "atol"), tolerance)
            ),
        ),
        # steps are as many more as the tolerance is tighter, by the order of the method
        mock.patch.object(solver, "most_steps", lambda states: MORE_STEPS * most_steps(states)),
    ):
        yield


# --- cases ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A cell and what is done to it.

    changes : values that are not those of the system
    """

    number: int
    system: str
    variant: str
    changes: Mapping[str, float]
    protocol: Any

    def cell(self) -> Any:
        """Raises ParameterError for values that do not fit together."""
        return loaded(self.system, self.variant).with_values(self.changes)

    def __str__(self) -> str:
        return f"{self.number}: {self.system}/{self.variant or '-'} {dict(self.changes)} {self.protocol}"


_LOADED: dict[tuple[str, str], Any] = {}


def loaded(system: str, variant: str) -> Any:
    """A shipped cell, read once."""
    if (system, variant) not in _LOADED:
        _LOADED[system, variant] = hs.load(system, variant) if variant else hs.load(system)
    return _LOADED[system, variant]


def systems() -> list[tuple[str, str]]:
    """Names and variants of all shipped cells."""
    found = [
        (name, variant)
        for name in component_names("systems")
        for variant in ("", *read_system(name).variants)
    ]
    return [*found, ("KPB-CZT", "")]


def drawn(number: int) -> Case:
    """The case of a number; the first of its draws whose values hetsim takes."""
    rng = np.random.default_rng(number)
    known = systems()
    system, variant = known[number % len(known)]
    cell = loaded(system, variant)
    for _ in range(100):
        case = Case(
            number, system, variant, _changes(rng, cell), _protocol(rng, system == "KPB-CZT")
        )
        try:
            case.cell()
        except ParameterError:
            continue
        return case
    return Case(number, system, variant, {}, case.protocol)


def _changes(rng: np.random.Generator, cell: Any) -> dict[str, float]:
    values = {k: float(v) for k, v in sorted(cell.values.items()) if np.isscalar(v) and v}
    chosen = rng.choice(list(values), size=rng.integers(1, 5), replace=False)
    hostile = rng.random() < 0.1
    return {
        str(name): values[name]
        * float(10 ** rng.uniform(-3, 3) if hostile else np.exp(rng.normal(0, 0.3)))
        for name in chosen
    }


def _protocol(rng: np.random.Generator, full: bool) -> Any:
    currents = sorted(float(f"{one:.3g}") for one in 10 ** rng.uniform(-1.3, 1.3, size=3))
    kind = rng.choice(5, p=[0.35, 0.2, 0.15, 0.2, 0.1])
    if full:
        kind = rng.choice([0, 1, 4])
    if kind == 0:
        return hs.RateTest(currents, from_equilibrium=True)
    if kind == 1:
        return hs.RateTest(currents, cycles=2)
    if kind == 2:
        pulse = float(f"{10 ** rng.uniform(1.5, 3):.3g}")
        direction = str(rng.choice(["insertion", "extraction", "both"]))
        return hs.GITT(currents[0], pulse, 3 * pulse, pulses=8, direction=direction)
    if kind == 3:
        rates = sorted(float(f"{one:.3g}") for one in 10 ** rng.uniform(-1, 1, size=2))
        return hs.CV(rates, tolerance=None, cycles=2, points=50)
    return hs.Cycling(currents[1], cycles=4)


# --- comparing -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What a result says.

    outcomes : of each part;  charges : over the full one;  voltages : [V];  balance : the largest
    engines : what solved it
    """

    outcomes: tuple[str, ...]
    charges: dict[str, float]
    voltages: dict[str, float]
    balance: float
    engines: str


def seen(case: Case, cell: Any, model: str) -> Seen:
    """Run a case."""
    run = hs.run(cell, case.protocol, model)
    if isinstance(case.protocol, hs.RateTest):
        full, parts = _full(cell), run.points
        charges = {f"in {i}": p.capacity for i, p in enumerate(parts)}
        charges |= {f"out {i}": p.extraction_capacity for i, p in enumerate(parts)}
        voltages = {f"polarisation {i}": p.polarisation for i, p in enumerate(parts)}
    elif isinstance(case.protocol, hs.Cycling):
        full, parts = _full(cell), (*run.formation, *run.cycles)
        charges = {f"in {p.number}": p.insertion for p in parts}
        charges |= {f"out {p.number}": p.extraction for p in parts}
        voltages = {}
    elif isinstance(case.protocol, hs.GITT):
        full, parts, trace = _full(cell) * 3.6, (run,), run.trace
        charges = {"passed": float(trace.charge[-1])} if trace.time.size else {}
        ends = [int(np.flatnonzero(trace.step == k)[-1]) for k in np.unique(trace.step)]
        voltages = {f"end of {k}": float(trace.voltage[i]) for k, i in enumerate(ends)}
    else:
        full, parts, voltages = _full(cell) * 3.6, run.sweeps, {}
        charges = {
            f"{way} {i}": float(
                np.sum(np.diff(p.time) * (p.current[1:] + p.current[:-1]) / 2 * mask[1:])
            )
            for i, p in enumerate(parts)
            for way, sign in (("in", 1), ("out", -1))
            for mask in [p.branch == sign]
            if p.time.size
        }
    engines = "+".join(sorted({getattr(p, "engine", "?") or "-" for p in parts}))
    balances = [abs(p.charge_balance) for p in parts if np.isfinite(p.charge_balance)]
    return Seen(
        tuple(str(p.outcome) for p in parts),
        {k: v / full for k, v in charges.items()},
        voltages,
        max(balances, default=0.0),
        engines,
    )


def _full(cell: Any) -> float:
    for name in (names.SPECIFIC_CAPACITY, "Specific capacity [mA.h.g-1]"):
        if name in cell.values:
            return float(cell.values[name])
    return float(cell.negative.values[names.SPECIFIC_CAPACITY])


def differences(one: Seen, other: Seen) -> list[str]:
    """What of two results differs by more than is asked, in words."""
    found = []
    if one.outcomes != other.outcomes:
        found.append(f"outcomes {one.outcomes} {other.outcomes}")
    far = {k: v - other.charges.get(k, np.nan) for k, v in one.charges.items()}
    found += [f"{k} off by {d:.1e}" for k, d in far.items() if abs(d) > ASKED]
    found += [
        f"{k} {one.charges[k]:g} {other.charges.get(k)}"
        for k in one.charges
        if np.isnan(one.charges[k]) != np.isnan(other.charges.get(k, np.nan))
    ]
    apart = {k: v - other.voltages.get(k, np.nan) for k, v in one.voltages.items()}
    found += [f"{k} off by {1e3 * d:.2f} mV" for k, d in apart.items() if abs(d) > 1e-3]
    if one.balance > BALANCE:
        found.append(f"balance {one.balance:.1e}")
    return found


@dataclass
class Count:
    """Of what was compared.

    refused : values that do not fit together
    alone : models that the interpreter leaves to PyBaMM, of which there is nothing to compare
    """

    cells: int = 0
    refused: int = 0
    alone: int = 0
    interpreted: int = 0
    apart: int = 0
    largest: float = 0.0
    balance: float = 0.0
    ours: float = 0.0
    theirs: float = 0.0


def checked(
    numbers: Sequence[int], model: str, seconds: float, tell: Callable[[str], None]
) -> Count:
    """Compare cell after cell until the time is over, and tell each disagreement."""
    count, begin, every = Count(), time.perf_counter(), []
    for number in numbers:
        if time.perf_counter() - begin > seconds:
            break
        case = drawn(number)
        try:
            cell = case.cell()
            at = time.process_time()
            one = seen(case, cell, model)
            count.ours += time.process_time() - at
            if one.engines == PYBAMM:
                count.alone += 1
                continue
            at = time.process_time()
            with by_pybamm():
                other = seen(case, cell, model)
            count.theirs += time.process_time() - at
        except ParameterError as refusal:
            count.refused += 1
            if not case.changes:
                tell(f"refused {case}: {refusal}")
            continue
        except Exception as error:
            tell(f"RAISED {model} {case}: {type(error).__name__} {str(error)[:300]}")
            continue
        count.cells += 1
        count.interpreted += one.engines == "interpreter"
        every += [abs(v - other.charges.get(k, np.nan)) for k, v in one.charges.items()]
        count.balance = max(count.balance, one.balance)
        far = differences(one, other)
        if far:
            count.apart += 1
            with by_pybamm(None):
                ordinary = seen(case, cell, model)
            tell(f"{model} {case}\n   [{one.engines}] {'; '.join(far)[:600]}")
            tell(f"   PyBaMM itself: {'; '.join(differences(ordinary, other))[:400] or 'agrees'}")
    finite = np.array([one for one in every if np.isfinite(one)] or [0.0])
    count.largest = float(finite.max())
    shares = np.quantile(finite, (0.5, 0.99, 0.999))
    tell(
        f"{model} {numbers[0]}..{number}: {count}; median, 99 %, 99.9 % {shares} of {finite.size} charges"
    )
    return count


def main() -> None:
    """Compare and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cells", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--model", default="SPM")
    parser.add_argument("--system", help="only numbers of this one, as NAME or NAME/VARIANT")
    parser.add_argument("--seconds", type=float, default=np.inf)
    parser.add_argument("--write", type=Path, help="append to this file, too")
    chosen = parser.parse_args()

    def tell(text: str) -> None:
        print(text, flush=True)
        if chosen.write:
            with chosen.write.open("a", encoding="utf-8") as file:
                file.write(text + "\n")

    numbers = range(chosen.first, chosen.first + chosen.cells)
    if chosen.system:
        place = systems().index((*chosen.system.split("/"), "")[:2])
        numbers = [one for one in numbers if one % len(systems()) == place]
    checked(numbers, chosen.model, chosen.seconds, tell)


if __name__ == "__main__":
    main()
