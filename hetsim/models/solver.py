"""The solver that every model of hetsim uses, and its tolerances."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from hetsim.late import late

if TYPE_CHECKING:
    import pybamm
else:
    pybamm = late("pybamm")


TOLERANCES = {"SPM": 1e-6, "SPMe": 1e-6, "DFN": 1e-7}
"""Of a constant-current step, relative and in units of full occupancy: capacities are within 7e-7 (SPM, SPMe) and
2e-6 (DFN, whose potentials need more) of those of a solution to 1e-9 (docs/performance.md)."""

TWO_HOSTS = 2.0
"""How much looser a constant-current step of two hosts is solved. Their potential is a state beside the
occupancies, and follows it closely: capacities are within 3e-5, with a noise of up to 3e-5 from where a step of the
solver meets the corner of a hysteresis."""


MOST_STEPS = 100_000
"""Steps after which a solution of few states is given up. The longest of the experiments, a voltammogram with steep
plateaus, takes some 25 000."""
_FEW_STATES = 60
"""Up to which a solution has all of them. More states cost more a step, 1 to 2 us each and more where they change so
fast that it needs a new Jacobian, and are given fewer: a solution ends within half a minute, and a run of two parts
within one."""
_FEWEST_STEPS = 4_000


def most_steps(states: int) -> int:
    """Steps after which a solution of a model with this many states is given up."""
    share = (_FEW_STATES / max(states, _FEW_STATES)) ** 1.5
    return max(_FEWEST_STEPS, int(MOST_STEPS * share))


def solver(
    root_method: str | None = None,
    options: dict[str, Any] | None = None,
    rtol: float = 1e-7,
    atol: float = 1e-7,
    states: int = 0,
    made_by: type | None = None,
    **chosen: Any,
) -> Any:
    """PyBaMM's IDAKLU, patient in its first instant: when the current of a DFN reverses, the potentials
    start far from where they end up. A root method is the other way to find them.

    The tolerances count in units of full occupancy for ions: an absolute one that is tighter than the
    relative one, as is usual, is spent on occupancies that no capacity depends on. options and all else are
    those of pybamm.IDAKLUSolver, or of the class of it in made_by. A solution ends as a failure after
    `most_steps` of the states, wherever it is: neither an interrupt nor an alarm reaches a call of the solver.
    """
    patient = {
        "max_linesearch_backtracks_ic": 100,
        "max_num_iterations_ic": 50,
        # a double layer at rest feels a ramp within microseconds: its first step is cut many times
        "max_error_test_failures": 100,
        # so many steps that do not advance by more than any time there is: a limit of steps
        "num_steps_no_progress": most_steps(states),
        "t_no_progress": 1e300,
        # what it says of a failure goes into the outcome, and not to the terminal
        "silence_sundials_errors": True,
        **(options or {}),
    }
    return (made_by or pybamm.IDAKLUSolver)(
        rtol=rtol, atol=atol, root_method=root_method, options=patient, **chosen
    )


def _not_of_sizes(record: logging.LogRecord) -> bool:
    return record.funcName != "check_ys_are_not_too_large"


@contextmanager
def states_of_any_size() -> Iterator[None]:
    """PyBaMM says nothing on the terminal of states above 1e5 in what it solves here: a run that fails says so in its
    outcome, and one that does not is judged by its charge."""
    quiet = partial(_not_of_sizes)  # one of its own for each of several at once
    pybamm.logger.addFilter(quiet)
    try:
        yield
    finally:
        pybamm.logger.removeFilter(quiet)
