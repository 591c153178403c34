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


@dataclass(frozen=True)
class Exponential:
    """e^x = rest + sum of c / (x - p) over pairs of conjugate poles p, for x <= 0.

    poles : real and imaginary part of p and of c, of one of each pair, [pairs, 4]
    """

    rest: float
    poles: Array


EXPONENTIAL = Exponential(
    # 1e-9 off at most
    rest=9.830682934364177e-10,
    poles=np.array(
        [
            [4.0277324837297535, 1.1938560673334335, -4.818302950009365, -21.054683343560214],
            [3.28375290009884, 3.5943867748123672, 7.117094326292357, 8.81947963936803],
            [1.7154060337877302, 6.038934929043315, -2.5656090912821, -1.2163437737416198],
            [-0.8944046821711842, 8.582756902505864, 0.27260230558440157, 0.01421801897980779],
            [-5.161191251645943, 11.375156254838243, -0.005784008007350794, 0.0006833085231351399],
        ]
    ),
)
"""Of degree 10. The poles are those of the best rational approximation: W. J. Cody, G. Meinardus, R. S. Varga, J.
Approx. Theory 2, 50 (1969), doi:10.1016/0021-9045(69)90030-6; found as in L. N. Trefethen, J. A. C. Weideman,
T. Schmelzer, BIT 46, 653 (2006), doi:10.1007/s10543-006-0077-9. What stands over them is fitted anew, so that value and
slope at 0 are right up to round-off: what is conserved stays so, and the charge is the current times the time."""

NEARLY_EXPONENTIAL = Exponential(
    # 8e-8 off at most
    rest=8.06461419866622e-08,
    poles=np.array(
        [
            [3.2209452450543408, 1.1936196054193322, -1.8312649714364575, -9.526117375096806],
            [2.2922491478210563, 3.6007714960771353, 2.4358538692013667, 3.7163990367426436],
            [0.2694909873674965, 6.082032592700096, -0.6327389950930773, -0.44372737391760075],
            [-3.4085395014618016, 8.773034564408094, 0.028176078310148567, 0.011608912543581318],
        ]
    ),
)
"""The same of degree 8."""
