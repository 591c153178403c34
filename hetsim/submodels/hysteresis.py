"""Which branch of its hysteresis an electrode is on, as states of a model."""

from collections.abc import Sequence
from typing import Any

import pybamm

from hetsim import names
from hetsim.architectures.composite import Branches
from hetsim.laws.hysteresis import branch_rate, slip_rate
from hetsim.submodels.places import ParticlePlaces


def between_branches(phase_param: Any, occupancy: Any, temperature: Any, direction: Any) -> Any:
    """U of a lumped host [V]: 1 is the branch of insertion, -1 that of extraction, linear in between."""
    insertion = phase_param.U(occupancy, temperature, "lithiation")
    extraction = phase_param.U(occupancy, temperature, "delithiation")
    return (insertion + extraction) / 2 + direction * (insertion - extraction) / 2


class Hysteresis:
    """One state h in [-1, 1] for each host, or for the one lumped host: -1 on the branch of insertion, 1 on that of
    extraction, as PyBaMM counts its hysteresis state; the laws take the direction d = -h.

        dh/dt = -dd/dt(d, d(theta)/dt),     laws.hysteresis.branch_rate

    with theta the mean occupancy of the host in the particles. At rest h stays. "Hysteresis crossing share" is the
    share of the capacity between one branch and the other.
    """

    def __init__(self, places: ParticlePlaces) -> None:
        self._places = places
        self._structure = places.structure
        self._hosts = "AB" if places.structure.sites else ("",)
        self._states = [
            places.state_at_surface(names.hysteresis_state_of(letter)) for letter in self._hosts
        ]
        directions = [-state for state in self._states]
        self.direction: Any = Branches(*directions) if len(directions) > 1 else directions[0]
        self.crossing = self._structure.own(names.CROSSING)
        self.yields = pybamm.Parameter(names.HYSTERESIS_YIELD)

    def variables(self) -> dict[str, Any]:
        """The states h, and each at every place of the electrode or averaged over it."""
        found = {}
        for letter, state in zip(self._hosts, self._states, strict=True):
            name = self._structure.electrode.named(names.hysteresis_state_of(letter))
            found.update(self._places.everywhere(name, state))
        return found

    def rates(self, filling_rates: tuple[Any, ...]) -> dict[Any, Any]:
        """dh/dt [s-1] of each host.

        filling_rates : d(theta)/dt of each [s-1]
        """
        return {
            state: -branch_rate(-state, rate, self.crossing, self.yields)
            for state, rate in zip(self._states, filling_rates, strict=True)
        }

    def at_start(self) -> Any:
        """The direction d of all hosts in the state from which a run starts."""
        return -self._structure.own(names.INITIAL_HYSTERESIS)

    def initial_values(self) -> dict[Any, Any]:
        """Those of the state from which a run starts."""
        start = self._structure.own(names.INITIAL_HYSTERESIS)
        return dict.fromkeys(self._states, start)


class HysteresisOfParticles(Hysteresis):
    """That of two hosts in particles of their own. Their slips w are states, and h follows the occupancy theta:

        -h = (2/s) (theta - w),     dw/dt = laws.hysteresis.slip_rate

    What each host takes up is what its particles leave over, which a long step of the solver knows well in sum but
    not at every stage: a rate that asked for its sign would end such steps.
    """

    def __init__(self, places: ParticlePlaces) -> None:
        super().__init__(places)
        self._slips = [
            places.state_at_surface(names.hysteresis_slip_of(letter)) for letter in self._hosts
        ]

    def variables(self) -> dict[str, Any]:
        """Those of any hysteresis, and the slips."""
        return {**super().variables(), **{slip.name: slip for slip in self._slips}}

    def slip_rates(self, arriving: Any) -> dict[Any, Any]:
        """dw/dt [s-1] of each host.

        arriving : what all sites take up [s-1]
        """
        return {
            slip: slip_rate(-state, arriving, self.crossing, self.yields)
            for slip, state in zip(self._slips, self._states, strict=True)
        }

    def residuals(self, filled: Sequence[Any]) -> dict[Any, Any]:
        """The algebraic lines of h, as occupancies [-].

        filled : theta of each host [-]
        """
        return {
            state: filled_host - slip + self.crossing / 2 * state
            for state, slip, filled_host in zip(self._states, self._slips, filled, strict=True)
        }

    def initial_slips(self, filled: Sequence[Any]) -> dict[Any, Any]:
        """Those of the state from which a run starts, in which each host holds theta [-]."""
        behind = self.crossing / 2 * self.at_start()
        return {slip: theta - behind for slip, theta in zip(self._slips, filled, strict=True)}
