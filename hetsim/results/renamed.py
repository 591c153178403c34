"""Names that were changed: the former ones are accepted with a warning for one release."""

import sys
import warnings
from pathlib import Path
from typing import Any

from hetsim.errors import ParameterError

_PACKAGE = str(Path(__file__).parents[1])


class FormerSoc:
    """Attribute `soc`, the former name of `filling`. Reading it warns and gives the filling."""

    def __get__(self, owner: Any, kind: type) -> Any:
        if owner is None:  # the default of an argument
            return None
        _warn_of_soc(kind.__name__)
        return owner.filling


def filling_argument(filling: Any, soc: Any, default: Any, where: str) -> Any:
    """The filling, from the argument `filling` or from its former name `soc`, which warns.

    Raises ParameterError if both are given; `default` is the filling that counts as not given.
    """
    if soc is None:
        return filling
    if filling is not default and filling != default:
        raise ParameterError(
            f"{where}: 'filling' is {filling} and 'soc', its former name, is {soc}; give 'filling' only."
        )
    _warn_of_soc(where)
    return soc


def with_new_names(protocol: dict[str, Any]) -> dict[str, Any]:
    """A protocol as an earlier store tells it, with the names of today.

    Spectra are left as they are: the dimension of their data had the former name too.
    """
    if "soc" not in protocol or protocol.get("kind") == "EIS":
        return protocol
    return {"filling" if name == "soc" else name: value for name, value in protocol.items()}


def _warn_of_soc(where: str) -> None:
    """Warn at the line of the user's that has the former name."""
    level, frame = 1, sys._getframe(0)
    while frame is not None and (
        frame.f_code.co_filename.startswith(_PACKAGE) or frame.f_code.co_filename == "<string>"
    ):
        level, frame = level + 1, frame.f_back  # type: ignore[assignment]
    warnings.warn(
        f"{where}: 'soc' is called 'filling' (0 extracted, 1 inserted); the old name goes in the next release.",
        DeprecationWarning,
        stacklevel=level,
    )
