"""What became of each of the 302 heterostructures and controls that the reviews name."""

from collections.abc import Iterator
from dataclasses import dataclass

from hetsim.prediction.computed import computed_pairs
from scripts.library.facts import Row, electrodes, table
from scripts.library.said import said

METAL = (
    "metal anode",
    "metal composite anode",
    "anode coating",
    "ASSLB anode",
    "current collector",
)
"""Words in the role of a row that deposits a metal."""
FULL_CELLS = {"kpb-czt-full-cell": "KPB-CZT"}


@dataclass(frozen=True)
class State:
    """A row of systems.csv and what became of it.

    state : "runs", "predicted", "electrolyte", "waits for ..." or "no battery electrode"
    system : the name that `hs.load` takes, of what runs
    """

    seed: str
    title: str
    ion: str
    state: str
    reason: str
    system: str = ""


def states() -> list[State]:
    """In the order of the table."""
    running = {one.seed: one.name for one in electrodes() if one.seed} | FULL_CELLS
    return [_state(row, running) for row in table("systems")]


def counts() -> dict[str, int]:
    """Rows by state, the most first."""
    found: dict[str, int] = {}
    for one in states():
        found[one.state] = found.get(one.state, 0) + 1
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def _state(row: Row, running: dict[str, str]) -> State:
    seed = row["system_id"]
    state, reason = _judged(row, seed in running)
    system = running.get(seed, "")
    return State(seed, row["ascii_formula"], row["carrier_ion"], state, reason, system)


def _judged(row: Row, runs: bool) -> tuple[str, str]:
    kind, role = row["simulable_as"], row["cell_role"]
    if runs:
        return "runs", _points(row["system_id"])
    if kind == "dft-only electrode":
        return "predicted", _computed(row["system_id"])
    if kind == "solid electrolyte":
        return "electrolyte", "conductivity and half cell: `hetsim electrolyte`"
    if kind == "sulfur cathode":
        return "waits for sulfur", "polysulfides that dissolve and move are in no model here"
    if kind == "air cathode":
        return "waits for air", "oxygen and a catalyst's surface are in no model here"
    if kind == "other":
        if any(word in role for word in METAL) or "interlayer" in role or role.startswith("ASSLB"):
            return "waits for metal hosts", "metal that is plated and stripped is in no model here"
        if "I2" in role:
            return "waits for iodine", "iodine that dissolves is in no model here"
        return "no battery electrode", role
    return "waits for a measurement", "named, and no capacity at a current is printed"


def _points(seed: str) -> str:
    fresh = len([one for one in table("rate_points") if one["system_id"] == seed])
    curves = [one for one in electrodes() if one.seed == seed and one.curve]
    if curves:
        return f"rate curve of {len(curves[0].fresh)} points (doi:{curves[0].doi})"
    return (
        f"{fresh} printed point{'s' if fresh != 1 else ''}"
        if fresh
        else "written by hand, not compared"
    )


def _computed(seed: str) -> str:
    """How `hetsim predict` takes it."""
    found = [one for one in computed_pairs() if one.system == seed]
    if not found:
        return "named only, no computed number is printed"
    calls = (
        f"`hetsim predict {' '.join(filter(None, (one.a, one.b)))} --ion {one.ion}`"
        for one in found
    )
    return "; ".join(dict.fromkeys(calls))


def lines() -> Iterator[str]:
    """docs/ledger.md."""
    found = states()
    yield "# The ledger"
    yield ""
    told = ", ".join(f"{number} {state}" for state, number in counts().items())
    yield said(
        f"""Written by `python -m scripts.library_pages` from `parameter_sets/facts`. Every heterostructure and control
        that the reviews of the facts name, {len(found)} of them, and what became of it: {told}."""
    )
    yield ""
    yield said(
        """*runs*: `hs.load` and every command take its name. *predicted*: known from calculations only
        ([predictions](predictions.md)). *electrolyte*: a solid one ([electrolytes](solid_electrolytes.md)). *waits for
        ...*: what is missing, a measurement or a model. Rate curves of papers that the reviews do not name are in [the
        library](library.md)."""
    )
    yield ""
    yield "| named as | ion | state | system | why |"
    yield "|---|---|---|---|---|"
    for one in found:
        title = one.title.replace("|", "\\|")
        system = f"`{one.system}`" if one.system else ""
        yield f"| {title} | {one.ion.replace(';', ', ')} | {one.state} | {system} | {one.reason} |"
