"""Full cells: wrong values, wrong files and what such a cell cannot do end in one sentence."""

from pathlib import Path

import pytest

import hetsim as hs
from hetsim.parameters.cell_file import read_cell

WRONG = {
    "N/P ratio": ({"N/P ratio": 0}, "'N/P ratio' = 0 is outside 0.01 to 100"),
    "more than full": ({"Pre-potassiation": 1.0}, "'Pre-potassiation' = 1 is outside 0 to 0.999"),
    "less than empty": ({"Pre-potassiation": -0.1}, "'Pre-potassiation' = -0.1 is outside"),
    "crossed": ({"Lower voltage cut-off [V]": 3.8}, "must be below the upper one"),
    "no electrode": ({"Particle radius [m]": 1e-7}, "write 'Negative: Particle radius [m]'"),
    "unknown electrode": ({"Anode: Particle radius [m]": 1e-7}, "unknown electrode 'Anode'"),
    "derived": ({"Negative: Active mass loading [mg.cm-2]": 1.0}, "follows from 'N/P ratio'"),
    "shared": ({"Negative: Separator porosity": 0.5}, "is that of the whole cell"),
    "nearest": ({"N/P ration": 1.2}, "Did you mean 'N/P ratio'"),
}


@pytest.mark.parametrize(("changes", "message"), WRONG.values(), ids=WRONG)
def test_wrong_values_end_in_one_sentence(changes: dict[str, float], message: str) -> None:
    with pytest.raises(hs.ParameterError) as error:
        hs.load("KPB-CZT").with_values(changes)
    assert message in str(error.value)


def test_a_start_that_cannot_be_met_says_why() -> None:
    full = hs.load("KPB-CZT")
    too_low = full.with_values({"Lower voltage cut-off [V]": 0.0, "Upper voltage cut-off [V]": 0.1})
    with pytest.raises(hs.ParameterError, match="cannot be met"):
        hs.run(too_low, hs.RateTest([0.1]))


def changed_file(tmp_path: Path, old: str, new: str) -> Path:
    from hetsim.parameters.library import PARAMETER_SETS

    text = (PARAMETER_SETS / "cells" / "KPB-CZT.toml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "mine.toml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


FILES = {
    "unknown system": ('negative = "CZT"', 'negative = "CZZ"', "Unknown system 'CZZ'"),
    "unknown mass": ('per_gram_of = "positive"', 'per_gram_of = "foil"', "'per_gram_of' = 'foil'"),
    "unknown key": ("[parameters]", "[parameter]", "unknown key 'parameter'"),
    "no source": ("source = ", "sauce = ", "unknown key 'sauce'"),
    "missing": ('"First-cycle loss" = ', '"Electrode area [cm2]" = ', "is missing"),
    "another ion": ('positive = "KPB"', 'positive = "ZnSe-C-Na"', "need the same ion"),
}


@pytest.mark.parametrize(("old", "new", "message"), FILES.values(), ids=FILES)
def test_a_wrong_file_ends_in_one_sentence(
    tmp_path: Path, old: str, new: str, message: str
) -> None:
    with pytest.raises(hs.ParameterError) as error:
        hs.load(changed_file(tmp_path, old, new))
    assert message in str(error.value)


def test_a_file_of_the_users_can_change_an_electrode(tmp_path: Path) -> None:
    entry = '{ value = 3e-7, kind = "assumed", source = "mine" }'
    line = f'[negative.parameters]\n"Particle radius [m]" = {entry}\n'
    path = changed_file(tmp_path, "[negative.parameters]\n", line)
    assert hs.load(path).values["Negative: Particle radius [m]"] == 3e-7
    assert read_cell(path).negative.values["Particle radius [m]"].source == "mine"


def test_an_electrode_that_ages_is_refused() -> None:
    full = hs.load("KPB-CZT")
    ageing = full.with_electrodes(negative=full.negative.with_ageing(hs.ChargeDrivenLoss()))
    with pytest.raises(hs.ParameterError, match="cannot age"):
        hs.run(ageing, hs.RateTest([0.1]))


def test_other_protocols_say_that_they_run_on_half_cells() -> None:
    with pytest.raises(hs.ParameterError, match="is a full cell"):
        hs.run(hs.load("KPB-CZT"), hs.GITT(0.1, 600, 600, pulses=1))
