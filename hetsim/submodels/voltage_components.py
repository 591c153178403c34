"""The parts of the voltage of a cell, which add up to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pybamm

from hetsim import names

Variables = Mapping[str, Any]


@dataclass(frozen=True)
class _Electrode:
    """The potential of one current collector against the electrolyte, in parts [V].

        phi_s,cc - phi_e = U + eta_c + eta + film + ohmic

    equilibrium : U at the mean composition; 0 of a metal
    particle : U at the surface, averaged through the electrode, less U at the mean composition; 0 of a metal
    reaction : eta of the charge transfer
    film : what the current drops in the film on the surface
    ohmic : phi_s,cc less the mean of phi_s
    """

    equilibrium: Any
    particle: Any
    reaction: Any
    film: Any
    ohmic: Any


def voltage_components(variables: Variables, options: Any) -> dict[str, Any]:
    """Variables of a built model: hetsim's parts of the voltage, and those of PyBaMM's that did not add up.

        V =   (U + eta_c + eta + film + ohmic)   of the positive or working electrode
            - (U + eta_c + eta + film + ohmic)   of the negative electrode or the metal
            + <phi_e>_positive - <phi_e>_negative           diffusion potential and ohmic loss in the electrolyte
            - I R_contact

    Potentials of a porous electrode are means through its thickness; phi_e of a metal is that in front of it. Each
    line is exact in SPM, SPMe and DFN, since the ohmic losses are differences of the potentials that the model has;
    PyBaMM takes them from formulas of the continuous electrode, beside a mesh [V].

    PyBaMM's own names then close too: "X-averaged battery ... [V]", as `pybamm.plot_voltage_components` reads them
    (PyBaMM, issue 4838). That function has no place for the film, which stands with the ohmic losses in the solid
    there, nor for half of the drop in the metal, which is added.

    variables : of the model after `build_model`
    options : of the model
    """
    positive, negative = _positive(variables), _negative(variables, options)
    diffusion = variables["X-averaged concentration overpotential [V]"]
    electrolyte = (
        variables["X-averaged positive electrolyte potential [V]"]
        - _electrolyte_at_negative(variables, options)
        - diffusion
    )
    contact = variables["Contact overpotential [V]"]
    metal = options.electrode_types["negative"] == "planar"
    words = (
        ("metal electrode", "working electrode")
        if metal
        else ("negative electrode", "positive electrode")
    )
    parts = {
        **_named(words[1], positive, 1, _has_film(options, "positive")),
        **_named(words[0], negative, -1, _has_film(options, "negative"), metal),
        names.OF_DIFFUSION: diffusion,
        names.OF_ELECTROLYTE: electrolyte,
        names.OF_CONTACT: -contact,
    }
    ours = {names.voltage_component(name): part for name, part in parts.items()}
    return {**ours, **_of_pybamm(positive, negative, electrolyte)}


def _named(word: str, of: _Electrode, sign: int, film: bool, metal: bool = False) -> dict[str, Any]:
    parts = {
        names.OF_EQUILIBRIUM: of.equilibrium,
        names.OF_PARTICLES: of.particle,
        names.OF_REACTION: of.reaction,
        names.OF_FILM: of.film,
        names.OF_SOLID: of.ohmic,
    }
    left_out = {names.OF_EQUILIBRIUM, names.OF_PARTICLES} if metal else set()
    if not film:
        left_out.add(names.OF_FILM)
    return {
        f"{name} of the {word}": sign * part for name, part in parts.items() if name not in left_out
    }


def _has_film(options: Any, domain: str) -> bool:
    return bool(getattr(options, domain)["SEI"] != "none")


def _positive(variables: Variables) -> _Electrode:
    return _electrode(
        variables,
        "positive",
        variables["X-averaged positive electrode reaction overpotential [V]"],
        variables["X-averaged positive electrode SEI film overpotential [V]"],
        variables["X-averaged positive electrolyte potential [V]"],
    )


def _negative(variables: Variables, options: Any) -> _Electrode:
    if options.electrode_types["negative"] == "planar":
        reaction = variables["Lithium metal interface reaction overpotential [V]"]
        film = variables["Negative electrode SEI film overpotential [V]"]
    else:
        reaction = variables["X-averaged negative electrode reaction overpotential [V]"]
        film = variables["X-averaged negative electrode SEI film overpotential [V]"]
    electrolyte = _electrolyte_at_negative(variables, options)
    return _electrode(variables, "negative", reaction, film, electrolyte)


def _electrode(
    variables: Variables, domain: str, reaction: Any, gained: Any, electrolyte: Any
) -> _Electrode:
    """gained : PyBaMM's overpotential of the film, which is added to eta and not to the potential [V]"""
    word = domain.capitalize()
    equilibrium = variables[f"{word} electrode bulk open-circuit potential [V]"]
    particle = variables[f"{word} particle concentration overpotential [V]"]
    # between the solid and the electrolyte, as the kinetics have it: PyBaMM's averages over the mesh differ
    inner = equilibrium + particle + reaction - gained
    collector = variables[f"{word} current collector potential [V]"]
    return _Electrode(equilibrium, particle, reaction, -gained, collector - electrolyte - inner)


def _electrolyte_at_negative(variables: Variables, options: Any) -> Any:
    if options.electrode_types["negative"] == "planar":
        return variables["Lithium metal interface electrolyte potential [V]"]
    return variables["X-averaged negative electrolyte potential [V]"]


def _of_pybamm(positive: _Electrode, negative: _Electrode, electrolyte: Any) -> dict[str, Any]:
    """PyBaMM's variables by their names; its sum over the electrodes is positive less negative."""
    cells = pybamm.Parameter("Number of cells connected in series to make a battery")
    solid = {
        domain: of.ohmic + of.film
        for domain, of in (("positive", positive), ("negative", negative))
    }
    whole = solid["positive"] - solid["negative"]
    return {
        "X-averaged electrolyte ohmic losses [V]": electrolyte,
        "X-averaged battery electrolyte ohmic losses [V]": electrolyte * cells,
        "X-averaged solid phase ohmic losses [V]": positive.ohmic - negative.ohmic,
        "X-averaged battery solid phase ohmic losses [V]": whole * cells,
        **{
            f"X-averaged battery {domain} solid phase ohmic losses [V]": one * cells
            for domain, one in solid.items()
        },
    }
