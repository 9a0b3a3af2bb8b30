"""What a project tells of one of its files: the record that links are gathered in and pages are rendered from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from kwmagic.model import FileRef, Import, Statement


class Spot(NamedTuple):
    """A place in some file of the project."""

    file: FileRef
    line: int
    """1-based; 0 for the whole file."""
    scope: str = ""
    """Qualname of the definition around it, or of the definition that stands there."""


class Importer(NamedTuple):
    """A file that imports (or includes, or links to) the file in question."""

    file: FileRef
    imports: tuple[Import, ...]
    """Its statements that do, by line."""

    @property
    def how(self) -> str:
        """`imports`, `includes` or `links to`."""
        flags = {flag for each in self.imports for flag in each.flags}
        if "link" in flags:
            return "links to"
        return "imports" if flags.isdisjoint(("own", "system")) else "includes"


class UsedIn(NamedTuple):
    """The uses of one name in one other file."""

    file: FileRef
    spots: tuple[Spot, ...]
    """By line."""
    calls: int
    """How many of them are calls."""


class Tested(NamedTuple):
    """A test module that imports or calls what the file defines."""

    file: FileRef
    names: tuple[tuple[str, int, int], ...]
    """(qualname in the file in question, line of the first call in the test or else of the first use, number of calls),
    most called first; empty where it only imports the module."""
    line: int
    """Of the import, where there are no names; else of the first use."""


class CallSite(NamedTuple):
    """A complete statement of a test or an example that calls what the file defines."""

    file: FileRef
    line: int
    qualname: str
    source: str
    """The statement, dedented; one to eight lines."""


class Related(NamedTuple):
    """A file that belongs together with the file in question."""

    file: FileRef
    reasons: tuple[tuple[str, int], ...]
    """(what, line in the file in question or 0): `imported here`, `its tests`, `changed together in 4 of 9 commits`."""


class Cycle(NamedTuple):
    """Modules that import each other in a ring at module level, this file among them."""

    modules: tuple[str, ...]
    """Dotted names, from this file's around the ring; two for a pair, at most ten."""
    spots: tuple[Spot, ...]
    """The import statement in each that leads to the next."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """All that the project tells of one file; empty parts mean that there is nothing to say."""

    module: str = ""
    """Dotted name of the file where it is a Python module."""
    read: int = 0
    """How many files of its language the project has."""
    statements: tuple[Statement, ...] = ()
    """The file's own patterns, performance and security."""
    targets: Mapping[str, FileRef] = field(default_factory=dict)
    """Module as the file's imports write it (include, link) -> the file of the project that it leads to."""
    importers: tuple[Importer, ...] = ()
    """By path."""
    bases: Mapping[int, tuple[tuple[str, Spot | None], ...]] = field(default_factory=dict)
    """Line of a class, since a name may have several -> its bases: resolved qualified name, and where it is defined in
    the project."""
    subclasses: Mapping[str, tuple[tuple[str, Spot], ...]] = field(default_factory=dict)
    """Qualname of a class -> the classes of the project that derive from it: qualified name and place, by name."""
    cycles: tuple[Cycle, ...] = ()
    uses: Mapping[str, tuple[UsedIn, ...]] = field(default_factory=dict)
    """Qualname of a public definition -> its uses in other files, those with most uses first."""
    tests: tuple[Tested, ...] = ()
    """Best first."""
    tests_read: int = 0
    """How many test modules the project has."""
    call_sites: tuple[CallSite, ...] = ()
    """Shortest first; at most three."""
    command: str = ""
    """The command form that runs the file or its tests: `python -m pytest tests/test_x.py`; "" where none is known."""
    related: tuple[Related, ...] = ()
    """Best first."""
