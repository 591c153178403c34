"""The papers behind a run: of the values, of the measured curves, of the laws, of hetsim and of PyBaMM."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from hetsim.cells.full_cell import Cell, FullCell
from hetsim.cells.half_cell import HalfCell
from hetsim.cells.load import load_cell
from hetsim.cells.sources import cited, sources_of
from hetsim.errors import OutputError, ParameterError
from hetsim.references.laws import OF_ARCHITECTURES, OF_LAWS, OF_MODELS, OF_PROTOCOLS
from hetsim.references.reference import Reference, dois, library
from hetsim.results.run import Run
from hetsim.submodels import ParticleStructure

_MOST_USES = 4
"""Uses of a paper that a line names one by one."""


@dataclass(frozen=True)
class Citation:
    """A work and what it stands behind.

    Parameters
    ----------
    reference : Reference
        The work
    uses : tuple[str, ...]
        What comes from it: names of values, of laws, of a measured curve
    """

    reference: Reference
    uses: tuple[str, ...]

    @property
    def plain(self) -> str:
        """One line: the work, and what it is cited for."""
        shown = list(self.uses[:_MOST_USES])
        more = len(self.uses) - len(shown)
        told = "; ".join([*shown, *([f"and {more} more"] if more else [])])
        return f"{self.reference.plain} ({told})"


@dataclass(frozen=True, repr=False)
class Bibliography:
    """The works behind one or several runs or cells.

    Parameters
    ----------
    citations : tuple[Citation, ...]
        Programs first, then the sources of the values, then those of the laws
    without_doi : tuple[str, ...]
        What the files name as the source of a measured or computed value without a DOI
    """

    citations: tuple[Citation, ...]
    without_doi: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<Bibliography: {len(self.citations)} works, {len(self.without_doi)} sources without a DOI>"

    def __str__(self) -> str:
        return self.plain

    @property
    def dois(self) -> list[str]:
        """Of all works that have one."""
        return [one.reference.doi for one in self.citations if one.reference.doi]

    @property
    def plain(self) -> str:
        """A numbered list, and below it what has no DOI."""
        lines = [f"[{i}] {one.plain}" for i, one in enumerate(self.citations, start=1)]
        if self.without_doi:
            lines += ["", "Named without a DOI:", *(f"- {text}" for text in self.without_doi)]
        return "\n".join(lines)

    @property
    def bibtex(self) -> str:
        """Entries of BibTeX, ready for a .bib file."""
        return "\n\n".join(one.reference.bibtex for one in self.citations)

    def write(self, path: str | Path) -> None:
        """Write the list to a file.

        Parameters
        ----------
        path : str | Path
            .bib for BibTeX; .txt or .md for the plain list

        Raises
        ------
        OutputError
            For another ending, and where the file cannot be written.
        """
        path = Path(path)
        kinds = {".bib": self.bibtex, ".txt": self.plain, ".md": self.plain}
        if path.suffix not in kinds:
            raise OutputError(
                f"'{path}': references are written to a .bib, .txt or .md file, not to '{path.suffix}'."
            )
        try:
            path.write_text(f"{kinds[path.suffix]}\n", encoding="utf-8")
        except OSError as error:
            raise OutputError(f"'{path}' cannot be written: {error.strerror or error}.") from error


def cite(*of: Run | Cell | str | Path, model: str = "SPMe") -> Bibliography:
    """The papers behind results or cells, to be cited with them.

    Parameters
    ----------
    of : Run | HalfCell | FullCell | str | Path
        One or several results of `hs.run`, cells, or names or files of systems
    model : str, default 'SPMe'
        "SPM", "SPMe" or "DFN", for cells; a result knows its own

    Returns
    -------
    Bibliography
        hetsim and PyBaMM; what the files of the cell name as sources of its values, its measured curves, its
        materials and its electrolyte; and the laws that its equations take

    Raises
    ------
    ParameterError
        Without anything to cite for, for an unknown name or model, and for a result that does not know its cell
        (one that was put together by hand).

    Notes
    -----
    A work that is known by its DOI alone has an entry with the DOI and with what the files say of author, journal and
    year. `pybamm.print_citations()` names what PyBaMM itself has used, and hetsim.
    """
    if not of:
        raise ParameterError(
            "hs.cite needs a result, a cell or the name of a system, such as 'CZT'."
        )
    if model not in OF_MODELS:
        raise ParameterError(f"Unknown model '{model}'; allowed: {', '.join(OF_MODELS)}.")
    found: dict[Reference, list[str]] = {}
    unresolved: dict[str, None] = {}
    for one in of:
        cell, kind, protocol = _cell_of(one, model)
        for reference, use in _all_of(cell, kind, protocol):
            uses = found.setdefault(reference, [])
            if use not in uses:
                uses.append(use)
        unresolved.update(dict.fromkeys(_without_doi(cell)))
    return Bibliography(
        tuple(Citation(ref, tuple(found[old])) for old, ref in _with_own_keys(list(found))),
        tuple(unresolved),
    )


def _cell_of(of: Run | Cell | str | Path, model: str) -> tuple[Cell, str, str]:
    """The cell, the kind of its model, and the name of the protocol."""
    if isinstance(of, Run):
        if of.cell is None:
            raise ParameterError(
                f"This result of {of.system} does not know its cell; cite the cell instead."
            )
        return of.cell, of.model, of.protocol.partition("(")[0]
    if isinstance(of, HalfCell | FullCell):
        return of, model, ""
    if isinstance(of, str | Path):
        return load_cell(of), model, ""
    raise ParameterError(f"hs.cite takes results, cells and names of systems, got {of!r}.")


def _all_of(cell: Cell, model: str, protocol: str) -> Iterator[tuple[Reference, str]]:
    known = library()
    yield known["hetsim"], "the cell and its equations"
    first, *rest = OF_MODELS[model]
    yield known[first], "PyBaMM, which hetsim builds on"
    for key in rest:
        yield known[key], f"the {model}"
    for reference, uses in cited(cell).items():
        for use in uses:
            yield reference, use
    for key in OF_PROTOCOLS.get(protocol, ()):
        yield known[key], protocol
    for law in laws_of(cell):
        for key in OF_LAWS[law]:
            yield known[key], f"law {law}"


def laws_of(cell: Cell) -> list[str]:
    """The laws with a source that the equations of a cell take, by their names in `hetsim.laws`.

    Parameters
    ----------
    cell : HalfCell | FullCell

    Returns
    -------
    list[str]
        Such as "multi_site", "mixing.bruggeman_symmetric"
    """
    structures = cell.structure if isinstance(cell.structure, tuple) else (cell.structure,)
    return list(dict.fromkeys(law for one in structures for law in _laws_of(one)))


def _laws_of(structure: ParticleStructure) -> Iterator[str]:
    architecture = structure.architecture
    yield "isotherm.plateau_staircase" if structure.sites is None else "multi_site"
    yield "hysteresis"
    yield from OF_ARCHITECTURES[type(architecture).__name__]
    yield "relaxation_modes" if structure.has_modes else "transport"
    channel = getattr(architecture, "channel", None)
    if channel is not None and channel.conducts:
        yield "junction_channel"
    ageing = structure.ageing
    if ageing.loss is not None:
        yield "ageing.loss_rate_with_charge"
    if ageing.film is not None:
        yield "ageing.film_thickness"


def _without_doi(cell: Cell) -> Iterator[str]:
    """Sources of printed values that name no DOI."""
    for source in sources_of(cell):
        if source.printed and source.text and not dois(source.text):
            yield source.text


def _with_own_keys(references: Sequence[Reference]) -> list[tuple[Reference, Reference]]:
    """Each with a key that no other has: Song2024, Song2024b."""
    taken: set[str] = set()
    found = []
    for reference in references:
        key = re.sub(r"[^\w-]", "", reference.key)
        letters = iter("bcdefghijklmnopqrstuvwxyz")
        while key in taken:
            key = f"{reference.key}{next(letters)}"
        taken.add(key)
        found.append((reference, replace(reference, key=key)))
    return found
