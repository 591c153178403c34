"""What comes out of a protocol of several steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hetsim.errors import ParameterError
from hetsim.late import late
from hetsim.results import quantities
from hetsim.results.eis import ImpedanceRun, Spectrum
from hetsim.results.outcome import Outcome
from hetsim.results.tables import table
from hetsim.results.trace import TraceRun

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = late("pandas")


@dataclass(frozen=True)
class ProtocolStep:
    """One step as it was run.

    Parameters
    ----------
    number : int
        Counted from 0 in the order in which steps were run; the step of the trace
    kind : str
        "ConstantCurrent", "Rest", "Hold", "Ramp" or "EIS"
    start, duration : float
        [s]; a spectrum takes no time
    charge : float
        That it passed [mA.h.g-1], positive inserts
    final_voltage, final_current : float
        At its end [V], [A.g-1]; not a number where nothing was solved
    outcome : Outcome
        "protocol completed" where its duration ended it, "limit reached" where a voltage or current of its own
        did, "cut-off reached" where a cut-off of the cell did
    reason : str, optional
        Why, where it did not run as asked for
    """

    number: int
    kind: str
    start: float
    duration: float
    charge: float
    final_voltage: float
    final_current: float
    outcome: Outcome
    reason: str = ""


@dataclass(frozen=True, repr=False, kw_only=True)
class ProtocolRun(TraceRun):
    """The trace of all steps, their table and their spectra, with all that is needed to run it again.

    Parameters
    ----------
    step_list : tuple[ProtocolStep, ...]
        The steps in the order in which they were run; `steps` is their table
    spectra : tuple[Spectrum, ...]
        One for each EIS, in the order in which they were measured
    per_gram_of : str, optional
        Of a full cell, the material whose mass specific quantities count by

    Notes
    -----
    All else is that of a TraceRun, of the whole run: `to_frame` and `to_xarray` give the trace.
    """

    step_list: tuple[ProtocolStep, ...]
    spectra: tuple[Spectrum, ...] = ()
    per_gram_of: str = ""

    def __repr__(self) -> str:
        spectra = f", {len(self.spectra)} spectra" if self.spectra else ""
        return (
            f"<ProtocolRun {self.system}, {self.model}: {self.outcome}, {len(self.step_list)} steps"
            f"{spectra}, {self.trace!r}>"
        )

    @property
    def steps(self) -> pd.DataFrame:
        """One row a step: kind, start, duration, charge, voltage and current at its end, outcome, reason."""
        steps = self.step_list
        return table(
            {
                quantities.STEP: [one.number for one in steps],
                quantities.KIND: [one.kind for one in steps],
                quantities.START: [one.start for one in steps],
                quantities.DURATION: [one.duration for one in steps],
                quantities.CHARGE: [one.charge for one in steps],
                quantities.FINAL_VOLTAGE: [one.final_voltage for one in steps],
                quantities.FINAL_CURRENT: [one.final_current for one in steps],
                quantities.OUTCOME: [one.outcome.value for one in steps],
                quantities.REASON: [one.reason for one in steps],
            }
        )

    @property
    def charge(self) -> float:
        """Specific charge that all steps passed [mA.h.g-1], positive inserts."""
        return float(sum(one.charge for one in self.step_list))

    def of_kind(self, kind: str) -> Sequence[ProtocolStep]:
        """The steps of one kind, such as "Rest"."""
        return [one for one in self.step_list if one.kind == kind]

    def _require_time(self) -> None:
        if self.outcome.good and not self.trace.time.size:
            raise ParameterError(
                f"This run of {self.system} has no profiles and voltage components: {NO_TIME}."
            )

    @property
    def impedance(self) -> ImpedanceRun:
        """The spectra as a result of their own, as hs.run gives one for EIS. Raises ValueError without any."""
        if not self.spectra:
            raise ValueError(f"{self!r} has no spectra; hs.EIS() after a rest measures one.")
        provenance = {name: getattr(self, name) for name in _PROVENANCE}
        return ImpedanceRun(spectra=self.spectra, **provenance)


NO_TIME = "none of its steps took time, and no charge passed"
"""Of a run with an empty trace."""

_PROVENANCE = (
    "system", "model", "parameters", "parameters_hash", "protocol", "versions", "thermodynamic_status", "cell",
)  # fmt: skip
