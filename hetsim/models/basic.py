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
from hetsim.laws.hysteresis import branch_rate
from hetsim.laws.isotherm import equilibrium_occupancy, mean_occupancy
from hetsim.laws.potential import core_shell_potential
from hetsim.laws.transport import chemical_potential

RADIAL_POINTS, MESH_STRETCH = 40, 3.5
"""Volumes of the particle, and how much thinner the outermost is: exp(MESH_STRETCH) times."""
ROUND_OFF = 1e-9
"""Surface occupancy that counts as none, and vacancy that counts as none [-]."""

Z = pybamm.Parameter(names.CHARGE_NUMBER)
R = pybamm.Parameter(names.RADIUS)
EPS = pybamm.Parameter("Positive electrode active material volume fraction")
"""Charge number of the ion, radius of the particles [m], volume of the particles over that of the electrode."""


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
        # V_T = RT/zF [V]: an ion of charge z pays z F V_T = RT
        self.V_T = self.param.R * self.param.T_init / (Z * self.param.F)
        # I_cell [A],  i = I_cell / A [A.m-2] of electrode,  j [A.m-2] of particle surface
        I_cell, i = self.param.current_with_time, self.param.current_density_with_time
        j = self._current_at_particles(i)
        # theta = c / c_max occupancy of the sites [-],  Phi = phi / V_T built-in potential [-]
        c_max = self.param.p.prim.c_max
        c = pybamm.Variable(
            names.x_averaged(names.PARTICLE_CONCENTRATION),
            domain=names.PARTICLE,
            bounds=(0, c_max),
            scale=c_max,
        )
        phi = self._built_in_potential()
        theta_s = self._particle(c, phi / self.V_T, j)
        self._charge(I_cell)
        d = self._branch(j, c_max)
        U = self._open_circuit_potential(theta_s, phi / self.V_T, d)
        eta, eta_metal = self._overpotentials(theta_s, j, i)
        # V = U + eta - eta_metal - I_cell R_s;   a run ends at V = V_min or V = V_max
        V = U + eta - eta_metal - I_cell * self.param.R_contact(self.param.T_init)
        self.events += [
            pybamm.Event("Minimum voltage [V]", V - self.param.voltage_low_cut),
            pybamm.Event("Maximum voltage [V]", self.param.voltage_high_cut - V),
        ]
        self.variables.update(
            {
                c.name: c,
                names.x_averaged(names.SURFACE_CONCENTRATION): theta_s * c_max,
                names.INVENTORY: pybamm.r_average(c) * EPS * self.param.p.L * self.param.A_cc,
                "Built-in potential in positive particle [V]": phi,
                "Positive electrode open-circuit potential [V]": U,
                "Positive electrode reaction overpotential [V]": eta,
                "Negative electrode reaction overpotential [V]": eta_metal,
                names.TOTAL_CURRENT_DENSITY: i,
                **dict.fromkeys(("Current [A]", "Current variable [A]"), I_cell),
                **dict.fromkeys(
                    (names.VOLTAGE, "Voltage expression [V]", "Battery voltage [V]"), V
                ),
            }
        )

    def _current_at_particles(self, i: Any) -> Any:
        """j = i / (a L): an electrode of thickness L has a = 3 eps / R of surface per volume [m-1]."""
        return i / (3 * EPS / R * self.param.p.L)

    def _built_in_potential(self) -> Any:
        """phi(r) [V]:   phi(R) = 0,   phi'(0) = phi'(R) = 0."""
        r = pybamm.SpatialVariable("r_p", domain=[names.PARTICLE], coord_sys="spherical polar")
        return core_shell_potential(
            r / R,
            pybamm.Parameter(names.BUILT_IN_POTENTIAL),
            pybamm.Parameter(names.CORE_DEBYE_LENGTH) / R,
            pybamm.Parameter(names.SHELL_DEBYE_LENGTH) / R,
            pybamm.Parameter(names.CORE_FRACTION),
            pybamm.Parameter(names.PERMITTIVITY_RATIO),
        )

    def _particle(self, c: Any, Phi: Any, j: Any) -> Any:
        """The ions in the particle; returns theta_s, the occupancy at its surface.

        balance    dc/dt = -div N
        flux       N = -M grad(mu),   M = D c (1 - theta),   mu = ln(theta / (1 - theta)) + Phi
        boundary   N = 0 at r = 0,   N = -q at r = R,   q = j / (z F)
        initial    mu uniform: at rest in the field
        """
        c_max, q = self.param.p.prim.c_max, j / (Z * self.param.F)
        theta = c / c_max
        D = self.param.p.prim.D(c, self.param.T_init)
        M = D * c * (1 - theta)
        mu = chemical_potential(theta, Phi)
        # the brackets make M on a face the arithmetic mean of its neighbours; for M * grad(mu)
        # PyBaMM takes the harmonic one, which errs more where ions enter an empty particle
        N = M * (-pybamm.grad(mu))
        self.rhs[c] = -pybamm.div(N)
        nothing = (pybamm.Scalar(0), "Neumann")
        self.boundary_conditions[mu] = {"left": nothing, "right": (q / pybamm.surf(M), "Neumann")}
        theta_rest = pybamm.Parameter(names.C_INIT) / c_max
        self.initial_conditions[c] = c_max * equilibrium_occupancy(theta_rest, Phi)
        # surface    theta_0 = 1 / (1 + e^-mu): occupancy that the place would have at phi = 0. It is
        # uniform at rest, theta_s at r = R, and its slope there is grad(theta_0) = q / (D c_max)
        theta_0 = equilibrium_occupancy(theta, -Phi)
        slope = q / (pybamm.surf(D) * c_max)
        self.boundary_conditions[theta_0] = {"left": nothing, "right": (slope, "Neumann")}
        # a step of the solver may overshoot the cut-off and leave (0, 1)
        return pybamm.maximum(ROUND_OFF, pybamm.minimum(pybamm.surf(theta_0), 1 - ROUND_OFF))

    def _charge(self, I_cell: Any) -> None:
        """Q [A.h], inserted less extracted: dQ/dt = I_cell / 3600;  Q_abs [A.h], moved in either direction."""
        for name, current in (("Discharge", I_cell), ("Throughput", abs(I_cell))):
            Q = pybamm.Variable(f"{name} capacity [A.h]")
            self.rhs[Q] = current / 3600
            self.initial_conditions[Q] = pybamm.Scalar(0)
            self.variables[Q.name] = Q

    def _branch(self, j: Any, c_max: Any) -> Any:
        """d, the branch of the hysteresis: 1 insertion, -1 extraction.

        dd/dt = (2 / s) [r - P(d) max(r, 0) + P(-d) max(-r, 0)],   r = 3 j / (R z F c_max)   (laws.hysteresis)

        The state is h = -d, as PyBaMM counts it.
        """
        h = pybamm.Variable(names.x_averaged(names.HYSTERESIS_STATE))
        r = 3 * j / (R * Z * self.param.F * c_max)
        s = pybamm.Parameter(names.CROSSING)
        self.rhs[h] = -branch_rate(-h, r, s)
        self.initial_conditions[h] = pybamm.Parameter(names.INITIAL_HYSTERESIS)
        self.variables[h.name] = h
        return -h

    def _open_circuit_potential(self, theta_s: Any, Phi: Any, d: Any) -> Any:
        """U(g(theta_s)) [V], g: mean occupancy of a particle in equilibrium with its surface.

        U = (U_ins + U_ext) / 2 + d (U_ins - U_ext) / 2
        """
        around = pybamm.PrimaryBroadcast(theta_s, names.PARTICLE)
        g = mean_occupancy(around, Phi, pybamm.r_average)
        U, T = self.param.p.prim.U, self.param.T_init
        U_ins, U_ext = U(g, T, "lithiation"), U(g, T, "delithiation")
        return (U_ins + U_ext) / 2 + d * (U_ins - U_ext) / 2

    def _overpotentials(self, theta_s: Any, j: Any, i: Any) -> tuple[Any, Any]:
        """eta at the particles and eta_metal at the metal [V].

        Butler-Volmer with equal transfer coefficients, z electrons in one step:
        j = 2 j0 sinh(-eta / 2 V_T) at the particle,   i = 2 j0_m sinh(eta_m / 2 V_T) at the metal
        """
        param, electrode, V_T = self.param, self.param.p.prim, self.V_T
        j0 = electrode.j0(param.c_e_init_av, theta_s * electrode.c_max, param.T_init)
        j0_metal = param.j0_Li_metal(param.c_e_init_av, pybamm.Scalar(0), param.T_init)
        return -2 * V_T * np.arcsinh(j / (2 * j0)), 2 * V_T * np.arcsinh(i / (2 * j0_metal))

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
