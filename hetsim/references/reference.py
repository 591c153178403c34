"""A paper, a book or a program, and how BibTeX and a list of references write it."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

_TYPES = {"article": "article", "book": "book", "inbook": "incollection", "thesis": "phdthesis"}
_PLACES = {"article": "journal", "book": "publisher", "inbook": "booktitle", "thesis": "school"}
"""Types of BibTeX, and the field that says where a work of each type stands; any other is a "misc"."""

_DOI = re.compile(r"\b10\.\d{4,9}/(?:\([^\s()]*\)|[^\s()<>\[\],;\"'])+")


@dataclass(frozen=True)
class Reference:
    """One work.

    Parameters
    ----------
    key : str
        Of BibTeX
    kind : str
        "article", "book", "inbook", "thesis", "software", or "" where only a DOI is known
    authors : tuple[str, ...], optional
        "Family, Given"; a name in braces is one of a group
    title : str, optional
    journal : str, optional
        Where it stands: journal, publisher, book, school
    volume, pages : str, optional
    year : int | None, optional
    doi : str, optional
        Without "doi:"
    """

    key: str
    kind: str = ""
    authors: tuple[str, ...] = ()
    title: str = ""
    journal: str = ""
    volume: str = ""
    pages: str = ""
    year: int | None = None
    doi: str = ""
    note: str = field(default="", compare=False)

    @property
    def bibtex(self) -> str:
        """The entry of BibTeX; a "misc" where no title is known, which an article must have."""
        kind = self.kind if self.title else ""
        fields = {
            "author": " and ".join(self.authors),
            "title": f"{{{self.title}}}" if self.title else "",
            _PLACES.get(kind, "howpublished"): self.journal if kind else self._place,
            "volume": self.volume if kind else "",
            "pages": self.pages if kind else "",
            "year": "" if self.year is None else str(self.year),
            "doi": self.doi,
            "note": self.note,
        }
        lines = [f"  {name} = {{{_escaped(name, text)}}}," for name, text in fields.items() if text]
        return "\n".join([f"@{_TYPES.get(kind, 'misc')}{{{self.key},", *lines, "}"])

    @property
    def _place(self) -> str:
        """ "Nano-Micro Lett. 15, 225"."""
        place = " ".join(filter(None, (self.journal, self.volume)))
        return ", ".join(filter(None, (place, self.pages.replace("--", "-"))))

    @property
    def plain(self) -> str:
        """One line of a list of references."""
        parts = [_listed(self.authors), self.title, self._place]
        told = ". ".join(part for part in parts if part)
        year = f" ({self.year})" if self.year else ""
        doi = f"doi:{self.doi}" if self.doi else ""
        note = f" [{self.note}]" if self.note else ""
        return f"{', '.join(filter(None, (f'{told}{year}', doi)))}{note}".strip()


def _escaped(name: str, text: str) -> str:
    """Signs that TeX would take for commands; a DOI is taken as it is."""
    return text if name == "doi" else re.sub(r"([&%#_])", r"\\\1", text)


def _listed(authors: tuple[str, ...]) -> str:
    """ "J. Jamnik, J. Maier", "Pan et al." """
    names = [_short(one) for one in authors if one != "others"]
    return ", ".join(names) + (" et al" if "others" in authors else "")


def _short(author: str) -> str:
    """ "Marquis, Scott G." as "S. G. Marquis"."""
    family, _, given = author.partition(", ")
    initials = [f"{one[0]}." for one in re.split(r"[\s-]+", given) if one]
    return " ".join([*initials, family.strip("{}")])


@cache
def library() -> dict[str, Reference]:
    """All works of library.toml by their keys; hetsim with the version that is installed."""
    text = files("hetsim.references").joinpath("library.toml").read_text(encoding="utf-8")
    found = {}
    for key, entry in tomllib.loads(text).items():
        authors = tuple(entry.pop("authors"))
        found[key] = Reference(key, authors=authors, **entry)
    return {**found, "hetsim": _with_version(found["hetsim"])}


def _with_version(hetsim: Reference) -> Reference:
    try:
        note = f"version {version('hetsim')}"
    except PackageNotFoundError:  # run from a folder that was never installed
        return hetsim
    values = {name: getattr(hetsim, name) for name in hetsim.__dataclass_fields__}
    return Reference(**{**values, "note": note})


def by_doi(doi: str) -> Reference | None:
    """The work of the library with this DOI."""
    return next((one for one in library().values() if one.doi.lower() == doi.lower()), None)


def dois(text: str) -> list[str]:
    """The DOIs that a text names, in their order, each once."""
    return list(dict.fromkeys(doi for doi, _ in dois_with_words(text)))


def dois_with_words(text: str) -> Iterator[tuple[str, str]]:
    """Each DOI of a text and the words before it: ("10.1007/...", "Pan et al., Nano-Micro Lett. 15, 225 (2023)")."""
    last = 0
    for found in _DOI.finditer(text):
        before = text[last : found.start()].removesuffix("doi:")
        words = re.split(r";|\bas (?:reported|read) in\b", before)[-1]
        yield found.group().rstrip(".:"), words.strip(" ,.(")
        last = found.end()


_PAPER = re.compile(
    r"^(?:(?P<author>[A-Z][\w-]+) et al\., )?(?P<place>[A-Z].*?)(?: (?P<volume>\d+))?(?:, (?P<pages>\w+))? "
    r"\((?P<year>\d{4})\)$"
)


def of_doi(doi: str, words: str = "") -> Reference:
    """A work that is known by its DOI, with what the words before it say of author, journal and year.

    Parameters
    ----------
    doi : str
    words : str, default ''
        Such as "Pan et al., Nano-Micro Lett. 15, 225 (2023)"; anything else is left out
    """
    known = by_doi(doi)
    if known is not None:
        return known
    told = _PAPER.match(words)
    if told is None:
        return Reference("doi_" + re.sub(r"\W+", "_", doi).strip("_"), doi=doi)
    author, year = told["author"], told["year"]
    stem = author or re.sub(r"\W", "", told["place"])
    return Reference(
        key=f"{stem}{year}",
        kind="article",
        authors=(author, "others") if author else (),
        journal=told["place"],
        volume=told["volume"] or "",
        pages=told["pages"] or "",
        year=int(year),
        doi=doi,
    )
