"""The command `hetsim analyse gitt`."""

import math
from dataclasses import dataclass
from pathlib import Path

import click

from hetsim import plots
from hetsim.analysis import (
    DiffusionLength,
    GittAnalysis,
    layer,
    mass_over_area,
    sphere,
    weppner_huggins,
)
from hetsim.analysis.diffusion_length import stated
from hetsim.commands.analysed import (
    Analysed,
    file_argument,
    finish,
    json_rows,
    json_value,
    out_option,
)
from hetsim.commands.options import clear_messages, json_option
from hetsim.commands.rate_report import number
from hetsim.commands.text_table import text_table
from hetsim.errors import ParameterError
from hetsim.measurements import read_trace_csv
from hetsim.measurements.csv_table import read_csv


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
    job = GittJob(file, length_nm, sphere_radius_nm, form, window)
    finish(job.run(), file, "gitt", out, as_json)


# --- what it does ---------------------------------------------------------------------------------


_FORM = ("--mass-mg", "--molar-mass-g-per-mol", "--molar-volume-cm3-per-mol", "--area-cm2")


@dataclass(frozen=True)
class GittJob:
    """The choices of one `hetsim analyse gitt`.

    form : mass [mg], molar mass [g/mol], molar volume [cm3/mol], area [cm2], each None if not given
    """

    file: Path
    length_nm: float | None
    sphere_radius_nm: float | None
    form: tuple[float | None, ...]
    window: tuple[float, float]

    def run(self) -> Analysed:
        """Read, analyse and draw. Raises ParameterError for any wrong input."""
        length = self.length()
        whole = "current_A_per_g" not in read_csv(self.file).header
        mass = self.form[0] if whole or not self._mass_form else None
        trace = read_trace_csv(self.file, mass)
        found = weppner_huggins(trace, length, self.window)
        content = {
            "file": str(self.file),
            "length_m": length.metres,
            "length_meaning": length.meaning,
            "median_diffusivity_m2_per_s": json_value(found.median_diffusivity),
            "pulses": json_rows(found.to_frame()),
        }
        figure = plots.analysed_gitt(trace, found)
        return Analysed(_text(found), content, found.to_frame(), figure)

    @property
    def _mass_form(self) -> bool:
        return any(one is not None for one in self.form[1:])

    def length(self) -> DiffusionLength:
        """The one length that was stated. Raises ParameterError for none or for several."""
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
            return layer(1e-9 * self.length_nm)
        if self.sphere_radius_nm is not None:
            return sphere(1e-9 * self.sphere_radius_nm)
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
            f"{one.pulse.passed:.1f}",
            number(one.pulse.before, 3),
            number(1e3 * one.step, 1),
            number(1e3 * one.transient, 1),
            number(1e3 * one.jump, 1),
            number(one.line.r_squared, 4),
            _scientific(1e4 * one.diffusivity),
            _scientific(1e4 * one.diffusivity_from_steps),
            "; ".join(one.remarks),
        ]
        for one in found.results
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
        f"median D: {_scientific(1e4 * found.median_diffusivity)} cm2/s of {len(found.results)} pulses",
    ]
    return "\n".join(lines)
