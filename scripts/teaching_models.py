"""The cells of the teaching page and their models as tapes, with what the page tells of them."""

from typing import Any

import hetsim as hs
from experiments._particle import RADIUS, symmetric_cell
from experiments.one_and_a_half_volts_or_sixty_millivolts import main as one_and_a_half_volts
from hetsim import names
from hetsim.engine import built_model
from hetsim.junctions.pair import material
from hetsim.laws.electrode import active_mass
from hetsim.parameters.component_file import read_material
from hetsim.simulation.rate_chains import BEYOND, PATIENCE
from scripts.export_tape import exported

FAST, RATIO = "Fast fraction", "Site hysteresis ratio"
"""Of the mixture that is shown: those of CT (experiments/sum_of_the_parts.py)."""

PARTICLE, ELECTRODE = "SPM", "SPMe"
"""Models of the single particle and of the electrodes."""


def particle() -> hs.HalfCell:
    """The particle of scenes 2 to 5: diffusion alone, R^2/D = 1 h, core and shell, a symmetric lattice."""
    return symmetric_cell(0.0)


def electrodes() -> dict[str, hs.HalfCell]:
    """The electrodes of scene 7: CZT, the electrodes of one telluride, and the mixture of both without a junction."""
    czt, ct = hs.load("CZT"), hs.load("CT")
    own = {name: ct.values.number(name) for name in (FAST, RATIO)}
    [mixture] = [one for one in czt.controls() if one.system.variant == "mixture"]
    return {
        "CZT": czt,
        "CT": ct,
        "ZT": hs.load("ZT"),
        "mixture": mixture.with_values(own),
    }


def models() -> dict[str, dict[str, Any]]:
    """The tapes by name, each with the values of the cells that run on it."""
    of = electrodes()
    tapes = {
        "particle": _particle(),
        "hosts": exported(of["CZT"], ELECTRODE),
        "mixture": exported(of["mixture"], ELECTRODE),
    }
    cells = {"hosts": ("CZT", "CT", "ZT"), "mixture": ("mixture",)}
    for tape, members in cells.items():
        tapes[tape]["cells"] = {name: _cell(of[name], of["CZT"]) for name in members}
        del tapes[tape]["values"]
    for one in tapes.values():
        one |= {"beyond": BEYOND, "patience": PATIENCE}
    return tapes


def measured() -> dict[str, Any]:
    """Rate curves as they were measured, with their source."""
    found = {name: hs.measured(name) for name in ("CZT", "CT", "ZT")}
    return {
        name: {"currents": one.currents, "capacities": one.capacities, "source": one.source}
        for name, one in found.items()
    }


TOUCHING = ("Al", "CoTe2", "MoS2", "Sn", "ZnIn2S4", "ZnTe")
"""Materials of scene 1; their work functions are known. An address of the page counts them, so new ones come last."""


def materials() -> list[dict[str, Any]]:
    """What the page tells of them."""
    return [
        {
            "name": name,
            "title": read_material(name).title,
            "work_function": of.work_function_eV,
            "affinity": of.electron_affinity_eV,
            "gap": of.band_gap_eV,
            "metal": of.conduction == "metal",
        }
        for name in TOUCHING
        for of in [material(name)]
    ]


def steps() -> dict[str, Any]:
    """The two potentials of scene 5 [V], and the particle that they act in."""
    result = one_and_a_half_volts()
    return {
        "measured": result.measured.step,
        "work_functions": result.work_functions.step,
        "core": result.core_fraction,
        "sites_in_a_shell": result.sites_in_a_shell,
    }


def _particle() -> dict[str, Any]:
    cell = particle()
    built = built_model(cell, PARTICLE)
    places = built.entries([names.x_averaged(names.PARTICLE_CONCENTRATION)])
    return {
        **exported(cell, PARTICLE),
        "profile": [int(places[0]), int(places[-1]) + 1],
        "radius": RADIUS,
        "thermal_voltage": cell.thermal_voltage,
        "extracted": cell.extracted_occupancy,
        "inserted": cell.inserted_occupancy,
    }


def _cell(cell: hs.HalfCell, like: hs.HalfCell) -> dict[str, Any]:
    """The values of a cell that runs on the tape of another one."""
    built = built_model(cell, ELECTRODE)
    assert cell.name in ("CZT (mixture)",) or built.model is built_model(like, ELECTRODE).model
    values = built.inputs(cell)
    return {
        "values": values,
        "active_mass": active_mass(values.__getitem__),
        "specific_capacity": values[names.SPECIFIC_CAPACITY],
    }
