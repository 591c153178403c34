"""Measured data: rate curves of the parameter files, and files of the user's, read by recognition."""

from hetsim.measurements.cv import CV_COLUMNS, CvCycle, read_voltammogram_csv
from hetsim.measurements.cycle_table import CycleTable
from hetsim.measurements.rate import COLUMNS, measured, read_rate_csv
from hetsim.measurements.reading import Reading, read
from hetsim.measurements.spectrum import SPECTRUM_COLUMNS, MeasuredSpectrum, read_spectrum_csv
from hetsim.measurements.stated import Stated
from hetsim.measurements.trace import TRACE_COLUMNS, read_trace_csv

__all__ = [
    "COLUMNS",
    "CV_COLUMNS",
    "SPECTRUM_COLUMNS",
    "TRACE_COLUMNS",
    "CvCycle",
    "CycleTable",
    "MeasuredSpectrum",
    "Reading",
    "Stated",
    "measured",
    "read",
    "read_rate_csv",
    "read_spectrum_csv",
    "read_trace_csv",
    "read_voltammogram_csv",
]
