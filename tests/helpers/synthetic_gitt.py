"""Titrations of particles whose answer is known exactly, as a cycler would record them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hetsim.laws.pulse import plate_surface_rise, sphere_surface_rise


@dataclass(frozen=True)
class Trace:
    time: np.ndarray
    current: np.ndarray
    voltage: np.ndarray


def titration(
    surface_rise: Callable[[np.ndarray], np.ndarray],
    pulse: float,
    *,
    pulses: int = 2,
    jump: float = -0.03,
    slope: float = -0.2,
    rest: float = 6.0,
    seconds: float = 1000.0,
    samples: int = 120,
) -> Trace:
    """Constant dE/dc, a jump of ohmic drop and kinetics, and the exact surface under pulses and rests.

    pulse, rest : length in units of R^2/D = `seconds`; slope : change of voltage over T = 1 [V]
    """
    ends = np.concatenate([[k * (pulse + rest), k * (pulse + rest) + pulse] for k in range(pulses)])
    pieces = [(np.array([-rest / 10, 0.0]), 0.0)]
    for k in range(pulses):
        begin = k * (pulse + rest)
        pieces.append((begin + pulse * np.linspace(0, 1, samples + 1)[1:] ** 2, 1.0))
        pieces.append((begin + pulse + rest * np.linspace(0, 1, 41)[1:] ** 2, 0.0))
    time = np.concatenate([one for one, _ in pieces])
    current = np.concatenate([np.full(len(one), value) for one, value in pieces])
    rise = np.zeros_like(time)
    for end, sign in zip(ends, np.tile([1.0, -1.0], pulses), strict=True):
        on = time > end
        rise[on] += sign * surface_rise(time[on] - end)
    return Trace(time * seconds, 0.1 * current, 1.5 + slope * rise + jump * current)


def interrupted(
    surface_rise: Callable[[np.ndarray], np.ndarray],
    rest: float,
    *,
    count: int = 8,
    flow: float = 0.1,
    before: float = 0.0,
    jump: float = -0.03,
    curve: Callable[[np.ndarray], np.ndarray] = lambda rise: -0.2 * rise,
    seconds: float = 1000.0,
    samples: int = 40,
) -> Trace:
    """A current with `count` interruptions: any curve above the exact surface, a jump at each switch.

    flow, rest, before : lengths of the current between interruptions, of these, and of a current before
        all of them, in units of R^2/D = `seconds`; curve : voltage [V] of the rise of the surface
    """
    switches, signs = [], []
    pieces = [(np.array([-rest / 10, 0.0]), 0.0)]
    begin = 0.0
    for k in range(count):
        length = flow + before * (k == 0)
        switches += [begin, begin + length]
        signs += [1.0, -1.0]
        pieces.append((begin + length * np.linspace(0, 1, samples + 1)[1:], 1.0))
        begin += length
        pieces.append((begin + rest * np.linspace(0, 1, samples + 1)[1:] ** 2, 0.0))
        begin += rest
    time = np.concatenate([one for one, _ in pieces])
    current = np.concatenate([np.full(len(one), value) for one, value in pieces])
    rise = np.zeros_like(time)
    for switch, sign in zip(switches, signs, strict=True):
        on = time > switch
        rise[on] += sign * surface_rise(time[on] - switch)
    return Trace(time * seconds, 0.1 * current, 1.5 + curve(rise) + jump * current)


SPHERE, PLATE = sphere_surface_rise, plate_surface_rise
