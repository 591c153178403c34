"""Where the charge number z of the ion enters PyBaMM's own equations, which are written for z = 1.

Charge transfer of both electrodes, salt balance and diffusion potential; the particle, the open-circuit
potential and the site capacity have z in their own laws. With z = 1 everything is PyBaMM's.
"""

from typing import Any

import pybamm

from hetsim import names

_Z = pybamm.Parameter(names.CHARGE_NUMBER)


class IonParameters(pybamm.LithiumIonParameters):
    """PyBaMM's parameters for an ion of charge number z in the salt M X_n, n = z / z_anion.

    Charge transfer: z electrons in one step with equal transfer coefficients, at the working electrode
    and at the metal,

        j = 2 j0 sinh(z F eta / (2 R T))         small signal: R T / (z F j0)

    The resistance at small signal holds for any sequence of steps; the slope 2 R T / (z F) at high
    overpotential is that of the single step.

    Diffusion potential, against a reference electrode of the ion's metal (J. Newman and K. E.
    Thomas-Alyea, Electrochemical Systems, 3rd ed., Wiley (2004), chapter 12: s+ = -1, n = z, nu+ = 1),

        i = kappa [-grad(phi) + (R T / F) chi grad(ln c)]
        chi = (1 + z / z_anion) (1 - t+) (1 + dln f / dln c) / z

    which is 2 (1 - t+) for 1:1, (1 - t+) for 2:2 (ZnSO4) and 3/2 (1 - t+) for 2:1 salts
    (Zn(CF3SO3)2). Limits: one salt, one cation per formula unit, no association into complexes. PyBaMM's
    variables that turn moles of lithium into a capacity still count one electron for each.
    """

    def _set_parameters(self) -> None:
        super()._set_parameters()
        for electrode in (self.n, self.p):
            electrode.prim.ne = _Z

    def chi(self, c_e: Any, T: Any) -> Any:
        ions = 1 + _Z / pybamm.Parameter(names.ANION_CHARGE_NUMBER)
        return ions / _Z * (1 - self.t_plus(c_e, T)) * self.thermodynamic_factor(c_e, T)


class _SaltParameters(IonParameters):
    """For the balance of the salt, where PyBaMM's F is the charge of a mole of ions: z F."""

    def _set_parameters(self) -> None:
        super()._set_parameters()
        self.F = _Z * pybamm.constants.F


class SaltDiffusion(pybamm.electrolyte_diffusion.Full):
    """Balance of a salt M X_n, whose cation carries the current in and out.

        d(eps c)/dt = -div N + a j / (z F),    N = -D_eff grad(c) + t+ i / (z F)

    c [mol.m-3] counts formula units. Limits: those of IonParameters.
    """

    def __init__(self, param: Any, options: Any, x_average_state: bool) -> None:
        super().__init__(_SaltParameters(param.options), options, x_average_state)
