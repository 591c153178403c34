"""run(cell, protocol): from a cell and an experiment to a result."""

import warnings
from functools import cache, partial, singledispatch
from importlib.metadata import version
from typing import Any, overload

from hetsim.cells.full_cell import Cell, FullCell
from hetsim.cells.half_cell import HalfCell
from hetsim.engine.native.library import compiler_note
from hetsim.errors import ParameterError
from hetsim.models.kinds import check_kind
from hetsim.protocols import (
    CCCV,
    CV,
    EIS,
    GITT,
    ICI,
    ConstantCurrent,
    Cycling,
    Hold,
    Protocol,
    Ramp,
    RateTest,
    Replay,
    Rest,
)
from hetsim.results import (
    CyclingResult,
    ImpedanceRun,
    ProtocolRun,
    RateCurve,
    TraceRun,
    Voltammogram,
)

ON_FULL_CELLS = (RateTest, Cycling, Protocol, ICI, CCCV)
"""Protocols that do not ask which electrode works."""


@overload
def run(
    cell: Cell, protocol: RateTest, model: str = "SPMe", *, profiles: bool = False
) -> RateCurve: ...
@overload
def run(
    cell: Cell, protocol: Cycling, model: str = "SPMe", *, profiles: bool = False
) -> CyclingResult: ...
@overload
def run(
    cell: Cell, protocol: CV, model: str = "SPMe", *, profiles: bool = False
) -> Voltammogram: ...
@overload
def run(
    cell: Cell, protocol: EIS, model: str = "SPMe", *, profiles: bool = False
) -> ImpedanceRun: ...
@overload
def run(
    cell: Cell, protocol: Protocol | ICI | CCCV, model: str = "SPMe", *, profiles: bool = False
) -> ProtocolRun: ...
@overload
def run(
    cell: Cell,
    protocol: GITT | Replay | Rest | Hold | Ramp | ConstantCurrent,
    model: str = "SPMe",
    *,
    profiles: bool = False,
) -> TraceRun: ...
def run(cell: Cell, protocol: Any, model: str = "SPMe", *, profiles: bool = False) -> Any:
    """Run an experiment on a cell.

    Parameters
    ----------
    cell : HalfCell | FullCell
        A full cell for RateTest, Cycling and a Protocol of currents and rests
    protocol : protocol
        What is done to the cell, such as RateTest([0.1, 1, 10])
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN"
    profiles : bool, default False
        Whether particles without a radial field are divided along their radius at once, for each of the size
        classes, where relaxation modes stand for them otherwise; `result.profiles()` runs again to have them

    Returns
    -------
    RateCurve | CyclingResult | Voltammogram | ImpedanceRun | ProtocolRun | TraceRun
        The result of the protocol, with outcome, reason, charge balance and all that is needed to run it
        again.

    Raises
    ------
    ParameterError
        For a protocol that does not fit the cell, or an unknown model.
    TypeError
        If `cell` is no cell or `protocol` is no protocol.

    Notes
    -----
    The first run of a structure in a process builds its model, which takes about a second. Later runs with
    other values take milliseconds.
    """
    if not isinstance(cell, HalfCell | FullCell):
        raise TypeError(f"hs.run needs a cell, got {cell!r}; hs.load('CZT') makes one.")
    check(protocol, cell)
    check_kind(model)
    _say_what_is_missing()
    divided = cell.with_volumes()
    if profiles or divided.structure == cell.structure:
        return run_protocol(protocol, divided, model)
    again = partial(run_protocol, protocol, divided, model)
    return run_protocol(protocol, cell, model).with_again(again)


@cache
def _say_what_is_missing() -> None:
    """Warn once in a process where the engine is missing."""
    if compiler_note():
        warnings.warn(compiler_note(), RuntimeWarning, stacklevel=3)


def check(protocol: Any, cell: Cell) -> None:
    """Whether a protocol fits a cell, before anything runs. Raises ParameterError if it does not."""
    if isinstance(protocol, str | list | tuple):
        steps = repr(protocol) if isinstance(protocol, str) else "..."
        raise TypeError(f"Steps are given as a protocol: hs.Protocol([{steps}]).")
    if isinstance(cell, FullCell) and not isinstance(protocol, ON_FULL_CELLS):
        raise ParameterError(
            f"{cell.name} is a full cell, which runs RateTest, Cycling and a Protocol of currents and rests; "
            f"{type(protocol).__name__} runs on its electrodes, which are half cells: `cell.negative` and "
            "`cell.positive`."
        )
    check_protocol(protocol, cell)


@singledispatch
def check_protocol(protocol: Any, cell: Any) -> None:
    """One registered function for each protocol whose values may not fit a cell."""


@singledispatch
def run_protocol(protocol: Any, cell: Cell, model: str) -> Any:
    """One registered function for each protocol."""
    raise TypeError(f"{type(protocol).__name__} is not a protocol; try hs.RateTest([0.1, 1, 10]).")


def provenance(cell: Cell, protocol: Any, model: str) -> dict[str, Any]:
    """The fields of `results.Run`."""
    return {
        "system": cell.name,
        "model": model,
        "parameters": dict(cell.values),
        "parameters_hash": cell.parameters_hash,
        "protocol": repr(protocol),
        "versions": versions(),
        "thermodynamic_status": cell.thermodynamic_status,
        "cell": cell,
    }


def versions() -> dict[str, str]:
    """Versions of what a result depends on."""
    return {
        name: _version(name) for name in ("hetsim", "pybamm", "pybammsolvers", "casadi", "numpy")
    }


@cache
def _version(name: str) -> str:
    return version(name)
