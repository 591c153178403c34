"""Every PyBaMM name that hetsim uses, spelled once. hetsim's own names are those of `hetsim.parameters.schema`.

PyBaMM calls the working electrode of a half cell "positive" and inserting into it "discharge". The
names here are those of the positive electrode; `Electrode` gives them for either.
"""

from dataclasses import dataclass
from functools import cache

# parameters of PyBaMM
CURRENT = "Current function [A]"
VOLTAGE_FUNCTION = "Voltage function [V]"
NOMINAL_CAPACITY = "Nominal cell capacity [A.h]"
C_MAX = "Maximum concentration in positive electrode [mol.m-3]"
C_INIT = "Initial concentration in positive electrode [mol.m-3]"
RADIUS = "Positive particle radius [m]"
DIFFUSIVITY = "Positive particle diffusivity [m2.s-1]"
OCP = "Positive electrode OCP [V]"
INSERTION_OCP = "Positive electrode lithiation OCP [V]"
EXTRACTION_OCP = "Positive electrode delithiation OCP [V]"
LOWER_CUT_OFF = "Lower voltage cut-off [V]"
UPPER_CUT_OFF = "Upper voltage cut-off [V]"
AMBIENT_TEMPERATURE = "Ambient temperature [K]"
REFERENCE_TEMPERATURE = "Reference temperature [K]"

# domains of PyBaMM
PARTICLE = "positive particle"
ELECTRODE = "positive electrode"
COLLECTOR = "current collector"

# keys of PyBaMM's submodels and spatial variables
PARTICLE_SUBMODEL = "positive primary particle"
OCP_SUBMODEL = "positive primary open-circuit potential"
MATERIAL_SUBMODEL = "positive primary active material"
SALT_SUBMODEL = "electrolyte diffusion"
PARTICLE_COORDINATE = "r_p"

# variables of PyBaMM
VOLTAGE = "Voltage [V]"
CURRENT_NOW = "Current [A]"
CURRENT_VARIABLE = "Current variable [A]"  # of a voltage-driven model
CHARGE_PASSED = "Discharge capacity [A.h]"
TOTAL_CURRENT_DENSITY = "Total current density [A.m-2]"
INVENTORY = "Total lithium in primary phase in positive electrode [mol]"
ACTIVE_FRACTION = "X-averaged positive electrode active material volume fraction"
LOST_WITH_MATERIAL = "Loss of lithium due to loss of active material in positive electrode [mol]"
LOCAL_ACTIVE_FRACTION = "Positive electrode active material volume fraction"
FILM = "Positive SEI concentration [mol.m-3]"
LOST_TO_FILM = "Loss of lithium to positive SEI [mol]"
FILM_THICKNESS = "X-averaged positive SEI thickness [m]"
SALT = "Porosity times concentration [mol.m-3]"
PARTICLE_CONCENTRATION = "Positive particle concentration [mol.m-3]"
PARTICLE_RADIUS = "Positive particle radial position over radius"  # r/R; hetsim's own
SURFACE_CONCENTRATION = "Positive particle surface concentration [mol.m-3]"
SURFACE_OCCUPANCY = "Positive particle surface stoichiometry"
MEAN_OCCUPANCY = "Positive electrode stoichiometry"
SURFACE_POTENTIAL_DIFFERENCE = "X-averaged positive electrode surface potential difference [V]"
LOCAL_POTENTIAL_DIFFERENCE = "Positive electrode surface potential difference [V]"
LAYER_CHARGE = (
    "Positive electrode double-layer charge over its capacity as made [V]"  # hetsim's own
)
INTERFACIAL_CURRENT = "Positive electrode interfacial current density [A.m-2]"
TEMPERATURE = "Positive electrode temperature [K]"
MINIMUM_VOLTAGE_EVENT = "event: Minimum voltage [V]"
MAXIMUM_VOLTAGE_EVENT = "event: Maximum voltage [V]"

