"""A half cell of LiFePO4 against lithium with a solid electrolyte, as its papers test it."""

from typing import Any

import numpy as np

from hetsim import names
from hetsim.architectures import NoChannel
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.heterostructure import Host, heterostructure
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.errors import ParameterError
from hetsim.protocols import RateTest
from hetsim.solid_electrolytes.electrolyte import SolidElectrolyte
from hetsim.solid_electrolytes.hosts import AMORPHOUS, hosts

LFP = Host(
    "LiFePO4",
    potentials=(3.43,),
    shares=(1.0,),
    capacity=170.0,
    widths=(1.0,),
    hysteresis=(0.02,),
    diffusivity=1e-17,
    density=3600.0,
)
"""Lithium iron phosphate: one kind of site at 3.43 V, 170 mAh/g by Faraday's law; the diffusivity is that of grains of
150 nm which are filled within an hour, and no value of a paper."""
WINDOW = (2.5, 4.0)
MEMBRANE = 100e-6
"""Thickness of a polymer membrane, where none is printed [m]."""
LOADING = 2.0
"""Of an all-solid cell [mg.cm-2]."""


def salt_diffusivity(sigma: float, salt: float, transference: float, temperature: float) -> float:
    """Of a dissociated salt of equal charges with a conductivity [m2.s-1].

    D = 2 t (1 - t) (D+ + D-),   D+ + D- = sigma R T / (F^2 c)          Nernst and Einstein

    sigma : [S.m-1]; salt : c [mol.m-3]; transference : t of the cation [-]; temperature : [K]
    Limits: ion pairs diffuse and do not conduct, so that a real salt diffuses faster.
    """
    both = sigma * GAS_CONSTANT * temperature / (FARADAY**2 * salt)
    return 2 * transference * (1 - transference) * both


def lfp_cell(
    electrolyte: SolidElectrolyte,
    temperature: float = 333.15,
    *,
    potential: float | None = None,
    loading: float = LOADING,
    membrane: float | None = None,
) -> HalfCell:
    """A half cell of LiFePO4 against lithium, with the electrolyte in the membrane and in the electrode.

    Parameters
    ----------
    electrolyte : SolidElectrolyte
        Of `hs.solid_electrolyte`
    temperature : float, default 333.15
        Of the cell [K]
    potential : float | None, default None
        Of its layers [V]: the conductivity is then the modelled one, of the amorphous polymer; the printed one if
        left out
    loading : float, default 2.0
        [mg.cm-2]
    membrane : float | None, default None
        Thickness [m]; the printed one, or 100 um

    Returns
    -------
    HalfCell

    Raises
    ------
    ParameterError
        Where no conductivity is printed and none can be modelled, or for numbers outside their limits.
    """
    if potential is None:
        sigma = electrolyte.printed_conductivity(temperature)
    else:
        sigma = electrolyte.conductivity(temperature, potential, amorphous=True)
    host = electrolyte.host or hosts()[AMORPHOUS]
    transference = electrolyte.facts.transference_number or host.transference_number
    diffusivity = salt_diffusivity(sigma, host.salt, transference, temperature)
    values: dict[str, Any] = {
        names.LOADING: loading,
        names.LOWER_CUT_OFF: WINDOW[0],
        names.UPPER_CUT_OFF: WINDOW[1],
        names.AMBIENT_TEMPERATURE: temperature,
        "Reference temperature [K]": temperature,
        "Separator thickness [m]": membrane or electrolyte.facts.membrane or MEMBRANE,
        "Separator porosity": 0.99,
        "Initial concentration in electrolyte [mol.m-3]": host.salt,
        "Reference electrolyte conductivity [S.m-1]": sigma,
        "Reference electrolyte diffusivity [m2.s-1]": diffusivity,
        "Electrolyte conductivity activation energy [eV]": 0.0,
        "Electrolyte diffusivity activation energy [eV]": 0.0,
        "Cation transference number": transference,
        "Thermodynamic factor": 1.0,
        names.FAST_FRACTION: 0.0,
        names.TIME_SPREAD: 0.0,
        "Particle radius [m]": 150e-9,
        "Exchange-current density [A.m-2]": 0.1,
    }
    name = f"LiFePO4-{electrolyte.name}"
    return heterostructure(LFP, LFP, "Li", interface=NoChannel(), values=values, name=name)


def lfp_currents(*c_rates: float) -> RateTest:
    """A rate test at C-rates of 170 mA/g each, from rest. Raises ParameterError for none."""
    if not c_rates:
        raise ParameterError("Name one C-rate at least, such as 0.1.")
    amperes = tuple(float(rate) * LFP.capacity / 1000 for rate in np.atleast_1d(c_rates))
    return RateTest(amperes, from_equilibrium=True)
