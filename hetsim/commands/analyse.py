"""The command `hetsim analyse`: measured files under the analysis of the literature."""

import click

from hetsim.commands.lazy import LazyGroup

COMMANDS: dict[str, tuple[str, str]] = {
    "cv": (
        "hetsim.commands.analyse_cv:cv",
        'b-values and Dunn\'s "capacitive share" of the voltammograms in a FILE.',
    ),
    "eis": (
        "hetsim.commands.analyse_eis:eis",
        "Randles circuit, Kramers-Kronig test and relaxation times of the impedance spectra in a FILE.",
    ),
    "gitt": (
        "hetsim.commands.analyse_gitt:gitt",
        "Diffusion coefficients of every pulse of a FILE by Weppner and Huggins, closed form and interruption.",
    ),
    "ici": (
        "hetsim.commands.analyse_ici:ici",
        "Diffusion coefficient and resistance of every interruption of a current in a FILE.",
    ),
    "rate": (
        "hetsim.commands.analyse_rate:rate",
        "The rate equation of Tian et al. (2019) fitted to the rate curve in a FILE.",
    ),
}
"""Where each analysis is, and the first sentence of its help."""


@click.group(cls=LazyGroup, commands_of=COMMANDS)
def analyse() -> None:
    """Analyse a measured FILE as the literature does, with the limits of each number.

    \b
    Examples:
      hetsim analyse gitt titration.csv --sphere-radius-nm 250
      hetsim analyse ici interruptions.csv --sphere-radius-nm 250
      hetsim analyse cv voltammograms.csv --mass-mg 1.36
      hetsim analyse eis spectrum.csv
      hetsim analyse rate rate_curve.csv
    """
