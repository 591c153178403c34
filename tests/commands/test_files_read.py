"""A command reads each of its files once."""

from collections import Counter
from pathlib import Path

import pytest

from hetsim.parameters import toml_reading

CURVE = "current_A_per_g,capacity_mAh_per_g\n0.5,280.6\n5,164\n"
COMMANDS = {
    "rate": ["rate", "CZT", "--controls", "--measured", "curve.csv", "--model", "SPM", "--cycles", "1"],
    "own file": ["rate", "own.toml", "--currents", "1", "--model", "SPM", "--cycles", "1"],
    "cycle": ["cycle", "CZT", "--cycles", "1", "--model", "SPM"],
    "ragone": ["ragone", "KPB-CZT", "--currents", "0.5", "--cycles", "1", "--model", "SPM"],
    "interface": ["interface", "CZT"],
}  # fmt: skip


@pytest.mark.parametrize("words", COMMANDS.values(), ids=COMMANDS)
def test_each_file_is_read_once(words, hetsim, monkeypatch, tmp_path):
    (tmp_path / "curve.csv").write_text(CURVE, encoding="utf-8")
    own = '[system]\nname = "own"\nbase = "CZT"\n'
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    reads: Counter[str] = Counter()
    text, opened = Path.read_text, Path.open

    def counted_text(path, *args, **kwargs):
        reads[str(path)] += 1
        return text(path, *args, **kwargs)

    def counted_open(path, mode="r", *args, **kwargs):
        reads[str(path)] += path.suffix == ".csv" and mode == "r"
        return opened(path, mode, *args, **kwargs)

    toml_reading._parsed.cache_clear()
    monkeypatch.setattr(Path, "read_text", counted_text)
    monkeypatch.setattr(Path, "open", counted_open)
    assert hetsim(*words).exit_code == 0
    files = {name: count for name, count in reads.items() if name.endswith((".toml", ".csv"))}
    assert any(Path(name).name == "CZT.toml" for name in files)
    assert max(files.values()) == 1, files


def test_a_file_that_changed_is_read_again(tmp_path):
    path = tmp_path / "document.toml"
    path.write_text("a = 1\n", encoding="utf-8")
    assert toml_reading.read_document(path).content == {"a": 1}
    path.write_text("a = 22\n", encoding="utf-8")
    assert toml_reading.read_document(path).content == {"a": 22}
