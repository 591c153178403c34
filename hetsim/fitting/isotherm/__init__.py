"""Isotherms from measured curves: kinds of sites with intervals, and which of them belong to which host."""

from hetsim.fitting.isotherm.from_curve import isotherm_from
from hetsim.fitting.isotherm.result import FittedSite, HostIsotherms, Isotherm
from hetsim.fitting.isotherm.staircase import Staircase

__all__ = ["FittedSite", "HostIsotherms", "Isotherm", "Staircase", "isotherm_from"]
