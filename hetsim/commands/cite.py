"""The command `hetsim cite`: the papers behind a cell."""

import json
from pathlib import Path
from typing import Any

import click

from hetsim.commands.options import clear_messages, json_option, model_option, variant_option
from hetsim.commands.text_table import paragraph, screen_width
from hetsim.parameters.system_file import system_names


@click.command()
@click.argument("systems", nargs=-1, required=True, shell_complete=lambda *_: system_names())
@click.option("--bibtex", is_flag=True, help="Print entries of BibTeX instead of a list.")
@click.option("--out", type=Path, help="Write them to this file too: .bib, .txt or .md.")
@model_option
@variant_option
@json_option
@clear_messages
def cite(
    systems: tuple[str, ...],
    bibtex: bool,
    out: Path | None,
    model: str,
    variant: str,
    as_json: bool,
) -> None:
    """List the papers behind SYSTEMS (names or .toml files): values, measured curves, laws and programs.

    The papers are those that the parameter files name as the sources of their values, those behind the laws that the
    equations take, hetsim and PyBaMM.

    \b
    Examples:
      hetsim cite CZT
      hetsim cite CZT CT ZT --model DFN --out references.bib
      hetsim cite my_material.toml --bibtex
    """
    from hetsim.cells.load import load_cell
    from hetsim.exchange.cite import cite as papers_of

    found = papers_of(*(load_cell(system, variant) for system in systems), model=model)
    if out is not None:
        found.write(out)
    if as_json:
        click.echo(json.dumps(_object(systems, found), ensure_ascii=False))
        return
    width = screen_width()
    lines = found.plain.splitlines()
    click.echo(
        found.bibtex if bibtex else "\n".join(paragraph(one, width, "    ", "") for one in lines)
    )
    if out is not None:
        click.echo(f"\nwritten: {out}", err=bibtex)


def _object(systems: tuple[str, ...], found: Any) -> dict[str, Any]:
    """What --json prints."""
    return {
        "systems": list(systems),
        "works": [
            {
                "key": one.reference.key,
                "text": one.reference.plain,
                "doi": one.reference.doi,
                "uses": list(one.uses),
                "bibtex": one.reference.bibtex,
            }
            for one in found.citations
        ],
        "without_doi": list(found.without_doi),
    }
