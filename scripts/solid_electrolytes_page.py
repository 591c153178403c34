"""Write the table of docs/solid_electrolytes.md from the facts and the model.

python -m scripts.solid_electrolytes_page
"""

import re
from pathlib import Path

from hetsim.solid_electrolytes.electrolyte import SolidElectrolyte
from hetsim.solid_electrolytes.facts import ZERO_CELSIUS, solid_electrolytes

PAGE = Path(__file__).parents[1] / "docs" / "solid_electrolytes.md"
MARKS = re.compile(r"(<!-- scripts/solid_electrolytes_page.py -->\n).*?(<!-- end -->)", re.S)


def table() -> str:
    """All solid electrolytes: what is printed, what a layer would need, and the verdict."""
    lines = [
        "| name | kind | vol% filler | printed, S/cm (degC) | needs, mV: host / amorphous / screened | verdict |",
        "|---|---|---|---|---|---|",
    ]
    for facts in solid_electrolytes():
        one = SolidElectrolyte(facts)
        lines.append(
            f"| {one.name} | {facts.kind} | {_share(one)} | {_printed(one)} | {_needs(one)} | {one.verdict} |"
        )
    doubts = [f"- {one.system}: {one.doubt}." for one in solid_electrolytes() if one.doubt]
    return "\n".join([*lines, "", "In doubt:", "", *doubts])


def _share(one: SolidElectrolyte) -> str:
    if not one.has_layers:
        return "-"
    assumed = "" if one.facts.filler_weight_percent else ", assumed"
    return f"{100 * one.volume_share:.1f}{assumed}"


def _printed(one: SolidElectrolyte) -> str:
    told = [
        f"{point.value / 100:.2g} ({point.temperature - ZERO_CELSIUS:.0f})"
        + ("" if point.used else " doubtful")
        for point in one.facts.conductivities
        if point.temperature
    ]
    return ", ".join(told) or "-"


def _needs(one: SolidElectrolyte) -> str:
    told = []
    for need in one.needs:
        amorphous = "-" if need.of_amorphous is None else f"{1e3 * need.of_amorphous:.0f}"
        told.append(f"{1e3 * need.of_host:.0f} / {amorphous} / {1e3 * need.screened:.0f}")
    return ", ".join(told) or "-"


def page() -> str:
    """The page as it should be."""
    text = PAGE.read_text(encoding="utf-8")
    return MARKS.sub(lambda found: f"{found[1]}\n{table()}\n\n{found[2]}", text)


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
