"""The command `hetsim analyse`: measured files under the analysis of the literature."""

import json
from pathlib import Path
from typing import Any

import click

from hetsim.commands.common import clear_messages, json_option
from hetsim.commands.files import usable_folder, write_all


@click.group()
def analyse() -> None:
    """Analyse a measured FILE (.csv) as the literature does, with the limits of each number.

    \b
    Examples:
      hetsim analyse gitt titration.csv --sphere-radius-nm 250
      hetsim analyse cv voltammograms.csv --mass-mg 1.36
      hetsim analyse rate rate_curve.csv
    """


_file = click.argument("file", type=Path)
_out = click.option(
    "--out", type=Path, help="Folder for figure and data [hetsim-out/FILE-analyse-KIND]."
)
_mass = click.option("--mass-mg", type=float, help="Active mass [mg], for a column current_mA.")


@analyse.command()
@_file
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
@_out
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
    from hetsim.commands import analyse_gitt_job

    form = (mass_mg, molar_mass_g_per_mol, molar_volume_cm3_per_mol, area_cm2)
    job = analyse_gitt_job.GittJob(file, length_nm, sphere_radius_nm, form, window)
    _finish(job.run(), file, "gitt", out, as_json)


@analyse.command()
@_file
@_mass
@_out
@json_option
@clear_messages
def cv(file: Path, mass_mg: float | None, out: Path | None, as_json: bool) -> None:
    """b-values and Dunn's "capacitive share" of the voltammograms in a FILE.

    Columns: potential_V, current_A_per_g (or current_mA with --mass-mg), scan_rate_mV_per_s, in order of
    time; one cycle a scan rate, or a column cycle of which the last counts.

    \b
    Example:
      hetsim analyse cv voltammograms.csv --mass-mg 1.36
    """
    from hetsim.commands import analyse_cv_job

    _finish(analyse_cv_job.run(file, mass_mg), file, "cv", out, as_json)


@analyse.command()
@_file
@_out
@json_option
@clear_messages
def rate(file: Path, out: Path | None, as_json: bool) -> None:
    """The rate equation of Tian et al. (2019) fitted to the rate curve in a FILE.

    Columns: current_A_per_g, capacity_mAh_per_g. Three numbers and their 95 % intervals: full capacity,
    time constant, exponent.

    \b
    Example:
      hetsim analyse rate rate_curve.csv
    """
    from hetsim.commands import analyse_rate_job

    _finish(analyse_rate_job.run(file), file, "rate", out, as_json)


def _finish(found: Any, file: Path, kind: str, out: Path | None, as_json: bool) -> None:
    """Write figure and data, then print the table or the object."""
    writers = found.writers(kind)
    folder = usable_folder(out or Path("hetsim-out") / f"{file.stem}-analyse-{kind}", writers)
    files = write_all(folder, writers)
    if as_json:
        click.echo(json.dumps(found.content))
    else:
        click.echo(found.text)
        click.echo("\nwritten: " + ", ".join(str(path) for path in files))
