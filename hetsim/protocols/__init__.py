"""Experiments as frozen values, in the units of the laboratory."""

from hetsim.protocols.rate import RateTest

__all__ = ["RateTest"]
