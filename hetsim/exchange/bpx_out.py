"""A half cell as a BPX file: what BPX has a place for in its own blocks, all of hetsim's in the block "User-defined".

BPX describes cells of two porous electrodes; a half cell is a "Partial" set with a positive electrode, a separator and
an electrolyte, and PyBaMM calls its working electrode positive too. Written are

    c_max = Q rho / (F z),    a = 3 eps / R,    K = 2 j_0 / F,    B = eps_e^b,    gamma = 1 / s            (1)

with Q the specific capacity, rho the density of the active material, eps its volume fraction, j_0 the exchange-current
density at half filling (BPX has j_0 = F K sqrt(c_e/c_e0) sqrt(x (1 - x)), hetsim j_0 2 sqrt(...)), b the Bruggeman
coefficient, and s the crossing share of the hysteresis: after a turn the branch state of BPX, dh/dx = gamma (1 - h),
leaves with the slope of hetsim's (laws.hysteresis).

Limits: BPX has one size of particles, no share that fills at once, no field and no series resistance. They act in the
cell that hetsim reads back from the file, not in that of another program.
"""

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from hetsim import names
from hetsim.cells.equilibrium import EMPTY, FULL
from hetsim.cells.full_cell import FullCell
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.rest import DIRECTIONS
from hetsim.constants import FARADAY, GAS_CONSTANT
from hetsim.errors import OutputError, ParameterError
from hetsim.exchange.bpx_files import Array, Curve, parsed, table_of
from hetsim.exchange.cite import cite
from hetsim.laws.electrode import active_fraction, full_charge
from hetsim.names import numbered
from hetsim.parameters.flat import flat_values
from hetsim.units import CM2, HOUR, MAH_PER_G

MARK = "hetsim cell: "
"""How the description of the block "User-defined" begins; an object of JSON follows."""
BPX_VERSION = "1.1.0"
_OCP_TOLERANCE = 1e-4
"""Largest deviation between two points of a table [V]."""
_ENTROPIC_TOLERANCE = 1e-6
"""[V.K-1]: what is left out is 0.1 mV at 100 K."""
_D_TOLERANCE = 1e-2
"""The same of a diffusivity, in the diffusivity itself [-]."""
_EDGE = 1e-4
"""Occupancies nearer to 0 or 1 stand in no table, unless the cell goes there."""
_KELVIN = 1.0
"""Step for an activation energy [K]."""
_TOLD = (
    "name", "title", "ion", "classification", "architecture", "materials", "components", "electrolyte", "controls",
    "reference", "note", "variant", "interface",
)  # fmt: skip


def to_bpx(cell: HalfCell, path: str | Path | None = None) -> dict[str, Any]:
    """A half cell in the form of BPX 1.1, checked by the package `bpx`.

    Parameters
    ----------
    cell : HalfCell
        An electrode against the ion's metal
    path : str | Path | None, default None
        Where it is written (.json); None writes nothing

    Returns
    -------
    dict[str, Any]
        The whole file: header, cell, electrolyte, positive electrode, separator, state, and in "User-defined" all
        parameters of hetsim under their names, from which `from_bpx` makes the same cell

    Raises
    ------
    ParameterError
        For a full cell, or a cell that BPX does not take.
    OutputError
        For another ending than .json, and where the file cannot be written.
    MissingPackageError
        Without the package `bpx`.

    Notes
    -----
    BPX has no metal electrode, no spread of sizes, no share of the capacity that fills at once, no field and no series
    resistance: another program runs the mean particle. Two hosts have their common open-circuit curve and, as a table
    over the occupancy, their common diffusivity.
    """
    if isinstance(cell, FullCell):
        raise ParameterError(
            f"{cell.name} is a full cell; write its electrodes, `cell.negative` and `cell.positive`."
        )
    values = flat_values(cell.values)
    document = {
        "Header": _header(cell),
        "Parameterisation": {
            "Cell": _cell(values),
            "Electrolyte": _electrolyte(values),
            "Positive electrode": _electrode(cell, values),
            "Separator": _separator(values),
            "User-defined": _user_defined(cell),
        },
        "State": _state(values),
    }
    parsed(document)
    if path is not None:
        _write(document, Path(path))
    return document


