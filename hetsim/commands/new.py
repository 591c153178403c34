"""The command `hetsim new`: a parameter file of an electrode of which little is known."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from hetsim.commands.options import clear_messages, json_option
from hetsim.commands.reading_options import (
    OF_A_RATE,
    reading_options,
    stated_words,
    understood_line,
)
from hetsim.commands.text_table import paragraph, screen_width
from hetsim.errors import OutputError, ParameterError

ZERO_CELSIUS = 273.15


class SeveralMaterials(click.Command):
    """A command whose option --materials takes the names behind it, up to the next option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        return super().parse_args(ctx, list(_repeated(args)))


def _repeated(args: list[str]) -> Iterator[str]:
    """The words of the command line, with --materials before each name."""
    inside, taken = False, 0
    for word in args:
        if word.startswith("-"):
            inside, taken = word == "--materials", 0
        elif inside:
            if taken:
                yield "--materials"
            taken += 1
        yield word


@click.command(cls=SeveralMaterials)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--ion", required=True, help="Li, Na, K, Zn, Mg, Ca, Al or NH4.")
@click.option(
    "--window",
    required=True,
    type=float,
    nargs=2,
    metavar="LOW HIGH",
    help="Cut-offs [V] against the metal of the ion.",
)
@click.option(
    "--loading", type=float, help="Active mass [mg/cm2]; 1 is assumed where it is not known."
)
@click.option(
    "--materials", multiple=True, help="One name or two, in the library or not, behind FILE."
)
@click.option(
    "--rate",
    "rate_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The measured rate curve: a table of capacities, or the record of a rate test.",
)
@click.option("--electrolyte", default="", help="Of the library; a usual one of the ion without.")
@click.option("--radius-nm", type=float, help="Radius of the particles [nm]; only R^2/D acts.")
@click.option("--celsius", type=float, help="Temperature of the cell [degC]; 25 without.")
@click.option("--force", is_flag=True, help="Overwrite FILE.")
@reading_options(*OF_A_RATE, without=("loading_mg_cm2",))
@json_option
@clear_messages
def new(
    file: Path,
    ion: str,
    window: tuple[float, float],
    loading: float | None,
    materials: tuple[str, ...],
    rate_file: Path | None,
    electrolyte: str,
    radius_nm: float | None,
    celsius: float | None,
    force: bool,
    as_json: bool,
    **words: Any,
) -> None:
    """Write a parameter FILE (.toml) of an electrode whose open-circuit curve is not known.

    Ion, window, loading, materials and a rate curve are enough; everything else is assumed and says why. The file runs
    with every command, and a fit of it finds what the curve determines.

    \b
    Examples:
      hetsim new my.toml --ion Na --window 0.01 3 --loading 1.1 --materials Bi2S3 SnS --rate my_curve.csv
      hetsim fit my.toml
    """
    from hetsim.cells.template import template
    from hetsim.measurements import read_rate_csv
    from hetsim.parameters.system_text import system_text

    _check_target(file, force)
    of_file = {"loading_mg_cm2": loading, **stated_words(words)}
    curve = None if rate_file is None else read_rate_csv(rate_file, **of_file)
    cell = template(
        ion,
        window,
        loading,
        materials,
        curve,
        electrolyte,
        None if radius_nm is None else radius_nm * 1e-9,
        None if celsius is None else celsius + ZERO_CELSIUS,
        name=file.stem,
    )
    comment = "Written by `hetsim new`: what is assumed says why; replace what you know."
    try:
        file.write_text(system_text(cell.system, comment), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{file} cannot be written: {error.strerror}.") from error
    if curve is not None and not as_json:
        click.echo(understood_line(curve.note))
    _tell(file, cell, as_json)


def _check_target(file: Path, force: bool) -> None:
    """ParameterError or OutputError for a file that cannot or must not be written."""
    if file.suffix != ".toml":
        raise ParameterError(
            f"'{file}' is no name of a parameter file; it must end in .toml, such as my.toml."
        )
    if file.exists() and not force:
        raise OutputError(f"{file} is there already; --force overwrites it, or give another name.")
    if not file.parent.is_dir():
        raise OutputError(f"There is no folder '{file.parent}' to write {file.name} in.")


def _tell(file: Path, cell: Any, as_json: bool) -> None:
    from hetsim import names

    values = cell.system.values
    points = len(cell.measured.currents) if cell.measured else 0
    told = {
        "file": str(file),
        "system": cell.name,
        "ion": cell.system.ion,
        "points": points,
        "given": sorted(name for name, one in values.items() if one.origin == "user"),
        "assumed": sum(one.kind == "assumed" for one in values.values()),
        "loading_assumed": values[names.LOADING].kind == "assumed",
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    width = screen_width()
    sentences = [
        f"{file}: {cell.system.title} against {cell.system.ion}, {len(told['given'])} numbers given and "
        f"{told['assumed']} assumed with their reasons."
    ]
    if told["loading_assumed"]:
        sentences.append(
            "The loading is not known and assumed to be 1 mg/cm2; a rate curve then measures the product of series "
            "resistance and loading only."
        )
    following = f"hetsim fit {file}" if points else f"hetsim rate {file}"
    sentences.append(f"Next: {following}")
    for sentence in sentences:
        click.echo(paragraph(sentence, width))
