"""A page a system and a full cell: what docs/systems.md says of it, its curve, every value with its source.

Everything follows from the parameter files, docs/systems.md and what the builder of the library simulated; nothing is
simulated here.
"""

import re
from collections.abc import Iterable
from io import StringIO

import matplotlib
from matplotlib.figure import Figure

from hetsim.cells.balance import described
from hetsim.parameters.cell_file import cell_names
from hetsim.parameters.library import component_names, system_names
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import System, Value
from hetsim.plots.style import COLOURS, COLUMN, STYLE
from scripts.library.sections import nearest, section, simulated_of
from scripts.site.tables import row, table
from scripts.systems_page import Simulated, aged_points, stored

FOLDER = "reference/systems"
NOT_SEARCHED = "---\nnosearch: true\n---\n\n"
"""Each page holds the name of every parameter, and would be found with all of them; lists of systems are searched."""


def pages(systems_page: str) -> dict[str, str]:
    """The Markdown of each page by its file name, from the text of docs/systems.md."""
    told = {name: f"{text}\n\n{nearest(name)}" for name, text in sections(systems_page).items()}
    told |= {name: section(name).partition("\n")[2].strip() for name in component_names("library")}
    found = {f"{name}.md": _system(described(name), told[name]) for name in system_names()}
    return found | {f"{name}.md": _full_cell(described(name)) for name in cell_names()}


def library(page: str) -> str:
    """docs/library.md as the site shows it: with a page for each system."""
    made = component_names("library")
    page = re.sub(r"^\| `([^`]+)` \|", rf"| [\1]({FOLDER}/\1.md) |", page, flags=re.MULTILINE)
    names = "\n".join(f"{FOLDER}/{name}" for name in made)
    return f"{page.rstrip()}\n\n```{{toctree}}\n:hidden:\n{names}\n```\n"


def index(systems_page: str) -> str:
    """docs/systems.md as the site shows it: its table, with a page for each system that is written by hand."""
    head = systems_page.partition("\n## ")[0].strip()
    head = re.sub(r"\[([^\]]+)\]\(#[^)]*\)", rf"[\1]({FOLDER}/\1.md)", head)
    cells = "".join(f"- [{name}]({FOLDER}/{name}.md)\n" for name in cell_names())
    names = "\n".join(f"{FOLDER}/{name}" for name in (*component_names("systems"), *cell_names()))
    return f"{head}\n\n## Full cells\n\n{cells}\n```{{toctree}}\n:hidden:\n{names}\n```\n"


def sections(systems_page: str) -> dict[str, str]:
    """The text under the heading of each system."""
    parts = re.split(r"^### (\S+)\n", systems_page, flags=re.MULTILINE)
    texts = (re.split(r"^## ", text, flags=re.MULTILINE)[0] for text in parts[2::2])
    return dict(zip(parts[1::2], (text.strip() for text in texts), strict=True))


def figures(systems_page: str) -> dict[str, str]:
    """A figure in SVG, by file name, of each system of which anything was measured."""
    kept = stored(systems_page)
    made = {name: simulated_of(read_system(name)) for name in component_names("library")}
    systems = (described(name) for name in system_names())
    return {
        f"{one.name}.svg": _svg(one, {**kept, **made}[one.name])
        for one in systems
        if _is_measured(one)
    }


def _is_measured(system: System) -> bool:
    return bool(system.measured or aged_points(system))


def _system(system: System, told: str) -> str:
    first, _, rest = told.partition("\n\n")
    parts = [
        f"{NOT_SEARCHED}# {system.name}",
        first,
        _picture(system),
        rest,
        _use(system),
        _values(system),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _full_cell(cell: System) -> str:
    use = f"```sh\nhetsim show {cell.name}\nhetsim ragone {cell.name}\nhetsim rate {cell.name}\n```"
    told = [
        f"{NOT_SEARCHED}# {cell.name}",
        f"{cell.title}. {cell.reference}",
        cell.note,
        "## Run it",
        use,
    ]
    return "\n\n".join([*(part for part in told if part), _values(cell)]) + "\n"


def _picture(system: System) -> str:
    if not _is_measured(system):
        return ""
    alt = f"Capacity of {system.name} at each current, measured and simulated"
    return f"![{alt}]({system.name}.svg)"


def _use(system: System) -> str:
    controls = " --controls" if system.controls else ""
    lines = [
        f"hetsim show {system.name}",
        f"hetsim interface {system.name}",
        f"hetsim rate {system.name}{controls}{' --compare' if system.measured else ''}",
        *(f"hetsim rate {system.name} --variant {name}" for name in system.variants),
        f"hetsim cite {system.name}",
    ]
    if len(system.materials) < 2:
        del lines[1]
    return "## Run it\n\n```sh\n" + "\n".join(lines) + "\n```"


def _values(system: System) -> str:
    """Every value; those of the electrolyte and of what was measured beside it come last."""
    lines = table(["parameter", "value", "kind", "range", "source"], _rows(system.values.values()))
    text = f"## Every value\n\n{lines}"
    if system.facts:
        facts = table(["what", "value", "kind", "range", "source"], _rows(system.facts.values()))
        text += f"\n\n## Also measured\n\nNo value of the simulated cell.\n\n{facts}"
    return text


def _rows(values: Iterable[Value]) -> list[list[str]]:
    return [
        row(one.name, _number(one.value), one.kind, _range(one), _source(one)) for one in values
    ]


def _source(value: Value) -> str:
    return ". ".join(part.rstrip(".") for part in (value.source, value.note) if part)


def _number(value: float | tuple[float, ...]) -> str:
    return ", ".join(f"{one:g}" for one in (value if isinstance(value, tuple) else (value,)))


def _range(value: Value) -> str:
    return "" if value.range is None else f"{value.range[0]:g} to {value.range[1]:g}"


def _svg(system: System, simulated: Simulated) -> str:
    """Measured points as markers, simulated capacities as a line; where the electrode is not fresh, as crosses."""
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": "hetsim"}):
        figure = Figure(figsize=(1.4 * COLUMN, 2.6))
        axes = figure.subplots(
            gridspec_kw={"left": 0.13, "right": 0.98, "bottom": 0.17, "top": 0.9}
        )
        for curve in system.measured[:1]:
            measured, order = (
                (curve.currents, curve.capacities),
                zip(curve.currents, simulated.capacities, strict=False),
            )
            axes.plot(*measured, "o", color=COLOURS[0], mfc="none", label="measured")
            style = "-" if len(curve.currents) > 1 else "_"
            axes.plot(*zip(*sorted(order), strict=True), style, color=COLOURS[0], label="simulated")
        aged = aged_points(system)
        if aged:
            currents = [one.current for one in aged]
            axes.plot(
                currents,
                [one.capacity for one in aged],
                "s",
                color=COLOURS[1],
                mfc="none",
                label="after cycles",
            )
            axes.plot(
                currents, simulated.aged, "x", color=COLOURS[1], label="simulated, after cycles"
            )
        axes.set_xscale("log")
        axes.margins(0.08)
        axes.set_ylim(bottom=0)
        axes.set_xlabel("Current [A/g]")
        axes.set_ylabel("Specific capacity [mAh/g]")
        axes.set_title(f"{system.name} against {system.ion}: rate curve", fontsize=8)
        axes.legend(frameon=False)
        # neither a date nor identifiers that change, so that the same numbers are the same file
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
