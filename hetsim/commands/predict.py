"""The command `hetsim predict`: a rate curve with its band, of a pair that is known from computed values only."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.files import Writer, figure_writers, json_writer, text_writer
from hetsim.commands.job import Job, default_folder
from hetsim.commands.options import SeveralNumbers, clear_messages, json_option, numbers_option
from hetsim.commands.text_table import paragraph, screen_width, text_table
from hetsim.errors import ParameterError

if TYPE_CHECKING:
    from hetsim.parameters.values import MeasuredRate
    from hetsim.prediction.computed import Computed
    from hetsim.prediction.prediction import Prediction


@click.command(cls=SeveralNumbers)
@click.argument("material_a", default="", metavar="[A]")
@click.argument("material_b", default="", metavar="[B]")
@click.option("--list", "listing", is_flag=True, help="List the pairs that were computed instead.")
@click.option("--ion", default="", help="Li, Na, K, ...; that of the pair if it has one only.")
@click.option("--capacity", type=float, help="Theoretical capacity of your own [mAh/g].")
@click.option("--barrier", type=float, help="Migration barrier of your own [eV].")
@click.option("--voltage", type=float, help="Mean open-circuit voltage of your own [V].")
@numbers_option("--currents", help="A/g, one or several [0.05 to 10].")
@click.option("--loading", type=float, default=1.0, show_default=True, help="mg/cm2.")
@click.option("--level", type=float, default=0.9, show_default=True, help="Of the band.")
@click.option(
    "--measured",
    "measured_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A CSV with a rate curve to draw beside it.",
)
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/A-B-ION-predict].")
@json_option
@clear_messages
def predict(
    material_a: str,
    material_b: str,
    listing: bool,
    ion: str,
    capacity: float | None,
    barrier: float | None,
    voltage: float | None,
    currents: tuple[float, ...],
    loading: float,
    level: float,
    measured_file: Path | None,
    out: Path | None,
    as_json: bool,
) -> None:
    """Predict the rate curve of materials A and B (or A alone) that nobody has measured, with its band.

    The theoretical capacity, voltage and barrier are computed ones, of the library or your own; everything else is
    drawn from measured electrodes of other materials. docs/predictions.md says how often such bands hold.

    \b
    Examples:
      hetsim predict --list
      hetsim predict VS2 graphene --ion Na
      hetsim predict MyA MyB --ion K --capacity 420 --barrier 0.25 --voltage 0.6
    """
    if listing:
        click.echo(_listed(ion, as_json))
        return
    if not material_a:
        raise ParameterError(
            "Name one material or two, such as `hetsim predict VS2 graphene --ion Na`; --list shows those computed."
        )
    given = {"capacity": capacity, "barrier": barrier, "voltage": voltage}
    job = PredictJob(material_a, material_b, ion, given, currents, loading, level, measured_file)
    job.execute(out, as_json)


@dataclass(frozen=True)
class PredictJob(Job):
    """One call of `hetsim predict`."""

    a: str
    b: str
    ion: str
    given: dict[str, float | None]
    currents: tuple[float, ...]
    loading: float
    level: float
    measured_file: Path | None

    @property
    def folder(self) -> Path:
        return default_folder(self.a, self.b, self._known.ion, "predict")

    def check(self) -> None:
        from hetsim.prediction.predict import CURRENTS, check_numbers
        from hetsim.protocols import RateTest

        _ = self._known, self._measured
        capacity, barrier, voltage = (self.given[one] for one in ("capacity", "barrier", "voltage"))
        check_numbers(capacity, barrier, voltage, self.loading, self.level)
        RateTest(self.currents or CURRENTS)

    def files(self) -> Sequence[str]:
        return "predict.png", "predict.svg", "predict.csv", "predict.json"

    def run(self, show_progress: bool) -> Prediction:
        from hetsim.prediction.predict import CURRENTS, predict

        return predict(
            self.a,
            self.b,
            self._known.ion,
            capacity=self.given["capacity"],
            barrier=self.given["barrier"],
            voltage=self.given["voltage"],
            currents=self.currents or CURRENTS,
            loading=self.loading,
            level=self.level,
        )

    def text(self, result: Prediction) -> str:
        width = screen_width()
        rows = [
            [f"{current:g}", f"{middle:.0f}", f"{low:.0f} to {high:.0f}"]
            for current, middle, low, high in zip(
                result.currents, result.median, result.low, result.high, strict=True
            )
        ]
        header = ["A/g", "predicted, mAh/g", f"{100 * self.level:g} % band"]
        title = f"{result.name} against {result.known.ion}: predicted, {self.loading:g} mg/cm2"
        words = "\n".join(paragraph(one, width) for one in result.sentences)
        return "\n\n".join([title, text_table(header, rows, width), words])

    def json_object(self, result: Prediction) -> dict[str, Any]:
        return {
            **_facts(result.known),
            "loading_mg_per_cm2": result.loading,
            "level": result.level,
            "currents_A_per_g": list(result.currents),
            "median_mAh_per_g": result.median.round(2).tolist(),
            "low_mAh_per_g": result.low.round(2).tolist(),
            "high_mAh_per_g": result.high.round(2).tolist(),
            "rests_on": list(result.sentences),
        }

    def writers(self, result: Prediction) -> dict[str, Writer]:
        from hetsim.plots import predicted

        return {
            **figure_writers("predict", predicted(result, self._measured)),
            "predict.csv": text_writer(result.to_frame().to_csv(index=False)),
            "predict.json": json_writer(self.json_object(result)),
        }

    @cached_property
    def _known(self) -> Computed:
        from hetsim.prediction.computed import computed

        return computed(self.a, self.b, self.ion, self.given["capacity"])

    @cached_property
    def _measured(self) -> MeasuredRate | None:
        from hetsim.measurements import read_rate_csv

        return None if self.measured_file is None else read_rate_csv(self.measured_file)


def _facts(known: Computed) -> dict[str, Any]:
    return {
        "materials": [one for one in (known.a, known.b) if one],
        "ion": known.ion,
        "theoretical_capacity_mAh_per_g": known.capacity,
        "theoretical_capacity_source": known.capacity_source,
        "mean_voltage_V": known.voltage,
        "barrier_eV": known.barrier,
        "barrier_high_eV": known.barrier_high,
        "doi": known.doi,
        "doubt": known.doubt,
    }


def _listed(ion: str, as_json: bool) -> str:
    """The computed pairs, of one ion or of all, one a line."""
    from hetsim.prediction.computed import computed_pairs

    pairs = [one for one in computed_pairs() if ion in ("", one.ion)]
    if not pairs:
        known = sorted({one.ion for one in computed_pairs()})
        raise ParameterError(f"No computed pair has the ion '{ion}'; there are {', '.join(known)}.")
    if as_json:
        return json.dumps([_facts(one) for one in pairs], ensure_ascii=False)
    rows = [
        [
            one.name,
            one.ion,
            "-" if one.capacity is None else f"{one.capacity:.0f}",
            "-" if one.voltage is None else f"{one.voltage:g}",
            _barrier(one),
        ]
        for one in pairs
    ]
    header = ["pair", "ion", "theoretical, mAh/g", "voltage, V", "barrier, eV"]
    return text_table(header, rows, screen_width())


def _barrier(one: Computed) -> str:
    if one.barrier is None:
        return "-"
    return f"{one.barrier:g}" + (f" to {one.barrier_high:g}" if one.barrier_high else "")