def _write(document: Mapping[str, Any], path: Path) -> None:
    if path.suffix != ".json":
        raise OutputError(f"'{path}': a BPX file ends in .json, not in '{path.suffix}'.")
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_text(
            json.dumps(document, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        aside.replace(path)
    except OSError as error:
        raise OutputError(f"'{path}' cannot be written: {error.strerror or error}.") from error


def _header(cell: HalfCell) -> dict[str, str]:
    dois = ", ".join(f"doi:{doi}" for doi in cite(cell).dois)
    return {
        "BPX": BPX_VERSION,
        "Title": f"{cell.name}: {cell.system.title} against {cell.system.ion}",
        "Description": (
            f"Half cell of hetsim {version('hetsim')}: the positive electrode is the working electrode, its counter "
            f"electrode the metal, and the mobile ion is {cell.system.ion}. BPX holds the mean particle; sizes, fast "
            "share, hysteresis, junctions and series resistance stand in User-defined."
        ),
        "References": dois,
        "Model": "Partial",
    }


def _cell(values: Mapping[str, float]) -> dict[str, float]:
    return {
        "Electrode area [m2]": values[names.AREA] * CM2,
        "Number of electrode pairs connected in parallel to make a cell": 1,
        "Lower voltage cut-off [V]": values[names.LOWER_CUT_OFF],
        "Upper voltage cut-off [V]": values[names.UPPER_CUT_OFF],
        "Nominal cell capacity [A.h]": full_charge(values.__getitem__) / HOUR,
        "Reference temperature [K]": values[names.REFERENCE_TEMPERATURE],
    }


def _electrolyte(values: Mapping[str, float]) -> dict[str, float]:
    found = {"Cation transference number": values["Cation transference number"]}
    for quantity, unit in (("diffusivity", "m2.s-1"), ("conductivity", "S.m-1")):
        name = quantity.capitalize()
        found[f"{name} [{unit}]"] = values[f"Reference electrolyte {quantity} [{unit}]"]
        energy = values[f"Electrolyte {quantity} activation energy [eV]"]
        found[f"{name} activation energy [J.mol-1]"] = energy * FARADAY
    return found


def _separator(values: Mapping[str, float]) -> dict[str, float]:
    porosity = values["Separator porosity"]
    return {
        "Thickness [m]": values["Separator thickness [m]"],
        "Porosity": porosity,
        "Transport efficiency": porosity ** values["Separator Bruggeman coefficient"],
    }


def _electrode(cell: HalfCell, values: Mapping[str, float]) -> dict[str, Any]:
    porosity = values["Electrode porosity"]
    capacity = values[names.SPECIFIC_CAPACITY] * MAH_PER_G * values[names.DENSITY]  # C.m-3
    diffusivity, energy = _diffusivity(cell)
    return {
        "Thickness [m]": values[names.THICKNESS],
        "Porosity": porosity,
        "Transport efficiency": porosity ** values["Electrode Bruggeman coefficient"],
        "Conductivity [S.m-1]": values["Electrode conductivity [S.m-1]"],
        "Minimum stoichiometry": cell.extracted_occupancy,
        "Maximum stoichiometry": cell.inserted_occupancy,
        "Maximum concentration [mol.m-3]": capacity / (FARADAY * values[names.CHARGE_NUMBER]),
        "Particle radius [m]": values[names.PARTICLE_SIZE],
        "Surface area per unit volume [m-1]": (
            3 * active_fraction(values.__getitem__) / values[names.PARTICLE_SIZE]
        ),
        "Diffusivity [m2.s-1]": diffusivity,
        "Diffusivity activation energy [J.mol-1]": energy,
        **_open_circuit(cell),
        "OCP hysteresis decay constant": 1 / values[names.CROSSING],
        "Reaction rate constant [mol.m-2.s-1]": (
            2 * values["Exchange-current density [A.m-2]"] / FARADAY
        ),
        "Reaction rate constant activation energy [J.mol-1]": (
            values["Exchange-current activation energy [eV]"] * FARADAY
        ),
    }


def _ends(cell: HalfCell) -> tuple[float, float]:
    """Occupancies between which tables are made."""
    low = min(_EDGE, cell.extracted_occupancy)
    return max(low, EMPTY), min(max(1 - _EDGE, cell.inserted_occupancy), FULL)


def _open_circuit(cell: HalfCell) -> dict[str, Any]:
    """The mean of both branches and each of them at the reference temperature, and how the mean follows it."""
    reference = cell.values.number(names.REFERENCE_TEMPERATURE)

    def mean(x: Array, step: float = 0.0) -> Array:
        found = _at(cell, reference + step)
        if found.hosts is not None:
            return np.asarray(found.hosts.potential(x), dtype=float)
        both = [found.open_circuit_potential(x, name) for name in DIRECTIONS]
        return np.asarray((both[0] + both[1]) / 2, dtype=float)

    def branch(name: str) -> Curve:
        found = _at(cell, reference)
        return lambda x: np.asarray(found.open_circuit_potential(x, name), dtype=float)

    def entropic(x: Array) -> Array:
        return (mean(x, _KELVIN) - mean(x, -_KELVIN)) / (2 * _KELVIN)

    curves: dict[str, tuple[Curve, float]] = {
        "OCP [V]": (mean, _OCP_TOLERANCE),
        "OCP (lithiation) [V]": (branch("insertion"), _OCP_TOLERANCE),
        "OCP (delithiation) [V]": (branch("extraction"), _OCP_TOLERANCE),
        "Entropic change coefficient [V.K-1]": (entropic, _ENTROPIC_TOLERANCE),
    }
    return {
        name: table_of(curve, *_ends(cell), tolerance)
        for name, (curve, tolerance) in curves.items()
    }


def _at(cell: HalfCell, temperature: float) -> HalfCell:
    """The cell at a temperature [K]."""
    return cell.with_values({names.AMBIENT_TEMPERATURE: temperature})


def _diffusivity(cell: HalfCell) -> tuple[Any, float]:
    """Diffusivity of the particles at the reference temperature, a number or a table, and the energy by which it
    follows the temperature there [J.mol-1]."""
    reference = cell.values.number(names.REFERENCE_TEMPERATURE)
    hosts = cell.hosts
    if hosts is None:
        value, architecture = flat_values(cell.values).__getitem__, cell.structure.architecture
        ends = [
            float(architecture.diffusivity(value, reference + step))
            for step in (-_KELVIN, 0, _KELVIN)
        ]
        return ends[1], _energy(ends[0], ends[2], reference)

    def curve(x: Array, temperature: float = reference) -> Array:
        direction = DIRECTIONS["insertion"]
        potential = np.asarray(hosts.potential(x, direction))
        return np.asarray(hosts.diffusivity(potential, potential, temperature, direction))

    def logarithm(x: Array) -> Array:
        return np.log(curve(x))

    table = table_of(logarithm, *_ends(cell), _D_TOLERANCE)
    half = np.array([0.5])
    cold, warm = (float(curve(half, reference + step)[0]) for step in (-_KELVIN, _KELVIN))
    return {"x": table["x"], "y": np.exp(table["y"]).tolist()}, _energy(cold, warm, reference)


def _energy(cold: float, warm: float, reference: float) -> float:
    """Activation energy from the diffusivity one kelvin below and above the reference temperature [J.mol-1]."""
    below, above = reference - _KELVIN, reference + _KELVIN
    return float(GAS_CONSTANT * np.log(warm / cold) / (1 / below - 1 / above))


def _state(values: Mapping[str, float]) -> dict[str, Any]:
    temperature = values[names.AMBIENT_TEMPERATURE]
    return {
        "Initial conditions": {
            "Initial state-of-charge": 1.0,
            "Initial temperature [K]": temperature,
            "Initial electrolyte concentration [mol.m-3]": values[
                "Initial concentration in electrolyte [mol.m-3]"
            ],
        },
        "Thermal environment": {"Ambient temperature [K]": temperature},
    }


def _user_defined(cell: HalfCell) -> dict[str, Any]:
    """All numbers under their names, lists numbered; what is text stands as JSON in the description."""
    numbers: dict[str, Any] = {}
    told = {}
    for name, value in cell.system.values.items():
        if isinstance(value.value, tuple):
            numbers |= {numbered(name, i): one for i, one in enumerate(value.value)}
        else:
            numbers[name] = value.value
        told[name] = [value.kind, value.source, value.note, value.range, value.origin]
    text = {
        "system": {key: getattr(cell.system, key) for key in _TOLD},
        "particle": {"classes": cell.classes, "fast": cell.fast, "in_volumes": cell.in_volumes},
        "values": told,
    }
    return {"description": MARK + json.dumps(text, ensure_ascii=False), **numbers}
