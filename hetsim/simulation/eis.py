"""Running impedance spectroscopy."""

import numpy as np

from hetsim import names
from hetsim.architectures import SwitchingField
from hetsim.cells.half_cell import HalfCell
from hetsim.engine import SMALL_CURRENT, Segment, linear_response
from hetsim.errors import ParameterError
from hetsim.protocols import EIS
from hetsim.results import ImpedanceRun, Outcome, Spectrum
from hetsim.simulation.potentiostat import Potentiostat
from hetsim.simulation.run import check_protocol, provenance, run_protocol

SETTLING = 3600.0
"""Rest before the state is taken as steady [s]: the double layers charge within seconds."""


@check_protocol.register
def _check(protocol: EIS, cell: HalfCell) -> None:
    if isinstance(cell.structure.architecture.field, SwitchingField):
        raise ParameterError(
            f"EIS: the field of {cell.name} switches with the sign of the current and has no linear "
            "response; allowed: StaticField() or StateDependentField()."
        )


@run_protocol.register
def _eis(protocol: EIS, cell: HalfCell, model: str) -> ImpedanceRun:
    spectra = tuple(_spectrum(protocol, cell, model, filling) for filling in protocol.filling)
    return ImpedanceRun(spectra=spectra, **provenance(cell, protocol, model))


def _spectrum(protocol: EIS, cell: HalfCell, model: str, filling: float) -> Spectrum:
    bench = Potentiostat(cell, model, SMALL_CURRENT, filling, protocol.after)
    bench.inputs[names.HYSTERESIS_YIELD] = 0.0  # so small a current meets no branch
    pieces = bench.follow([Segment(SETTLING, 0.0, shares=np.array([0.0, 1.0]))])
    chain = bench.chain(pieces)
    frequency = np.array(protocol.frequencies)
    area = bench.inputs["Electrode area [cm2]"]
    state = pieces[-1].state
    if not chain.outcome.good or state is None:
        nothing = np.full(frequency.size, np.nan + 0j)
        return Spectrum(filling, np.nan, frequency, nothing, area, chain.outcome, chain.reason)
    impedance = area * linear_response(bench.built).impedance(bench.inputs, state, frequency)
    return Spectrum(
        filling,
        float(chain.voltage[-1][-1]),
        frequency,
        impedance,
        area,
        Outcome.COMPLETED,
        charge_balance=chain.charge_balance,
    )
