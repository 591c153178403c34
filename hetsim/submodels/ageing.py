"""How an electrode ages: loss of active material, and a film (SEI) that grows on it.

PyBaMM's own submodels do the work (pybamm.active_material.LossActiveMaterial, pybamm.sei.SEIGrowth);
these classes choose among them, and docs/physics.md has the equations. In a half cell the metal holds
ions without end: a film costs coulombs and resistance in every cycle and no ion is ever missing, so
that only the loss of active material takes capacity from the cell.
"""

from dataclasses import dataclass
from typing import ClassVar, Protocol


class MaterialLoss(Protocol):
    """A way in which active material is lost; the values are parameters."""

    option: ClassVar[str]
    needs_film: ClassVar[bool]


@dataclass(frozen=True)
class ChargeDrivenLoss:
    """Material is lost with the charge that passes, in either direction.

        d(eps)/dt = -k eps_0 |i| / (2 Q)        k "Active material loss per full cycle"

    Q [C.m-2] fills all sites and i [A.m-2] is the current of the cell, so k is the share that is lost
    when all sites are filled and emptied once. Linear in the charge passed; at rest nothing is lost.
    PyBaMM's "current-driven" loss (Reniers et al., J. Electrochem. Soc. 166, A3189 (2019),
    doi:10.1149/2.0281914jes). Limit: as long as k times the number of full cycles is below 1.
    """

    option: ClassVar[str] = "current-driven"
    needs_film: ClassVar[bool] = False


@dataclass(frozen=True)
class ReactionDrivenLoss:
    """Material is used up or cut off by the film that grows on it.

        d(eps)/dt = beta a j_SEI / F            beta "Active material lost with SEI [m3.mol-1]"

    With a film that solvent has to diffuse through it goes with the square root of time, cycles or
    none. PyBaMM's "reaction-driven" loss. Needs `SEIGrowth`.
    """

    option: ClassVar[str] = "reaction-driven"
    needs_film: ClassVar[bool] = True


@dataclass(frozen=True)
class SEIGrowth:
    """A film of thickness L through which solvent diffuses to where it is reduced.

        j_SEI = -F D c / L,     dL/dt = -V j_SEI / (F z)     so that L^2 = L_0^2 + 2 V D c t / z

    D "SEI solvent diffusivity [m2.s-1]", c "Bulk solvent concentration [mol.m-3]", V "SEI partial molar
    volume [m3.mol-1]", z "Ratio of lithium moles to SEI moles". The film adds L times "SEI resistivity
    [Ohm.m]" to the inner surface. Marquis, thesis, Oxford (2020), equation 5.91. Limits: the metal has
    none; the film of lost material stays with what is left, as PyBaMM has it.
    """

    option: ClassVar[str] = "solvent-diffusion limited"


@dataclass(frozen=True)
class Ageing:
    """What ages; nothing by default. Raises ValueError for a loss whose film is missing."""

    loss: MaterialLoss | None = None
    film: SEIGrowth | None = None

    def __post_init__(self) -> None:
        if self.loss is not None and self.loss.needs_film and self.film is None:
            raise ValueError(
                f"{type(self.loss).__name__} follows the growth of a film and needs "
                "film=SEIGrowth()."
            )

    def options(self) -> dict[str, object]:
        """PyBaMM's options; the metal electrode, which PyBaMM calls negative, grows no film."""
        chosen: dict[str, object] = {}
        if self.loss is not None:
            chosen["loss of active material"] = self.loss.option
        if self.film is not None:
            chosen["SEI"] = ("none", self.film.option)
            chosen["SEI film resistance"] = "average"
        return chosen
