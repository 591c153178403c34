"""PyBaMM's half-cell models with heterostructure particles in them.

`pybamm.Model("HeterostructureSPMe")` and `hetsim.models.HeterostructureSPMe()` are the same. All are
plain PyBaMM models: they work in any PyBaMM script with `pybamm.ParameterValues("CZT")`.
"""

from collections.abc import Callable
from typing import Any

import pybamm

from hetsim import names
from hetsim.models.solver import solver
from hetsim.references.reference import library
from hetsim.submodels import (
    Ageing,
    ChargeDrivenLoss,
    DriftDiffusion,
    HysteresisOpenCircuitPotential,
    IonParameters,
    ParticleStructure,
    RelaxationModes,
    SaltDiffusion,
)
from hetsim.submodels.finite_volume import NeighbourFiniteVolume
from hetsim.submodels.material_loss import LossWithCharge
from hetsim.submodels.particle import DEFAULT_STRUCTURE
from hetsim.submodels.particle_sub_mesh import ParticleSubMesh
from hetsim.submodels.profiles import ParticleProfiles
from hetsim.submodels.relaxation import ModeMethod, ModeSubMesh
from hetsim.submodels.separator_sub_mesh import SeparatorSubMesh
from hetsim.submodels.voltage_components import voltage_components

THROUGH_CELL = {"x_n": 10, "x_s": 30, "x_p": 10}
"""Volumes through the electrodes and the separator. PyBaMM's 20 in each put the effort where the error is not:
a separator of glass fibre holds most of the salt's gradient, and every volume of an electrode carries particles.
These are within 1.2e-4 of capacity of 40 and 40 at the highest current of each system (PyBaMM's: 4e-4)."""

EVENLY_TAKEN = {"x_s": 20}
"""Volumes of the separator where the electrode takes ions evenly (SPMe), thin where salt runs out. Of the four
shipped systems whose salt runs out, capacities are within 1.4e-4 of the full one of those with 200 up to 25C, within
2.5e-4 at any current, where 30 even ones are within 1e-4 and 5e-4; impedances are within 4e-4 of their range (3e-4). A
discharge costs a fifth less. In a DFN, where ions are taken near to the separator first, even ones are closer."""

_WORKING = {
    "positive": "this model is a half cell, whose working electrode PyBaMM calls 'positive'",
    "both": "this model is a full cell, where PyBaMM has 'both' electrodes work",
}


def checked_options(
    options: dict[str, Any] | None, ageing: Ageing, working_electrode: str = "positive"
) -> dict[str, Any]:
    """PyBaMM's options of a model; ValueError for those that hetsim decides."""
    chosen: dict[str, Any] = {**ageing.options(), **(options or {})}
    if chosen.setdefault("working electrode", working_electrode) != working_electrode:
        raise ValueError(
            f"The working electrode is {chosen['working electrode']!r}; {_WORKING[working_electrode]}."
        )
    for name, why in (
        ("particle size", "the spread is part of `structure=`"),
        ("particle", "the particle is a DriftDiffusion submodel"),
        ("open-circuit potential", "the branches are part of the parameters"),
    ):
        if name in chosen:
            raise ValueError(f"The option '{name}' has no place in a heterostructure model: {why}.")
    chosen.setdefault("contact resistance", "true")
    return chosen


