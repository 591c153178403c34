"""Half cells as columns: the inputs of many cells of one structure, without an object for each.

The laws are those of `cells.half_cell`, with arrays in place of numbers; what a cell would refuse is left out, so
that the cell itself can say why.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim import names
from hetsim.architectures.composite import Composite
from hetsim.architectures.grains import BOTH_HOSTS
from hetsim.cells.equilibrium import EMPTY, FULL, NO_ION
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.rest import DIRECTIONS
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.laws.diffusion_spread import normal_rule
from hetsim.laws.electrode import capacity_densities
from hetsim.laws.isotherm import plateau_staircase
from hetsim.laws.potential import core_shell_potential
from hetsim.laws.sloping_curve import sloping_occupancy
from hetsim.names import numbered
from hetsim.parameters.columns import changed_values
from hetsim.parameters.flat import flat_values
from hetsim.parameters.host_names import SLOPING_CURVE, is_sloping
from hetsim.results import Array
from hetsim.submodels import ParticleStructure
from hetsim.submodels.mesh import XI_J, placed

elementwise = late("scipy.optimize.elementwise")

Rows = NDArray[np.intp]

STRUCTURAL = (names.TIME_SPREAD, names.FAST_FRACTION, names.INTERFACIAL_CAPACITY)
"""Values whose zero is another structure (`HalfCell.structure`)."""

_TOGETHER = 1024
"""Cells with a field whose starts are searched for together: what a cache holds."""

_CLOSE = {"xatol": 1e-15, "xrtol": 1e-15, "fatol": 0, "frtol": 0}
"""How closely a root is searched for; a single cell's search ends at 1e-13."""

_EXTRACTION = DIRECTIONS["extraction"]


@dataclass(frozen=True)
class CellColumns:
    """Cells of one structure.

    cell : one of them, whose structure all have
    rows : their places among all that were asked for, [n]
    inputs : values by name, as a run from the extracted state at rest takes them: numbers, or [n]
    """

    cell: HalfCell
    rows: Rows
    inputs: Mapping[str, Any]

    def take(self, part: slice | Rows) -> "CellColumns":
        """Some of the cells."""
        inputs = {name: one[part] if np.ndim(one) else one for name, one in self.inputs.items()}
        return CellColumns(self.cell, self.rows[part], inputs)


def cell_columns(cell: HalfCell, changes: Mapping[str, Array]) -> list[CellColumns]:
    """The cells that `with_values` makes of the changes, one a row, grouped by structure.

    changes : single numbers by name, [rows] each, at least one name

    Rows that are in no group are for `with_values`, which refuses most of them.
    """
    values, fits = changed_values(cell.system, changes)
    return list(_groups(cell, changes, values, np.flatnonzero(fits)))


def _groups(
    cell: HalfCell, changes: Mapping[str, Array], values: Mapping[str, Any], rows: Rows
) -> Iterator[CellColumns]:
    marks = np.zeros(rows.size, dtype=int)
    for place, name in enumerate(STRUCTURAL):
        if name in changes:
            marks += (np.asarray(values[name])[rows] != 0).astype(int) << place
    for mark in np.unique(marks):
        here = rows[marks == mark]
        try:
            one = cell.with_values(
                {name: float(column[here[0]]) for name, column in changes.items()}
            )
        except ParameterError:  # the cell itself is to say so, row by row
            continue
        of_rows = {name: v[here] if _is_column(v) else v for name, v in values.items()}
        as_modelled = {
            name: value for name, value in one.model_values.items() if value != one.values[name]
        }
        flat = flat_values({**of_rows, **as_modelled})
        start = Start(one.structure, flat, here.size).inputs()
        sound = np.all([np.isfinite(column) for column in start.values()], axis=0)
        inputs = {**flat, **start, names.HYSTERESIS_YIELD: 1.0}
        whole = CellColumns(one, here, inputs)
        yield whole if sound.all() else whole.take(np.flatnonzero(sound))


def _is_column(value: Any) -> bool:
    """Whether a value has one number a cell; a list of a parameter is a tuple."""
    return isinstance(value, np.ndarray) and value.ndim > 0


# --- what they start from -------------------------------------------------------------------------


