"""The table of relaxation modes that hetsim ships (hetsim/laws/relaxation_modes.csv).

    python -m scripts.relaxation_modes [MINUTES]

makes it anew, by default in 15 minutes of a core, and prints the largest error of a capacity at each spread.

What is fitted: the Chebyshev series in sigma of ln t_k and ln(c_k / c_0), to the capacities of discharges at constant
current (`Discharges`), at all spreads together, so that times and shares are smooth in sigma. Positive shares that add
up to one are the form of the series. Fits of the single spreads would not do: towards sigma = 0 the best modes of each
sit on lines that split with sigma, and are not smooth in it.

How: Levenberg-Marquardt, with weights that grow where the error is large, so that the largest error falls.

From where: the multi-point Pade approximant of the transfer function at each spread above START, whose shifts lie
between the slowest particles and the shortest discharges. H = 1 - s G, and the Galerkin projection of the Stieltjes
function G on (1 + s_j t)^-1 has positive times and weights and meets G and G' at every shift s_j; c_k = weight / time,
and c_0 = 1 - sum c_k > 0, for the projection is from below. Its matrices are divided differences of H, ill
conditioned: 50 digits. Below START the modes are continued as straight lines, and the fit finds its way.
"""

import sys
import time
from pathlib import Path

import mpmath as mp
import numpy as np
from numpy.typing import NDArray

from hetsim.laws.relaxation_modes import WIDEST

Array = NDArray[np.float64]

MODES, TERMS = 20, 16
SPREADS, TIMES = 50, 40
"""How many spreads the fit sees, and at how many times each."""
FAST = (0.0, 0.05, 0.5)
LEAST, LONGEST = 1e-2, 1e4
"""Discharges: from those that pass this share of the capacity to this multiple of R^2/D."""
START = 0.42
WANTED = ([0.0, 1.0, 2.0, 3.0, 4.0], [5e-6, 5e-6, 6e-6, 8e-6, 8e-6])
"""Errors of a capacity in proportion to which they count, by spread."""
SMOOTH = 0.1
"""What high terms of the series cost, in squares of the errors that are wanted."""
TABLE = Path(__file__).parents[1] / "hetsim" / "laws" / "relaxation_modes.csv"


# --- the exact response ---------------------------------------------------------------------------


def of_sphere(s: Array) -> Array:
    """M(s) = 3 (sqrt(s) coth(sqrt(s)) - 1) / s."""
    small = np.abs(s) < 1e-3
    root = np.sqrt(np.where(small, 1, s))
    decay = np.exp(-2 * root)
    whole = 3 * (root * (1 + decay) / (1 - decay) - 1) / root**2
    return np.asarray(np.where(small, 1 - s / 15 + 2 * s**2 / 315 - s**3 / 1575, whole))


def of_spread(s: Array, spread: float) -> Array:
    """H(s) = E[M(s e^(sigma z))] by the trapezoidal rule."""
    if spread == 0:
        return of_sphere(s)
    z = np.linspace(-8.5, 8.5, 161)
    weights = np.exp(-z * z / 2)
    of_sizes = of_sphere(s[..., None] * np.exp(spread * z))
    return np.asarray((weights * of_sizes).sum(-1) / weights.sum())


class Discharges:
    """Discharges of a spread at constant current, and how far those of modes are from them.

    g(T), the filling of the surface for a unit current, is the inverse transform of 1 / (s^2 [f + (1 - f) H]), by
    Talbot's contour (Weideman, doi:10.1137/050625837). A capacity x T with x g(T) = 1 moves by -dg / (g g').
    """

    def __init__(self, spread: float) -> None:
        every = np.geomspace(1e-8, 20, 400)
        s, weights = _contour(every)
        passed = every / (weights / (s**2 * of_spread(s, spread))).sum(1).real
        first = np.exp(np.interp(np.log(LEAST), np.log(passed), np.log(every)))
        last = min(np.exp(3 + 5 * spread), LONGEST)
        self._s, self._weights = _contour(np.geomspace(0.7 * first, last, TIMES))
        self._exact = []
        for fast in FAST:
            image = 1 / (self._s**2 * (fast + (1 - fast) * of_spread(self._s, spread)))
            g, slope = ((self._weights * one).sum(1).real for one in (image, self._s * image))
            self._exact.append((g, g * slope))

    def errors(self, parameters: Array) -> tuple[Array, Array]:
        """Of the capacities, in the full one, and their derivatives with respect to ln t_k and ln(c_k / c_0)."""
        times, ratios = np.exp(np.split(parameters, 2))
        at_once = 1 / (1 + ratios.sum())
        shares, s = ratios * at_once, self._s[..., None]
        filled = 1 / (1 + s * times)
        h = at_once + (shares * filled).sum(-1)
        moves = np.concatenate(
            [-shares * s * times * filled**2, shares * (filled - h[..., None])], -1
        )
        found, derivatives = [], []
        for fast, (g, scale) in zip(FAST, self._exact, strict=True):
            inside = fast + (1 - fast) * h
            image = self._weights / (self._s**2 * inside)
            found.append((g - image.sum(1).real) / scale)
            by_h = (1 - fast) * image / inside
            derivatives.append((by_h[..., None] * moves).sum(1).real / scale[:, None])
        return np.concatenate(found), np.concatenate(derivatives)


