"""What can be looked at in a particle: profiles over its radius, and means of its hosts."""

from collections.abc import Callable
from itertools import chain
from typing import Any

import numpy as np
import pybamm

from hetsim import names
from hetsim.architectures.composite import Branches
from hetsim.architectures.grains import BOTH_HOSTS
from hetsim.laws import multi_site
from hetsim.laws.electrode import capacity_densities
from hetsim.laws.isotherm import equilibrium_occupancy
from hetsim.submodels.drift_diffusion import DriftDiffusion
from hetsim.submodels.host_equilibrium import potential_at_steps
from hetsim.submodels.hysteresis import between_branches
from hetsim.submodels.mean_over_places import mean_over_places
from hetsim.submodels.particle import SizeClass
from hetsim.submodels.places import SMALLEST

Found = dict[str, Any]

LETTERS = "AB"


class ParticleProfiles:
    """Variables over the radius of each size class, for looking at: no equation needs them.

    Built-in potential and field (only with a radial field), at the amplitude of the moment:

        phi(r) = a V_bi psi(x),     E = -d(phi)/dr = -a V_bi psi'(x)/R_i        x = r/R_i, phi(R_i) = 0  [V], [V.m-1]

    Electrochemical potential of the ions, as an electrode potential [V]. At each place it is the open-circuit
    potential of the electrode whose particles are all in equilibrium with that place,

        u(r) = U(g(sigma(r))),       sigma = theta e^Phi / (1 - theta + theta e^Phi)        one lumped host
        u(r) = U(g(v(r))),           theta = theta_h(v + phi)                               a core in a shell
        u(r) = U(theta(r))                                                                  without a field

    with g the mean of the equilibrium over all sites (laws.isotherm, submodels.core_shell_hosts) on the volumes of
    the mesh, U between the branches where the hysteresis state is. At the surface it is what the reaction sees. At
    rest sigma or v is the same everywhere, so u is uniform and the open-circuit potential, on any mesh. Under a
    current ions run to where u is higher; g and U are monotone, so u rises wherever mu falls (docs/physics.md 8.6).

    A field that follows the occupancy adds its uniform term, the same at every place (laws.fading). For a
    switching field, which derives from no free energy, U belongs to the particle without a field.

    Occupancy is that of the sites at a place, between 0 and 1; of a host, what its own sites hold, not a number
    where it is not. Limits: u of two hosts is not a number where they are empty or full to 1e-12; the tolerance of the
    solver, some 1e-6 of the sites, makes it uncertain by their width before that.
    """

    def __init__(self, particle: DriftDiffusion) -> None:
        self._particle = particle
        self._places = particle.places
        self._structure = particle.structure
        self._architecture = particle.structure.architecture
        self._hosts = particle.hosts
        self._core_shell = particle._two_hosts

    def variables(self, found: Found) -> Found:
        """By name, for the electrode of the particle; `found` are those of the model."""
        self._read(found)
        potentials = [self._potential(i, of) for i, of in enumerate(self._classes)]
        listed: list[Found] = [
            {
                names.OCCUPANCY: self._occupancy(i),
                names.ELECTROCHEMICAL_POTENTIAL: self._known(u, i),
                **self._field(of),
                **self._occupancies(i, of, u),
            }
            for i, (of, u) in enumerate(zip(self._classes, potentials, strict=True))
        ]
        profiles = {
            self._of_class(name, i): value
            for i, of_class in enumerate(listed)
            for name, value in of_class.items()
        }
        numbers = {**self._sizes(), **self._host_means(listed), **self._at_junctions(potentials)}
        of_volumes = self._structure.electrode.named(names.VOLUME_SHARE)
        return {
            of_volumes: self._structure.volume_shares(),
            **self._averaged_too(profiles, pybamm.SecondaryBroadcast),
            **self._averaged_too(numbers, pybamm.PrimaryBroadcast),
        }

    def _read(self, found: Found) -> None:
        """What several profiles need, once: expressions take their time."""
        particle, field, structure = self._particle, self._particle.field, self._structure
        self._found = found
        self._direction = particle.hysteresis.direction
        self._inside = _at(self._places.on_particle, self._direction)
        self._temperature = self._places.on_particle(particle._temperature(found))
        self._amplitude = field.amplitude(particle.now, particle._cell_current(found))
        self._classes = field.classes(self._amplitude)
        self._weights, self._fast = structure.weights(), structure.fast_fraction()
        if self._architecture.has_field:
            at_rest = field.at_rest(particle.now)
            moves = at_rest is not self._amplitude
            self._rests = field.classes(at_rest) if moves else self._classes
            self._volumes = structure.volume_shares()
        if self._hosts is not None:
            law = structure.hosts
            self._steps = {one: law.steps(self._inside, one) for one in (*LETTERS, BOTH_HOSTS)}

    # --- profiles of a size class --------------------------------------------------------------

    def _occupancy(self, i: int) -> Any:
        """theta(r) of the sites at each place [-]."""
        s = self._particle.now.classes[i]
        if self._core_shell is None:
            return s
        k_a, k_b = capacity_densities(self._structure.own)
        core = self._places.in_core()
        return s * (core / k_a + (1 - core) / k_b)

    def _field(self, of: SizeClass) -> Found:
        """phi [V] and E [V.m-1]; nothing without a radial field."""
        if not self._architecture.has_field:
            return {}
        structure = self._structure
        step = self._places.on_particle(self._amplitude) * structure.own(names.BUILT_IN_POTENTIAL)
        slope = structure.slope_of_shape(self._places.radius(), of.radius)
        return {
            names.PROFILE_POTENTIAL: step * of.shape,
            names.PROFILE_FIELD: -step * slope / of.radius,
        }

    def _potential(self, i: int, of: SizeClass) -> Any:
        """u(r) of a class [V]."""
        theta = self._particle.now.classes[i]
        if self._core_shell is not None:
            return self._of_core_and_shell(theta, of)
        if self._hosts is not None:
            return potential_at_steps(theta, self._steps[of.population])
        mean = theta if of.phi is None else self._mean_with(theta, of)
        phase = self._particle.phase_param
        u = between_branches(phase, mean, self._temperature, self._inside)
        if self._particle.field.follows_occupancy:
            u = u + self._places.on_particle(self._found[self._places.name(names.UNIFORM_TERM)])
        return u

    def _known(self, u: Any, i: int) -> Any:
        """u where the occupancy tells it; not a number where hosts are empty or full to `SMALLEST` [V]."""
        if self._hosts is None:
            return u
        theta = self._occupancy(i)
        told = (theta > SMALLEST) * (theta < 1 - SMALLEST)
        return pybamm.Function(_only, u, told, name="only where told")

    def _mean_with(self, theta: Any, of: SizeClass) -> Any:
        """g(sigma(r)): mean occupancy of the electrode in equilibrium with each place [-]."""
        assert of.phi is not None
        sigma = equilibrium_occupancy(theta, -of.phi)
        at_places = [[rest.phi] for rest in self._rests]
        slow = mean_over_places(
            equilibrium_occupancy, sigma, self._volumes, self._weights, at_places
        )
        return (1 - self._fast) * slow + self._fast * sigma

    def _of_core_and_shell(self, s: Any, of: SizeClass) -> Any:
        """U(g(v(r))) of a core of one host in a shell of the other [V]."""
        assert self._core_shell is not None
        v, core = self._core_shell.potentials(s, of, self._direction), self._places.in_core()
        in_core, in_shell = (self._steps[letter] for letter in LETTERS)
        slow = mean_over_places(
            _Held(len(in_core)),
            v,
            self._volumes,
            self._weights,
            [[self._core_shell._phi(rest), core] for rest in self._rests],
            [*capacity_densities(self._structure.own), *chain(*in_core, *in_shell)],
        )
        mean = (1 - self._fast) * slow + self._fast * self._held_by(BOTH_HOSTS, v)
        return potential_at_steps(mean, self._steps[BOTH_HOSTS])

    def _held_by(self, population: str, u: Any) -> Any:
        """theta of the sites of one host or of both at u [V] [-]."""
        name = f"occupancy of {population}"
        return pybamm.Function(_occupancy_of_steps, u, *chain(*self._steps[population]), name=name)

    def _occupancies(self, i: int, of: SizeClass, u: Any) -> Found:
        """theta(r) of each host that the particles of a class hold [-]."""
        if self._hosts is None:
            return {}
        if self._core_shell is not None:
            core, theta = self._places.in_core(), self._occupancy(i)
            where = {"A": core, "B": 1 - core}
            return {
                names.occupancy_of(letter): pybamm.Function(_only, theta, here, name="only in host")
                for letter, here in where.items()
            }
        if of.population != BOTH_HOSTS:
            return {names.occupancy_of(of.population): self._particle.now.classes[i]}
        return {names.occupancy_of(letter): self._held_by(letter, u) for letter in LETTERS}

    # --- one number for each particle ----------------------------------------------------------

    def _sizes(self) -> Found:
        """Radius R_i [m] and share of the slow capacity of each class [-]."""
        found: Found = {}
        for i, of in enumerate(self._classes):
            found[self._of_class(names.CLASS_SHARE, i)] = of.weight
            if len(self._classes) > 1:
                found[self._of_class(names.MEDIAN_RADIUS, i)] = of.radius
        return {name: _number(value) for name, value in found.items()}

    def _host_means(self, profiles: list[Found]) -> Found:
        """Mean occupancy of all sites of each host, those that are filled at once included [-]."""
        if self._hosts is None:
            return {}
        mean = self._structure.radial_mean
        shares = dict(zip(LETTERS, self._structure.hosts.host_shares, strict=True))
        core = self._places.in_core() if self._core_shell is not None else None
        found: Found = {}
        for letter in LETTERS:
            parts = []
            for i, of in enumerate(self._classes):
                if core is not None:
                    here = core if letter == "A" else 1 - core
                    held = mean(here * self._particle.now.classes[i]) / shares[letter]
                elif letter not in of.population:
                    continue
                else:
                    held = mean(profiles[i][names.occupancy_of(letter)])
                    if of.population != BOTH_HOSTS:
                        held = held / shares[letter]
                parts.append(of.weight * held)
            at_surface = self._found[self._places.name(names.surface_occupancy_of(letter))]
            found[names.mean_occupancy_of(letter)] = (1 - self._fast) * sum(
                parts
            ) + self._fast * at_surface
        return found

    def _at_junctions(self, potentials: list[Any]) -> Found:
        """Share of all ions that the junctions hold [-]: layers whose sites follow their potential, and what an
        interfacial capacity stores. Nothing where junctions store nothing."""
        layers = self._hosts is not None and self._architecture.channel.stores
        if not (layers or self._structure.storage):
            return {}
        now, average = self._particle.now, self._structure.average
        mean = average(now.classes, now.surface)
        stored = self._found.get(self._places.name(names.STORED_OCCUPANCY), pybamm.Scalar(0))
        held = stored
        if layers:
            assert self._hosts is not None
            # layers are a volume share of the particle; what is not in the grains is in them
            grains = average(
                [self._in_grains(u, self._inside) for u in potentials],
                self._in_grains(self._hosts.at_surface, self._direction),
            )
            fraction = self._architecture.layer_fraction(self._structure.own)
            held = stored + mean - (1 - fraction) * grains
        return {names.JUNCTION_SHARE: held / (mean + stored)}

    def _in_grains(self, u: Any, direction: Any) -> Any:
        """Occupancy of the grains of both hosts at u [V] [-]."""
        law = self._structure.hosts
        return multi_site.composed(
            [
                multi_site.occupancy(
                    u, law.sites(letter), law.thermal_voltage, direction.of(letter)
                )
                for letter in LETTERS
            ],
            law.host_shares,
        )

    # --- names ---------------------------------------------------------------------------------

    def _of_class(self, name: str, i: int) -> str:
        """As the concentration of the class is called."""
        one = len(self._weights) == 1 and not self._structure.fast
        return name if one else names.in_class(name, i)

    def _averaged_too(self, values: Found, broadcast: Callable[[Any, str], Any]) -> Found:
        """Each at every place of the electrode, and averaged through it."""
        named = self._structure.electrode.named
        found: Found = {}
        for name, value in values.items():
            x_average = self._places.x_average
            whole = broadcast(value, self._places.electrode) if x_average else value
            found[named(name)] = whole
            found[names.x_averaged(named(name))] = value if x_average else pybamm.x_average(value)
        return found


