"""Physical constants, CODATA 2018 (doi:10.1103/RevModPhys.93.025010); SI units."""

FARADAY = 96485.33212
"""Faraday constant F [C.mol-1] (exact since 2019: N_A e)."""

GAS_CONSTANT = 8.314462618
"""Molar gas constant R [J.mol-1.K-1]."""

BOLTZMANN_EV = GAS_CONSTANT / FARADAY
"""Boltzmann constant k_B [eV.K-1] = R/F, so that energies in eV per ion need no other unit."""

VACUUM_PERMITTIVITY = 8.8541878128e-12
"""Vacuum permittivity eps_0 [F.m-1]."""

ELEMENTARY_CHARGE = 1.602176634e-19
"""Elementary charge e [C]."""
