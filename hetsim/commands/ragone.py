"""The command `hetsim ragone`: energy against power of a full cell."""

import json
import math
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click
import pandas as pd

from hetsim import plots
from hetsim.cells.full_cell import FullCell
from hetsim.cells.load import load_cell
from hetsim.commands.files import Writer, usable_folder, write_all
from hetsim.commands.options import FAILED, clear_messages, json_option, model_option
from hetsim.commands.rate_report import null, number
from hetsim.commands.text_table import text_table
from hetsim.errors import ParameterError
from hetsim.parameters.cell_file import MeasuredRagone, cell_names
from hetsim.protocols import RateTest
from hetsim.results import RateCurve
from hetsim.simulation import run as simulate


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
    job = RagoneJob(cell, currents, cycles, model)
    job.check()
    folder = usable_folder(out or job.folder, FILES)
    curve, measured = job.run()
    good = any(point.outcome.good for point in curve.points)
    files = write_all(folder, writers(curve, measured)) if good else []
    if as_json:
        click.echo(json.dumps(ragone_object(curve, measured)))
    else:
        click.echo(report(curve, measured))
        click.echo(
            "written: " + (", ".join(str(path) for path in files) or "nothing, no run succeeded")
        )
    failed = [point for point in curve.points if not point.outcome.good]
    for point in failed:
        click.echo(
            f"{curve.system} at {point.current:g} A/g: {point.outcome}. {point.reason}", err=True
        )
    if failed:
        sys.exit(FAILED)


# --- what it does ---------------------------------------------------------------------------------


FILES = ("ragone.png", "ragone.svg", "ragone.csv", "ragone.json")

USUAL_CURRENTS = (0.05, 0.1, 0.2, 0.5, 1.0)
"""[A.g-1], where neither the user nor the data say which."""


@dataclass(frozen=True)
class RagoneJob:
    """The choices of one `hetsim ragone`."""

    cell: str
    currents: tuple[float, ...]
    cycles: int
    model: str

    @property
    def folder(self) -> Path:
        """Where its files go, unless the user says so."""
        return Path("hetsim-out") / f"{Path(self.cell).stem}-ragone"

    def check(self) -> None:
        """Read everything that can be wrong before anything runs or is written."""
        full = self._full_cell
        full.check_cut_offs()
        self._protocol(full)

    def run(self) -> tuple[RateCurve, MeasuredRagone | None]:
        """The simulated curve, and the measured energies if the file has them."""
        full = self._full_cell
        return simulate(full, self._protocol(full), self.model), measured_ragone(full)

    @cached_property
    def _full_cell(self) -> FullCell:
        found = load_cell(self.cell)
        if not isinstance(found, FullCell):
            raise ParameterError(
                f"{found.name} is a half cell against {found.system.ion}, whose energy nobody can "
                "use; a Ragone plot needs a full cell, such as KPB-CZT."
            )
        return found

    def _protocol(self, full: FullCell) -> RateTest:
        data = measured_ragone(full)
        usual = data.currents if data else USUAL_CURRENTS
        return RateTest(sorted({*(self.currents or usual)}), self.cycles)


def measured_ragone(full: FullCell) -> MeasuredRagone | None:
    """The measured energies that belong to a cell, if its file has them."""
    return full.file.ragone[0] if full.file.ragone else None


def rows(curve: RateCurve, measured: MeasuredRagone | None) -> list[dict[str, Any]]:
    """One row a current; units stand in the keys, numbers that there are not are nan."""
    found = []
    for point in curve.points:
        energy, power = _measured_at(point.current, measured)
        found.append(
            {
                "current_A_per_g": point.current,
                "capacity_mAh_per_g": point.capacity,
                "energy_Wh_per_kg": point.energy,
                "mean_power_W_per_kg": point.mean_power,
                "measured_energy_Wh_per_kg": energy,
                "measured_power_W_per_kg": power,
                "energy_error_percent": 100 * (point.energy / energy - 1),
                "energy_Wh_per_kg_of_both_actives": point.energy * curve.share_of_actives,
                "mean_power_W_per_kg_of_both_actives": point.mean_power * curve.share_of_actives,
                "charge_balance": point.charge_balance,
                "outcome": point.outcome.value,
                "reason": point.reason,
            }
        )
    return found


def report(curve: RateCurve, measured: MeasuredRagone | None) -> str:
    """The table, and whose grams are meant."""
    header = [
        "A/g",
        "mAh/g",
        "Wh/kg",
        "measured Wh/kg",
        "error %",
        "W/kg",
        "measured W/kg",
        "Wh/kg of both",
        "outcome",
    ]
    columns = (
        "capacity_mAh_per_g",
        "energy_Wh_per_kg",
        "measured_energy_Wh_per_kg",
        "energy_error_percent",
        "mean_power_W_per_kg",
        "measured_power_W_per_kg",
        "energy_Wh_per_kg_of_both_actives",
    )
    lines = [
        [
            f"{row['current_A_per_g']:g}",
            *(number(row[column]) for column in columns),
            row["outcome"] + (f": {row['reason']}" if row["reason"] else ""),
        ]
        for row in rows(curve, measured)
    ]
    grams = (
        f"per gram of {curve.per_gram_of}, {100 * curve.share_of_actives:.0f} % of the active mass "
        "of both electrodes"
    )
    return f"{text_table(header, lines)}\n\n{curve.system}: {grams}\n"


def ragone_object(curve: RateCurve, measured: MeasuredRagone | None) -> dict[str, Any]:
    """The object that `hetsim ragone --json` prints; units stand in the keys."""
    return {
        "cell": curve.system,
        "model": curve.model,
        "per_gram_of": curve.per_gram_of,
        "share_of_both_active_masses": curve.share_of_actives,
        "parameters_hash": curve.parameters_hash,
        "points": [
            {key: null(one) if isinstance(one, float) else one for key, one in row.items()}
            for row in rows(curve, measured)
        ],
    }


def writers(curve: RateCurve, measured: MeasuredRagone | None) -> dict[str, Writer]:
    """The files by name, each with the function that writes it."""
    figure = plots.ragone(curve, measured)
    record = {
        **ragone_object(curve, measured),
        "protocol": curve.protocol,
        "thermodynamic_status": curve.thermodynamic_status,
        "versions": curve.versions,
        "parameters": curve.parameters,
    }
    functions: tuple[Writer, ...] = (
        lambda path: figure.savefig(path, dpi=300),
        lambda path: figure.savefig(path),
        lambda path: pd.DataFrame(rows(curve, measured)).to_csv(path, index=False),
        lambda path: _write_json(path, record),
    )
    return dict(zip(FILES, functions, strict=True))


def _write_json(path: Path, record: dict[str, Any]) -> None:
    path.write_text(json.dumps(record, indent=1), encoding="utf-8")


def _measured_at(current: float, measured: MeasuredRagone | None) -> tuple[float, float]:
    """Measured energy and power at a current, nan where there is none."""
    if measured is not None:
        for known, energy, power in zip(
            measured.currents, measured.energies, measured.powers, strict=True
        ):
            if math.isclose(known, current, rel_tol=1e-9):
                return energy, power
    return math.nan, math.nan
