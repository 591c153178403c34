"""Which papers stand behind which law: one table, with the keys of library.toml."""

OF_LAWS: dict[str, tuple[str, ...]] = {
    "ageing.loss_rate_with_charge": ("Reniers2019",),
    "ageing.film_thickness": ("Marquis2020",),
    "depletion": ("Schottky1939", "Anderson1962"),
    "faraday.molar_mass": ("Prohaska2022",),
    "free_electrons.fermi_energy": ("Sommerfeld1928",),
    "free_electrons.thomas_fermi_length": ("AshcroftMermin1976",),
    "free_electrons.effective_density_of_states": ("SzeNg2007",),
    "hopping.jump_diffusivity": ("Vineyard1957",),
    "hysteresis": ("Plett2004",),
    "isotherm.plateau_staircase": ("McKinnon1983",),
    "junction": ("Anderson1962", "Schottky1939", "Mott1939"),
    "junction_channel": ("Maier1995", "Maier2005"),
    "limits.lifson_jackson": ("LifsonJackson1962",),
    "mixing.bruggeman_symmetric": ("Bruggeman1935",),
    "mixing.composite_conductivity": ("Maier1995",),
    "mixing.hashin_shtrikman_bounds": ("HashinShtrikman1962",),
    "mixing.interface_network": ("HashinShtrikman1962",),
    "mixing.maxwell": ("Maxwell1873",),
    "mixing.parallel": ("Wiener1912",),
    "mixing.series": ("Wiener1912",),
    "multi_site": ("Verbrugge2017",),
    "percolation.sheet_threshold": ("Garboczi1995",),
    "planar": ("DebyeHueckel1923",),
    "poisson_boltzmann": ("KierzenkaShampine2001",),
    "poisson_boltzmann.bikerman": ("Kilic2007",),
    "poisson_boltzmann.blakemore": ("Blakemore1982",),
    "potential": ("DebyeHueckel1923",),
    "pulse.shared_surface_rise": ("AbateValko2004",),
    "pulse.sphere_surface_rise": ("Crank1975",),
    "rate_equation": ("Tian2019",),
    "relaxation_modes": ("Crank1975",),
    "space_charge": ("Maier1995", "Gouy1910", "Chapman1913"),
    "space_charge.chemical_capacitance": ("JamnikMaier2001",),
    "space_charge.mott_schottky_width": ("Mott1939", "Schottky1939"),
    "transport": ("ScharfetterGummel1969",),
    "transport.thermodynamic_factor": ("WeppnerHuggins1977",),
}
"""A law is a module of `hetsim.laws` or one of its functions; its docstring names the same sources."""

OF_ARCHITECTURES: dict[str, tuple[str, ...]] = {
    "Mixture": ("mixing.parallel",),
    "Dispersed": ("mixing.bruggeman_symmetric", "mixing.interface_network"),
    "StackedParallel": ("mixing.parallel",),
    "StackedSeries": ("mixing.series",),
    "CoreShell": ("mixing.bruggeman_symmetric", "potential", "transport"),
}
"""The laws of each architecture, by the name of its class."""

OF_MODELS = {
    "SPM": ("Sulzer2021", "Marquis2019"),
    "SPMe": ("Sulzer2021", "Marquis2019"),
    "DFN": ("Sulzer2021", "Doyle1993"),
}
"""Papers behind each of PyBaMM's models."""

OF_PROTOCOLS = {"GITT": ("WeppnerHuggins1977",), "ICI": ("Chien2023",)}
"""Papers that brought a protocol up, by the name of its class."""
