"""What values may be, and what must fit together: every refusal names the place, the value and the remedy."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from hetsim import names
from hetsim.architectures import (
    ARCHITECTURES,
    Architecture,
    DiluteCarriers,
    architecture_named,
    channel_named,
)
from hetsim.architectures.channels import DEBYE_LENGTH, POTENTIAL
from hetsim.architectures.grains import BOTH_HOSTS, GRAIN_SIZE, INTERFACE_WIDTH
from hetsim.errors import ParameterError, did_you_mean
from hetsim.parameters.host_names import (
    HOST_PARAMETERS,
    ISOTHERM,
    LETTERS,
    SLOPING_CURVE,
    is_composed,
    is_sloping,
    of_component,
)
from hetsim.parameters.schema import IONS, SCHEMA, ParameterInfo
from hetsim.parameters.toml_reading import number, numbers
from hetsim.parameters.values import MeasuredRate, Number, System, Value

CELL_HOMES = ("system", "electrolyte", "component")
"""Where the values of a cell come from; those of materials and the facts are not in its equations."""
_PLACES = {
    "system": "the [parameters] of a system",
    "fact": "the [facts] of a system",
    "electrolyte": "the file of the electrolyte",
    "material": "the file of the material",
    "ion": "a table [ions.K] of the file of the material",
    "component": "the file of the material, without the letter of the component",
    "cell": "the [parameters] of a full cell",
}
_FROM_MATERIALS = tuple(f"Component {letter} migration barrier [eV]" for letter in "AB")
_WHOLE = (names.CHARGE_NUMBER, names.ANION_CHARGE_NUMBER)
_SHARE_TOLERANCE = 1e-6  # shares are written with a few decimals
_DILUTE_LIMIT = 1.0  # V, beyond which Gouy and Chapman's law has no meaning
_ROUNDED = 1e-9  # of a width that is two Debye lengths in decimal numbers


def known_parameter(name: str, homes: tuple[str, ...], where: str) -> ParameterInfo:
    """The schema entry of a name; ParameterError with the nearest name, unit or place otherwise."""
    info = SCHEMA.get(name)
    if info is None:
        raise ParameterError(f"{where}: unknown parameter '{name}'. {_remedy(str(name), homes)}")
    if info.home not in homes:
        raise ParameterError(f"{where}: '{name}' belongs in {_PLACES[info.home]}, not here.")
    return info


def architectures_that_need(name: str) -> list[str]:
    """Names of the architectures in which a parameter acts that not all of them need."""
    return [key for key, architecture in ARCHITECTURES.items() if name in architecture.needs]


def checked_value(name: str, raw: Any, homes: tuple[str, ...], where: str) -> Number:
    """The number or tuple of numbers of a parameter, inside the limits of the schema.

    Raises ParameterError naming the parameter, the value and what is allowed.
    """
    info = known_parameter(name, homes, where)
    found = numbers(raw, name, where) if info.is_list else (number(raw, name, where),)
    for one in found:
        if not within_limits(info, one):
            raise ParameterError(
                f"{where}: '{name}' = {one:g} is outside {info.low:g} to {info.high:g}."
            )
        if not whole_where_needed(name, one):
            raise ParameterError(f"{where}: '{name}' = {one:g} must be a whole number.")
    return found if info.is_list else found[0]


# --- conditions: of one number, or of an array of them -------------------------------------------


def within_limits(info: ParameterInfo, value: Any) -> Any:
    """Whether a value is inside the limits of the schema."""
    return (info.low <= value) & (value <= info.high)


def whole_where_needed(name: str, value: Any) -> Any:
    """Whether a value is a whole number, where its parameter must be one."""
    return value % 1 == 0 if name in _WHOLE else value == value


def in_order(low: Any, high: Any) -> Any:
    """Whether the lower cut-off is below the upper one [V]."""
    return low < high


def neutral(cation: Any, anion: Any) -> Any:
    """Whether a salt with one cation of this charge number can have anions of that one."""
    return cation / anion % 1 == 0


def inside_window(potential: Any, gap: Any, top: Any) -> Any:
    """Whether a site with a hysteresis empties below the upper cut-off [V]."""
    return potential + gap / 2 <= top


def is_dilute(potential: Any) -> Any:
    """Whether the potential of a junction leaves dilute carriers dilute [V]."""
    return abs(potential) <= _DILUTE_LIMIT


def layer_is_wide(potential: Any, debye_length: Any, width: Any) -> Any:
    """Whether a depleted layer of dilute carriers holds its depletion: two Debye lengths or more.

    In a narrower one the law takes more carriers away than there are (architectures.channels.DiluteCarriers).
    """
    return (potential >= 0) | (width >= 2 * (1 - _ROUNDED) * debye_length)


def layers_fit(width: Any, grain_size: Any) -> Any:
    """Whether the layers along the junctions of a grain are thinner than the grain [m]."""
    return width <= grain_size


# --- systems --------------------------------------------------------------------------------------


def checked_system(system: System, where: str) -> System:
    """The same system, if its values are complete and fit together.

    Raises ParameterError for an unknown architecture, a missing value, an open-circuit curve that is
    none, crossed cut-offs, a salt that is not neutral, or a field where it averages out.
    """
    try:
        architecture = architecture_named(system.architecture)
    except ValueError as error:
        raise ParameterError(f"{where}: {error}") from error
    _check_interface(system, architecture, where)
    composed, sloping = is_composed(system.values), is_sloping(system.values)
    needed = [
        info.name
        for info in SCHEMA.values()
        if (info.required and not ((composed or sloping) and " plateau " in info.name))
        or info.name in architecture.needs
        or (sloping and info.name in SLOPING_CURVE)
        or (composed and info.name in HOST_PARAMETERS)
    ]
    missing = [name for name in (*needed, *_FROM_MATERIALS) if name not in system.values]
    if missing:
        raise ParameterError(f"{where}: '{missing[0]}' is missing ({len(missing)} in all).")
    if composed:
        _check_sites(system.values, where)
    elif sloping:
        _check_slope(system.values, where)
    else:
        _check_curve(system.values, where)
    _check_cut_offs(system.values, where)
    _check_salt(system, where)
    _check_field(system, where)
    return system


def checked_rate(curve: MeasuredRate, where: str) -> MeasuredRate:
    """The same measured curve, if it has one positive capacity at each of its positive currents."""
    currents, capacities = curve.currents, curve.capacities
    if not currents or len(currents) != len(capacities):
        raise ParameterError(
            f"{where}: {len(currents)} currents and {len(capacities)} capacities; it needs equally many."
        )
    for what, found in (("currents", currents), ("capacities", capacities)):
        if min(found) <= 0:
            raise ParameterError(f"{where}: {what} must be positive, got {min(found):g}.")
    extracted = curve.extractions
    if extracted and len(extracted) != len(currents):
        raise ParameterError(
            f"{where}: {len(currents)} currents and {len(extracted)} extraction capacities; it needs equally many."
        )
    if any(one <= 0 for one in extracted):
        raise ParameterError(
            f"{where}: extraction capacities must be positive, got {min(extracted):g}."
        )
    for one, later in pairwise(sorted(currents)):
        if one == later:
            raise ParameterError(
                f"{where}: two points have current_A_per_g = {one:g}; the currents of a curve must differ."
            )
    return curve


def _check_curve(values: Mapping[str, Value], where: str) -> None:
    """Plateau lists that fit together, shares that sum to one, potentials that fall."""
    for branch in ("Insertion", "Extraction"):
        potentials = values[f"{branch} plateau potentials [V]"].numbers
        shares = values[f"{branch} plateau shares"].numbers
        widths = values[f"{branch} plateau widths"].numbers
        if len(shares) != len(potentials) or len(widths) != len(potentials) - 1:
            raise ParameterError(
                f"{where}: the {branch.lower()} branch has {len(potentials)} plateau potentials, "
                f"{len(shares)} shares and {len(widths)} widths; it needs n, n and n - 1."
            )
        if abs(sum(shares) - 1) > _SHARE_TOLERANCE:
            raise ParameterError(
                f"{where}: '{branch} plateau shares' sum to {sum(shares):g}; the capacity shares of "
                "a branch must sum to 1."
            )
        if any(later >= earlier for earlier, later in pairwise(potentials)):
            raise ParameterError(
                f"{where}: '{branch} plateau potentials [V]' = {list(potentials)} must fall from one "
                "plateau to the next, or the open-circuit curve is not monotonic."
            )


def _check_slope(values: Mapping[str, Value], where: str) -> None:
    """An empty electrode above the full one, and no second curve beside it."""
    empty, full = (values[name].number for name in (names.EMPTY_POTENTIAL, names.FULL_POTENTIAL))
    if not in_order(full, empty):
        raise ParameterError(
            f"{where}: '{names.FULL_POTENTIAL}' = {full:g} must be below '{names.EMPTY_POTENTIAL}' = {empty:g}, for "
            "insertion lowers the potential."
        )
    plateaus = [name for name in values if " plateau " in name]
    if plateaus:
        raise ParameterError(
            f"{where}: '{names.OCP_EXPONENT}' and '{plateaus[0]}' are two open-circuit curves; give one of them."
        )


def _check_sites(values: Mapping[str, Value], where: str) -> None:
    """Site lists that fit together, shares that sum to one, sites inside the window."""
    top = values[names.UPPER_CUT_OFF].number
    for letter in LETTERS:
        lists = [values[of_component(letter, name)].numbers for name in ISOTHERM]
        if len({len(one) for one in lists}) > 1 or not lists[0]:
            found = ", ".join(str(len(one)) for one in lists)
            raise ParameterError(
                f"{where}: host {letter} has {found} potentials, shares, widths and hysteresis values of its "
                "sites; it needs equally many, one at least."
            )
        potentials, shares, _, gaps = lists
        if abs(sum(shares) - 1) > _SHARE_TOLERANCE:
            raise ParameterError(
                f"{where}: '{of_component(letter, ISOTHERM[1])}' sum to {sum(shares):g}; the shares of the "
                "sites of a host must sum to 1."
            )
        for potential, gap in zip(potentials, gaps, strict=True):
            if not inside_window(potential, gap, top):
                raise ParameterError(
                    f"{where}: a site of host {letter} empties at {potential + gap / 2:g} V, above the upper "
                    f"cut-off of {top:g} V, and would never be used; it must lie inside the window."
                )


def _check_interface(system: System, architecture: Architecture, where: str) -> None:
    """Carriers that exist, in an architecture with junctions, within what their law can say."""
    composed = is_composed(system.values)
    if architecture.populations != (BOTH_HOSTS,) and not composed:
        raise ParameterError(
            f"{where}: the architecture '{system.architecture}' needs two hosts with isotherms ([hosts.A] and "
            "[hosts.B]); one open-circuit curve of the whole cannot be shared out."
        )
    try:
        channel = channel_named(system.interface) if system.interface else architecture.channel
    except ValueError as error:
        raise ParameterError(f"{where}: {error}") from error
    if channel.conducts and not architecture.has_network:
        raise ParameterError(
            f"{where}: interface = '{system.interface}' in a {system.architecture} particle, which has no "
            "junctions that ions run along; only 'none' is allowed."
        )
    if channel.stores and not composed:
        raise ParameterError(
            f"{where}: interface = '{system.interface}' needs two hosts with isotherms ([hosts.A] and "
            "[hosts.B]), for the stored ions conduct by their own isotherm."
        )
    potential = system.values.get(POTENTIAL)
    if isinstance(channel, DiluteCarriers) and potential and not is_dilute(potential.number):
        raise ParameterError(
            f"{where}: '{POTENTIAL}' = {potential.number:g} with dilute carriers; beyond {_DILUTE_LIMIT:g} V the "
            "continuum fails, for more ions would stand at the junction than there are places."
        )
    layer = [system.values.get(name) for name in (POTENTIAL, DEBYE_LENGTH, INTERFACE_WIDTH)]
    if isinstance(channel, DiluteCarriers) and all(one is not None for one in layer):
        depleting, debye_length, thickness = (one.number for one in layer if one is not None)
        if not layer_is_wide(depleting, debye_length, thickness):
            raise ParameterError(
                f"{where}: '{INTERFACE_WIDTH}' = {thickness:g} is below two of '{DEBYE_LENGTH}' = {debye_length:g}; a "
                f"layer that '{POTENTIAL}' = {depleting:g} depletes would lose more dilute carriers than it has."
            )
    sizes = [system.values.get(name) for name in (INTERFACE_WIDTH, GRAIN_SIZE)]
    if architecture.has_network and channel.conducts and all(sizes):
        width, grain_size = (one.number for one in sizes if one)
        if not layers_fit(width, grain_size):
            raise ParameterError(
                f"{where}: '{INTERFACE_WIDTH}' = {width:g} is above '{GRAIN_SIZE}' = {grain_size:g}; the layers along "
                "the junctions would fill more than the grains, so the width is at most the grain size."
            )


def _check_cut_offs(values: Mapping[str, Value], where: str) -> None:
    low, high = (values[name].number for name in (names.LOWER_CUT_OFF, names.UPPER_CUT_OFF))
    if not in_order(low, high):
        raise ParameterError(
            f"{where}: the lower voltage cut-off ({low:g} V) must be below the upper one ({high:g} V)."
        )


def _check_salt(system: System, where: str) -> None:
    """A formula unit has one cation, so the anions must make up its charge."""
    cation, anion = (
        system.values[name].number if name in system.values else 1.0
        for name in (names.CHARGE_NUMBER, names.ANION_CHARGE_NUMBER)
    )
    if not neutral(cation, anion):
        raise ParameterError(
            f"{where}: '{names.CHARGE_NUMBER}' = {cation:g} and '{names.ANION_CHARGE_NUMBER}' = "
            f"{anion:g} make no salt with one cation; the first must be a multiple of the second."
        )


def checked_ion(system: System, where: str) -> System:
    """The same system, if its ion is known and has the charge number of its file."""
    if system.ion not in IONS:
        raise ParameterError(f"{where}: unknown ion '{system.ion}'; allowed: {', '.join(IONS)}.")
    charge = system.values[names.CHARGE_NUMBER].number
    if charge != IONS[system.ion]:
        raise ParameterError(
            f"{where}: '{names.CHARGE_NUMBER}' = {charge:g}, but {system.ion} has "
            f"{IONS[system.ion]}."
        )
    return system


def _check_field(system: System, where: str) -> None:
    potential = system.values[names.BUILT_IN_POTENTIAL].number
    why_not = architecture_named(system.architecture).no_potential
    if why_not and potential != 0:
        raise ParameterError(
            f"{where}: '{names.BUILT_IN_POTENTIAL}' = {potential} in a {system.architecture} particle, "
            f"where {why_not}; only 0 is allowed. A core-shell variant has a "
            "radial field."
        )


_RENAMED = {
    "Interface diffusivity ratio": "It is now 'Interface mobility ratio' times what 'Interface potential [V]' "
    "gathers: with a potential of 0 the number stays the same.",
}


def _remedy(name: str, homes: tuple[str, ...]) -> str:
    if name in _RENAMED:
        return _RENAMED[name]
    candidates = [info.name for info in SCHEMA.values() if info.home in homes]
    stem = name.split(" [")[0]
    for known in candidates:
        if known.split(" [")[0].lower() == stem.lower():
            unit = known.partition("[")[2].rstrip("]")
            return f"It is written '{known}'" + (
                f", in units of {unit}." if unit else ", without a unit."
            )
    return did_you_mean(name, candidates, "`hetsim show SYSTEM` lists the parameters.")
