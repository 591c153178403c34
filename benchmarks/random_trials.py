"""Whether hetsim stands whatever it is given: random valid parameter files, run by all protocols and models.

    python benchmarks/random_trials.py [--trials 10000] [--first 0] [--seconds 3600] [--write FILE] [--model SPM]

Each number from --first on is a parameter file on a shipped system, with some of its values drawn between the limits of
plausibility (hetsim.parameters.schema), an architecture, a model, size classes, a field law, ageing and a protocol. The
same number is the same trial on every machine: --first N --trials 1 runs it again. A worker process runs them and is
ended where one takes longer than --limit seconds. What is a fault:

- an exception that is no message of hetsim, a warning, a line on the terminal that hetsim did not write
- a run that does not end within 60 s of processor time, which another program on the machine does not change
- a good outcome with a voltage, current or impedance that is no number; an impedance with a negative real part
- more charge in the sites than they hold; a charge that does not balance in a good run
- hs.run and run_many that differ in an outcome, in a capacity (1e-4 of the full one) or in a polarisation (1 mV)
- "solver failed" and "given up", which are counted, with their reasons

It ends with counts, the longest runs and how the memory of the worker grew.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from select import select
from typing import Any

import numpy as np

import hetsim as hs
from hetsim import names
from hetsim.errors import HetsimError
from hetsim.parameters.library import component_names
from hetsim.parameters.schema import SCHEMA
from hetsim.parameters.system_file import read_system
from hetsim.results.eis import Spectrum

SLOW = 60.0
"""Seconds of processor time in which every run ends."""
SPARED = (
    "Charge number",
    "Lower voltage cut-off [V]",
    "Upper voltage cut-off [V]",
    "Reference temperature [K]",
)
"""Values that belong together with others of a file and are left as they are."""
MODELS = ("SPM", "SPMe", "DFN")
ARCHITECTURES = ("dispersed", "core-shell", "stacked-parallel", "stacked-series", "mixture")
DRAWS = 60
"""Files that are drawn until hetsim takes one."""

Rng = np.random.Generator


# --- a trial -------------------------------------------------------------------------------------


def cases() -> list[tuple[str, str]]:
    """Names and variants of all shipped half cells."""
    return [
        (name, variant)
        for name in component_names("systems")
        for variant in ("", *read_system(name).variants)
    ]


def drawn_value(rng: Rng, name: str, now: float) -> float:
    """Near the value of the system, or anywhere within the limits, or at one of them."""
    low, high = SCHEMA[name].low, SCHEMA[name].high
    kind = rng.random()
    if kind < 0.6:
        value = now * float(np.exp(rng.normal(0, 0.5)))
    elif kind < 0.95:
        least = low if low > 0 else max(1e-8 * high, abs(now) * 1e-6) if low == 0 else low
        logarithmic = least > 0 and high / least > 100
        value = (
            float(np.exp(rng.uniform(*np.log([least, high]))))
            if logarithmic
            else float(rng.uniform(low, high))
        )
    else:
        value = float(rng.choice([low, high]))
    return min(max(value, low), high)


def toml_of(rng: Rng, base: str, where: Path, architectures: Sequence[str]) -> Path:
    """A parameter file on a base with some of its values drawn anew."""
    system = read_system(base)
    scalars = [
        name
        for name, value in system.values.items()
        if not isinstance(value.value, tuple)
        and SCHEMA[name].home == "system"
        and name not in SPARED
    ]
    count = int(rng.integers(1, len(scalars) if rng.random() < 0.3 else 6))
    chosen = rng.choice(scalars, size=count, replace=False)
    lines = ["[system]", 'name = "trial"', f'base = "{base}"']
    if rng.random() < 0.3:
        lines.append(f'architecture = "{rng.choice(architectures)}"')
    lines.append("[parameters]")
    for name in sorted(chosen):
        value = drawn_value(rng, name, system.values[name].number)
        lines.append(
            f'"{name}" = {{ value = {value!r}, kind = "assumed", source = "random trial" }}'
        )
    where.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return where


def drawn_cell(rng: Rng, where: Path, architectures: Sequence[str] = ARCHITECTURES) -> Any:
    """A cell from a random file, size classes, field and ageing. Raises HetsimError if it is refused."""
    base, variant = cases()[int(rng.integers(len(cases())))]
    cell = hs.load(toml_of(rng, base, where, architectures), variant)
    if rng.random() < 0.4:
        cell = cell.with_particle(classes=int(rng.integers(1, 10)), fast=bool(rng.random() < 0.5))
    if rng.random() < 0.1:
        cell = cell.with_particle(in_volumes=True)
    if rng.random() < 0.15 and cell.structure.architecture.has_field and cell.hosts is None:
        cell = cell.with_particle(classes=1)
        cell = cell.with_field(
            hs.StateDependentField() if rng.random() < 0.5 else hs.SwitchingField()
        )
    kind = rng.random()
    if kind < 0.1:
        cell = cell.with_ageing(loss=hs.ChargeDrivenLoss())
    elif kind < 0.2:
        cell = cell.with_ageing(loss=hs.ReactionDrivenLoss(), film=hs.SEIGrowth())
    return cell


def drawn_protocol(rng: Rng, cell: Any) -> Any:
    """Any of the protocols, with currents of 0.02 to 20 C."""
    full = float(cell.model_values.number(names.SPECIFIC_CAPACITY))
    currents = sorted(
        {float(f"{one:.3g}") for one in 1e-3 * full * 10 ** rng.uniform(-1.7, 1.3, size=3)}
    )
    kind = rng.integers(7)
    if kind <= 1:
        return hs.RateTest(
            currents, from_equilibrium=bool(kind), cycles=1 if kind else int(rng.integers(1, 4))
        )
    if kind == 2:
        pulse = float(f"{10 ** rng.uniform(1.5, 4):.3g}")
        way = str(rng.choice(["insertion", "extraction", "both"]))
        return hs.GITT(
            currents[0], pulse, float(rng.uniform(0.1, 5)) * pulse, pulses=3, direction=way
        )
    if kind == 3:
        rates = sorted(float(f"{one:.3g}") for one in 10 ** rng.uniform(-1, 1, size=2))
        return hs.CV(rates, points=60)
    if kind == 4:
        return hs.EIS(float(rng.uniform(0, 1)))
    if kind == 5:
        return hs.Cycling(currents[0], cycles=int(rng.integers(1, 6)))
    low = cell.values.number(names.LOWER_CUT_OFF)
    voltage = low + float(rng.uniform(0, 0.5)) * (cell.values.number(names.UPPER_CUT_OFF) - low)
    return hs.CCCV(currents[0], voltage, currents[0] * float(rng.uniform(0.05, 0.9)))


def drawn(
    number: int, where: Path, model: str = "", architectures: Sequence[str] = ARCHITECTURES
) -> tuple[Any, Any, str]:
    """Cell, protocol and model of a number; the first of its draws that hetsim takes."""
    rng = np.random.default_rng([number, 16])
    chosen = model or str(rng.choice(MODELS, p=[0.5, 0.35, 0.15]))
    for _ in range(DRAWS):
        try:
            cell = drawn_cell(rng, where, architectures)
            return cell, drawn_protocol(rng, cell), chosen
        except HetsimError:
            continue
    raise RuntimeError(f"trial {number}: no draw was valid")


# --- what is wrong with what came out -------------------------------------------------------------


def parts_of(result: Any) -> Sequence[Any]:
    """Its parts, each with its outcome; itself where it has none."""
    for name in ("parts", "points", "sweeps", "cycles"):
        parts = getattr(result, name, None)
        if parts:
            return list(parts)
    return [result]


def numbers_of(part: Any) -> Iterator[tuple[str, Any]]:
    """Arrays and numbers that a good part must know."""
    kinds = ("capacity", "voltage", "current", "potential", "insertion", "extraction")
    for name in (*kinds, *(["impedance"] if isinstance(part, Spectrum) else [])):
        value = getattr(part, name, None)
        if value is not None and not callable(value):
            yield name, np.asarray(getattr(value, "voltage", value))
    trace = getattr(part, "trace", None)
    if trace is not None:
        yield "trace", np.asarray(trace.voltage)


def faults_of(result: Any, cell: Any) -> list[str]:
    """What a result must not show."""
    found = []
    full = float(cell.model_values.number(names.SPECIFIC_CAPACITY))
    for k, part in enumerate(parts_of(result)):
        if part.outcome is hs.Outcome.NOT_BALANCED:
            found.append(f"part {k}: {part.reason}")
        if not part.outcome.good:
            continue
        for name, values in numbers_of(part):
            if values.size and not np.all(np.isfinite(values)):
                found.append(f"part {k} is good and its {name} is no number")
        balance = getattr(part, "charge_balance", 0.0)
        if np.isfinite(balance) and abs(balance) > 1e-6:
            found.append(f"part {k} is good and its charge is off by {balance:.1e}")
        capacity = getattr(part, "capacity", None)
        if capacity is not None and np.ndim(capacity) == 0 and capacity > 1.0001 * full:
            film = cell.structure.ageing.film is not None
            found += [] if film else [f"part {k} holds {capacity:.4g} of {full:.4g} mAh/g"]
        impedance = getattr(part, "impedance", None) if isinstance(part, Spectrum) else None
        if impedance is not None and np.min(np.real(impedance)) < 0:
            found.append(f"part {k}: Re Z is {np.min(np.real(impedance)):.3g} Ohm cm2")
    return found


def differences(cell: Any, protocol: Any, model: str, result: Any) -> list[str]:
    """Between hs.run and run_many, for a rate test."""
    from hetsim.simulation.run_many import run_many

    [case] = run_many([cell], protocol, model)
    if case.result is None:
        return [f"run_many has no result: {case.reason}"] if result.outcome.good else []
    full = float(cell.model_values.number(names.SPECIFIC_CAPACITY))
    found = []
    for one, other in zip(result.points, case.result.points, strict=True):
        if one.outcome != other.outcome:
            found.append(f"{one.current:g} A/g: run '{one.outcome}', run_many '{other.outcome}'")
        elif one.outcome.good and abs(one.capacity - other.capacity) > 1e-4 * full:
            found.append(f"{one.current:g} A/g: {one.capacity:.6g} and {other.capacity:.6g} mAh/g")
        elif one.outcome.good and abs(one.polarisation - other.polarisation) > 1e-3:
            found.append(
                f"{one.current:g} A/g: polarisation {one.polarisation:.5g} and {other.polarisation:.5g} V"
            )
    return found


# --- worker and watch -----------------------------------------------------------------------------


def told(
    number: int, folder: Path, model: str, architectures: Sequence[str] = ARCHITECTURES
) -> dict[str, Any]:
    """What is to be said of a trial."""
    begin = time.perf_counter()
    found: dict[str, Any] = {"number": number}
    try:
        cell, protocol, kind = drawn(number, folder / "trial.toml", model, architectures)
        found |= {
            "base": cell.system.base if hasattr(cell.system, "base") else cell.name,
            "model": kind,
        }
        found |= {
            "protocol": repr(protocol)[:150],
            "structure": str(cell.structure.architecture)[:40],
        }
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            at = time.process_time()
            result = hs.run(cell, protocol, kind)
            found["seconds"] = time.process_time() - at
            faults = faults_of(result, cell)
            if isinstance(protocol, hs.RateTest):
                faults += differences(cell, protocol, kind, result)
        faults += [f"warning: {one.category.__name__} {str(one.message)[:120]}" for one in heard]
        outcomes = [(str(part.outcome), part.reason) for part in parts_of(result)]
        found |= {"outcomes": [one for one, _ in outcomes], "faults": faults}
        found["failed"] = [
            reason for one, reason in outcomes if one in ("solver failed", "given up")
        ]
    except HetsimError as error:
        found |= {"refused": str(error)[:300]}
    except Exception as error:
        found |= {"raised": f"{type(error).__name__}: {str(error)[:300]}"}
    found["memory_MB"] = resident()
    found["whole"] = time.perf_counter() - begin
    return found


def resident() -> float:
    """Memory of this process now [MB]; the most it had where the system does not say."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return pages * resource.getpagesize() / 2**20


