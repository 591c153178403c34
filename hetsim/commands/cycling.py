"""The command `hetsim cycle`: a cycling test with ageing."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim import names
from hetsim.commands.files import Writer, bdf_writer, figure_writers, json_writer, table_writer
from hetsim.commands.job import Ending, Job, default_folder
from hetsim.commands.json_form import json_row, json_rows, json_value
from hetsim.commands.options import (
    bdf_option,
    clear_messages,
    json_option,
    model_option,
    variant_option,
)
from hetsim.commands.text_table import ended, number, some_rows, text_table
from hetsim.errors import ParameterError
from hetsim.parameters.system_file import system_names
from hetsim.results import quantities
from hetsim.results.quantities import Quantity

if TYPE_CHECKING:
    from hetsim.cells.full_cell import Cell
    from hetsim.protocols import Cycling
    from hetsim.results import Cycle, CyclingResult


@click.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option("--current", default=1.0, show_default=True, help="A/g, in both directions.")
@click.option("--cycles", default=100, show_default=True, help="Number of cycles.")
@click.option(
    "--formation",
    type=(float, int),
    multiple=True,
    metavar="A/G CYCLES",
    help="Cycles at another current before them; repeat it for several.",
)
@click.option("--end-capacity", type=float, help="End below this insertion capacity, mAh/g.")
@click.option("--end-retention", type=float, help="End below this share of the 10th cycle.")
@click.option(
    "--fading",
    type=click.Choice(["charge", "film", "off"]),
    default="charge",
    show_default=True,
    help="What takes active material: the charge passed, a film that grows, or nothing.",
)
@click.option("--trace", "traces", multiple=True, type=int, help="A cycle whose voltage is kept.")
@click.option(
    "--jump", default=0, show_default=True, help="Most cycles to leap over at a time; 0 runs each."
)
@model_option
@variant_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-cycle].")
@bdf_option
@json_option
@clear_messages
def cycle(
    system: str,
    current: float,
    cycles: int,
    formation: tuple[tuple[float, int], ...],
    end_capacity: float | None,
    end_retention: float | None,
    fading: str,
    traces: tuple[int, ...],
    jump: int,
    model: str,
    variant: str,
    out: Path | None,
    bdf: bool,
    as_json: bool,
) -> None:
    """Cycle a SYSTEM (a name or a .toml file) at one current between its cut-offs.

    Ctrl-C ends the test and keeps what was done.

    \b
    Examples:
      hetsim cycle CZT --current 3 --cycles 100
      hetsim cycle CZT --current 3 --cycles 4000 --end-retention 0.8 --jump 200
      hetsim cycle CT --current 0.2 --cycles 30 --formation 0.1 3 --fading off
    """
    from hetsim.protocols import Cycling

    protocol = Cycling(
        current,
        cycles,
        formation,
        end_capacity,
        end_retention,
        traces=traces or (1,),
        jump=jump,
    )
    CycleJob(system, variant, fading, protocol, model, bdf).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


_ROWS = 12
"""Cycles that the table on the terminal shows; the CSV has all."""


@dataclass(frozen=True)
class CycleJob(Job):
    """One call of `hetsim cycle`."""

    system: str
    variant: str
    fading: str
    protocol: Cycling
    model: str
    bdf: bool = False

    @property
    def folder(self) -> Path:
        return default_folder(Path(self.system).stem, self.variant, "cycle")

    def check(self) -> None:
        from hetsim.simulation.cycling import check_end

        self._cell.check_cut_offs()
        check_end(self.protocol, self._cell)

    def files(self) -> Sequence[str]:
        traces = ("cycling.bdf.csv",) if self.bdf else ()
        return "cycling.png", "cycling.svg", "cycling.csv", "cycling.json", *traces

    def run(self, show_progress: bool) -> CyclingResult:
        """The test, with a bar that counts cycles on a terminal."""
        from hetsim.simulation.cycling import run_cycling

        before = sum(count for _, count in self.protocol.formation)
        with click.progressbar(
            length=before + self.protocol.cycles,
            label="cycling",
            file=sys.stderr,
            hidden=not show_progress,
        ) as bar:

            def report(cycle: Cycle) -> None:
                done = cycle.number + (0 if cycle.formation else before)
                bar.update(max(done - bar.pos, 0))

            return run_cycling(self.protocol, self._cell, self.model, report)

    def endings(self, result: CyclingResult) -> Iterator[Ending]:
        yield Ending(result.system, result.outcome, result.reason)

    def worth_writing(self, result: CyclingResult) -> bool:
        return result.good_cycles > 0

    def text(self, result: CyclingResult) -> str:
        return report(result)

    def json_object(self, result: CyclingResult) -> dict[str, Any]:
        return cycling_object(result)

    def writers(self, result: CyclingResult) -> dict[str, Writer]:
        from hetsim.plots import cycling

        record = {**cycling_object(result), **result.record, "traces": _traces(result)}
        return {
            **figure_writers("cycling", cycling([result])),
            "cycling.csv": table_writer(result.to_frame()),
            "cycling.json": json_writer(record),
            **({"cycling.bdf.csv": bdf_writer(result)} if self.bdf and result.has_trace else {}),
        }

    @cached_property
    def _cell(self) -> Cell:
        from hetsim.cells.full_cell import FullCell
        from hetsim.cells.load import load_cell
        from hetsim.simulation.cycling import NO_AGEING
        from hetsim.submodels import ChargeDrivenLoss, ReactionDrivenLoss, SEIGrowth

        cell = load_cell(self.system, self.variant)
        if isinstance(cell, FullCell) and self.fading == "film":
            raise ParameterError(f"{cell.name}: --fading film is for half cells; {NO_AGEING}.")
        if isinstance(cell, FullCell) or self.fading == "off":
            return cell
        if self.fading == "film":
            return cell.with_ageing(ReactionDrivenLoss(), SEIGrowth())
        return cell.with_ageing(ChargeDrivenLoss())


def report(result: CyclingResult) -> str:
    """What fades, the formation and a dozen of the cycles as a table, and how the test ended."""
    header = ["stage", "cycle", "A/g", "insertion mAh/g", "extraction mAh/g", "retention %"]
    header += ["coulombic eff. %", "polarisation V", "outcome"]
    shares = [float("nan")] * len(result.formation) + list(result.retention)
    both = zip((*result.formation, *result.cycles), shares, strict=True)
    steps = [(one, share) for one, share in both if not one.settling]
    rows = [_row(*steps[index]) for index in some_rows(len(steps), _ROWS)]
    lines = [
        _fading_line(result),
        "",
        text_table(header, rows),
        "",
        *(
            [f"retention: over the insertion of cycle {result.counted_from}"]
            if result.cycles
            else []
        ),
        f"{result.system} after {len(result.cycles)} cycles run: {ended(result.outcome, result.reason)}",
    ]
    if result.jump_error:
        lines.append(f"leaps: corrected by {100 * result.jump_error:.2g} % of what they lost")
    return "\n".join(lines)


def _row(cycle: Cycle, share: float) -> list[str]:
    return [
        cycle.stage,
        str(cycle.number),
        f"{cycle.current:g}",
        number(cycle.insertion),
        number(cycle.extraction),
        number(100 * share),
        number(100 * cycle.coulombic_efficiency, 2),
        number(cycle.polarisation, 3),
        ended(cycle.outcome, cycle.reason),
    ]


def _fading_line(result: CyclingResult) -> str:
    from hetsim.simulation.cycling import NO_AGEING

    values = {name: result.parameters.get(name, 0.0) for name in _LOSSES}
    if "ChargeDrivenLoss" in result.ageing and values[names.MATERIAL_LOSS]:
        lost = values[names.MATERIAL_LOSS]
        return f"fading: {lost:.3g} of the active material per full cycle, with the charge passed"
    if "ReactionDrivenLoss" in result.ageing and all(values[name] for name in _LOSSES[1:]):
        lost = values[names.MATERIAL_LOSS_WITH_FILM]
        return f"fading: {lost:.3g} m3 of active material per mole of charge in a growing film"
    why = NO_AGEING if result.ageing == NO_AGEING else _WITHOUT
    return f"fading: none ({why})"


_WITHOUT = "the file gives no loss, or it was switched off"
_LOSSES = (names.MATERIAL_LOSS, names.MATERIAL_LOSS_WITH_FILM, names.SOLVENT_DIFFUSIVITY)


def cycling_object(result: CyclingResult) -> dict[str, Any]:
    """The object that `hetsim cycle --json` prints; units stand in the keys."""
    return {
        "system": result.system,
        "model": result.model,
        "parameters_hash": result.parameters_hash,
        "outcome": result.outcome.value,
        "reason": result.reason,
        "reference_cycle": result.reference,
        "final_retention": json_value(result.retention[-1]) if result.cycles else None,
        "jump_error": result.jump_error,
        "ageing": result.ageing,
        "per_gram_of": result.per_gram_of,
        "cycles": json_rows(result.to_frame().drop(columns=_OF_THE_TEST)),
    }


_OF_THE_TEST = [quantities.SYSTEM.column, quantities.RETENTION.column]


def _traces(result: CyclingResult) -> list[dict[str, Any]]:
    return [
        json_row(
            {
                quantities.CYCLE: cycle.number,
                Quantity("direction", ""): direction,
                quantities.TIME: trace.time,
                quantities.CAPACITY: trace.capacity,
                quantities.VOLTAGE: trace.voltage,
            }
        )
        for cycle in result.cycles
        for direction, trace in zip(("insertion", "extraction"), cycle.traces, strict=False)
    ]
