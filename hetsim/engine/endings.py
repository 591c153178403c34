"""How a segment ended, from what PyBaMM says about it."""

from typing import Any

from hetsim import names
from hetsim.models.solver import most_steps
from hetsim.results import Outcome

_BEYOND_CUT_OFF = "non-positive at initial conditions"
"""What PyBaMM's message says of a start beyond the cut-off."""

_MEANT = (names.MINIMUM_VOLTAGE_EVENT, names.MAXIMUM_VOLTAGE_EVENT, names.CURRENT_LIMIT_EVENT)
"""Events that end a segment as it was asked to end."""

STOPPED = "failure"
"""What PyBaMM calls the end of a solution that its solver could not carry further."""

FINAL_TIME = "final time"
"""What PyBaMM calls the end of a solution that met no event."""


def ending(termination: str, to_cut_off: bool) -> tuple[Outcome, str]:
    """Outcome and reason of a solution.

    termination : what PyBaMM says
    to_cut_off : as in `Segment`
    """
    if termination in _MEANT:
        return Outcome.CUT_OFF, ""
    if termination == FINAL_TIME and to_cut_off:
        return Outcome.EXHAUSTED, "all sites were used before the cut-off was reached"
    if termination == FINAL_TIME:
        return Outcome.COMPLETED, ""
    if termination.startswith("event: "):
        return Outcome.OUT_OF_RANGE, f"stopped by '{termination.removeprefix('event: ')}'"
    return Outcome.SOLVER_FAILED, f"the solver gave up ({termination})"


def failure(message: str, advice: str) -> tuple[Outcome, str]:
    """Outcome and reason of a segment that no solver could do.

    message : of PyBaMM's error
    advice : what the user can try, a half sentence
    """
    if _BEYOND_CUT_OFF in message:
        return INFEASIBLE
    first = message.strip().splitlines()[0] if message.strip() else "no message"
    return Outcome.SOLVER_FAILED, f"{first}; {advice}"


def stopped(solution: Any, start: float, duration: float, advice: str) -> tuple[Outcome, str]:
    """Outcome and reason of a segment on whose way the solver stopped.

    solution : of PyBaMM, as far as it came;  start : of the segment [s];  duration : its length [s]
    advice : what the user can try, a half sentence
    """
    came = f"{max(float(solution.t[-1]) - start, 0.0):.3g} of {duration:.3g} s"
    steps = solution.solver_statistics.number_of_steps
    if steps >= most_steps(solution.all_models[0].len_rhs_and_alg):
        return Outcome.GIVEN_UP, f"{steps} steps of the solver came to {came}; {advice}"
    return Outcome.SOLVER_FAILED, f"the solver could not go on at {came}; {advice}"


def without(what: str, time: float, duration: float, advice: str) -> tuple[Outcome, str]:
    """Outcome and reason of a segment in which something is used up.

    what : is used up, after "no";  time : since the start of the segment [s];  duration : of the segment [s]
    advice : what the user can try, a half sentence
    """
    came = f"{time:.3g} of {duration:.3g} s"
    return Outcome.OUT_OF_RANGE, f"no {what} is left after {came}; {advice}"


INFEASIBLE = (
    Outcome.INFEASIBLE,
    "the voltage is beyond the cut-off at the first instant; try a lower current",
)
"""Outcome and reason of a segment whose voltage is beyond the cut-off before it starts."""
