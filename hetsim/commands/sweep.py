"""The command `hetsim sweep`: a protocol over many values."""

from __future__ import annotations

import json
import math
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.files import Writer, figure_writers, usable_folder, write_all
from hetsim.commands.json_form import json_value
from hetsim.commands.options import FAILED, clear_messages, json_option
from hetsim.commands.text_table import number, text_table
from hetsim.errors import HetsimError, ParameterError
from hetsim.results import quantities

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from hetsim.sweeping.study import Study
    from hetsim.sweeping.sweep import Progress


@click.command()
@click.argument("study", required=False, type=Path)
@click.option(
    "--out",
    type=Path,
    help="Store of the sweep [hetsim-out/STUDY.zarr]; with --report, folder of figures and data "
    "[hetsim-out/STUDY-sweep].",
)
@click.option("--workers", type=int, help="Processes of this machine; 1 stays in this one.")
@click.option("--scheduler", help="Address of a dask scheduler, such as tcp://10.0.0.1:8786.")
@click.option("--resume", is_flag=True, help="Go on with a sweep that was stopped.")
@click.option("--yes", is_flag=True, help="Confirm a design of more than a million cases.")
@click.option("--report", type=Path, help="A store: what ran, what failed and why, with figures.")
@json_option
@clear_messages
def sweep(
    study: Path | None,
    out: Path | None,
    workers: int | None,
    scheduler: str | None,
    resume: bool,
    yes: bool,
    report: Path | None,
    as_json: bool,
) -> None:
    """Run a protocol over many values, as a STUDY file (.toml) says, into a store.

    A sweep that was killed goes on with --resume and ends with the same data. A case that fails never
    stops the others; the exit code is 1 only if no case came to a good end.

    \b
    Examples:
      hetsim sweep study.toml --out study.zarr --workers 2
      hetsim sweep study.toml --out study.zarr --resume
      hetsim sweep --report study.zarr
    """
    if (study is None) == (report is None):
        raise ParameterError("Give either a study file or --report with a store.")
    if workers is not None and scheduler is not None:
        raise ParameterError("Give either --workers or --scheduler, not both.")
    if study is not None:
        job = SweepJob(study, out, workers, scheduler, resume, yes)
        path, complete = job.run(show_progress=sys.stderr.isatty() and not as_json)
        told = Told(path)
        files: list[Path] = []
    else:
        assert report is not None
        told, complete = Told(report), True
        folder = usable_folder(out or Path("hetsim-out") / f"{report.stem}-sweep", FILES)
        files = write_all(folder, told.writers())
    if as_json:
        click.echo(json.dumps(told.as_object(files)))
    else:
        click.echo(told.text())
        if files:
            click.echo("written: " + ", ".join(str(path) for path in files))
        else:
            click.echo(f"written: {told.path} (figures: hetsim sweep --report {told.path})")
    if not complete or not told.any_good:
        sys.exit(FAILED)


# --- what it does ---------------------------------------------------------------------------------


FILES = ("sweep.png", "sweep.svg", "sweep.csv", "sweep.nc", "sensitivity.png", "sensitivity.csv")

REASONS = 8
"""Most reasons that a report lists; the store has the reason of every case."""


@dataclass(frozen=True)
class SweepJob:
    """The choices of one `hetsim sweep STUDY`."""

    file: Path
    out: Path | None
    workers: int | None
    scheduler: str | None
    resume: bool
    yes: bool

    @property
    def store(self) -> Path:
        """Folder of the rows, unless the user names one."""
        return self.out or Path("hetsim-out") / f"{self.file.stem}.zarr"

    def run(self, show_progress: bool) -> tuple[Path, bool]:
        """Run what is missing; where it is, and whether it is all there now."""
        from hetsim.simulation.run_many import compiler_note
        from hetsim.sweeping.checks import check_size
        from hetsim.sweeping.study_file import read_study
        from hetsim.sweeping.sweep import run_study
        from hetsim.sweeping.workers import SweepInterruptedError

        study = read_study(self.file)
        check_size(study.cases, stored=True, confirmed=self.yes)
        self._check_unfinished(study)
        if compiler_note() and show_progress:
            click.echo(compiler_note(), err=True)
        complete = False
        with _progress(study.cases, show_progress) as progress:
            try:
                run_study(study, self.store, self.scheduler, self.workers, progress)
                complete = True
            except SweepInterruptedError as error:
                message = str(error)
            except KeyboardInterrupt:
                message = "Interrupted."
        if not complete:
            click.echo(f"{message} What is done is in '{self.store}'; --resume goes on.", err=True)
        return self.store, complete

    def _check_unfinished(self, study: Study) -> None:
        """A stopped sweep goes on only where that is asked for, and only where there is one."""
        from hetsim.sweeping.store import exists
        from hetsim.sweeping.sweep import matching

        if not exists(self.store):
            if self.resume:
                raise ParameterError(f"There is no store '{self.store}' to go on with.")
            return
        store, study = matching(self.store, study)
        done = len(store.done(study.layout))
        if done < study.layout.chunks and not self.resume:
            rows = min(done * study.layout.chunk, study.cases)
            raise ParameterError(
                f"The store '{self.store}' has {rows} of {study.cases} cases of this study; --resume "
                "runs the rest."
            )


