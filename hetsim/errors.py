"""The errors that hetsim raises for wrong input; the message says what, which value and what is allowed."""

import difflib
from collections.abc import Iterable

MOST_SUGGESTIONS = 3
"""Names that a message suggests in place of a wrong one."""


class HetsimError(ValueError):
    """Base class of all errors that hetsim raises for wrong input."""


class ParameterError(HetsimError):
    """A parameter, a parameter file or an argument that cannot be used."""


class MeasurementError(HetsimError):
    """A file of measured data that cannot be read or does not hold what is needed."""


class OutputError(HetsimError):
    """A folder or a file that cannot be written."""


class StoreError(HetsimError):
    """A store of a sweep that cannot be read, written or continued."""


class ClusterError(HetsimError):
    """A cluster that cannot be reached or does not answer."""


class MissingPackageError(HetsimError):
    """An optional package that is needed here and is not installed."""


def did_you_mean(
    wrong: str, known: Iterable[str], otherwise: str | None = None, alike: float = 0.4
) -> str:
    """End of a message on a wrong name: at most three names that are near, whatever the case of their letters.

    wrong : the name as it was given
    known : the names that are allowed
    otherwise : a sentence for when none is near; None names the first three that are known
    alike : share of equal letters from which a name is near (difflib's ratio)
    """
    names = list(known)
    same = [name for name in names if name.lower() == wrong.lower()]
    near = same or _nearest(wrong, names, alike)
    if near:
        *first, last = (repr(one) for one in near)
        return f"Did you mean {', '.join(first)}{' or ' if first else ''}{last}?"
    if otherwise is not None:
        return otherwise
    more = len(names) - MOST_SUGGESTIONS
    told = ", ".join(repr(one) for one in names[:MOST_SUGGESTIONS])
    return f"Known: {told}{f' and {more} more' if more > 0 else ''}."


def _nearest(wrong: str, names: list[str], alike: float) -> list[str]:
    """The nearest first."""
    lower = {name.lower(): name for name in reversed(names)}
    found = difflib.get_close_matches(wrong.lower(), lower, MOST_SUGGESTIONS, alike)
    return [lower[one] for one in found]
