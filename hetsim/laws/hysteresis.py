"""Hysteresis that remembers: where between its two branches a host is.

The branch is a state d in [-1, 1]: 1 on the branch of insertion, -1 on that of extraction, in between on the way
from one to the other. A site of the host then takes ions at U_j - d Delta_j / 2 (laws.multi_site).

With theta the occupancy of the host and s "Hysteresis crossing share", the share of its capacity that passes
between one branch and the other,

    dd/dt = (2/s) [r - P(d) max(r, 0) + P(-d) max(-r, 0)],   r = d(theta)/dt,   P(d) = 1 - tanh((1 - d) / eps)     (1)

In between the branches P is zero and d follows the charge, dd = (2/s) d(theta), in either direction. On a branch P
is one: more of the same direction changes nothing, and the other direction leaves it at once. At rest d stays.
With eps -> 0 this is the stop operator of plasticity, d = (2/s) (theta - w) with a slip w that moves only on the
branches. `eps` = 0.002 rounds its corner.

Why this form. The one-state law dd/dt = (2/s) (r - |r| |d|^(p-1) d) with p = 1 (G. L. Plett, J. Power Sources 134,
262 (2004), doi:10.1016/j.jpowsour.2004.02.033; PyBaMM's "one-state hysteresis") and with any finite p lets small
cycles creep towards the mean of the branches: what |d|^p takes off on the way in is not given back on the way out.
The stop operator closes every small loop. The rounded corner leaves a creep that ends: less than 0.5 mV a turn for
cycles of 1 % of the capacity and branches 1 V apart.

No energy from a cycle. Let u(theta, d) be the potential of the host, du/dd <= 0, and d = (2/s) (theta - w). The
electrical work -u d(theta) is the change of F(theta, w) = -int_w^theta u(x, (2/s)(x - w)) dx - int^w u(x, 0) dx
plus (2/s) int_w^theta |u_d| dx dw, and equation (1) moves w only in the direction of theta - w: the second part is
never negative.

Hosts whose ions are in particles of their own. What each of them takes up is left over by its particles, a difference
of fast rates, whose sign is known to no solver. So theta itself decides, and the slip is the state:

    d = (2/s) (theta - w),   dw/dt = P(d) max(q, 0) - P(-d) max(-q, 0) + (s/2) [X(d) - X(-d)],
    X(d) = max(d - 1, 0)^2 / (eps tau)                                                                  (2)

q is what the electrode takes up. With q = r, one host, (2) is (1). Behind the branch P(d) = 1 + sinh((d - 1) / eps)
lets the slip keep up with a host that takes more than its share, and X with one that takes ions from another host,
against q or at rest: such a host is past its branch by (eps tau (2/s) |r|)^(1/2), 4e-4 where half of a crossing takes
100 s. w moves in the direction of theta - w only, as above, and rests with the current inside the branches.

Limits: the share s is the same in both directions and at every occupancy.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from hetsim.laws.multi_site import logistic

CORNER = 2e-3
"""Part of the state over which it comes to rest on a branch [-]."""

RELEASE = 0.01
"""tau of equation (2), in which a host that is past its branch comes back to it [s]."""

_NONE = 0
_FARTHEST = 30.0
"""Where the exponent of sinh ends [-]."""


def branch_rate(branch: Any, filling_rate: Any, crossing: Any, yields: Any = 1) -> Any:
    """Rate of the branch state dd/dt [s-1], equation (1).

    Parameters
    ----------
    branch : d, from -1 (extraction) to 1 (insertion) [-]
    filling_rate : r = d(theta)/dt of the host [s-1]
    crossing : s, share of the capacity between one branch and the other [-]
    yields : 1; 0 for the response to a change so small that no branch is met
    """
    entering = np.maximum(filling_rate, _NONE)
    leaving = np.maximum(-filling_rate, _NONE)
    ways = (branch > _NONE) * entering - (branch < _NONE) * leaving
    held = _on_a_branch(branch) * ways
    return 2 / crossing * (filling_rate - yields * held)


def slip_rate(branch: Any, arriving: Any, crossing: Any, yields: Any = 1) -> Any:
    """Rate of the slip dw/dt [s-1], equation (2).

    Parameters
    ----------
    branch : d, from -1 (extraction) to 1 (insertion) [-]
    arriving : q, what all sites of the electrode take up [s-1]
    crossing : s, share of the capacity between one branch and the other [-]
    yields : 1; 0 for the response to a change so small that no branch is met
    """
    entering = np.maximum(arriving, _NONE)
    leaving = np.maximum(-arriving, _NONE)
    dragged = _dragged(branch) * entering - _dragged(-branch) * leaving
    return yields * (dragged + crossing / 2 * (_released(branch) - _released(-branch)))


def _dragged(branch: Any) -> Any:
    """P(d), which has no end behind the branch [-]."""
    past = np.minimum(np.maximum((branch - 1) / CORNER, _NONE), _FARTHEST)
    return (branch > _NONE) * _on_a_branch(np.minimum(branch, 1)) + np.sinh(past)


def _released(branch: Any) -> Any:
    """X(d) [s-1]."""
    return np.maximum(branch - 1, _NONE) ** 2 / (CORNER * RELEASE)


def _on_a_branch(branch: Any) -> Any:
    """P(|d|): how far the state is on the branch of its sign [-].

    P(d) is this where d is positive, and zero to the last digit where it is not. 1 - tanh(x) = 2 / (1 + e^2x).
    """
    return 2 * logistic(2 * (1 - np.abs(branch)) / CORNER)


def shared_rates(
    filling_rate: Any,
    shares: Sequence[Any],
    responses: tuple[tuple[Any, Any], tuple[Any, Any]],
    branches: tuple[Any, Any],
    crossing: Any,
    yields: Any = 1,
) -> tuple[Any, Any]:
    """How hosts that share one potential share what arrives: d(theta)/dt of each [s-1].

    With c = -d(theta)/du and e = -d(theta)/dd of a host, its occupancy changes by -c du - e dd, and (1) says dd.
    So each takes up in proportion to

        g = c / (1 + (2/s) e (1 - P)),      r_h = r g_h / sum_k f_k g_k

    P that of the direction of r: a host between its branches gives way less than one on a branch.

    Parameters
    ----------
    filling_rate : r of all sites [s-1]
    shares : capacity shares f of the hosts [-]
    responses : (c [V-1], e [-]) of each host, laws.multi_site.responses
    branches : d of each [-]
    crossing : s [-]
    yields : 1; 0 for the response to a change so small that no branch is met
    """
    entering = filling_rate > 0
    taken = []
    for (slope, shift), branch in zip(responses, branches, strict=True):
        ways = entering * (branch > _NONE) + (1 - entering) * (branch < _NONE)
        held = _on_a_branch(branch) * ways
        # a step of the solver may overshoot a branch by a little
        moves = np.maximum(1 - yields * held, _NONE)
        taken.append(slope / (1 + 2 / crossing * shift * moves))
    whole = sum(share * g for share, g in zip(shares, taken, strict=True))
    return filling_rate * taken[0] / whole, filling_rate * taken[1] / whole
