"""All that the pages of one folder are made from, as plain tuples: where they are equal, the pages are."""

from __future__ import annotations

from typing import NamedTuple

from kwmagic.pages.record import Script


class Listed(NamedTuple):
    """A file that lies in the folder itself."""

    path: str
    keywords: str
    """Its keyword page."""
    language: str
    about: str
    """Markdown, as in `Record`."""
    lines: int
    symbols: int


class Child(NamedTuple):
    """A folder right below."""

    path: str
    page: str
    """Its folder in the output."""
    about: str
    """Markdown: what its README or package says, or its only file; else ""."""
    names: tuple[str, ...]
    """Its most used names, where nothing is said of it."""
    languages: tuple[tuple[str, int], ...]
    """(language, files), where neither is known and not all is tests."""
    files: int
    tests: int
    """Test modules among them."""
    lines: int
    symbols: int


class Concept(NamedTuple):
    """A public definition that other files use."""

    path: str
    qualname: str
    kind: str
    line: int
    anchor: str
    summary: str
    """Markdown, as in `Definition`."""
    files: int


class Word(NamedTuple):
    """A word that public names of the folder share and few elsewhere have; two thirds of those that do are here."""

    word: str
    names: int
    """How many have it."""
    path: str
    qualname: str
    anchor: str
    """Of one that has it: the most used, else the first."""


class Important(NamedTuple):
    """A file that others use."""

    path: str
    importers: int
    qualname: str
    """Its most used definition; "" where none is used."""
    anchor: str
    files: int
    """That use this definition."""


class Edge(NamedTuple):
    """What lies in the folder and imports something else in it, when it is imported itself."""

    importer: str
    """Path of a file or of a subfolder, never one of each."""
    imported: str
    line: int
    """Of the first import in a file; 0 for folders."""
    files: int
    """Files of a subfolder that do; 1 for a file."""


class Tested(NamedTuple):
    """A test module and how much of the folder it tests."""

    path: str
    files: int
    command: str
    """The command form that runs it; "" where none is known."""


class Entry(NamedTuple):
    """A file that is run."""

    path: str
    command: str
    scripts: tuple[Script, ...]


class Group(NamedTuple):
    """Files elsewhere that have to do with the folder: a file, or those of one other folder."""

    path: str
    page: str
    """Of the folder in the output, or of the file; empty where neither is in the tree."""
    is_folder: bool
    files: int


class Package(NamedTuple):
    """A module of a third party."""

    name: str
    files: int
    """That import it."""


class Language(NamedTuple):
    """The files of one language."""

    name: str
    files: int
    lines: int


class Introduction(NamedTuple):
    """What a README or a package's own file says of the folder."""

    path: str
    text: str
    """Markdown, as in `Record.role`."""


class Folder(NamedTuple):
    """One folder that has files below it; all that is not said to be of the folder itself is of what is below, too."""

    path: str
    """Relative to the source tree; "" for its top."""
    name: str
    """How pages call it: the path, or for the top what the tree is called."""
    page: str
    """Its folder in the output."""
    trail: tuple[str, ...]
    """What the folders around it are called, the tree first, and it itself last."""
    introductions: tuple[Introduction, ...]
    children: tuple[Child, ...]
    listed: tuple[Listed, ...]
    files: int
    lines: int
    size: int
    languages: tuple[Language, ...]
    """Those with most lines first."""
    counts: tuple[tuple[str, int], ...]
    """(kind, number of symbols)."""
    public: int
    """Public definitions at the top level of files, tests apart."""
    documented: int
    """Those of them that have a docstring or doc comment."""
    concepts: tuple[Concept, ...]
    """The most used first."""
    words: tuple[Word, ...]
    important: tuple[Important, ...]
    """The most used first."""
    used: int
    """Files that others use: those, and the less used."""
    modules: tuple[Edge, ...]
    """Between files of the folder itself."""
    packages: tuple[Edge, ...]
    """Between its subfolders."""
    entries: tuple[Entry, ...]
    test_modules: int
    tests: tuple[Tested, ...]
    """The test modules, wherever they are, that test files of the folder; most files first."""
    tested: int
    """Files that they test."""
    importers: tuple[Group, ...]
    """Who imports the folder from outside of it; most files first."""
    imported: tuple[Group, ...]
    """What of the tree it imports outside of itself; most files first."""
    third_parties: tuple[Package, ...]
    """Most files first."""
    pages: tuple[tuple[str, str], ...]
    """(path, documentation page) of every file that is named here and has one."""