@contextmanager
def _progress(cases: int, shown: bool) -> Iterator[Progress | None]:
    """A bar with rate and time left on a terminal, and nothing in a script."""
    if not shown:
        yield None
        return
    start, before = time.perf_counter(), [0]
    with click.progressbar(
        length=cases,
        label="sweeping",
        file=sys.stderr,
        show_pos=True,
        item_show_func=lambda rate: rate or "",
    ) as bar:

        def tell(done: int, _: int, failed: int) -> None:
            rate = done / (time.perf_counter() - start)
            bar.update(done - before[0], f"{rate:.3g} cases/s, {failed} failed")
            before[0] = done

        yield tell


class Told:
    """What a store says, as text, as an object and as files."""

    def __init__(self, path: Path) -> None:
        from hetsim.sweeping.dataset import open_sweep

        self.path = path
        self.data = open_sweep(path)

    @cached_property
    def outcomes(self) -> Counter[str]:
        """How many cases ended how, the most frequent first."""
        return Counter(str(one) for one in self.data["outcome"].values.ravel())

    @cached_property
    def reasons(self) -> Counter[str]:
        """How many cases gave which reason."""
        return Counter(str(one) for one in self.data["reason"].values.ravel() if one)

    @property
    def any_good(self) -> bool:
        """Whether any case came to a good end."""
        from hetsim.results import Outcome
        from hetsim.sweeping.dataset import NOT_RUN

        return any(name != NOT_RUN and Outcome(name).good for name in self.outcomes)

    @property
    def quantities(self) -> list[str]:
        """Numbers of the protocol that have one value a case, or one along one more dimension."""
        from hetsim.plots.sweeps import BOOKKEEPING

        lead = self.data["outcome"].ndim
        return [
            str(name)
            for name, data_var in self.data.data_vars.items()
            if data_var.dtype.kind == "f" and name not in BOOKKEEPING and data_var.ndim <= lead + 1
        ]

    @cached_property
    def indices(self) -> pd.DataFrame | None:
        """Sensitivity indices of the main quantity at the middle of its other dimensions; None for
        other designs and where too few blocks are whole."""
        if json.loads(self.data.attrs["design"])["kind"] not in ("SaltelliDesign", "MorrisDesign"):
            return None
        from hetsim.plots.sweeps import main_quantity
        from hetsim.sweeping.sensitivity import sensitivity

        name = main_quantity(self.data)
        at = {
            str(dim): self.data[dim].values[(self.data.sizes[dim] - 1) // 2]
            for dim in self.data[name].dims
            if dim != "case"
        }
        at = {dim: str(one) if dim == "system" else float(one) for dim, one in at.items()}
        try:
            frame = sensitivity(self.data, name, **at)
        except HetsimError as error:
            click.echo(f"no sensitivity indices: {error}", err=True)
            return None
        frame.attrs["at"] = at
        return frame

    def text(self) -> str:
        """Tables for the terminal."""
        design = json.loads(self.data.attrs["design"])
        protocol = json.loads(self.data.attrs["protocol"])
        total = sum(self.outcomes.values())
        parts = [
            f"{self.data.attrs['system']}, {self.data.attrs['model']}, {protocol['kind']}: "
            f"{design['kind']}, {total} cases, {self.seconds:.3g} s of work",
            text_table(
                ["outcome", "cases"], [[name, str(n)] for name, n in self.outcomes.most_common()]
            ),
        ]
        if self.reasons:
            rows = [[str(n), reason] for reason, n in self.reasons.most_common(REASONS)]
            if len(self.reasons) > REASONS:
                rows.append(["", f"and {len(self.reasons) - REASONS} other reasons"])
            parts.append(text_table(["cases", "reason"], rows))
        if self.quantities:
            header = ["quantity", "at", "least", "median", "most"]
            parts.append(text_table(header, list(self._rows())))
        if self.indices is not None:
            parts.append(self._sensitivity_text(self.indices))
        return "\n\n".join(parts)

    def as_object(self, files: list[Path]) -> dict[str, Any]:
        """The object that `--json` prints; units stand in the keys."""
        return {
            "store": str(self.path),
            "systems": self.data.attrs["system"].split(", "),
            "model": self.data.attrs["model"],
            "sweep_hash": self.data.attrs["sweep_hash"],
            "design": json.loads(self.data.attrs["design"])["kind"],
            "cases": sum(self.outcomes.values()),
            "outcomes": dict(self.outcomes),
            "reasons": dict(self.reasons.most_common(REASONS)),
            "work_s": self.seconds,
            "largest_charge_balance": json_value(abs(self.data["charge_balance"]).max().item()),
            "quantities": [
                {"quantity": name, "at": at, "least": least, "median": median, "most": most}
                for name, at, least, median, most in self._statistics()
            ],
            "sensitivity": None
            if self.indices is None
            else {**self.indices.attrs, "indices": self.indices.T.to_dict()},
            "files": [str(path) for path in files],
        }

    def writers(self) -> dict[str, Writer]:
        """The files of a report, each with the function that writes it."""
        from hetsim.plots import sensitivity_bars, sweep_overview
        from hetsim.sweeping.dataset import write_netcdf

        found: dict[str, Writer] = {
            "sweep.csv": lambda path: self.frame().to_csv(path, index=False),
            "sweep.nc": lambda path: write_netcdf(self.data, path),
        }
        if self.any_good:
            found |= figure_writers("sweep", sweep_overview(self.data))
        if self.indices is not None:
            frame = self.indices
            of = quantities.of_key(frame.attrs["quantity"]).name
            title = f"{of} at {self._place(frame)}".removesuffix(" at ")
            bars = sensitivity_bars(frame, title)
            found["sensitivity.png"] = lambda path: bars.savefig(path, dpi=300)
            found["sensitivity.csv"] = lambda path: frame.to_csv(path)
        return found

    def frame(self) -> pd.DataFrame:
        """One row a case and current (or what else a quantity stands along); no voltage curves."""
        lead = self.data["outcome"].ndim
        short = [
            name for name, data_var in self.data.data_vars.items() if data_var.ndim <= lead + 1
        ]
        return self.data[short].to_dataframe().reset_index()

    @property
    def seconds(self) -> float:
        """Wall time of all cases together [s]."""
        return float(self.data["time_used_s"].sum())

    def _rows(self) -> Iterator[list[str]]:
        for name, at, least, median, most in self._statistics():
            numbers = [number(math.nan if n is None else n, 3) for n in (least, median, most)]
            yield [name, at, *numbers]

    def _statistics(self) -> Iterator[tuple[str, str, float | None, float | None, float | None]]:
        outer = set(self.data["outcome"].dims)
        for name in self.quantities:
            quantity = self.data[name]
            inner = [str(dim) for dim in quantity.dims if dim not in outer]
            if not inner:
                yield (name, "", *_spread(quantity))
                continue
            for place, value in enumerate(self.data[inner[0]].values):
                yield (name, f"{inner[0]} {value:g}", *_spread(quantity.isel({inner[0]: place})))

    def _place(self, frame: pd.DataFrame) -> str:
        """The place along the other dimensions at which indices were taken, in words."""
        told = []
        for name, value in frame.attrs["at"].items():
            unit = quantities.Quantity(name, str(self.data[name].attrs.get("units", ""))).axis_unit
            told.append(f"{name} {value}" if isinstance(value, str) else f"{name} {value:g} {unit}")
        return ", ".join(told).strip()

    def _sensitivity_text(self, frame: pd.DataFrame) -> str:
        rows = [
            [str(name), *(f"{value:.3g}" for value in row)]
            for name, row in zip(frame.index, frame.to_numpy(), strict=True)
        ]
        used = f"{frame.attrs['blocks_used']} of {frame.attrs['blocks']} blocks"
        head = f"sensitivity of {frame.attrs['quantity']} at {self._place(frame)} ({used} whole)"
        return f"{head}\n" + text_table(["parameter", *frame.columns], rows)


def _spread(found: xr.DataArray) -> tuple[float | None, float | None, float | None]:
    """Least, median and largest of the cases that have a number; None where none has."""
    least, median, most = (
        json_value(one.item()) for one in (found.min(), found.median(), found.max())
    )
    return least, median, most
