"""The command `hetsim interface`: the report on a junction."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import click

from hetsim.architectures import ARCHITECTURES
from hetsim.commands.files import Writer, figure_writers, json_writer
from hetsim.commands.job import Job, default_folder
from hetsim.commands.options import clear_messages, json_option, variant_option, wide_option
from hetsim.commands.text_table import paragraph, screen_width, text_table
from hetsim.errors import ParameterError
from hetsim.junctions.pair import Pair, pair_of_materials, pair_of_system
from hetsim.junctions.report import SURVIVES, InterfaceReport, report, what_acts
from hetsim.parameters.library import component_names
from hetsim.parameters.system_file import system_names


@click.command()
@click.argument("system", required=False, shell_complete=lambda *_: system_names())
@variant_option
@click.option(
    "--material-a",
    help="A material of the library, instead of a SYSTEM.",
    shell_complete=lambda *_: component_names("materials"),
)
@click.option(
    "--material-b",
    help="The material that it touches.",
    shell_complete=lambda *_: component_names("materials"),
)
@click.option("--ion", help="Which ion moves (Li, Na, K, ...), with two materials.")
@click.option("--against", help="Another system or file, or two materials as A/B, set beside it.")
@click.option("--out", type=Path, help="Folder for figure and data [hetsim-out/NAME-interface].")
@wide_option
@json_option
@clear_messages
def interface(
    system: str | None,
    variant: str,
    material_a: str | None,
    material_b: str | None,
    ion: str | None,
    against: str | None,
    out: Path | None,
    wide: bool,
    as_json: bool,
) -> None:
    """Report the junction of a SYSTEM, or of two materials: field, space charge, effective transport.

    \b
    Examples:
      hetsim interface CZT
      hetsim interface CZT --variant core-shell --against CT
      hetsim interface --material-a MoS2 --material-b ZnIn2S4 --ion Na
      hetsim interface --material-a FeSe --material-b Fe3Se4 --against Co-FeSe/Co-Fe3Se4
    """
    pair = (system, variant, material_a, material_b, ion, against)
    InterfaceJob(*pair, screen_width(wide)).execute(out, as_json)


# --- what it does ---------------------------------------------------------------------------------


SECTIONS: dict[str, dict[str, str]] = {
    "Field of the junction (upper bounds: no screening by ions)": {
        "work function of A [eV]": "work_function_a_eV",
        "work function of B [eV]": "work_function_b_eV",
        "built-in potential V_bi = (W_A - W_B)/e [V]": "built_in_potential_V",
        "junction type": "junction_type",
        "positive side": "positive_side",
        "field points": "field_direction",
        "field as printed in the source": "printed_field_direction",
        "cation pulled to, on insertion": "cation_pulled_towards_on_insertion",
        "cation pulled to, on extraction": "cation_pulled_towards_on_extraction",
        "transport on insertion is": "effect_on_insertion",
        "transport on extraction is": "effect_on_extraction",
        "Schottky barrier (negative: none) [eV]": "schottky_barrier_eV",
        "conduction band offset [eV]": "conduction_band_offset_eV",
        "valence band offset [eV]": "valence_band_offset_eV",
        "depletion width in A [nm]": "depletion_width_a_nm",
        "depletion width in B [nm]": "depletion_width_b_nm",
        "maximum field [V/m]": "maximum_field_V_per_m",
        "Debye length of electrons or holes in A [nm]": "debye_length_a_nm",
        "Debye length of electrons or holes in B [nm]": "debye_length_b_nm",
    },
    "Screening by ions": {
        "Debye length of ions in A [nm]": "ion_debye_length_a_nm",
        "Debye length of ions in B [nm]": "ion_debye_length_b_nm",
        "particle radius R [nm]": "particle_radius_nm",
        "R/lambda": "radius_over_debye_length",
        "in a core-shell particle the step": "surviving_step",
        "grain size d [nm]": "grain_size_nm",
        "d/lambda": "grain_size_over_debye_length",
        "between two grains the step": "surviving_step_between_grains",
    },
    "Space charge at 25 degC": {
        "interface potential [V]": "interface_potential_V",
        "   from [V]": "interface_potential_low_V",
        "   to [V]": "interface_potential_high_V",
        "enrichment of ions at the junction": "enrichment",
        "interfacial over bulk conductivity": "conductivity_ratio",
        "   from ": "conductivity_ratio_low",
        "   to ": "conductivity_ratio_high",
        "potential that would give 100 [V]": "potential_for_conductivity_ratio_100_V",
        "potential that would give 1000 [V]": "potential_for_conductivity_ratio_1000_V",
        "measured ratio": "measured_conductivity_ratio",
        "   at [K]": "measured_conductivity_ratio_temperature_K",
        "dH + z e dphi/2 that gives it [eV]": "enthalpy_and_half_potential_eV",
    },
    "Effective diffusivity": {
        "interface width [nm]": "interface_width_nm",
        "boundaries between A and B": "unlike_boundary_fraction",
        "interface volume fraction": "interface_volume_fraction",
        "interface over bulk mobility": "interface_mobility_ratio",
        "junction layer over grain, conductivity in the cell": "interface_conductivity_ratio",
        "D_eff/D_bulk": "d_eff_over_d_bulk",
        "   ": "d_eff_over_d_bulk_by_architecture",
        "migration barrier of A [eV]": "migration_barrier_a_eV",
        "migration barrier of B [eV]": "migration_barrier_b_eV",
        "migration barrier of the interface [eV]": "interface_migration_barrier_eV",
        "bound of the ratio by barriers, over A": "barrier_ratio_bound_a",
        "bound of the ratio by barriers, over B": "barrier_ratio_bound_b",
        "D_eff/D_bulk at the larger bound": "d_eff_over_d_bulk_at_barrier_bound",
    },
}
"""Rows of the printed report: label to key of the JSON object (a dot enters a nested one)."""

_EACH_ARCHITECTURE = "   "
"""Label of the row that stands for one row an architecture."""


def sections() -> dict[str, dict[str, str]]:
    """`SECTIONS` with a row for each architecture."""
    return {title: dict(_with_architectures(rows)) for title, rows in SECTIONS.items()}


def _with_architectures(rows: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for label, key in rows.items():
        if label == _EACH_ARCHITECTURE:
            yield from ((f"   {name}", f"{key}.{name}") for name in ARCHITECTURES)
        else:
            yield label, key


ORIGINS = {
    "work_function_a_eV": "work_function_a_source",
    "work_function_b_eV": "work_function_b_source",
    "interface_potential_V": "interface_potential_origin",
    "conductivity_ratio": "conductivity_ratio_origin",
    "interface_mobility_ratio": "interface_mobility_ratio_source",
}
"""Keys whose origin stands beside them."""


@dataclass(frozen=True)
class InterfaceJob(Job):
    """One call of `hetsim interface`."""

    system: str | None
    variant: str
    material_a: str | None
    material_b: str | None
    ion: str | None
    against: str | None
    width: int | None

    @property
    def folder(self) -> Path:
        stem = Path(self.system).stem if self.system else f"{self.material_a}-{self.material_b}"
        return default_folder(stem, self.variant, "interface")

    def files(self) -> list[str]:
        stems = ["interface"] if self.against is None else ["interface", "against"]
        return [f"{stem}.{kind}" for stem in stems for kind in ("png", "svg", "csv", "json")]

    def check(self) -> None:
        _ = self._reports

    @cached_property
    def _reports(self) -> list[InterfaceReport]:
        """One report, or two with `against`."""
        pairs = [self._pair()]
        if self.against is not None:
            pairs.append(self._other(self.against))
        return [report(pair) for pair in pairs]

    def run(self, show_progress: bool) -> list[InterfaceReport]:
        return self._reports

    def text(self, result: list[InterfaceReport]) -> str:
        return text(result, self.width)

    def json_object(self, result: list[InterfaceReport]) -> dict[str, Any]:
        """The report as one object; the other one, if any, under "against"."""
        content = result[0].to_dict()
        return {**content, "against": result[1].to_dict()} if len(result) > 1 else content

    def writers(self, result: list[InterfaceReport]) -> dict[str, Writer]:
        files = _files("interface", result[0])
        if len(result) > 1:
            files |= _files("against", result[1])
        return files

    def _pair(self) -> Pair:
        a, b = self.material_a, self.material_b
        if self.system is None:
            if a is None and b is None:
                raise ParameterError("Give a SYSTEM, or --material-a and --material-b.")
            if a is None or b is None:
                missing = "--material-a" if a is None else "--material-b"
                raise ParameterError(f"{missing} is missing: a junction has two materials.")
            if self.variant:
                raise ParameterError("--variant belongs to a SYSTEM; two materials have none.")
            return pair_of_materials(a, b, self.ion)
        if a is not None or b is not None:
            raise ParameterError(
                f"Give either the SYSTEM '{self.system}' or --material-a and --material-b, not both."
            )
        pair = pair_of_system(self.system, self.variant)
        if self.ion is not None:
            raise ParameterError(
                f"--ion belongs to --material-a and --material-b; {pair.name} is for {pair.ion}."
            )
        return pair

    def _other(self, name: str) -> Pair:
        """A system or a file; or two materials as A/B."""
        sides = name.split("/")
        if len(sides) == 2 and all(sides) and not name.endswith(".toml"):
            return pair_of_materials(sides[0], sides[1], self.ion)
        return pair_of_system(name)


def text(reports: list[InterfaceReport], width: int | None = None) -> str:
    """The report for reading, in lines of at most so many columns."""
    objects = [report.to_dict() for report in reports]
    parts = [paragraph(_head(one), width) for one in objects]
    parts += [_section(title, rows, objects, width) for title, rows in sections().items()]
    same = all(one["statements"] == objects[0]["statements"] for one in objects)
    for index, one in enumerate(objects):
        told = index == 0 or not same
        parts.append(_words(one, len(objects) > 1, told, width))
    return "\n\n".join(part for part in parts if part)


def _files(stem: str, one: InterfaceReport) -> dict[str, Writer]:
    from hetsim.plots.junction import figure

    content = one.to_dict()
    return {
        **figure_writers(stem, figure(one)),
        f"{stem}.csv": lambda path: _write_csv(path, content),
        f"{stem}.json": json_writer(content),
    }


def _write_csv(path: Path, content: Mapping[str, Any]) -> None:
    """Every row of the printed report: quantity, key, value, why there is none."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["quantity", "key", "value", "reason"])
        for rows in sections().values():
            for label, key in rows.items():
                value = _lookup(content, key)
                table.writerow(
                    [label.strip(), key, "" if value is None else value, _why(content, key)]
                )


