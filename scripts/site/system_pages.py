"""A page a system and a full cell: what docs/systems.md says of it, its curve, every value with its source.

Everything follows from the parameter files and docs/systems.md; nothing is simulated here.
"""

import re
from collections.abc import Iterable
from io import StringIO

import matplotlib
from matplotlib.figure import Figure

from hetsim.cells.balance import described
from hetsim.parameters.cell_file import cell_names
from hetsim.parameters.library import component_names
from hetsim.parameters.values import System, Value
from hetsim.plots.style import COLOURS, COLUMN, STYLE
from scripts.site.tables import row, table
from scripts.systems_page import stored

FOLDER = "reference/systems"


def pages(systems_page: str) -> dict[str, str]:
    """The Markdown of each page by its file name, from the text of docs/systems.md."""
    told = sections(systems_page)
    found = {
        f"{name}.md": _system(described(name), told[name]) for name in component_names("systems")
    }
    return found | {f"{name}.md": _full_cell(described(name)) for name in cell_names()}


def index(systems_page: str) -> str:
    """docs/systems.md as the site shows it: its table, with a page for each system."""
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
    """A figure in SVG, by file name, of each system whose curve was measured."""
    kept = stored(systems_page)
    systems = (described(name) for name in component_names("systems"))
    return {
        f"{one.name}.svg": _svg(one, kept[one.name].capacities)
        for one in systems
        if one.measured and len(one.measured[0].currents) > 1
    }


def _system(system: System, told: str) -> str:
    parts = [f"# {system.name}", told, _picture(system), _use(system), _values(system)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _full_cell(cell: System) -> str:
    use = f"```sh\nhetsim show {cell.name}\nhetsim ragone {cell.name}\nhetsim rate {cell.name}\n```"
    told = [f"# {cell.name}", f"{cell.title}. {cell.reference}", cell.note, "## Run it", use]
    return "\n\n".join([*(part for part in told if part), _values(cell)]) + "\n"


def _picture(system: System) -> str:
    if not system.measured or len(system.measured[0].currents) < 2:
        return ""
    alt = f"Rate curve of {system.name}, measured and simulated"
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


def _svg(system: System, capacities: tuple[float, ...]) -> str:
    """Measured points as markers, simulated capacities as a line."""
    curve = system.measured[0]
    with matplotlib.rc_context({**STYLE, "svg.hashsalt": "hetsim"}):
        figure = Figure(figsize=(1.4 * COLUMN, 2.6), layout="constrained")
        axes = figure.subplots()
        axes.plot(
            curve.currents, curve.capacities, "o", color=COLOURS[0], mfc="none", label="measured"
        )
        order = sorted(zip(curve.currents, capacities, strict=False))
        axes.plot(*zip(*order, strict=True), color=COLOURS[0], label="simulated")
        axes.set_xscale("log")
        axes.set_ylim(bottom=0)
        axes.set_xlabel("Current [A/g]")
        axes.set_ylabel("Specific capacity [mAh/g]")
        axes.set_title(f"{system.name} against {system.ion}: rate curve", fontsize=8)
        axes.legend(frameon=False)
        # neither a date nor identifiers that change, so that the same numbers are the same file
        text = StringIO()
        figure.savefig(text, format="svg", metadata={"Date": None})
    return text.getvalue()
