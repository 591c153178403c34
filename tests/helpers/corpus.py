"""Small files in the shapes that testers, spreadsheets and papers have, all made from four known measurements.

`python tests/helpers/corpus.py FOLDER` writes them to look at. Each case is a file, what the user states of
it, and either the measurement that it holds or words of the question that it is refused with.
"""

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

MASS = 1.5  # mg
AREA = 1.2  # cm2
ONE_C = 400.0  # mA/g

# a rest, an insertion, a rest, an extraction, a rest: time [s], current [A/g] (positive inserts), voltage [V]
TIME = np.array([0, 30, 60, 61, 90, 120, 121, 180, 240, 241, 270, 300, 301, 360], dtype=float)
STEP = np.array([1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5])
CURRENT = np.where(STEP == 2, 0.2, np.where(STEP == 4, -0.2, 0.0))
VOLTAGE = np.array(
    [
        1.512,
        1.511,
        1.511,
        1.402,
        1.367,
        1.334,
        1.391,
        1.421,
        1.427,
        1.513,
        1.553,
        1.579,
        1.538,
        1.524,
    ]
)
NAMES = {
    "en": np.array(["", "Rest", "CC DChg", "Rest", "CC Chg", "Rest"]),
    "zh": np.array(["", "静置", "恒流放电", "静置", "恒流充电", "静置"]),
    "de": np.array(["", "Pause", "Entladen", "Pause", "Laden", "Pause"]),
}
CYCLE = np.ones(len(TIME), dtype=int)

RATES = np.array([0.1, 0.2, 0.5, 1.0, 2.0])  # A/g
CAPACITIES = np.array([351.2, 330.5, 290.1, 250.7, 190.3])  # mAh/g
RECOVERED = 340.4  # at the first current, after the others

FREQUENCY = np.logspace(4, -1, 16)
IMPEDANCE = 5 + 20 / (1 + 2j * np.pi * FREQUENCY * 0.01)  # Ohm

POTENTIAL = np.r_[np.linspace(3, 0.2, 15), np.linspace(0.4, 3, 14)]
SCAN_RATES = (0.1, 0.5)


def reduction(rate: float) -> np.ndarray:
    """Current of a voltammogram [A/g]: positive inserts, a loop that loses work."""
    falling = np.r_[np.ones(15), -np.ones(14)]
    return rate * falling * (0.3 + 0.2 * np.sin(POTENTIAL))


@dataclass(frozen=True)
class Case:
    """A file of the corpus.

    name : of the file
    content : its bytes
    kind : what it holds
    given : what the user states
    refused : words of the message, empty for a file that is read
    expected : what differs from the known measurement
    """

    name: str
    content: bytes
    kind: str
    given: dict[str, Any] = field(default_factory=dict)
    refused: tuple[str, ...] = ()
    expected: dict[str, Any] = field(default_factory=dict)


def text_of(
    columns: dict[str, Any],
    sep: str = ",",
    decimal: str = ".",
    above: tuple[str, ...] = (),
    units: tuple[str, ...] = (),
    end: str = "\n",
    trailing: bool = False,
    form: str = "{:.8g}",
) -> str:
    """A table as text. columns : name to values, numbers or text."""

    def cell(value: Any) -> str:
        if isinstance(value, str):
            return f'"{value}"' if sep in value and sep.strip() else value
        text = form.format(value).replace(".", decimal)
        return f'"{text}"' if sep in text else text

    last = sep if trailing else ""
    rows = [
        sep.join(cell(value) for value in row) + last for row in zip(*columns.values(), strict=True)
    ]
    header = [sep.join(cell(name) for name in columns) + last]
    return end.join([*above, *header, *([sep.join(units)] if units else []), *rows]) + end


def clock(seconds: float, days: bool = False, digits: int = 0) -> str:
    """h:mm:ss, or d:hh:mm:ss."""
    whole, rest = divmod(round(seconds * 10**digits), 10**digits)
    minutes, second = divmod(int(whole), 60)
    hours, minute = divmod(minutes, 60)
    tail = f".{int(rest):0{digits}d}" if digits else ""
    if days:
        return f"{hours // 24}:{hours % 24:02d}:{minute:02d}:{second:02d}{tail}"
    return f"{hours}:{minute:02d}:{second:02d}{tail}"


def dates(form: str, start: str = "2024-03-30T23:58:00") -> list[str]:
    """The times of the trace as dates, over midnight into another month."""
    moments = np.datetime64(start) + (TIME * 1000).astype("timedelta64[ms]")
    return [one.item().strftime(form) for one in moments]


def step_time() -> np.ndarray:
    """Time since the row that ended the step before."""
    starts = np.r_[0, TIME[np.flatnonzero(np.diff(STEP))]]
    return TIME - starts[STEP - 1]