def _contour(times: Array) -> tuple[Array, Array]:
    """s and weights at each time: the original is the real part of the sum of weights times image, [times, 16]."""
    count = 32
    angle = (np.arange(count // 2) + 0.5) * 2 * np.pi / count
    cotangent = 1 / np.tan(0.6407 * angle)
    z = count * (0.5017 * angle * cotangent - 0.6122 + 0.2645j * angle)
    slope = 0.5017 * cotangent - 0.5017 * 0.6407 * angle / np.sin(0.6407 * angle) ** 2 + 0.2645j
    return z / times[:, None], 2 * np.exp(z) * slope / 1j / times[:, None]


# --- where the fit starts -------------------------------------------------------------------------


def shifts(spread: float) -> Array:
    """s_j in units of D/R^2, in ln(s) evenly or more densely at both ends."""
    wide = np.sqrt(spread**2 + 0.3**2) - 0.3
    low, high = 1.0 - 1.85 * wide + 0.175 * wide**2, 5.75 + 0.55 * wide
    denser = 0.4 - 0.35 * wide + 0.05 * wide**2
    y = np.linspace(-1, 1, MODES)
    y = (1 - denser) * y + denser * np.sin(np.pi * y / 2)
    return np.asarray(10 ** ((low + high) / 2 + (high - low) / 2 * y))


def pade(spread: float) -> Array:
    """ln t_k, rising, and ln(c_k / c_0) of the multi-point Pade approximant, [2 MODES]."""
    at = [mp.mpf(float(s)) for s in shifts(spread)]
    h, slopes = zip(*(_precise(s, spread) for s in at), strict=True)
    g = [(1 - one) / s for one, s in zip(h, at, strict=True)]
    mass, stiff = mp.matrix(MODES, MODES), mp.matrix(MODES, MODES)
    for i, s in enumerate(at):
        mass[i, i], stiff[i, i] = -slopes[i], (slopes[i] + g[i]) / s
        for j, other in enumerate(at[:i]):
            mass[i, j] = mass[j, i] = (h[j] - h[i]) / (s - other)
            stiff[i, j] = stiff[j, i] = (g[j] - g[i]) / (s - other)
    inverse = mp.cholesky(mass) ** -1
    times, vectors = mp.eigsy(inverse * stiff * inverse.T)
    parts = vectors.T * (inverse * mp.matrix(g))
    shares = [parts[k] ** 2 / times[k] for k in range(MODES)]
    at_once = 1 - mp.fsum(shares)
    logs = [mp.log(t) for t in times] + [mp.log(c / at_once) for c in shares]
    return np.array([float(one) for one in logs])


def _precise(s: mp.mpf, spread: float) -> tuple[mp.mpf, mp.mpf]:
    """H(s) and H'(s) for a spread above 0."""
    whole = h = slope = mp.mpf(0)
    for i in range(-28, 29):
        z = mp.mpf(i) / 4
        weight, ratio = mp.exp(-z * z / 2), mp.exp(mp.mpf(spread) * z)
        root = mp.sqrt(s * ratio)
        coth = mp.coth(root) if root < 200 else mp.mpf(1)
        m = 3 * (root * coth - 1) / root**2
        dm = 3 * (coth / root - coth**2 + 1) / (2 * root**2) - m / root**2
        whole, h, slope = whole + weight, h + weight * m, slope + weight * ratio * dm
    return h / whole, slope / whole


def first_series(spreads: Array, terms: Array) -> Array:
    """Series through the Pade approximants, [TERMS, 2 MODES]."""
    first = pade(START)
    slope = (pade(START + 0.06) - first) / 0.06
    values = [pade(one) if one >= START else first + 0.8 * (one - START) * slope for one in spreads]
    weights = np.where(spreads < START, 0.05, 1.0)[:, None]
    fitted, *_ = np.linalg.lstsq(weights * terms, weights * np.array(values), rcond=None)
    return np.asarray(fitted)


# --- the fit --------------------------------------------------------------------------------------


class Fit:
    """All spreads together."""

    def __init__(self) -> None:
        x = -np.cos(np.pi * (np.arange(SPREADS) + 0.5) / SPREADS)
        x[0], x[-1] = -1, 1
        self.spreads = WIDEST * (x + 1) / 2
        self.terms = np.polynomial.chebyshev.chebvander(x, TERMS - 1)
        self._all = [Discharges(one) for one in self.spreads]
        self._wanted = np.interp(self.spreads, *WANTED)
        self._cost = SMOOTH * np.maximum(np.arange(TERMS) - 5.0, 0) ** 2
        self.weights = np.ones((SPREADS, len(FAST) * TIMES))

    def of(self, series: Array) -> tuple[float, Array, Array, Array]:
        """Sum of squares, errors over those wanted, and the normal equations: matrix and gradient."""
        size = 2 * MODES
        matrix, gradient = np.zeros((TERMS * size,) * 2), np.zeros(TERMS * size)
        errors = []
        for i, parameters in enumerate(self.terms @ series):
            error, derivatives = (one / self._wanted[i] for one in self._all[i].errors(parameters))
            weighted = derivatives * self.weights[i][:, None]
            matrix += np.kron(np.outer(self.terms[i], self.terms[i]), weighted.T @ derivatives)
            gradient += np.kron(self.terms[i], weighted.T @ error)
            errors.append(error)
        found = np.array(errors)
        total = float((self.weights * found**2).sum() + (self._cost[:, None] * series**2).sum())
        matrix[np.diag_indices_from(matrix)] += np.repeat(self._cost, size)
        return total, found, matrix, gradient + (self._cost[:, None] * series).ravel()

    def best(self, series: Array, seconds: float) -> Array:
        """The series of the smallest largest error that was met in so many seconds."""
        until, damping, history = time.monotonic() + seconds, 1e-4, []
        total, errors, matrix, gradient = self.of(series)
        best = np.inf, series
        while time.monotonic() < until:
            size = np.diag(matrix)
            damped = matrix + np.diag(damping * np.maximum(size, 1e-9 * size.max()))
            step = -np.linalg.solve(damped, gradient).reshape(series.shape)
            tried = self.of(series + step) if np.abs(self.terms @ step).max() < 1 else None
            if tried is None or not tried[0] < total:
                damping *= 4
                stuck = damping > 1e12
            else:
                series, damping = series + step, max(damping / 4, 1e-11)
                total, errors, matrix, gradient = tried
                history.append(total)
                stuck = len(history) > 6 and history[-1] > 0.93 * history[-7]
                largest = float(np.abs(errors).max())
                best = min(best, (largest, series), key=lambda one: one[0])
            if stuck:
                history.clear()
                damping = min(damping, 1e-6)
                self.weights *= (np.abs(errors) / np.abs(errors).max() + 0.1) ** 0.3
                self.weights /= self.weights.mean()
                total, errors, matrix, gradient = self.of(series)
        return best[1]

    def largest(self, series: Array) -> Array:
        """Largest error of a capacity at each spread [-]."""
        return np.asarray(np.abs(self.of(series)[1]).max(1) * self._wanted)


def main(minutes: float = 15.0, table: Path = TABLE) -> None:
    """Write the table."""
    mp.mp.dps = 50
    fit = Fit()
    series = fit.best(first_series(fit.spreads, fit.terms), 60 * minutes)
    np.savetxt(table, series, delimiter=",", fmt="%.9g")
    for spread, error in zip(fit.spreads, fit.largest(series), strict=True):
        print(f"{spread:5.2f}  {error:.1e}")


if __name__ == "__main__":
    main(*(float(one) for one in sys.argv[1:2]))
