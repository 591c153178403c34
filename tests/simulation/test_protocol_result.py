"""What a protocol of several steps returns: its steps, its trace, its spectra and one solution."""

import pytest
from protocol_runs import FEW, czt, run

import hetsim as hs
from hetsim.engine import (
    CURRENT,
    built_model,
)
from hetsim.errors import ParameterError


def test_the_table_of_steps_agrees_with_the_trace():
    found = run(hs.ConstantCurrent(0.1, 600), hs.Rest(600), hs.EIS(frequencies=FEW), repeat=2)
    table = found.steps
    assert list(table["step"]) == list(range(6))
    for step in found.step_list:
        part = found.trace.of_step(step.number)
        if step.kind == "EIS":
            assert not part.time.size
            continue
        assert step.final_voltage == part.voltage[-1]
        assert step.start + step.duration == part.time[-1]
    assert table["charge [mA.h.g-1]"].sum() == pytest.approx(found.trace.charge[-1], rel=1e-12)
    assert found.charge == pytest.approx(2 * 0.1 * 600 / 3.6, rel=1e-9)


def test_spectra_are_a_result_of_their_own():
    found = run(hs.Rest(60), hs.EIS(frequencies=FEW), filling=0.4)
    assert found.impedance.spectra == found.spectra
    assert found.impedance.parameters_hash == found.parameters_hash
    assert len(found.impedance.to_frame()) == len(FEW)
    assert "1 spectra" in repr(found)
    with pytest.raises(ValueError, match="has no spectra"):
        _ = run(hs.Rest(60)).impedance


def test_the_solution_of_all_models_is_one():
    found = run(hs.ConstantCurrent(0.5, until=1.0), hs.Hold(1.0, 60), hs.Rest(60))
    voltage = found.solution["Voltage [V]"].entries
    assert voltage.size == found.trace.voltage.size + 2
    assert voltage[-1] == found.trace.voltage[-1]
    assert found.profiles(3).sizes["time"] == 3
    dataset = found.to_xarray()
    assert dataset.attrs["protocol"].startswith("Protocol([ConstantCurrent(")
    assert dataset.sizes["point"] == found.trace.time.size


def test_a_spectrum_alone_is_a_protocol():
    found = run(hs.EIS(frequencies=FEW), filling=0.5)
    assert found.outcome is hs.Outcome.COMPLETED
    assert not found.trace.time.size
    assert built_model(czt(), "SPM", CURRENT) is not None


@pytest.mark.parametrize(
    "look", [hs.plots.trace, hs.ProtocolRun.profiles, hs.ProtocolRun.voltage_components]
)
@pytest.mark.parametrize("step", ["Charge at C/5 until 1 V", hs.EIS(frequencies=FEW)])
def test_a_run_that_takes_no_time_says_so(look, step):
    """Neither passes charge, so that the balance is exactly 0 and there is nothing to look at."""
    found = run(step)
    assert (found.outcome.good, found.charge_balance) == (True, 0.0)
    with pytest.raises(ParameterError, match="none of its steps took time, and no charge passed"):
        look(found)


def test_a_run_without_spectra_has_no_figure_of_them():
    for found in (run(hs.Rest(60)), hs.run(czt(), hs.Rest(60), "SPM")):
        with pytest.raises(ParameterError, match="has no spectrum to draw"):
            hs.plots.impedance(found)


def test_a_limit_of_its_own_is_no_cut_off():
    """Only a current without a voltage of its own ends at the cut-off of the cell."""
    found = run(
        hs.ConstantCurrent(1.0, until=0.5), hs.Hold(0.5, until_current=0.1), "Discharge at C/2"
    )
    assert [one.outcome.value for one in found.step_list] == [
        "limit reached", "limit reached", "cut-off reached",
    ]  # fmt: skip
    assert hs.run(czt(), hs.ConstantCurrent(1.0, until=0.5), "SPM").outcome is hs.Outcome.LIMIT


def test_times_in_messages_have_no_exponent():
    found = run(hs.ConstantCurrent(0.1, 1e6))
    number = found.reason.partition("after ")[2].split()[0]
    assert float(number) > 1000
    assert "e" not in number


@pytest.mark.parametrize("given", [[hs.Rest(60)], "Rest for 1 hour"])
def test_steps_without_a_protocol_name_it(given):
    with pytest.raises(TypeError, match=r"hs\.Protocol\(\["):
        hs.run(czt(), given)
