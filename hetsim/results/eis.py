"""What comes out of impedance spectroscopy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hetsim.late import late
from hetsim.results import quantities
from hetsim.results.outcome import Array, InParts, Outcome, Part
from hetsim.results.renamed import FormerSoc
from hetsim.results.run import Run
from hetsim.results.tables import table, variables

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr
else:
    xr = late("xarray")
    pd = late("pandas")

Complex = NDArray[np.complex128]


def spectrum_names(fillings: Sequence[float], numbers: Sequence[int] | None = None) -> list[str]:
    """What tells spectra apart in a legend or a table: their fillings, and their numbers where fillings repeat.

    numbers : of the spectra; None counts them from 0
    """
    told = [f"filling {round(filling, 3) + 0.0:g}" for filling in fillings]  # + 0.0: no "-0"
    if len(set(told)) == len(told):
        return told
    counted = range(len(told)) if numbers is None else numbers
    return [f"spectrum {number} ({one})" for number, one in zip(counted, told, strict=True)]


@dataclass(frozen=True, repr=False)
class Spectrum:
    """The impedance at one state of charge.

    filling : 0 extracted to 1 inserted;  potential : at rest [V];  frequency : [Hz]
    impedance : of the cell, per electrode area [Ohm.cm2];  area : of the electrode [cm2]
    """

    filling: float
    potential: float
    frequency: Array
    impedance: Complex
    area: float
    outcome: Outcome
    reason: str = ""
    charge_balance: float = float("nan")

    soc = FormerSoc()

    def __repr__(self) -> str:
        return f"<Spectrum at {spectrum_names([self.filling])[0]}: {self.outcome}, {self.frequency.size} frequencies>"

    @property
    def impedance_ohm(self) -> Complex:
        """Impedance of the cell with its area [Ohm]."""
        return self.impedance / self.area

    def to_frame(self) -> pd.DataFrame:
        """One row a frequency."""
        z = self.impedance
        return table(
            {
                quantities.FILLING: self.filling,
                quantities.POTENTIAL: self.potential,
                quantities.FREQUENCY: self.frequency,
                quantities.REAL: z.real,
                quantities.IMAGINARY: z.imag,
                quantities.REAL_OF_CELL: z.real / self.area,
                quantities.IMAGINARY_OF_CELL: z.imag / self.area,
            }
        )


@dataclass(frozen=True, repr=False)
class ImpedanceRun(InParts, Run):
    """Spectra along the state of charge."""

    spectra: tuple[Spectrum, ...]

    def __repr__(self) -> str:
        return f"<ImpedanceRun {self.system}, {self.model}: {len(self.spectra)} spectra>"

    @property
    def parts(self) -> Sequence[Part]:
        return self.spectra

    def to_frame(self) -> pd.DataFrame:
        """One row a frequency and state of charge; the first column counts the spectra from 0."""
        frames = []
        for number, spectrum in enumerate(self.spectra):
            frame = spectrum.to_frame()
            frame.insert(0, quantities.SPECTRUM.column, number)
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)

    def to_xarray(self) -> xr.Dataset:
        """Dimensions `filling` and `frequency`, real and imaginary part."""
        z = np.array([spectrum.impedance for spectrum in self.spectra])
        of_each = {
            quantities.POTENTIAL: [spectrum.potential for spectrum in self.spectra],
            quantities.OUTCOME: [spectrum.outcome.value for spectrum in self.spectra],
            quantities.REASON: [spectrum.reason for spectrum in self.spectra],
            quantities.CHARGE_BALANCE: [spectrum.charge_balance for spectrum in self.spectra],
        }
        return xr.Dataset(
            {
                **variables(
                    ("filling", "frequency"),
                    {quantities.REAL: z.real, quantities.IMAGINARY: z.imag},
                ),
                **variables("filling", of_each),
            },
            coords={
                **variables(
                    "filling", {quantities.FILLING: [spectrum.filling for spectrum in self.spectra]}
                ),
                **variables("frequency", {quantities.FREQUENCY: self.spectra[0].frequency}),
            },
            attrs=self.attributes,
        )
