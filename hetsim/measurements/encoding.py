"""The text of a measured file, whatever its encoding; what is no text is told by what it is."""

import codecs
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from hetsim.errors import MeasurementError

LARGEST = 1_000_000_000
"""Bytes of the largest file that is read: it and its columns must fit into memory."""


class Text(NamedTuple):
    """The text of a file and the encoding that it was in."""

    text: str
    encoding: str


_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_NO_TEXT = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or a spreadsheet; a spreadsheet ends with .xlsx"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"BIO-LOGIC", "a binary file of EC-Lab; export it as text (.mpt)"),
    (b"NEWARE", "a binary file of Neware; it ends with .nda or .ndax"),
    (b"\xd0\xcf\x11\xe0", "an old spreadsheet or an Arbin file; save it as .xlsx or CSV"),
    (b"\x89HDF", "an HDF5 file"),
    (b"PAR1", "a Parquet file; it ends with .parquet"),
)


def cannot_be_read(path: Path, why: str) -> MeasurementError:
    """The error for a file that holds no table."""
    return MeasurementError(f"{path}: the measured file cannot be read ({why}).")


def decoded(path: Path) -> Text:
    """The text of a file in UTF-8, UTF-16, UTF-32, GB18030 or Latin-1 (Windows-1252), with or without a mark.

    Raises MeasurementError for what cannot be opened, is larger than LARGEST, or is no text.
    """
    try:
        if path.is_dir():
            raise cannot_be_read(path, "it is a folder")
        size = path.stat().st_size
        if size > LARGEST:
            raise cannot_be_read(
                path,
                f"it has {size / 1e9:.1f} GB; hetsim reads up to {LARGEST / 1e9:g} GB: "
                "export fewer columns or fewer points",
            )
        with path.open("rb") as file:
            content = file.read()
    except OSError as error:
        raise cannot_be_read(path, error.strerror or str(error)) from error
    for start, what in _NO_TEXT:
        if content.startswith(start):
            raise cannot_be_read(path, f"it is {what}")
    found = _text(content)
    if found is None or _unprintable(found.text):
        raise cannot_be_read(path, "it is no text")
    return found


def _text(content: bytes) -> Text | None:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return _decoded(content[len(mark) :], encoding)
    head = content[:2000]
    if b"\x00" in head:  # UTF-16 without a mark: every other byte of plain letters is 0
        encoding = "utf-16-le" if head[1::2].count(0) > head[::2].count(0) else "utf-16-be"
        return _decoded(content, encoding)
    return (
        _decoded(content, "utf-8")
        or (_chinese(content) if _looks_chinese(content) else None)
        or Text(content.decode("cp1252", errors="replace"), "latin-1")
    )


def _decoded(content: bytes, encoding: str) -> Text | None:
    """A file that is cut off may end within a letter, which is left out."""
    try:
        return Text(codecs.getincrementaldecoder(encoding)().decode(content), encoding)
    except UnicodeDecodeError:
        return None


def _chinese(content: bytes) -> Text:
    """A letter that is none is replaced, so that the rest can be read and the cell with it named."""
    return Text(content.decode("gb18030", errors="replace"), "gb18030")


_SIGNS = "µμΩω°²³⁻¹±−–·×’′″äöüÄÖÜßéèàç"
"""Letters and signs that stand in exports in Latin-1."""


def _looks_chinese(content: bytes) -> bool:
    """Whether bytes that are no UTF-8 are GB18030 rather than Latin-1.

    An accented letter between plain ones would be a rare Chinese letter, and Chinese letters would be rare signs: the
    encoding of which more letters are usual is the right one.
    """
    head = content[:200_000]
    chinese = _share(head.decode("gb18030", errors="replace"), _is_usual_chinese)
    return chinese > _share(head.decode("cp1252", errors="replace"), _SIGNS.__contains__)


def _is_usual_chinese(letter: str) -> bool:
    """Whether a letter is one of GB2312, the common part of GB18030."""
    try:
        return bool(letter.encode("gb2312"))
    except UnicodeEncodeError:
        return False


def _share(text: str, usual: Callable[[str], bool]) -> float:
    special = [letter for letter in text if letter >= "\x80"]
    return sum(map(usual, special)) / max(len(special), 1)


def _unprintable(text: str) -> bool:
    """Whether a text has control characters that no table has, or more than a few letters that are none."""
    head = text[:20_000]
    control = sum(letter < " " and letter not in "\t\r\n\f\x1a" for letter in head)
    strange = sum("\ue000" <= letter <= "\uf8ff" or letter == "\ufffd" for letter in head)
    return control + strange > 0.002 * len(head) + (1 if len(head) > 500 else 0)
