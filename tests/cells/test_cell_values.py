"""What a cell keeps: values that are frozen, changes that are new cells, and its hash."""

import itertools
import os
import subprocess
import sys
from dataclasses import FrozenInstanceError

import pytest
from parameter_file import (
    FIELD,
    HIGH,
    LOW,
    POTENTIALS,
    RADIUS,
    SHARES,
    WIDTHS,
    assert_says,
    shipped,
)
from shipped import SOME

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.parameters.schema import SCHEMA
from hetsim.parameters.system_file import read_system
from hetsim.parameters.values import content_hash


@pytest.fixture(scope="module")
def core_shell():
    return hs.load("CZT", "core-shell")


# --- values are frozen, changes are new cells --------------------------------------------------


def test_with_values_gives_a_new_cell_and_leaves_the_old(czt):
    before = dict(czt.values)
    other = czt.with_values({RADIUS: 1e-7})
    assert other.values == {**before, RADIUS: 1e-7}
    assert czt.values == before


def test_a_cell_cannot_be_assigned_to(czt):
    with pytest.raises(FrozenInstanceError):
        czt.classes = 1


def test_a_changed_value_says_who_set_it_and_what_the_file_had(czt):
    value = czt.with_values({RADIUS: 1e-7}).system.values[RADIUS]
    assert value.origin == "user"
    assert f"{czt.values[RADIUS]:g}" in value.note


BAD_CHANGES = {
    "wrong unit": ({"Particle radius [nm]": 250}, ["'Particle radius [nm]'", f"'{RADIUS}'"]),
    "misspelt": ({"Built in potential [V]": 0.0}, ["'Built in potential [V]'", f"'{FIELD}'"]),
    "out of range": ({RADIUS: 250.0}, [f"'{RADIUS}'", "250", f"{SCHEMA[RADIUS].high:g}"]),
    "infinite": ({RADIUS: float("inf")}, [f"'{RADIUS}'", "inf", "finite"]),
    "not a number": ({RADIUS: float("nan")}, [f"'{RADIUS}'", "nan", "finite"]),
    "text": ({RADIUS: "1e-7"}, [f"'{RADIUS}'", "'1e-7'", "number"]),
    "true": ({RADIUS: True}, [f"'{RADIUS}'", "True", "number"]),
    "none": ({RADIUS: None}, [f"'{RADIUS}'", "None", "number"]),
    "number for a list": ({SHARES: 1.0}, [f"'{SHARES}'", "list", "1.0"]),
    "shares": ({SHARES: [0.1] * len(shipped(SHARES))}, [f"'{SHARES}'", "sum to 1"]),
    "rising": ({POTENTIALS: sorted(shipped(POTENTIALS))}, [f"'{POTENTIALS}'", "must fall"]),
    "lengths": ({WIDTHS: [0.1]}, ["1 widths", "n - 1"]),
    "cut-offs": ({LOW: shipped(HIGH)}, ["lower voltage cut-off", f"{shipped(HIGH):g} V"]),
    "field without a direction": ({FIELD: 0.06}, [f"'{FIELD}'", "0.06", "dispersed", "only 0"]),
}


@pytest.mark.parametrize(("changes", "words"), BAD_CHANGES.values(), ids=BAD_CHANGES)
def test_a_bad_change_is_named_with_its_value_and_what_is_allowed(czt, changes, words):
    with pytest.raises(ParameterError) as caught:
        czt.with_values(changes)
    assert_says(str(caught.value), *words)


def test_a_refused_change_leaves_the_cell_as_it_was(czt):
    before = czt.parameters_hash
    with pytest.raises(ParameterError):
        czt.with_values({"Fast fraction": 0.1, RADIUS: -1.0})
    assert hs.load("CZT", "lumped").parameters_hash == czt.parameters_hash == before


@pytest.mark.parametrize("potential", [0.0, 0.06, -0.3])
def test_a_core_shell_particle_takes_a_field_of_either_sign(core_shell, potential):
    assert core_shell.with_values({FIELD: potential}).values[FIELD] == potential


def test_cut_offs_may_move_together_past_the_old_ones(czt):
    moved = czt.with_values({LOW: shipped(HIGH) + 0.1, HIGH: shipped(HIGH) + 1.0})
    assert moved.values[LOW] == shipped(HIGH) + 0.1


