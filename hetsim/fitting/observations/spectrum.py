"""An impedance spectrum at a filling."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hetsim.cells.half_cell import HalfCell
from hetsim.errors import ParameterError
from hetsim.fitting.observations.base import FitWarning, Observation, each_or_none, relative
from hetsim.fitting.observations.correlation import widened
from hetsim.measurements.spectrum import MeasuredSpectrum
from hetsim.protocols import EIS
from hetsim.results import Array, Spectrum
from hetsim.simulation import run
from hetsim.simulation.eis import spectra_from_rest

SHARE = 0.03
"""Of real and imaginary part, as a share of |Z|: an instrument is off by 1 %, a cell drifts meanwhile."""
A_DECADE = 2.0
"""Independent numbers of a decade of frequency. A process with one time constant is 1.1 decades wide, and Kramers and
Kronig tie the imaginary part to the real one."""
KEPT = 4
"""Frequencies that are kept of a decade."""


@dataclass(frozen=True, repr=False, eq=False)
class SpectrumData(Observation):
    """A measured spectrum; real and imaginary part as shares of the measured |Z|.

    The cell of the model has no inductance: frequencies at which the measured one is inductive are left out.

    Parameters
    ----------
    measured : MeasuredSpectrum
        At least 10 frequencies, in Ohm.cm2 or, of the whole cell, in Ohm
    filling : float | None, default None
        Of the cell, 0 extracted to 1 inserted; None takes that of the measured spectrum
    after : str | None, default None
        Branch on which it rests there, as in `hs.EIS`
    level : float, default SHARE
        Standard deviation of real and imaginary part, as a share of |Z|

    Raises
    ------
    ParameterError
        For a filling that is not known or not from 0 to 1, a spectrum that is inductive or not finite, or a noise that
        is not positive.
    """

    measured: MeasuredSpectrum
    filling: float | None = None
    after: str | None = None
    level: float = SHARE

    def __post_init__(self) -> None:
        where = f"The {self.measured.label}"
        filling = self.measured.filling if self.filling is None else self.filling
        if filling is None:
            raise ParameterError(
                f"{where} does not say at which filling it was measured; give SpectrumData(spectrum, filling=0.5), "
                "0 extracted to 1 inserted."
            )
        object.__setattr__(self, "filling", filling)
        if self.measured.unit not in ("Ohm.cm2", "Ohm"):
            raise ParameterError(f"{where} is in '{self.measured.unit}'; allowed: Ohm.cm2 and Ohm.")
        if not np.isfinite(self.measured.impedance).all():
            raise ParameterError(f"{where} holds what is no finite number.")
        relative(self.level, "impedance")
        if len(self._places) < 5:
            raise ParameterError(
                f"{where} has {len(self._places)} frequencies without an inductance; a fit needs 5 at least."
            )
        _ = self.protocol

    def __repr__(self) -> str:
        return f"<SpectrumData at filling {self.filling:g}: {len(self.measured.frequency)} frequencies>"

    @property
    def kind(self) -> str:
        return "spectrum"

    @cached_property
    def _places(self) -> NDArray[np.intp]:
        """Of frequencies that are kept: capacitive, and a few of each decade."""
        capacitive = np.flatnonzero(self.measured.impedance.imag <= 0)
        if not capacitive.size:
            return capacitive
        decades = np.log10(self.measured.frequency[capacitive])
        wanted = np.arange(decades.min(), decades.max() + 1e-9, 1 / KEPT)
        nearest = np.abs(decades[:, np.newaxis] - wanted).argmin(axis=0)
        return capacitive[np.unique(nearest)]

    @property
    def frequency(self) -> Array:
        """That are compared [Hz]."""
        return self.measured.frequency[self._places]

    @cached_property
    def protocol(self) -> EIS:
        return EIS(self.filling, self.frequency.tolist(), after=self.after)

    @cached_property
    def _size(self) -> Array:
        return np.abs(self.measured.impedance[self._places])

    def _numbers(self, impedance: Any) -> Array:
        return np.concatenate([impedance.real / self._size, impedance.imag / self._size])

    @cached_property
    def data(self) -> Array:
        return self._numbers(self.measured.impedance[self._places])

    @cached_property
    def noise(self) -> Array:
        return widened(np.full(len(self.data), self.level), self.independent)

    @cached_property
    def independent(self) -> float:
        decades = float(np.log10(self.frequency.max() / self.frequency.min()))
        return min(float(len(self.data)), max(1.0, A_DECADE * decades))

    @property
    def bears(self) -> int:
        return 5

    def simulated(self, cells: Sequence[HalfCell], model: str) -> list[Array | None]:
        def of(cell: HalfCell) -> Array | None:
            [found] = run(cell, self.protocol, model).spectra
            return self._of_spectrum(found)

        [filling] = self.protocol.filling
        together = spectra_from_rest(cells, self.protocol, model, filling)
        return each_or_none(
            cells, of, [None if one is None else self._of_spectrum(one) for one in together]
        )

    def _of_spectrum(self, found: Spectrum) -> Array | None:
        """The numbers of a simulated spectrum; None where it failed."""
        if not found.outcome.good:
            return None
        whole = self.measured.unit == "Ohm"
        return self._numbers(found.impedance_ohm if whole else found.impedance)

    @property
    def coordinates(self) -> Mapping[str, Any]:
        return {
            "filling": self.filling,
            "frequency [Hz]": np.tile(self.frequency, 2),
            "part": np.repeat(["real", "imaginary"], len(self.frequency)),
        }

    def shown(self, numbers: Array) -> Array:
        return numbers * np.tile(self._size, 2)

    @property
    def quantity(self) -> str:
        return f"impedance [{self.measured.unit}]"

    def warnings(self, cell: HalfCell) -> list[FitWarning]:
        left_out = int(np.count_nonzero(self.measured.impedance.imag > 0))
        if not left_out:
            return []
        return [
            FitWarning(
                "inductive frequencies left out",
                f"{left_out} of {len(self.measured.frequency)} frequencies of the {self.measured.label} of {cell.name} "
                "have a positive imaginary part; leads and windings are not in the model.",
            )
        ]
