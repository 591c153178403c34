"""The quantities of results: each name and unit once, with its spelling in tables, files, datasets and figures."""

from dataclasses import dataclass

_OF_FILES = (
    "mA.h.g-1", "A.g-1", "mA", "V", "s", "h", "mV.s-1", "Ohm.cm2", "Ohm", "Hz", "W.h.kg-1", "W.kg-1",
    "m2.s-1", "m", "%", "Ohm.g", "V.m-1", "mol.m-3",
)  # fmt: skip
"""Units that a column of a file can name."""

_TOGETHER = {"mA.h": "mAh", "W.h": "Wh"}
_SUPERSCRIPTS = str.maketrans("23", "²³")


@dataclass(frozen=True)
class Quantity:
    """A quantity of a result and its unit, with one spelling for each place where it stands.

    name : in words, such as "extraction capacity"
    unit : as PyBaMM writes it, "1" for a pure number, empty for a text
    """

    name: str
    unit: str = "1"

    def __str__(self) -> str:
        return self.column

    @property
    def column(self) -> str:
        """Name of a column of a pandas table: "extraction capacity [mA.h.g-1]"; a pure number has no bracket."""
        return self.name if self.unit in ("", "1") else f"{self.name} [{self.unit}]"

    @property
    def variable(self) -> str:
        """Name of a variable of an xarray dataset, which keeps the unit as an attribute: "extraction_capacity"."""
        return "_".join(self.name.replace(",", "").replace("-", " ").split())

    @property
    def key(self) -> str:
        """Name in a file (CSV, JSON, store of a sweep): "extraction_capacity_mAh_per_g"."""
        return "_".join(filter(None, (self.variable, _in_a_name(self.unit))))

    @property
    def attributes(self) -> dict[str, str]:
        """Attributes of the variable in an xarray dataset."""
        return {"units": self.unit} if self.unit else {}

    def label(self, text: str = "", per: str = "") -> str:
        """On an axis: "Extraction capacity [mAh/g]".

        text : in place of the name
        per : the mass that the unit counts by, such as "g of KPB", in place of the plain g or kg
        """
        unit = self.axis_unit
        if per:
            unit = f"{unit.partition('/')[0]}/{per}"
        return f"{text or self.name[0].upper() + self.name[1:]} [{unit or '-'}]"

    @property
    def axis_unit(self) -> str:
        """Unit on an axis: "mAh/g", nothing for a pure number."""
        over, under = _fraction(self.unit)
        unit = "/".join([" ".join(over), *under]).translate(_SUPERSCRIPTS)
        return "" if unit == "1" else unit


def of_column(column: str) -> Quantity:
    """The quantity of a column of a table, "name [unit]"; a pure number has no bracket."""
    name, _, unit = column.partition(" [")
    return Quantity(name, unit.removesuffix("]") or "1")


def of_key(key: str) -> Quantity:
    """The quantity of a column of a file, "name_unit"; a pure number where it ends with no known unit."""
    for ending, unit in _ENDINGS:
        if key.endswith(ending):
            return Quantity(_words(key.removesuffix(ending)), unit)
    return Quantity(_words(key))


def _words(variable: str) -> str:
    """The name that a variable was made of."""
    return variable.replace("_", " ").replace("built in", "built-in")


def _fraction(unit: str) -> tuple[list[str], list[str]]:
    """The factors over and under the line of a unit: "mA.h.g-1" is (["mAh"], ["g"])."""
    for apart, together in _TOGETHER.items():
        unit = unit.replace(apart, together)
    over, under = [], []
    for factor in unit.split("."):
        base, minus, power = factor.partition("-")
        if minus:
            under.append(base if power == "1" else base + power)
        else:
            over.append(base)
    return over, under


def _in_a_name(unit: str) -> str:
    """A unit as the ending of a name: "mAh_per_g", "percent", nothing for a pure number."""
    if unit in ("", "1", "%"):
        return "percent" if unit == "%" else ""
    over, under = _fraction(unit)
    return "_per_".join(["_".join(over), *under])


_ENDINGS = sorted(
    ((f"_{_in_a_name(unit)}", unit) for unit in _OF_FILES), key=lambda pair: -len(pair[0])
)
"""The longest first: "_mV_per_s" before "_s"."""


# --- the table ------------------------------------------------------------------------------------

SYSTEM = Quantity("system", "")
OUTCOME = Quantity("outcome", "")
REASON = Quantity("reason", "")
CHARGE_BALANCE = Quantity("charge balance")