# hetsim's own parameters that enter the submodels
BUILT_IN_POTENTIAL = "Built-in potential [V]"
CORE_DEBYE_LENGTH = "Core Debye length [m]"
SHELL_DEBYE_LENGTH = "Shell Debye length [m]"
CORE_FRACTION = "Core radius fraction"
PERMITTIVITY_RATIO = "Core to shell permittivity ratio"
CHARGE_NUMBER = "Charge number"
ANION_CHARGE_NUMBER = "Anion charge number"
FAST_FRACTION = "Fast fraction"
TIME_SPREAD = "Diffusion time spread"
EMPTY_POTENTIAL = "Empty electrode potential [V]"
FULL_POTENTIAL = "Full electrode potential [V]"
OCP_EXPONENT = "Open-circuit exponent"
FADING = "Field fading"
INTERFACIAL_CAPACITY = "Interfacial capacity [F.m-2]"
INTERFACIAL_TIME = "Interfacial charging time [s]"
SERIES_RESISTANCE = "Series resistance [Ohm.cm2]"
DOUBLE_LAYER = "Double-layer capacity [F.m-2]"
CROSSING = "Hysteresis crossing share"
MATERIAL_LOSS = "Active material loss per full cycle"
MATERIAL_LOSS_WITH_FILM = "Active material lost with SEI [m3.mol-1]"
SOLVENT_DIFFUSIVITY = "SEI solvent diffusivity [m2.s-1]"

# of a full cell
N_TO_P = "N/P ratio"
PRE_POTASSIATION = "Pre-potassiation"
POSITIVE_FILLING = "Positive filling as assembled"
FIRST_LOSS = "First-cycle loss"
LOADING = "Active mass loading [mg.cm-2]"
THICKNESS = "Electrode thickness [m]"
SPECIFIC_CAPACITY = "Specific capacity [mA.h.g-1]"

# of an electrode
AREA = "Electrode area [cm2]"
DENSITY = "Active material density [kg.m-3]"
PARTICLE_SIZE = "Particle radius [m]"

# hetsim's own variables
ACCOUNTED = "Ions taken up by the positive electrode since they were put in [mol]"
OPEN_CIRCUIT_POTENTIAL = "Positive electrode open-circuit potential [V]"
INITIAL_OCCUPANCY = "Initial surface occupancy"
INITIAL_AMPLITUDE = "Initial field amplitude"
INITIAL_POTENTIAL = "Initial electrode potential [V]"
INITIAL_HYSTERESIS = "Initial hysteresis state"
HYSTERESIS_YIELD = "Hysteresis yield"
HYSTERESIS_STATE = "Positive electrode hysteresis state"
DRIVE_LEVEL = "Drive level"
DRIVE_SLOPE = "Drive slope [s-1]"
DRIVE_START = "Drive start [s]"
CURRENT_LIMIT = "Current limit [A]"
CURRENT_LIMIT_EVENT = f"event: {CURRENT_LIMIT}"
FIELD_AMPLITUDE = "Positive particle field amplitude"
UNIFORM_TERM = "Positive electrode uniform potential of the field [V]"
ION_POTENTIAL = (
    "Positive particle surface electrochemical potential [V]"  # as an electrode potential
)
MEAN_ION_POTENTIAL = "Positive particle mean electrochemical potential [V]"
MEAN_OF_SITES = "Positive particle mean occupancy of all sites"
LOG_DIFFUSIVITY = "Positive particle logarithm of the diffusivity"
CONDUCTIVITY_RATIO = "Positive particle interface conductivity ratio"
STORED_OCCUPANCY = "Positive particle junction storage per site"

# profiles over the radius of a particle (submodels.profiles), each of one size class or of the only one
OCCUPANCY = "Positive particle occupancy"
PROFILE_POTENTIAL = "Positive particle built-in potential [V]"
PROFILE_FIELD = "Positive particle built-in field [V.m-1]"
ELECTROCHEMICAL_POTENTIAL = "Positive particle electrochemical potential [V]"
MEDIAN_RADIUS = "Positive particle radius [m]"
CLASS_SHARE = "Positive particle share of slow capacity"
VOLUME_SHARE = "Positive particle volume share"
JUNCTION_SHARE = "Positive particle share of ions stored at junctions"

# parts of the voltage, before "of the working electrode" and the like
OF_EQUILIBRIUM = "open-circuit potential"
OF_PARTICLES = "concentration overpotential in the particles"
OF_REACTION = "reaction overpotential"
OF_FILM = "film overpotential"
OF_SOLID = "ohmic losses"
OF_DIFFUSION = "concentration overpotential in the electrolyte"
OF_ELECTROLYTE = "ohmic losses in the electrolyte"
OF_CONTACT = "ohmic losses in the contact"

