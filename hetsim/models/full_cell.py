"""PyBaMM's full-cell models with heterostructure particles in both electrodes.

PyBaMM's discharge takes ions out of the negative electrode and puts them into the positive one.
"""

from typing import Any

import pybamm

from hetsim import names
from hetsim.models import parameter_values
from hetsim.models.half_cell import DEFAULT_STRUCTURE, Heterostructure, checked_options
from hetsim.submodels import Ageing, ParticleStructure
from hetsim.submodels.electrode_names import renamed

ONE_SIZE = ParticleStructure()
"""One class, no fast share: an electrode of which only the mean diffusion time is known."""

_NO_AGEING = Ageing()


def _both(negative: ParticleStructure, positive: ParticleStructure) -> list[ParticleStructure]:
    """Each in its place. Raises ValueError for an electrode that ages."""
    if negative.ageing != _NO_AGEING or positive.ageing != _NO_AGEING:
        raise ValueError("An electrode of a full cell cannot age; age its half cell.")
    return [negative.of(names.NEGATIVE), positive.of(names.POSITIVE)]


class _FullCell(Heterostructure):
    """What the three models share; each says of which kind it is.

    negative, positive : what the particles of each electrode are made of
    """

    title: str
    x_average: bool

    def __init__(
        self,
        options: dict[str, Any] | None = None,
        name: str | None = None,
        negative: ParticleStructure = DEFAULT_STRUCTURE,
        positive: ParticleStructure = ONE_SIZE,
    ) -> None:
        chosen = checked_options(options, _NO_AGEING, "both")
        if self.x_average:
            chosen = {"x-average side reactions": "true", **chosen}
        title = name or f"Heterostructure full-cell {self.title}"
        super().__init__(chosen, title, build=False)  # type: ignore[call-arg]
        self._assemble(*_both(negative, positive), x_average=self.x_average)


class FullCellSPM(_FullCell, pybamm.lithium_ion.SPM):
    """Single particle model of a full cell with heterostructure electrodes."""

    title = "single particle model"
    x_average = True


class FullCellSPMe(_FullCell, pybamm.lithium_ion.SPMe):
    """Single particle model with electrolyte of a full cell with heterostructure electrodes."""

    title = "single particle model with electrolyte"
    x_average = True


class FullCellDFN(_FullCell, pybamm.lithium_ion.DFN):
    """Doyle-Fuller-Newman model of a full cell with heterostructure electrodes."""

    title = "Doyle-Fuller-Newman model"
    x_average = False


MODELS = {"SPM": FullCellSPM, "SPMe": FullCellSPMe, "DFN": FullCellDFN}
"""The models by the names that PyBaMM's users know."""


def full_cell_values(
    flat: dict[str, float], of_electrode: dict[names.Electrode, pybamm.ParameterValues]
) -> pybamm.ParameterValues:
    """Plain PyBaMM parameter values of a full cell.

    flat : hetsim's parameters of the cell, those of the electrodes with their prefix
    of_electrode : PyBaMM's of each electrode in a half cell, where it is the positive one

    What PyBaMM calls positive in a half cell is written for each electrode in its own parameters.
    """
    values: dict[str, Any] = {}
    for electrode in (names.NEGATIVE, names.POSITIVE):
        for name, value in of_electrode[electrode].items():
            if "positive electrode" in name.lower() or "positive particle" in name.lower():
                values[electrode.named(name)] = _in(electrode, value)
            elif not name.lower().startswith("negative") and not parameter_values.is_hetsims(name):
                values.setdefault(name, value)
    return pybamm.ParameterValues({**flat, **values})


def _in(electrode: names.Electrode, value: Any) -> Any:
    if callable(value) and not isinstance(value, pybamm.Symbol):
        return lambda *arguments: renamed(value(*arguments), electrode)
    return renamed(value, electrode)
