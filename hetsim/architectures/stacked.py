"""What both stacks of layers share."""

from typing import Any

from hetsim.architectures.base import Architecture, Values
from hetsim.architectures.grains import GRAIN_SIZE, INTERFACE_WIDTH, VOLUME_FRACTION
from hetsim.laws import mixing


class Stack(Architecture):
    """Layers A B A B ...; "Grain size" is the mean thickness of a layer."""

    def layer_fraction(self, value: Values) -> Any:
        """Two half junction layers in each layer of the stack."""
        return mixing.interface_fraction(value(GRAIN_SIZE), value(INTERFACE_WIDTH), mixing.PLATES)

    def interface_area(self, value: Values) -> Any:
        """One junction for each layer."""
        return mixing.PLATES / value(GRAIN_SIZE)

    def unlike_boundaries(self, value: Values) -> Any:
        """All boundaries of an alternating stack; none where one host is missing. Numbers only."""
        return 1.0 if 0 < value(VOLUME_FRACTION) < 1 else 0.0
