"""docs/systems.md: every system with what was measured, what is simulated, what was fitted, and why so.

    python -m scripts.systems_page

writes the page, `--all` after a change of the equations. It holds the simulated capacities and a stamp of
the values that they belong to, so that only what changed is simulated again, and a test can tell whether the
page is that of the parameter files.
"""

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from hetsim.cells.half_cell import HalfCell
from hetsim.commands.list import hosts_of
from hetsim.junctions.pair import pair_of_system
from hetsim.junctions.report import STATEMENTS, report, what_acts
from hetsim.junctions.transport import Transport
from hetsim.names import MATERIAL_LOSS
from hetsim.parameters.catalogue import Group, Listed, by_hand, groups, heterostructures_of
from hetsim.parameters.library import component_names
from hetsim.parameters.values import AgedPoint, MeasuredRate, System, Value, content_hash
from hetsim.protocols import Cycling, RateTest
from hetsim.simulation import run
from hetsim.submodels import ChargeDrivenLoss

PAGE = Path("docs/systems.md")
FULL = 5
"""Points from which a curve counts as full; with fewer it is described, and shows nothing."""


LUMPED_ERRORS = {
    "CZT": 2.1,
    "ZnSe-MoSe2-C-Li": 1.6,
    "ZnSe-C-Li": 4.3,
    "ZnSe-MoSe2-C-Na": 2.7,
    "ZnSe-C-Na": 1.2,
    "MoS2-ZnIn2S4": 1.0,
    "ZnIn2S4": 1.7,
    "Co-FeSe-Fe3Se4": 0.1,
}
"""Mean error [%] of the systems of two hosts as they were before, with one lumped host fitted to the same points."""


@dataclass(frozen=True)
class Simulated:
    """Capacities [mA.h.g-1] at the measured currents, and of the aged cell where points were measured after
    cycles, to one decimal, and the stamp of their values."""

    stamp: str
    capacities: tuple[float, ...]
    aged: tuple[float, ...] = ()


def stamp(system: System) -> str:
    """Changes with any value, the architecture or a measured current."""
    values = {name: value.value for name, value in system.values.items()}
    currents = [curve.currents for curve in system.measured]
    aged = [(one.current, one.after_cycles) for one in aged_points(system)]
    return content_hash(
        {
            "values": values,
            "architecture": system.architecture,
            "currents": currents,
            "aged": aged,
        }
    )


def aged_points(system: System) -> list[AgedPoint]:
    """The points after cycles that the aged cell can be held against: its own loss was fitted to some of them, or the
    file was made from facts, among which they are."""
    loss = system.values.get(MATERIAL_LOSS)
    own = loss is not None and loss.kind == "fitted" and bool(loss.number)
    made = system.name in component_names("library")
    return [one for one in system.aged if (own or made) and one.after_cycles]


