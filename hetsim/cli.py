"""The command line. A command is imported when it is called, so help and lists do not wait for PyBaMM."""

import os

import click

from hetsim.commands.lazy import LazyGroup

COMMANDS: dict[str, tuple[str, str]] = {
    "analyse": (
        "hetsim.commands.analyse:analyse",
        "Analyse a measured FILE as the literature does, with the limits of each number.",
    ),
    "cite": (
        "hetsim.commands.cite:cite",
        "List the papers behind SYSTEMS (names or .toml files): values, measured curves, laws and programs.",
    ),
    "compare": (
        "hetsim.commands.compare:compare",
        "Compare models of the rate curve of a SYSTEM (a name or a .toml file).",
    ),
    "cv": (
        "hetsim.commands.cv:cv",
        "Simulate cyclic voltammetry of a SYSTEM (a name or a .toml file).",
    ),
    "cycle": (
        "hetsim.commands.cycling:cycle",
        "Cycle a SYSTEM (a name or a .toml file) at one current between its cut-offs.",
    ),
    "eis": (
        "hetsim.commands.eis:eis",
        "Simulate the impedance of a SYSTEM (a name or a .toml file) at rest.",
    ),
    "export": (
        "hetsim.commands.export:export",
        "Write a SYSTEM (a name or a .toml file) for other programs, as a BPX file.",
    ),
    "electrolyte": (
        "hetsim.commands.electrolyte:electrolyte",
        "Judge the interfaces of a solid electrolyte NAME: what layers on its filler would explain.",
    ),
    "evidence": (
        "hetsim.commands.evidence:evidence",
        "Weigh explanations of the rate curve of a SYSTEM (a name or a .toml file) against each other.",
    ),
    "explain": (
        "hetsim.commands.explain:explain",
        "Share the gain of a SYSTEM over its controls among the mechanisms that make it.",
    ),
    "fit": (
        "hetsim.commands.fit:fit",
        "Fit the rate curves of SYSTEMS (names or .toml files), which share what is not of one alone.",
    ),
    "gitt": (
        "hetsim.commands.gitt:gitt",
        "Simulate galvanostatic intermittent titration of a SYSTEM (a name or a .toml file).",
    ),
    "interface": (
        "hetsim.commands.junction:interface",
        "Report the junction of a SYSTEM, or of two materials: field, space charge, effective transport.",
    ),
    "junction": (
        "hetsim.commands.junction:interface",
        "Report the junction of a SYSTEM, or of two materials: field, space charge, effective transport.",
    ),
    "list": (
        "hetsim.commands.list:list_systems",
        "List the systems and full cells that ship with hetsim by ion and class, or its materials.",
    ),
    "new": (
        "hetsim.commands.new:new",
        "Write a parameter FILE (.toml) of an electrode whose open-circuit curve is not known.",
    ),
    "plan": (
        "hetsim.commands.plan:plan",
        "Rank further experiments on a SYSTEM by how well they would tell mechanisms apart.",
    ),
    "predict": (
        "hetsim.commands.predict:predict",
        "Predict the rate curve of materials A and B (or A alone) that nobody has measured, with its band.",
    ),
    "ragone": (
        "hetsim.commands.ragone:ragone",
        "Energy against power of a full CELL (a name or a .toml file), beside what was measured.",
    ),
    "rate": (
        "hetsim.commands.rate:rate",
        "Simulate the rate capability of a SYSTEM (a name or a .toml file).",
    ),
    "read": (
        "hetsim.commands.read:read",
        "Show what hetsim understands of a measured FILE; nothing is run and nothing is written.",
    ),
    "run": (
        "hetsim.commands.run:run",
        "Run a protocol of several steps on a SYSTEM or full cell (a name or a .toml file).",
    ),
    "show": (
        "hetsim.commands.show:show",
        "Show every value of a SYSTEM or full cell (a name or a .toml file) with its kind and source.",
    ),
    "sweep": (
        "hetsim.commands.sweep:sweep",
        "Run a protocol over many values, as a STUDY file (.toml) says, into a store.",
    ),
    "teach": (
        "hetsim.commands.teach:teach",
        "Open the teaching page: seven scenes on what a built-in field does in an electrode and what it cannot.",
    ),
}
"""Where each command is, and the first sentence of its help."""


@click.group(
    cls=LazyGroup,
    commands_of=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="hetsim")
def main() -> None:
    """Battery cells with heterostructure electrodes: what a built-in field can do, and what it cannot.

    \b
    Examples:
      hetsim list
      hetsim show CZT --against CT
      hetsim interface CZT
      hetsim rate CZT --controls --compare
      hetsim read export.csv --mass-mg 1.36
      hetsim analyse gitt titration.csv --sphere-radius-nm 250
      hetsim gitt CZT
      hetsim cite CZT --out references.bib
      hetsim cv CZT --scan-rates 0.1 0.2 0.4 0.6 0.8 1.0
      hetsim eis CZT --filling 0.5
      hetsim run CZT --step "Discharge at 1C until 0.3 V" --step "Rest for 1 hour"
      hetsim new my.toml --ion Na --window 0.01 3 --rate my_curve.csv
      hetsim fit CZT
      hetsim explain CZT --current 10
      hetsim predict VS2 graphene --ion Na
      hetsim sweep study.toml --out study.zarr
      hetsim ragone KPB-CZT
      hetsim cycle CZT --current 3 --cycles 100
      hetsim teach

    Exit codes: 0 done, 1 the simulation failed, 2 the input was wrong.
    Shell completion: eval "$(_HETSIM_COMPLETE=bash_source hetsim)" (or zsh_source, fish_source).
    """


def run() -> None:
    """The program `hetsim`: what its commands build, the next one reads (engine.tape_store)."""
    os.environ.setdefault("HETSIM_KEEP_TAPES", "1")
    main()