class Heterostructure:
    """What all models share: their particles, open-circuit potentials, ion charge and mesh."""

    structures: tuple[ParticleStructure, ...]
    submodels: dict[str, Any]
    variables: Any
    rhs: Any
    initial_conditions: Any
    param: Any
    options: Any

    def _rebuild_param(self) -> None:
        """PyBaMM's hook for the parameters that every submodel gets."""
        self.param = IonParameters(self.options)

    def set_electrolyte_concentration_submodel(self) -> None:
        """PyBaMM's hook for the balance of the salt; the SPM has none."""
        super().set_electrolyte_concentration_submodel()  # type: ignore[misc]
        full = self.submodels[names.SALT_SUBMODEL]
        if isinstance(full, pybamm.electrolyte_diffusion.Full):
            self.submodels[names.SALT_SUBMODEL] = SaltDiffusion(
                self.param, self.options, full.x_average_state
            )

    def _assemble(self, *structures: ParticleStructure, x_average: bool) -> None:
        self.structures = structures
        pybamm.citations.register(library()["hetsim"].bibtex)  # for pybamm.print_citations
        looked_at = []
        for structure in structures:
            named = structure.electrode.named
            kind = RelaxationModes if structure.has_modes else DriftDiffusion
            particle = kind(self.param, self.options, structure, x_average)
            potential = HysteresisOpenCircuitPotential(self.param, self.options, particle)
            self.submodels[named(names.PARTICLE_SUBMODEL)] = particle
            self.submodels[named(names.OCP_SUBMODEL)] = potential
            if isinstance(structure.ageing.loss, ChargeDrivenLoss):
                self.submodels[named(names.MATERIAL_SUBMODEL)] = LossWithCharge(
                    self.param, structure.electrode.domain, self.options, x_average, "primary"
                )
            if isinstance(particle, DriftDiffusion):
                looked_at.append(ParticleProfiles(particle))
        self.build_model()  # type: ignore[attr-defined]
        for structure in structures:
            named = structure.electrode.named
            self.variables[named(names.ACCOUNTED)] = self._accounted(named)
            self._start_double_layer(named)
            self.variables[named(names.LAYER_CHARGE)] = self._layer_charge(structure)
        for profiles in looked_at:
            self.variables.update(profiles.variables(self.variables))
        self.variables.update(voltage_components(self.variables, self.options))

    def _start_double_layer(self, named: Callable[[str], str]) -> None:
        """A double layer that is a state starts at the potential of the resting electrode, on its branch."""
        particle = self.submodels[named(names.PARTICLE_SUBMODEL)]
        state = self._double_layer(named)
        if state is not None:
            self.initial_conditions[state] = particle.starting_potential

    def _double_layer(self, named: Callable[[str], str]) -> Any:
        """The state of the potential across the double layer, if there is one: of all places or of each."""
        layers = {
            named(names.SURFACE_POTENTIAL_DIFFERENCE),
            named(names.LOCAL_POTENTIAL_DIFFERENCE),
        }
        return next((one for one in self.initial_conditions if one.name in layers), None)

    def _layer_charge(self, structure: ParticleStructure) -> Any:
        """Charge that went into the double layer, over the capacity as made [V].

        dv/dt = <s d(dphi)/dt>,     s the share of the material that is left, < > the mean over the electrode

        Without a loss of material v is the potential dphi across the layer. With it the charge of the layer of lost
        material is lost as the ions in it are, and no function of what is left.
        """
        named = structure.electrode.named
        across, state = (
            self.variables[named(names.SURFACE_POTENTIAL_DIFFERENCE)],
            self._double_layer(named),
        )
        if structure.ageing.loss is None or state not in self.rhs:
            return across
        averaged = state.name == named(names.SURFACE_POTENTIAL_DIFFERENCE)
        left = named(names.ACTIVE_FRACTION if averaged else names.LOCAL_ACTIVE_FRACTION)
        as_made = self.param.domain_params[structure.electrode.domain].prim.epsilon_s
        share = self.variables[left] / (pybamm.x_average(as_made) if averaged else as_made)
        charge = pybamm.Variable(named(names.LAYER_CHARGE))
        self.rhs[charge] = pybamm.x_average(share * self.rhs[state])
        self.initial_conditions[charge] = pybamm.x_average(self.initial_conditions[state])
        return charge

    def _accounted(self, named: Callable[[str], str]) -> Any:
        """Ions in the particles, in lost material and in the film: what the current must have brought."""
        in_film = self.variables[named(names.LOST_TO_FILM)] / pybamm.Parameter(names.CHARGE_NUMBER)
        lost = self.variables[named(names.LOST_WITH_MATERIAL)]
        return self.variables[named(names.INVENTORY)] + lost + in_film

    def _named(self, name: str) -> list[str]:
        """The name in each electrode with a heterostructure particle."""
        return [structure.electrode.named(name) for structure in self.structures]

    @property
    def default_parameter_values(self) -> Any:
        return pybamm.ParameterValues("CZT")

    @property
    def default_geometry(self) -> Any:
        geometry = super().default_geometry  # type: ignore[misc]
        for particle, coordinate in zip(
            self._named(names.PARTICLE), self._named(names.PARTICLE_COORDINATE), strict=True
        ):
            geometry[particle] = {coordinate: {"min": 0, "max": 1}}
        return geometry

    @property
    def default_var_pts(self) -> Any:
        points = {
            structure.electrode.named(names.PARTICLE_COORDINATE): structure.nodes
            for structure in self.structures
        }
        return {**super().default_var_pts, **THROUGH_CELL, **points}  # type: ignore[misc]

    @property
    def default_submesh_types(self) -> Any:
        through_cell = ("separator", *self._named(names.ELECTRODE))
        uniform = pybamm.MeshGenerator(pybamm.SymbolicUniform1DSubMesh)
        particles = {
            structure.electrode.named(names.PARTICLE): pybamm.MeshGenerator(ModeSubMesh)
            if structure.has_modes
            else pybamm.MeshGenerator(ParticleSubMesh, {"edges": structure.edges})
            for structure in self.structures
        }
        return {
            **super().default_submesh_types,  # type: ignore[misc]
            **dict.fromkeys(through_cell, uniform),
            **particles,
        }

    @property
    def default_spatial_methods(self) -> Any:
        return {
            **super().default_spatial_methods,  # type: ignore[misc]
            **{
                structure.electrode.named(names.PARTICLE): ModeMethod()
                if structure.has_modes
                else NeighbourFiniteVolume()
                for structure in self.structures
            },
        }

    @property
    def default_solver(self) -> Any:
        return solver()


