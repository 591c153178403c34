"""hetsim list and show: what the parameter files say, at once."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import one_object
from shipped import SOME

from hetsim.parameters.cell_file import cell_names
from hetsim.parameters.library import PARAMETER_SETS, system_names
from hetsim.parameters.system_file import read_system

CZT = (PARAMETER_SETS / "systems" / "CZT.toml").read_text(encoding="utf-8")


def test_list_has_a_line_for_each_system(hetsim):
    result = hetsim("list", "--wide")
    assert result.exit_code == 0
    for name in SOME:
        system = read_system(name)
        line = next(line for line in result.stdout.splitlines() if line.startswith(f"  {name} "))
        for word in (system.title, system.classification, system.architecture, *system.variants):
            assert word in line


def test_list_has_a_heading_for_each_ion_and_class(hetsim):
    known = {one["system"]: one for one in one_object(hetsim("list", "--json").stdout)}
    blocks = [block.splitlines() for block in hetsim("list").stdout.split("\n\n")[1:]]
    seen = []
    for heading, *lines in blocks:
        family = heading.partition(", ")[2]
        systems = [known[line.split()[0]] for line in lines]
        seen += [system["system"] for system in systems]
        # a control may be of another family than the heterostructure that it stands below
        assert systems[0]["class"].startswith(family)
        assert all(f"({system['ion']})" in heading for system in systems)
    assert sorted(seen) == sorted([*system_names(), *cell_names()])


def test_controls_stand_below_their_heterostructure(hetsim):
    lines = [
        line.split()[0] for line in hetsim("list").stdout.splitlines() if line.startswith("  ")
    ]
    assert lines[lines.index("CZT") + 1 :][:2] == ["CT", "ZT"]


def test_list_as_json_has_each_system(hetsim):
    found = one_object(hetsim("list", "--json").stdout)
    assert [system["system"] for system in found] == [*system_names(), *cell_names()]


@pytest.mark.parametrize("variant", ["", "core-shell"])
def test_show_has_a_line_for_each_value_with_kind_and_source(hetsim, variant):
    result = hetsim("show", "CZT", "--variant", variant, "--wide")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    for value in read_system("CZT", variant).values.values():
        line = next(line for line in lines if line.startswith(f"{value.name}  "))
        assert f"  {value.kind}  " in line
        assert line.endswith(value.source)


def test_show_names_the_paper_and_the_measured_points(hetsim):
    text = hetsim("show", "CZT").stdout
    assert read_system("CZT").reference in text
    assert "7 points" in text


def test_show_as_json_holds_every_value(hetsim):
    shown = one_object(hetsim("show", "CZT", "--json").stdout)
    values = read_system("CZT").values
    assert set(shown["parameters"]) == set(values)
    for name, value in shown["parameters"].items():
        assert (value["kind"], value["source"]) == (values[name].kind, values[name].source)


def differing(one, other):
    return [name for name in one.values if one.values[name].value != other.values[name].value]


@pytest.mark.parametrize("control", ["CT", "ZT"])
def test_show_against_a_control_lists_what_differs_with_the_reasons(hetsim, control):
    one, other = read_system("CZT"), read_system(control)
    names = differing(one, other)
    assert names
    lines = hetsim("show", "CZT", "--against", control, "--wide").stdout.splitlines()
    assert f"share {len(one.values) - len(names)} values and differ in {len(names)}" in lines[0]
    assert [line for line in lines[2:] if not line.startswith(" ")] == names
    for name in names:
        below = lines[lines.index(name) + 1 : lines.index(name) + 3]
        for system, line in zip((one, other), below, strict=True):
            value = system.values[name]
            assert line.startswith(f"  {system.name}: ")
            assert f"({value.kind}: {value.source}" in line


def test_show_against_as_json_holds_both_sides(hetsim):
    shown = one_object(hetsim("show", "CZT", "--against", "CT", "--json").stdout)["differs"]
    one, other = read_system("CZT"), read_system("CT")
    assert list(shown) == differing(one, other)
    assert all(set(sides) == {"CZT", "CT"} for sides in shown.values())
    name = "Specific capacity [mA.h.g-1]"
    assert shown[name]["CT"]["value"] == other.values[name].value


def test_a_system_does_not_differ_from_itself(hetsim):
    assert "differ in 0" in hetsim("show", "CZT", "--against", "CZT").stdout


@pytest.mark.parametrize("words", [[], ["list"], ["show"], ["rate"]])
def test_help_comes_with_an_example(hetsim, words):
    result = hetsim(*words, "--help")
    assert result.exit_code == 0
    assert "Example" in result.stdout
    assert f"hetsim {words[0] if words else 'rate'}" in result.stdout


QUICK = [["--help"], ["list"], ["show", "CZT"], ["show", "CZT", "--against", "CT"]]
# The interpreter, the command, then which of the slow packages it brought along.
FRESH = """
import sys
from hetsim.cli import main
main(sys.argv[1:], standalone_mode=False)
print(*sorted({"pybamm", "casadi", "matplotlib"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize("words", QUICK, ids=" ".join)
def test_reading_commands_answer_in_a_second_without_pybamm(words):
    seconds = []
    for _ in range(3):  # the best of three: other work on the machine is no slowness of ours
        start = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-c", FRESH, *words], capture_output=True, text=True, check=True
        )
        seconds.append(time.perf_counter() - start)
    assert done.stdout
    assert done.stderr.strip() == ""
    assert min(seconds) < 1


def test_the_installed_command_is_this_one():
    command = Path(sys.executable).with_name("hetsim")
    done = subprocess.run([command, "list", "--json"], capture_output=True, text=True, check=True)
    known = [*system_names(), *cell_names()]
    assert [system["system"] for system in json.loads(done.stdout)] == known


def test_show_a_variant_against_its_own_system_holds_both_sides(hetsim):
    words = ["show", "CZT", "--variant", "core-shell", "--against", "CZT", "--json"]
    shown = one_object(hetsim(*words).stdout)["differs"]
    assert set(shown["Built-in potential [V]"]) == {"CZT (core-shell)", "CZT"}


def test_show_a_copied_file_against_its_original_holds_both_sides(hetsim):
    Path("copy.toml").write_text(CZT.replace("value = 250e-9", "value = 100e-9"))
    shown = one_object(hetsim("show", "copy.toml", "--against", "CZT", "--json").stdout)
    assert set(shown["differs"]["Particle radius [m]"]) == {"copy.toml", "CZT"}


def test_show_names_the_variant(hetsim):
    words = ["show", "CZT", "--variant", "core-shell"]
    assert hetsim(*words).stdout.startswith("CZT (core-shell): ")
    assert one_object(hetsim(*words, "--json").stdout)["variant"] == "core-shell"
