"""Files in the shapes of testers, spreadsheets and papers: read to their numbers, or asked about."""

import numpy as np
import pytest
from corpus import (
    CAPACITIES,
    CURRENT,
    FREQUENCY,
    IMPEDANCE,
    PER_CYCLE,
    POTENTIAL,
    RATES,
    SCAN_RATES,
    TIME,
    VOLTAGE,
    corpus,
    reduction,
)

import hetsim as hs
from hetsim.errors import MeasurementError

CORPUS = corpus()
READ = [case for case in CORPUS if not case.refused]
REFUSED = [case for case in CORPUS if case.refused]
PRINTED = 1e-6  # the files print eight digits and more


def close(found, exact, rel=PRINTED):
    assert np.asarray(found) == pytest.approx(np.asarray(exact), rel=rel, abs=1e-9)


def check_trace(trace, expected):
    close(trace.time, TIME)
    close(trace.current, CURRENT)
    close(trace.voltage, VOLTAGE)


def check_rate(curve, expected):
    rel = expected.get("tolerance", PRINTED)
    close(curve.currents, RATES, rel)
    close(curve.capacities, expected.get("capacities", CAPACITIES), rel)
    close([one.capacity for one in curve.aged], expected.get("recovered", []), rel)


def check_eis(spectra, expected):
    (one,) = spectra
    close(one.frequency, FREQUENCY)
    close(one.impedance, IMPEDANCE * expected.get("factor", 1))
    assert one.unit == ("Ohm.cm2" if "factor" in expected else "Ohm")


def check_cv(cycles, expected):
    rates = expected.get("rates", SCAN_RATES)
    close([one.scan_rate for one in cycles], rates)
    for one, rate in zip(cycles, rates, strict=True):
        turn = int(one.potential.argmax()) if expected.get("cyclic") else 0
        close(np.roll(one.potential, -turn)[: len(POTENTIAL)], POTENTIAL)
        close(np.roll(one.current, -turn)[: len(POTENTIAL)], reduction(rate))


def check_cycles(table, expected):
    close(table.cycle, np.arange(1, len(PER_CYCLE) + 1))
    close(table.capacity, PER_CYCLE)


CHECKS = {
    "trace": check_trace,
    "rate": check_rate,
    "eis": check_eis,
    "cv": check_cv,
    "cycles": check_cycles,
}


def test_there_are_sixty_shapes_and_their_names_differ():
    assert len(CORPUS) >= 60
    assert len({case.name for case in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("case", READ, ids=lambda case: case.name)
def test_a_shape_is_read_to_its_numbers(case, tmp_path):
    path = tmp_path / case.name
    path.write_bytes(case.content)
    reading = hs.read(path, case.kind, **case.given)
    CHECKS[case.kind](reading.data, case.expected)
    assert "\n" not in reading.understood


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("rate_notes_below.csv", "1 row without numbers dropped"),
        ("rate_not_all_measured.csv", "1 row without capacity dropped"),
        ("time_twice.csv", "1 row at a repeated time dropped"),
        ("landt_export.txt", "12 lines above the table"),
        ("german_utf16.csv", "utf-16-le; ; between columns; decimal comma"),
        ("seconds_volts_amps.csv", "positive = discharge = insertion (the voltage falls with it)"),
        ("neware_without_sign.csv", "discharge = insertion (the names of the steps)"),
        ("maccor_minutes.txt", "time 'TestTime' in min as the dates say"),
        ("cv_three_cycles.txt", "scan rate of the lines above the table"),
        ("per_area.csv", "in mA/cm2 over 1.5 mg on 1.2 cm2"),
    ],
)
def test_what_was_understood_is_told(name, told, tmp_path):
    case = next(one for one in CORPUS if one.name == name)
    path = tmp_path / name
    path.write_bytes(case.content)
    assert told in hs.read(path, case.kind, **case.given).understood


@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_can_be_read_in_two_ways_is_asked_by_the_option_that_decides(case, tmp_path):
    path = tmp_path / case.name
    path.write_bytes(case.content)
    with pytest.raises(MeasurementError) as caught:
        hs.read(path, case.kind, **case.given)
    message = str(caught.value)
    for words in case.refused:
        assert words in message
    assert message.startswith(str(path))
    assert "\n" not in message


@pytest.mark.parametrize(
    "case",
    [one for one in READ if one.kind != "rate" and one.name != "cv_timed.mpt"],
    ids=lambda case: case.name,
)
def test_the_columns_say_what_kind_of_measurement_it_is(case, tmp_path):
    path = tmp_path / case.name
    path.write_bytes(case.content)
    assert hs.read(path, **case.given).kind == case.kind
