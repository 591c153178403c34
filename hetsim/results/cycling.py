"""What comes out of a cycling test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.laws.energy import coulombic_efficiency
from hetsim.results import quantities
from hetsim.results.bdf import Stretch
from hetsim.results.later import made_later
from hetsim.results.outcome import Array, Outcome, names_of_engines
from hetsim.results.profiles import TIMES, profiles_of, the_part
from hetsim.results.quantities import CYCLE, Quantity
from hetsim.results.rate import Trace
from hetsim.results.run import Run
from hetsim.results.tables import table, variables

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
else:
    xr = late("xarray")
    pd = late("pandas")

_NOT_RUN = float("nan")

HALVES = ("insertion", "extraction")
"""Of a cycle, in their order."""


@dataclass(frozen=True)
class Cycle:
    """One insertion and the extraction after it; what was not reached is not a number.

    In a full cell the discharge inserts (into the positive electrode) and the charge extracts.

    Parameters
    ----------
    number : int
        Counted from 1 at the current of the test; formation is counted from 1 too
    current : float
        [A.g-1]
    formation : bool
        Whether it belongs to the formation
    outcome : Outcome
        How it ended
    reason : str, optional
        Why, where it did not end well
    insertion, extraction : float, optional
        Charge [mA.h.g-1]
    insertion_voltage, extraction_voltage : float, optional
        Means over the charge [V]
    charge_balance : float, optional
        Coulombs passed against inventory, relative [-]
    active_material : float, optional
        Share of the active material that is left at its end [-]
    settling : bool, optional
        Just after a leap, when the ions have not yet found their places
    traces : tuple[Trace, ...], optional
        Voltage of both half cycles, where kept
    solutions : tuple[Any, ...], optional
        The plain PyBaMM solutions of both half cycles, where kept; made when they are asked for
    engine : str, optional
        What solved it: "interpreter", "PyBaMM" or both in turn
    """

    number: int
    current: float
    formation: bool
    outcome: Outcome
    reason: str = ""
    insertion: float = _NOT_RUN
    extraction: float = _NOT_RUN
    insertion_voltage: float = _NOT_RUN
    extraction_voltage: float = _NOT_RUN
    charge_balance: float = _NOT_RUN
    active_material: float = 1.0
    settling: bool = False
    traces: tuple[Trace, ...] = field(default=(), repr=False, compare=False)
    solutions: tuple[Any, ...] = made_later(())
    engine: str = field(default="", repr=False, compare=False)

    @property
    def stage(self) -> str:
        """What it is for: formation, cycling or settling."""
        return "formation" if self.formation else "settling" if self.settling else "cycling"

    def profiles(
        self,
        half: str = "insertion",
        times: int | Sequence[float] = TIMES,
        quantities: Sequence[str] | None = None,
        electrode: str = "positive",
    ) -> xr.Dataset:
        """Profiles over the radius of the particles during one half of the cycle.

        Parameters
        ----------
        half : str, default 'insertion'
            "insertion" or "extraction"; in a full cell the discharge inserts
        times : int | Sequence[float], default 11
            Seconds since the start, or how many times from the start to the end
        quantities : Sequence[str] | None, default None
            Names of variables of the dataset, such as "electrochemical_potential"; None for all that there are
        electrode : str, default 'positive'
            "positive" or "negative"; the working electrode of a half cell is the positive one

        Returns
        -------
        xr.Dataset
            Over time [s] and radius (r/R at the nodes of the mesh), with size_class where there are several, x for
            a DFN and x_electrolyte [m]; each variable with its unit and long name. Built-in potential and field
            only with a radial field, occupancies of hosts A and B only with two hosts.

        Raises
        ------
        ParameterError
            Where no solution is kept (that of the last cycle is, and of those in `Cycling(traces=...)`), and for
            a half, a time, a quantity or an electrode that it does not have.

        Notes
        -----
        docs/physics.md, section 8.6, defines the quantities. Between two kept times the states are interpolated.
        """
        if half not in HALVES:
            raise ParameterError(
                f"profiles: the half of a cycle is {half!r}; allowed: {', '.join(HALVES)}."
            )
        number = HALVES.index(half)
        if self.outcome.good and not self.solutions:
            raise ParameterError(
                f"Cycle {self.number} keeps no solution to take profiles from: only the last cycle and those of "
                "Cycling(traces=...) do."
            )
        solution = self.solutions[number] if number < len(self.solutions) else None
        of = f"The {half} of cycle {self.number}"
        return profiles_of(solution, of, self.outcome, self.reason, times, quantities, electrode)

    @property
    def coulombic_efficiency(self) -> float:
        """Extracted over inserted charge [-]."""
        return float(coulombic_efficiency(self.insertion, self.extraction))

    @property
    def polarisation(self) -> float:
        """Mean voltage of extraction minus that of insertion [V]."""
        return self.extraction_voltage - self.insertion_voltage

    @property
    def energy_efficiency(self) -> float:
        """Energy that the half cell gives on insertion over what the extraction takes [-]."""
        taken = self.extraction * self.extraction_voltage
        return self.insertion * self.insertion_voltage / taken


@dataclass(frozen=True, repr=False, kw_only=True)
class CyclingResult(Run):
    """Cycle after cycle, with all that is needed to run it again.

    Parameters
    ----------
    formation : tuple[Cycle, ...]
        The cycles before those at the current of the test
    cycles : tuple[Cycle, ...]
        Those at the current of the test that were run; with `jump` some were leapt over
    reference : int
        The cycle that retention is counted from
    outcome : Outcome
        Cut-off reached if it ended as asked for
    reason : str
        Cut-off reached if it ended as asked for; otherwise what stopped it
    jump_error : float
        Share of the material lost by which the correction of the leaps changed it, 0 without
    ageing : str
        What was lost or grew
    per_gram_of : str
        Whose mass the capacities count by
    """

    formation: tuple[Cycle, ...]
    cycles: tuple[Cycle, ...]
    reference: int
    outcome: Outcome
    reason: str
    jump_error: float
    ageing: str
    per_gram_of: str

    def __repr__(self) -> str:
        end = f", {self.cycles[-1].insertion:.1f} mAh/g at the end" if self.cycles else ""
        kept = f" ({100 * self.retention[-1]:.1f} %)" if self.cycles else ""
        return f"<CyclingResult {self.system}, {self.model}: {len(self.cycles)} cycles{end}{kept}>"

    @property
    def engine(self) -> str:
        """What solved the cycles: "interpreter", "PyBaMM" or both."""
        return names_of_engines(self.cycles)

    @property
    def numbers(self) -> Array:
        """Cycle numbers."""
        return np.array([cycle.number for cycle in self.cycles])

    @property
    def capacities(self) -> Array:
        """Inserted charge [mA.h.g-1]."""
        return np.array([cycle.insertion for cycle in self.cycles])

    @property
    def retention(self) -> Array:
        """Inserted charge over that of the reference cycle, or of the last one if there are fewer [-]."""
        return (
            self.capacities / self.capacities[self._at_reference]
            if self.cycles
            else self.capacities
        )

    @property
    def counted_from(self) -> int | None:
        """Number of the cycle that retention is counted from: `reference`, or the last one if there are fewer."""
        return int(self.numbers[self._at_reference]) if self.cycles else None

    @property
    def _at_reference(self) -> int:
        return min(int(np.searchsorted(self.numbers, self.reference)), len(self.cycles) - 1)

    @property
    def good_cycles(self) -> int:
        """How many cycles, formation included, went from cut-off to cut-off."""
        return sum(cycle.outcome.good for cycle in (*self.formation, *self.cycles))

    @property
    def charge_balance(self) -> float:
        """Largest charge balance of all steps [-]."""
        return max(
            (cycle.charge_balance for cycle in (*self.formation, *self.cycles)), default=_NOT_RUN
        )

    def profiles(
        self,
        cycle: int | None = None,
        half: str = "insertion",
        times: int | Sequence[float] = TIMES,
        quantities: Sequence[str] | None = None,
        electrode: str = "positive",
    ) -> xr.Dataset:
        """Profiles over the radius of the particles during one half of a cycle.

        Parameters
        ----------
        cycle : int | None, default None
            Its number; None for the last one
        half : str, default 'insertion'
            "insertion" or "extraction"; in a full cell the discharge inserts
        times : int | Sequence[float], default 11
            Seconds since the start, or how many times from the start to the end
        quantities : Sequence[str] | None, default None
            Names of variables of the dataset, such as "electrochemical_potential"; None for all that there are
        electrode : str, default 'positive'
            "positive" or "negative"; the working electrode of a half cell is the positive one

        Returns
        -------
        xr.Dataset
            Over time [s] and radius (r/R at the nodes of the mesh), with size_class where there are several, x for
            a DFN and x_electrolyte [m]; each variable with its unit and long name. Built-in potential and field
            only with a radial field, occupancies of hosts A and B only with two hosts.

        Raises
        ------
        ParameterError
            Where no solution is kept (that of the last cycle is, and of those in `Cycling(traces=...)`), and for
            a cycle, a half, a time, a quantity or an electrode that it does not have.

        Notes
        -----
        docs/physics.md, section 8.6, defines the quantities. Between two kept times the states are interpolated.
        """
        number = self.cycles[-1].number if cycle is None and self.cycles else cycle
        chosen = the_part(self.cycles, self.numbers.tolist(), number, CYCLE)
        if chosen.solutions and half in HALVES:
            chosen = the_part(self.along_radius.cycles, self.numbers.tolist(), number, CYCLE)
        found = chosen.profiles(half, times, quantities, electrode)
        told = {"cycle": chosen.number, "half": half}
        return found.assign_attrs({**self.attributes, **found.attrs, **told})

    def _stretches(self) -> list[Stretch]:
        before = len(self.formation)
        counted = [
            *((cycle.number, cycle) for cycle in self.formation),
            *((before + cycle.number, cycle) for cycle in self.cycles),
        ]
        return [
            trace.stretch(sign * cycle.current, number)
            for number, cycle in counted
            for sign, trace in zip((1, -1), cycle.traces, strict=False)
        ]

    def _along_cycles(self, cycles: Sequence[Cycle]) -> dict[Quantity, Any]:
        """What each cycle gave, but for its retention."""
        return {
            quantities.CURRENT: [cycle.current for cycle in cycles],
            quantities.INSERTION_CAPACITY: [cycle.insertion for cycle in cycles],
            quantities.EXTRACTION_CAPACITY: [cycle.extraction for cycle in cycles],
            quantities.COULOMBIC_EFFICIENCY: [cycle.coulombic_efficiency for cycle in cycles],
            quantities.ENERGY_EFFICIENCY: [cycle.energy_efficiency for cycle in cycles],
            quantities.INSERTION_VOLTAGE: [cycle.insertion_voltage for cycle in cycles],
            quantities.EXTRACTION_VOLTAGE: [cycle.extraction_voltage for cycle in cycles],
            quantities.POLARISATION: [cycle.polarisation for cycle in cycles],
            quantities.ACTIVE_MATERIAL: [cycle.active_material for cycle in cycles],
            quantities.OUTCOME: [cycle.outcome.value for cycle in cycles],
            quantities.REASON: [cycle.reason for cycle in cycles],
            quantities.CHARGE_BALANCE: [cycle.charge_balance for cycle in cycles],
        }

    def to_frame(self) -> pd.DataFrame:
        """One row a cycle, formation first."""
        cycles = (*self.formation, *self.cycles)
        return table(
            {
                quantities.SYSTEM: [self.system] * len(cycles),
                quantities.STAGE: [cycle.stage for cycle in cycles],
                quantities.CYCLE: [cycle.number for cycle in cycles],
                quantities.RETENTION: [*[_NOT_RUN] * len(self.formation), *self.retention],
                **self._along_cycles(cycles),
            }
        )

    def to_xarray(self) -> xr.Dataset:
        """Dimension `cycle` (without formation), with units as attributes and the provenance."""
        attributes = {
            **self.attributes,
            "outcome": self.outcome.value,
            "reason": self.reason,
            "ageing": self.ageing,
            "per_gram_of": self.per_gram_of,
            "reference_cycle": self.reference,
            "jump_error": self.jump_error,
        }
        along_cycles = {quantities.RETENTION: self.retention, **self._along_cycles(self.cycles)}
        return xr.Dataset(
            variables("cycle", along_cycles),
            coords=variables("cycle", {quantities.CYCLE: self.numbers}),
            attrs=attributes,
        )