def layered() -> str:
    """A Neware report: a row of the cycle, below it one a step, below each its records."""
    lines = [
        "循环序号,充电容量(mAh),放电容量(mAh)",
        ",工步号,工步类型,起始电压(V)",
        ",,数据序号,总时间,电压(V),电流(mA)",
        "1,0.01,0.01",
    ]
    for row, step in enumerate(STEP):
        if row == 0 or STEP[row - 1] != step:
            lines.append(f",{step},{NAMES['zh'][step]},{VOLTAGE[row]}")
        lines.append(f",,{row},{clock(TIME[row])},{VOLTAGE[row]},{-MA[row]:.6g}")
    return "\n".join(lines) + "\n"


def names(language: str) -> list[str]:
    return [str(NAMES[language][step]) for step in STEP]


MA = CURRENT * MASS  # mA, positive inserts
ENCODED: tuple[tuple[str, str], ...] = (
    ("utf8", "utf-8"),
    ("utf8_bom", "utf-8-sig"),
    ("utf16", "utf-16"),
    ("utf16_bare", "utf-16-le"),
    ("gb18030", "gb18030"),
)


def traces() -> Iterator[Case]:
    mass = {"mass_mg": MASS}
    bdf = {
        "test_time_second": TIME,
        "voltage_volt": VOLTAGE,
        "current_ampere": -MA / 1000,
        "step_index": STEP,
    }
    yield Case("bdf_names.csv", text_of(bdf).encode(), "trace", mass)
    bdf = {
        "Test Time / s": TIME,
        "Voltage / V": VOLTAGE,
        "Current / A": -MA / 1000,
        "Cycle Count / 1": CYCLE,
        "Step Index / 1": STEP,
    }
    yield Case("bdf_labels.bdf.csv", text_of(bdf).encode(), "trace", mass)
    above = (
        "Landt Battery Test System",
        "Channel: 003_5",
        "Operator: someone",
        "Start: 2024-03-30 23:58:00",
        "Process: titration",
        "Active mass: 1.5mg",
        "Nominal capacity: 0.6mAh",
        "Remark:",
        "",
        "Version 7.4",
        "Barcode -",
        "---",
    )
    landt = {
        "Record": np.arange(len(TIME)),
        "Test-Time": [clock(t) for t in TIME],
        "Step-Time": [clock(t) for t in step_time()],
        "Current/mA": -MA,
        "Capacity/mAh": np.zeros(len(TIME)),
        "Voltage/V": VOLTAGE,
    }
    yield Case("landt_export.txt", text_of(landt, "\t", above=above).encode(), "trace", mass)
    landt = {
        "测试时间/Sec": TIME,
        "电流/mA": -MA,
        "容量/mAh": np.zeros(len(TIME)),
        "比容量/mAh/g": np.zeros(len(TIME)),
        "电压/V": VOLTAGE,
        "步次": STEP,
    }
    for name, encoding in ENCODED:
        yield Case(f"landt_chinese_{name}.csv", text_of(landt).encode(encoding), "trace", mass)
    yield Case(
        "seconds_volts_amps.csv",
        text_of({"Seconds": TIME, "Volts": VOLTAGE, "Amps": MA / 1000}).encode(),
        "trace",
        mass,
    )
    yield Case(
        "seconds_volts_amps_without_mass.csv",
        text_of({"Seconds": TIME, "Volts": VOLTAGE, "Amps": MA / 1000}).encode(),
        "trace",
        refused=("'Amps' needs the active mass", "--mass-mg"),
    )
    neware = {
        "DataPoint": np.arange(len(TIME)),
        "Cycle Index": CYCLE,
        "Step Index": STEP,
        "Step Type": names("en"),
        "Time": [clock(t) for t in step_time()],
        "Total Time": [clock(t) for t in TIME],
        "Current(mA)": -MA,
        "Voltage(V)": VOLTAGE,
        "Date": dates("%Y-%m-%d %H:%M:%S"),
    }
    yield Case("neware_english.csv", text_of(neware, trailing=True).encode(), "trace", mass)
    del neware["Total Time"]
    yield Case("neware_step_time.csv", text_of(neware).encode(), "trace", mass)
    neware = {
        "数据序号": np.arange(len(TIME)),
        "循环号": CYCLE,
        "工步号": STEP,
        "工步类型": names("zh"),
        "总时间": [clock(t) for t in TIME],
        "电流(mA)": -MA,
        "电压(V)": VOLTAGE,
        "绝对时间": dates("%Y/%m/%d %H:%M:%S"),
    }
    yield Case("neware_chinese.csv", text_of(neware).encode("gb18030"), "trace", mass)
    neware = {
        "Record number": np.arange(len(TIME)),
        "State": ["D" if i > 0 else "C" if i < 0 else "R" for i in CURRENT],
        "Relative Time(h:min:s.ms)": [clock(t, digits=3) for t in TIME],
        "Current(mA)": np.abs(MA),
        "Voltage(V)": VOLTAGE,
    }
    yield Case("neware_without_sign.csv", text_of(neware, "\t").encode(), "trace", mass)
    yield Case("neware_layers.csv", layered().encode("gb18030"), "trace", mass)
    above = (
        "EC-Lab ASCII FILE",
        "Nb header lines : 6",
        "",
        "Galvanostatic intermittent titration",
        "Characteristic mass : 1.500 mg",
    )
    biologic = {
        "mode": CYCLE,
        "Ns": STEP,
        "time/s": TIME,
        "control/mA": -MA,
        "Ewe/V": VOLTAGE,
        "Ecell/V": VOLTAGE + 0.1,
        "<I>/mA": -MA,
    }
    yield Case(
        "biologic.mpt",
        text_of(biologic, "\t", ",", above, form="{:.9E}").encode("latin-1"),
        "trace",
        mass,
    )
    arbin = {
        "Data_Point": np.arange(len(TIME)),
        "Date_Time": dates("%m/%d/%Y %H:%M:%S"),
        "Test_Time(s)": TIME,
        "Step_Time(s)": step_time(),
        "Step_Index": STEP,
        "Cycle_Index": CYCLE,
        "Current(A)": -MA / 1000,
        "Voltage(V)": VOLTAGE,
    }
    yield Case("arbin.csv", text_of(arbin).encode(), "trace", mass)
    maccor = {
        "Rec#": np.arange(len(TIME)),
        "Cyc#": CYCLE,
        "Step": STEP,
        "Test (Sec)": TIME,
        "Amps": np.abs(MA) / 1000,
        "Volts": VOLTAGE,
        "State": ["D" if i > 0 else "C" if i < 0 else "R" for i in CURRENT],
        "DPt Time": dates("%m/%d/%Y %I:%M:%S %p"),
    }
    yield Case(
        "maccor.txt",
        text_of(maccor, "\t", above=("Today's Date 04/01/2024",)).encode(),
        "trace",
        mass,
    )
    above = ("~Resultfile from Basytec Battery Test System", "~Date and Time: 30.03.2024", "~")
    basytec = {
        "~Time[h]": TIME / 3600,
        "Line": STEP,
        "U[V]": VOLTAGE,
        "I[A]": -MA / 1000,
        "T1[°C]": CYCLE * 25,
    }
    yield Case(
        "basytec.txt",
        text_of(basytec, " ", above=above, form="{:.9g}").encode("latin-1"),
        "trace",
        mass,
    )
    above = ("[Summary]", "Cell: 12", "Protocol: titration", "[Data]")
    novonix = {
        "Date and Time": dates("%Y-%m-%d %I:%M:%S %p"),
        "Cycle Number": CYCLE,
        "Step Number": STEP,
        "Run Time (h)": TIME / 3600,
        "Current (A)": -MA / 1000,
        "Potential (V)": VOLTAGE,
        "Temperature (°C)": CYCLE * 25,
    }
    yield Case("novonix.csv", text_of(novonix, above=above, form="{:.9g}").encode(), "trace", mass)
    digatron = {
        "Step": STEP,
        "Status": names("en"),
        "Timestamp": dates("%Y-%m-%dT%H:%M:%S"),
        "Program Duration#s": TIME,
        "Voltage#V": VOLTAGE,
        "Current#A": -MA / 1000,
    }
    yield Case("digatron.csv", text_of(digatron).encode(), "trace", mass)
    digatron = {
        "Schritt": STEP,
        "Zustand": names("de"),
        "Programmdauer": TIME,
        "Spannung": VOLTAGE,
        "Strom": -MA / 1000,
    }
    units = ("", "", "s", "V", "A")
    yield Case(
        "digatron_german.csv",
        text_of(digatron, ";", ",", units=units).encode("latin-1"),
        "trace",
        mass,
    )
    german = {
        "Prüfzeit [h]": TIME / 3600,
        "Spannung [mV]": VOLTAGE * 1000,
        "Stromstärke [µA]": -MA * 1000,
    }
    for name, encoding in (("latin1", "latin-1"), ("utf8", "utf-8"), ("utf16", "utf-16")):
        yield Case(
            f"german_{name}.csv",
            text_of(german, ";", ",", form="{:.9g}").encode(encoding),
            "trace",
            mass,
        )
    gamry = {"": [""] * len(TIME), "Pt": STEP, "T": TIME, "Vf": VOLTAGE, "Im": -MA / 1000}
    yield Case(
        "gamry.dta",
        text_of(
            gamry,
            "\t",
            above=("EXPLAIN", "TAG\tCHRONOP", "CURVE\tTABLE\t14"),
            units=("", "#", "s", "V vs. Ref.", "A"),
        ).encode(),
        "trace",
        mass,
    )
    simple = {
        "Time (min)": TIME / 60,
        "Current density (mA/g)": -CURRENT * 1000,
        "Voltage (V vs. K/K+)": VOLTAGE,
    }
    yield Case("per_gram.csv", text_of(simple, "|", form="{:.9g}").encode(), "trace")
    areal = {"Time (s)": TIME, "Current density (mA cm⁻²)": -MA / AREA, "E (V vs. Li/Li+)": VOLTAGE}
    yield Case(
        "per_area.csv",
        text_of(areal, form="{:.9g}").encode(),
        "trace",
        {"mass_mg": MASS, "area_cm2": AREA},
    )
    yield Case(
        "per_area_loading.csv",
        text_of(areal, form="{:.9g}").encode(),
        "trace",
        {"loading_mg_cm2": MASS / AREA},
    )
    yield Case(
        "per_area_without.csv",
        text_of(areal).encode(),
        "trace",
        refused=("is per area", "--loading-mg-cm2", "--area-cm2"),
    )
    rates = {"Time/h": TIME / 3600, "C-rate": -CURRENT * 1000 / ONE_C, "Voltage/V": VOLTAGE}
    yield Case("c_rates.csv", text_of(rates, form="{:.9g}").encode(), "trace", {"one_c": ONE_C})
    yield Case(
        "c_rates_without.csv", text_of(rates).encode(), "trace", refused=("C-rate", "--one-c")
    )
    commented = text_of({"time [s]": TIME, "I [mA]": -MA, "U [V]": VOLTAGE}, "\t").splitlines()
    commented = [
        "# of an instrument",
        "# " + commented[0],
        *commented[1:6],
        "# a remark",
        "",
        *commented[6:],
    ]
    yield Case("comments.dat", "\r\n".join(commented).encode(), "trace", mass)
    days = {"Time": [clock(t, True, 1) for t in TIME], "Current(mA)": -MA, "Voltage(V)": VOLTAGE}
    yield Case("days.csv", text_of(days).encode(), "trace", mass)
    moments = {
        "Datum/Uhrzeit": dates("%d.%m.%Y %H:%M:%S"),
        "Strom (mA)": -MA,
        "Spannung (V)": VOLTAGE,
    }
    yield Case("german_dates.csv", text_of(moments, ";", ",").encode("utf-8"), "trace", mass)
    twice = [np.r_[one[:5], one[4:5], one[5:]] for one in (TIME, -MA, VOLTAGE)]
    yield Case(
        "time_twice.csv",
        text_of(dict(zip(("Time(s)", "Current(mA)", "Voltage(V)"), twice, strict=True))).encode(),
        "trace",
        mass,
    )
    grouped = {
        "Time (s)": TIME,
        "Current (uA)": [f"{x * 1000 + 0:,.1f}" for x in -MA * 10],
        "Voltage (V)": VOLTAGE,
    }
    yield Case("thousands.tsv", text_of(grouped, "\t").encode(), "trace", {"mass_mg": MASS * 10})
    lost = {"Time (s)": TIME, "Current (mA)": np.abs(MA), "Voltage (V)": VOLTAGE}
    yield Case(
        "lost_sign.csv",
        text_of(lost).encode(),
        "trace",
        {**mass, "positive": "discharge"},
        refused=("the current has no sign", "--columns step_name="),
    )
    flat = {"Time (s)": TIME, "Current (mA)": -MA, "Voltage (V)": np.full(len(TIME), 1.5)}
    yield Case(
        "no_sign.csv",
        text_of(flat).encode(),
        "trace",
        mass,
        refused=("--positive", "--discharge insertion", "--discharge extraction"),
    )
    yield Case(
        "no_current.csv",
        text_of({"Time (s)": TIME, "Voltage (V)": VOLTAGE}).encode(),
        "trace",
        refused=("'current_A_per_g' is missing", "--columns current="),
    )
    yield Case(
        "no_time.csv",
        text_of({"Current (mA)": -MA, "Voltage (V)": VOLTAGE}).encode(),
        "trace",
        mass,
        refused=("'time_s' is missing", "--columns time="),
    )
    two = {
        "Time (s)": TIME,
        "Current (mA)": -MA,
        "Voltage (V)": VOLTAGE,
        "Cell voltage (V)": VOLTAGE + 0.2,
    }
    yield Case(
        "two_voltages.csv",
        text_of(two).encode(),
        "trace",
        mass,
        refused=("could both be the voltage", "--columns voltage="),
    )
    yield Case(
        "two_voltages_named.csv",
        text_of(two).encode(),
        "trace",
        {**mass, "columns": "voltage=Voltage (V)"},
    )
    odd = {"x": TIME, "y": -MA, "z": VOLTAGE}
    yield Case(
        "unknown_names.csv",
        text_of(odd).encode(),
        "trace",
        {**mass, "columns": "time=x[s],current=y[mA],voltage=z[V]"},
    )
    bare = "\n".join(text_of(odd).splitlines()[1:])
    yield Case(
        "no_names.csv",
        bare.encode(),
        "trace",
        {**mass, "columns": "time=1[s],current=2[mA],voltage=3[V]"},
    )
    yield Case(
        "no_unit.csv",
        text_of({"Time (s)": TIME, "Current": -MA, "Voltage": VOLTAGE}).encode(),
        "trace",
        mass,
        refused=("'Current' says no unit", '--columns current="Current[mA]"'),
    )
    yield Case(
        "contradiction.csv",
        text_of(
            {
                "Time (s)": TIME,
                "Step Type": [
                    "Charge" if i > 0 else "Discharge" if i < 0 else "Rest" for i in CURRENT
                ],
                "Current (mA)": MA,
                "Voltage (V)": VOLTAGE,
            }
        ).encode(),
        "trace",
        mass,
        refused=("--discharge insertion or --discharge extraction",),
    )


