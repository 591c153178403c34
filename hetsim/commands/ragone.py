"""The command `hetsim ragone`: energy against power of a full cell."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.files import Writer, figure_writers, json_writer, table_writer
from hetsim.commands.job import Ending, Job, default_folder, simulated
from hetsim.commands.json_form import json_rows
from hetsim.commands.options import clear_messages, json_option, model_option
from hetsim.commands.text_table import ended, number, text_table
from hetsim.errors import ParameterError
from hetsim.parameters.cell_file import MeasuredRagone, cell_names
from hetsim.results import quantities
from hetsim.results.quantities import Quantity

if TYPE_CHECKING:
    import pandas as pd

    from hetsim.cells.full_cell import FullCell
    from hetsim.protocols import RateTest
    from hetsim.results import RateCurve


@click.command()
@click.argument("cell", shell_complete=lambda *_: cell_names())
@click.option("--currents", multiple=True, type=float, help="A/g; repeat it for several.")
@click.option("--cycles", default=3, show_default=True, help="Cycles at each current.")
@model_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/CELL-ragone].")
@json_option
@clear_messages
def ragone(
    cell: str,
    currents: tuple[float, ...],
    cycles: int,
    model: str,
    out: Path | None,
    as_json: bool,
) -> None:
    """Energy against power of a full CELL (a name or a .toml file), beside what was measured.

    Currents, energies and powers are per gram of the mass that the cell's file names; the energy per
    mass of both active materials stands beside it. Current collectors, electrolyte and case are in
    neither.

    \b
    Examples:
      hetsim ragone KPB-CZT
      hetsim ragone KPB-CZT --currents 0.05 --currents 0.5 --json
    """
    RagoneJob(cell, currents, cycles, model).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


USUAL_CURRENTS = (0.05, 0.1, 0.2, 0.5, 1.0)
"""[A.g-1], where neither the user nor the data say which."""


@dataclass(frozen=True)
class RagoneJob(Job):
    """One call of `hetsim ragone`."""

    cell: str
    currents: tuple[float, ...]
    cycles: int
    model: str

    @property
    def folder(self) -> Path:
        return default_folder(Path(self.cell).stem, "ragone")

    def check(self) -> None:
        self._full_cell.check_cut_offs()
        self._protocol()

    def files(self) -> Sequence[str]:
        return "ragone.png", "ragone.svg", "ragone.csv", "ragone.json"

    def run(self, show_progress: bool) -> RateCurve:
        plans = [(self._full_cell, self._protocol())]
        curve: RateCurve = simulated(plans, self.model, show_progress)[0]
        return curve

    def endings(self, result: RateCurve) -> Iterator[Ending]:
        from hetsim.commands.rate_report import rate_endings

        return rate_endings([result])

    def text(self, result: RateCurve) -> str:
        return report(result, self._measured)

    def json_object(self, result: RateCurve) -> dict[str, Any]:
        return ragone_object(result, self._measured)

    def writers(self, result: RateCurve) -> dict[str, Writer]:
        from hetsim.plots import ragone

        record = {
            **self.json_object(result),
            "protocol": result.protocol,
            "thermodynamic_status": result.thermodynamic_status,
            "versions": result.versions,
            "parameters": result.parameters,
        }
        return {
            **figure_writers("ragone", ragone(result, self._measured)),
            "ragone.csv": table_writer(ragone_frame(result, self._measured)),
            "ragone.json": json_writer(record),
        }

    @cached_property
    def _full_cell(self) -> FullCell:
        from hetsim.cells.full_cell import FullCell
        from hetsim.cells.load import load_cell

        cell = load_cell(self.cell)
        if not isinstance(cell, FullCell):
            raise ParameterError(
                f"{cell.name} is a half cell against {cell.system.ion}, whose energy nobody can "
                "use; a Ragone plot needs a full cell, such as KPB-CZT."
            )
        return cell

    @property
    def _measured(self) -> MeasuredRagone | None:
        """The measured energies that belong to the cell, if its file has them."""
        measured = self._full_cell.file.ragone
        return measured[0] if measured else None

    def _protocol(self) -> RateTest:
        from hetsim.protocols import RateTest

        usual = self._measured.currents if self._measured else USUAL_CURRENTS
        return RateTest(sorted({*(self.currents or usual)}), self.cycles)


_MEASURED_ENERGY = Quantity("measured energy", quantities.ENERGY.unit)
_MEASURED_POWER = Quantity("measured power", quantities.MEAN_POWER.unit)
_ENERGY_ERROR = Quantity("energy error", "%")
_ENERGY_OF_BOTH = Quantity("energy of both actives", quantities.ENERGY.unit)
_POWER_OF_BOTH = Quantity("mean power of both actives", quantities.MEAN_POWER.unit)


def ragone_frame(curve: RateCurve, measured: MeasuredRagone | None) -> pd.DataFrame:
    """One row a current; numbers that there are not are nan."""
    from hetsim.results.tables import table

    points, share = curve.points, curve.share_of_actives
    known = [_measured_at(point.current, measured) for point in points]
    return table(
        {
            quantities.CURRENT: curve.currents,
            quantities.CAPACITY: curve.capacities,
            quantities.ENERGY: curve.energies,
            quantities.MEAN_POWER: curve.mean_powers,
            _MEASURED_ENERGY: [energy for energy, _ in known],
            _MEASURED_POWER: [power for _, power in known],
            _ENERGY_ERROR: [
                100 * (point.energy / energy - 1)
                for point, (energy, _) in zip(points, known, strict=True)
            ],
            _ENERGY_OF_BOTH: curve.energies * share,
            _POWER_OF_BOTH: curve.mean_powers * share,
            quantities.CHARGE_BALANCE: [point.charge_balance for point in points],
            quantities.OUTCOME: [point.outcome.value for point in points],
            quantities.REASON: [point.reason for point in points],
        }
    )


def report(curve: RateCurve, measured: MeasuredRagone | None) -> str:
    """The table, and whose grams are meant."""
    shown = {
        "mAh/g": quantities.CAPACITY,
        "Wh/kg": quantities.ENERGY,
        "measured Wh/kg": _MEASURED_ENERGY,
        "error %": _ENERGY_ERROR,
        "W/kg": quantities.MEAN_POWER,
        "measured W/kg": _MEASURED_POWER,
        "Wh/kg of both": _ENERGY_OF_BOTH,
    }
    rows = [
        [
            f"{row[quantities.CURRENT.column]:g}",
            *(number(row[quantity.column]) for quantity in shown.values()),
            ended(row[quantities.OUTCOME.column], row[quantities.REASON.column]),
        ]
        for row in ragone_frame(curve, measured).to_dict("records")
    ]
    grams = (
        f"per gram of {curve.per_gram_of}, {100 * curve.share_of_actives:.0f} % of the active mass "
        "of both electrodes"
    )
    return f"{text_table(['A/g', *shown, 'outcome'], rows)}\n\n{curve.system}: {grams}"


def ragone_object(curve: RateCurve, measured: MeasuredRagone | None) -> dict[str, Any]:
    """The object that `hetsim ragone --json` prints; units stand in the keys."""
    return {
        "cell": curve.system,
        "model": curve.model,
        "per_gram_of": curve.per_gram_of,
        "share_of_both_active_masses": curve.share_of_actives,
        "parameters_hash": curve.parameters_hash,
        "points": json_rows(ragone_frame(curve, measured)),
    }


def _measured_at(current: float, measured: MeasuredRagone | None) -> tuple[float, float]:
    """Measured energy and power at a current, nan where there is none."""
    if measured is not None:
        for known, energy, power in zip(
            measured.currents, measured.energies, measured.powers, strict=True
        ):
            if math.isclose(known, current, rel_tol=1e-9):
                return energy, power
    return math.nan, math.nan
