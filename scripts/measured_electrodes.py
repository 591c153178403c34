"""Make parameter_sets/library/measured_electrodes.csv: what fits to measured rate curves found, an electrode a row.

    python -m scripts.measured_electrodes

From benchmarks/measured_rates.csv (printed curves), benchmarks/learned_values.csv (fits with the neutral template,
benchmarks/fit_all.py), benchmarks/electrode_parts.csv (what each electrode is made of) and
parameter_sets/library/theory.csv (Faraday's law). Predictions (hs.predict) draw from it. Of an electrode of several
materials whose shares are not printed, equal masses are taken; carbon and MXene with them count only where no
material stores the ion. Cathodes have no theoretical capacity here and are left out.
"""

import math
from pathlib import Path

import pandas as pd

from hetsim.parameters.library import PARAMETER_SETS
from hetsim.prediction.theory import capacity_of

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
TARGET = PARAMETER_SETS / "library" / "measured_electrodes.csv"


def table() -> pd.DataFrame:
    """The rows of the file, in the order of the curves."""
    rates = pd.read_csv(BENCHMARKS / "measured_rates.csv")
    fits = pd.read_csv(BENCHMARKS / "learned_values.csv").set_index("curve")
    parts = pd.read_csv(BENCHMARKS / "electrode_parts.csv").set_index("curve")
    rows = []
    for name, points in rates.groupby("curve", sort=False):
        of = str(name)
        materials, first = parts.parts[of], points.iloc[0]
        if pd.isna(materials):
            continue
        theory = capacity_of(tuple(materials.split(";")), first.ion)
        loading = 1.0 if pd.isna(first.loading_mg_cm2) else float(first.loading_mg_cm2)
        fitted = fits.loc[of]
        sites = math.exp(fitted.cell_0) * points.capacity_mAh_per_g.max()
        rows.append(
            {
                "curve": of,
                "doi": first.doi,
                "role": first.role,
                "ion": first.ion,
                "family": parts.family[of],
                "parts": materials,
                "theory_mAh_per_g": f"{theory:.4g}",
                "capacity_over_theory": f"{sites / theory:.4g}",
                "fast_fraction": f"{math.exp(fitted.cell_1):.4g}",
                "resistance_times_loading_Ohm_mg": f"{math.exp(fitted.cell_2) * loading:.4g}",
                "diffusion_time_h": f"{math.exp(fitted.cell_3):.4g}",
            }
        )
    return pd.DataFrame(rows)


def main() -> None:
    TARGET.write_text(table().to_csv(index=False, lineterminator="\n"), encoding="utf-8")
    print(f"{TARGET.name}: {len(table())} electrodes")


if __name__ == "__main__":
    main()
