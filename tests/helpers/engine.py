"""The engine where there is one: without a C compiler everything runs on PyBaMM, and its tests have no object."""

from typing import TypeVar

import pytest

There = TypeVar("There")


def there(engine: There | None) -> There:
    """The engine itself; skips the test where it is None."""
    if engine is None:
        pytest.skip("the engine is not here: no C compiler, or HETSIM_ENGINE=off")
    return engine
