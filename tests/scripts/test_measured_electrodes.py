"""The file that predictions draw from is what the script makes of the fits."""

from scripts.measured_electrodes import TARGET, table


def test_file_is_up_to_date() -> None:
    made = table().to_csv(index=False, lineterminator="\n")
    assert made == TARGET.read_text(encoding="utf-8"), "run python -m scripts.measured_electrodes"
