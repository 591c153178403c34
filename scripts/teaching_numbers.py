"""Numbers by hs.run that the teaching page must show: the state of the page, as in its address, and what is seen there.

tests/teaching reads them off the page in a browser, to 1e-3.
"""

from typing import Any

import hetsim as hs
from experiments._particle import field, symmetric_cell
from hetsim import names
from scripts.teaching_laws import HOST
from scripts.teaching_models import ELECTRODE, PARTICLE, electrodes, steps

SPECIFIC = names.SPECIFIC_CAPACITY
CURRENTS = (0.1, 1.0, 10.0)
"""Of scene 7 [A.g-1]."""


def numbers() -> list[dict[str, Any]]:
    """[{"address", "numbers"}]: what follows # in the address of the page, and numbers by their names there."""
    return [*_diode(), *_limits(), *_volts(), *_carriers(), *_controls()]


def _entry(scene: int, guess: str, found: dict[str, float], **state: float) -> dict[str, Any]:
    parts = [f"scene={scene}", *(f"{key}={value!r}" for key, value in state.items()), f"g={guess}"]
    return {"address": "&".join(parts), "numbers": {key: float(one) for key, one in found.items()}}


# --- scenes 3 and 4: one insertion and one extraction from rest ------------------------------------


def _shares(step: float, debye: float, c_rate: float) -> dict[str, float]:
    """Shares of the sites inserted and extracted in a field [RT/F], from rest to the cut-off."""
    cell = symmetric_cell(step * symmetric_cell(0.0).thermal_voltage, debye)
    full = cell.values[SPECIFIC]
    current = c_rate * full / 1e3
    inserted = hs.run(cell, hs.RateTest([current], from_equilibrium=True), PARTICLE)
    extraction = hs.run(cell, hs.ConstantCurrent(-current), PARTICLE)
    return {
        "inserted": inserted.capacities[0] / full,
        "extracted": extraction.trace.time[-1] * c_rate / 3600,
    }


def _diode() -> list[dict[str, Any]]:
    found = []
    for step, debye, c_rate in ((4.0, 0.05, 5.0), (-6.0, 0.2, 2.0)):
        plus, minus = _shares(step, debye, c_rate), _shares(-step, debye, c_rate)
        seen = {
            **plus,
            "mirrored": minus["inserted"],
            "mirroredBack": minus["extracted"],
            "plain": _shares(0.0, debye, c_rate)["inserted"],
        }
        found.append(_entry(3, "0.5_0.5", seen, v=step, l=debye, c=c_rate))
    return found


def _limits() -> list[dict[str, Any]]:
    seen = {"inserted": _shares(4.0, 1.0, 5.0)["inserted"], "small": _shares(4, 2, 5)["inserted"]}
    return [_entry(4, "2", seen, v=4.0, l=1.0, c=5.0)]


# --- scene 5: at rest -------------------------------------------------------------------------------


def _volts() -> list[dict[str, Any]]:
    known, found = steps(), []
    for step, mean in ((known["measured"], 0.5), (known["work_functions"], 0.5), (0.2, 0.3)):
        cell = symmetric_cell(0.0).with_values(
            {**field(step, 0.05), names.CORE_FRACTION: known["core"]}
        )
        profile = _at_rest(cell, mean)
        occupancy, volumes = profile["occupancy"].values[-1], profile["volume_share"].values
        core = profile["radius"].values < known["core"]
        seen = {
            "centre": occupancy[0],
            "surface": occupancy[-1],
            "core": (occupancy * volumes)[core].sum() / volumes[core].sum(),
            "shell": (occupancy * volumes)[~core].sum() / volumes[~core].sum(),
        }
        found.append(_entry(5, "2", seen, u=1e3 * step, m=mean))
    return found


def _at_rest(cell: hs.HalfCell, mean: float) -> Any:
    """Profiles of a cell that rests at a mean occupancy; its filling counts from the extracted to the inserted one."""
    empty, full = cell.extracted_occupancy, cell.inserted_occupancy
    rest = hs.Rest(60.0, filling=(mean - empty) / (full - empty))
    return hs.run(cell, rest, PARTICLE, profiles=True).profiles(1)


# --- scene 6: what a cell at rest says of its junction layers ---------------------------------------


def _carriers() -> list[dict[str, Any]]:
    found = []
    for potential, mean, kelvin in ((0.063, 0.5, 298.15), (0.15, 0.05, 260.0)):
        seen = {
            name: _ratio(channel, potential, mean, kelvin)
            for name, channel in (
                ("dilute", hs.DiluteCarriers()),
                ("lattice", hs.LatticeCarriers()),
            )
        }
        found.append(_entry(6, "100", seen, p=1e3 * potential, m=mean, T=kelvin, h=0.0, r=1.0))
    return found


def _ratio(
    channel: hs.DiluteCarriers | hs.LatticeCarriers, potential: float, mean: float, kelvin: float
) -> float:
    """Conductivity of the layers over that of grains that hold an occupancy."""
    values = {
        "Interface potential [V]": potential,
        "Interface storing share": 0.0,
        "Interface mobility ratio": 1.0,
        names.AMBIENT_TEMPERATURE: kelvin,
    }
    cell = hs.heterostructure(HOST, HOST, ion="Na", interface=channel, values=values)
    profile = _at_rest(cell, mean)
    return float(profile["conductivity_ratio_of_junction_layers"].values[-1])


# --- scene 7: rate curves ---------------------------------------------------------------------------


def _controls() -> list[dict[str, Any]]:
    of = electrodes()
    seen = {
        f"{name} {one:g}": _capacity(cell, one) for name, cell in of.items() for one in CURRENTS
    }
    czt = of["CZT"]
    faster = {
        "Interface mobility ratio": 1.0,
        "Interface potential [V]": 0.0,
        **{
            name: 1.9 * czt.values[name]
            for name in ("Component A diffusivity [m2.s-1]", "Component B diffusivity [m2.s-1]")
        },
    }
    other = {f"CZT {one:g}": _capacity(czt.with_values(faster), one) for one in CURRENTS}
    return [_entry(7, "2", seen), _entry(7, "2", other, m=1.0, p=0.0, f=1.9)]


def _capacity(cell: hs.HalfCell, current: float) -> float:
    """Of the second insertion, each current by itself [mA.h.g-1]."""
    return float(hs.run(cell, hs.RateTest([current], cycles=2), ELECTRODE).capacities[0])
