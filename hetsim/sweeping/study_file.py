"""A study written as TOML. Nothing in it is evaluated: numbers, names and words only."""

from collections.abc import Callable, Mapping
from os.path import isfile  # False for a name that is too long, where Path.is_file raises
from pathlib import Path
from typing import Any

import numpy as np

from hetsim.cells.full_cell import Cell, FullCell
from hetsim.cells.load import load_cell
from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import Table, number, read_document, whole_number
from hetsim.protocols.document import protocol_of
from hetsim.sweeping.derived import Product
from hetsim.sweeping.design import Cases, Design, Grid, Zip
from hetsim.sweeping.latin_sobol import LatinHypercube, SobolSequence
from hetsim.sweeping.ranges import SCALES, Range
from hetsim.sweeping.saltelli_morris import MorrisDesign, SaltelliDesign
from hetsim.sweeping.study import Study

LISTED: Mapping[str, Callable[..., Design]] = {"grid": Grid, "zip": Zip}
SAMPLED: Mapping[str, Callable[..., Design]] = {
    "latin-hypercube": LatinHypercube,
    "sobol-sequence": SobolSequence,
    "saltelli": SaltelliDesign,
    "morris": MorrisDesign,
}
KINDS = (*LISTED, "cases", *SAMPLED)
"""Designs by the word that stands for them in a file."""


def read_study(path: str | Path) -> Study:
    """The study of a file.

    Parameters
    ----------
    path : str | Path
        The study file (.toml)

    Returns
    -------
    Study

    Raises
    ------
    ParameterError
        For anything wrong in it, naming where and what is allowed.
    """
    path = Path(path)
    if not isfile(path):
        raise ParameterError(f"There is no study file '{path}'.")
    document = read_document(path).only("study", "protocol", "design")
    head = document.table("study").only(
        "title", "systems", "variant", "model", "classes", "fast", "trace_points", "chunk"
    )
    return Study(
        _cells(head, path.parent),
        _design(document.table("design")),
        protocol_of(document.table("protocol")),
        head.text("model", "SPMe"),
        _whole(head, "trace_points", 0),
        _whole(head, "chunk", None),
    )


def study_title(path: str | Path) -> str:
    """What a study file calls itself."""
    return read_document(Path(path)).table("study").text("title", Path(path).stem)


def _cells(head: Table, folder: Path) -> tuple[Cell, ...]:
    classes = _whole(head, "classes", None)
    fast = head.content.get("fast")
    if fast is not None and not isinstance(fast, bool):
        raise ParameterError(f"{head.where}: 'fast' must be true or false, got {fast!r}.")
    found: list[Cell] = []
    for name in head.names("systems"):
        beside = folder / name  # a file of the user's is looked for beside the study
        place = beside if name.endswith(".toml") and isfile(beside) else name
        cell = load_cell(place, head.text("variant", ""))
        if isinstance(cell, FullCell):
            heterostructure = cell.negative.with_particle(classes=classes, fast=fast)
            found.append(cell.with_electrodes(negative=heterostructure))
        else:
            found.append(cell.with_particle(classes=classes, fast=fast))
    return tuple(found)


def _design(table: Table) -> Design:
    kind = table.text("kind")
    if kind not in KINDS:
        raise ParameterError(
            f"{table.where}: unknown kind of design '{kind}'; allowed: {', '.join(KINDS)}."
        )
    shared: dict[str, Any] = {
        "derived": _derived(table.table("derived", {})),
        "auxiliary": table.names("auxiliary", ()),
    }
    if kind in LISTED:
        table.only("kind", "values", "derived", "auxiliary")
        values = table.table("values")
        columns = {name: _column(values, name, raw) for name, raw in values.content.items()}
        return LISTED[kind](columns, **shared)
    if kind == "cases":
        table.only("kind", "cases", "derived", "auxiliary")
        return Cases([one.content for one in table.tables("cases")], **shared)
    return _sampled(table, kind, shared)


def _sampled(table: Table, kind: str, shared: Mapping[str, Any]) -> Design:
    optional = ("seed", "levels") if kind == "morris" else ("seed",)
    table.only("kind", "n", "ranges", *optional, "derived", "auxiliary")
    inner = table.table("ranges")
    ranges = {name: _range(inner, name, raw) for name, raw in inner.content.items()}
    if "n" not in table.content:
        raise ParameterError(f"{table.where}: 'n' is missing; it says how many are drawn.")
    given = {name: table.content[name] for name in optional if name in table.content}
    return SAMPLED[kind](ranges, n=table.content["n"], **given, **shared)


def _column(table: Table, name: str, raw: Any) -> Any:
    """A list as it is, or the points of a range."""
    if not isinstance(raw, dict):
        return raw
    if "points" not in raw:
        raise ParameterError(f"{table.where}: '{name}' needs 'points' beside low and high.")
    count = whole_number(raw["points"], "points", f"{table.where}: '{name}'")
    if not 2 <= count <= 1_000_000:
        raise ParameterError(
            f"{table.where}: '{name}' has {count} points; 2 to 1000000 are allowed."
        )
    ends = {key: value for key, value in raw.items() if key != "points"}
    return np.asarray(_range(table, name, ends).points(count))


def _range(table: Table, name: str, raw: Any) -> Range:
    where = f"{table.where}: '{name}'"
    if not isinstance(raw, dict):
        raise ParameterError(f"{where} must be {{ low, high, scale }}, got {raw!r}.")
    inner = Table(raw, where).only("low", "high", "scale")
    scale = inner.text("scale", "linear")
    if scale not in SCALES:
        raise ParameterError(f"{where}: unknown scale '{scale}'; allowed: {', '.join(SCALES)}.")
    for end in ("low", "high"):
        if end not in raw:
            raise ParameterError(f"{where}: '{end}' is missing.")
    try:
        return SCALES[scale](number(raw["low"], "low", where), number(raw["high"], "high", where))
    except ParameterError as error:
        text = str(error)
        raise ParameterError(text if text.startswith(where) else f"{where}: {text}") from error


def _derived(table: Table) -> dict[str, Product]:
    products = {}
    for name, raw in table.content.items():
        if not isinstance(raw, dict):
            raise ParameterError(f"{table.where}: '{name}' must be {{ of, over, factor }}.")
        inner = Table(raw, f"{table.where}: '{name}'").only("of", "over", "factor")
        factor = number(raw.get("factor", 1.0), "factor", inner.where)
        products[name] = Product(inner.names("of", ()), inner.names("over", ()), factor)
    return products


def _whole(table: Table, key: str, default: Any) -> Any:
    if key not in table.content:
        return default
    return whole_number(table.content[key], key, table.where)
