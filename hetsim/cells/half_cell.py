"""A half cell: its values with their sources, frozen; and the PyBaMM objects that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hetsim import names
from hetsim.architectures import FieldLaw, StaticField, architecture_named, channel_named
from hetsim.architectures.composite import Composite
from hetsim.cells.controls import controls_of
from hetsim.cells.rest import ElectrodeAtRest
from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.models.kinds import check_kind
from hetsim.parameters.checks import CELL_HOMES, checked_system, checked_value
from hetsim.parameters.flat import flat_values
from hetsim.parameters.host_names import is_sloping, site_counts
from hetsim.parameters.hosts import completed
from hetsim.parameters.system_file import read_system
from hetsim.parameters.toml_reading import whole_number
from hetsim.parameters.values import MeasuredRate, ParameterNumbers, System, Value, content_hash
from hetsim.submodels import (
    Ageing,
    MaterialLoss,
    ParticleStructure,
    SEIGrowth,
)
from hetsim.submodels.particle import DEFAULT_STRUCTURE

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = late("pandas")

_STATIC = StaticField()
_NO_AGEING = Ageing()


@dataclass(frozen=True, repr=False)
class HalfCell:
    """A heterostructure electrode against the ion's metal.

    Parameters
    ----------
    system : System
        What the parameter file says
    classes : int, optional
        Size classes of the spread of diffusion times, 1 to 40; 1 switches the spread off
    fast : bool, optional
        Whether a share of the capacity is filled at once
    field : FieldLaw, optional
        How a radial field follows the state
    ageing : Ageing, optional
        What is lost or grows with charge or time
    in_volumes : bool, optional
        Whether particles without a radial field are divided into volumes too, and do not relax in modes

    Raises
    ------
    ParameterError
        For a number of classes that is not whole or not in 1 to 40.
    """

    system: System
    classes: int = DEFAULT_STRUCTURE.classes
    fast: bool = DEFAULT_STRUCTURE.fast
    field: FieldLaw = _STATIC
    ageing: Ageing = _NO_AGEING
    in_volumes: bool = False

    def __repr__(self) -> str:
        parts = f"{self.classes} size classes" + (", fast share" if self.fast else "")
        return f"<HalfCell {self.name}: {self.system.title} against {self.system.ion}, {parts}>"

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", whole_number(self.classes, "classes", self.name))
        try:
            ParticleStructure(classes=self.classes)
        except ValueError as error:
            raise ParameterError(f"{self.name}: {error}") from error

    # --- values ------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The system's name, with its variant behind it."""
        return self.system.label

    @cached_property
    def values(self) -> ParameterNumbers:
        """Every parameter as a number or a tuple of numbers, to be read only."""
        return ParameterNumbers({name: value.value for name, value in self.system.values.items()})

    def with_values(self, changes: Mapping[str, Any]) -> HalfCell:
        """A new cell with some values changed; nothing is rebuilt when it runs (but see `structure`).

        Parameters
        ----------
        changes : Mapping[str, Any]
            New values by name: numbers, or lists for parameters that are lists

        Returns
        -------
        HalfCell

        Raises
        ------
        ParameterError
            For a name that a cell does not have (with the nearest), a value outside its limits, values
            that do not fit together, or a field where it averages out.
        """
        where = f"{self.system.name}.with_values"
        values = dict(self.system.values)
        for name, raw in changes.items():
            number = checked_value(name, raw, CELL_HOMES, where)
            note = f"file: {values[name].value:g}" if _is_scalar(values, name) else ""
            values[name] = Value(name, number, "assumed", "set by the user", note, origin="user")
        has_core = architecture_named(self.system.architecture).has_field
        values = completed(values, changes, has_core)
        return replace(self, system=checked_system(replace(self.system, values=values), where))

    def with_particle(
        self,
        classes: int | None = None,
        fast: bool | None = None,
        in_volumes: bool | None = None,
    ) -> HalfCell:
        """A new cell with another number of size classes, with or without the fast share, in modes or in volumes.

        Parameters
        ----------
        classes : int | None, default None
            Size classes of the spread of diffusion times, 1 to 40; None keeps them
        fast : bool | None, default None
            Whether a share of the capacity is filled at once; None keeps it
        in_volumes : bool | None, default None
            Whether particles without a radial field are divided into volumes along their radius, of each size class;
            otherwise relaxation modes stand for all sizes, for a run in a fraction of the time, without profiles; None
            keeps it

        Returns
        -------
        HalfCell

        Raises
        ------
        ParameterError
            For a number of classes that is not whole or not in 1 to 40.
        """
        return replace(
            self,
            classes=self.classes if classes is None else classes,
            fast=self.fast if fast is None else fast,
            in_volumes=self.in_volumes if in_volumes is None else in_volumes,
        )

    def with_volumes(self) -> HalfCell:
        """The same cell with its particles divided along their radius, which profiles need."""
        return self.with_particle(in_volumes=True)

    def with_field(self, field: FieldLaw) -> HalfCell:
        """A new cell whose radial field follows the state: StaticField(), StateDependentField() or
        SwitchingField() of hetsim.submodels, which say in their docstrings what they obey.

        A state-dependent field takes some eight seconds a size class to build, once in a process.

        Parameters
        ----------
        field : FieldLaw
            How the field follows the state, such as `StateDependentField()`

        Returns
        -------
        HalfCell

        Raises
        ------
        ParameterError
            Without a radial field.
        """
        if field != _STATIC and not architecture_named(self.system.architecture).has_field:
            raise ParameterError(
                f"{self.name} is {self.system.architecture} and has no radial field that could be "
                f"{type(field).__name__}; only a core-shell particle has."
            )
        return replace(self, field=field)

    def with_ageing(
        self, loss: MaterialLoss | None = None, film: SEIGrowth | None = None
    ) -> HalfCell:
        """A new cell that ages: ChargeDrivenLoss() or ReactionDrivenLoss() of active material, SEIGrowth()
        of a film, or both; without any, one that does not. How fast is among the values, and values of
        zero (the default) lose nothing.

        Parameters
        ----------
        loss : MaterialLoss | None, default None
            How active material is lost; None for no loss
        film : SEIGrowth | None, default None
            Growth of a film; None for none

        Returns
        -------
        HalfCell

        Raises
        ------
        ParameterError
            For a loss that follows the film where no film grows.
        """
        try:
            return replace(self, ageing=Ageing(loss, film))
        except ValueError as error:
            raise ParameterError(f"{self.name}: {error}") from error

    def table(self) -> pd.DataFrame:
        """Every value with its unit, kind, range, source and note."""
        return sources(self.system.values)

    @property
    def measured(self) -> MeasuredRate | None:
        """The measured rate curve that belongs to the system, if its file has one."""
        return self.system.measured[0] if self.system.measured else None

    @cached_property
    def parameters_hash(self) -> str:
        """Changes with any value, the architecture, the classes or the fast share."""
        return content_hash({"values": dict(self.model_values), "structure": repr(self.structure)})

    # --- PyBaMM ------------------------------------------------------------------------------

    @cached_property
    def structure(self) -> ParticleStructure:
        """What of the cell changes the equations; all else is a parameter.

        Where relaxation modes stand for the particles, sizes and the fast share are values (`model_values`). In
        volumes "Fast fraction" = 0 leaves the fast share out, whose equation would hold no charge, and
        "Diffusion time spread" = 0 leaves one size class: a model of its own is built for them.
        """
        architecture = architecture_named(self.system.architecture)
        if architecture.has_field:
            architecture = architecture.with_field(self.field)
        if self.system.interface:
            architecture = architecture.with_channel(channel_named(self.system.interface))
        structure = ParticleStructure(
            architecture,
            storage=self._optional(names.INTERFACIAL_CAPACITY) > 0,
            ageing=self.ageing,
            sites=site_counts(self.values),
            in_volumes=self.in_volumes and not architecture.has_field,
        )
        if structure.has_modes:
            return replace(structure, classes=DEFAULT_STRUCTURE.classes, fast=True)
        return replace(
            structure,
            classes=self.classes if self.values.number(names.TIME_SPREAD) else 1,
            fast=self.fast and self.values.number(names.FAST_FRACTION) > 0,
        )

    @cached_property
    def model_values(self) -> ParameterNumbers:
        """The values as the models take them: in modes one size is a spread of 0, and no fast share one of 0."""
        changed: dict[str, float] = {}
        if self.structure.has_modes and self.classes == 1:
            changed[names.TIME_SPREAD] = 0.0
        if self.structure.has_modes and not self.fast:
            changed[names.FAST_FRACTION] = 0.0
        return ParameterNumbers({**self.values, **changed})

    @cached_property
    def hosts(self) -> Composite | None:
        """The two hosts of the particles, to evaluate their laws with numbers; None for one lumped host."""
        structure = self.structure
        if structure.sites is None:
            return None
        value = flat_values(self.values).__getitem__
        return Composite(structure.architecture, structure.sites, value)

    @property
    def control_systems(self) -> tuple[str, ...]:
        """Names of the systems that its file names as controls."""
        return self.system.controls

    def controls(self) -> list[HalfCell]:
        """What it is compared with, made from its own values; a cell of one lumped host has none.

        Host A alone, host B alone and their mixture without a junction, at equal mass; the heterostructure
        without its channel, without its potentials, and without the ions that its junction layers store.

        Returns
        -------
        list[HalfCell]
            Their names say which they are: "CZT (CoTe2 alone)"
        """
        if self.hosts is None:
            return []
        return [replace(self, system=system, field=_STATIC) for system in controls_of(self.system)]

    def check_cut_offs(self) -> None:
        """ParameterError if the cell cannot rest at a cut-off."""
        _ = self.extracted_occupancy, self.inserted_occupancy

    def model(self, kind: str = "SPMe", options: Mapping[str, Any] | None = None) -> Any:
        """A plain PyBaMM model: "SPM", "SPMe" or "DFN".

        Parameters
        ----------
        kind : str, default 'SPMe'
            "SPM", "SPMe" or "DFN"
        options : Mapping[str, Any] | None, default None
            Of PyBaMM, such as {"surface form": "differential"} for the double layer

        Returns
        -------
        pybamm.BaseModel

        Raises
        ------
        ParameterError
            For an unknown model.
        """
        check_kind(kind)
        from hetsim.models.half_cell import MODELS  # here, for only a build waits for PyBaMM

        return MODELS[kind](dict(options or {}), structure=self.structure)

    def parameter_values(self) -> Any:
        """Plain `pybamm.ParameterValues`, starting from the extracted state at equilibrium."""
        return self.parameter_values_at(self.extracted_occupancy, "extraction")

    def parameter_values_at(self, mean: float, after: str = "insertion") -> Any:
        """Plain `pybamm.ParameterValues`, starting from rest at a mean occupancy on the branch of "insertion" or
        "extraction"."""
        from hetsim.models.parameter_values import pybamm_values

        return pybamm_values(
            self.model_values, self.start_at(mean, after), self.structure.architecture
        )

    def start(self) -> dict[str, float]:
        """What a run starts from, the extracted state at equilibrium, by the names of its inputs."""
        return self.start_at(self.extracted_occupancy, "extraction")

    def start_at(self, mean: float, after: str = "insertion") -> dict[str, float]:
        """Surface occupancy, field amplitude, hysteresis state and, of two hosts, potential at rest at a mean
        occupancy on the branch of "insertion" or "extraction", by name."""
        return self.at_rest.inputs(mean, after)

    @property
    def build_key(self) -> tuple[Any, ...]:
        """What a built model is kept by: structure and numbers of plateaus."""
        if self.structure.sites is not None:
            return (self.structure,)
        if is_sloping(self.values):
            return self.structure, "slope"
        branches = ("Insertion", "Extraction")
        plateaus = tuple(len(self.values.numbers(f"{name} plateau shares")) for name in branches)
        return self.structure, plateaus

    @property
    def inventories(self) -> dict[str, int]:
        """Variables that hold the ions of an electrode, each with the sign of a discharge."""
        return {names.ACCOUNTED: 1}

    @property
    def effective_diffusivity(self) -> float:
        """Diffusivity of the particles, grains and junctions together, at the ambient temperature; of two hosts
        the mean over the window [m2.s-1]."""
        temperature = self.values.number(names.AMBIENT_TEMPERATURE)
        if self.hosts is not None:
            top, bottom = (
                self.values.number(name) for name in (names.UPPER_CUT_OFF, names.LOWER_CUT_OFF)
            )
            return float(self.hosts.diffusivity(top, bottom, temperature, direction=1))
        value = flat_values(self.values).__getitem__
        return float(self.structure.architecture.diffusivity(value, temperature))

    @property
    def thermodynamic_status(self) -> str:
        """What its field obeys, a sentence for results."""
        return self.structure.architecture.field.thermodynamic_status

    # --- equilibrium -------------------------------------------------------------------------

    @property
    def thermal_voltage(self) -> float:
        """V_T = RT/zF [V] at the ambient temperature."""
        return self.at_rest.thermal_voltage

    @cached_property
    def at_rest(self) -> ElectrodeAtRest:
        """Its equilibria: open-circuit potentials, and the state at rest at a mean occupancy."""
        return ElectrodeAtRest(self.name, self.values, self.structure, self.hosts)

    def surface_occupancy(self, mean: float) -> float:
        """Surface occupancy in equilibrium with a mean, on the mesh that the models use [-]."""
        return self.at_rest.surface_occupancy(mean)

    def open_circuit_potential(self, occupancy: Any, branch: str = "insertion") -> Any:
        """U [V] of the "insertion" or the "extraction" branch at a mean occupancy in (0, 1)."""
        return self.at_rest.open_circuit_potential(occupancy, branch)

    @cached_property
    def extracted_occupancy(self) -> float:
        """Mean occupancy at rest at the upper cut-off of the extraction branch [-]."""
        return self.at_rest.occupancy_at(names.UPPER_CUT_OFF, "extraction")

    @cached_property
    def inserted_occupancy(self) -> float:
        """Mean occupancy at rest at the lower cut-off of the insertion branch [-]."""
        return self.at_rest.occupancy_at(names.LOWER_CUT_OFF, "insertion")

    def _optional(self, name: str) -> float:
        """A value that a file need not give; 0 without."""
        return self.values.number(name) if name in self.values else 0.0


def load(name_or_path: str | Path, variant: str = "") -> HalfCell:
    """A half cell from a system's name or from a parameter file of your own (.toml).

    variant : one of the variants in the file, such as "core-shell"
    Raises ParameterError (a ValueError) for anything wrong, naming what and what is allowed.
    """
    return HalfCell(read_system(name_or_path, variant))


def sources(values: Mapping[str, Value]) -> pd.DataFrame:
    """A table of values by name, with kind, range, source and note."""
    rows = [
        {
            "parameter": name,
            "value": value.value,
            "kind": value.kind,
            "range": value.range,
            "source": value.source,
            "note": value.note,
            "file": value.origin,
        }
        for name, value in values.items()
    ]
    return pd.DataFrame(rows).set_index("parameter")


def _is_scalar(values: Mapping[str, Value], name: str) -> bool:
    return name in values and not isinstance(values[name].value, tuple)
