"""Named mechanisms: which values of a cell each of them is, and what they are without it.

A mechanism is what a paper would call the reason of a better curve. `evidence` frees its values, `explain` switches
them, `plan` asks which experiment would measure them.
"""

from dataclasses import dataclass

from hetsim import names
from hetsim.architectures.channels import MOBILITY_RATIO, POTENTIAL
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.free_value import CAPACITY, FAST, GRAINS, RESISTANCE, FreeValue

EXCHANGE_CURRENT = "Exchange-current density [A.m-2]"


@dataclass(frozen=True)
class Mechanism:
    """One reason of a better rate curve.

    free : the value that it changes, with its prior
    off : values of a cell that does not have it; empty where every cell has some value of it
    """

    name: str
    free: FreeValue
    off: tuple[tuple[str, float], ...] = ()

    def without(self, cell: HalfCell) -> HalfCell:
        """The cell without the mechanism; as it is where it has no such values."""
        changes = {name: value for name, value in self.off if name in cell.values}
        return cell.with_values(changes) if changes else cell


MECHANISMS = {
    one.name: one
    for one in (
        Mechanism("capacity", FreeValue(CAPACITY)),
        Mechanism("fast share", FreeValue(FAST)),
        Mechanism("resistance", FreeValue(RESISTANCE)),
        Mechanism("diffusivity", FreeValue(GRAINS[0], tied=GRAINS[1:])),
        Mechanism("exchange current", FreeValue(EXCHANGE_CURRENT, width=2.0)),
        Mechanism("size", FreeValue(names.PARTICLE_SIZE, width=1.0)),
        # the measured potentials of such junctions lie between 17 and 63 mV
        Mechanism(
            "field",
            FreeValue(names.BUILT_IN_POTENTIAL, prior=0.04, width=1.0),
            ((names.BUILT_IN_POTENTIAL, 0.0),),
        ),
        Mechanism("channel", FreeValue(MOBILITY_RATIO), ((MOBILITY_RATIO, 1.0), (POTENTIAL, 0.0))),
    )
}
"""By name. Without a channel, ions are as mobile and as many in the junction layers as in the grains."""


def mechanism_named(name: str) -> Mechanism:
    """The mechanism of a name. Raises ParameterError for an unknown one."""
    if name not in MECHANISMS:
        raise ParameterError(f"Unknown mechanism '{name}'; allowed: {', '.join(MECHANISMS)}.")
    return MECHANISMS[name]