def tables() -> Iterator[Case]:
    mass = {"mass_mg": MASS}
    yield Case(
        "rate_hetsim.csv",
        text_of({"current_A_per_g": RATES, "capacity_mAh_per_g": CAPACITIES}).encode(),
        "rate",
    )
    yield Case(
        "rate_ma.csv",
        text_of(
            {"Current density (mA g-1)": RATES * 1000, "Specific capacity (mAh g-1)": CAPACITIES},
            ";",
            ",",
        ).encode(),
        "rate",
    )
    both = {
        "Current (A/g)": RATES,
        "Charge capacity (mAh/g)": CAPACITIES - 5,
        "Discharge capacity (mAh/g)": CAPACITIES,
    }
    yield Case("rate_both.csv", text_of(both).encode(), "rate")
    yield Case(
        "rate_both_extraction.csv",
        text_of(both).encode(),
        "rate",
        {"discharge": "extraction"},
        expected={"capacities": CAPACITIES - 5},
    )
    error = {
        "Current (A/g)": RATES,
        "Capacity (mAh/g)": CAPACITIES,
        "Std. dev. (mAh/g)": CAPACITIES * 0.01,
    }
    yield Case("rate_errors.csv", text_of(error).encode(), "rate")
    recovery = {
        "Current (A/g)": np.r_[RATES, RATES[0]],
        "Capacity (mAh/g)": np.r_[CAPACITIES, RECOVERED],
    }
    yield Case(
        "rate_recovery.csv", text_of(recovery).encode(), "rate", expected={"recovered": [RECOVERED]}
    )
    c_rates = {"C_rates": RATES * 1000 / ONE_C, "SOC": CAPACITIES / 500}
    yield Case(
        "c_rates_soc.csv",
        text_of(c_rates).encode(),
        "rate",
        {"one_c": ONE_C, "capacity_mah_g": 500.0},
    )
    yield Case(
        "c_rates_soc_without.csv",
        text_of(c_rates).encode(),
        "rate",
        refused=("--one-c", "--capacity-mah-g"),
    )
    yield Case(
        "c_rates_soc_percent.csv",
        text_of({"C-rate": RATES * 1000 / ONE_C, "SOC [%]": CAPACITIES / 5}).encode(),
        "rate",
        {"one_c": ONE_C, "capacity_mah_g": 500.0},
    )
    yield Case(
        "rate_c.csv",
        text_of({"倍率": RATES * 1000 / ONE_C, "放电比容量(mAh/g)": CAPACITIES}).encode("gb18030"),
        "rate",
        {"one_c": ONE_C},
    )
    yield Case(
        "rate_german.csv",
        text_of({"Stromdichte [A/g]": RATES, "Kapazität [mAh/g]": CAPACITIES}, ";", ",").encode(
            "latin-1"
        ),
        "rate",
    )
    yield Case(
        "rate_whole.csv",
        text_of(
            {"Current (mA)": RATES * MASS, "Capacity (mAh)": CAPACITIES * MASS / 1000}
        ).encode(),
        "rate",
        mass,
    )
    yield Case(
        "rate_ah_per_kg.csv",
        text_of({"Current (A/kg)": RATES * 1000, "Capacity (Ah/kg)": CAPACITIES}, "\t").encode(
            "utf-16"
        ),
        "rate",
    )
    yield Case(
        "rate_area.csv",
        text_of(
            {
                "Current (A/m2)": RATES * MASS / AREA * 10,
                "Capacity (mAh/cm2)": CAPACITIES * MASS / AREA / 1000,
            }
        ).encode(),
        "rate",
        {"loading_mg_cm2": MASS / AREA},
    )
    yield Case(
        "rate_negative.csv",
        text_of({"Current (A/g)": -RATES, "Capacity (mAh/g)": CAPACITIES}).encode(),
        "rate",
    )
    yield Case(
        "rate_two_capacities.csv",
        text_of(
            {
                "Current (A/g)": RATES,
                "Capacity (mAh/g)": CAPACITIES,
                "Specific capacity (mAh/g)": CAPACITIES + 9,
            }
        ).encode(),
        "rate",
        refused=("could both be the capacity", "--columns capacity="),
    )
    yield Case(
        "rate_no_current.csv",
        text_of({"Point": RATES, "Capacity (mAh/g)": CAPACITIES}).encode(),
        "rate",
        refused=("'current_A_per_g' is missing",),
    )
    yield Case(
        "rate_thousands.csv",
        text_of(
            {"Current (mA/g)": [f"{1000 * x:,.0f}" for x in RATES], "Capacity (mAh/g)": CAPACITIES}
        ).encode(),
        "rate",
    )
    yield Case(
        "rate_decimal_open.csv",
        text_of(
            {"Current (mA/g)": ["1,234", "2,345", "3,456"], "Capacity (mAh/g)": [300, 200, 100]},
            ";",
        ).encode(),
        "rate",
        refused=("can be one and a fraction or one thousand", "--decimal"),
    )
    yield Case(
        "rate_twice.csv",
        text_of({"Current (A/g)": [0.1, 0.1], "Capacity (mAh/g)": [300, 200]}).encode(),
        "rate",
        refused=("stands twice in a row",),
    )