class HeterostructureSPM(Heterostructure, pybamm.lithium_ion.SPM):
    """Single particle model of a half cell with a heterostructure electrode."""

    def __init__(
        self,
        options: dict[str, Any] | None = None,
        name: str = "Heterostructure single particle model",
        structure: ParticleStructure = DEFAULT_STRUCTURE,
    ) -> None:
        options = {"x-average side reactions": "true", **checked_options(options, structure.ageing)}
        super().__init__(options, name, build=False)
        self._assemble(structure, x_average=True)


class HeterostructureSPMe(Heterostructure, pybamm.lithium_ion.SPMe):
    """Single particle model with electrolyte of a half cell with a heterostructure electrode."""

    def __init__(
        self,
        options: dict[str, Any] | None = None,
        name: str = "Heterostructure single particle model with electrolyte",
        structure: ParticleStructure = DEFAULT_STRUCTURE,
    ) -> None:
        options = {"x-average side reactions": "true", **checked_options(options, structure.ageing)}
        super().__init__(options, name, build=False)
        self._assemble(structure, x_average=True)

    @property
    def default_var_pts(self) -> Any:
        return {**super().default_var_pts, **EVENLY_TAKEN}

    @property
    def default_submesh_types(self) -> Any:
        graded = pybamm.MeshGenerator(SeparatorSubMesh)
        return {**super().default_submesh_types, "separator": graded}


class HeterostructureDFN(Heterostructure, pybamm.lithium_ion.DFN):
    """Doyle-Fuller-Newman model of a half cell with a heterostructure electrode."""

    def __init__(
        self,
        options: dict[str, Any] | None = None,
        name: str = "Heterostructure Doyle-Fuller-Newman model",
        structure: ParticleStructure = DEFAULT_STRUCTURE,
    ) -> None:
        super().__init__(checked_options(options, structure.ageing), name, build=False)
        self._assemble(structure, x_average=False)


MODELS = {"SPM": HeterostructureSPM, "SPMe": HeterostructureSPMe, "DFN": HeterostructureDFN}
"""The models by the names that PyBaMM's users know."""
