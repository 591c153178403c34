"""Solid electrolytes: the model meets what it is solved for, verdicts follow from it, and cells run."""

import numpy as np
import pytest

import hetsim as hs
from hetsim.errors import ParameterError
from hetsim.solid_electrolytes.electrolyte import LAYER, PLAUSIBLE, VERDICTS, SolidElectrolyte
from hetsim.solid_electrolytes.facts import solid_electrolytes
from hetsim.solid_electrolytes.half_cell import lfp_currents, salt_diffusivity
from hetsim.solid_electrolytes.hosts import AMORPHOUS, hosts

EVERY = [SolidElectrolyte(one) for one in solid_electrolytes()]
NEEDING = [(one, need) for one in EVERY for need in one.needs]


def test_all_26_have_a_verdict_and_a_source() -> None:
    assert len(EVERY) == 26
    assert all(one.verdict in VERDICTS and one.facts.source for one in EVERY)
    assert {one.verdict for one in EVERY} >= {"if amorphous", "not explained", "one phase"}


@pytest.mark.parametrize(("one", "need"), NEEDING, ids=lambda x: getattr(x, "name", ""))
def test_the_potential_gives_back_the_printed_conductivity(one, need) -> None:
    at, printed = need.point.temperature, need.point.value
    if need.of_host > 0:
        assert one.conductivity(at, need.of_host) == pytest.approx(printed, rel=1e-9)
    else:
        assert one.conductivity(at) >= printed
    if need.screened > 0:
        host = one.host if need.of_amorphous is None else hosts()[AMORPHOUS]
        screened = one.conductivity(
            at, need.screened, amorphous=True, debye_length=host.debye_length(at)
        )
        assert screened == pytest.approx(printed, rel=1e-9)
        assert need.screened > (need.of_host if need.of_amorphous is None else need.of_amorphous)


def test_no_potential_is_less_than_the_host_by_the_volume_of_the_filler() -> None:
    one = hs.solid_electrolyte("peo-vs-disordered")
    host = one.host.conductivity(298.15)
    assert one.conductivity(298.15) == pytest.approx(host * (1 - one.volume_share), rel=1e-12)
    assert one.layer_share == pytest.approx(2 * LAYER / 1e-9 * one.volume_share)


def test_a_layer_gains_less_when_hot() -> None:
    one = hs.solid_electrolyte("peo-mxene")
    gains = [one.conductivity(t, PLAUSIBLE) / one.conductivity(t) for t in (280.0, 330.0, 380.0)]
    assert gains[0] > gains[1] > gains[2] > 1


def test_a_polymer_that_melts_is_the_amorphous_one_above() -> None:
    peo, amorphous = hosts()["PEO"], hosts()[AMORPHOUS]
    assert peo.conductivity(298.15) == pytest.approx(1e-4)
    assert peo.conductivity(350.0) == amorphous.conductivity(350.0)
    just = peo.melts - 1e-6
    assert peo.conductivity(just) == pytest.approx(amorphous.conductivity(peo.melts), rel=1e-4)
    assert peo.conductivity(320.0) < amorphous.conductivity(320.0)


def test_debye_length_of_the_salt_is_less_than_an_ion() -> None:
    """sqrt(eps R T / 2 F^2 c) at 1 mol/L and a permittivity of 7.5."""
    assert hosts()["PEO"].debye_length(298.15) == pytest.approx(0.0926e-9, rel=0.01, abs=0)


def test_printed_points_are_met_and_joined() -> None:
    one = hs.solid_electrolyte("im-cof-tfsi")
    assert one.printed_conductivity(353.0) == pytest.approx(0.0464)
    middle = one.printed_conductivity(2 / (1 / 353.0 + 1 / 423.0))
    assert middle == pytest.approx(np.sqrt(0.0464 * 0.404), rel=1e-6)


def test_nernst_einstein() -> None:
    """Equal mobilities: D+ = D- = D, and sigma = 2 F^2 c D / RT."""
    diffusivity = salt_diffusivity(
        2 * 96485.33**2 * 1000 * 1e-12 / (8.314463 * 300), 1000, 0.5, 300
    )
    assert diffusivity == pytest.approx(1e-12, rel=1e-6, abs=0)


def test_a_cell_holds_less_with_an_electrolyte_that_conducts_less() -> None:
    one = hs.solid_electrolyte("peo-vs-disordered")
    warm, cold = (
        hs.run(hs.lfp_cell(one, kelvin), lfp_currents(0.5)).capacities[0]
        for kelvin in (333.15, 298.15)
    )
    assert 160 < warm < 170
    assert cold < 0.6 * warm


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: hs.solid_electrolyte("pan-g"), "Did you mean 'pan-go'"),
        (lambda: hs.solid_electrolyte("peo").conductivity(20.0), "at 20 K"),
        (lambda: hs.solid_electrolyte("peo-vavs").conductivity(300.0, 2.0), "potential of 2 V"),
        (
            lambda: hs.solid_electrolyte("pvdf-hfp-bn").conductivity(300.0),
            "PVDF-HFP-LiTFSI without",
        ),
        (lambda: hs.lfp_cell(hs.solid_electrolyte("peo-mno2")), "No conductivity of peo-mno2"),
        (lambda: hs.lfp_cell(hs.solid_electrolyte("dcof-imtfsi-60")), "at 423 K only"),
        (lambda: lfp_currents(), "one C-rate"),
    ],
)
def test_wrong_input_is_one_sentence(call, said: str) -> None:
    with pytest.raises(ParameterError, match=said):
        call()
