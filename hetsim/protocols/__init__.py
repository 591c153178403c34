"""Experiments as frozen values, in the units of the laboratory."""

from hetsim.protocols.cv import CV
from hetsim.protocols.cycling import Cycling
from hetsim.protocols.eis import EIS
from hetsim.protocols.gitt import GITT
from hetsim.protocols.rate import RateTest
from hetsim.protocols.replay import Replay
from hetsim.protocols.steps import ConstantCurrent, Hold, Rest

__all__ = ["CV", "EIS", "GITT", "ConstantCurrent", "Cycling", "Hold", "RateTest", "Replay", "Rest"]