CYCLED = np.repeat(np.r_[RATES, RATES[0]], 3)
PER_CYCLE = np.concatenate([q + np.array([4.0, 2.0, 0.0]) for q in np.r_[CAPACITIES, RECOVERED]])


def cycles() -> Iterator[Case]:
    number = np.arange(1, len(CYCLED) + 1)
    both = {
        "Cycle Index": number,
        "Current(mA)": CYCLED * MASS,
        "Chg. Cap.(mAh)": (PER_CYCLE - 3) * MASS / 1000,
        "DChg. Cap.(mAh)": PER_CYCLE * MASS / 1000,
    }
    yield Case(
        "cycles_rate.csv",
        text_of(both, form="{:.10g}").encode(),
        "rate",
        {"mass_mg": MASS},
        expected={"recovered": [RECOVERED]},
    )
    yield Case(
        "cycles_rate_mean.csv",
        text_of(both, form="{:.10g}").encode(),
        "rate",
        {"mass_mg": MASS, "cycle": "mean"},
        expected={"capacities": CAPACITIES + 2, "recovered": [RECOVERED + 2]},
    )
    chinese = {"循环号": number, "充电比容量(mAh/g)": PER_CYCLE - 3, "放电比容量(mAh/g)": PER_CYCLE}
    yield Case("cycles_chinese.csv", text_of(chinese).encode("gb18030"), "cycles")
    german = {
        "Zyklus": number,
        "Ladekapazität [mAh/g]": PER_CYCLE - 3,
        "Entladekapazität [mAh/g]": PER_CYCLE,
    }
    yield Case("cycles_german.csv", text_of(german, ";", ",").encode("latin-1"), "cycles")
    yield Case(
        "cycles_ah.csv",
        text_of(
            {"Cycle": number, "Discharge_Capacity(Ah)": PER_CYCLE * MASS * 1e-6}, form="{:.10g}"
        ).encode(),
        "cycles",
        {"mass_mg": MASS},
    )
    yield Case(
        "cycles_ah_without.csv",
        text_of({"Cycle": number, "Discharge_Capacity(Ah)": PER_CYCLE * MASS * 1e-6}).encode(),
        "cycles",
        refused=("--mass-mg",),
    )
    test = rate_test()
    yield Case(
        "neware_rate_test.csv",
        text_of(test, form="{:.10g}").encode(),
        "rate",
        {"mass_mg": MASS},
        expected={"recovered": [RECOVERED], "tolerance": 1e-6},
    )
    del test["Capacity(mAh)"], test["Step Type"]
    yield Case(
        "rate_test_integrated.csv",
        text_of(test, form="{:.10g}").encode(),
        "rate",
        {"mass_mg": MASS},
        expected={"recovered": [RECOVERED], "tolerance": 1e-6},
    )


