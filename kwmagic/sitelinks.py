"""Where pages and sources are, as seen from one page of a built site."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field

from kwmagic.anchors import anchor, quoted
from kwmagic.model import FileRef

_CELLS = ".ipynb"
"""Of notebooks, which pages show cell by cell."""


@dataclass(frozen=True, slots=True)
class Site:
    """The links of one page; every path is relative, so a site can lie anywhere. Asks no disk."""

    page: str
    """The page itself, from the top of the output: `a/b/x.py_docs.md`."""
    sources: str = ""
    """The source tree from the top of the output, `../src`; unquoted. Empty: no path leads there."""
    template: str | None = None
    """`https://…/{path}#L{line}`: where the sources are on a forge; in place of relative links."""
    pages: Mapping[str, str] = field(default_factory=dict)
    """Path of a source -> its documentation page from the top of the output, of all that this page may speak of."""
    trail: tuple[str, ...] = ()
    """Names of the folders around the page, the project's own first; as many as its path has folders, and one."""
    keywords: str = ""
    """The keyword index of the file that the page is about; empty on pages of folders and of the site."""
    closed: bool = False
    """Whether links must stay among the pages and the web, as site generators demand."""
    path: str = ""
    """The source that the page is about; empty on pages of folders and of the site."""
    pieces: tuple[tuple[int, str], ...] = ()
    """First line and anchor of each piece of its source, by line, where its documentation page shows it."""
    lined: bool = False
    """Whether the documentation page of every source shows it with an anchor for each line, `#L12`."""

    @property
    def suffix(self) -> str:
        """How the names of all pages end: `.md`, `.html`."""
        return f".{self.page.rpartition('.')[2]}"

    @property
    def is_html(self) -> bool:
        """Whether the page is one of HTML, which has breadcrumbs and anchors of lines."""
        return self.suffix == ".html"

    def named(self, name: str, folder: str = "") -> str:
        """A page in a folder of the output by its name alone: `index` -> `nn/index.md`."""
        return f"{folder}/{name}{self.suffix}" if folder else f"{name}{self.suffix}"

    def to(self, page: str, fragment: str = "") -> str:
        """The URL of another page of the site, or of an anchor on it; of the page itself only the anchor."""
        path = "" if page == self.page else quoted(_relative(page, self.page))
        return f"{path}#{fragment}" if fragment else path

    def document(self, path: str, qualname: str | None = None) -> str | None:
        """The documentation of a source, or of the first definition of a name in it; None where it has no page."""
        page = self.pages.get(path)
        if page is None:
            return None
        return self.to(page, anchor("doc", path, qualname) if qualname else "")

    def source(self, ref: FileRef, line: int = 0, end_line: int = 0) -> str | None:
        """A line of a source (1-based; 0: the file itself); None where no link can work.

        On a closed site without a template that is where the line stands on the file's own page, and of other files
        their page.
        """
        if self.template is not None:
            return _on_forge(self.template, ref.path, line, end_line or line)
        if self.closed:
            return self.piece(line) if ref.path == self.path else self._line(ref.path, line)
        if not self.sources:
            return None
        path = "../" * self.page.count("/") + _joined(self.sources, ref.path)
        return quoted(path) + (f"#L{line}" if line else "")

    def piece(self, line: int) -> str | None:
        """Where a line of the file's own source stands on its documentation page; None where it is not shown."""
        number = bisect_right(self.pieces, line, key=lambda piece: piece[0])
        page = self.pages.get(self.path)
        if page is None or not self.pieces:
            return None
        return self.to(page, f"L{line}" if self.is_html and line else self.pieces[max(0, number - 1)][1])

    def _line(self, path: str, line: int) -> str | None:
        """A line of another source on its documentation page; where that shows none, the page."""
        page = self.pages.get(path)
        if page is None:
            return None
        return self.to(page, f"L{line}" if line and self.lined and not path.endswith(_CELLS) else "")


def _relative(page: str, here: str) -> str:
    """The way from one page to another, both from the top."""
    there, start = page.split("/"), here.split("/")[:-1]
    shared = 0
    while shared < min(len(start), len(there) - 1) and start[shared] == there[shared]:
        shared += 1
    return "../" * (len(start) - shared) + "/".join(there[shared:])


def _joined(folder: str, path: str) -> str:
    """A path from a folder, its leading `..` taken off the folder's end."""
    parts = folder.split("/")
    while path.startswith("../") and parts and parts[-1] not in ("", ".", ".."):
        parts.pop()
        path = path[3:]
    return "/".join([*parts, path])


def _on_forge(template: str, path: str, line: int, end_line: int) -> str | None:
    """The address of a line; a path outside of the source tree takes folders off what the template has before it."""
    before, _, after = template.partition("{path}")
    while path.startswith("../"):
        before, _, name = before.rstrip("/").rpartition("/")
        if not name or "//" not in before:
            return None
        before += "/"
        path = path[3:]
    url = before + quoted(path) + after.replace("{line}", str(line)).replace("{end}", str(end_line))
    return url if line else url.partition("#")[0]
