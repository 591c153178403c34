"""What comes out of impedance spectroscopy."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from hetsim.results import quantities
from hetsim.results.outcome import Array, InParts, Outcome, Part
from hetsim.results.renamed import FormerSoc
from hetsim.results.run import Run
from hetsim.results.tables import table, variables

Complex = NDArray[np.complex128]


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
        return f"<Spectrum at filling {self.filling:g}: {self.outcome}, {self.frequency.size} frequencies>"

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
        """One row a frequency and state of charge."""
        return pd.concat([spectrum.to_frame() for spectrum in self.spectra], ignore_index=True)

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
