"""Coefficients of the Rosenbrock methods of the interpreter, in the form without products of the Jacobian.

RODAS: E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, 2nd ed., Springer 1996, VI.4: six stages, order
4(3), stiffly accurate, with an output of order 3 between the steps. It solves y' = f(y) and 0 = g(y) of index 1 alike.
"""

from dataclasses import dataclass

import numpy as np

from hetsim.results import Array


@dataclass(frozen=True)
class Tableau:
    """A method for M y' = f(y); the engine's C file says how its numbers are used.

    gamma : diagonal coefficient [-]
    a, c : [stages, stages]
    h : of the output between two steps, [dense, stages]
    order : of the error estimate and one
    """

    gamma: float
    a: Array
    c: Array
    h: Array
    order: float

    @property
    def stages(self) -> int:
        """How often the right-hand side is evaluated in a step."""
        return len(self.a)


def _square(rows: list[list[float]]) -> Array:
    """A lower triangle as a square matrix."""
    made = np.zeros((len(rows), len(rows)))
    for place, row in enumerate(rows):
        made[place, : len(row)] = row
    return made


_LAST = [1.221224509226641, 6.019134481288629, 12.53708332932087, -0.687886036105895]

RODAS = Tableau(
    gamma=0.25,
    a=_square(
        [
            [],
            [1.544],
            [0.9466785280815826, 0.2557011698983284],
            [3.314825187068521, 2.896124015972201, 0.9986419139977817],
            _LAST,
            [*_LAST, 1.0],
        ]
    ),
    c=_square(
        [
            [],
            [-5.6688],
            [-2.430093356833875, -0.2063599157091915],
            [-0.1073529058151375, -9.594562251023355, -20.47028614809616],
            [7.496443313967647, -10.24680431464352, -33.99990352819905, 11.7089089320616],
            [
                8.083246795921522,
                -7.981132988064893,
                -31.52159432874371,
                16.31930543123136,
                -6.058818238834054,
            ],
        ]
    ),
    h=np.array(
        [
            [
                10.12623508344586,
                -7.487995877610167,
                -34.80091861555747,
                -7.992771707568823,
                1.025137723295662,
                0.0,
            ],
            [
                -0.6762803392801253,
                6.087714651680015,
                16.43084320892478,
                24.76722511418386,
                -6.594389125716872,
                0.0,
            ],
        ]
    ),
    order=4.0,
)
