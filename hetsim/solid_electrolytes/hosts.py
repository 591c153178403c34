"""Hosts of solid electrolytes: conductivity without a filler against temperature, salt and Debye length."""

import csv
from dataclasses import dataclass
from functools import cache

from hetsim.laws.hopping import arrhenius_factor
from hetsim.laws.space_charge import debye_length
from hetsim.laws.vogel import vogel_factor
from hetsim.solid_electrolytes.facts import FOLDER, ZERO_CELSIUS

AMORPHOUS = "amorphous PEO"


@dataclass(frozen=True)
class ElectrolyteHost:
    """A host without its filler.

    sigma : conductivity [S.m-1] at `reference` [K]
    law : "arrhenius", "vogel" (laws.vogel) or "melts": Arrhenius' law up to the melting point, where it meets the
        amorphous polymer, and that above
    salt : [mol.m-3]; permittivity : relative [-]; density : [kg.m-3]
    """

    name: str
    law: str
    sigma: float
    reference: float
    activation_energy: float
    vogel: float
    ideal_glass: float
    melts: float
    salt: float
    permittivity: float
    transference_number: float
    density: float
    source: str

    def conductivity(self, temperature: float) -> float:
        """[S.m-1] at a temperature [K]."""
        if self.law == "vogel":
            factor = vogel_factor(self.vogel, self.ideal_glass, temperature, self.reference)
        elif self.law == "arrhenius":
            factor = arrhenius_factor(self.activation_energy, temperature, self.reference)
        else:
            return self._melting(temperature)
        return float(self.sigma * factor)

    def _melting(self, temperature: float) -> float:
        amorphous = hosts()[AMORPHOUS].conductivity
        if temperature >= self.melts:
            return amorphous(temperature)
        done = (1 / self.reference - 1 / temperature) / (1 / self.reference - 1 / self.melts)
        return float(self.sigma * (amorphous(self.melts) / self.sigma) ** done)

    def debye_length(self, temperature: float) -> float:
        """Of its salt, if that were dissociated and dilute [m]."""
        return float(debye_length(self.salt, temperature, self.permittivity))


@cache
def hosts() -> dict[str, ElectrolyteHost]:
    """The hosts whose conductivity is known, by name."""
    with (FOLDER / "solid_electrolyte_hosts.csv").open(encoding="utf-8", newline="") as lines:
        return {row["host"]: _host(row) for row in csv.DictReader(lines)}


def host_of(name: str) -> ElectrolyteHost | None:
    """The host of an electrolyte: PEO with any lithium salt is one, others are themselves; None is not known."""
    if name.startswith("PEO") and name != "PEO-PVDF":
        return hosts()["PEO"]
    return hosts().get(name)


def _host(row: dict[str, str]) -> ElectrolyteHost:
    def number(key: str) -> float:
        return float(row[key] or 0.0)

    return ElectrolyteHost(
        row["host"],
        row["law"],
        100 * number("conductivity_S_per_cm"),
        number("temperature_C") + ZERO_CELSIUS,
        number("activation_energy_eV"),
        number("vogel_K"),
        number("ideal_glass_K"),
        number("melts_C") + ZERO_CELSIUS,
        number("salt_mol_per_m3"),
        number("relative_permittivity"),
        number("transference_number"),
        1000 * number("density_g_per_cm3"),
        row["source"],
    )
