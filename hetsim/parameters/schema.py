"""What may stand in a parameter file: every name with its unit, its limits and its place.

The limits are those of plausibility, wide enough for any real cell and narrow enough to catch a
wrong unit. The names are the ones used in files, in `cell.with_values`, in sweeps and in results.
"""

from dataclasses import dataclass

from hetsim import names

KINDS = {
    "measured": "Say which paper and figure it was read from.",
    "computed": "Say which calculation (DFT) gave it.",
    "derived": "Name the law and the values it follows from.",
    "fitted": "Name the data it was fitted to.",
    "assumed": "Say why it is assumed and why this value.",
}
"""Kinds of a number, each with what its source must say."""


IONS = {"Li": 1, "Na": 1, "K": 1, "NH4": 1, "Mg": 2, "Ca": 2, "Zn": 2, "Al": 3}
"""Charge numbers of the inserted cations [-]."""


@dataclass(frozen=True)
class ParameterInfo:
    """One name of the parameter files."""

    name: str
    home: str  # "system", "electrolyte", "material", "ion", "component", "fact" or "cell"
    low: float
    high: float
    text: str
    is_list: bool = False
    always: bool = True  # False: only where the architecture needs it (hetsim.architectures)
    default: float | None = None  # of what a file need not give

    @property
    def required(self) -> bool:
        """Whether every system must give it, whatever its architecture."""
        return self.always and self.default is None and self.home in ("system", "electrolyte")


def _system(
    name: str,
    low: float,
    high: float,
    text: str,
    always: bool = True,
    is_list: bool = False,
    default: float | None = None,
) -> ParameterInfo:
    return ParameterInfo(name, "system", low, high, text, is_list, always, default)