def simulate(system: System) -> Simulated:
    """The rate test as measured, SPMe; nothing where nothing was measured."""
    capacities = []
    for curve in system.measured:
        found = run(HalfCell(system), RateTest(curve.currents)).capacities
        capacities += [round(float(one), 1) for one in found]
    cell = HalfCell(system).with_ageing(ChargeDrivenLoss())
    aged = []
    for one in aged_points(system):
        cycles = Cycling(one.current, one.after_cycles, jump=max(one.after_cycles // 5, 1))
        aged.append(round(float(run(cell, cycles).cycles[-1].insertion), 1))
    return Simulated(stamp(system), tuple(capacities), tuple(aged))


def stored(text: str) -> dict[str, Simulated]:
    """What a page holds, by system."""
    lines = re.findall(r"<!-- (\S+) (\w+):(.*?) -->", text)
    return {
        name: Simulated(mark, *(_numbers(part) for part in numbers.partition(";")[::2]))
        for name, mark, numbers in lines
    }


def _numbers(text: str) -> tuple[float, ...]:
    return tuple(float(one) for one in text.split())


def page(systems: list[System], simulated: Mapping[str, Simulated]) -> str:
    """The whole page."""
    found = groups(systems)
    parts = [_TOP, _overview(found, simulated)]
    for group in found:
        parts.append(f"## {group.title[0].upper()}{group.title[1:]}")
        parts += [section_of(one, simulated[one.name], systems) for one in group.systems]
    return "\n\n".join(parts) + "\n"


_TOP = """# The systems

Written by `python -m scripts.systems_page` from the parameter files; edit those. Capacities are of the whole rate test
(three cycles at each current, SPMe), in mAh per gram of active mass. A full curve (five points or more) should be met
within 4 % on average and 10 % at each point, with at most four fitted values; a system of one or two points is
described within 5 % with at most two, which tests nothing. Hosts are those whose isotherms make the cell; "lumped
before" is the mean error of the same system with one lumped host. What was measured after cycles is no point of a
curve; where a loss was fitted, it is held against the aged cell. `hetsim show SYSTEM` prints every value with its
source and range, `hetsim rate SYSTEM --controls --compare` runs it."""


def errors_percent(curve: MeasuredRate, capacities: tuple[float, ...]) -> list[float]:
    """100 (simulated / measured - 1) at each current."""
    return [
        100 * (one / other - 1) for one, other in zip(capacities, curve.capacities, strict=True)
    ]


def _overview(found: list[Group[System]], simulated: Mapping[str, Simulated]) -> str:
    rows = [
        "| system | ion | architecture | hosts | points | A/g | mean error % | lumped before | "
        "largest error % | fitted to it | to others |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for group in found:
        for one in group.systems:
            cells = [f"[{one.name}](#{_anchor(one)})", one.ion, one.architecture, _hosts(one)]
            rows.append("| " + " | ".join([*cells, *_summary(one, simulated[one.name])]) + " |")
    return "\n".join(rows)


def _summary(system: System, simulated: Simulated) -> list[str]:
    own = len(own_fits(system))
    fitted = [str(own), str(len(fitted_groups(system)) - own)]
    if not system.measured:
        return ["0", "-", "-", "-", "-", *fitted]
    curve = system.measured[0]
    sizes = [abs(one) for one in errors_percent(curve, simulated.capacities)]
    span = " to ".join(f"{one:g}" for one in dict.fromkeys((curve.currents[0], curve.currents[-1])))
    mean = f"{sum(sizes) / len(sizes):.1f}"
    before = LUMPED_ERRORS.get(system.name)
    lumped = "-" if before is None else f"{before:.1f}"
    return [str(len(sizes)), span, mean, lumped, f"{max(sizes):.1f}", *fitted]


def _hosts(system: System) -> str:
    return " + ".join(hosts_of(system)) or "lumped"


def section_of(system: System, simulated: Simulated, systems: Iterable[Listed]) -> str:
    """What is told of a system, under its name."""
    title = f"### {system.name}"
    parts = [title, f"{system.title} against {system.ion}. {system.reference}."]
    main = heterostructures_of(system.name, systems)
    if main:
        parts.append(f"A control of {', '.join(main)}.")
    parts += [_measured(one, simulated.capacities) for one in system.measured]
    if system.aged:
        parts.append(_aged(system, simulated.aged))
    if not system.measured:
        parts.append("*Not compared*: no capacity was measured, or none is at hand.")
    parts.append(_fitted(system))
    parts.append(f"*Architecture*: {_architecture(system)}")
    parts.append(f"*What a field could do*: {what_a_field_could_do(system)}")
    numbers = "".join(f" {one:.1f}" for one in simulated.capacities)
    if simulated.aged:
        numbers += ";" + "".join(f" {one:.1f}" for one in simulated.aged)
    parts.append(f"<!-- {system.name} {simulated.stamp}:{numbers} -->")
    return "\n\n".join(parts)


def _architecture(system: System) -> str:
    """The note, which argues for it, and its name where the note does not say it."""
    named = system.architecture in system.note.lower()
    return system.note if named else f"{system.architecture}. {system.note}"


def _measured(curve: MeasuredRate, capacities: tuple[float, ...]) -> str:
    errors = errors_percent(curve, capacities)
    lines = [
        "| A/g | " + " | ".join(f"{one:g}" for one in curve.currents) + " |",
        "|---|" + "---|" * len(curve.currents),
        "| measured | " + " | ".join(f"{one:g}" for one in curve.capacities) + " |",
        "| simulated | " + " | ".join(f"{one:.1f}" for one in capacities) + " |",
        "| error % | " + " | ".join(f"{one:+.1f}" for one in errors) + " |",
    ]
    return "\n".join(lines) + f"\n\n*Measured*: {curve.source}. {curve.note}".rstrip()


def _aged(system: System, simulated: tuple[float, ...]) -> str:
    """Points with a history: no rate points, so not fitted with the curve."""
    of_cell = dict(zip(aged_points(system), simulated, strict=True))
    lines = []
    for one in system.aged:
        line = f"- {one.capacity:g} mAh/g at {one.current:g} A/g, {one.label}"
        if one in of_cell:
            error = 100 * (of_cell[one] / one.capacity - 1)
            line += f"; the aged cell: {of_cell[one]:.1f} ({error:+.1f} %)"
        note = f" {one.note}" if one.note else ""
        lines.append(f"{line}. {one.source}.{note}")
    return "*Not fresh, so no points of the curve*:\n\n" + "\n".join(lines)


def fitted_groups(system: System) -> list[list[Value]]:
    """The fitted values of a system; several with one number and one source are one fitted value."""
    found: dict[tuple[object, str], list[Value]] = {}
    for value in system.values.values():
        if value.kind == "fitted":
            found.setdefault((value.value, value.source), []).append(value)
    return list(found.values())


def own_fits(system: System) -> list[list[Value]]:
    """Those that were fitted to the system's own curve; the others are taken over from another fit."""
    name = rf"(^|[\s,]){re.escape(system.name)}($|[\s,;])"
    return [
        same
        for same in fitted_groups(system)
        if same[0].source == "rate curve" or re.search(name, same[0].source)
    ]


def _fitted(system: System) -> str:
    lines = []
    for same in fitted_groups(system):
        names = " = ".join(one.name for one in same)
        first = same[0]
        lines.append(f"- {names} = {first.value:g}, to {first.source}; {first.note}")
    return "*Fitted*: nothing." if not lines else "*Fitted*:\n\n" + "\n".join(lines)


def what_a_field_could_do(system: System) -> str:
    """By architecture, with the potential and the layer volume that are known."""
    share = system.values["Component A volume fraction"].value
    if share in (0.0, 1.0):
        return "nothing: one material has no junction."
    unknown = [one for one in system.components if one not in component_names("materials")]
    if unknown:
        who = " and ".join(dict.fromkeys(unknown))
        acts = what_acts(system.architecture)
        return f"{acts} Of the contact itself nothing is known here: the library has no {who}."
    found = report(pair_of_system(system.name))
    space = found.space_charge
    parts = [what_acts(system.architecture)]
    bound = found.contact.built_in_potential_V
    if bound is not None:
        parts.append(
            f"The work functions differ by {abs(bound):.2f} eV, a bound of what ions feel."
        )
    parts += [
        f"Interface potential {1e3 * space.interface_potential_V:.3g} mV"
        f" ({space.interface_potential_origin.partition(':')[0]}): along a junction ions conduct"
        f" {space.conductivity_ratio:.2g} times as well.",
        STATEMENTS["e"],
        _gain_of_layers(found.transport),
    ]
    if system.variants:
        names = ", ".join(f"`--variant {name}`" for name in system.variants)
        parts.append(f"Variants: {names}.")
    return " ".join(parts)


def _gain_of_layers(transport: Transport) -> str:
    ratio = transport.interface_conductivity_ratio
    if ratio == 1:
        return "The junction layers are taken to be as fast as the grains."
    return (
        f"With junction layers {ratio:g} times as fast as the grains,"
        f" in {100 * (transport.interface_volume_fraction or 0):.2g} % of the volume, D is"
        f" {transport.d_eff_over_d_bulk:.3g} times that of the grains."
    )


def _anchor(system: System) -> str:
    """As GitHub makes them from headings."""
    return re.sub(r"[^\w-]", "", system.name.lower())


def main(everything: bool = False, path: Path = PAGE) -> None:
    """Write the page; simulate the systems whose values changed since it was written, or all."""
    systems = by_hand()
    kept = stored(path.read_text(encoding="utf-8")) if path.exists() and not everything else {}
    found = {
        one.name: kept[one.name]
        if one.name in kept and kept[one.name].stamp == stamp(one)
        else simulate(one)
        for one in systems
    }
    path.write_text(page(systems, found), encoding="utf-8")


if __name__ == "__main__":
    main(everything="--all" in sys.argv[1:])