class _Held:
    """k theta of the host at a place at the potential v [V]: a law for `mean_over_places`.

    sites_of_core : how many kinds of sites host A has, whose three numbers come first
    """

    __name__ = "core and shell"

    def __init__(self, sites_of_core: int) -> None:
        self._count = 3 * sites_of_core

    def __call__(self, v: Any, phi: Any, core: Any, k_a: Any, k_b: Any, *sites: Any) -> Any:
        at_a = _occupancy_of_steps(v + phi, *sites[: self._count])
        at_b = _occupancy_of_steps(v + phi, *sites[self._count :])
        return core * k_a * at_a + (1 - core) * k_b * at_b


def _occupancy_of_steps(potential: Any, *sites: Any) -> Any:
    """theta of shares [-], potentials [V] and widths [V] of kinds of sites, one after the other [-]."""
    kinds = zip(sites[::3], sites[1::3], sites[2::3], strict=True)
    return sum(share * multi_site.logistic((potential - at) / width) for share, at, width in kinds)


def _only(value: Any, here: Any) -> Any:
    """The value where `here` is 1, not a number where it is 0."""
    with np.errstate(invalid="ignore"):
        return value + np.log(2 * here - 1)


def _at(place: Callable[[Any], Any], direction: Any) -> Any:
    """The direction of one host or of both brought to a place."""
    return direction.at(place) if isinstance(direction, Branches) else place(direction)


def _number(value: Any) -> Any:
    """A symbol of a number."""
    return value if isinstance(value, pybamm.Symbol) else pybamm.Scalar(value)
