"""The command line. Commands that only read parameter files do not wait for PyBaMM."""

import click

from hetsim.commands.analyse import analyse
from hetsim.commands.cv import cv
from hetsim.commands.cycling import cycle
from hetsim.commands.eis import eis
from hetsim.commands.fit import fit
from hetsim.commands.gitt import gitt
from hetsim.commands.junction import interface
from hetsim.commands.lists import list_systems, show
from hetsim.commands.ragone import ragone
from hetsim.commands.rate import rate
from hetsim.commands.sweep import sweep


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="hetsim")
def main() -> None:
    """Battery cells with heterostructure electrodes: what a built-in field can do, and what it cannot.

    \b
    Examples:
      hetsim list
      hetsim show CZT --against CT
      hetsim interface CZT
      hetsim rate CZT --controls --compare
      hetsim analyse gitt titration.csv --sphere-radius-nm 250
      hetsim gitt CZT
      hetsim cv CZT --scan-rates 0.1 0.2 0.4 0.6 0.8 1.0
      hetsim eis CZT --filling 0.5
      hetsim fit CZT
      hetsim sweep study.toml --out study.zarr
      hetsim ragone KPB-CZT
      hetsim cycle CZT --current 3 --cycles 100

    Exit codes: 0 done, 1 the simulation failed, 2 the input was wrong.
    Shell completion: eval "$(_HETSIM_COMPLETE=bash_source hetsim)" (or zsh_source, fish_source).
    """


for command in (
    list_systems, show, interface, rate, fit, gitt, cv, eis, cycle, ragone, sweep, analyse,
):  # fmt: skip
    main.add_command(command)
main.add_command(interface, "junction")
