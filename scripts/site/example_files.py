"""The measured files that the examples of the documents read, made by simulation.

They stand for what a reader has: a rate curve, exports of testers, spectra, a BPX file of another cell.
"""

import json
import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

import hetsim as hs

MASS = 1.36
"""Active mass [mg] of the cell that was "measured"."""

CURVE = """current_A_per_g,capacity_mAh_per_g
0.1,412
0.2,388
0.5,351
1,313
2,262
5,176
"""


def write_files(folder: Path) -> None:
    """Write all files into a folder that exists."""
    shutil.copytree(_made(), folder, dirs_exist_ok=True)


@cache
def _made() -> Path:
    """A folder of the process with the files: they are simulated once."""
    folder = Path(mkdtemp())
    cell = hs.load("CT")
    (folder / "my_curve.csv").write_text(CURVE, encoding="utf-8")
    titration = hs.run(cell, hs.GITT(0.1, 600, 3600), "SPM").trace
    titration.to_csv(folder / "titration.csv")
    _as_tester(titration).to_csv(folder / "gitt.csv", index=False)
    _as_tester(titration).to_csv(folder / "export.csv", index=False)
    _as_chinese_tester(titration, folder / "export.txt")
    slow = hs.Protocol([hs.ConstantCurrent(0.02), hs.Rest(3600), hs.ConstantCurrent(-0.02)])
    _as_tester(hs.run(cell, slow, "SPM").trace).to_csv(folder / "slow_cycle.csv", index=False)
    spectra = hs.run(cell, hs.EIS(filling=[0.3, 0.5]), "SPM")
    spectra.to_frame().to_csv(folder / "eis.csv", index=False)
    _rate_test(cell).to_csv(folder / "neware_export.csv", index=False)
    (folder / "nmc.json").write_text(json.dumps(_bpx()), encoding="utf-8")
    return folder


def _as_tester(trace: hs.TimeTrace) -> pd.DataFrame:
    """Time, current in mA and voltage; a tester counts an insertion into the working electrode as a discharge."""
    return pd.DataFrame(
        {
            "Test Time [s]": trace.time,
            "Current [mA]": -trace.current * MASS,
            "Voltage [V]": trace.voltage,
        }
    )


def _as_chinese_tester(trace: hs.TimeTrace, path: Path) -> None:
    table = _as_tester(trace).set_axis(["测试时间/s", "电流/mA", "电压/V"], axis=1)
    table.to_csv(path, sep="\t", index=False, encoding="gb18030")


def _rate_test(cell: hs.HalfCell) -> pd.DataFrame:
    """The record of three cycles at each of four currents."""
    steps = []
    for current in (0.1, 0.5, 1.0, 2.0):
        steps += 3 * [hs.ConstantCurrent(current), hs.ConstantCurrent(-current)]
    return _as_tester(hs.run(cell, hs.Protocol(steps), "SPM").trace)


def _bpx() -> dict[str, object]:
    """A half cell of a layered oxide against lithium, as another program writes it."""
    positive = {
        "Thickness [m]": 5e-5,
        "Porosity": 0.3,
        "Transport efficiency": 0.3**1.5,
        "Conductivity [S.m-1]": 5.0,
        "Minimum stoichiometry": 0.05,
        "Maximum stoichiometry": 0.95,
        "Maximum concentration [mol.m-3]": 3e4,
        "Particle radius [m]": 2e-6,
        "Surface area per unit volume [m-1]": 3 * 0.6 / 2e-6,
        "Diffusivity [m2.s-1]": 2e-14,
        "OCP [V]": "3.6 - 0.6 * x - 0.3 * tanh((x - 0.5) / 0.12)",
        "Reaction rate constant [mol.m-2.s-1]": 1e-6,
    }
    cell = {
        "Electrode area [m2]": 1.5e-4,
        "Number of electrode pairs connected in parallel to make a cell": 1,
        "Lower voltage cut-off [V]": 2.6,
        "Upper voltage cut-off [V]": 4.0,
        "Nominal cell capacity [A.h]": 0.003,
        "Reference temperature [K]": 298.15,
    }
    electrolyte = {
        "Cation transference number": 0.3,
        "Diffusivity [m2.s-1]": "3e-10 * exp(-x / 3000)",
        "Conductivity [S.m-1]": 0.9,
    }
    return {
        "Header": {"BPX": "1.1.0", "Title": "A layered oxide", "Model": "Partial"},
        "Parameterisation": {
            "Cell": cell,
            "Electrolyte": electrolyte,
            "Positive electrode": positive,
            "Separator": {"Thickness [m]": 2e-5, "Porosity": 0.5, "Transport efficiency": 0.25},
        },
        "State": {"Initial conditions": {"Initial electrolyte concentration [mol.m-3]": 1200.0}},
    }