SHARED = frozenset(
    {
        AMBIENT_TEMPERATURE,
        REFERENCE_TEMPERATURE,
        CHARGE_NUMBER,
        LOWER_CUT_OFF,
        UPPER_CUT_OFF,
        AREA,
        "Separator thickness [m]",
        "Separator porosity",
        "Separator Bruggeman coefficient",
        SERIES_RESISTANCE,
    }
)
"""Parameters of a system that a full cell has once; those of the electrolyte are shared too."""


@dataclass(frozen=True)
class Electrode:
    """One electrode of a cell: what PyBaMM and hetsim call its quantities.

    domain : PyBaMM's, "positive" or "negative"; the working electrode of a half cell is "positive"
    prefix : what stands before hetsim's own parameters of it, nothing in a half cell
    """

    domain: str = "positive"
    prefix: str = ""

    @property
    def inserts_on_discharge(self) -> int:
        """1 if a positive current of PyBaMM's puts ions into it, -1 if it takes them out."""
        return 1 if self.domain == "positive" else -1

    def named(self, name: str) -> str:
        """PyBaMM's name of the same quantity, domain or submodel in this electrode."""
        if self.domain == "positive":
            return name
        if name == PARTICLE_COORDINATE:
            return "r_n"
        return name.replace("Positive", "Negative").replace("positive", "negative")

    def own(self, name: str) -> str:
        """hetsim's parameter of this electrode; what the cell has once keeps its name."""
        return name if name in SHARED else self.prefix + name


WORKING = Electrode()
"""The working electrode of a half cell."""

NEGATIVE = Electrode("negative", "Negative: ")
POSITIVE = Electrode("positive", "Positive: ")
"""The electrodes of a full cell."""


def x_averaged(name: str) -> str:
    """PyBaMM's name of the same variable averaged through the electrode."""
    return f"X-averaged {name[0].lower()}{name[1:]}"


def in_class(name: str, index: int) -> str:
    """Name of a variable of one size class; the quantity comes before the unit."""
    quantity, bracket, unit = name.partition(" [")
    return f"{quantity} in size class {index + 1}{bracket}{unit}"


@cache
def numbered(name: str, index: int) -> str:
    """Name of one number of a list parameter: "Insertion plateau shares (2)"."""
    return f"{name} ({index + 1})"


def unnumbered(name: str) -> str:
    """The list parameter of "Insertion plateau shares (2)"; any other name as it is."""
    stem, bracket, number = name.removesuffix(")").rpartition(" (")
    return stem if bracket and number.isdigit() and name.endswith(")") else name


VOLTAGE_COMPONENT = "Voltage component: "
"""How the names of the parts of the voltage begin; all of a model add up to VOLTAGE."""


def voltage_component(name: str) -> str:
    """hetsim's variable of a part of the voltage: "Voltage component: ohmic losses in the contact [V]"."""
    return f"{VOLTAGE_COMPONENT}{name} [V]"


def surface_occupancy_of(letter: str) -> str:
    """Name of the occupancy of host A or B at the surface of the particles."""
    return f"Positive particle surface occupancy of host {letter}"


def occupancy_of(letter: str) -> str:
    """Name of the occupancy of host A or B along the radius of the particles."""
    return f"Positive particle occupancy of host {letter}"


def mean_occupancy_of(letter: str) -> str:
    """Name of the mean occupancy of host A or B in the particles."""
    return f"Positive particle mean occupancy of host {letter}"


def hysteresis_state_of(letter: str) -> str:
    """Name of the hysteresis state of host A or B, or of the one lumped host, whose letter is empty."""
    return HYSTERESIS_STATE + (f" of host {letter}" if letter else "")


def hysteresis_slip_of(letter: str) -> str:
    """Name of the part of the occupancy of host A or B that its hysteresis has slipped by."""
    return f"Positive electrode hysteresis slip of host {letter}"


def at_level(index: int) -> str:
    """Name of the share of sites at one level of the built-in potential."""
    return f"Positive particle share of sites at field level {index + 1}"
