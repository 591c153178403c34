"""A solid electrolyte with a filler: heterogeneous doping, and what it would take to explain a printed conductivity.

    sigma = (1 - f - f_L) sigma_h(T) + beta f_L rho sigma_h(T)          laws.mixing.composite_conductivity
    rho = 1 + (2 lambda / w)(e^{v/2} - 1),   v = F phi / RT             laws.junction_channel.dilute_ratio

f volume share of the filler, f_L that of layers of width w on its sheets, beta the share of them that runs along the
current, sigma_h conductivity of the host, lambda Debye length, phi potential at the sheets. Two layers are asked:
*generous*, 3 nm wide and two Debye lengths, all connected, in favour of the space charge; and *screened*, as wide but
with the Debye length of the salt, which at 1 mol/L in a polymer is below 0.1 nm. A potential of up to 0.1 V is
plausible: those that were measured are 17 to 63 mV.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from hetsim.errors import ParameterError
from hetsim.laws.hopping import arrhenius_factor
from hetsim.laws.junction_channel import dilute_ratio
from hetsim.laws.mixing import (
    PLATES,
    coating_fraction,
    composite_conductivity,
    layer_conductivity_needed,
)
from hetsim.laws.percolation import sheet_threshold
from hetsim.laws.space_charge import enrichment_exponent, potential_for_ratio
from hetsim.solid_electrolytes.facts import Facts, Point, facts_of
from hetsim.solid_electrolytes.hosts import AMORPHOUS, ElectrolyteHost, host_of, hosts

PLAUSIBLE = 0.1
"""Largest potential that counts as plausible [V]."""
SHEET, LAYER = 1e-9, 3e-9
"""Thickness of a sheet, width of the layer on each of its faces [m]: in favour of the space charge."""
ASPECT_RATIO = 500.0
"""Diameter over thickness of a sheet, where none is printed: half a micrometre."""
ASSUMED_WEIGHT_PERCENT = 10.0
"""Where no filler share is printed: the largest printed one."""
FILLER_DENSITIES = {
    "MXene": 3700.0,
    "graphene oxide": 2000.0,
    "graphene": 2200.0,
    "vermiculite": 2500.0,
    "MOF": 1500.0,
    "C3N4": 2300.0,
    "lepidolite": 2800.0,
    "boron nitride": 2200.0,
    "MnO2": 5000.0,
}
"""[kg.m-3], of the bulk minerals; MXene as in the file of Ti3C2Tx."""
TEMPERATURE_LIMITS = (220.0, 500.0)
"""[K]"""
_POLYMER, _CERAMIC = "polymer with filler", "ceramic with filler"
_NEAR = 5.0
"""How far from its temperature a lone point serves [K]."""


@dataclass(frozen=True)
class Need:
    """The potentials [V] that layers would need for one printed conductivity; 0 where none is needed.

    of_host : against the host as printed; of_amorphous : against amorphous PEO, None where the host is no PEO
    screened : of_amorphous (or of_host) with the Debye length of the salt in place of half the layer
    """

    point: Point
    of_host: float
    of_amorphous: float | None
    screened: float

    @property
    def least(self) -> float:
        return self.of_host if self.of_amorphous is None else min(self.of_host, self.of_amorphous)


@dataclass(frozen=True)
class SolidElectrolyte:
    """A solid electrolyte of the library, with the model of its interfaces.

    Parameters
    ----------
    facts : Facts
        What is printed of it
    """

    facts: Facts

    @property
    def name(self) -> str:
        return self.facts.system

    @property
    def has_layers(self) -> bool:
        """Whether it is a polymer with a filler that is mixed into it."""
        return self.facts.kind == _POLYMER

    @cached_property
    def host(self) -> ElectrolyteHost | None:
        """The host without a filler; None where its conductivity is not known."""
        return host_of(self.facts.host)

    @property
    def volume_share(self) -> float:
        """Of the filler [-], of the printed weight share or the assumed one; 0 without a filler."""
        if not self.has_layers:
            return 0.0
        weight = self.facts.filler_weight_percent or ASSUMED_WEIGHT_PERCENT
        density = next(one for key, one in FILLER_DENSITIES.items() if key in self.facts.filler)
        host = self.host.density if self.host else hosts()[AMORPHOUS].density
        filler, rest = weight / density, (100 - weight) / host
        return filler / (filler + rest)

    @property
    def layer_share(self) -> float:
        """Volume share of the layers [-]."""
        return float(coating_fraction(self.volume_share, SHEET, LAYER, PLATES))

    @property
    def layers_percolate(self) -> bool:
        """Whether sheets with their layers are connected throughout, if they are spread at random."""
        return self.volume_share + self.layer_share > sheet_threshold(ASPECT_RATIO)

    def conductivity(
        self,
        temperature: float,
        potential: float = 0.0,
        *,
        amorphous: bool = False,
        debye_length: float | None = None,
    ) -> float:
        """Modelled conductivity [S.m-1].

        Parameters
        ----------
        temperature : float
            [K]
        potential : float, default 0.0
            Of the layers, positive where lithium ions gather [V]
        amorphous : bool, default False
            Whether the filler keeps the polymer from crystallising
        debye_length : float | None, default None
            [m]; half of the layer if left out

        Returns
        -------
        float

        Raises
        ------
        ParameterError
            For a temperature or potential outside its limits, or a host whose conductivity is not known.
        """
        _check(temperature, potential)
        host = self._host(amorphous)
        sigma = host.conductivity(temperature)
        if not self.has_layers:
            return sigma
        exponent = enrichment_exponent(potential, temperature)
        ratio = dilute_ratio(exponent, debye_length or LAYER / 2, LAYER)
        return float(
            composite_conductivity(
                self.volume_share, sigma, ratio * sigma, SHEET, LAYER, PLATES, share_along=1.0
            )
        )

    def _host(self, amorphous: bool) -> ElectrolyteHost:
        if self.host is None:
            raise ParameterError(
                f"The conductivity of {self.facts.host} without a filler is not printed, so that of {self.name} cannot "
                "be modelled."
            )
        if amorphous and self.host.law == "melts":
            return hosts()[AMORPHOUS]
        return self.host

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What layers would need for each printed conductivity that is not in doubt."""
        if not self.has_layers or self.host is None:
            return ()
        found = []
        for point in self.facts.conductivities:
            if point.used and point.temperature is not None:
                found.append(self._need(point, point.temperature))
        return tuple(found)

    def _need(self, point: Point, temperature: float) -> Need:
        host = self._host(False)
        other = self._host(True)
        of_host = self._potential(point.value, host, temperature, LAYER / 2)
        screened = self._potential(point.value, other, temperature, other.debye_length(temperature))
        if other is host:
            return Need(point, of_host, None, screened)
        return Need(
            point, of_host, self._potential(point.value, other, temperature, LAYER / 2), screened
        )

    def _potential(
        self, sigma: float, host: ElectrolyteHost, temperature: float, debye: float
    ) -> float:
        own = host.conductivity(temperature)
        layer = layer_conductivity_needed(
            sigma, self.volume_share, own, SHEET, LAYER, PLATES, share_along=1.0
        )
        if layer <= own:
            return 0.0
        return float(potential_for_ratio(layer / own, temperature, layer=LAYER / debye))

    @cached_property
    def verdict(self) -> str:
        """Whether a plausible potential explains it: one of the words of VERDICTS."""
        if not self.facts.filler:
            return "one phase"
        if self.facts.kind not in (_POLYMER, _CERAMIC):
            return "no interface in the bulk"
        if not self.facts.conductivities:
            return "nothing printed"
        if self.host is None:
            return "host not printed"
        if all(one.least == 0 for one in self.needs):
            return "polymer alone"
        if all(one.of_host <= PLAUSIBLE for one in self.needs):
            return "explained"
        if all(one.least <= PLAUSIBLE for one in self.needs):
            return "if amorphous"
        return "not explained"

    @cached_property
    def reason(self) -> str:
        """The verdict as a sentence, with its numbers."""
        words = VERDICTS[self.verdict]
        told = words[0].upper() + words[1:]
        if self.needs:
            worst = max(self.needs, key=lambda one: one.least)
            numbers = [f"{1e3 * worst.of_host:.0f} mV against the host as printed"]
            if worst.of_amorphous is not None:
                numbers.append(f"{1e3 * worst.of_amorphous:.0f} against amorphous PEO")
            numbers.append(f"{1e3 * worst.screened:.0f} with the Debye length of its salt")
            share = f"{100 * self.volume_share:.1f} vol% of sheets"
            if self.facts.filler_weight_percent is None:
                share += " (assumed)"
            return f"{told}: {', '.join(numbers)}; {share}."
        return f"{told}."

    def printed_conductivity(self, temperature: float) -> float:
        """From the printed points that are not in doubt, along Arrhenius' law between and beyond them [S.m-1].

        Of one point the activation energy is the printed one, else that of the amorphous polymer or of its host.
        Raises ParameterError where none is printed, or one alone too far away and nothing is known of its host.
        """
        points = sorted(
            (one.temperature, one.value)
            for one in self.facts.conductivities
            if one.used and one.temperature is not None
        )
        if not points:
            raise ParameterError(f"No conductivity of {self.name} is printed.")
        if len({at for at, _ in points}) > 1:
            inverse = [1 / at for at, _ in points]
            logarithms = [np.log(value) for _, value in points]
            near = np.argsort(np.abs(np.array(inverse) - 1 / temperature))[:2]
            x, y = np.array(inverse)[near], np.array(logarithms)[near]
            slope = (y[1] - y[0]) / (x[1] - x[0])
            return float(np.exp(y[0] + slope * (1 / temperature - x[0])))
        at, value = points[-1]
        if self.facts.activation_energy is not None:
            return float(value * arrhenius_factor(self.facts.activation_energy, temperature, at))
        if self.host is None and abs(temperature - at) > _NEAR:
            raise ParameterError(
                f"{self.name} is printed at {at:g} K only, and nothing says how it conducts at {temperature:g} K."
            )
        host = self._host(True) if self.host else hosts()[AMORPHOUS]
        return value * host.conductivity(temperature) / host.conductivity(at)


