"""What every result carries of the run that it came from."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Run:
    """All that is needed to run it again."""

    system: str
    model: str
    parameters: dict[str, Any]
    parameters_hash: str
    protocol: str
    versions: dict[str, str]
    thermodynamic_status: str

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