# --- what is printed ------------------------------------------------------------------------------


def _head(content: Mapping[str, Any]) -> str:
    charge = content["charge_number"] if content["charge_number"] > 1 else ""
    return (
        f"{content['name']}: {content['material_a']} (A) and {content['material_b']} (B), "
        f"{content['ion']}{charge}+ ions, 25 degC\n{what_acts(content['architecture'] or '')}"
    )


def _section(
    title: str, rows: Mapping[str, str], objects: list[dict[str, Any]], width: int | None
) -> str:
    """A row for each quantity that one of the reports has; a section without any is left out."""
    two = len(objects) > 1
    header = (
        ["quantity", *(one["name"] for one in objects)] if two else ["quantity", "value", "from"]
    )
    lines = []
    for label, key in rows.items():
        values = [_lookup(one, key) for one in objects]
        if all(value is None for value in values) or _same_range(label, objects):
            continue
        cells = [_written(key, value) for value in values]
        lines.append([label, *cells] if two else [label, *cells, _origin(objects[0], key)])
    return f"{title}\n{text_table(header, lines, width)}" if lines else ""


def _same_range(label: str, objects: list[dict[str, Any]]) -> bool:
    """The ends of a range say nothing where the potential is one number."""
    return label.startswith("   from") | label.startswith("   to") and all(
        one["interface_potential_low_V"] == one["interface_potential_high_V"] for one in objects
    )