_SYSTEM = [
    _system("Active mass loading [mg.cm-2]", 0.05, 50, "active material per electrode area"),
    _system("Electrode area [cm2]", 0.01, 1e4, "geometric area of the electrode"),
    _system("Electrode thickness [m]", 1e-7, 1e-3, "coating without the current collector"),
    _system("Electrode porosity", 0.05, 0.98, "volume share of electrolyte in the coating"),
    _system("Electrode Bruggeman coefficient", 0.5, 5, "exponent of porosity for the electrolyte"),
    _system("Electrode conductivity [S.m-1]", 1e-4, 1e7, "electronic, of the whole coating"),
    _system("Active material density [kg.m-3]", 500, 2e4, "of the pore-free active material"),
    _system("Separator thickness [m]", 1e-6, 2e-3, "as compressed in the cell"),
    _system("Separator porosity", 0.1, 0.99, "volume share of electrolyte in the separator"),
    _system("Separator Bruggeman coefficient", 0.5, 5, "exponent of porosity in the separator"),
    _system("Series resistance [Ohm.cm2]", 0, 2000, "contacts and films, per electrode area"),
    _system("Double-layer capacity [F.m-2]", 0, 100, "per inner surface"),
    _system(
        "Specific capacity [mA.h.g-1]", 1, 5000, "charge that fills all sites, per active mass"
    ),
    _system("Fast fraction", 0, 0.99, "share of the capacity that is filled at once"),
    _system("Diffusion time spread", 0, 4, "standard deviation of ln(diffusion time)"),
    _system("Particle radius [m]", 1e-10, 1e-4, "median length that ions diffuse through"),
    _system(
        "Component A diffusivity [m2.s-1]",
        1e-30,
        1e-6,
        "in grains of A at the reference temperature",
    ),
    _system(
        "Component B diffusivity [m2.s-1]",
        1e-30,
        1e-6,
        "in grains of B at the reference temperature",
    ),
    _system("Component A volume fraction", 0, 1, "share of A in the grains"),
    _system(
        "Grain size [m]",
        1e-10,
        1e-5,
        "diameter of the grains in a particle, or mean thickness of its layers",
    ),
    _system("Interface width [m]", 1e-11, 1e-7, "of the fast layer along a junction"),
    _system(
        "Interface mobility ratio",
        1e-6,
        1e8,
        "mobility of the carriers in the layer over that in the grains",
    ),
    _system(
        "Interface potential [V]",
        -3,
        3,
        "at the junction; above 0 it gathers ions in the layer",
        always=False,
    ),
    _system(
        "Interface Debye length [m]",
        1e-11,
        1e-6,
        "within which that potential decays",
        always=False,
    ),
    _system(
        "Interface storing share",
        0,
        1,
        "share of the layer's sites that fill with its potential",
        default=1.0,
    ),
    _system("Interface migration barrier [eV]", 0, 3, "of a hop along the junction"),
    _system(
        "Site hysteresis ratio",
        0,
        3,
        "hysteresis of all sites over that of the hosts alone",
        default=1.0,
    ),
    _system(
        "Hysteresis crossing share",
        1e-4,
        2,
        "share of a host's capacity that passes between one branch and the other",
        default=0.05,
    ),
    _system("Built-in potential [V]", -3, 3, "shell minus core, as the ion feels it"),
    _system(
        "Field fading", -4, 4, "loss of the built-in potential from empty to full", default=0.0
    ),
    _system("Interfacial capacity [F.m-2]", 0, 100, "per junction area", default=0.0),
    _system("Interfacial charging time [s]", 1e-3, 1e5, "of a junction", default=1.0),
    _system(
        "Core Debye length [m]",
        1e-11,
        1e-5,
        "screening length in core or layers A",
        always=False,
    ),
    _system(
        "Shell Debye length [m]",
        1e-11,
        1e-5,
        "screening length in shell or layers B",
        always=False,
    ),
    _system("Core radius fraction", 0.05, 0.98, "core radius over particle radius", always=False),
    _system("Core to shell permittivity ratio", 1e-3, 1e3, "of the two hosts", always=False),
    _system("Charge number", 1, 3, "of the ion"),
    _system("Exchange-current density [A.m-2]", 1e-8, 1e4, "at half filling, on the inner surface"),
    _system("Exchange-current activation energy [eV]", 0, 2, "Arrhenius, of the charge transfer"),
    _system("Metal exchange-current density [A.m-2]", 1e-4, 1e5, "of the counter electrode"),
    _system(
        "Insertion plateau potentials [V]", -1, 6, "open circuit while ions enter", is_list=True
    ),
    _system("Insertion plateau shares", 0, 1, "capacity share of each plateau", is_list=True),
    _system("Insertion plateau widths", 1e-4, 1, "width of the steps between them", is_list=True),
    _system(
        "Extraction plateau potentials [V]", -1, 6, "open circuit while ions leave", is_list=True
    ),
    _system("Extraction plateau shares", 0, 1, "capacity share of each plateau", is_list=True),
    _system("Extraction plateau widths", 1e-4, 1, "width of the steps between them", is_list=True),
    _system(
        "Empty electrode potential [V]",
        -1,
        6,
        "open circuit without ions, of a curve without plateaus",
        always=False,
    ),
    _system(
        "Full electrode potential [V]",
        -1,
        6,
        "open circuit of the full electrode, of a curve without plateaus",
        always=False,
    ),
    _system(
        "Open-circuit exponent",
        0.2,
        10,
        "of the unfilled share, in a curve without plateaus",
        always=False,
    ),
    _system(
        "Active material loss per full cycle",
        0,
        0.5,
        "share lost when all sites are filled and emptied once",
        default=0.0,
    ),
    _system(
        "Active material lost with SEI [m3.mol-1]",
        0,
        1,
        "volume lost per charge that goes into the film",
        default=0.0,
    ),
    _system(
        "SEI solvent diffusivity [m2.s-1]",
        0,
        1e-12,
        "through the film on the particles",
        default=0.0,
    ),
    _system("Bulk solvent concentration [mol.m-3]", 1, 1e5, "at the film", default=2636.0),
    _system("SEI partial molar volume [m3.mol-1]", 1e-6, 1e-2, "of the film", default=9.585e-5),
    _system(
        "Ratio of lithium moles to SEI moles",
        0.1,
        10,
        "charges per formula unit of the film",
        default=2.0,
    ),
    _system("Initial SEI thickness [m]", 1e-10, 1e-6, "of the film on the particles", default=5e-9),
    _system("SEI resistivity [Ohm.m]", 0, 1e9, "of the film, for ions", default=2e5),
    _system("Lower voltage cut-off [V]", -1, 6, "end of insertion"),
    _system("Upper voltage cut-off [V]", -1, 6, "end of extraction"),
    _system("Ambient temperature [K]", 150, 450, "of the cell"),
    _system("Reference temperature [K]", 150, 450, "at which the values hold"),
]

_HOST = (
    ("Site potentials [V]", -1, 6, "middle of insertion and extraction of each kind of site", True),
    ("Site shares", 0, 1, "capacity share of each kind of site", True),
    ("Site widths", 0.2, 60, "width of each site in units of the thermal voltage", True),
    ("Site hysteresis [V]", 0, 4, "extraction minus insertion potential of each site", True),
    ("Site capacity [mA.h.g-1]", 1, 5000, "charge that fills all sites of the host", False),
)
"""What an isotherm is made of (laws.multi_site): name, limits, text, whether it is a list."""

