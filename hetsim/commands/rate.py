"""The command `hetsim rate`: a simulated rate curve beside the measured one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.files import (
    Writer,
    bdf_name,
    bdf_writer,
    columns_writer,
    figure_writers,
    json_writer,
    netcdf_writer,
    table_writer,
)
from hetsim.commands.job import Ending, Job, default_folder, simulated, with_controls
from hetsim.commands.options import (
    bdf_option,
    clear_messages,
    json_option,
    model_option,
    variant_option,
)
from hetsim.commands.reading_options import (
    OF_A_RATE,
    reading_of,
    reading_options,
    stated_words,
    understood_line,
)
from hetsim.parameters.system_file import system_names

if TYPE_CHECKING:
    from hetsim.cells.full_cell import Cell
    from hetsim.measurements import Reading
    from hetsim.parameters.values import MeasuredRate
    from hetsim.protocols import RateTest
    from hetsim.results import RateCurve
    from hetsim.results.comparison import Pair


@click.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@click.option("--controls", is_flag=True, help="Run the control systems too.")
@click.option("--compare", "comparing", is_flag=True, help="Set the measured curve beside it.")
@click.option(
    "--measured",
    "measured_file",
    type=Path,
    help="A file to compare with instead: a table of capacities, or the record of a rate test.",
)
@click.option("--currents", multiple=True, type=float, help="A/g; repeat it for several.")
@click.option("--cycles", default=3, show_default=True, help="Cycles at each current.")
@click.option("--from-equilibrium", is_flag=True, help="One insertion at each current, from rest.")
@click.option(
    "--profiles",
    "looking_inside",
    is_flag=True,
    help="Also write what is inside the particles of SYSTEM at the highest current.",
)
@click.option(
    "--components",
    is_flag=True,
    help="Write what the voltage is made of (overpotentials, ohmic losses) too.",
)
@model_option
@variant_option
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/SYSTEM-VARIANT].")
@bdf_option
@reading_options(*OF_A_RATE)
@json_option
@clear_messages
def rate(
    system: str,
    controls: bool,
    comparing: bool,
    measured_file: Path | None,
    currents: tuple[float, ...],
    cycles: int,
    from_equilibrium: bool,
    looking_inside: bool,
    components: bool,
    model: str,
    variant: str,
    out: Path | None,
    bdf: bool,
    as_json: bool,
    **words: Any,
) -> None:
    """Simulate the rate capability of a SYSTEM (a name or a .toml file).

    \b
    Examples:
      hetsim rate CZT --controls --compare
      hetsim rate CZT --currents 0.1 --currents 10 --variant core-shell
      hetsim rate CZT --currents 1 --components
      hetsim rate my_material.toml --measured my_curve.csv
      hetsim rate CZT --measured rate_test_export.csv --mass-mg 1.36
    """
    job = RateJob(
        system,
        variant,
        controls,
        comparing,
        measured_file,
        currents,
        cycles,
        from_equilibrium,
        components,
        model,
        looking_inside,
        bdf,
        stated_words(words),
    )
    job.execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


USUAL_CURRENTS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
"""[A.g-1], where neither the user nor the data say which."""

PROFILE_TIMES = 6
"""Moments of an insertion that --profiles shows."""


@dataclass(frozen=True)
class RateJob(Job):
    """One call of `hetsim rate`."""

    system: str
    variant: str
    controls: bool
    comparing: bool
    measured_file: Path | None
    currents: tuple[float, ...]
    cycles: int
    from_equilibrium: bool
    components: bool
    model: str
    looking_inside: bool = False
    bdf: bool = False
    words: dict[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        return default_folder(Path(self.system).stem, self.variant)

    def check(self) -> None:
        for cell, data in self._cells:
            self._protocol(cell, data)
            cell.check_cut_offs()

    def files(self) -> Sequence[str]:
        inside = ("profiles.png", "profiles.svg", "profiles.nc") if self.looking_inside else ()
        more = ("components.png", "components.svg", "components.csv") if self.components else ()
        traces = [_bdf_name(cell.name, index == 0) for index, (cell, _) in enumerate(self._cells)]
        return (
            *("rate.png", "rate.svg", "rate.csv", "rate.json"),
            *more,
            *inside,
            *(traces if self.bdf else ()),
        )

    def run(self, show_progress: bool) -> list[Pair]:
        """One simulated curve for each system, each with its measured one if it is compared."""
        plans = [(cell, self._protocol(cell, data)) for cell, data in self._cells]
        curves = simulated(plans, self.model, show_progress)
        return [(curve, data) for curve, (_, data) in zip(curves, self._cells, strict=True)]

    def endings(self, result: list[Pair]) -> Iterator[Ending]:
        from hetsim.commands.rate_report import rate_endings

        return rate_endings([curve for curve, _ in result])

    def text(self, result: list[Pair]) -> str:
        from hetsim.commands.rate_report import error_lines, rate_table

        read = understood_line(self._read.understood) if self._read else ""
        return "\n\n".join(filter(None, (read, rate_table(result), error_lines(result))))

    def json_object(self, result: list[Pair]) -> dict[str, Any]:
        from hetsim.commands.rate_report import rate_object

        return {**rate_object(result), **self._understood}

    @property
    def _understood(self) -> dict[str, str]:
        """What was understood of the measured file, if there is one."""
        return {"understood": self._read.understood} if self._read else {}

    def writers(self, result: list[Pair]) -> dict[str, Writer]:
        from hetsim.commands.rate_report import rate_record
        from hetsim.plots import rates
        from hetsim.results.comparison import compare

        tables = [
            compare(curve, data).columns() if data else curve.columns() for curve, data in result
        ]
        return {
            **figure_writers("rate", rates(result)),
            "rate.csv": columns_writer(tables),
            "rate.json": json_writer({**rate_record(result), **self._understood}),
            **(self._inside(result[0][0]) if self.looking_inside else {}),
            **(_component_writers(result[0][0]) if self.components else {}),
            **(self._traces([curve for curve, _ in result]) if self.bdf else {}),
        }

    def _traces(self, curves: Sequence[RateCurve]) -> dict[str, Writer]:
        """The traces of each system that has any."""
        return {
            _bdf_name(curve.system, index == 0): bdf_writer(curve)
            for index, curve in enumerate(curves)
            if curve.has_trace
        }

    def _inside(self, curve: RateCurve) -> dict[str, Writer]:
        """Figure and data of the profiles at the highest current that was run to its end; nothing if none was."""
        from hetsim.plots import profiles

        run = [point.current for point in curve.points if point.outcome.good]
        if not run:
            return {}
        seen = curve.profiles(max(run), times=PROFILE_TIMES)
        return {
            **figure_writers("profiles", profiles(seen)),
            "profiles.nc": netcdf_writer(seen),
        }

    @cached_property
    def _read(self) -> Reading | None:
        """The measured file as it was understood."""
        if self.measured_file is None:
            return None
        return reading_of(self.measured_file, self.words, "rate")

    @cached_property
    def _cells(self) -> list[tuple[Cell, MeasuredRate | None]]:
        """The system and its controls, each with its measured curve if it is compared; read once."""
        from hetsim.measurements import measured

        cells = with_controls(self.system, self.variant, self.controls)
        if self.controls and cells[0].control_systems:
            # beside the hosts that have files of their own: the mixture, and the junctions taken away
            cells += cells[0].controls()[2:]
        wants = self.comparing or self.measured_file is not None
        compared = [(cell, cell.measured if wants else None) for cell in cells]
        if self._read is not None:
            compared[0] = (cells[0], self._read.data)
        elif wants and compared[0][1] is None:
            measured(self.system)  # says that there is none
        return compared

    def _protocol(self, cell: Cell, data: MeasuredRate | None) -> RateTest:
        from hetsim.protocols import RateTest

        usual = cell.measured.currents if cell.measured else USUAL_CURRENTS
        main = self._cells[0][0].measured
        chosen = self.currents or (*usual, *(main.currents if main else ()))
        currents = sorted({*chosen, *(data.currents if data else ())})
        return RateTest(currents, self.cycles, self.from_equilibrium)


def _bdf_name(system: str, first: bool) -> str:
    """The file of the traces of a system."""
    return bdf_name("rate.csv" if first else f"rate-{system}.csv")


def _component_writers(curve: RateCurve) -> dict[str, Writer]:
    """Figure and table of what the voltage of the system is made of; nothing where no point ended well."""
    from hetsim.plots import voltage_components

    if not any(point.outcome.good for point in curve.points):
        return {}
    return {
        **figure_writers("components", voltage_components(curve)),
        "components.csv": table_writer(curve.voltage_components()),
    }
