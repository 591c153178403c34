"""A junction of two materials: what their work functions, gaps and dopings say of the field.

Contact equalises the Fermi level: electrons leave the side of lower work function, which becomes
positive.  What a quantity needs and a material lacks is named (`MissingProperty`), never guessed.

Limits: vacuum alignment (Anderson; Schottky and Mott), so no interface dipoles, surface states or
reaction layers; V_bi is the *whole* step and an upper bound of what an ion feels: ions screen it
within their Debye length, and measured interface potentials are tens of millivolts.
Sources: R. L. Anderson, Solid-State Electron. 5 (1962) 341, doi:10.1016/0038-1101(62)90115-6;
W. Schottky, Z. Phys. 113 (1939) 367; N. F. Mott, Proc. R. Soc. A 171 (1939) 27.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from hetsim.constants import BOLTZMANN_EV, ELEMENTARY_CHARGE, VACUUM_PERMITTIVITY
from hetsim.laws import depletion
from hetsim.laws.mixing import require_positive

WORK_FUNCTIONS_EV = (1.0, 8.0)
"""Work functions of solids lie well inside this range [eV]."""

CONTRADICTION_EV = 0.3
"""By how much a Fermi level may miss the gap before the data contradict each other [eV]: scatter
between a work function and an affinity of different samples, or degenerate doping."""


def built_in_potential(work_function_a: Any, work_function_b: Any) -> Any:
    """V_bi = (W_A - W_B) / e = phi_B - phi_A [V] of two work functions [eV]; numbers, arrays or symbols."""
    return work_function_a - work_function_b


class MissingProperty(ValueError):  # noqa: N818 - a gap in the data, reported as such
    """A quantity of the junction needs a property that the material does not have."""


@dataclass(frozen=True)
class Material:
    """Electronic properties of one side; all but the name optional.

    work_function_eV [eV], electron_affinity_eV [eV], band_gap_eV [eV], doping "n" or "p",
    dopant_density_m3 [m-3] (net, ionised), relative_permittivity [-],
    conduction "metal" or "semiconductor" (a doping type implies the latter).
    Raises ValueError for values that are impossible or contradict each other.
    """

    name: str
    work_function_eV: float | None = None
    electron_affinity_eV: float | None = None
    band_gap_eV: float | None = None
    doping: Literal["n", "p"] | None = None
    dopant_density_m3: float | None = None
    relative_permittivity: float | None = None
    conduction: Literal["metal", "semiconductor"] | None = None

    def __post_init__(self) -> None:
        _check_choices(self)
        _check_numbers(self)
        _check_consistency(self)

    def need(self, field: str) -> Any:
        """The value of a property, or MissingProperty naming it."""
        value = getattr(self, field)
        if value is None:
            raise MissingProperty(f"{self.name} has no {field}.")
        return value

    @property
    def is_metal(self) -> bool:
        """True for a metal; needs `conduction` unless a doping type is given."""
        return self.doping is None and bool(self.need("conduction") == "metal")

    @property
    def kind(self) -> str:
        """What carries the current: metal, n or p."""
        return "metal" if self.is_metal else str(self.need("doping"))

    @property
    def ionisation_energy_eV(self) -> float:
        """Valence band edge below the vacuum [eV]: affinity + gap."""
        return float(self.need("electron_affinity_eV") + self.need("band_gap_eV"))

    def debye_length(self, temperature: float) -> float:
        """Extrinsic Debye length of the majority carrier [m].

        L_D = sqrt(eps_r eps_0 k_B T / (e^2 N)),  k_B T / e [V], N [m-3]
        """
        thermal_voltage = BOLTZMANN_EV * temperature
        permittivity = self.need("relative_permittivity") * VACUUM_PERMITTIVITY
        density = self.need("dopant_density_m3")
        return float(np.sqrt(permittivity * thermal_voltage / (ELEMENTARY_CHARGE * density)))


@dataclass(frozen=True)
class Junction:
    """Contact of A and B at `temperature` [K].

    Every property is one law; it raises MissingProperty where data lack.  `report` collects all.
    """

    a: Material
    b: Material
    temperature: float = 298.15

    def __post_init__(self) -> None:
        require_positive(temperature=self.temperature)

    @property
    def built_in_potential(self) -> float:
        """V_bi = (W_A - W_B) / e [V] = phi_B - phi_A, electrostatic rise from A to B."""
        return float(
            built_in_potential(self.a.need("work_function_eV"), self.b.need("work_function_eV"))
        )

    @property
    def positive_side(self) -> Material | None:
        """The side of lower work function, which loses electrons; None for equal ones."""
        step = self.built_in_potential
        return None if step == 0 else (self.b if step > 0 else self.a)

    @property
    def negative_side(self) -> Material | None:
        """The side of higher work function, which takes electrons up."""
        positive = self.positive_side
        return None if positive is None else (self.a if positive is self.b else self.b)

    @property
    def field_direction(self) -> str:
        """The field points from the positive to the negative side."""
        if self.positive_side is None or self.negative_side is None:
            return "no field: equal work functions"
        return f"{self.positive_side.name} -> {self.negative_side.name}"

    @property
    def cation_pulled_towards(self) -> str:
        """A cation follows the field, to the side of higher work function."""
        negative = self.negative_side
        return "neither: equal work functions" if negative is None else negative.name

    @property
    def type(self) -> str:
        """metal-metal, p-n, n-n, p-p, Schottky n, Schottky p or ohmic.

        Metal on n: Schottky where W_M > W_S (electrons leave the semiconductor), else ohmic;
        metal on p: Schottky where W_M < W_S, else ohmic.
        """
        kinds = {self.a.kind, self.b.kind}
        if kinds == {"metal"}:
            return "metal-metal"
        if "metal" not in kinds:
            return "p-n" if len(kinds) == 2 else f"{self.a.kind}-{self.b.kind}"
        metal, semiconductor = (self.a, self.b) if self.a.is_metal else (self.b, self.a)
        difference = metal.need("work_function_eV") - semiconductor.need("work_function_eV")
        depletes = difference > 0 if semiconductor.kind == "n" else difference < 0
        return f"Schottky {semiconductor.kind}" if depletes else "ohmic"

    @property
    def schottky_barrier(self) -> float:
        """Barrier for the majority carrier from the metal [eV] (Schottky-Mott).

        n: W_M - chi,   p: chi + E_g - W_M.   Negative means no barrier.
        Raises ValueError unless one side is a metal and the other a semiconductor.
        """
        if self.a.is_metal == self.b.is_metal:
            raise ValueError(f"{self.a.name}/{self.b.name} is no metal-semiconductor contact.")
        metal, semiconductor = (self.a, self.b) if self.a.is_metal else (self.b, self.a)
        work_function = metal.need("work_function_eV")
        if semiconductor.kind == "n":
            return float(work_function - semiconductor.need("electron_affinity_eV"))
        return float(semiconductor.ionisation_energy_eV - work_function)

    @property
    def conduction_band_offset(self) -> float:
        """E_c of B above that of A at the junction, chi_A - chi_B [eV] (Anderson)."""
        return float(self.a.need("electron_affinity_eV") - self.b.need("electron_affinity_eV"))

    @property
    def valence_band_offset(self) -> float:
        """E_v of B above that of A, (chi_A + E_g,A) - (chi_B + E_g,B) [eV] (Anderson)."""
        return self.a.ionisation_energy_eV - self.b.ionisation_energy_eV

    @property
    def depletion_widths(self) -> tuple[float, float]:
        """Depletion widths of A and B, abrupt junction [m]; 0 for a metal or an accumulated side.

        A positive n side or a negative p side loses its carriers.  Both: `depletion_widths` of
        that law.  One: the whole V_bi falls on it, an upper bound of its width.
        """
        step = abs(self.built_in_potential)
        depleted = self._depleted_sides()
        if step == 0 or not depleted:
            return 0.0, 0.0
        densities = [m.need("dopant_density_m3") for m in depleted]
        permittivities = [m.need("relative_permittivity") for m in depleted]
        if len(depleted) == 1:
            width = float(depletion.one_sided_width(step, densities[0], permittivities[0]))
            return (width, 0.0) if depleted[0] is self.a else (0.0, width)
        w_a, w_b = depletion.depletion_widths(step, *densities, *permittivities)
        return float(w_a), float(w_b)

    @property
    def maximum_field(self) -> float:
        """Largest field of the abrupt junction [V.m-1], e N w / eps on the side where it is larger.

        Raises ValueError where neither side is depleted.
        """
        fields = [
            ELEMENTARY_CHARGE * m.need("dopant_density_m3") * width
            / (VACUUM_PERMITTIVITY * m.need("relative_permittivity"))
            for m, width in zip((self.a, self.b), self.depletion_widths, strict=True)
            if width > 0
        ]  # fmt: skip
        if not fields:
            raise ValueError(f"{self.a.name}/{self.b.name}: neither side is depleted.")
        return float(max(fields))

    @property
    def debye_lengths(self) -> tuple[float, float]:
        """Extrinsic Debye lengths of A and B [m]."""
        return self.a.debye_length(self.temperature), self.b.debye_length(self.temperature)

    def report(self) -> dict[str, Any]:
        """Every quantity under a name with its unit; where data lack "missing: ..." says which."""
        quantities: dict[str, Callable[[], Any]] = {
            "built_in_potential_V": lambda: self.built_in_potential,
            "positive_side": lambda: self.positive_side.name if self.positive_side else None,
            "junction_type": lambda: self.type,
            "field_direction": lambda: self.field_direction,
            "cation_pulled_towards": lambda: self.cation_pulled_towards,
            "schottky_barrier_eV": lambda: self.schottky_barrier,
            "conduction_band_offset_eV": lambda: self.conduction_band_offset,
            "valence_band_offset_eV": lambda: self.valence_band_offset,
            "depletion_width_a_m": lambda: self.depletion_widths[0],
            "depletion_width_b_m": lambda: self.depletion_widths[1],
            "maximum_field_V_per_m": lambda: self.maximum_field,
            "debye_length_a_m": lambda: self.a.debye_length(self.temperature),
            "debye_length_b_m": lambda: self.b.debye_length(self.temperature),
        }
        return {name: _value_or_reason(quantity) for name, quantity in quantities.items()}

    def _depleted_sides(self) -> list[Material]:
        """The sides that are depleted, in the order A, B."""
        positive = self.positive_side
        return [m for m in (self.a, self.b) if m.kind == ("n" if m is positive else "p")]


def _value_or_reason(quantity: Callable[[], Any]) -> Any:
    try:
        return quantity()
    except MissingProperty as reason:
        return f"missing: {reason}"
    except ValueError as reason:
        return f"not applicable: {reason}"


def _check_choices(m: Material) -> None:
    if m.doping not in (None, "n", "p"):
        raise ValueError(f"{m.name}: doping must be 'n' or 'p', got {m.doping!r}.")
    if m.conduction not in (None, "metal", "semiconductor"):
        raise ValueError(
            f"{m.name}: conduction must be 'metal' or 'semiconductor', got {m.conduction!r}."
        )


def _check_numbers(m: Material) -> None:
    low, high = WORK_FUNCTIONS_EV
    if m.work_function_eV is not None and not low <= m.work_function_eV <= high:
        raise ValueError(
            f"{m.name}: work_function_eV must lie within {low:g} to {high:g} eV,"
            f" got {m.work_function_eV!r}: probably another unit."
        )
    if m.band_gap_eV is not None and not (np.isfinite(m.band_gap_eV) and m.band_gap_eV >= 0):
        raise ValueError(f"{m.name}: band_gap_eV must not be negative, got {m.band_gap_eV!r}.")
    for field in ("dopant_density_m3", "relative_permittivity"):
        if getattr(m, field) is not None:
            require_positive(**{f"{m.name}: {field}": getattr(m, field)})
    if m.electron_affinity_eV is not None and not -1.5 <= m.electron_affinity_eV <= high:
        raise ValueError(
            f"{m.name}: electron_affinity_eV must lie within -1.5 to {high:g} eV,"
            f" got {m.electron_affinity_eV!r}: probably another unit."
        )


def _check_consistency(m: Material) -> None:
    if m.conduction == "metal" and (m.doping is not None or (m.band_gap_eV or 0) > 0):
        raise ValueError(f"{m.name}: a metal has neither doping type nor band gap; leave them out.")
    if m.work_function_eV is None or m.electron_affinity_eV is None or m.conduction == "metal":
        return
    below_conduction_band = m.work_function_eV - m.electron_affinity_eV
    if below_conduction_band < -CONTRADICTION_EV:
        raise ValueError(
            f"{m.name}: work_function_eV {m.work_function_eV!r} and electron_affinity_eV"
            f" {m.electron_affinity_eV!r} contradict each other: the Fermi level would lie"
            f" {-below_conduction_band:.2f} eV above the conduction band."
        )
    if m.band_gap_eV is not None and below_conduction_band > m.band_gap_eV + CONTRADICTION_EV:
        raise ValueError(
            f"{m.name}: work_function_eV {m.work_function_eV!r}, electron_affinity_eV"
            f" {m.electron_affinity_eV!r} and band_gap_eV {m.band_gap_eV!r} contradict each other:"
            f" the Fermi level would lie {below_conduction_band - m.band_gap_eV:.2f} eV below the"
            " valence band."
        )
