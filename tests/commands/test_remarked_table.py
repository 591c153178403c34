"""Tables with remarks fit a terminal of 100 columns."""

from hetsim.commands.text_table import remarked_table

REMARK = "the pulse is longer than a tenth of the diffusion time, so that the line bends at its end"


def test_remarks_are_listed_once_and_the_table_fits() -> None:
    text = remarked_table(["a", "b"], [["1", "2"]] * 3, [[REMARK, "other"]] * 3)
    assert max(map(len, text.splitlines())) <= 100
    assert text.count("longer than a tenth") == 1


def test_wide_keeps_all_remarks() -> None:
    text = remarked_table(["a", "b"], [["1", "2"]] * 3, [[REMARK, "other"]] * 3, wide=True)
    assert text.count(f"{REMARK}; other") == 3
