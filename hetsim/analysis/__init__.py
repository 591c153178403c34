"""The analysis that an experimentalist does, on simulated and on measured data alike.

Plain functions of arrays in the units of the laboratory; each says its limits and its source. `bias`
puts a known truth in and returns what an analysis finds.
"""

from hetsim.analysis.b_values import (
    Exponent,
    b_values,
    exponent_frame,
    mean_exponent,
    peak_b_values,
)
from hetsim.analysis.bias import bias
from hetsim.analysis.closed_form import (
    ClosedFormFit,
    ClosedFormFits,
    fit_interruptions,
    fit_pulses,
)
from hetsim.analysis.cycle_life import (
    capacity_retention,
    compound_fade,
    coulombic_efficiency,
    mean_fade,
)
from hetsim.analysis.diffusion_length import (
    DiffusionLength,
    layer,
    mass_over_area,
    sphere,
    volume_over_area,
)
from hetsim.analysis.dqdv import differential_capacity
from hetsim.analysis.dunn import DunnShares, dunn_shares
from hetsim.analysis.extractions import (
    CapacitiveShare,
    Extraction,
    GittDiffusivity,
    InterruptionDiffusivity,
    MeanExponent,
    PulseFitDiffusivity,
    RandlesDiffusivity,
    capacitor_share,
    effective_diffusivity,
    from_slope,
    from_steps,
    slope_per_charge,
)
from hetsim.analysis.gitt import GittAnalysis, gitt_ratio, sqrt_time_line, weppner_huggins
from hetsim.analysis.interruption import (
    InterruptionAnalysis,
    InterruptionResult,
    intermittent_current_interruption,
)
from hetsim.analysis.kramers_kronig import KramersKronig, kramers_kronig
from hetsim.analysis.pulses import Interruption, Pulse, interruptions, pulses
from hetsim.analysis.ragone import RagonePoint, ragone_point
from hetsim.analysis.randles import RandlesFit, fit_randles, warburg_diffusivity
from hetsim.analysis.rate_equation import (
    RateEquationFit,
    RateEquationPriors,
    fit_rate_equation,
)
from hetsim.analysis.relaxation_times import (
    RelaxationPeak,
    RelaxationTimes,
    relaxation_times,
)
from hetsim.analysis.spectrum import SpectrumAnalysis, spectrum_analysis
from hetsim.analysis.titration import TitrationAnalysis, titration_analysis

__all__ = [
    "CapacitiveShare",
    "ClosedFormFit",
    "ClosedFormFits",
    "DiffusionLength",
    "DunnShares",
    "Exponent",
    "Extraction",
    "GittAnalysis",
    "GittDiffusivity",
    "Interruption",
    "InterruptionAnalysis",
    "InterruptionDiffusivity",
    "InterruptionResult",
    "KramersKronig",
    "MeanExponent",
    "Pulse",
    "PulseFitDiffusivity",
    "RagonePoint",
    "RandlesDiffusivity",
    "RandlesFit",
    "RateEquationFit",
    "RateEquationPriors",
    "RelaxationPeak",
    "RelaxationTimes",
    "SpectrumAnalysis",
    "TitrationAnalysis",
    "b_values",
    "bias",
    "capacitor_share",
    "capacity_retention",
    "compound_fade",
    "coulombic_efficiency",
    "differential_capacity",
    "dunn_shares",
    "effective_diffusivity",
    "exponent_frame",
    "fit_interruptions",
    "fit_pulses",
    "fit_randles",
    "fit_rate_equation",
    "from_slope",
    "from_steps",
    "gitt_ratio",
    "intermittent_current_interruption",
    "interruptions",
    "kramers_kronig",
    "layer",
    "mass_over_area",
    "mean_exponent",
    "mean_fade",
    "peak_b_values",
    "pulses",
    "ragone_point",
    "relaxation_times",
    "slope_per_charge",
    "spectrum_analysis",
    "sphere",
    "sqrt_time_line",
    "titration_analysis",
    "volume_over_area",
    "warburg_diffusivity",
    "weppner_huggins",
]