_ELECTROLYTE = [
    ParameterInfo(
        "Anion charge number", "electrolyte", 1, 3, "of the salt, without its sign", default=1.0
    ),
    *(
        ParameterInfo(name, "electrolyte", low, high, text)
        for name, low, high, text in (
            ("Initial concentration in electrolyte [mol.m-3]", 1, 2e4, "salt"),
            (
                "Reference electrolyte conductivity [S.m-1]",
                1e-4,
                50,
                "ionic, at the reference temperature",
            ),
            ("Electrolyte conductivity activation energy [eV]", 0, 2, "Arrhenius"),
            (
                "Reference electrolyte diffusivity [m2.s-1]",
                1e-14,
                1e-7,
                "of the salt, at the reference temperature",
            ),
            ("Electrolyte diffusivity activation energy [eV]", 0, 2, "Arrhenius"),
            ("Cation transference number", 0, 1, "of the inserted ion"),
            ("Thermodynamic factor", 0.1, 20, "1 + dln f / dln c"),
        )
    ),
]

# name, lower and upper limit, text, whether a system carries it along as component A or B
_MATERIAL = [
    ("Work function [eV]", 1, 8, "vacuum level minus Fermi level", True),
    ("Electron affinity [eV]", 0, 8, "vacuum level minus conduction band", False),
    ("Band gap [eV]", 0, 12, "zero for a metal", False),
    ("Donor density [m-3]", 1e10, 1e29, "of an n-type semiconductor", False),
    ("Acceptor density [m-3]", 1e10, 1e29, "of a p-type semiconductor", False),
    ("Free electron density [m-3]", 1e20, 1e30, "of a metal", False),
    ("Relative permittivity", 1, 1e5, "static", False),
    ("Density [kg.m-3]", 500, 2.5e4, "pore-free", True),
    ("Theoretical capacity [mA.h.g-1]", 1, 5000, "of the printed reaction", False),
    ("Migration barrier [eV]", 0, 3, "of the inserted ion", True),
    ("Adsorption energy [eV]", -10, 5, "of the inserted ion, negative if bound", True),
    ("Electronic conductivity [S.m-1]", 1e-14, 1e8, "at 300 K", False),
    ("Discharge peak potential [V]", -1, 6, "of its reaction, against the ion's metal", False),
    ("Charge peak potential [V]", -1, 6, "of its reaction, against the ion's metal", False),
]

_FACT = [
    ParameterInfo(name, "fact", low, high, text)
    for name, low, high, text in (
        ("Polarisation at 0.1 A/g [V]", 0, 5, "between extraction and insertion"),
        ("Capacitive share at 1 mV/s", 0, 1, "of a voltammogram's current"),
        ("Apparent diffusivity [m2.s-1]", 1e-30, 1e-3, "as the paper extracts it"),
        ("Capacity after cycling [mA.h.g-1]", 0, 5000, "see the note for current and cycles"),
        ("BET surface area [m2.g-1]", 0, 5000, "of the active material"),
        ("Component ratio", 0, 1e3, "moles of A per mole of B"),
        ("Initial coulombic efficiency", 0, 1, "charge over discharge of the first cycle"),
        ("Upper plateau of discharge [V]", 0, 6, "of a full cell"),
        ("Lower plateau of discharge [V]", 0, 6, "of a full cell"),
        (
            "Capacity without pre-potassiation [mA.h.g-1]",
            0,
            5000,
            "see the note for how it is meant",
        ),
        ("Capacity ratio of the electrodes", 0, 100, "as printed, of measured capacities"),
    )
]

_CELL = [
    ParameterInfo(name, "cell", low, high, text)
    for name, low, high, text in (
        (names.N_TO_P, 0.01, 100, "sites of the negative electrode over those of the positive"),
        (names.PRE_POTASSIATION, 0, 0.999, "share of the negative's sites filled before assembly"),
        (names.POSITIVE_FILLING, 0, 0.999, "share of the positive's sites filled as assembled"),
        (names.FIRST_LOSS, 0, 1, "ions that the first filling of the negative binds, per site"),
    )
]


def _component(letter: str, name: str) -> str:
    return f"Component {letter} {name[0].lower()}{name[1:]}"


SCHEMA: dict[str, ParameterInfo] = {
    info.name: info
    for info in [
        *_SYSTEM,
        *_ELECTROLYTE,
        *(ParameterInfo(n, "material", low, high, text) for n, low, high, text, _ in _MATERIAL),
        *(ParameterInfo(n, "ion", low, high, text, listed) for n, low, high, text, listed in _HOST),
        ParameterInfo("Diffusivity [m2.s-1]", "ion", 1e-30, 1e-6, "at the reference temperature"),
        *(
            _system(
                _component(letter, n),
                low,
                high,
                f"{text}, component {letter}",
                always=False,
                is_list=listed,
            )
            for letter in "AB"
            for n, low, high, text, listed in _HOST
        ),
        *(
            ParameterInfo(
                _component(letter, n), "component", low, high, f"{text}, component {letter}"
            )
            for letter in "AB"
            for n, low, high, text, carried in _MATERIAL
            if carried
        ),
        *_FACT,
        *_CELL,
    ]
}
"""All names of the parameter files."""