VERDICTS = {
    "polymer alone": "nothing for a layer to explain: molten or amorphous, the polymer alone conducts as well",
    "explained": "a plausible potential explains it against the host as printed",
    "if amorphous": "a plausible potential explains it if the filler made the polymer amorphous",
    "not explained": "no plausible potential explains it",
    "host not printed": "cannot be judged, for the conductivity of its host is not printed",
    "nothing printed": "nothing to explain: no conductivity is printed",
    "no interface in the bulk": "the second phase coats the electrolyte and is no path through it",
    "one phase": "one phase: no interface that could conduct",
}
"""The verdicts on a solid electrolyte, each with its sentence."""


def solid_electrolyte(name: str) -> SolidElectrolyte:
    """A solid electrolyte of the library, with the model of its interfaces.

    Parameters
    ----------
    name : str
        Such as "peo-vs-disordered"; `hetsim electrolyte --list` shows all

    Returns
    -------
    SolidElectrolyte

    Raises
    ------
    ParameterError
        For an unknown name; the message names the nearest ones.
    """
    return SolidElectrolyte(facts_of(name))


def _check(temperature: float, potential: float) -> None:
    low, high = TEMPERATURE_LIMITS
    if not low <= temperature <= high:
        raise ParameterError(
            f"A solid electrolyte at {temperature:g} K: its temperature must be between {low:g} and {high:g} K."
        )
    if not -1 <= potential <= 1:
        raise ParameterError(
            f"A potential of {potential:g} V at the sheets: it must be between -1 and 1 V."
        )


def temperatures(electrolyte: SolidElectrolyte, count: int = 41) -> Sequence[float]:
    """For a curve: around the printed points, 20 to 100 degC otherwise [K]."""
    printed = [one.temperature for one in electrolyte.facts.conductivities if one.temperature]
    low, high = min([293.15, *printed]), max([373.15, *printed])
    return [float(one) for one in np.linspace(low, high, count)]
