"""Stores that were written before a name changed go on."""

import json

import pytest
from sweep_cases import RADIUS, cheap_cell

import hetsim as hs
from hetsim.parameters.values import content_hash
from hetsim.sweeping.store import opened


def manifest_file(path):
    """The file of the store that holds the manifest, and its content."""
    for file in path.rglob("zarr.json"):
        content = json.loads(file.read_text(encoding="utf-8"))
        if '"protocol"' in json.dumps(content.get("attributes", {})):
            return file, content
    raise AssertionError("no manifest")


def renamed(value):
    """The same content with `soc` in the place of `filling`."""
    if isinstance(value, dict):
        return {"soc" if key == "filling" else key: renamed(one) for key, one in value.items()}
    return value


def test_a_store_with_soc_in_its_protocol_goes_on(tmp_path):
    path = tmp_path / "study.zarr"
    radii = {RADIUS: [1e-7, 2e-7]}
    first = hs.sweep(cheap_cell(), radii, hs.Rest(10.0, 0.2), model="SPM", store=path)
    file, content = manifest_file(path)
    content = renamed(content)
    told = content["attributes"]["hetsim_sweep"]
    told["hash"] = content_hash({key: one for key, one in told.items() if key != "hash"})
    text = json.dumps(content)
    assert '"soc"' in text
    file.write_text(text, encoding="utf-8")
    assert "soc" in opened(path).manifest["protocol"]
    again = hs.sweep(cheap_cell(), radii, hs.Rest(10.0, 0.2), model="SPM", store=path)
    assert again.drop_attrs().equals(first.drop_attrs())
    with pytest.raises(hs.ParameterError, match="holds another study"):
        hs.sweep(cheap_cell(), radii, hs.Rest(10.0, 0.4), model="SPM", store=path)
