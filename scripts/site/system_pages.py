"""A page a system and a full cell: what docs/systems.md says of it, its curve, every value with its source.

Everything follows from the parameter files and docs/systems.md. The systems of the library, of which that page says
nothing, are run here: their cells are built once, and a rate test takes milliseconds.
"""

import re
from collections.abc import Iterable

from hetsim.cells.balance import described
from hetsim.cells.load import load
from hetsim.parameters.catalogue import groups
from hetsim.parameters.cell_file import cell_names
from hetsim.parameters.library import component_names, system_names
from hetsim.parameters.values import System, Value
from hetsim.protocols import RateTest
from hetsim.simulation.run import run
from scripts.site.rate_picture import rate_picture
from scripts.site.tables import row, table
from scripts.systems_page import errors_percent, stored

FOLDER = "reference/systems"
LIBRARY = "library"
"""The page that lists the systems of the library."""


def pages(systems_page: str) -> dict[str, str]:
    """The text of each file by its name, Markdown and figures in SVG, from the text of docs/systems.md."""
    told = sections(systems_page)
    kept = {name: one.capacities for name, one in stored(systems_page).items()}
    systems = [described(name) for name in system_names()]
    of_library = [one for one in systems if one.name not in told]
    kept |= {one.name: _run(one) for one in of_library}
    found = {f"{LIBRARY}.md": _library(of_library, kept)}
    for one in systems:
        text = told.get(one.name) or _of_library(one, kept[one.name])
        found[f"{one.name}.md"] = _system(one, text)
        if _has_curve(one):
            found[f"{one.name}.svg"] = rate_picture(one, kept[one.name])
    return found | {f"{name}.md": _full_cell(described(name)) for name in cell_names()}


def index(systems_page: str) -> str:
    """docs/systems.md as the site shows it: its table, with a page for each system."""
    head = systems_page.partition("\n## ")[0].strip()
    head = re.sub(r"\[([^\]]+)\]\(#[^)]*\)", rf"[\1]({FOLDER}/\1.md)", head)
    cells = "".join(f"- [{name}]({FOLDER}/{name}.md)\n" for name in cell_names())
    names = [LIBRARY, *component_names("systems"), *cell_names()]
    more = f"The systems of papers that are known by their rate curve are in [the library]({FOLDER}/{LIBRARY}.md)."
    return f"{head}\n\n{more}\n\n## Full cells\n\n{cells}\n{_toctree(f'{FOLDER}/{name}' for name in names)}"


def sections(systems_page: str) -> dict[str, str]:
    """The text under the heading of each system."""
    parts = re.split(r"^### (\S+)\n", systems_page, flags=re.MULTILINE)
    texts = (re.split(r"^## ", text, flags=re.MULTILINE)[0] for text in parts[2::2])
    return dict(zip(parts[1::2], (text.strip() for text in texts), strict=True))


def _toctree(names: Iterable[str]) -> str:
    return "```{toctree}\n:hidden:\n" + "\n".join(names) + "\n```\n"


def _run(system: System) -> tuple[float, ...]:
    """Capacities of the rate test as it was measured [mA.h.g-1]; none where nothing was."""
    if not system.measured:
        return ()
    found = run(load(system.name), RateTest(system.measured[0].currents)).capacities
    return tuple(float(one) for one in found)


def _library(systems: list[System], simulated: dict[str, tuple[float, ...]]) -> str:
    """The list, by ion and family."""
    parts = [
        "# The library",
        "Electrodes of papers of which little more is printed than a rate curve. Their files are made from the "
        "printed facts through the neutral template: the open-circuit curve is a slope through the window, a few "
        "values are fitted, and the rest is that of the family and says so. They describe the curve; they say nothing "
        "about a junction. `hetsim list --ion Na --class sulfide` lists them too.",
    ]
    for group in groups(systems):
        rows = [_line(one, simulated[one.name]) for one in group.systems]
        parts.append(f"## {group.title[0].upper()}{group.title[1:]}")
        parts.append(table(["system", "what it is", "points", "A/g", "mean error %"], rows))
    return "\n\n".join(parts) + "\n\n" + _toctree(one.name for one in systems)


def _line(system: System, capacities: tuple[float, ...]) -> list[str]:
    name = f"[{system.name}]({system.name}.md)"
    if not system.measured:
        return [name, *row(system.title), "0", "-", "-"]
    curve = system.measured[0]
    sizes = [abs(one) for one in errors_percent(curve, capacities)]
    ends = sorted({min(curve.currents), max(curve.currents)})
    span = " to ".join(f"{one:g}" for one in ends)
    return [name, *row(system.title), str(len(sizes)), span, f"{sum(sizes) / len(sizes):.1f}"]


def _of_library(system: System, capacities: tuple[float, ...]) -> str:
    """What is known of a system that docs/systems.md does not tell."""
    parts = [_plain(f"{system.title} against {system.ion}. {system.reference}.".replace("..", "."))]
    if system.measured:
        curve = system.measured[0]
        head = ["A/g", *(f"{one:g}" for one in curve.currents)]
        rows = [
            ["measured", *(f"{one:g}" for one in curve.capacities)],
            ["simulated", *(f"{one:.1f}" for one in capacities)],
            ["error %", *(f"{one:+.1f}" for one in errors_percent(curve, capacities))],
        ]
        parts += [
            table(head, rows),
            f"*Measured*: {_plain(f'{curve.source}. {curve.note}'.strip())}",
        ]
    aged = [
        f"- {one.capacity:g} mAh/g at {one.current:g} A/g, {_plain(one.label)}. {_plain(one.source)}"
        for one in system.aged
    ]
    if aged:
        parts += ["*Not fresh, so no points of the curve*:", "\n".join(aged)]
    return "\n\n".join([*parts, _plain(system.note)])


def _plain(text: str) -> str:
    return row(text)[0]


def _system(system: System, told: str) -> str:
    first, _, rest = told.partition("\n\n")
    parts = [f"# {system.name}", first, _picture(system), rest, _use(system), _values(system)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _full_cell(cell: System) -> str:
    use = f"```sh\nhetsim show {cell.name}\nhetsim ragone {cell.name}\nhetsim rate {cell.name}\n```"
    told = [f"# {cell.name}", f"{cell.title}. {cell.reference}", cell.note, "## Run it", use]
    return "\n\n".join([*(part for part in told if part), _values(cell)]) + "\n"


def _has_curve(system: System) -> bool:
    return bool(system.measured) and len(system.measured[0].currents) > 1


def _picture(system: System) -> str:
    if not _has_curve(system):
        return ""
    return f"![Rate curve of {system.name}, measured and simulated]({system.name}.svg)"


def _use(system: System) -> str:
    controls = " --controls" if system.controls else ""
    lines = [
        f"hetsim show {system.name}",
        *([f"hetsim interface {system.name}"] if len(system.components) > 1 else []),
        f"hetsim rate {system.name}{controls}{' --compare' if system.measured else ''}",
        *(f"hetsim rate {system.name} --variant {name}" for name in system.variants),
        f"hetsim cite {system.name}",
    ]
    return "## Run it\n\n```sh\n" + "\n".join(lines) + "\n```"


def _values(system: System) -> str:
    """Every value, then what was measured beside it."""
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