def rate_test() -> dict[str, Any]:
    """A Neware record of the cycles: eleven rows a half cycle, the capacity counted in each step."""
    rows: list[tuple[Any, ...]] = []
    step = 0
    for cycle, (current, capacity) in enumerate(zip(CYCLED, PER_CYCLE, strict=True), 1):
        for name, sign, high, low in (("CC DChg", -1, 1.8, 0.2), ("CC Chg", 1, 0.2, 1.8)):
            step += 1
            for part in np.linspace(0, 1, 11):
                seconds = part * capacity * 3.6 / current
                rows.append(
                    (
                        cycle,
                        step,
                        name,
                        clock(seconds, digits=6),
                        sign * current * MASS,
                        high + (low - high) * part,
                        part * capacity * MASS / 1000,
                    )
                )
    keys = (
        "Cycle Index",
        "Step Index",
        "Step Type",
        "Time",
        "Current(mA)",
        "Voltage(V)",
        "Capacity(mAh)",
    )
    return {key: list(column) for key, column in zip(keys, zip(*rows, strict=True), strict=True)}


def spectra() -> Iterator[Case]:
    f, z = FREQUENCY, IMPEDANCE
    yield Case(
        "eis_biologic.mpt",
        text_of(
            {"freq/Hz": f, "Re(Z)/Ohm": z.real, "-Im(Z)/Ohm": -z.imag, "|Z|/Ohm": abs(z)},
            "\t",
            ",",
            ("EC-Lab ASCII FILE", "Nb header lines : 3"),
            form="{:.9E}",
        ).encode("latin-1"),
        "eis",
    )
    gamry = {
        "": [""] * len(f),
        "Pt": np.arange(len(f)),
        "Time": np.arange(len(f)),
        "Freq": f,
        "Zreal": z.real,
        "Zimag": z.imag,
        "Zmod": abs(z),
    }
    yield Case(
        "eis_gamry.dta",
        text_of(
            gamry,
            "\t",
            above=("EXPLAIN", "ZCURVE\tTABLE"),
            units=("", "#", "s", "Hz", "ohm", "ohm", "ohm"),
        ).encode(),
        "eis",
    )
    yield Case(
        "eis_primes.csv",
        text_of({"Frequency (Hz)": f, "Z' (Ω)": z.real, "-Z'' (Ω)": -z.imag}).encode(),
        "eis",
    )
    yield Case(
        "eis_primes_as_is.csv",
        text_of(
            {"Frequency (kHz)": f / 1000, "Z′ (Ohm)": z.real, "Z″ (Ohm)": z.imag}, form="{:.9g}"
        ).encode(),
        "eis",
    )
    yield Case(
        "eis_german.csv",
        text_of(
            {"Frequenz [Hz]": f, "Realteil [Ohm]": z.real, "Imaginärteil [Ohm]": z.imag}, ";", ","
        ).encode("latin-1"),
        "eis",
    )
    yield Case(
        "eis_chinese.txt",
        text_of({"频率(Hz)": f, "实部(Ohm)": z.real, "-虚部(Ohm)": -z.imag}, "\t").encode(
            "gb18030"
        ),
        "eis",
    )
    yield Case(
        "eis_area.csv",
        text_of({"f/Hz": f, "Re/Ohm": z.real, "-Im/Ohm": -z.imag}).encode(),
        "eis",
        {"area_cm2": AREA},
        expected={"factor": AREA},
    )
    yield Case(
        "eis_turned.csv",
        text_of({"f/Hz": f, "Re/Ohm": z.real, "Im/Ohm": -z.imag}).encode(),
        "eis",
        refused=("as of -Im Z",),
    )


