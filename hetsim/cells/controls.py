"""What a heterostructure is compared with: its hosts alone, their mixture, and itself without what its junctions do."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hetsim import names
from hetsim.architectures import architecture_named
from hetsim.architectures.channels import POTENTIAL, STORING_SHARE
from hetsim.architectures.grains import BOTH_HOSTS
from hetsim.parameters.checks import checked_system
from hetsim.parameters.hosts import VOLUME_FRACTION, completed
from hetsim.parameters.values import System, Value


def controls_of(system: System) -> Iterator[System]:
    """The controls of a system of two hosts, each at its mass; the name says which.

    A alone and B alone, and their mixture without a junction; the heterostructure without its channel, without
    its potentials, and without the ions that are stored in its junction layers. What the system does not have
    needs no control.
    """
    a, b = system.components
    yield _changed(system, f"{a} alone", "dispersed", "none", {VOLUME_FRACTION: 1.0})
    yield _changed(system, f"{b} alone", "dispersed", "none", {VOLUME_FRACTION: 0.0})
    architecture = architecture_named(system.architecture)
    if architecture.populations == (BOTH_HOSTS,):
        yield _changed(system, "mixture", "mixture", "", {})
    channel = system.interface or ("dilute-carriers" if architecture.has_network else "none")
    if channel != "none":
        yield _changed(system, "without channel", system.architecture, "none", {})
    changes = {}
    if channel != "none" and _number(system, POTENTIAL):
        changes[POTENTIAL] = 0.0
    if _number(system, names.BUILT_IN_POTENTIAL):
        changes[names.BUILT_IN_POTENTIAL] = 0.0
    if changes:
        yield _changed(system, "without potential", system.architecture, system.interface, changes)
    if channel == "lattice-carriers" and _number(system, STORING_SHARE, 1.0):
        share = {STORING_SHARE: 0.0}
        yield _changed(
            system, "without gathered ions", system.architecture, system.interface, share
        )


def _number(system: System, name: str, default: float = 0.0) -> float:
    return system.values[name].number if name in system.values else default


def _changed(
    system: System, what: str, architecture: str, interface: str, changes: dict[str, Any]
) -> System:
    """The same system in another architecture, with other values; without a potential where none may act."""
    values = dict(system.values)
    if architecture_named(architecture).no_potential:
        changes = {**changes, names.BUILT_IN_POTENTIAL: 0.0}
    for name, number in changes.items():
        values[name] = Value(name, number, "derived", f"control: {what}", origin="control")
    changed = replace(
        system,
        architecture=architecture,
        interface=interface,
        values=completed(values, has_core=architecture_named(architecture).has_field),
        variant=what,
        controls=(),
        measured=(),
        aged=(),
    )
    return checked_system(changed, f"{system.name}, {what}")
