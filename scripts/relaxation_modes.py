"""Make the table of relaxation modes that hetsim ships: `python scripts/relaxation_modes.py [FILE]`, half a minute.

The transfer function of spheres whose ln(R^2/D) is normal with the standard deviation sigma,

    H(s) = E[M(s e^(sigma z))],      M(s) = 3 (sqrt(s) coth(sqrt(s)) - 1) / s = sum_n 6/(n pi)^2 / (1 + s/(n pi)^2),

is 1 - s G(s), and G is a Stieltjes function. Its Galerkin projection on (1 + s_j t)^-1 for N shifts s_j > 0 has N
positive times and weights, and meets G and G' at every shift (a multi-point Pade approximant). With the shares
c_k = weight / time this is

    H(s) ~ c_0 + sum_k c_k / (1 + s t_k),      c_0 = 1 - sum_k c_k > 0,

for the projection is from below: 1 - s G is from above, and c_0 is its value at infinite s. The matrices are divided
differences of H at the shifts, so sigma = 0 (one sphere, whose spectrum is discrete) is no special case, and times and
shares are smooth in sigma. They are ill conditioned: 60 digits.

The shifts lie between the slowest particles that matter and the shortest discharges that pass 1e-2 of the capacity, in
ln(s) evenly or more densely at both ends; `shift_law` was fitted so that the largest error of a capacity is small.
"""

import sys
from pathlib import Path

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

from hetsim.laws.relaxation_modes import WIDEST

Array = NDArray[np.float64]

COUNT = 20
"""Modes."""
TERMS = 26
"""Terms of the Chebyshev series in sigma."""
_TABLE = Path(__file__).parents[1] / "hetsim" / "laws" / "relaxation_modes.csv"
_STEP, _REACH = mp.mpf(1) / 8, 11
"""Of the trapezoidal rule in z, whose error is far below that of the modes."""


def shift_law(spread: float) -> Array:
    """s_j in units of D/R^2."""
    wide = np.sqrt(spread**2 + 0.3**2) - 0.3
    low = 1.0 - 1.85 * wide + 0.175 * wide**2
    high = 5.75 + 0.55 * wide
    denser = 0.4 - 0.35 * wide + 0.05 * wide**2
    y = np.linspace(-1, 1, COUNT)
    y = (1 - denser) * y + denser * np.sin(np.pi * y / 2)
    return np.asarray(10 ** ((low + high) / 2 + (high - low) / 2 * y))


def of_sphere(s: mp.mpf) -> tuple[mp.mpf, mp.mpf]:
    """M(s) and M'(s)."""
    if s < mp.mpf(10) ** -10:  # the closed form loses digits
        return 1 - s / 15 + 2 * s**2 / 315 - s**3 / 1575, -mp.mpf(1) / 15 + 4 * s / 315 - s**2 / 525
    root = mp.sqrt(s)
    coth = mp.coth(root) if root < 200 else mp.mpf(1)
    m = 3 * (root * coth - 1) / s
    return m, 3 * (coth / root - coth**2 + 1) / (2 * s) - m / s


def of_spread(s: mp.mpf, spread: float) -> tuple[mp.mpf, mp.mpf]:
    """H(s) and H'(s)."""
    if spread == 0:
        return of_sphere(s)
    whole = h = slope = mp.mpf(0)
    count = int(_REACH / _STEP)
    for i in range(-count, count + 1):
        z = i * _STEP
        weight, ratio = mp.exp(-z * z / 2), mp.exp(mp.mpf(spread) * z)
        m, dm = of_sphere(s * ratio)
        whole, h, slope = whole + weight, h + weight * m, slope + weight * ratio * dm
    return h / whole, slope / whole


def modes(spread: float) -> tuple[Array, Array]:
    """t_k, rising, and c_k."""
    shifts = [mp.mpf(float(s)) for s in shift_law(spread)]
    h, slopes = zip(*(of_spread(s, spread) for s in shifts), strict=True)
    g = [(1 - one) / s for one, s in zip(h, shifts, strict=True)]
    mass, stiff = mp.matrix(COUNT, COUNT), mp.matrix(COUNT, COUNT)
    for i, s in enumerate(shifts):
        for j, other in enumerate(shifts):
            if i == j:  # the limits of the divided differences
                mass[i, i], stiff[i, i] = -slopes[i], (slopes[i] + g[i]) / s
            else:
                mass[i, j] = (h[j] - h[i]) / (s - other)
                stiff[i, j] = (g[j] - g[i]) / (s - other)
    inverse = mp.cholesky(mass) ** -1
    times, vectors = mp.eigsy(inverse * stiff * inverse.T)
    parts = vectors.T * (inverse * mp.matrix(g))
    shares = [parts[k] ** 2 / times[k] for k in range(COUNT)]
    return np.array([float(t) for t in times]), np.array([float(c) for c in shares])


def series() -> Array:
    """Coefficients of ln t_k and ln c_k in Chebyshev's T_j(2 sigma / WIDEST - 1), [TERMS, 2 COUNT]."""
    x = np.cos(np.pi * (np.arange(TERMS) + 0.5) / TERMS)
    values = np.array([np.log(np.concatenate(modes(WIDEST * (one + 1) / 2))) for one in x])
    return np.asarray(np.linalg.solve(np.polynomial.chebyshev.chebvander(x, TERMS - 1), values))


def main() -> None:
    """Write the table."""
    mp.mp.dps = 60
    table = Path(sys.argv[1]) if len(sys.argv) > 1 else _TABLE
    np.savetxt(table, series(), delimiter=",", fmt="%.10g")


if __name__ == "__main__":
    main()
