"""One spherical particle with a built-in potential, solved without hetsim.

Written from the physics, by other means than the models on purpose. Lengths in units of R, times in
units of R^2/D, potentials in units of the thermal voltage.

Potential   (1/x^2) (x^2 eps phi')' = eps (phi - phi_bulk) / lambda^2
            phi_bulk = 0 for x < x_j and V for x > x_j,   phi'(0) = phi'(1) = 0,   then phi(1) = 0
Balance     d(theta)/dt = -(1/x^2) (x^2 n)'
Flux        n = -[theta' + theta (1 - theta) phi']
Boundary    n(0) = 0,   n(1) = -rate / 3      rate: mean occupancies per R^2/D
Initial     theta / (1 - theta) ~ e^-phi with a given mean

The unknowns sit on the nodes of a mesh that contains x = 0, x_j and 1, so that the surface
occupancy is one of them. The flux is the plain sum of diffusion and drift in central differences,
the potential a difference equation on the same mesh: both of second order. Time: Radau, implicit
and L-stable.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.linalg import solve_banded
from scipy.optimize import brentq
from scipy.sparse import diags

Array = NDArray[np.float64]


def graded_nodes(volumes: int, junction: float = 0.7, grading: float = 2.0) -> Array:
    """Nodes of [0, 1], finer towards the junction from both sides and finest at the surface."""
    inside = round(0.3 * volumes)
    between = np.linspace(-1, 1, volumes - inside + 1)
    core = -np.expm1(-grading * np.linspace(0, 1, inside + 1)) / -np.expm1(-grading)
    shell = np.tanh(grading * between) / np.tanh(grading)
    return np.concatenate([junction * core, junction + (1 - junction) * (shell[1:] + 1) / 2])


@dataclass(frozen=True)
class CoreShellField:
    """V_bi / V_T (shell minus core), Debye lengths over R, eps_core / eps_shell, and r_j / R."""

    step: float = 0.0
    debye_core: float = 0.05
    debye_shell: float = 0.05
    permittivity_ratio: float = 1.0
    junction: float = 0.7


@dataclass(frozen=True)
class ReferenceParticle:
    """A particle on `volumes` control volumes; `filled` runs it at a constant current."""

    field: CoreShellField = CoreShellField()
    volumes: int = 600

    @property
    def nodes(self) -> Array:
        return graded_nodes(self.volumes, self.field.junction)

    @property
    def faces(self) -> Array:
        """Half way between the nodes; the volume of a node lies between its two faces."""
        return (self.nodes[1:] + self.nodes[:-1]) / 2

    @property
    def volume(self) -> Array:
        """Volume of each node times 3 / 4 pi: they sum to one."""
        return np.diff(np.concatenate([[0.0], self.faces, [1.0]]) ** 3)

    def potential(self) -> Array:
        """phi / V_T on the nodes."""
        field, nodes, faces = self.field, self.nodes, self.faces
        bounds = np.concatenate([[0.0], faces, [1.0]])
        in_core = np.diff(np.minimum(bounds, field.junction) ** 3)
        in_shell = self.volume - in_core
        permittivity = np.where(faces < field.junction, field.permittivity_ratio, 1.0)
        exchange = 3 * permittivity * faces**2 / np.diff(nodes)
        core = field.permittivity_ratio * in_core / field.debye_core**2
        shell = in_shell / field.debye_shell**2
        bands = np.zeros((3, nodes.size))
        bands[0, 1:] = bands[2, :-1] = -exchange
        bands[1] = core + shell
        bands[1, :-1] += exchange
        bands[1, 1:] += exchange
        phi = solve_banded((1, 1), bands, shell * field.step)
        return phi - phi[-1]

    def at_rest(self, mean: float) -> Array:
        """Occupancy on the nodes when nothing flows and the mean is given."""
        weight = np.exp(-self.potential())

        def profile(log_odds: float) -> Array:
            odds = np.exp(log_odds) * weight
            return odds / (1 + odds)

        reach = abs(np.log(mean / (1 - mean))) + abs(self.field.step) + 1
        log_odds = brentq(lambda u: self.volume @ profile(u) - mean, -reach, reach, xtol=1e-13)
        return profile(log_odds)

    def filled(self, rate: float, mean: float, times: Array) -> Array:
        """Surface occupancy at the times, from rest at the mean, at `rate` occupancies per R^2/D.

        Beyond full occupancy of the surface the equations have no meaning; the run stops there and
        the remaining times are NaN.
        """
        faces, distance, volume = self.faces, np.diff(self.nodes), self.volume
        slope = np.diff(self.potential()) / distance

        def change(_: float, theta: Array) -> Array:
            between = (theta[1:] + theta[:-1]) / 2
            flux = -(np.diff(theta) / distance + between * (1 - between) * slope)
            outflow = np.concatenate([[0.0], 3 * faces**2 * flux, [-rate]])
            return -np.diff(outflow) / volume

        def full(_: float, theta: Array) -> float:
            return 1 - theta[-1]

        full.terminal = True  # type: ignore[attr-defined]
        run = solve_ivp(
            change,
            (0.0, float(times[-1])),
            self.at_rest(mean),
            method="Radau",
            t_eval=times,
            events=full,
            rtol=1e-6,
            atol=1e-9,
            jac_sparsity=diags([1.0, 1.0, 1.0], [-1, 0, 1], shape=(volume.size, volume.size)),
        )
        surface = np.full(times.size, np.nan)
        surface[: run.y.shape[1]] = run.y[-1]
        return surface
