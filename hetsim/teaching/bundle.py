"""The teaching page as one file, put together from the files of hetsim/teaching/page."""

import base64
import json
import re
import zlib
from pathlib import Path

PAGE = Path(__file__).parent / "page"

SCRIPTS = (
    "engine.mjs",
    "unpack.js",
    "roots.js",
    "particle.js",
    "plot.js",
    "controls.js",
    "predictions.js",
    "scenes/contact.js",
    "scenes/rest.js",
    "scenes/diode.js",
    "scenes/limits.js",
    "scenes/volts.js",
    "scenes/carriers.js",
    "scenes/controls_of_czt.js",
    "scenes/all.js",
    "page.js",
)
"""In the order in which they are read."""

_EXPORT = re.compile(r"^export ", re.MULTILINE)


def page_text(gallery: str = "") -> str:
    """The page as HTML that needs no other file and asks for none.

    Parameters
    ----------
    gallery : str, default ''
        What stands before the name of an experiment in the address of its page, such as "../gallery/"; without it
        the experiments are named and not linked

    Returns
    -------
    str
        Some 200 kB; the engine and its tapes are part of it.
    """
    parts = {
        "css": _read("page.css"),
        "scripts": "\n".join(_EXPORT.sub("", _read(name)) for name in SCRIPTS),
        "wasm": _coded(zlib.compress((PAGE / "engine.wasm").read_bytes(), 9)),
        "tapes": _coded((PAGE / "tapes.bin").read_bytes()),
        "gallery": json.dumps(gallery).replace("</", "<\\/"),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _read("index.html"))


def _read(name: str) -> str:
    return (PAGE / name).read_text(encoding="utf-8")


def _coded(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