def _lookup(content: Mapping[str, Any], key: str) -> Any:
    outer, _, inner = key.partition(".")
    value = content[outer]
    return value if not inner or value is None else value[inner]


def _written(key: str, value: Any) -> str:
    if value is None:
        return "-"
    if key.startswith("surviving_step"):
        share = f"{100 * value:.3g} %"
        return f"survives ({share})" if value >= SURVIVES else f"is flattened to {share}"
    return value if isinstance(value, str) else f"{value:.4g}"


def _origin(content: Mapping[str, Any], key: str) -> str:
    if key in ("ion_debye_length_a_nm", "ion_debye_length_b_nm"):
        architecture = ARCHITECTURES.get(content["architecture"] or "")
        own = architecture is not None and not architecture.no_potential
        return "the system" if own else "half the interface width"
    return content.get(ORIGINS.get(key, ""), "") or ""


def _words(
    content: Mapping[str, Any], named: bool, with_statements: bool, width: int | None
) -> str:
    def points(marked: Iterable[tuple[str, str]]) -> list[str]:
        return [
            paragraph(sentence, width, indent="    ", first=f"  {mark} ")
            for mark, sentence in marked
        ]

    of = f" ({content['name']})" if named else ""
    statements = points((f"({key})", one) for key, one in content["statements"].items())
    remarks = points(("-", remark) for remark in content["remarks"])
    gaps = points(("-", f"{why} {', '.join(keys)}") for why, keys in _gaps(content).items())
    parts = [
        (f"What a built-in field cannot do here{of}", statements if with_statements else []),
        (f"Mind{of}", remarks),
        (f"Left out{of}, and why", gaps),
    ]
    return "\n\n".join("\n".join([title, *lines]) for title, lines in parts if lines)


def _gaps(content: Mapping[str, Any]) -> dict[str, list[str]]:
    """Labels of what is left out, gathered by the reason."""
    labels = {key: label.strip() for rows in sections().values() for label, key in rows.items()}
    gathered: dict[str, list[str]] = {}
    for key, reason in {**content["missing"], **content["not_applicable"]}.items():
        if key in labels:
            gathered.setdefault(f"{reason.rstrip('.')}:", []).append(labels[key])
    return gathered


def _why(content: Mapping[str, Any], key: str) -> str:
    outer = key.partition(".")[0]
    return content["missing"].get(outer) or content["not_applicable"].get(outer) or ""
