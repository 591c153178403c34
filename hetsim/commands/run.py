"""The command `hetsim run`: a protocol of several steps."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.files import Writer, figure_writers, table_writer
from hetsim.commands.job import Ending, ExperimentJob, experiment_options
from hetsim.commands.json_form import json_row, json_rows, json_value
from hetsim.commands.options import bdf_option, clear_messages, json_option
from hetsim.commands.text_table import some_rows, text_table
from hetsim.errors import ParameterError
from hetsim.results import quantities

if TYPE_CHECKING:
    from hetsim.results import ProtocolRun


@click.command()
@experiment_options
@click.option(
    "--step",
    "steps",
    multiple=True,
    help="A step in PyBaMM's words, one or several, in their order.",
)
@click.option(
    "--protocol",
    "file",
    type=click.Path(path_type=Path),
    help="A protocol file (.toml) instead of --step.",
)
@click.option("--repeat", type=int, help="How many times the steps are run [1].")
@click.option(
    "--until-cut-off", is_flag=True, help="Repeat until a current meets the cut-off of the cell."
)
@click.option("--filling", type=float, help="Where it begins, 0 extracted to 1 inserted [0].")
@click.option(
    "--after",
    type=click.Choice(["insertion", "extraction"]),
    help="Branch of the hysteresis on which it rests there [as reached from the extracted cell].",
)
@bdf_option
@json_option
@clear_messages
def run(
    system: str,
    controls: bool,
    model: str,
    variant: str,
    out: Path | None,
    steps: tuple[str, ...],
    file: Path | None,
    repeat: int | None,
    until_cut_off: bool,
    filling: float | None,
    after: str | None,
    bdf: bool,
    as_json: bool,
) -> None:
    """Run a protocol of several steps on a SYSTEM or full cell (a name or a .toml file).

    A discharge inserts ions, and 1C passes the capacity of all sites in one hour. A protocol file has
    currents in A/g, spectra and ramps too.

    \b
    Examples:
      hetsim run CZT --step "Discharge at 1C until 0.3 V" --step "Hold at 0.3 V until C/20"
      hetsim run CZT --step "Discharge at C/10 for 10 minutes" --step "Rest for 1 hour" --until-cut-off
      hetsim run CZT --protocol gitt-with-spectra.toml --model SPM --json

    \b
    A protocol file:
      repeat = 20                                # or "until cut-off"
      steps = [
        { kind = "ConstantCurrent", current = 0.05, duration = 600 },  # A/g, s
        "Rest for 1 hour",
        { kind = "EIS" },
      ]
    """
    given = {"--step": steps, "--protocol": file}
    if bool(steps) == (file is not None):
        raise ParameterError(f"Give one of {' and '.join(given)}: the steps, or a file with them.")
    protocol = _read(file) if file is not None else _of_texts(steps)
    protocol = _with(protocol, repeat, until_cut_off, filling, after)
    RunJob(system, variant, controls, model, protocol, bdf=bdf).execute(out, as_json)


def _of_texts(steps: Sequence[str]) -> Any:
    from hetsim.protocols import Protocol

    return Protocol(steps)


def _read(file: Path) -> Any:
    """The protocol of a file; a single step in it is a protocol of one step."""
    from hetsim.protocols import Protocol
    from hetsim.protocols.document import read_protocol
    from hetsim.protocols.protocol import inner_protocol

    found = read_protocol(file)
    if inner_protocol(found) is not None:
        return found
    return Protocol([found])


def _with(
    protocol: Any,
    repeat: int | None,
    until_cut_off: bool,
    filling: float | None,
    after: str | None,
) -> Any:
    """The protocol with what the command line says beside it."""
    from hetsim.protocols import Protocol

    if repeat is None and not until_cut_off and filling is None and after is None:
        return protocol
    if repeat is not None and until_cut_off:
        raise ParameterError("Give one of --repeat and --until-cut-off.")
    if not isinstance(protocol, Protocol):
        raise ParameterError(
            f"--repeat, --until-cut-off, --filling and --after belong to steps; "
            f"{type(protocol).__name__} says all of it itself."
        )
    times = None if until_cut_off else protocol.repeat if repeat is None else repeat
    start = protocol.filling if filling is None else filling
    return Protocol(protocol.steps, times, start, after or protocol.after)


# --- what it does ---------------------------------------------------------------------------------

SHOWN = 40
"""Steps in the table; all of them are in the files."""


class RunJob(ExperimentJob):
    """`hetsim run`."""

    kind = "run"

    def endings(self, result: Sequence[ProtocolRun]) -> Iterator[Ending]:
        for one in result:
            yield Ending(one.system, one.outcome, one.reason)

    def text(self, result: Sequence[ProtocolRun]) -> str:
        header = ["system", "step", "kind", "start s", "lasts s", "mAh/g", "end V", "end A/g"]
        rows, notes = [], []
        for one in result:
            for index in some_rows(len(one.step_list), SHOWN):
                step = one.step_list[index]
                rows.append(
                    [
                        one.system,
                        str(step.number),
                        step.kind,
                        f"{step.start:.6g}",
                        f"{step.duration:.6g}",
                        _charge(step.charge),
                        _number(step.final_voltage, ".4f"),
                        _number(step.final_current, ".3g"),
                    ]
                )
                if step.reason:
                    notes.append(f"{one.system}, step {step.number}: {step.reason}")
        return "\n".join([text_table(header, rows), "", *notes, *map(_end, result)])

    def json_of(self, run: ProtocolRun) -> dict[str, Any]:
        return {
            "outcome": run.outcome.value,
            "reason": run.reason,
            "charge_balance": json_value(run.charge_balance),
            "steps": json_rows(run.steps),
            "spectra": [
                json_row(
                    {
                        quantities.FILLING: spectrum.filling,
                        quantities.POTENTIAL: spectrum.potential,
                        quantities.AREA: spectrum.area,
                        quantities.FREQUENCY: spectrum.frequency,
                        quantities.REAL: spectrum.impedance.real,
                        quantities.IMAGINARY: spectrum.impedance.imag,
                    }
                )
                for spectrum in run.spectra
            ],
        }

    @property
    def _has_spectra(self) -> bool:
        from hetsim.protocols import EIS
        from hetsim.protocols.protocol import inner_protocol

        protocol = inner_protocol(self.protocol)
        return protocol is not None and any(isinstance(one, EIS) for one in protocol.leaves())

    def files(self) -> list[str]:
        spectra = ["run-spectra.png", "run-spectra.svg"] if self._has_spectra else []
        for index, cell in enumerate(self.cells):
            names = ("steps", "spectra") if self._has_spectra else ("steps",)
            spectra += [self._table_name(name, cell.name, index == 0) for name in names]
        return [*super().files(), *spectra]

    def writers(self, result: Sequence[ProtocolRun]) -> dict[str, Writer]:
        files = super().writers(result)
        for index, one in enumerate(result):
            first = index == 0
            files[self._table_name("steps", one.system, first)] = table_writer(one.steps)
            if one.spectra:
                frame = one.impedance.to_frame()
                files[self._table_name("spectra", one.system, first)] = table_writer(frame)
        if any(spectrum.outcome.good for one in result for spectrum in one.spectra):
            from hetsim.plots import impedances

            files.update(figure_writers("run-spectra", impedances(result)))
        return files

    def _table_name(self, name: str, system: str, first: bool) -> str:
        return f"run-{name}.csv" if first else f"run-{name}-{system}.csv"

    def figure(self, runs: Sequence[ProtocolRun]) -> Any:
        from hetsim.plots import traces

        seen = [one for one in runs if one.trace.time.size]
        return traces(seen) if seen else None


def _end(one: ProtocolRun) -> str:
    """The line on a whole run."""
    steps = "1 step" if len(one.step_list) == 1 else f"{len(one.step_list)} steps"
    head = f"{one.system}: {one.outcome}, {steps}, "
    if one.outcome.good and not one.trace.time.size:
        return f"{head}no charge passed in any of them (no trace, no figure of it)"
    return f"{head}net charge {_charge(one.charge)} mAh/g, charge balance {one.charge_balance:.0e}"


def _charge(value: float) -> str:
    return f"{round(value, 2) + 0.0:.2f}"  # + 0.0: no "-0.00"


def _number(value: float, form: str) -> str:
    return "-" if value != value else format(value, form)
