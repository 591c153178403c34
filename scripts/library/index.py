"""parameter_sets/index.json: every shipped system as the lists show it."""

from hetsim.cells.balance import as_system
from hetsim.commands.list import hosts_of
from hetsim.parameters.cell_file import cell_names, read_cell
from hetsim.parameters.index import Entry
from hetsim.parameters.library import component_names, system_names
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import System


def index_entries() -> list[Entry]:
    """Systems by name, then full cells."""
    made = set(component_names("library"))
    systems = [_entry(read_system(name), name in made) for name in system_names()]
    return systems + [_entry(as_system(read_cell(name)), False) for name in cell_names()]


def _entry(system: System, made: bool) -> Entry:
    return Entry(
        name=system.name,
        title=system.title,
        ion=system.ion,
        classification=system.classification,
        architecture=system.architecture,
        reference=system.reference,
        materials=system.materials,
        hosts=tuple(hosts_of(system)),
        controls=system.controls,
        variants=system.variants,
        points=sum(len(curve.currents) for curve in system.measured),
        aged=len(system.aged),
        made=made,
    )
