"""The length in a diffusion coefficient from a transient: volume over the area that ions enter by."""

import math
from dataclasses import dataclass

from hetsim.errors import ParameterError
from hetsim.parameters.toml_reading import number
from hetsim.units import NM

_WHY = (
    "D scales with the square of this length, so the same trace gives 1e-12 cm2/s for a grain of tens of "
    "nanometres and 1e-8 cm2/s for an electrode of some ten micrometres"
)


@dataclass(frozen=True)
class DiffusionLength:
    """Volume of the host over the area that ions enter by [m], and what it stands for.

    Made by `layer`, `sphere`, `volume_over_area` or `mass_over_area`. What is called L in D = (4/pi tau)
    L^2 (...)^2; Weppner and Huggins write it m V_M / (M S).

    Parameters
    ----------
    metres : float
        L [m]
    meaning : str
        How it was stated
    plate : bool, default False
        A layer filled from one side; spheres otherwise. Only the closed forms of `fit_pulses` and
        `fit_interruptions` ask: for a short time all particles of one L are alike

    Raises
    ------
    ParameterError
        Unless positive.
    """

    metres: float
    meaning: str
    plate: bool = False

    def __post_init__(self) -> None:
        if not 0 < number(self.metres, "diffusion length", "GITT") < math.inf:
            raise ParameterError(
                f"The diffusion length is {self.metres:g} m; it must be positive ({_WHY})."
            )

    @property
    def size(self) -> float:
        """Whose square over D is the time of diffusion [m]: the thickness of a layer, R = 3 L of spheres."""
        return self.metres if self.plate else 3 * self.metres

    def __str__(self) -> str:
        return f"{self.metres / NM:.6g} nm ({self.meaning})"


def layer(thickness: float) -> DiffusionLength:
    """A layer of that thickness [m], filled from one side: L is the thickness.

    Parameters
    ----------
    thickness : float
        Of the layer [m]

    Returns
    -------
    DiffusionLength
    """
    return DiffusionLength(thickness, "thickness of a layer filled from one side", plate=True)


def sphere(radius: float) -> DiffusionLength:
    """Spheres of that radius [m]: L = R/3, their volume over their surface.

    Parameters
    ----------
    radius : float
        Of the spheres [m]

    Returns
    -------
    DiffusionLength

    Raises
    ------
    ParameterError
        Unless positive.
    """
    if not 0 < number(radius, "radius of the spheres", "GITT") < math.inf:
        raise ParameterError(
            f"The radius of the spheres is {radius / NM:.6g} nm; it must be positive ({_WHY})."
        )
    return DiffusionLength(radius / 3, f"a third of the radius {radius / NM:.6g} nm of spheres")


def volume_over_area(volume: float, area: float) -> DiffusionLength:
    """V/S from a volume of host [m3] and the area that ions enter by [m2].

    Parameters
    ----------
    volume : float
        Of the host [m3]
    area : float
        That ions enter by [m2]

    Returns
    -------
    DiffusionLength
    """
    _positive(volume=volume, area=area)
    return DiffusionLength(volume / area, "volume over the stated area")


def mass_over_area(
    mass_mg: float, molar_mass: float, molar_volume: float, area_cm2: float
) -> DiffusionLength:
    """m V_M / (M S): the form in which papers print it.

    Parameters
    ----------
    mass_mg : float
        Active mass [mg]
    molar_mass : float
        M [g.mol-1]
    molar_volume : float
        V_M [cm3.mol-1]
    area_cm2 : float
        S [cm2]: of the electrode, or its inner surface (BET area times mass). The first makes L the
        thickness that the host would have as a dense film, thousands of times a particle's R/3.

    Returns
    -------
    DiffusionLength
    """
    _positive(mass_mg=mass_mg, molar_mass=molar_mass, molar_volume=molar_volume, area_cm2=area_cm2)
    volume = 1e-3 * mass_mg / molar_mass * molar_volume  # cm3
    return DiffusionLength(1e-2 * volume / area_cm2, "m V_M/(M S) with the stated area")


def stated(length: DiffusionLength | float | None) -> DiffusionLength:
    """The length that the user gave; a number counts as metres of a layer.

    Raises ParameterError for None: no analysis may choose it.
    """
    if length is None:
        raise ParameterError(
            "A diffusion coefficient from GITT needs a length: a layer's thickness, a sphere's radius, or "
            f"mass, molar mass, molar volume and area. {_WHY}."
        )
    return length if isinstance(length, DiffusionLength) else layer(length)


def _positive(**values: float) -> None:
    for name, value in values.items():
        if not 0 < number(value, name, "GITT") < math.inf:
            raise ParameterError(f"GITT: {name} is {value:g}; it must be positive.")