@pytest.mark.parametrize(
    ("currents", "words"),
    [
        ([-1.0], ["-1 A/g", "positive"]),
        ([0.1, 0.0], ["0 A/g", "positive"]),
        ([float("nan")], ["'currents' is nan", "finite"]),
        ([float("inf")], ["'currents' is inf", "finite"]),
        ([], ["at least one current"]),
    ],
)
def test_a_rate_test_refuses_impossible_currents(currents, words):
    with pytest.raises(ParameterError) as caught:
        hs.RateTest(currents)
    assert_says(str(caught.value), *words)


@pytest.mark.parametrize("cycles", [0, -1])
def test_a_rate_test_has_a_cycle(cycles):
    with pytest.raises(ParameterError, match=f"at least 1 cycle .*got {cycles}"):
        hs.RateTest([1.0], cycles)


def test_an_unknown_model_is_named_with_those_there_are(czt):
    with pytest.raises(ParameterError, match="'P2D'; allowed: SPM, SPMe, DFN"):
        czt.model("P2D")


# --- the hash ----------------------------------------------------------------------------------

NEXT_CHARGE = 2.0


def neighbour(name, value):
    """Another value that is allowed, as close as makes sense."""
    if name == "Charge number":
        return NEXT_CHARGE
    if isinstance(value, tuple):
        shift = {"shares": (1e-9, -1e-9)}.get(name.split()[-1], (1e-9,))
        moves = itertools.chain(shift, itertools.repeat(0.0))
        return [one + move for one, move in zip(value, moves, strict=False)]
    if value == 0:
        return 1e-9 * SCHEMA[name].high
    return value * (1 + 1e-9 if value == SCHEMA[name].low else 1 - 1e-9)


@pytest.mark.parametrize("name", list(read_system("CZT", "core-shell").values))
def test_the_hash_changes_with_any_value(core_shell, name):
    other = core_shell.with_values({name: neighbour(name, core_shell.values[name])})
    assert other.parameters_hash != core_shell.parameters_hash


@pytest.mark.parametrize("structure", [{"classes": 1}, {"fast": False}])
def test_the_hash_changes_with_the_structure(czt, structure):
    assert czt.with_particle(**structure).parameters_hash != czt.parameters_hash


def test_the_hash_changes_with_the_architecture(czt, core_shell):
    lengths = {name: core_shell.values[name] for name in core_shell.values}
    same = czt.with_values({**lengths, FIELD: 0.0})
    other = core_shell.with_values({FIELD: 0.0})
    assert same.values == other.values
    assert same.parameters_hash != other.parameters_hash


def test_systems_have_hashes_of_their_own():
    assert len({hs.load(name).parameters_hash for name in SOME}) == len(SOME)


def test_the_hash_does_not_know_the_order_of_the_values():
    assert content_hash({"a": 1.0, "b": 2.0}) == content_hash({"b": 2.0, "a": 1.0})


def test_the_hash_comes_back_with_the_value(czt):
    there = czt.with_values({RADIUS: 1e-7})
    assert there.with_values({RADIUS: czt.values[RADIUS]}).parameters_hash == czt.parameters_hash


def test_the_hash_is_the_same_in_another_process(czt):
    code = "import hetsim as hs; print(hs.load('CZT', 'lumped').parameters_hash)"
    seed = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    assert done.stdout.strip() == czt.parameters_hash


# --- what a value of zero switches off ---------------------------------------------------------


def test_no_fast_fraction_is_no_fast_share(czt):
    plain = czt.with_values({"Fast fraction": 0.0})
    assert plain.structure == plain.with_particle(fast=False).structure


def test_no_spread_is_one_size_class(czt):
    plain = czt.with_values({"Diffusion time spread": 0.0})
    assert plain.structure == plain.with_particle(classes=1).structure


@pytest.mark.parametrize("variant", ["", "core-shell"])
@pytest.mark.parametrize("name", ["Fast fraction", "Diffusion time spread"])
def test_a_cell_runs_without_fast_share_or_spread(name, variant):
    cell = hs.load("CZT", variant).with_values({name: 0.0})
    curve = hs.run(cell, hs.RateTest([1.0], 1), model="SPM")
    assert curve.points[0].outcome == "cut-off reached"


def test_numbers_and_lists_are_read_by_their_type():
    values = hs.load("CZT", "lumped").values
    assert values.number("Particle radius [m]") == values["Particle radius [m]"]
    assert values.numbers("Insertion plateau shares") == values["Insertion plateau shares"]
    with pytest.raises(TypeError, match="'Insertion plateau shares' is a list of"):
        values.number("Insertion plateau shares")
    with pytest.raises(TypeError, match=r"is one number, 2\.5e-07"):
        values.numbers("Particle radius [m]")
    with pytest.raises(TypeError):
        values["Particle radius [m]"] = 1.0
