"""hetsim: battery cells with heterostructure electrodes, simulated on PyBaMM.

    import hetsim as hs
    cell = hs.load("CZT")
    curve = hs.run(cell, hs.RateTest([0.1, 1, 10]))

Names are loaded when they are first used, so that reading and listing parameter sets does not wait for
PyBaMM.
"""

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

os.environ.setdefault("PYBAMM_DISABLE_TELEMETRY", "true")

if TYPE_CHECKING:  # what a type checker sees; the table below says the same to Python
    from hetsim import analysis as analysis
    from hetsim import exchange as exchange
    from hetsim import plots as plots
    from hetsim.architectures import CoreShell as CoreShell
    from hetsim.architectures import DiluteCarriers as DiluteCarriers
    from hetsim.architectures import Dispersed as Dispersed
    from hetsim.architectures import LatticeCarriers as LatticeCarriers
    from hetsim.architectures import Mixture as Mixture
    from hetsim.architectures import NoChannel as NoChannel
    from hetsim.architectures import StackedParallel as StackedParallel
    from hetsim.architectures import StackedSeries as StackedSeries
    from hetsim.cells.full_cell import FullCell as FullCell
    from hetsim.cells.half_cell import HalfCell as HalfCell
    from hetsim.cells.heterostructure import Host as Host
    from hetsim.cells.heterostructure import heterostructure as heterostructure
    from hetsim.cells.load import load as load
    from hetsim.cells.template import template as template
    from hetsim.errors import HetsimError as HetsimError
    from hetsim.errors import ParameterError as ParameterError
    from hetsim.exchange.cite import cite as cite
    from hetsim.fitting import FitResult as FitResult
    from hetsim.fitting import FreeValue as FreeValue
    from hetsim.fitting.compared import compare_models as compare_models
    from hetsim.fitting.evidence import Candidate as Candidate
    from hetsim.fitting.evidence import Evidence as Evidence
    from hetsim.fitting.evidence import evidence as evidence
    from hetsim.fitting.experiments import Experiment as Experiment
    from hetsim.fitting.explain import explain as explain
    from hetsim.fitting.explanation import Explanation as Explanation
    from hetsim.fitting.fit import fit as fit
    from hetsim.fitting.isotherm import Isotherm as Isotherm
    from hetsim.fitting.isotherm import isotherm_from as isotherm_from
    from hetsim.fitting.observations import AgedCapacity as AgedCapacity
    from hetsim.fitting.observations import ExtractionData as ExtractionData
    from hetsim.fitting.observations import Polarisation as Polarisation
    from hetsim.fitting.observations import RateData as RateData
    from hetsim.fitting.observations import SpectrumData as SpectrumData
    from hetsim.fitting.observations import TitrationData as TitrationData
    from hetsim.fitting.observations import VoltageCurveData as VoltageCurveData
    from hetsim.fitting.observations import VoltammogramData as VoltammogramData
    from hetsim.fitting.plan import Plan as Plan
    from hetsim.fitting.plan import plan as plan
    from hetsim.junctions.report import Junction as Junction
    from hetsim.measurements import Reading as Reading
    from hetsim.measurements import measured as measured
    from hetsim.measurements import read as read
    from hetsim.parameters.system_file import system_names as system_names
    from hetsim.prediction.predict import predict as predict
    from hetsim.prediction.prediction import Prediction as Prediction
    from hetsim.protocols import CCCV as CCCV
    from hetsim.protocols import CV as CV
    from hetsim.protocols import EIS as EIS
    from hetsim.protocols import GITT as GITT
    from hetsim.protocols import ICI as ICI
    from hetsim.protocols import ConstantCurrent as ConstantCurrent
    from hetsim.protocols import Cycling as Cycling
    from hetsim.protocols import Hold as Hold
    from hetsim.protocols import Protocol as Protocol
    from hetsim.protocols import Ramp as Ramp
    from hetsim.protocols import RateTest as RateTest
    from hetsim.protocols import Replay as Replay
    from hetsim.protocols import Rest as Rest
    from hetsim.results import Cycle as Cycle
    from hetsim.results import CyclingResult as CyclingResult
    from hetsim.results import Outcome as Outcome
    from hetsim.results import ProtocolRun as ProtocolRun
    from hetsim.results import RateCurve as RateCurve
    from hetsim.results import RatePoint as RatePoint
    from hetsim.results import TimeTrace as TimeTrace
    from hetsim.results.comparison import Comparison as Comparison
    from hetsim.results.comparison import compare as compare
    from hetsim.simulation.run import run as run
    from hetsim.solid_electrolytes.electrolyte import SolidElectrolyte as SolidElectrolyte
    from hetsim.solid_electrolytes.electrolyte import solid_electrolyte as solid_electrolyte
    from hetsim.solid_electrolytes.half_cell import lfp_cell as lfp_cell
    from hetsim.submodels import ChargeDrivenLoss as ChargeDrivenLoss
    from hetsim.submodels import ReactionDrivenLoss as ReactionDrivenLoss
    from hetsim.submodels import SEIGrowth as SEIGrowth
    from hetsim.submodels import StateDependentField as StateDependentField
    from hetsim.submodels import StaticField as StaticField
    from hetsim.submodels import SwitchingField as SwitchingField
    from hetsim.sweeping import Cases as Cases
    from hetsim.sweeping import Grid as Grid
    from hetsim.sweeping import LatinHypercube as LatinHypercube
    from hetsim.sweeping import LinearRange as LinearRange
    from hetsim.sweeping import LogRange as LogRange
    from hetsim.sweeping import MorrisDesign as MorrisDesign
    from hetsim.sweeping import Product as Product
    from hetsim.sweeping import SaltelliDesign as SaltelliDesign
    from hetsim.sweeping import SobolSequence as SobolSequence
    from hetsim.sweeping import Zip as Zip
    from hetsim.sweeping import open_sweep as open_sweep
    from hetsim.sweeping import read_study as read_study
    from hetsim.sweeping.local_sensitivity import local_sensitivity as local_sensitivity
    from hetsim.sweeping.sensitivity import sensitivity as sensitivity
    from hetsim.sweeping.sweep import sweep as sweep

