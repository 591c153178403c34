"""Every PyBaMM name that hetsim uses, spelled once. hetsim's own names are those of `hetsim.schema`.

PyBaMM calls the working electrode of a half cell "positive" and inserting into it "discharge".
"""

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
PARTICLE_COORDINATE = "r_p"

# variables of PyBaMM
VOLTAGE = "Voltage [V]"
CURRENT_NOW = "Current [A]"
CHARGE_PASSED = "Discharge capacity [A.h]"
TOTAL_CURRENT_DENSITY = "Total current density [A.m-2]"
INVENTORY = "Total lithium in primary phase in positive electrode [mol]"
PARTICLE_CONCENTRATION = "Positive particle concentration [mol.m-3]"
SURFACE_CONCENTRATION = "Positive particle surface concentration [mol.m-3]"
SURFACE_OCCUPANCY = "Positive particle surface stoichiometry"
MEAN_OCCUPANCY = "Positive electrode stoichiometry"
SURFACE_POTENTIAL_DIFFERENCE = "X-averaged positive electrode surface potential difference [V]"
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
FAST_FRACTION = "Fast fraction"
TIME_SPREAD = "Diffusion time spread"
FADING = "Field fading"
INTERFACIAL_CAPACITY = "Interfacial capacity [F.m-2]"
INTERFACIAL_TIME = "Interfacial charging time [s]"
DOUBLE_LAYER = "Double-layer capacity [F.m-2]"

# hetsim's own variables
RELAXED_POTENTIAL = "Positive electrode relaxed open-circuit potential [V]"
INITIAL_AMPLITUDE = "Initial field amplitude"
BRANCH_SWITCH = "Branch switch [m2.A-1]"
DRIVE_LEVEL = "Drive level"
DRIVE_SLOPE = "Drive slope [s-1]"
DRIVE_START = "Drive start [s]"
FIELD_AMPLITUDE = "Positive particle field amplitude"
UNIFORM_TERM = "Positive electrode uniform potential of the field [V]"
STORED_OCCUPANCY = "Positive particle junction storage per site"


def x_averaged(name: str) -> str:
    """PyBaMM's name of the same variable averaged through the electrode."""
    return f"X-averaged {name[0].lower()}{name[1:]}"


def in_class(name: str, index: int) -> str:
    """Name of a variable of one size class; the quantity comes before the unit."""
    quantity, bracket, unit = name.partition(" [")
    return f"{quantity} in size class {index + 1}{bracket}{unit}"


def at_level(index: int) -> str:
    """Name of the share of sites at one level of the built-in potential."""
    return f"Positive particle share of sites at field level {index + 1}"
