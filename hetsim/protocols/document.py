"""Protocols written as TOML. Nothing in a file is evaluated: numbers, names and words only."""

import inspect
from os.path import isfile  # False for a name that is too long, where Path.is_file raises
from pathlib import Path
from typing import Any

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import Table, read_document
from hetsim.protocols.cccv import CCCV
from hetsim.protocols.cv import CV
from hetsim.protocols.cycling import Cycling
from hetsim.protocols.eis import EIS
from hetsim.protocols.gitt import GITT
from hetsim.protocols.ici import ICI
from hetsim.protocols.protocol import Protocol
from hetsim.protocols.rate import RateTest
from hetsim.protocols.replay import Replay
from hetsim.protocols.steps import ConstantCurrent, Hold, Ramp, Rest

_KINDS = {
    kind.__name__: kind
    for kind in (
        CCCV, CV, EIS, GITT, ICI, ConstantCurrent, Cycling, Hold, Protocol, Ramp, RateTest, Replay, Rest,
    )
}  # fmt: skip

_STEP_KINDS = {
    name: kind for name, kind in _KINDS.items() if kind not in (CV, Cycling, GITT, RateTest)
}

_OF_THE_OUTER = ("filling", "after", "soc")
"""Values that a step has only outside a Protocol."""

UNTIL_CUT_OFF = "until cut-off"
"""What stands for repeats without a number."""


def protocol_of(table: Table, *, step: bool = False) -> Any:
    """The protocol that a table says by its `kind` and its values, or a step of one.

    The steps of a Protocol are texts of PyBaMM's and tables with a `kind`. Raises ParameterError for anything
    wrong, naming where and what is allowed.
    """
    kind = table.text("kind")
    kinds = _STEP_KINDS if step else _KINDS
    if kind not in kinds:
        what = "is no step" if kind in _KINDS else f"unknown {'step' if step else 'protocol'}"
        told = f"'{kind}' {what}" if kind in _KINDS else f"{what} '{kind}'"
        raise ParameterError(f"{table.where}: {told}; allowed: {', '.join(kinds)}.")
    parameters = inspect.signature(_KINDS[kind]).parameters
    outer = _OF_THE_OUTER if step else ()  # refused by Protocol, in words of its own
    known = {name: raw for name, raw in table.content.items() if name not in outer}
    Table(known, table.where).only("kind", *(name for name in parameters if name not in outer))
    table.only("kind", *parameters)
    given = {name: raw for name, raw in table.content.items() if name != "kind"}
    for name, parameter in parameters.items():
        if parameter.default is inspect.Parameter.empty and name not in given:
            raise ParameterError(f"{table.where}: '{name}' is missing for {kind}.")
    if _KINDS[kind] is Protocol:
        given["steps"] = _steps(given["steps"], table)
        if given.get("repeat") == UNTIL_CUT_OFF:
            given["repeat"] = None
    try:
        return _KINDS[kind](**given)
    except (TypeError, AttributeError) as error:
        raise ParameterError(
            f"{table.where}: {kind} cannot be made of {given} ({error})."
        ) from error


def read_protocol(path: str | Path) -> Any:
    """The protocol of a file, a Protocol unless its `kind` says another.

    Raises ParameterError for anything wrong in it.
    """
    path = Path(path)
    if not isfile(path):
        raise ParameterError(f"There is no protocol file '{path}'.")
    document = read_document(path)
    if "protocol" in document.content:  # as in the file of a sweep
        document = document.only("protocol").table("protocol")
    return protocol_of(Table({"kind": "Protocol", **document.content}, document.where))


def _steps(raw: Any, table: Table) -> list[Any]:
    if not isinstance(raw, list):
        raise ParameterError(f"{table.where}: 'steps' must be a list of steps, got {raw!r}.")
    steps = []
    for number, step in enumerate(raw, 1):
        if isinstance(step, dict):
            steps.append(protocol_of(Table(step, f"{table.where}, step {number}"), step=True))
        else:
            steps.append(step)
    return steps
