"""What is told of one made system, as docs/systems.md tells it of those written by hand.

It reads the file and what the builder simulated (parameter_sets/library/simulated.json), and runs nothing.
"""

from hetsim.parameters.index import entries
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import System
from scripts.library.quality import simulated
from scripts.library.relatives import relatives
from scripts.systems_page import Simulated, section_of, stamp


def simulated_of(system: System) -> Simulated:
    """What the builder simulated of a made system."""
    kept = simulated()[system.name]
    return Simulated(stamp(system), tuple(kept["fresh"]), tuple(kept["after cycles"]))


def section(name: str) -> str:
    """Its points, errors, what was fitted, what a field could do, its relatives: Markdown under a heading."""
    system = read_system(name)
    text = section_of(system, simulated_of(system), entries())
    return f"{text}\n\n{nearest(name)}"


def nearest(name: str) -> str:
    """The line on the relatives of any system."""
    return f"*Nearest relatives*: {', '.join(f'`{one}`' for one in relatives(name))}."
