"""What can be imposed on a cell: a current or a voltage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hetsim import names
from hetsim.late import late
from hetsim.models.solver import TOLERANCES

if TYPE_CHECKING:
    import pybamm
else:
    pybamm = late("pybamm")

LEAST_RESISTANCE = 1e-2
"""In series with a double layer [Ohm.cm2]: without any, its charge would follow an imposed potential at
once and the current would be a derivative. 10 mA/cm2 drop 0.1 mV in it."""

_LONGER = "try a smaller built-in potential or a longer Debye length"
_WIDER = "try a lower current or a wider step of the open-circuit curve"
_SLOWER = "try a slower ramp, a lower current or a larger 'Double-layer capacity [F.m-2]'"
_FILM = "a smaller 'SEI solvent diffusivity [m2.s-1]' (a film that takes more than the current empties the sites)"


@dataclass(frozen=True)
class Drive:
    """What is imposed, and how closely it is solved.

    parameter : PyBaMM's parameter that is imposed
    ramps : it may change in time; else its level is an input and nothing depends on time
    options : of PyBaMM
    double_layer : the surfaces hold a double layer, if the cell has one
    tolerances : of the solver by model, {} for those of `models.solver`
    interpreted : relative and absolute tolerance of the interpreter
    """

    parameter: str
    ramps: bool = False
    options: Mapping[str, str] = field(default_factory=dict)
    double_layer: bool = False
    tolerances: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    interpreted: Mapping[str, float] = field(default_factory=lambda: {"rtol": 1e-5, "atol": 1e-5})

    @property
    def inputs(self) -> tuple[str, ...]:
        """Names of the inputs that say what is imposed."""
        if not self.ramps:
            return (self.parameter,)
        return names.DRIVE_LEVEL, names.DRIVE_SLOPE, names.DRIVE_START, names.CURRENT_LIMIT

    def imposed(self) -> Mapping[str, Any]:
        """What replaces the parameter in the model."""
        if not self.ramps:
            return {}
        level, slope, start, _ = (pybamm.Parameter(one) for one in self.inputs)
        return {self.parameter: level + slope * (pybamm.t - start)}

    def events(self, model: Any) -> list[Any]:
        """What ends a solution beside the cut-offs: a current that has fallen to a limit."""
        if not self.ramps:
            return []
        current, limit = abs(model.variables[names.CURRENT_NOW]), pybamm.Parameter(self.inputs[-1])
        return [pybamm.Event(names.CURRENT_LIMIT, current - limit)]

    def advice(self, has_field: bool, has_film: bool = False) -> str:
        """What a user can try where no solver succeeds, with a field in the particles, a film on them or without; half
        a sentence."""
        if self.ramps or self.double_layer:
            told = f"{_SLOWER}, or a longer Debye length" if has_field else _SLOWER
        else:
            told = _LONGER if has_field else _WIDER
        return f"{told}, or {_FILM}" if has_film else told

    def solver_options(self, kind: str) -> Mapping[str, Any]:
        """Tolerances for a model."""
        return self.tolerances.get(kind, {})


TO_CUT_OFF = Drive(
    names.CURRENT,
    tolerances={
        kind: dict.fromkeys(("rtol", "atol"), tolerance) for kind, tolerance in TOLERANCES.items()
    },
    interpreted={"rtol": 2e-4, "atol": 2e-4},
)
"""A constant current to a cut-off, as in a rate test: solved as closely as a capacity needs."""

CURRENT = Drive(names.CURRENT)
"""A constant current whose voltage is looked at along the way, as in a titration: solved more closely. It
shares the built model of TO_CUT_OFF."""

VOLTAGE = Drive(
    names.VOLTAGE_FUNCTION,
    ramps=True,
    options={"operating mode": "voltage"},
    double_layer=True,
    tolerances={kind: {"rtol": 1e-6, "atol": 1e-8} for kind in TOLERANCES},
    interpreted={"rtol": 2e-6, "atol": 2e-8},
)
"""The current is a state, which starts from nothing: a looser absolute tolerance lets it start late."""

LAYERED_CURRENT = Drive(names.CURRENT, double_layer=True)
"""A current beside which the double layer charges: for protocols that also hold or ramp the voltage, so that
its charge goes on from step to step. A current that jumps far is a transient of microseconds."""

SMALL_CURRENT = LAYERED_CURRENT
"""For the linear response."""
