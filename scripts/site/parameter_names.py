"""The tables of parameter names: unit, limits, default and meaning of each, from the schema."""

from hetsim.parameters.schema import IONS, KINDS, SCHEMA, ParameterInfo
from scripts.site.tables import row, table

HOMES = {
    "system": (
        "Of a system",
        "In `[parameters]` of a system file, in `cell.with_values` and in sweeps.",
    ),
    "component": (
        "Of the two components",
        "Carried along from the files of the materials A and B.",
    ),
    "electrolyte": (
        "Of an electrolyte",
        "In a file of `parameter_sets/electrolytes`, or in a system.",
    ),
    "material": ("Of a material", "In a file of `parameter_sets/materials`."),
    "ion": (
        "Of a material as a host of an ion",
        "In `[ions.K]` of a material, or `[hosts.A.parameters]`.",
    ),
    "cell": ("Of a full cell", "In a file of `parameter_sets/cells`."),
    "fact": ("Measured beside it", "In `[facts]` of a system. No equation takes them."),
}
"""Places in the files, each with a title and what may be said there."""


def tables() -> str:
    """All names by their place, then ions and kinds."""
    parts = [_of_a_home(home, *words) for home, words in HOMES.items()]
    ions = table(["ion", "charge number"], [row(name, str(z)) for name, z in IONS.items()])
    kinds = table(["kind", "its source"], [row(name, told) for name, told in KINDS.items()])
    parts += [f"## Ions\n\n{ions}", f"## Kinds of a number\n\n{kinds}"]
    return "\n\n".join(parts) + "\n"


def _of_a_home(home: str, title: str, where: str) -> str:
    known = [one for one in SCHEMA.values() if one.home == home]
    head = ["name", "limits", "default", "what it is"]
    return f"## {title}\n\n{where}\n\n{table(head, [_row(one) for one in known])}"


def _row(one: ParameterInfo) -> list[str]:
    default = "" if one.default is None else f"{one.default:g}"
    what = f"{one.text}; a list" if one.is_list else one.text
    return row(one.name, f"{one.low:g} to {one.high:g}", default, what)