def voltammograms() -> Iterator[Case]:
    rows = [(e, i, v) for v in SCAN_RATES for e, i in zip(POTENTIAL, reduction(v), strict=True)]
    e, i, v = (np.array(one) for one in zip(*rows, strict=True))
    yield Case(
        "cv_mixed.csv",
        text_of({"Potential (V)": e, "Current (mA)": -i * MASS, "Scan rate (mV/s)": v}).encode(),
        "cv",
        {"mass_mg": MASS},
    )
    yield Case(
        "cv_volts.csv",
        text_of({"E/V": e, "I/A g-1": i, "Scan rate [V/s]": v / 1000}).encode(),
        "cv",
    )
    one = {"Ewe/V": POTENTIAL, "<I>/mA": -reduction(0.5) * MASS}
    yield Case(
        "cv_line.mpt",
        text_of(
            one,
            "\t",
            ",",
            (
                "EC-Lab ASCII FILE",
                "Cyclic Voltammetry",
                "dE/dt               0,500",
                "dE/dt unit          mV/s",
                "Scan rate : 0,5 mV/s",
            ),
        ).encode(),
        "cv",
        {"mass_mg": MASS},
        expected={"rates": (0.5,)},
    )
    yield Case(
        "cv_stated.csv",
        text_of(one).encode(),
        "cv",
        {"mass_mg": MASS, "scan_rate": 0.5},
        expected={"rates": (0.5,)},
    )
    yield Case(
        "cv_without_rate.csv",
        text_of(one).encode(),
        "cv",
        {"mass_mg": MASS},
        refused=("'scan_rate_mV_per_s' is missing", "--scan-rate"),
    )
    timed = {
        "time/s": np.arange(len(POTENTIAL)) * 400.0,
        **one,
        "cycle number": np.ones(len(POTENTIAL)),
    }
    yield Case(
        "cv_timed.mpt",
        text_of(timed, "\t").encode(),
        "cv",
        {"mass_mg": MASS},
        expected={"rates": (0.5,)},
    )
    three = [np.tile(one, 3)[5:] for one in (POTENTIAL, -reduction(0.1) / 1000 * MASS)]
    chi = ("Cyclic Voltammetry", "High E (V) = 3", "Scan Rate (V/s) = 0.0001", "Segment = 6", "")
    columns = dict(zip(("Potential/V", "Current/A"), three, strict=True))
    yield Case(
        "cv_three_cycles.txt",
        text_of(columns, ", ", above=chi).encode(),
        "cv",
        {"mass_mg": MASS},
        expected={"rates": (0.1,), "cyclic": True},
    )
    chinese = {"电位(V)": e, "电流(mA)": -i * MASS, "扫速(mV/s)": v}
    yield Case("cv_chinese.csv", text_of(chinese).encode("gb18030"), "cv", {"mass_mg": MASS})


