"""Commands with full cells."""

import json
from pathlib import Path
from typing import Any

import pytest

import hetsim as hs


def test_ragone_prints_a_table_and_writes_its_files(hetsim: Any, tmp_path: Path) -> None:
    done = hetsim("ragone", "KPB-CZT", "--currents", "0.1", "--cycles", "1", "--model", "SPM")
    assert done.exit_code == 0, done.output
    assert "per gram of KPB" in done.stdout
    assert "187.3" in done.stdout  # measured at 0.1 A/g
    folder = tmp_path / "hetsim-out" / "KPB-CZT-ragone"
    assert sorted(path.name for path in folder.iterdir()) == [
        "ragone.csv",
        "ragone.json",
        "ragone.png",
        "ragone.svg",
    ]
    record = json.loads((folder / "ragone.json").read_text(encoding="utf-8"))
    assert record["parameters"]["N/P ratio"] == hs.load("KPB-CZT").values["N/P ratio"]


def test_ragone_as_json_is_one_object_that_agrees_with_itself(hetsim: Any) -> None:
    words = ("--currents", "0.1", "--currents", "0.3", "--cycles", "1", "--model", "SPM", "--json")
    found = json.loads(hetsim("ragone", "KPB-CZT", *words).stdout)
    assert found["per_gram_of"] == "KPB"
    for point in found["points"]:
        hours = point["capacity_mAh_per_g"] / (1000 * point["current_A_per_g"])
        assert point["energy_Wh_per_kg"] == pytest.approx(point["mean_power_W_per_kg"] * hours)
        both = point["energy_of_both_actives_Wh_per_kg"] / point["energy_Wh_per_kg"]
        assert both == pytest.approx(found["share_of_both_active_masses"])
        assert point["charge_balance"] <= 1e-6


def test_rate_runs_a_full_cell_beside_its_measured_curve(hetsim: Any) -> None:
    words = ("--compare", "--cycles", "1", "--model", "SPM", "--json")
    curve = json.loads(hetsim("rate", "KPB-CZT", *words).stdout)["curves"][0]
    assert curve["points"][0]["measured_mAh_per_g"] == 95.3
    assert curve["points"][0]["energy_Wh_per_kg"] > 150
    # one cycle without electrolyte; what the file promises is checked in experiments/kpb_czt.py
    assert curve["mean_abs_error_percent"] < 10


def test_show_has_the_values_of_both_electrodes(hetsim: Any) -> None:
    text = hetsim("show", "KPB-CZT").stdout
    for name in ("N/P ratio", "Negative: Fast fraction", "Positive: Particle radius [m]"):
        assert any(line.startswith(f"{name}  ") for line in text.splitlines()), name
    against = hetsim("show", "KPB-CZT", "--against", "CZT").stdout
    assert "Pre-potassiation" in against


REFUSED = {
    "half cell": (("ragone", "CZT"), "a Ragone plot needs a full cell"),
    "unknown": (("ragone", "KPB-CTZ"), "Did you mean"),
    "no variant": (("rate", "KPB-CZT", "--variant", "core-shell"), "a full cell has none"),
    "no cycles": (("ragone", "KPB-CZT", "--cycles", "0"), "at least 1 cycle"),
    "no current": (("ragone", "KPB-CZT", "--currents", "-1"), "cannot run at -1 A/g"),
}


@pytest.mark.parametrize(("words", "message"), REFUSED.values(), ids=REFUSED)
def test_a_wrong_command_ends_in_one_sentence(
    hetsim: Any, tmp_path: Path, words: tuple[str, ...], message: str
) -> None:
    done = hetsim(*words)
    assert done.exit_code == 2
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_cycle_says_which_cycle_retention_is_counted_from(hetsim: Any) -> None:
    shown = hetsim("cycle", "KPB-CZT", "--cycles", "2", "--model", "SPM").stdout
    assert "retention: over the insertion of cycle 2" in shown
