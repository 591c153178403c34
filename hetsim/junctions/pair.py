"""Two materials in contact, read from the library: what the interface report is made from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from hetsim.errors import ParameterError
from hetsim.laws import free_electrons
from hetsim.laws.junction import Junction, Material, MissingProperty
from hetsim.parameters.component_file import read_material
from hetsim.parameters.flat import flat_values
from hetsim.parameters.host_names import site_counts
from hetsim.parameters.junction_file import JunctionFile, junctions_of
from hetsim.parameters.schema import IONS
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import Component, System, Value

TEMPERATURE = 298.15
"""Reports hold at 25 degC [K]."""

_WORK_FUNCTION, _ELECTRONS = "Work function [eV]", "Free electron density [m-3]"
_DONORS, _ACCEPTORS = "Donor density [m-3]", "Acceptor density [m-3]"


@dataclass(frozen=True)
class Pair:
    """A junction with all that files say of it; A is the core where there is one.

    architecture, interface : of the system, "" where only two materials are known or it leaves the carriers open
    all_values : every value of the system as a number, lists spread out
    values : the system's parameters, empty for two materials
    file, others : the junction file of this ion, and those of other ions
    """

    name: str
    junction: Junction
    ion: str
    architecture: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    file: JunctionFile | None = None
    others: tuple[JunctionFile, ...] = ()
    interface: str = ""
    sites: tuple[int, int] = (0, 0)
    all_values: Mapping[str, float] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, str]:
        """Names of A and B."""
        return self.junction.a.name, self.junction.b.name

    @property
    def charge(self) -> int:
        """Charge number of the ion [-]."""
        return IONS[self.ion]

    def number(self, name: str) -> float:
        """A parameter of the system; MissingProperty naming it where there is none."""
        if name not in self.values:
            what = "the system" if self.values else "a pair of materials"
            raise MissingProperty(f"{what} has no '{name}'.")
        return self.values[name].number

    def flat(self, name: str) -> float:
        """A parameter of the system, or one number of a list of them; MissingProperty where there is none."""
        return self.all_values[name] if name in self.all_values else self.number(name)

    def source(self, name: str) -> str:
        """Kind and source of a parameter of the system; MissingProperty where there is none."""
        self.number(name)
        return f"{self.values[name].kind}: {self.values[name].source}"

    def barrier(self, fact: str) -> float:
        """A migration barrier [eV] of the system, else of the junction file for this ion."""
        if fact in self.values:
            return self.number(fact)
        value = self.file.value(fact) if self.file else None
        if value is None:
            raise MissingProperty(f"{'/'.join(self.names)} has no '{fact}' for {self.ion}.")
        return value

    def fact(self, name: str) -> Value | None:
        """A fact of the pair itself, from the file of this ion or of any other."""
        for one in (self.file, *self.others):
            if one is not None and name in one.facts:
                return one.facts[name]
        return None

    def debye_length(self, side: Literal["a", "b"]) -> float:
        """Length within which electrons or holes screen [m]: Debye, for a metal Thomas-Fermi."""
        material: Material = getattr(self.junction, side)
        if not material.is_metal:
            return material.debye_length(self.junction.temperature)
        density = self.free_electrons(side)
        if density is None:
            raise MissingProperty(f"{material.name} has no '{_ELECTRONS}'.")
        permittivity = material.need("relative_permittivity")
        return float(free_electrons.thomas_fermi_length(density.number, permittivity))

    def free_electrons(self, side: Literal["a", "b"]) -> Value | None:
        """The density that makes a metal of a side, if its file has one [m-3]."""
        material: Material = getattr(self.junction, side)
        return read_material(material.name).values.get(_ELECTRONS)

    def work_function_source(self, side: Literal["a", "b"]) -> str:
        """Kind and source of a work function; MissingProperty where there is none."""
        material: Material = getattr(self.junction, side)
        material.need("work_function_eV")
        value = read_material(material.name).values[_WORK_FUNCTION]
        return f"{value.kind}: {value.source}"


def junction(a: str | Material, b: str | Material, temperature: float = TEMPERATURE) -> Junction:
    """The contact of two materials, each a name in the library or a `Material` of your own.

    Parameters
    ----------
    a : str | Material
        A name in the library, or a `Material` of your own
    b : str | Material
        The material that it touches
    temperature : float, default 298.15
        [K]

    Returns
    -------
    Junction

    Raises
    ------
    ParameterError
        For an unknown name; the message names the nearest ones.
    """
    sides = [material(one) if isinstance(one, str) else one for one in (a, b)]
    return Junction(sides[0], sides[1], temperature)


def material(name: str) -> Material:
    """A material of the library as one side of a junction.

    Free electrons or a gap of zero make a metal, donors or acceptors (whichever prevail) a
    semiconductor of that type; what the file lacks stays None.
    """
    numbers = _numbers(read_material(name))
    net_donors = numbers.get(_DONORS, 0.0) - numbers.get(_ACCEPTORS, 0.0)
    gap = numbers.get("Band gap [eV]")
    metal = _ELECTRONS in numbers or gap == 0
    doping: Literal["n", "p"] | None = None
    if net_donors != 0 and not metal:
        doping = "n" if net_donors > 0 else "p"
    semiconductor = doping is not None or bool(gap)
    try:
        return Material(
            name,
            work_function_eV=numbers.get(_WORK_FUNCTION),
            electron_affinity_eV=None if metal else numbers.get("Electron affinity [eV]"),
            band_gap_eV=None if metal else gap,
            doping=doping,
            dopant_density_m3=abs(net_donors) if doping else None,
            relative_permittivity=numbers.get("Relative permittivity"),
            conduction="metal" if metal else "semiconductor" if semiconductor else None,
        )
    except ValueError as error:  # numbers that contradict each other
        raise ParameterError(f"{name}.toml: {error}") from error


def pair_of_system(name_or_path: str | Path, variant: str = "") -> Pair:
    """The two components of a system (a name or a .toml file).

    Raises ParameterError for anything wrong in the file, an ion of unknown charge, or a control that
    holds one of the components only.
    """
    system = read_system(name_or_path, variant)
    ion = _known_ion(system.ion)
    a, b = system.components
    share = system.values["Component A volume fraction"].number
    if share in (0.0, 1.0):
        only, other = (a, b) if share == 1 else (b, a)
        raise ParameterError(
            f"{system.label} holds {only} and no {other}, so it has no junction between them; "
            f"`hetsim interface --material-a {a} --material-b {b} --ion {ion}` shows what one would be."
        )
    file, others = _files(a, b, ion)
    numbers = {name: value.value for name, value in system.values.items()}
    return Pair(
        system.label,
        junction(a, b),
        ion,
        system.architecture,
        _scalars(system),
        file,
        others,
        system.interface,
        site_counts(numbers) or (0, 0),
        flat_values(numbers),
    )


def pair_of_materials(a: str, b: str, ion: str | None = None) -> Pair:
    """Two materials of the library; the ion of their junction file if it is left out.

    Raises ParameterError for unknown materials, one material twice, or an ion that is unknown or
    left out where files name none or several.
    """
    contact = junction(a, b)
    if a == b:
        raise ParameterError(f"'{a}' on both sides is no junction; give two different materials.")
    if ion is None:
        ions = {one.ion for one in junctions_of(a, b)}
        if len(ions) != 1:
            files = (
                f"there are files for {', '.join(sorted(ions))}" if ions else "no file names one"
            )
            raise ParameterError(
                f"Which ion moves in {a}/{b}? Give --ion ({', '.join(IONS)}); {files}."
            )
        ion = ions.pop()
    ion = _known_ion(ion)
    file, others = _files(a, b, ion)
    return Pair(f"{a}-{b}", contact, ion, file=file, others=others)


def _known_ion(ion: str) -> str:
    bare = ion.strip().removesuffix("+")
    if bare not in IONS:
        raise ParameterError(f"Unknown ion '{ion}'; known: {', '.join(IONS)}.")
    return bare


def _files(a: str, b: str, ion: str) -> tuple[JunctionFile | None, tuple[JunctionFile, ...]]:
    files = junctions_of(a, b)
    return (
        next((one for one in files if one.ion == ion), None),
        tuple(one for one in files if one.ion != ion),
    )


def _numbers(component: Component) -> dict[str, float]:
    return {
        name: value.number
        for name, value in component.values.items()
        if not isinstance(value.value, tuple)
    }


def _scalars(system: System) -> dict[str, Value]:
    return {n: v for n, v in system.values.items() if not isinstance(v.value, tuple)}