def work(model: str) -> None:
    """Trials whose numbers come in, one answer a line."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with tempfile.TemporaryFile() as terminal, tempfile.TemporaryDirectory() as folder:
        os.dup2(terminal.fileno(), 1)
        os.dup2(terminal.fileno(), 2)
        for line in sys.stdin:
            terminal.seek(0)
            terminal.truncate()
            found = told(int(line), Path(folder), model)
            sys.stdout.flush()
            sys.stderr.flush()
            terminal.seek(0)
            text = terminal.read().decode(errors="replace").strip()
            if text:
                found.setdefault("faults", []).append(f"on the terminal: {text[:200]}")
            print(json.dumps(found), file=out, flush=True)


class Worker:
    """A process that runs trials, and a new one where it has to be ended."""

    def __init__(self, model: str) -> None:
        self.model = model
        self.process = self._new()

    def _new(self) -> Any:
        command = [sys.executable, __file__, "--worker", "--model", self.model]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, number: int, limit: float) -> dict[str, Any]:
        """The answer, or that there is none within the limit [s]."""
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        ready, _, _ = select([self.process.stdout], [], [], limit)
        line = self.process.stdout.readline() if ready else ""
        if line:
            return dict(json.loads(line))
        self.close()
        self.process = self._new()
        return {
            "number": number,
            "raised": "worker died" if ready else f"no end within {limit:g} s",
        }

    def close(self) -> None:
        """End the process."""
        self.process.kill()
        self.process.wait()


def report(answers: Sequence[dict[str, Any]]) -> str:
    """Counts, faults, the longest runs and the memory."""
    outcomes = Counter(one for answer in answers for one in answer.get("outcomes", ()))
    parts = sum(outcomes.values())
    failed = outcomes["solver failed"] + outcomes["given up"]
    slow = sorted((answer.get("seconds", 0.0), answer["number"]) for answer in answers)[::-1]
    memory = [answer["memory_MB"] for answer in answers if "memory_MB" in answer]
    lines = [
        f"{len(answers)} trials, {parts} parts; {dict(outcomes)}",
        f"raised {sum('raised' in one for one in answers)}, refused {sum('refused' in one for one in answers)}, "
        f"with faults {sum(bool(one.get('faults')) for one in answers)}, "
        f"solver failures {failed} of {parts} ({100 * failed / max(parts, 1):.3f} %)",
        f"longest runs {[(round(seconds, 1), number) for seconds, number in slow[:5]]} s, "
        f"{sum(seconds > SLOW for seconds, _ in slow)} above {SLOW:g} s",
    ]
    if memory:
        tenth = max(len(memory) // 10, 1)
        means = [np.mean(memory[k : k + tenth]) for k in range(0, len(memory), tenth)]
        lines.append(f"memory, mean of each tenth: {[round(float(one)) for one in means]} MB")
    return "\n".join(lines)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--trials", type=int, default=10000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seconds", type=float, default=np.inf)
    parser.add_argument("--limit", type=float, default=120.0)
    parser.add_argument("--model", default="")
    parser.add_argument("--write", type=Path)
    parser.add_argument("--worker", action="store_true")
    chosen = parser.parse_args()
    if chosen.worker:
        work(chosen.model)
        return
    worker, answers, begin = Worker(chosen.model), [], time.perf_counter()
    for number in range(chosen.first, chosen.first + chosen.trials):
        if time.perf_counter() - begin > chosen.seconds:
            break
        answer = worker.run(number, chosen.limit)
        answers.append(answer)
        if (
            any(answer.get(what) for what in ("raised", "faults", "failed"))
            or answer.get("seconds", 0) > SLOW
        ):
            print(json.dumps(answer), flush=True)
        if chosen.write:
            with chosen.write.open("a", encoding="utf-8") as file:
                file.write(json.dumps(answer) + "\n")
    worker.close()
    print(report(answers))


if __name__ == "__main__":
    main()
