"""What both stacks of layers share."""

from typing import Any

from hetsim.architectures.base import Architecture
from hetsim.architectures.grains import GRAIN_SIZE, INTERFACE_WIDTH, VOLUME_FRACTION, Values
from hetsim.laws import mixing


class Stack(Architecture):
    """Layers A B A B ...; "Grain size" is the mean thickness of a layer."""

    def layer_fraction(self, value: Values) -> Any:
        """Two half junction layers in each layer of the stack; none where one host is missing."""
        layers = mixing.interface_fraction(value(GRAIN_SIZE), value(INTERFACE_WIDTH), mixing.PLATES)
        return layers * _both(value)

    def interface_area(self, value: Values) -> Any:
        """One junction for each layer; none where one host is missing."""
        return _both(value) * mixing.PLATES / value(GRAIN_SIZE)

    def unlike_boundaries(self, value: Values) -> Any:
        """All boundaries of an alternating stack; none where one host is missing. Numbers only."""
        return 1.0 if 0 < value(VOLUME_FRACTION) < 1 else 0.0


def _both(value: Values) -> Any:
    """1 where a stack has layers of both hosts, 0 where one is missing."""
    share = value(VOLUME_FRACTION)
    return (share > 0) * (share < 1)
