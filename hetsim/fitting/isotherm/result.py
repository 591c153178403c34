"""Sites of an isotherm with their intervals: into a cell and into a parameter file."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from hetsim import names
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.heterostructure import Host
from hetsim.cells.rest import DIRECTIONS
from hetsim.errors import ParameterError
from hetsim.fitting.isotherm.branches import Branch
from hetsim.fitting.isotherm.hosts import by_capacity, by_peaks
from hetsim.fitting.isotherm.staircase import Staircase, staircase
from hetsim.laws.electrode import mass_shares
from hetsim.laws.multi_site import Sites, occupancy, potential_of, steps_of
from hetsim.parameters.checks import checked_system
from hetsim.parameters.host_names import (
    CAPACITY,
    ISOTHERM,
    LETTERS,
    SLOPING_CURVE,
    is_sloping,
    of_component,
)
from hetsim.parameters.schema import SCHEMA
from hetsim.parameters.values import Value

Interval = tuple[float, float]


@dataclass(frozen=True)
class FittedSite:
    """One kind of site with 95 % intervals.

    Parameters
    ----------
    potential : float
        Middle of insertion and extraction [V]; with one direction only, the potential of that one
    share : float
        Of the capacity [-]
    width : float
        In units of the thermal voltage [-]
    hysteresis : float
        Extraction minus insertion potential [V]; 0 with one direction only
    potential_interval, share_interval, width_interval, hysteresis_interval : tuple[float, float]
        95 % of each, from the fit and from what the finite rate leaves open
    """

    potential: float
    share: float
    width: float
    hysteresis: float
    potential_interval: Interval
    share_interval: Interval
    width_interval: Interval
    hysteresis_interval: Interval


@dataclass(frozen=True, repr=False, eq=False)
class Isotherm:
    """An isotherm of several kinds of sites (hetsim.laws.multi_site) that was fitted to a measured curve.

    Parameters
    ----------
    sites : tuple[FittedSite, ...]
        In the order of insertion, the highest potential first
    capacity : float
        Charge that fills all sites [mA.h.g-1]
    capacity_interval : tuple[float, float]
        95 %
    thermal_voltage : float
        RT/zF at the temperature of the measurement [V]
    both_directions : bool
        Whether insertion and extraction were measured, without which there is no hysteresis
    rms : float
        Of measured potentials less those of the isotherm at the same charge [V]
    criteria : pd.DataFrame
        BIC and rms of each number of sites that was tried
    branches : tuple[Branch, ...]
        What was fitted, corrected for the finite rate where that was possible
    remarks : tuple[str, ...]
        What was corrected, and what remains open
    source : str
        The measurement, for a parameter file
    """

    sites: tuple[FittedSite, ...]
    capacity: float
    capacity_interval: Interval
    thermal_voltage: float
    both_directions: bool
    rms: float
    criteria: pd.DataFrame
    branches: tuple[Branch, ...]
    remarks: tuple[str, ...] = ()
    source: str = "slow measurement"

    def __repr__(self) -> str:
        potentials = ", ".join(f"{one.potential:.3f}" for one in self.sites)
        return (
            f"<Isotherm: {len(self.sites)} sites at {potentials} V, {self.capacity:.0f} mAh/g, "
            f"{1000 * self.rms:.1f} mV rms>"
        )

    @property
    def law(self) -> Sites:
        """The sites as hetsim.laws.multi_site takes them."""
        rows = [(one.potential, one.share, one.width, one.hysteresis) for one in self.sites]
        return Sites(*(tuple(column) for column in zip(*rows, strict=True)))

    def occupancy(self, potential: Any, branch: str = "insertion") -> Any:
        """Share of the capacity that is filled at a potential [V] of the "insertion" or "extraction" branch."""
        return occupancy(potential, self.law, self.thermal_voltage, DIRECTIONS[branch])

    def potential(self, occupancy: Any, branch: str = "insertion") -> Any:
        """Potential [V] of a branch at an occupancy in (0, 1)."""
        steps = steps_of(self.law, self.thermal_voltage, DIRECTIONS[branch])
        return potential_of(np.asarray(occupancy, dtype=float), steps)

    def to_frame(self) -> pd.DataFrame:
        """One row a site, with 95 % intervals."""
        rows: list[dict[str, float]] = []
        for one in self.sites:
            row: dict[str, float] = {}
            for name, unit in (
                ("potential", " [V]"),
                ("share", ""),
                ("width", " [RT/zF]"),
                ("hysteresis", " [V]"),
            ):
                low, high = getattr(one, f"{name}_interval")
                row |= {name + unit: getattr(one, name), f"{name} low": low, f"{name} high": high}
            rows.append(row)
        return pd.DataFrame(rows)

    def host(
        self, name: str, density: float | None = None, diffusivity: float | None = None
    ) -> Host:
        """The same as a host for `hs.heterostructure`.

        Parameters
        ----------
        name : str
            What it is called
        density : float | None, default None
            [kg.m-3]
        diffusivity : float | None, default None
            [m2.s-1]

        Returns
        -------
        Host
        """
        law = self.law
        return Host(
            name,
            tuple(law.potentials),
            tuple(law.shares),
            self.capacity,
            tuple(law.widths),
            tuple(law.hysteresis),
            diffusivity,
            density,
        )

    def changes(self, letter: str) -> dict[str, Any]:
        """Values of host "A" or "B" of a cell that has this isotherm, for `cell.with_values`."""
        if letter not in LETTERS:
            raise ParameterError(f"A cell has hosts A and B, got '{letter}'.")
        law = self.law
        lists = (law.potentials, law.shares, law.widths, law.hysteresis)
        return {
            **{of_component(letter, n): list(one) for n, one in zip(ISOTHERM, lists, strict=True)},
            of_component(letter, CAPACITY): self.capacity,
        }

    def on(self, cell: HalfCell) -> HalfCell:
        """A cell whose electrode as a whole has this isotherm and capacity.

        A lumped host gets plateaus (`plateaus`), one of a template in place of its slope. Two hosts get the isotherm
        both, for the curve of the whole does not say what belongs to which; `of_hosts` does.

        Raises ParameterError where the values do not fit the cell, such as a site above its upper cut-off.
        """
        if cell.hosts is not None:
            return cell.with_values({**self.changes("A"), **self.changes("B")})
        plateaus = {
            f"{branch.capitalize()} plateau {what}": list(numbers)
            for branch, made in self._staircases.items()
            for what, numbers in (
                ("potentials [V]", made.potentials),
                ("shares", made.shares),
                ("widths", made.widths),
            )
        }
        capacity = {names.SPECIFIC_CAPACITY: self.capacity}
        if not is_sloping(cell.values):
            return cell.with_values({**plateaus, **capacity})
        kept = {name: one for name, one in cell.system.values.items() if name not in SLOPING_CURVE}
        curve = {
            name: Value(name, tuple(numbers), "fitted", self.source, origin="isotherm")
            for name, numbers in plateaus.items()
        }
        system = checked_system(replace(cell.system, values={**kept, **curve}), cell.name)
        return replace(cell, system=system).with_values(capacity)

    def of_hosts(
        self,
        capacities: tuple[float, float] | None = None,
        peaks: tuple[Sequence[float], Sequence[float]] | None = None,
    ) -> "HostIsotherms":
        """Which sites belong to host A and which to host B.

        Parameters
        ----------
        capacities : tuple[float, float] | None, default None
            What A and B hold each, per gram of both [mA.h.g-1]; only their ratio counts. The sites of A are those whose
            shares sum to it most closely
        peaks : tuple[Sequence[float], Sequence[float]] | None, default None
            Instead: potentials at which A and B alone take up ions [V], such as peaks of their voltammograms. A site
            belongs to the host with the nearest one

        Returns
        -------
        HostIsotherms

        Raises
        ------
        ParameterError
            Unless there is one of both, for numbers that are not positive, or a host that is left without a site.
        """
        if (capacities is None) == (peaks is None):
            raise ParameterError("Give one of `capacities` and `peaks` of the hosts A and B.")
        if capacities is not None:
            chosen, told = by_capacity([one.share for one in self.sites], capacities)
        else:
            assert peaks is not None
            chosen, told = by_peaks(
                [one.potential - one.hysteresis / 2 for one in self.sites], peaks
            )
        others = [k for k in range(len(self.sites)) if k not in chosen]
        for letter, places in zip(LETTERS, (chosen, others), strict=True):
            if not places:
                raise ParameterError(
                    f"Host {letter} is left without a site: of {len(self.sites)} sites all would belong to the other "
                    "host. Ask for more sites (sites=), or look at the capacities or peaks."
                )
        return HostIsotherms(self.with_sites(chosen), self.with_sites(others), told)

    def plateaus(self, branch: str = "insertion") -> Staircase:
        """Plateaus of a lumped host (hetsim.laws.isotherm) that describe a branch; `rms` says how well."""
        if branch not in DIRECTIONS:
            raise ParameterError(f"A branch is 'insertion' or 'extraction', got '{branch}'.")
        return self._staircases[branch]

    @cached_property
    def _staircases(self) -> dict[str, Staircase]:
        return {branch: self._staircase(branch) for branch in DIRECTIONS}

    def _staircase(self, branch: str) -> Staircase:
        lowest = min(float(one.potential.min()) for one in self.branches)
        highest = max(float(one.potential.max()) for one in self.branches)
        ends = self.occupancy(np.array([highest, lowest]), branch)
        low, high = np.clip(ends, 1e-3, 1 - 1e-3)
        theta = np.linspace(low, high, 150)
        return staircase(theta, np.asarray(self.potential(theta, branch)), self.thermal_voltage)

    def to_toml(self, plateaus: bool = False) -> str:
        """Lines for a parameter file.

        Parameters
        ----------
        plateaus : bool, default False
            Those of a lumped host, for the [parameters] of a system, instead of the sites for [hosts.A.parameters]
            or the [ions.K] of a material

        Returns
        -------
        str
        """
        if plateaus:
            return "\n".join([self._capacity_line(names.SPECIFIC_CAPACITY), *self._plateau_lines()])
        frame = self.to_frame()
        lines = []
        for name, column in zip(
            ISOTHERM,
            ("potential [V]", "share", "width [RT/zF]", "hysteresis [V]"),
            strict=True,
        ):
            stem = column.split(" [")[0]
            low, high = frame[f"{stem} low"], frame[f"{stem} high"]
            told = ", ".join(f"{a:.3g} to {b:.3g}" for a, b in zip(low, high, strict=True))
            lines.append(_line(name, _shares(frame[column], stem), self.source, f"95 %: {told}"))
        return "\n".join([*lines, self._capacity_line(CAPACITY)])

    def _capacity_line(self, name: str) -> str:
        low, high = self.capacity_interval
        return _line(name, f"{self.capacity:.5g}", self.source, f"95 %: {low:.4g} to {high:.4g}")

    def _plateau_lines(self) -> list[str]:
        lines = []
        for branch in ("insertion", "extraction"):
            made = self.plateaus(branch)
            note = f"from {len(self.sites)} sites; {1000 * made.rms:.1f} mV rms"
            for what, numbers in (
                ("potentials [V]", made.potentials),
                ("shares", made.shares),
                ("widths", made.widths),
            ):
                name = f"{branch.capitalize()} plateau {what}"
                text = _shares(pd.Series(numbers, dtype=float), what[:-1])
                lines.append(_line(name, text, self.source, note))
        return lines

    def with_sites(self, places: list[int]) -> "Isotherm":
        """Some of the sites as an isotherm of their own, whose shares sum to one."""
        kept = [self.sites[k] for k in places]
        whole = sum(one.share for one in kept)
        sites = tuple(
            replace(
                one,
                share=one.share / whole,
                share_interval=(one.share_interval[0] / whole, one.share_interval[1] / whole),
            )
            for one in kept
        )
        low, high = (end * whole for end in self.capacity_interval)
        return replace(
            self, sites=sites, capacity=self.capacity * whole, capacity_interval=(low, high)
        )


@dataclass(frozen=True, eq=False)
class HostIsotherms:
    """The isotherms of both hosts, with capacities per gram of both hosts together.

    Parameters
    ----------
    a, b : Isotherm
        Of host A and of host B
    remarks : tuple[str, ...]
        How the sites were shared out, and whether another way was as good
    """

    a: Isotherm
    b: Isotherm
    remarks: tuple[str, ...]

    def on(self, cell: HalfCell) -> HalfCell:
        """A cell of two hosts with these isotherms; capacities are taken per gram of each host, by their mass shares.

        Raises ParameterError for a cell of one lumped host, or values that do not fit it.
        """
        if cell.hosts is None:
            raise ParameterError(f"{cell.name} has one lumped host; two isotherms need two hosts.")
        changes: dict[str, Any] = {}
        shares = mass_shares(cell.values.number)
        for letter, one, share in zip(LETTERS, (self.a, self.b), shares, strict=True):
            if not share > 0:
                raise ParameterError(
                    f"{cell.name} has no mass of host {letter}, so it has no isotherm."
                )
            changes |= replace(one, capacity=one.capacity / float(share)).changes(letter)
        return cell.with_values(changes)


def _shares(numbers: "pd.Series[float]", stem: str) -> str:
    """A list for a file; shares are rounded so that they still sum to one."""
    if not stem.startswith("share"):
        return "[" + ", ".join(f"{one:.5g}" for one in numbers) + "]"
    rounded = [round(float(one), 5) for one in numbers]
    rounded[int(np.argmax(rounded))] += 1 - sum(rounded)
    return "[" + ", ".join(f"{round(one, 5):g}" for one in rounded) + "]"


def _line(name: str, text: str, source: str, note: str) -> str:
    info = SCHEMA.get(name) or SCHEMA[of_component("A", name)]
    return (
        f'"{name}" = {{ value = {text}, kind = "fitted", source = "{source}", '
        f'range = [{info.low:g}, {info.high:g}], note = "{note}" }}'
    )
