"""Two hosts in one particle, solved without hetsim's submodels: for tests only.

Isotherms are written here once more, potentials are found by interpolating a fine table, and time is stepped by scipy's
BDF. `CoreShell` has one particle of a core in a shell with a built-in potential, `Composite` grains of both in
particles of several sizes that share their surface.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.optimize import brentq
from stiff import solve_stiff

Array = NDArray[np.float64]
THERMAL_VOLTAGE = 8.31446261815324 * 298.15 / 96485.33212331001


@dataclass(frozen=True)
class Isotherm:
    """theta(u) = sum X / (1 + exp((u - U)/(omega V_T)))."""

    potentials: Sequence[float]
    shares: Sequence[float]
    widths: Sequence[float]

    def __call__(self, u: Any) -> Any:
        total: Any = 0.0
        for site, share, width in zip(self.potentials, self.shares, self.widths, strict=True):
            x = np.clip((u - site) / (width * THERMAL_VOLTAGE), -500, 500)
            total = total + share / (1 + np.exp(x))
        return total

    def slope(self, u: Any) -> Any:
        """-d(theta)/du by central differences [V-1]."""
        return (self(u - 1e-5) - self(u + 1e-5)) / 2e-5


def inverse(curve: Any, low: float = -2.0, high: float = 5.0) -> Any:
    """u of ln(theta / (1 - theta)), by a monotone table of 8 000 points."""
    u = np.linspace(low, high, 8001)
    theta = curve(u)
    inside = (theta > 1e-11) & (theta < 1 - 1e-11)
    odds = np.log(theta[inside] / (1 - theta[inside]))
    table = PchipInterpolator(odds[::-1], u[inside][::-1])

    def at(value: Any) -> Any:
        value = np.clip(value, 1e-12, 1 - 1e-12)
        return table(np.log(value / (1 - value)))

    return at


@dataclass
class CoreShell:
    """A core of A inside x_j, a shell of B; k capacity per volume over the mean, D in units of R^2 per second.

    phi : built-in potential of a place x [V], 0 at the surface
    """

    a: Isotherm
    b: Isotherm
    k: tuple[float, float]
    d: tuple[float, float]
    junction: float
    phi: Any
    volumes: int = 200

    def __post_init__(self) -> None:
        inner = self.junction * (1 - np.linspace(1, 0, self.volumes // 2 + 1) ** 2)
        rest = np.linspace(0, 1, self.volumes // 2 + 1)
        outer = self.junction + (1 - self.junction) * rest**2 * (3 - 2 * rest)
        self.edges = np.concatenate([inner, outer[1:]])
        self.x = 0.75 * np.diff(self.edges**4) / np.diff(self.edges**3)
        self.core = self.x < self.junction
        self.at = self.phi(self.x)
        self.u_of = inverse(self.a), inverse(self.b)

    def local(self, theta: Array) -> Array:
        """u of the ions at each node, where u + phi holds theta [V]."""
        return np.where(self.core, self.u_of[0](theta), self.u_of[1](theta)) - self.at

    def slopes(self, theta: Array) -> Array:
        """-d(theta)/du of the host at each node [V-1]."""
        there = self.local(theta) + self.at
        return np.where(self.core, self.a.slope(there), self.b.slope(there))

    def at_surface(self, theta: Array, rate: float) -> float:
        """u at the surface where `rate` of all sites enters per second [V]."""
        q = rate / 3  # of s = k theta, times R
        there = theta[-1] + q * (1 - self.x[-1]) / (self.k[1] * self.d[1])
        return float(self.u_of[1](there))

    def at_junction(self, theta: Array) -> float:
        """u on the junction, where both sides carry the same flux [V]."""
        last = int(self.core.sum()) - 1
        phi = float(self.phi(self.junction))
        slopes = self.slopes(theta)
        sides = [
            (self.a, last, self.junction - self.x[last], self.k[0] * self.d[0]),
            (self.b, last + 1, self.x[last + 1] - self.junction, self.k[1] * self.d[1]),
        ]

        def inflow(u: float) -> float:
            return float(
                sum(
                    scale / h * (host(u + phi) - theta[i] + slopes[i] * (phi - self.at[i]))
                    for host, i, h, scale in sides
                )
            )

        return float(brentq(inflow, -1.9, 4.9, xtol=1e-13))

    def run(self, start: float, rate: float, times: Array) -> Array:
        """theta at each node and time, from rest at u [V], while `rate` of all sites enters per second."""
        theta = np.where(self.core, self.a(start + self.at), self.b(start + self.at))
        volume = np.diff(self.edges**3) / 3
        k = np.where(self.core, *self.k)

        last = int(self.core.sum()) - 1
        phi, h = float(self.phi(self.junction)), np.diff(self.x)
        scale = np.where(self.core, self.k[0] * self.d[0], self.k[1] * self.d[1])

        def change(_: float, y: Array) -> Array:
            c = self.slopes(y)
            drift = (c[1:] + c[:-1]) / 2 * np.diff(self.at)
            inside = -scale[1:] * (np.diff(y) + drift) / h
            there = float(self.a(self.at_junction(y) + phi))
            way = self.junction - self.x[last]
            inside[last] = -scale[last] * (there - y[last] + c[last] * (phi - self.at[last])) / way
            flux = np.concatenate([[0.0], inside * self.edges[1:-1] ** 2, [-rate / 3]])
            return np.asarray(-np.diff(flux) / volume / k)

        band = np.eye(len(theta)) + np.eye(len(theta), k=1) + np.eye(len(theta), k=-1)
        found = solve_stiff(
            change, (0, times[-1]), theta, t_eval=times, rtol=1e-5, atol=1e-8, jac_sparsity=band
        )
        return np.asarray(found.y)


@dataclass
class Composite:
    """Grains of A and B in particles of several sizes: u and D at every place, secants on every face.

    shares : volume shares of A and B, of equal capacity per volume;  mean : mixing law of two conductivities
    sizes : R^2 of each class over the median and its weight;  fast : share that is filled at once
    """

    a: Isotherm
    b: Isotherm
    d: tuple[float, float]
    shares: tuple[float, float]
    mean: Any
    sizes: Sequence[tuple[float, float]]
    fast: float
    volumes: int = 60

    def __post_init__(self) -> None:
        x = np.linspace(0, 1, self.volumes + 1)
        self.edges = 1 - (np.exp(3.5 * (1 - x)) - 1) / (np.exp(3.5) - 1)
        self.x = 0.75 * np.diff(self.edges**4) / np.diff(self.edges**3)
        self.u_of = inverse(self.curve)

    def curve(self, u: Any) -> Any:
        return self.shares[0] * self.a(u) + self.shares[1] * self.b(u)

    def diffusivity(self, one: Any, other: Any) -> Any:
        middle, half = (one + other) / 2, np.sqrt((one - other) ** 2 / 4 + 1e-8)
        low, high = middle - half, middle + half
        c = [(host(low) - host(high)) / (2 * half) + 1e-9 for host in (self.a, self.b)]
        conducts = self.mean(self.shares, [d * one for d, one in zip(self.d, c, strict=True)])
        return conducts / sum(f * one for f, one in zip(self.shares, c, strict=True))

    def inserted(self, rate: float, start: float, cut_off: float) -> float:
        """Share of all sites that is filled until the surface is at the cut-off [V]."""
        n, volume = self.volumes, np.diff(self.edges**3)

        def change(_: float, y: Array) -> Array:
            surface, rows = y[-1], y[:-1].reshape(len(self.sizes), n)
            at_surface, change_of, taken = self.u_of(surface), np.empty_like(rows), 0.0
            for i, (size, weight) in enumerate(self.sizes):
                u = self.u_of(rows[i])
                inside = self.diffusivity(u[1:], u[:-1]) * np.diff(rows[i]) / np.diff(self.x)
                q = self.diffusivity(u[-1], at_surface) * (surface - rows[i][-1])
                q = q / (1 - self.x[-1])
                flux = np.concatenate([[0.0], inside * self.edges[1:-1] ** 2, [q]])
                change_of[i] = np.diff(flux) * 3 / volume / size
                taken += weight * 3 * q / size
            at_once = (rate - (1 - self.fast) * taken) / self.fast
            return np.append(change_of.ravel(), at_once)

        def left(_: float, y: Array) -> float:
            return float(self.u_of(y[-1]) - cut_off)

        left.terminal = True  # type: ignore[attr-defined]
        y = np.full(len(self.sizes) * n + 1, start)
        # what each rate depends on: its neighbours in the same size, and the surface shared by all
        one = np.eye(n) + np.eye(n, k=1) + np.eye(n, k=-1)
        band = np.zeros((y.size, y.size))
        band[:-1, :-1] = np.kron(np.eye(len(self.sizes)), one)
        last = np.arange(n, y.size, n) - 1  # volumes at the surface
        band[last, -1] = band[-1, last] = band[-1, -1] = 1
        found = solve_stiff(
            change, (0, 1.5 / rate), y, rtol=1e-5, atol=1e-7, events=left, jac_sparsity=band
        )
        return float(found.t[-1] * rate)