_WHERE = {
    "HalfCell": "cells.half_cell",
    "FullCell": "cells.full_cell",
    "load": "cells.load",
    "heterostructure": "cells.heterostructure",
    "Host": "cells.heterostructure",
    "template": "cells.template",
    "compare_models": "fitting.compared",
    "Mixture": "architectures",
    "Dispersed": "architectures",
    "StackedParallel": "architectures",
    "StackedSeries": "architectures",
    "CoreShell": "architectures",
    "DiluteCarriers": "architectures",
    "LatticeCarriers": "architectures",
    "NoChannel": "architectures",
    "RateTest": "protocols",
    "GITT": "protocols",
    "CV": "protocols",
    "EIS": "protocols",
    "Replay": "protocols",
    "Rest": "protocols",
    "Ramp": "protocols",
    "Protocol": "protocols",
    "ICI": "protocols",
    "CCCV": "protocols",
    "Hold": "protocols",
    "ConstantCurrent": "protocols",
    "TimeTrace": "results",
    "Cycling": "protocols",
    "RateCurve": "results",
    "RatePoint": "results",
    "CyclingResult": "results",
    "Cycle": "results",
    "Outcome": "results",
    "ProtocolRun": "results",
    "run": "simulation.run",
    "compare": "results.comparison",
    "Comparison": "results.comparison",
    "measured": "measurements",
    "read": "measurements",
    "Reading": "measurements",
    "fit": "fitting.fit",
    "Candidate": "fitting.evidence",
    "Evidence": "fitting.evidence",
    "evidence": "fitting.evidence",
    "Explanation": "fitting.explanation",
    "explain": "fitting.explain",
    "Experiment": "fitting.experiments",
    "Plan": "fitting.plan",
    "plan": "fitting.plan",
    "SolidElectrolyte": "solid_electrolytes.electrolyte",
    "solid_electrolyte": "solid_electrolytes.electrolyte",
    "lfp_cell": "solid_electrolytes.half_cell",
    "Prediction": "prediction.prediction",
    "predict": "prediction.predict",
    "FreeValue": "fitting",
    "FitResult": "fitting",
    "Isotherm": "fitting.isotherm",
    "isotherm_from": "fitting.isotherm",
    "AgedCapacity": "fitting.observations",
    "Polarisation": "fitting.observations",
    "ExtractionData": "fitting.observations",
    "RateData": "fitting.observations",
    "SpectrumData": "fitting.observations",
    "TitrationData": "fitting.observations",
    "VoltageCurveData": "fitting.observations",
    "VoltammogramData": "fitting.observations",
    "Junction": "junctions.report",
    "StaticField": "submodels",
    "StateDependentField": "submodels",
    "SwitchingField": "submodels",
    "ChargeDrivenLoss": "submodels",
    "ReactionDrivenLoss": "submodels",
    "SEIGrowth": "submodels",
    "sweep": "sweeping.sweep",
    "open_sweep": "sweeping",
    "Grid": "sweeping",
    "Zip": "sweeping",
    "Cases": "sweeping",
    "LatinHypercube": "sweeping",
    "SobolSequence": "sweeping",
    "SaltelliDesign": "sweeping",
    "MorrisDesign": "sweeping",
    "LinearRange": "sweeping",
    "LogRange": "sweeping",
    "Product": "sweeping",
    "read_study": "sweeping",
    "sensitivity": "sweeping.sensitivity",
    "local_sensitivity": "sweeping.local_sensitivity",
    "cite": "exchange.cite",
    "HetsimError": "errors",
    "ParameterError": "errors",
    "system_names": "parameters.system_file",
}
_MODULES = ("analysis", "exchange", "plots")

__all__ = [*_WHERE, *_MODULES]


if not TYPE_CHECKING:  # a type checker must not take any name for one of ours

    def __getattr__(name: str) -> Any:
        if name in _WHERE:
            return getattr(import_module(f"hetsim.{_WHERE[name]}"), name)
        if name in _MODULES:
            return import_module(f"hetsim.{name}")
        raise AttributeError(f"module 'hetsim' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted(__all__)
