"""The options that state a diffusion length; its mass may be that of the current too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING, Any

import click

from hetsim.commands.reading_options import stated_words
from hetsim.errors import ParameterError
from hetsim.units import NM

if TYPE_CHECKING:
    from hetsim.analysis import DiffusionLength

_FORM = {
    "mass_mg": ("--mass-mg", "Active mass [mg]: m of m V_M/(M S), or for a current in mA."),
    "molar_mass_g_per_mol": ("--molar-mass-g-per-mol", "M of m V_M/(M S) [g/mol]."),
    "molar_volume_cm3_per_mol": ("--molar-volume-cm3-per-mol", "V_M of m V_M/(M S) [cm3/mol]."),
    "area_cm2": ("--area-cm2", "S of m V_M/(M S) [cm2], or for a current in mA/cm2."),
}
_ALL = {
    "length_nm": ("--length-nm", "Thickness of a layer filled from one side [nm]."),
    "sphere_radius_nm": ("--sphere-radius-nm", "Radius of spheres [nm]: L is a third of it."),
    **_FORM,
}


def length_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """--length-nm, --sphere-radius-nm, and mass, molar mass, molar volume and area."""
    options = [click.option(name, type=float, help=words) for name, words in _ALL.values()]
    return reduce(lambda made, option: option(made), reversed(options), command)


particle_options = reduce(
    lambda outer, inner: lambda command: outer(inner(command)),
    [
        click.option(
            "--spread",
            type=float,
            default=0.0,
            help="Closed form: known standard deviation of ln(R2/D) of spheres [0].",
        ),
        click.option(
            "--fast-fraction",
            type=float,
            default=0.0,
            help="Closed form: known share of the capacity that is filled at once [0].",
        ),
    ],
)
"""--spread and --fast-fraction."""


@dataclass(frozen=True)
class StatedLength:
    """What was given of a diffusion length.

    length_nm, sphere_radius_nm : [nm]; form : mass [mg], molar mass [g/mol], molar volume [cm3/mol],
    area [cm2]; None where not given
    """

    length_nm: float | None
    sphere_radius_nm: float | None
    form: tuple[float | None, ...]

    @classmethod
    def of(cls, words: dict[str, Any]) -> tuple[StatedLength, dict[str, Any]]:
        """From the options of `length_options`, and what is stated of the file; both are taken out of `words`."""
        length, radius = words.pop("length_nm"), words.pop("sphere_radius_nm")
        form = tuple(words[name] for name in _FORM)
        for name in ("molar_mass_g_per_mol", "molar_volume_cm3_per_mol"):
            words.pop(name)
        return cls(length, radius, form), stated_words(words)

    @property
    def needs_mass(self) -> bool:
        """Whether the mass is for the length, where the current may not need it."""
        return self._mass_form

    @property
    def _mass_form(self) -> bool:
        other = self.length_nm is not None or self.sphere_radius_nm is not None
        molar = any(one is not None for one in self.form[1:3])
        return molar or (self.form[3] is not None and not other)

    def length(self) -> DiffusionLength:
        """The one length that was stated. Raises ParameterError for none or for several."""
        from hetsim.analysis import layer, mass_over_area, sphere
        from hetsim.analysis.diffusion_length import stated

        given = [
            name
            for name, there in (
                ("--length-nm", self.length_nm is not None),
                ("--sphere-radius-nm", self.sphere_radius_nm is not None),
                ("--area-cm2 and its companions", self._mass_form),
            )
            if there
        ]
        if len(given) > 1:
            raise ParameterError(
                f"{' and '.join(given)} state the diffusion length twice; give one of them."
            )
        if self.length_nm is not None:
            return layer(self.length_nm * NM)
        if self.sphere_radius_nm is not None:
            return sphere(self.sphere_radius_nm * NM)
        if not self._mass_form:
            return stated(None)
        names = [name for name, _ in _FORM.values()]
        missing = [name for name, one in zip(names, self.form, strict=True) if one is None]
        if missing:
            raise ParameterError(
                f"L = m V_M/(M S) needs {', '.join(names)}; {missing[0]} is missing."
            )
        mass, molar_mass, molar_volume, area = (float(one or 0) for one in self.form)
        return mass_over_area(mass, molar_mass, molar_volume, area)