TIME = Quantity("time", "s")
DURATION = Quantity("duration", "s")
VOLTAGE = Quantity("voltage", "V")
POTENTIAL = Quantity("potential", "V")
CURRENT = Quantity("current", "A.g-1")
WHOLE_CURRENT = Quantity("current", "mA")
STEP = Quantity("step")
KIND = Quantity("kind", "")
START = Quantity("start", "s")
CHARGE = Quantity("charge", "mA.h.g-1")
FINAL_VOLTAGE = Quantity("final voltage", "V")
FINAL_CURRENT = Quantity("final current", "A.g-1")
TIME_USED = Quantity("time used", "s")

CAPACITY = Quantity("capacity", "mA.h.g-1")
EXTRACTION_CAPACITY = Quantity("extraction capacity", "mA.h.g-1")
INSERTION_CAPACITY = Quantity("insertion capacity", "mA.h.g-1")
CAPACITY_IN_FILM = Quantity("capacity in film", "mA.h.g-1")
POLARISATION = Quantity("polarisation", "V")
ENERGY = Quantity("energy", "W.h.kg-1")
MEAN_POWER = Quantity("mean power", "W.kg-1")
MEASURED = Quantity("measured", "mA.h.g-1")
ERROR = Quantity("error", "%")

SCAN_RATE = Quantity("scan rate", "mV.s-1")
SWEEP = Quantity("sweep", "")
BRANCH = Quantity("branch")
CYCLES = Quantity("cycles")
CLOSURE = Quantity("closure")

FILLING = Quantity("filling")
SPECTRUM = Quantity("spectrum")
AREA = Quantity("area", "cm2")
FREQUENCY = Quantity("frequency", "Hz")
REAL = Quantity("real", "Ohm.cm2")
IMAGINARY = Quantity("imaginary", "Ohm.cm2")
REAL_OF_CELL = Quantity("real", "Ohm")
IMAGINARY_OF_CELL = Quantity("imaginary", "Ohm")

DIFFUSIVITY = Quantity("diffusivity", "m2.s-1")
DIFFUSIVITY_FROM_STEPS = Quantity("diffusivity from steps", "m2.s-1")
RESISTANCE = Quantity("resistance", "Ohm.g")

STAGE = Quantity("stage", "")
CYCLE = Quantity("cycle")
RETENTION = Quantity("retention")
COULOMBIC_EFFICIENCY = Quantity("coulombic efficiency")
ENERGY_EFFICIENCY = Quantity("energy efficiency")
INSERTION_VOLTAGE = Quantity("insertion voltage", "V")
EXTRACTION_VOLTAGE = Quantity("extraction voltage", "V")
ACTIVE_MATERIAL = Quantity("active material left")

OCCUPANCY = Quantity("occupancy")
OCCUPANCY_OF_A = Quantity("occupancy of host A")
OCCUPANCY_OF_B = Quantity("occupancy of host B")
MEAN_OCCUPANCY = Quantity("mean occupancy")
MEAN_OCCUPANCY_OF_A = Quantity("mean occupancy of host A")
MEAN_OCCUPANCY_OF_B = Quantity("mean occupancy of host B")
SURFACE_OCCUPANCY = Quantity("surface occupancy")
ELECTROCHEMICAL_POTENTIAL = Quantity("electrochemical potential", "V")
BUILT_IN_POTENTIAL = Quantity("built-in potential", "V")
BUILT_IN_FIELD = Quantity("built-in field", "V.m-1")
HYSTERESIS_STATE = Quantity("hysteresis state")
HYSTERESIS_STATE_OF_A = Quantity("hysteresis state of host A")
HYSTERESIS_STATE_OF_B = Quantity("hysteresis state of host B")
CONDUCTIVITY_RATIO = Quantity("conductivity ratio of junction layers")
JUNCTION_SHARE = Quantity("share of ions stored at junctions")
ELECTROLYTE_CONCENTRATION = Quantity("electrolyte concentration", "mol.m-3")
RADIUS = Quantity("radius over particle radius")
VOLUME_SHARE = Quantity("volume share")
CLASS_RADIUS = Quantity("particle radius", "m")
CLASS_SHARE = Quantity("share of slow capacity")
PLACE = Quantity("place in the electrode", "m")
PLACE_IN_ELECTROLYTE = Quantity("place in the electrolyte", "m")
