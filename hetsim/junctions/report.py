"""Everything that is known of an interface, as numbers: field, space charge, effective transport.

`report` takes a pair (`pair_of_system`, `pair_of_materials`) and returns a frozen InterfaceReport.
What a quantity lacks is named in `missing`, never guessed.  Names carry their units; A and B are
the components in the order of the system, A the core where there is one.

Two limits run through the report.  V_bi is an upper bound of what an ion feels, so space charge is
evaluated at a measured interface potential, or over the stated range `POTENTIAL_RANGE`.  And a
barrier at the interface acts through the volume of the interface, never as the bulk value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from hetsim.architectures import ARCHITECTURES
from hetsim.junctions.pair import TEMPERATURE, Pair, junction, pair_of_materials, pair_of_system
from hetsim.junctions.quantities import (
    POTENTIAL_RANGE,
    Contact,
    Screening,
    SpaceCharge,
    acting_potential,
    contact_laws,
    core_fraction,
    interface_potential,
    potential_acts,
    ratio_constants,
    screening_laws,
    signed_step,
    space_charge_laws,
)
from hetsim.junctions.transport import (
    Transport,
    by_architecture,
    interface_volume_fraction,
    transport_laws,
)
from hetsim.laws import free_electrons
from hetsim.laws.junction import Material, MissingProperty
from hetsim.parameters.component_file import read_material
from hetsim.units import NM

__all__ = [
    "POTENTIAL_RANGE",
    "InterfaceReport",
    "Junction",
    "by_architecture",
    "core_fraction",
    "interface_potential",
    "interface_volume_fraction",
    "junction",
    "pair_of_materials",
    "pair_of_system",
    "ratio_constants",
    "report",
]

Junction = junction
"""The contact of two materials under the name that users know: `hs.Junction("CoTe2", "ZnTe")`."""

SURVIVES = 0.9
"""Share of the step above which a profile counts as undiminished [-]."""

DISAGREE_EV = 0.15
"""By how much work function and doping may differ [eV]: an unknown band mass alone makes 3 k_B T."""

STATEMENTS = {
    "a": "At rest nothing flows and the open-circuit curve is what it would be without the field.",
    "b": "A closed cycle yields no net energy: what a static field gives on insertion it takes back"
    " on extraction.",
    "c": "A static field is a diode: where it helps insertion it hinders extraction; reversing the"
    " field exchanges the two.",
    "d": "Across layers a periodic potential never raises the long-range diffusivity:"
    " D_eff = D / (<exp(Phi)> <exp(-Phi)>) <= D.",
    "e": "Along layers redistributed ions conduct more and store more in proportion, so D stays; a"
    " gain needs faster hops at the interface, or carriers that conduct but do not store.",
}
"""What a built-in field cannot do."""

NO_ARCHITECTURE = "no architecture: two materials alone do not say which way ions run."


def what_acts(architecture: str) -> str:
    """What an architecture lets act on the ions, one sentence; "" is two materials without a system."""
    return ARCHITECTURES[architecture].summary if architecture else NO_ARCHITECTURE


def statements_on(architecture: str) -> dict[str, str]:
    """The statements that hold in an architecture; all of them for two materials without a system."""
    letters = ARCHITECTURES[architecture].statements if architecture else "".join(STATEMENTS)
    return {letter: STATEMENTS[letter] for letter in letters}


@dataclass(frozen=True)
class InterfaceReport:
    """Every number of an interface at 25 degC; None where `missing` or `not_applicable` says why.

    remarks : inconsistencies and limits of these data, a sentence each
    """

    pair: Pair
    contact: Contact
    screening: Screening
    space_charge: SpaceCharge
    transport: Transport
    statements: Mapping[str, str]
    remarks: tuple[str, ...]
    missing: Mapping[str, str]
    not_applicable: Mapping[str, str]

    @property
    def acting_potential(self) -> float:
        """Signed step B minus A that the space charge is evaluated at [V]."""
        return acting_potential(self.pair)

    def to_dict(self) -> dict[str, Any]:
        """One flat object: numbers under names with units, facts and reasons under their names."""
        a, b = self.pair.names
        file = self.pair.file
        return {
            "name": self.pair.name,
            "material_a": a,
            "material_b": b,
            "ion": self.pair.ion,
            "charge_number": self.pair.charge,
            "architecture": self.pair.architecture or None,
            "temperature_K": TEMPERATURE,
            **asdict(self.contact),
            **asdict(self.screening),
            **asdict(self.space_charge),
            **asdict(self.transport),
            "printed_field_direction": file.field_direction or None if file else None,
            "junction_file": file.name if file else None,
            "facts": {name: v.value for name, v in file.facts.items()} if file else {},
            "statements": dict(self.statements),
            "remarks": list(self.remarks),
            "missing": dict(self.missing),
            "not_applicable": dict(self.not_applicable),
        }


class _Gaps:
    """Evaluates laws; keeps the reason of each that data do not allow."""

    def __init__(self) -> None:
        self.missing: dict[str, str] = {}
        self.not_applicable: dict[str, str] = {}

    def fill(self, laws: Mapping[str, Callable[[], Any]]) -> dict[str, Any]:
        return {name: self._value(name, law) for name, law in laws.items()}

    def _value(self, name: str, law: Callable[[], Any]) -> Any:
        try:
            return law()
        except MissingProperty as reason:
            self.missing[name] = _in_words_of_the_files(str(reason))
        except ValueError as reason:
            self.not_applicable[name] = str(reason)
        return None


FILE_WORDS = {
    "work_function_eV": "'Work function [eV]'",
    "electron_affinity_eV": "'Electron affinity [eV]'",
    "band_gap_eV": "'Band gap [eV]'",
    "dopant_density_m3": "'Donor density [m-3]' or 'Acceptor density [m-3]'",
    "doping": "'Donor density [m-3]' or 'Acceptor density [m-3]'",
    "relative_permittivity": "'Relative permittivity'",
    "conduction": "'Band gap [eV]' or 'Free electron density [m-3]'",
}
"""What the laws call a property, and how a material file writes it."""


def _in_words_of_the_files(reason: str) -> str:
    head, _, last = reason.rstrip(".").rpartition(" ")
    return f"{head} {FILE_WORDS[last]}." if last in FILE_WORDS else reason


def report(pair: Pair) -> InterfaceReport:
    """Evaluate every law for a pair of materials or the two components of a system."""
    gaps = _Gaps()
    contact = Contact(**gaps.fill(contact_laws(pair)))
    screening = Screening(**gaps.fill(screening_laws(pair)))
    charge = SpaceCharge(**gaps.fill(space_charge_laws(pair)))
    transport = Transport(**gaps.fill(transport_laws(pair)))
    return InterfaceReport(
        pair=pair,
        contact=contact,
        screening=screening,
        space_charge=charge,
        transport=transport,
        statements=statements_on(pair.architecture),
        remarks=tuple(_remarks(pair, contact, charge)),
        missing=gaps.missing,
        not_applicable=gaps.not_applicable,
    )


# --- what the numbers do not say ------------------------------------------------------------------


def _remarks(pair: Pair, contact: Contact, charge: SpaceCharge) -> list[str]:
    remarks = [_doping_remark(one) for one in (pair.junction.a, pair.junction.b)]
    remarks.append(_potential_remark(contact, charge))
    remarks.append(_depletion_remark(pair, contact))
    remarks += [_metal_remark(pair, "a"), _metal_remark(pair, "b"), _sign_remark(pair, contact)]
    if pair.file is None and pair.others:
        ions = " and ".join(other.ion for other in pair.others)
        remarks.append(
            f"The junction file of {'/'.join(pair.names)} is for {ions}: its barriers are not used"
            f" for {pair.ion}."
        )
    if pair.file is not None and pair.file.note:
        remarks.append(f"{pair.file.name}: {pair.file.note}")
    return [remark for remark in remarks if remark]


def _doping_remark(side: Material) -> str:
    if None in (
        side.doping,
        side.work_function_eV,
        side.electron_affinity_eV,
        side.band_gap_eV,
        side.dopant_density_m3,
    ):
        return ""
    implied = float(
        free_electrons.work_function_of_doping(
            str(side.doping),
            side.electron_affinity_eV,
            side.band_gap_eV,
            side.dopant_density_m3,
            TEMPERATURE,
        )
    )
    if abs(implied - side.need("work_function_eV")) < DISAGREE_EV:
        return ""
    return (
        f"{side.name}: {_short(side.need('dopant_density_m3'))} {side.doping}-dopants per m3 imply a work function"
        f" of {implied:.2f} eV (free band mass) against {side.work_function_eV:.2f} eV: doping and work"
        " function are of different samples."
    )


def _short(number: float) -> str:
    return f"{number:.1g}".replace("e+", "e")


def _metal_remark(pair: Pair, side: Literal["a", "b"]) -> str:
    electrons = pair.free_electrons(side)
    name = pair.names[0 if side == "a" else 1]
    if electrons is None or not electrons.note or "Band gap [eV]" in read_material(name).values:
        return ""
    return f"{name} counts as a metal, for its free electrons ({electrons.note})."


def _potential_remark(contact: Contact, charge: SpaceCharge) -> str:
    step = contact.built_in_potential_V
    if step is None or abs(step) <= charge.interface_potential_high_V:
        return ""
    return (
        f"V_bi = {step:.2f} V is an upper bound: put into the space-charge law it would give a"
        f" conductivity ratio of 1e{charge.log10_conductivity_ratio_at_built_in_potential:.0f}; measured"
        " interface potentials are tens of millivolts."
    )


def _sign_remark(pair: Pair, contact: Contact) -> str:
    """A system whose step contradicts the work functions of its components."""
    step = contact.built_in_potential_V
    if not potential_acts(pair) or step is None or signed_step(pair) * step >= 0:
        return ""
    return (
        f"The system's step of {signed_step(pair):g} V has the sign opposite to that of the work"
        f" functions ({step:.2f} V); helped and hindered follow the system."
    )


def _depletion_remark(pair: Pair, contact: Contact) -> str:
    widths = [w for w in (contact.depletion_width_a_nm, contact.depletion_width_b_nm) if w]
    grain = pair.values.get("Grain size [m]")
    if not widths or grain is None or max(widths) <= grain.number / NM:
        return ""
    return (
        f"The depletion width of {max(widths):.0f} nm exceeds the grains of"
        f" {grain.number / NM:.0f} nm: they are depleted throughout."
    )
