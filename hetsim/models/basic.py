"""A heterostructure half cell in one file: HeterostructureSPM, written out for reading.

One particle size, a core-shell field, no share that is filled at once. `hetsim.models.half_cell` does the
same and more out of submodels; this file is the place to read, to teach from and to check the
others against. It discretises the flux in another way (see Particle), so agreement of the two is
evidence for both.
"""

from typing import Any

import numpy as np
import pybamm

from hetsim import names
from hetsim.architectures.fields import SWITCH
from hetsim.laws.isotherm import equilibrium_occupancy, mean_occupancy
from hetsim.laws.potential import core_shell_potential
from hetsim.laws.transport import chemical_potential

RADIAL_POINTS, MESH_STRETCH = 40, 3.5
"""Volumes of the particle, and how much thinner the outermost is: exp(MESH_STRETCH) times."""
ROUND_OFF = 1e-9
"""Surface occupancy that counts as none, and vacancy that counts as none [-]."""


class BasicHalfCell(pybamm.lithium_ion.BaseModel):
    """Single-particle model of a core-shell heterostructure electrode against the ion's metal.

        model = BasicHalfCell()
        simulation = pybamm.Simulation(model, parameter_values=cell.parameter_values())

    where `cell` has a core-shell particle of one size and no fast share:
    `hs.load("CZT", "core-shell").with_particle(classes=1, fast=False)`. PyBaMM calls the working
    electrode "positive" and insertion "discharge"; a positive current inserts.

    Limits: the electrolyte stays at its initial concentration and drops no voltage but that of the
    series resistance; isothermal; the field is static.
    """

    def __init__(self, name: str = "Basic heterostructure half cell") -> None:
        super().__init__({"working electrode": "positive"}, name)
        param, electrode = self.param, self.param.p.prim
        F, T, z = param.F, param.T_init, pybamm.Parameter(names.CHARGE_NUMBER)
        V_T = param.R * T / (z * F)
        c_max = electrode.c_max

        # --- Variables -------------------------------------------------------------------------
        # c [mol.m-3] ions in the particle; theta = c / c_max occupancy of its sites [-]
        # Q [A.h] net charge inserted; Q_abs [A.h] charge moved in either direction
        c = pybamm.Variable(
            names.x_averaged(names.PARTICLE_CONCENTRATION),
            domain=names.PARTICLE,
            bounds=(0, c_max),
            scale=c_max,
        )
        Q = pybamm.Variable("Discharge capacity [A.h]")
        Q_abs = pybamm.Variable("Throughput capacity [A.h]")
        theta = c / c_max

        # --- Current ---------------------------------------------------------------------------
        # I_cell [A];   i = I_cell / A [A.m-2] of electrode
        # j = i / (a L) [A.m-2] of particle surface, of which there is a = 3 eps / R [m-1]
        # q = j / (z F) [mol.m-2.s-1]: ions that arrive at the surface of the particle
        I_cell, i = param.current_with_time, param.current_density_with_time
        R = pybamm.Parameter(names.RADIUS)
        eps = pybamm.Parameter("Positive electrode active material volume fraction")
        j = i / (3 * eps / R * param.p.L)
        q = j / (z * F)

        # --- Built-in potential ----------------------------------------------------------------
        # Phi(r) = phi(r) / V_T [-],   V_T = RT/zF [V],   phi(R) = 0,   phi'(0) = phi'(R) = 0
        r = pybamm.SpatialVariable("r_p", domain=[names.PARTICLE], coord_sys="spherical polar")
        phi = core_shell_potential(
            r / R,
            pybamm.Parameter(names.BUILT_IN_POTENTIAL),
            pybamm.Parameter(names.CORE_DEBYE_LENGTH) / R,
            pybamm.Parameter(names.SHELL_DEBYE_LENGTH) / R,
            pybamm.Parameter(names.CORE_FRACTION),
            pybamm.Parameter(names.PERMITTIVITY_RATIO),
        )
        Phi = phi / V_T

        # --- Particle --------------------------------------------------------------------------
        # balance    dc/dt = -div N
        # flux       N = -M grad(mu),   M = D c (1 - theta),   mu = ln(theta / (1 - theta)) + Phi
        # boundary   N = 0 at r = 0,   N = -q at r = R
        # initial    mu uniform: at rest in the field
        D = electrode.D(c, T)
        M = D * c * (1 - theta)
        mu = chemical_potential(theta, Phi)
        # the brackets make M on a face the arithmetic mean of its neighbours; for M * grad(mu)
        # PyBaMM takes the harmonic one, which errs more where ions enter an empty particle
        N = M * (-pybamm.grad(mu))
        self.rhs[c] = -pybamm.div(N)
        nothing = (pybamm.Scalar(0), "Neumann")
        self.boundary_conditions[mu] = {"left": nothing, "right": (q / pybamm.surf(M), "Neumann")}
        # surface    theta_0 = 1 / (1 + e^-mu): occupancy that the place would have at phi = 0. It is
        # uniform at rest, theta_s at r = R, and its slope there is grad(theta_0) = q / (D c_max)
        theta_0 = equilibrium_occupancy(theta, -Phi)
        slope = q / (pybamm.surf(D) * c_max)
        self.boundary_conditions[theta_0] = {"left": nothing, "right": (slope, "Neumann")}
        # a step of the solver may overshoot the cut-off and leave (0, 1)
        theta_s = pybamm.maximum(ROUND_OFF, pybamm.minimum(pybamm.surf(theta_0), 1 - ROUND_OFF))
        theta_rest = pybamm.Parameter(names.C_INIT) / c_max
        self.initial_conditions[c] = c_max * equilibrium_occupancy(theta_rest, Phi)

        # --- Charge ----------------------------------------------------------------------------
        # dQ/dt = I_cell / 3600,   dQ_abs/dt = |I_cell| / 3600
        self.rhs[Q] = I_cell / 3600
        self.rhs[Q_abs] = abs(I_cell) / 3600
        self.initial_conditions[Q] = pybamm.Scalar(0)
        self.initial_conditions[Q_abs] = pybamm.Scalar(0)

        # --- Open-circuit potential ------------------------------------------------------------
        # U(g(theta_s)), g(theta_s): mean occupancy of a particle in equilibrium with its surface
        # U = (U_ins + U_ext) / 2 + tanh(SWITCH i / 2) (U_ins - U_ext) / 2
        around = pybamm.PrimaryBroadcast(theta_s, names.PARTICLE)
        g = mean_occupancy(around, Phi, pybamm.r_average)
        U_ins, U_ext = electrode.U(g, T, "lithiation"), electrode.U(g, T, "delithiation")
        U = (U_ins + U_ext) / 2 + pybamm.tanh(SWITCH * i / 2) * (U_ins - U_ext) / 2

        # --- Kinetics --------------------------------------------------------------------------
        # Butler-Volmer with equal transfer coefficients, z electrons in one step:
        # j = 2 j0 sinh(-eta / 2 V_T) at the particle,   i = 2 j0_m sinh(eta_m / 2 V_T) at the metal
        c_e = param.c_e_init_av
        j0 = electrode.j0(c_e, theta_s * c_max, T)
        j0_metal = param.j0_Li_metal(c_e, pybamm.Scalar(0), T)
        eta = -2 * V_T * np.arcsinh(j / (2 * j0))
        eta_metal = 2 * V_T * np.arcsinh(i / (2 * j0_metal))

        # --- Voltage ---------------------------------------------------------------------------
        # V = U + eta - eta_metal - I_cell R_s;   a run ends at V = V_min or V = V_max
        V = U + eta - eta_metal - I_cell * param.R_contact(T)
        self.events += [
            pybamm.Event("Minimum voltage [V]", V - param.voltage_low_cut),
            pybamm.Event("Maximum voltage [V]", param.voltage_high_cut - V),
        ]

        # --- What can be asked of a solution ---------------------------------------------------
        self.variables.update(
            {
                c.name: c,
                Q.name: Q,
                Q_abs.name: Q_abs,
                names.x_averaged(names.SURFACE_CONCENTRATION): theta_s * c_max,
                names.INVENTORY: pybamm.r_average(c) * eps * param.p.L * param.A_cc,
                "Built-in potential in positive particle [V]": phi,
                "Positive electrode open-circuit potential [V]": U,
                "Positive electrode reaction overpotential [V]": eta,
                "Negative electrode reaction overpotential [V]": eta_metal,
                "Current [A]": I_cell,
                "Current variable [A]": I_cell,
                names.TOTAL_CURRENT_DENSITY: i,
                names.VOLTAGE: V,
                "Voltage expression [V]": V,
                "Battery voltage [V]": V,
            }
        )

    @property
    def default_parameter_values(self) -> Any:
        """CZT as core-shell particles of one size."""
        return pybamm.ParameterValues("CZT-core-shell")

    @property
    def default_var_pts(self) -> Any:
        return {**super().default_var_pts, names.PARTICLE_COORDINATE: RADIAL_POINTS}

    @property
    def default_submesh_types(self) -> Any:
        """Volumes that thin out towards the surface."""
        refined = {"side": "right", "stretch": MESH_STRETCH}
        mesh = pybamm.MeshGenerator(pybamm.Exponential1DSubMesh, refined)
        return {**super().default_submesh_types, names.PARTICLE: mesh}

    @property
    def default_spatial_methods(self) -> Any:
        """Finite volumes that extrapolate to the surface with the slope that is known there."""
        with_slope = {"extrapolation": {"use bcs": True}}
        return {
            **super().default_spatial_methods,
            names.PARTICLE: pybamm.FiniteVolume(with_slope),
        }

    @property
    def default_solver(self) -> Any:
        return pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8)
