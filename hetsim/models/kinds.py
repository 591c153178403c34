"""The models by the names that PyBaMM's users know."""

from typing import Any

from hetsim.errors import ParameterError

KINDS = ("SPM", "SPMe", "DFN")


def check_kind(kind: Any) -> None:
    """Raises ParameterError for what is no model."""
    if kind not in KINDS:
        raise ParameterError(f"Unknown model '{kind}'; allowed: {', '.join(KINDS)}.")
