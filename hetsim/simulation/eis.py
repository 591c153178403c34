"""Running impedance spectroscopy."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from hetsim import names
from hetsim.architectures import SwitchingField
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import SMALL_CURRENT, Segment, followed, linear_response
from hetsim.errors import ParameterError
from hetsim.protocols import EIS
from hetsim.results import Array, ImpedanceRun, Outcome, Spectrum
from hetsim.simulation.benches import by_model
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.simulation.run import check_protocol, provenance, run_protocol

SETTLING = 3600.0
"""Rest before the state is taken as steady [s]: the double layers charge within seconds."""


_REST = Segment(SETTLING, 0.0, shares=np.array([0.0, 1.0]))


@check_protocol.register
def _check(protocol: EIS, cell: HalfCell) -> None:
    if isinstance(cell.structure.architecture.field, SwitchingField):
        raise ParameterError(
            f"EIS: the field of {cell.name} switches with the sign of the current and has no linear "
            "response; allowed: StaticField() or StateDependentField()."
        )


@run_protocol.register
def _eis(protocol: EIS, cell: HalfCell, model: str) -> ImpedanceRun:
    spectra = tuple(
        spectrum_from_rest(protocol, cell, model, filling) for filling in protocol.filling
    )
    return ImpedanceRun(spectra=spectra, **provenance(cell, protocol, model))


def spectrum_from_rest(protocol: EIS, cell: HalfCell, model: str, filling: float) -> Spectrum:
    """The spectrum of a cell that has rested at a filling."""
    bench = spectrum_bench(cell, model, filling, protocol.after)
    pieces = bench.follow([_REST])
    chain = bench.chain(pieces)
    frequency = np.array(protocol.frequencies)
    state = pieces[-1].state
    if not chain.outcome.good or state is None:
        nothing = np.full(frequency.size, np.nan + 0j)
        area = bench.inputs[names.AREA]
        return Spectrum(filling, np.nan, frequency, nothing, area, chain.outcome, chain.reason)
    found = spectrum_at(bench, state, frequency, filling, float(chain.voltage[-1][-1]))
    return replace(found, charge_balance=chain.charge_balance)


def spectra_from_rest(
    cells: Sequence[HalfCell], protocol: EIS, model: str, filling: float
) -> list[Spectrum | None]:
    """The same of some cells, which come to rest side by side; None for a cell that `run` has to be asked about."""
    found: list[Spectrum | None] = [None] * len(cells)
    frequency = np.array(protocol.frequencies)

    def ready(cell: HalfCell) -> Potentiostat:
        _check(protocol, cell)
        return spectrum_bench(cell, model, filling, protocol.after)

    for places, benches in by_model(cells, ready):
        inputs = [bench.inputs for bench in benches]
        made = followed(benches[0].built, inputs, [[_REST]] * len(benches))
        if made is None:
            continue
        for row in np.flatnonzero(made.settled):
            potential = float(made.looked_at[names.VOLTAGE][row, -1])
            at_rest = spectrum_at(benches[row], made.states[row], frequency, filling, potential)
            found[places[row]] = replace(at_rest, charge_balance=float(made.balance[row]))
    return found


def spectrum_bench(cell: HalfCell, model: str, filling: float, after: str | None) -> Potentiostat:
    """The cell on the model that spectra are computed with."""
    bench = Potentiostat(cell, model, SMALL_CURRENT, filling, after)
    bench.inputs[names.HYSTERESIS_YIELD] = 0.0  # so small a current meets no branch
    return bench


def spectrum_at(
    bench: Potentiostat, state: Array, frequency: Array, filling: float, potential: float
) -> Spectrum:
    """The linear response of a resting state of the bench, without any charge that is passed.

    frequency : [Hz];  filling, potential : of the state, as the result tells them [-], [V]
    """
    area = bench.inputs[names.AREA]
    impedance = area * linear_response(bench.built).impedance(bench.inputs, state, frequency)
    return Spectrum(filling, potential, frequency, impedance, area, Outcome.COMPLETED)
