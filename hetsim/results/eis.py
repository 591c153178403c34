"""What comes out of impedance spectroscopy."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import xarray as xr
from numpy.typing import NDArray

from hetsim.results.outcome import Array, Outcome, largest_balance, worst_part
from hetsim.results.renamed import FormerSoc
from hetsim.results.run import Run

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
        """Of the cell with its area [Ohm]."""
        return self.impedance / self.area

    def to_frame(self) -> pd.DataFrame:
        """One row a frequency."""
        z = self.impedance
        return pd.DataFrame(
            {
                "filling": self.filling,
                "potential_V": self.potential,
                "frequency_Hz": self.frequency,
                "real_Ohm_cm2": z.real,
                "imaginary_Ohm_cm2": z.imag,
                "real_Ohm": z.real / self.area,
                "imaginary_Ohm": z.imag / self.area,
            }
        )


@dataclass(frozen=True, repr=False)
class ImpedanceRun(Run):
    """Spectra along the state of charge."""

    spectra: tuple[Spectrum, ...]

    def __repr__(self) -> str:
        return f"<ImpedanceRun {self.system}, {self.model}: {len(self.spectra)} spectra>"

    @property
    def outcome(self) -> Outcome:
        """Outcome of the first spectrum that did not end well, else of the first."""
        return worst_part(self.spectra).outcome

    @property
    def reason(self) -> str:
        """What went wrong there, empty if nothing did."""
        return worst_part(self.spectra).reason

    @property
    def charge_balance(self) -> float:
        """Largest charge balance of all spectra [-]."""
        return largest_balance(self.spectra)

    def to_frame(self) -> pd.DataFrame:
        """One row a frequency and state of charge."""
        return pd.concat([one.to_frame() for one in self.spectra], ignore_index=True)

    def to_xarray(self) -> xr.Dataset:
        """Dimensions `filling` and `frequency`, real and imaginary part."""
        z = np.array([one.impedance for one in self.spectra])
        dims, units = ("filling", "frequency"), {"units": "Ohm.cm2"}
        return xr.Dataset(
            {
                "real": (dims, z.real, units),
                "imaginary": (dims, z.imag, units),
                "potential": ("filling", [one.potential for one in self.spectra], {"units": "V"}),
                "outcome": ("filling", [one.outcome.value for one in self.spectra]),
            },
            coords={
                "filling": ("filling", [one.filling for one in self.spectra], {"units": "1"}),
                "frequency": ("frequency", self.spectra[0].frequency, {"units": "Hz"}),
            },
            attrs=self.attributes,
        )
