"""The command `hetsim electrolyte`: what layers on the filler of a solid electrolyte would explain."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.files import Writer, figure_writers, json_writer
from hetsim.commands.job import Job, default_folder
from hetsim.commands.options import clear_messages, json_option
from hetsim.commands.text_table import paragraph, screen_width, text_table
from hetsim.errors import ParameterError

if TYPE_CHECKING:
    from hetsim.solid_electrolytes.electrolyte import SolidElectrolyte

ZERO_CELSIUS = 273.15


@click.command()
@click.argument("name", default="", metavar="[NAME]")
@click.option("--list", "listing", is_flag=True, help="List all of them with their verdicts.")
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/NAME-electrolyte].")
@json_option
@clear_messages
def electrolyte(name: str, listing: bool, out: Path | None, as_json: bool) -> None:
    """Judge the interfaces of a solid electrolyte NAME: what layers on its filler would explain.

    Its printed conductivities stand beside those of the host and of a space-charge layer, with the potential that such
    layers would need. docs/solid_electrolytes.md has the model and all of them.

    \b
    Examples:
      hetsim electrolyte --list
      hetsim electrolyte peo-vs-disordered
    """
    if listing:
        click.echo(_listed(as_json))
        return
    if not name:
        raise ParameterError(
            "Name a solid electrolyte, such as peo-vs-disordered; --list shows all."
        )
    ElectrolyteJob(name).execute(out, as_json)


@dataclass(frozen=True)
class ElectrolyteJob(Job):
    """One call of `hetsim electrolyte`."""

    name: str

    @property
    def folder(self) -> Path:
        return default_folder(self.name, "electrolyte")

    def check(self) -> None:
        _ = self._electrolyte

    def files(self) -> Sequence[str]:
        return "electrolyte.png", "electrolyte.svg", "electrolyte.json"

    def run(self, show_progress: bool) -> SolidElectrolyte:
        return self._electrolyte

    def text(self, result: SolidElectrolyte) -> str:
        width = screen_width()
        rows = [
            [
                f"{one.point.temperature - ZERO_CELSIUS:.0f}" if one.point.temperature else "-",
                f"{one.point.value / 100:.3g}",
                f"{1e3 * one.of_host:.0f}",
                "-" if one.of_amorphous is None else f"{1e3 * one.of_amorphous:.0f}",
                f"{1e3 * one.screened:.0f}",
            ]
            for one in result.needs
        ]
        header = ["degC", "S/cm", "needs mV", "if amorphous, mV", "screened, mV"]
        facts = result.facts
        parts = [f"{facts.title}: {result.verdict}"]
        if rows:
            parts.append(text_table(header, rows, width))
        words = [
            result.reason,
            f"Source: {facts.reference}, as read in {facts.source}.",
        ]
        if facts.doubt:
            words.append(f"In doubt: {facts.doubt}.")
        parts.append("\n".join(paragraph(one, width) for one in words))
        return "\n\n".join(parts)

    def json_object(self, result: SolidElectrolyte) -> dict[str, Any]:
        return facts_object(result)

    def writers(self, result: SolidElectrolyte) -> dict[str, Writer]:
        from hetsim.plots import solid_electrolyte

        return {
            **figure_writers("electrolyte", solid_electrolyte(result)),
            "electrolyte.json": json_writer(self.json_object(result)),
        }

    @cached_property
    def _electrolyte(self) -> SolidElectrolyte:
        from hetsim.solid_electrolytes.electrolyte import solid_electrolyte

        return solid_electrolyte(self.name)


def facts_object(electrolyte: SolidElectrolyte) -> dict[str, Any]:
    """What is known and what is judged of an electrolyte; units stand in the keys."""
    facts = electrolyte.facts
    return {
        "system": facts.system,
        "kind": facts.kind,
        "host": facts.host,
        "filler": facts.filler,
        "filler_wt_percent": facts.filler_weight_percent,
        "filler_volume_share": round(electrolyte.volume_share, 4),
        "verdict": electrolyte.verdict,
        "reason": electrolyte.reason,
        "needs": [
            {
                "temperature_K": one.point.temperature,
                "conductivity_S_per_m": one.point.value,
                "potential_of_host_V": round(one.of_host, 4),
                "potential_of_amorphous_V": None
                if one.of_amorphous is None
                else round(one.of_amorphous, 4),
                "potential_screened_V": round(one.screened, 4),
            }
            for one in electrolyte.needs
        ],
        "reference": facts.reference,
        "source": facts.source,
        "doubt": facts.doubt,
    }


def _listed(as_json: bool) -> str:
    from hetsim.solid_electrolytes.electrolyte import SolidElectrolyte
    from hetsim.solid_electrolytes.facts import solid_electrolytes

    every = [SolidElectrolyte(one) for one in solid_electrolytes()]
    if as_json:
        return json.dumps([facts_object(one) for one in every], ensure_ascii=False)
    rows = [[one.name, one.facts.kind, one.verdict] for one in every]
    return text_table(["electrolyte", "kind", "potential of a layer"], rows, screen_width())
