"""Experiments as frozen values, in the units of the laboratory."""

from hetsim.protocols.cycling import Cycling
from hetsim.protocols.rate import RateTest

__all__ = ["Cycling", "RateTest"]