class Start:
    """The extracted state at rest of n cells of one structure (`HalfCell.start`).

    values : flat, by name, numbers or [n]
    """

    def __init__(self, structure: ParticleStructure, values: Mapping[str, Any], count: int) -> None:
        self.structure = structure
        self.count = count
        # cells along the first axis, places in a particle along the second
        self._values = {
            name: one[:, np.newaxis] if np.ndim(one) else one for name, one in values.items()
        }

    def value(self, name: str) -> Any:
        """One number for all, or [n, 1]."""
        return self._values[name]

    def inputs(self) -> dict[str, Array]:
        """By the names of the inputs, [n] each; not a number where there is no such state."""
        mean = self._column(self._extracted_occupancy())
        amplitude = self._column(self._amplitude(mean))
        found = {names.INITIAL_AMPLITUDE: amplitude}
        if not self.structure.architecture.has_field:
            found |= self._without_field(mean)
        else:
            parts = [
                self._part(slice(first, first + _TOGETHER))._with_field(
                    mean[first : first + _TOGETHER], amplitude[first : first + _TOGETHER]
                )
                for first in range(0, self.count, _TOGETHER)
            ]
            found |= {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
        found[names.INITIAL_HYSTERESIS] = np.full((self.count, 1), -_EXTRACTION)
        return {name: column[:, 0] for name, column in found.items()}

    def _part(self, rows: slice) -> "Start":
        count = len(range(self.count)[rows])
        flat = {name: one[rows, 0] if np.ndim(one) else one for name, one in self._values.items()}
        return Start(self.structure, flat, count)

    def _column(self, found: Any) -> Array:
        return np.array(np.broadcast_to(found, (self.count, 1)), dtype=float)

    @cached_property
    def _hosts(self) -> Composite | None:
        sites = self.structure.sites
        return None if sites is None else Composite(self.structure.architecture, sites, self.value)

    @cached_property
    def _thermal_voltage(self) -> Any:
        kelvin, charge = self.value(names.AMBIENT_TEMPERATURE), self.value(names.CHARGE_NUMBER)
        return kelvin * GAS_CONSTANT / FARADAY / charge

    def _extracted_occupancy(self) -> Any:
        """Mean occupancy at rest at the upper cut-off [-]."""
        voltage = self.value(names.UPPER_CUT_OFF)
        if self._hosts is not None:
            return np.clip(self._hosts.occupancy(voltage, _EXTRACTION), EMPTY, FULL)
        if is_sloping(self._values):
            found = sloping_occupancy(voltage, *map(self.value, SLOPING_CURVE))
            return np.where(found < 1, np.maximum(found, EMPTY), np.nan)
        curve, thermal = self._open_circuit, self._thermal_voltage
        met = elementwise.find_root(
            lambda theta, volts, thermal: curve(theta, thermal) - volts,
            (NO_ION, 1 - NO_ION),
            args=(voltage, thermal),
            tolerances=_CLOSE,
        )
        found = np.where(met.success, met.x, np.nan)
        return np.where(voltage >= curve(EMPTY, thermal), EMPTY, found)

    def _open_circuit(self, theta: Any, thermal_voltage: Any) -> Any:
        """U [V] of the extraction branch of one lumped host, which is the same in all cells but for V_T."""

        def listed(stem: str) -> list[float]:
            stem = f"Extraction plateau {stem}"
            count = sum(name.startswith(f"{stem} ") for name in self._values)
            return [self.value(numbered(stem, i)) for i in range(count)]

        potentials, shares, widths = (listed(one) for one in ("potentials [V]", "shares", "widths"))
        return plateau_staircase(theta, potentials, shares, widths, thermal_voltage)

    def _amplitude(self, mean: Array) -> Any:
        field = self.structure.architecture.field
        return field.at_rest(mean, self._values.get(names.FADING, 0.0))

    def _without_field(self, mean: Array) -> dict[str, Array]:
        if self._hosts is None:
            return {names.INITIAL_OCCUPANCY: mean}
        potential = self._hosts.potential(mean, _EXTRACTION)
        at_surface = self._hosts.occupancy(potential, _EXTRACTION, BOTH_HOSTS)
        return self._at_potential(potential, at_surface)

    def _at_potential(self, potential: Any, at_surface: Any) -> dict[str, Array]:
        return {
            names.INITIAL_OCCUPANCY: self._column(at_surface),
            names.INITIAL_POTENTIAL: self._column(potential),
        }

    # --- in a radial field -------------------------------------------------------------------

    def _with_field(self, mean: Array, amplitude: Array) -> dict[str, Array]:
        structure = self.structure
        edges, x = placed(structure.edges(structure.volumes), self.value(names.CORE_FRACTION))
        volumes = np.broadcast_to(np.diff(edges**3), (self.count, structure.volumes))
        nodes, weights = normal_rule(structure.classes)
        spread = self.value(names.TIME_SPREAD)
        radii = [np.exp(spread * n / 2) if structure.classes > 1 else 1.0 for n in nodes]
        phis = [self._column_of(amplitude * self._phi(x, radius)) for radius in radii]
        fast = self.value(names.FAST_FRACTION) if structure.fast else 0.0
        slow = [self._column(1 - fast) * weight * volumes for weight in weights]
        if self._hosts is None:
            surface = _surface_occupancy(mean, phis, slow, self._column(fast))
            return {names.INITIAL_OCCUPANCY: surface}
        potential = self._potential_in_field(mean, phis, slow, self._column(fast))
        population = BOTH_HOSTS if structure.fast else "B"
        at_surface = self._hosts.occupancy(potential, _EXTRACTION, population)
        return self._at_potential(potential, at_surface)

    def _column_of(self, places: Any) -> Array:
        return np.broadcast_to(places, (self.count, np.shape(places)[-1]))

    def _phi(self, x: Any, relative_radius: Any) -> Any:
        radius = self.value(names.PARTICLE_SIZE) * relative_radius
        phi = core_shell_potential(
            x,
            self.value(names.BUILT_IN_POTENTIAL),
            self.value(names.CORE_DEBYE_LENGTH) / radius,
            self.value(names.SHELL_DEBYE_LENGTH) / radius,
            self.value(names.CORE_FRACTION),
            self.value(names.PERMITTIVITY_RATIO),
        )
        return phi / self._thermal_voltage

    def _potential_in_field(
        self, mean: Array, phis: list[Array], slow: list[Array], fast: Array
    ) -> Array:
        """u of two hosts at rest [V]: what holds the mean in the grains of a core and a shell together."""
        hosts = self._hosts
        assert hosts is not None
        free = self._column(hosts.potential(mean, _EXTRACTION))
        edges = self.structure.edges(self.structure.volumes)
        core = edges[1:] <= XI_J * (1 + 1e-9)
        thermal = self._column(self._thermal_voltage)

        def missing(potential: Array, of: Rows) -> Array:
            part = Composite(hosts.architecture, hosts.counts, self._getter(of))
            densities = capacity_densities(part.value)
            u = potential[:, np.newaxis]
            held = fast[of] * part.occupancy(u, _EXTRACTION)
            for volumes, phi in zip(slow, phis, strict=True):
                inside = u + phi[of] * thermal[of]
                at_a, at_b = (
                    k * part.of_host(letter, inside, _EXTRACTION)
                    for k, letter in zip(densities, BOTH_HOSTS, strict=True)
                )
                held = held + np.sum(volumes[of] * np.where(core, at_a, at_b), -1, keepdims=True)
            return (held - mean[of])[:, 0]

        reach = thermal * _largest(phis) + 1e-9
        return _root(missing, free - reach, free + reach)

    def _getter(self, rows: Rows) -> Callable[[str], Any]:
        """Values of some of the cells."""

        def value(name: str) -> Any:
            one = self._values[name]
            return one[rows] if np.ndim(one) else one

        return value


def _largest(phis: list[Array]) -> Array:
    """Of |Phi| in each cell, [n, 1]."""
    return np.max([np.abs(phi).max(axis=1, keepdims=True) for phi in phis], axis=0)


def _surface_occupancy(mean: Array, phis: list[Array], slow: list[Array], fast: Array) -> Array:
    """Surface occupancy in equilibrium with a mean (laws.isotherm.surface_occupancy), [n, 1]."""
    pulls = [np.exp(-phi) for phi in phis]

    def missing(mu: Array, of: Rows) -> Array:
        surface = 1 / (1 + np.exp(-mu[:, np.newaxis]))
        held = fast[of] * surface
        for volumes, pull in zip(slow, pulls, strict=True):
            weight = surface * pull[of]
            held = held + np.sum(volumes[of] * (weight / (1 - surface + weight)), -1, keepdims=True)
        return (held - mean[of])[:, 0]

    centre, reach = np.log(mean / (1 - mean)), _largest(phis) + 1e-9
    mu = _root(missing, centre - reach, centre + reach)
    return 1 / (1 + np.exp(-mu))


def _root(function: Callable[[Array, Rows], Array], low: Array, high: Array) -> Array:
    """The root of each cell between two ends, [n, 1]; `function` takes points and the cells that they belong to."""
    found = elementwise.find_root(
        lambda x, of: function(x, of.astype(int)),
        (low[:, 0], high[:, 0]),
        args=(np.arange(low.size, dtype=float),),
        tolerances=_CLOSE,
    )
    return np.where(found.success, found.x, np.nan)[:, np.newaxis]