def more() -> Iterator[Case]:
    """Shapes that are of no one tester."""
    f, z = FREQUENCY, IMPEDANCE
    still = np.zeros(len(f))
    zview = {
        "Freq(Hz)": f,
        "Ampl": still,
        "Time(Sec)": np.arange(len(f)),
        "Z'(a)": z.real,
        "Z''(b)": z.imag,
    }
    yield Case("eis_zview.z", text_of(zview, "\t").encode(), "eis")
    wide = {"Frequency (Hz)": f, "Re(Z) (Ohm)": z.real, "Im(Z) (Ohm)": z.imag}
    yield Case("eis_spaces.txt", text_of(wide, "   ").encode(), "eis")
    materials = {"Current (A/g)": RATES, "CZT (mAh/g)": CAPACITIES, "CT (mAh/g)": CAPACITIES - 60}
    one = {"columns": "capacity=CZT (mAh/g)"}
    yield Case("rate_materials.csv", text_of(materials).encode(), "rate", one)
    asked = ("'capacity_mAh_per_g' is missing", "--columns capacity=")
    yield Case("rate_materials_which.csv", text_of(materials).encode(), "rate", refused=asked)
    written = {"C-rate": ["C/4", "C/2", "1.25C", "2.5C", "5 C"], "Capacity (mAh/g)": CAPACITIES}
    yield Case("rate_c_over_n.csv", text_of(written).encode(), "rate", {"one_c": ONE_C})
    maccor = {
        "Rec": STEP,
        "TestTime": TIME / 60,
        "Current [A]": np.abs(MA) / 1000,
        "Voltage [V]": VOLTAGE,
    }
    maccor["Md"] = ["D" if i > 0 else "C" if i < 0 else "R" for i in CURRENT]
    mass = {"mass_mg": MASS}
    asked = ("'TestTime' says no unit",)
    yield Case("maccor_no_unit.txt", text_of(maccor, "\t").encode(), "trace", mass, refused=asked)
    maccor["DPT Time"] = dates("%m/%d/%Y %I:%M:%S %p")
    yield Case("maccor_minutes.txt", text_of(maccor, "\t", form="{:.9g}").encode(), "trace", mass)
    maccor["TestTime"] = [
        "  " + clock(t, digits=2).replace(":", "d ", 1).replace("d ", "d 00:", 1) for t in TIME
    ]
    yield Case("maccor_days.txt", text_of(maccor, "\t").encode(), "trace", mass)
    notes = (
        text_of({"Rate / A g^-1": RATES, "Q / mAh g^-1": CAPACITIES}, ", ")
        + ",\nmeasured in May by someone,\n"
    )
    yield Case("rate_notes_below.csv", notes.encode(), "rate")
    whole = {"Current (mA)": RATES * MASS, "Capacity (mAh)": CAPACITIES * MASS / 1000}
    area = {"loading_mg_cm2": MASS / AREA, "area_cm2": AREA}
    yield Case("rate_whole_loading.csv", text_of(whole).encode(), "rate", area)
    cut = text_of({"Current (A/g)": RATES, "Capacity (mAh/g)": CAPACITIES}) + "5,"
    last = ("row 7: Capacity (mAh/g) is ''", "the file may be cut off")
    yield Case("rate_cut.csv", cut.encode(), "rate", refused=last)
    holes = [*CAPACITIES[:2], "", *CAPACITIES[2:]]
    some = {"Current (A/g)": [*RATES[:2], 0.3, *RATES[2:]], "Capacity (mAh/g)": holes}
    yield Case("rate_not_all_measured.csv", text_of(some).encode(), "rate")
    short = {"Freq (Hz)": f, "Zre (Ohm)": z.real, "-Zim (Ohm)": -z.imag}
    yield Case("eis_short_names.csv", text_of(short, ";").encode(), "eis")
    swiss = {
        "Current (mA/g)": ["100", "200", "500", "1'000", "2'000"],
        "Capacity (mAh/g)": CAPACITIES,
    }
    yield Case("rate_swiss.csv", text_of(swiss, ";").encode(), "rate")
    german = {
        "Strom (mA/g)": ["100", "200", "500", "1.000,0", "2.000,0"],
        "Kapazität (mAh/g)": CAPACITIES,
    }
    yield Case("rate_german_thousands.csv", text_of(german, ";", ",").encode(), "rate")


GROUPS: tuple[Callable[[], Iterator[Case]], ...] = (
    traces,
    tables,
    cycles,
    spectra,
    voltammograms,
    more,
)


def corpus() -> list[Case]:
    """Every case."""
    return [case for group in GROUPS for case in group()]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for written in corpus():
        (folder / written.name).write_bytes(written.content)
