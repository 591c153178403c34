"""A heterostructure electrode from the names of two materials, without a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from hetsim import names
from hetsim.architectures import ARCHITECTURES, CHANNELS, Architecture, Channel, Dispersed
from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.parameters.checks import CELL_HOMES, checked_ion, checked_system, checked_value
from hetsim.parameters.component_file import read_electrolyte, read_material
from hetsim.parameters.host_names import CAPACITY, DENSITY, ISOTHERM, LETTERS, of_component
from hetsim.parameters.hosts import (
    VOLUME_FRACTION,
    completed,
    host_values,
    volume_fraction,
)
from hetsim.parameters.library import PARAMETER_SETS
from hetsim.parameters.schema import IONS
from hetsim.parameters.toml_reading import read_document
from hetsim.parameters.value_file import read_values
from hetsim.parameters.values import Component, System, Value

_TEMPLATE = Path("templates") / "half-cell.toml"
_ELECTROLYTES = {
    "Li": "1M-LiPF6-EC-EMC-DMC",
    "Na": "1M-NaPF6-diglyme",
    "K": "4M-KFSI-DME",
    "Zn": "3M-ZnOTf2-water",
    "Mg": "0.5M-MgTFSI2-DME",
    "Ca": "0.5M-CaTFSI2-EC-PC",
    "Al": "2M-AlOTf3-water",
    "NH4": "1M-NH4OTf-water",
}
_MARGIN = 0.3
"""How far the window of a cell reaches beyond the sites of its hosts, where nothing else is said [V]."""
_USUAL_WINDOW = (0.01, 3.0)
_DISPERSED = Dispersed()


@dataclass(frozen=True)
class Host:
    """A material of your own, written out: what it is as a host for the ion of the cell.

    Parameters
    ----------
    name : str
        What it is called
    potentials : tuple[float, ...]
        Middle of insertion and extraction of each kind of site [V]
    shares : tuple[float, ...]
        Capacity share of each kind of site; they sum to 1
    capacity : float
        Charge that fills all sites [mA.h.g-1]
    widths : tuple[float, ...], optional
        In units of the thermal voltage, 1 for the ideal lattice gas; 4 for each if left out
    hysteresis : tuple[float, ...], optional
        Extraction minus insertion potential [V]; 0 for each if left out
    diffusivity : float | None, optional
        At the reference temperature [m2.s-1]; that of the template if left out
    density : float | None, optional
        [kg.m-3]; 5000 if left out

    Raises
    ------
    ParameterError
        For numbers of the kinds of sites that are no list, or not as many as there are potentials.
    """

    name: str
    potentials: tuple[float, ...]
    shares: tuple[float, ...]
    capacity: float
    widths: tuple[float, ...] = ()
    hysteresis: tuple[float, ...] = ()
    diffusivity: float | None = None
    density: float | None = None

    def __post_init__(self) -> None:
        kinds = None
        for one in ("potentials", "shares", "widths", "hysteresis"):
            given = getattr(self, one)
            if isinstance(given, str) or not isinstance(given, Sequence | np.ndarray):
                raise ParameterError(
                    f"Host '{self.name}': {one} = {given!r} must be a list, one number for each kind of site."
                )
            kinds = len(given) if kinds is None else kinds
            if len(given) not in ((kinds,) if one in ("potentials", "shares") else (0, kinds)):
                raise ParameterError(
                    f"Host '{self.name}': {one} has {len(given)} numbers for {kinds} potentials; "
                    "one is needed for each kind of site."
                )

    def material(self, ion: str) -> Component:
        """The same in the form of a material file."""
        count = len(self.potentials)
        lists = (
            self.potentials,
            self.shares,
            self.widths or (4.0,) * count,
            self.hysteresis or (0.0,) * count,
        )
        for_ion: dict[str, Any] = {
            **dict(zip(ISOTHERM, lists, strict=True)),
            CAPACITY: self.capacity,
        }
        if self.diffusivity is not None:
            for_ion["Diffusivity [m2.s-1]"] = self.diffusivity
        general = {} if self.density is None else {DENSITY: self.density}
        return Component(
            self.name,
            self.name,
            self._values(general, "material"),
            {ion: self._values(for_ion, "ion")},
        )

    def _values(self, numbers: Mapping[str, Any], home: str) -> dict[str, Value]:
        return {
            name: Value(
                name,
                checked_value(name, number, (home,), self.name),
                "assumed",
                "given by the user",
                origin="user",
            )
            for name, number in numbers.items()
        }


def heterostructure(
    a: str | Host,
    b: str | Host,
    ion: str,
    architecture: Architecture = _DISPERSED,
    mass_share: float = 0.5,
    interface: Channel | None = None,
    electrolyte: str = "",
    values: Mapping[str, Any] | None = None,
    name: str = "",
) -> HalfCell:
    """A half cell of two hosts against the ion's metal; all that is not given comes from a neutral template.

    Parameters
    ----------
    a, b : str | Host
        Hosts A and B: materials of the library that have an isotherm for the ion, or `Host(...)` of your own
    ion : str
        Such as "K"
    architecture : Architecture, optional
        Mixture(), Dispersed(), StackedParallel(), StackedSeries() or CoreShell()
    mass_share : float, default 0.5
        Mass of A over that of A and B
    interface : Channel | None, default None
        DiluteCarriers(), LatticeCarriers() or NoChannel(); None takes dilute carriers where the architecture has
        junctions that ions run along, and none elsewhere
    electrolyte : str, default ''
        Of the library; a usual one of the ion if left out
    values : Mapping[str, Any] | None, default None
        Further parameters by their names, such as {"Grain size [m]": 20e-9}
    name : str, default ''
        Of the cell; both materials if left out

    Returns
    -------
    HalfCell

    Raises
    ------
    ParameterError
        For an unknown material, ion or electrolyte, a host without an isotherm for the ion, a share outside 0 to
        1, carriers where no junctions are, or values that do not fit together.
    """
    hosts = [one.material(ion) if isinstance(one, Host) else read_material(one) for one in (a, b)]
    where = name or "-".join(host.name for host in hosts)
    if ion not in IONS:
        raise ParameterError(f"{where}: unknown ion '{ion}'; allowed: {', '.join(IONS)}.")
    if not 0 <= mass_share <= 1:
        raise ParameterError(f"{where}: mass_share = {mass_share:g} is outside 0 to 1.")
    found = template_values()
    electrolyte = electrolyte or electrolyte_of(ion, where)
    found.update(read_electrolyte(electrolyte).values)
    for letter, host in zip(LETTERS, hosts, strict=True):
        found.update(host_values(letter, host, ion, where))
    found.update(_derived(found, ion, mass_share))
    given = dict(values or {})
    for key, raw in given.items():
        number = checked_value(key, raw, CELL_HOMES, where)
        found[key] = Value(key, number, "assumed", "given by the user", origin="user")
    system = System(
        name=where,
        title="/".join(host.title for host in hosts),
        ion=ion,
        classification="heterostructure",
        architecture=_name_of(architecture, ARCHITECTURES),
        materials=tuple(host.name for host in hosts),
        components=(hosts[0].name, hosts[1].name),
        electrolyte=electrolyte,
        values=completed(found, given, architecture.has_field),
        interface="" if interface is None else _name_of(interface, CHANNELS),
    )
    return HalfCell(checked_ion(checked_system(system, where), where))


def template_values() -> dict[str, Value]:
    """The neutral template of a half cell: every value is assumed and says why."""
    document = read_document(PARAMETER_SETS / _TEMPLATE)
    return read_values(document.table("parameters"), ("system", "component"), "template")


def electrolyte_of(ion: str, where: str) -> str:
    """Name of a usual electrolyte of an ion. Raises ParameterError where none is at hand."""
    if ion not in _ELECTROLYTES:
        raise ParameterError(
            f"{where}: no usual electrolyte is at hand for {ion}; give electrolyte= (for "
            f"{', '.join(_ELECTROLYTES)} one is taken)."
        )
    return _ELECTROLYTES[ion]


def _derived(values: Mapping[str, Value], ion: str, mass_share: float) -> dict[str, Value]:
    """What follows from the hosts: their volume share, the density, the window and the charge of the ion."""
    share = volume_fraction(mass_share, values)
    densities = [values.get(of_component(letter, DENSITY)) for letter in LETTERS]
    ends = [
        values[of_component(letter, ISOTHERM[0])].numbers[i]
        + sign * values[of_component(letter, ISOTHERM[3])].numbers[i] / 2
        for letter in LETTERS
        for i in range(len(values[of_component(letter, ISOTHERM[0])].numbers))
        for sign in (-1, 1)
    ]
    numbers = {
        VOLUME_FRACTION: (share, "mass share with the densities of the hosts"),
        names.CHARGE_NUMBER: (float(IONS[ion]), f"{ion} ion"),
        names.UPPER_CUT_OFF: (
            max(max(ends) + _MARGIN, _USUAL_WINDOW[1]),
            "above all sites, 3 V at least",
        ),
        names.LOWER_CUT_OFF: (
            _USUAL_WINDOW[0] if min(ends) < 1 else min(ends) - _MARGIN,
            "0.01 V, or below all sites of a host that fills above 1 V",
        ),
    }
    if all(densities):
        a, b = (one.number for one in densities if one is not None)
        numbers[names.DENSITY] = (share * a + (1 - share) * b, "volume mean of the hosts")
    return {
        key: Value(key, number, "derived", f"neutral template: {source}", origin="template")
        for key, (number, source) in numbers.items()
    }


def _name_of(chosen: Any, table: Mapping[str, Any]) -> str:
    """The name under which files know an architecture or a channel."""
    for key, known in table.items():
        if type(known) is type(chosen):
            return key
    raise ParameterError(f"{chosen!r} is none of those that files know: {', '.join(table)}.")
