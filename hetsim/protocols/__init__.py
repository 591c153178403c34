"""Experiments as frozen values, in the units of the laboratory."""

from hetsim.protocols.cccv import CCCV
from hetsim.protocols.cv import CV
from hetsim.protocols.cycling import Cycling
from hetsim.protocols.eis import EIS
from hetsim.protocols.gitt import GITT
from hetsim.protocols.ici import ICI
from hetsim.protocols.protocol import Protocol
from hetsim.protocols.rate import RateTest
from hetsim.protocols.replay import Replay
from hetsim.protocols.steps import ConstantCurrent, Hold, Ramp, Rest

__all__ = [
    "CCCV",
    "CV",
    "EIS",
    "GITT",
    "ICI",
    "ConstantCurrent",
    "Cycling",
    "Hold",
    "Protocol",
    "Ramp",
    "RateTest",
    "Replay",
    "Rest",
]
