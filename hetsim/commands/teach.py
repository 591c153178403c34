"""The command `hetsim teach`: the teaching page, on a server for this machine or as a file."""

import webbrowser
from pathlib import Path

import click

from hetsim.commands.files import text_writer, usable_folder, write_all
from hetsim.commands.options import clear_messages
from hetsim.errors import OutputError
from hetsim.teaching.bundle import page_text
from hetsim.teaching.server import TeachingServer


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="Of the server; a free one without."
)
@click.option("--no-browser", is_flag=True, help="Print the address and open nothing.")
@click.option(
    "--export",
    "folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Write the page into this new folder instead, as one file that opens without a server.",
)
@click.option("--force", is_flag=True, help="Export into a folder that exists.")
@click.option(
    "--gallery",
    default="",
    metavar="ADDRESS",
    help="With --export: what stands before the names of experiments in links, for a page on a site.",
)
@clear_messages
def teach(port: int, no_browser: bool, folder: Path | None, force: bool, gallery: str) -> None:
    """Open the teaching page: seven scenes on what a built-in field does in an electrode and what it cannot.

    The page computes in the browser with hetsim's own models and asks no network for anything. The server answers this
    machine only; Ctrl-C ends it.

    \b
    Examples:
      hetsim teach
      hetsim teach --no-browser --port 8000
      hetsim teach --export lecture
    """
    if folder is not None:
        _export(folder, force, gallery)
        return
    with TeachingServer(page_text(gallery), port) as server:
        click.echo(f"{server.address}  (Ctrl-C ends)")
        if not no_browser and not webbrowser.open(server.address):
            click.echo(
                "No browser could be opened here; open the address in one, or write the page with --export DIR.",
                err=True,
            )
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            click.echo("")


def _export(folder: Path, force: bool, gallery: str) -> None:
    if folder.exists() and not force:
        raise OutputError(
            f"'{folder}' exists; --export makes a new folder: take another name, or --force to write into this one."
        )
    name = "index.html"
    [path] = write_all(usable_folder(folder, [name]), {name: text_writer(page_text(gallery))})
    click.echo(f"written: {path}")
