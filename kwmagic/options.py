"""What a user can ask of an index or a document, checked; magics, command line and Python calls share these words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from fnmatch import translate

from kwmagic.errors import OptionError
from kwmagic.model import Kind

SECTIONS = (
    "metadata",
    "purpose",
    "overview",
    "analysis",
    "architecture",
    "dependencies",
    "patterns",
    "performance",
    "security",
    "testing",
    "related",
    "references",
    "source",
)
"""Keys of the sections of a document, in page order; what `only` and `without` take."""
KINDS = (*(str(kind) for kind in Kind), "import", "decorator")
"""What `kind` takes."""
LINKS = ("auto", "jupyterlab", "vscode", "github", "none")
SOURCES = ("full", "fold", "link", "none")
FORMATS = ("markdown", "mkdocs", "myst", "sphinx")
"""For whom a site's pages are written: plain Markdown, or with what that generator needs."""
KINDS_OF_PAGES = ("md", "html")
"""What `to` takes: Markdown, or a static HTML site that needs no generator."""
INPUTS = ("show", "fold", "hide")
"""What an exported page does with a notebook's code."""


@dataclass(frozen=True, slots=True)
class IndexOptions:
    """How a keyword index is filtered and ordered."""

    kinds: tuple[str, ...] = ()
    """Only these (of `KINDS`); empty: all."""
    match: str | None = None
    """Only names that match: a glob (`test_*`, ignoring case), or `/regex/` searched in the qualname."""
    private: bool = True
    local: bool = True
    sort: str = "name"
    """`name` (ignoring case and leading underscores) or `line`."""
    group: str | None = None
    """`kind` or `file`; None: by kind for one file, by file for several."""
    depth: int | None = None
    """Levels of folders to go down; 1 is the folder's own files. None: all."""

    def __post_init__(self) -> None:
        _check("kind", self.kinds, KINDS)
        _check("sort", (self.sort,), ("name", "line"))
        _check("group", (self.group,) if self.group else (), ("kind", "file"))
        if self.depth is not None and self.depth < 1:
            raise OptionError(f"depth must be 1 or more, not {self.depth}")
        matcher(self.match)


@dataclass(frozen=True, slots=True)
class DocOptions:
    """Which sections a document has, and how it shows the source."""

    only: tuple[str, ...] = ()
    """Only these sections (of `SECTIONS`); empty: all."""
    without: tuple[str, ...] = ()
    source: str | None = None
    """`full`, `fold`, `link` or `none`; None: folded up to 64 KB in a cell, else linked; full on a page."""
    diagram: bool | None = None
    """Whether to draw Mermaid diagrams; None: on pages only."""

    def __post_init__(self) -> None:
        _check("section", (*self.only, *self.without), SECTIONS)
        _check("source", (self.source,) if self.source else (), SOURCES)

    def shows(self, section: str) -> bool:
        """Whether a section is asked for."""
        return section not in self.without and (not self.only or section in self.only)


@dataclass(frozen=True, slots=True)
class SiteOptions:
    """What the pages of a whole project are like."""

    source_url: str | None = None
    """Where sources are read on the web, with `{path}` and, where it can, `{line}`; None: the files themselves."""
    format: str = "markdown"
    """Of `FORMATS`; of no meaning for HTML."""
    doc: DocOptions = field(default_factory=DocOptions)
    """Of each file's documentation."""
    to: str = "md"
    """Of `KINDS_OF_PAGES`."""
    mermaid: str | None = None
    """The file `mermaid.min.js` that draws on HTML pages what is not drawn already; None: it stays text."""

    def __post_init__(self) -> None:
        _check_pages(self.to, self.format, self.source_url)


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """What the pages of notebooks are like."""

    to: str = "md"
    """Of `KINDS_OF_PAGES`."""
    format: str = "markdown"
    """Of `FORMATS`; of no meaning for HTML."""
    inputs: str = "show"
    """Of `INPUTS`; a cell's tags come first."""
    trusted: bool = False
    """Whether HTML in the notebooks is kept as it is, scripts included."""
    source_url: str | None = None
    """Where files that notebooks link to are on the web, with `{path}` and, where it can, `{line}`."""
    site: str | None = None
    """The name of an HTML site; None: that of the notebooks' folder."""

    def __post_init__(self) -> None:
        _check("inputs", (self.inputs,), INPUTS)
        _check_pages(self.to, self.format, self.source_url)


def matcher(pattern: str | None) -> Callable[[str, str], bool]:
    """A test on (name, qualname) for a `match` option; raises `OptionError` on a bad regular expression."""
    if not pattern:
        return lambda _name, _qualname: True
    if len(pattern) > 1 and pattern.startswith("/") and pattern.endswith("/"):
        try:
            search = re.compile(pattern[1:-1]).search
        except (re.error, OverflowError, RecursionError) as error:
            raise OptionError(f"bad regular expression {pattern}: {error}") from None
        return lambda _name, qualname: search(qualname) is not None
    glob = re.compile(translate(pattern), re.IGNORECASE).match
    return lambda name, qualname: glob(name) is not None or glob(qualname) is not None


def _check_pages(to: str, style: str, source_url: str | None) -> None:
    _check("kind of pages", (to,), KINDS_OF_PAGES)
    _check("format", (style,), FORMATS)
    if source_url is not None and "{path}" not in source_url:
        raise OptionError(f"a source URL must contain {{path}}, unlike {source_url}")


def _check(what: str, given: Iterable[str], known: tuple[str, ...]) -> None:
    for value in given:
        if value not in known:
            raise OptionError(f"unknown {what} '{value}'; there are: {', '.join(known)}")
