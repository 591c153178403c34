"""Names that were changed: the former ones are accepted with a warning for one release."""

import warnings
from typing import Any


def filling_argument(filling: Any, soc: Any, where: str) -> Any:
    """The filling, from the argument `filling` or from its former name `soc`, which warns."""
    if soc is None:
        return filling
    warn_of_soc(where)
    return soc


def warn_of_soc(where: str) -> None:
    """Say that `soc` is called `filling` now: 0 extracted, 1 inserted."""
    warnings.warn(
        f"{where}: 'soc' is called 'filling' (0 extracted, 1 inserted); the old name goes in the next release.",
        DeprecationWarning,
        stacklevel=4,
    )
