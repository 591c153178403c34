"""`soc`, which ran opposite to PyBaMM's, is called filling; the former name warns and does the same."""

import pytest

import hetsim as hs

MAKERS = {
    "Rest": lambda **name: hs.Rest(10.0, **name),
    "Hold": lambda **name: hs.Hold(1.0, 10.0, **name),
    "ConstantCurrent": lambda **name: hs.ConstantCurrent(0.1, 10.0, **name),
    "EIS": lambda **name: hs.EIS(frequencies=[1.0], **name),
    "Replay": lambda **name: hs.Replay([0.0, 1.0], current=[0.0, 0.1], **name),
}


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_former_name_means_the_same_and_warns(maker):
    with pytest.warns(DeprecationWarning, match="'soc' is called 'filling'") as record:
        old = maker(soc=0.3)
    # where the user wrote it, or Python would not show the warning
    assert [warning.filename for warning in record] == [__file__]
    assert old == maker(filling=0.3)
    with pytest.warns(DeprecationWarning, match="filling") as record:
        assert old.soc == old.filling
    assert record[0].filename == __file__
    assert "soc" not in repr(old)


@pytest.mark.parametrize("maker", MAKERS.values(), ids=MAKERS)
def test_both_names_are_one_too_many(maker):
    with pytest.raises(hs.ParameterError, match="give 'filling' only"):
        maker(filling=0.9, soc=0.3)


def test_a_constant_current_starts_from_the_end_that_it_leaves():
    assert hs.ConstantCurrent(0.1, 10.0).filling == 0.0
    assert hs.ConstantCurrent(-0.1, 10.0).filling == 1.0


def test_a_spectrum_has_both_names_for_one_release(czt):
    spectrum = hs.run(czt, hs.EIS(0.3, [1.0]), model="SPM").spectra[0]
    assert spectrum.filling == 0.3
    with pytest.warns(DeprecationWarning, match="filling"):
        assert spectrum.soc == 0.3


def test_the_former_option_of_the_command_warns(hetsim):
    old, new = (
        hetsim("eis", "CT", "--model", "SPM", name, "0.4", "--frequencies", "1", "--json")
        for name in ("--soc", "--filling")
    )
    assert old.stdout == new.stdout
    assert "--soc is called --filling" in old.stderr
    assert new.stderr == ""
    both = hetsim("eis", "CT", "--soc", "0.4", "--filling", "0.2")
    assert both.exit_code == 2
    assert both.stderr == "Error: --soc is the former name of --filling; give --filling only.\n"


def test_a_study_may_still_say_soc(tmp_path):
    from hetsim.sweeping import read_study

    path = tmp_path / "study.toml"
    path.write_text(
        '[study]\nsystems = ["CT"]\nmodel = "SPM"\n[protocol]\nkind = "EIS"\nsoc = [0.4]\n'
        '[design]\nkind = "grid"\n[design.values]\n"Particle radius [m]" = { low = 1e-7, high = 2e-7, points = 2 }\n',
        encoding="utf-8",
    )
    with pytest.warns(DeprecationWarning, match="filling"):
        study = read_study(path)
    assert study.protocol.filling == (0.4,)
