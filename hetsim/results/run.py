"""What every result carries of the run that it came from."""

import json
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self


@dataclass(frozen=True, kw_only=True)
class Run:
    """All that is needed to run it again.

    again : the same run with the particles divided along their radius, where relaxation modes stand for them;
        None where there is nothing to see that the result itself does not have
    """

    system: str
    model: str
    parameters: dict[str, Any]
    parameters_hash: str
    protocol: str
    versions: dict[str, str]
    thermodynamic_status: str
    again: Callable[[], Any] | None = field(default=None, repr=False, compare=False)

    def with_again(self, again: Callable[[], Any]) -> Self:
        """The same result that knows how to run again; what it makes later is not made for that."""
        made = copy(self)
        object.__setattr__(made, "again", again)
        return made

    @cached_property
    def along_radius(self) -> Self:
        """The result that has profiles: itself, or of relaxation modes the same run in volumes, solved the first
        time that it is asked for."""
        if self.again is None:
            return self
        found: Self = self.again()
        return found

    @property
    def attributes(self) -> dict[str, str]:
        """The provenance as attributes of a dataset."""
        return {
            "system": self.system,
            "model": self.model,
            "protocol": self.protocol,
            "thermodynamic_status": self.thermodynamic_status,
            "parameters": json.dumps(self.parameters),
            "parameters_hash": self.parameters_hash,
            **{f"version_{name}": version for name, version in self.versions.items()},
        }

    @property
    def record(self) -> dict[str, Any]:
        """The provenance as an object for JSON."""
        return {
            "system": self.system,
            "model": self.model,
            "protocol": self.protocol,
            "thermodynamic_status": self.thermodynamic_status,
            "parameters_hash": self.parameters_hash,
            "versions": self.versions,
            "parameters": self.parameters,
        }
