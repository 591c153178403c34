"""The command `hetsim export`: a cell in the form that other programs read."""

import json
from pathlib import Path

import click

from hetsim.commands.files import usable_folder
from hetsim.commands.options import clear_messages, json_option, variant_option
from hetsim.commands.text_table import paragraph, screen_width
from hetsim.parameters.system_file import system_names


@click.command()
@click.argument("system", shell_complete=lambda *_: system_names())
@variant_option
@click.option("--out", type=Path, help="File to write [hetsim-out/SYSTEM-VARIANT.bpx.json].")
@json_option
@clear_messages
def export(system: str, variant: str, out: Path | None, as_json: bool) -> None:
    """Write a SYSTEM (a name or a .toml file) for other programs, as a BPX file.

    BPX (Battery Parameter eXchange) holds the mean particle of the electrode with its open-circuit curves, kinetics and
    electrolyte. All of hetsim's parameters stand in the block User-defined, from which `hs.exchange.from_bpx` makes the
    same cell again. Needs the package bpx: pip install 'hetsim[bpx]'.

    \b
    Examples:
      hetsim export CZT
      hetsim export CZT --variant lumped --out czt.json
    """
    from hetsim.cells.load import load_cell
    from hetsim.exchange import to_bpx

    cell = load_cell(system, variant)
    stem = "-".join(filter(None, (Path(system).stem, variant)))
    path = out or Path("hetsim-out") / f"{stem}.bpx.json"
    if out is None:
        usable_folder(path.parent, [path.name])
    document = to_bpx(cell, path)  # type: ignore[arg-type]
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    electrode = document["Parameterisation"]["Positive electrode"]
    points = len(electrode["OCP [V]"]["x"])
    head = document["Header"]
    text = f"{head['Title']}: a partial set of BPX {head['BPX']}, open-circuit curve of {points} points"
    click.echo(paragraph(text, screen_width()))
    click.echo("\n" + paragraph(f"written: {path}", screen_width(), indent="  ", first=""))
