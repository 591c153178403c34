"""The command `hetsim analyse gitt`."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hetsim.commands.analysed import Analysed, AnalysisJob, file_argument, out_option
from hetsim.commands.options import clear_messages, json_option
from hetsim.commands.text_table import number, text_table
from hetsim.errors import ParameterError
from hetsim.results.quantities import CURRENT, DIFFUSIVITY
from hetsim.units import CM2, MV, NM

if TYPE_CHECKING:
    from hetsim.analysis import DiffusionLength, GittAnalysis


@click.command()
@file_argument
@click.option("--length-nm", type=float, help="Thickness of a layer filled from one side [nm].")
@click.option("--sphere-radius-nm", type=float, help="Radius of spheres [nm]: L is a third of it.")
@click.option(
    "--mass-mg", type=float, help="Active mass [mg]: m of m V_M/(M S), or for current_mA."
)
@click.option("--molar-mass-g-per-mol", type=float, help="M of m V_M/(M S) [g/mol].")
@click.option("--molar-volume-cm3-per-mol", type=float, help="V_M of m V_M/(M S) [cm3/mol].")
@click.option("--area-cm2", type=float, help="S of m V_M/(M S) [cm2].")
@click.option(
    "--window",
    nargs=2,
    type=float,
    default=(0.1, 1.0),
    show_default=True,
    help="Part of a pulse that is taken as linear in sqrt(t), as shares of its length.",
)
@out_option
@json_option
@clear_messages
def gitt(
    file: Path,
    length_nm: float | None,
    sphere_radius_nm: float | None,
    mass_mg: float | None,
    molar_mass_g_per_mol: float | None,
    molar_volume_cm3_per_mol: float | None,
    area_cm2: float | None,
    window: tuple[float, float],
    out: Path | None,
    as_json: bool,
) -> None:
    """Diffusion coefficients by Weppner and Huggins, linearity and polarisation of every pulse of a FILE.

    Columns: time_s, current_A_per_g (positive inserts), voltage_V, and step if there is one. A length
    must be stated, for D scales with its square: --length-nm, --sphere-radius-nm, or mass, molar mass,
    molar volume and area.

    \b
    Examples:
      hetsim analyse gitt titration.csv --sphere-radius-nm 250
      hetsim analyse gitt titration.csv --mass-mg 1.36 --molar-mass-g-per-mol 314
          --molar-volume-cm3-per-mol 45 --area-cm2 1.131
    """
    form = (mass_mg, molar_mass_g_per_mol, molar_volume_cm3_per_mol, area_cm2)
    GittAnalysisJob(file, length_nm, sphere_radius_nm, form, window).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


_FORM = ("--mass-mg", "--molar-mass-g-per-mol", "--molar-volume-cm3-per-mol", "--area-cm2")


@dataclass(frozen=True)
class GittAnalysisJob(AnalysisJob):
    """One call of `hetsim analyse gitt`.

    form : mass [mg], molar mass [g/mol], molar volume [cm3/mol], area [cm2], each None if not given
    """

    length_nm: float | None
    sphere_radius_nm: float | None
    form: tuple[float | None, ...]
    window: tuple[float, float]

    kind = "gitt"

    def analysed(self) -> Analysed:
        from hetsim.analysis import weppner_huggins
        from hetsim.commands.json_form import json_rows, json_value
        from hetsim.measurements import read_trace_csv
        from hetsim.measurements.csv_table import read_csv
        from hetsim.plots import analysed_gitt

        length = self.length()
        whole = CURRENT.key not in read_csv(self.file).header
        mass = self.form[0] if whole or not self._mass_form else None
        trace = read_trace_csv(self.file, mass)
        analysis = weppner_huggins(trace, length, self.window)
        frame = analysis.to_frame()
        content = {
            "file": str(self.file),
            "length_m": length.metres,
            "length_meaning": length.meaning,
            f"median_{DIFFUSIVITY.key}": json_value(analysis.median_diffusivity),
            "pulses": json_rows(frame),
        }
        return Analysed(_text(analysis), content, frame, analysed_gitt(trace, analysis))

    @property
    def _mass_form(self) -> bool:
        return any(one is not None for one in self.form[1:])

    def length(self) -> DiffusionLength:
        """The one length that was stated. Raises ParameterError for none or for several."""
        from hetsim.analysis import layer, mass_over_area, sphere
        from hetsim.analysis.diffusion_length import stated

        given = [
            name
            for name, there in (
                ("--length-nm", self.length_nm is not None),
                ("--sphere-radius-nm", self.sphere_radius_nm is not None),
                ("--area-cm2 and its companions", self._mass_form),
            )
            if there
        ]
        if len(given) > 1:
            raise ParameterError(
                f"{' and '.join(given)} state the diffusion length twice; give one of them."
            )
        if self.length_nm is not None:
            return layer(self.length_nm * NM)
        if self.sphere_radius_nm is not None:
            return sphere(self.sphere_radius_nm * NM)
        if not self._mass_form:
            return stated(None)
        missing = [name for name, one in zip(_FORM, self.form, strict=True) if one is None]
        if missing:
            raise ParameterError(
                f"L = m V_M/(M S) needs {', '.join(_FORM)}; {missing[0]} is missing."
            )
        mass, molar_mass, molar_volume, area = (float(one or 0) for one in self.form)
        return mass_over_area(mass, molar_mass, molar_volume, area)


def _scientific(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.2e}"


def _text(found: GittAnalysis) -> str:
    rows = [
        [
            f"{result.pulse.passed:.1f}",
            number(result.pulse.before, 3),
            number(result.step / MV, 1),
            number(result.transient / MV, 1),
            number(result.jump / MV, 1),
            number(result.line.r_squared, 4),
            _scientific(result.diffusivity / CM2),
            _scientific(result.diffusivity_from_steps / CM2),
            "; ".join(result.remarks),
        ]
        for result in found.results
    ]
    header = [
        "mAh/g",
        "rest V",
        "step mV",
        "transient mV",
        "jump mV",
        "R2 sqrt(t)",
        "D cm2/s",
        "from steps",
        "remarks",
    ]
    lines = [
        text_table(header, rows),
        "",
        f"length L: {found.length}; D scales with its square",
        f"median D: {_scientific(found.median_diffusivity / CM2)} cm2/s of {len(found.results)} pulses",
    ]
    return "\n".join(lines)
