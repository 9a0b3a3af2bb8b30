"""Where a page or line is, as seen from where the reader is."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace

from kwmagic.anchors import quoted
from kwmagic.model import FileRef
from kwmagic.sitelinks import Site

ROOT_VARIABLE = "KWMAGIC_ROOT"
"""The environment variable in which an export tells the kernels that it starts `Reader.root`."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Where the output is read; decides what a link looks like and where none can work."""

    links: str = "none"
    """`jupyterlab`, `vscode`, `github` or `none`; `auto` is settled by whoever knows the front end."""
    folder: str = ""
    """Absolute folder that relative links start from: the notebook's, or the page's. Empty: the working folder."""
    root: str | None = None
    """Absolute folder above which no link can lead: the Jupyter server's root, the repository's top. None: no limit."""
    templates: tuple[tuple[str, str], ...] = ()
    """(path prefix, `https://…/{path}#L{line}`) for files that a forge shows too; the first that fits, `""` any."""
    project: str | None = None
    """Absolute folder that paths on the forge start from, for files in it and a template without prefix."""
    site: Site | None = None
    """The site that the output is a page of; all links are its own then, and no disk is asked."""

    def source(self, ref: FileRef, line: int = 0, end_line: int = 0) -> str | None:
        """The URL of a line (1-based; 0: the file itself), or None where no link can work."""
        if self.site is not None:
            return self.site.source(ref, line, end_line)
        ways = (self._forge, self._here) if self.links == "github" else (self._here, self._forge)
        return next((url for way in ways if (url := way(ref, line, end_line))), None)

    def document(self, ref: FileRef, qualname: str = "", line: int = 0) -> str | None:
        """The documentation of another file, or of a definition in it; None where the output is no page of a site.

        What has no page there is linked to its source, at *line*.
        """
        if self.site is None:
            return None
        return self.site.document(ref.path, qualname) or self.site.source(ref, line)

    def about(self, ref: FileRef) -> str | None:
        """Where to read of another file: its documentation on a site, else its source."""
        return self.document(ref) or self.source(ref)

    def for_page(self) -> Reader:
        """The same reader with links as pages have them: `#L12`, which forges and editors understand."""
        return replace(self, links="github") if self.links == "jupyterlab" else self

    def _here(self, ref: FileRef, line: int, end_line: int) -> str | None:
        """A link relative to the reader's folder; front ends know no ranges of lines, so the end is not told."""
        del end_line
        if self.links == "none" or ref.file is None or ref.member is not None:
            return None
        path = self._relative(ref.file)
        if path is None:
            return None
        fragment = f"#line={line - 1}" if self.links == "jupyterlab" else f"#L{line}"
        return path + (fragment if line else "")

    def _forge(self, ref: FileRef, line: int, end_line: int) -> str | None:
        if ref.data is not None or ref.live is not None:  # a cell or a module without source is on no forge
            return None
        for prefix, template in self.templates:
            if not prefix or ref.path == f"{prefix}.py" or ref.path.startswith(f"{prefix}/"):
                path = quoted(ref.path if prefix else self._in_project(ref))
                url = template.replace("{path}", path).replace("{line}", str(line)).replace("{end}", str(end_line))
                return url if line else url.partition("#")[0]
        return None

    def _in_project(self, ref: FileRef) -> str:
        if self.project is None or ref.file is None or not is_inside(ref.file, self.project):
            return ref.path
        return os.path.relpath(os.path.realpath(ref.file), os.path.realpath(self.project)).replace(os.sep, "/")

    def _relative(self, file: str) -> str | None:
        """`file` from the reader's folder; None where it is outside the root, or on another drive."""
        if self.root is not None and not is_inside(file, self.root):
            return None
        try:
            return quoted(os.path.relpath(file, self.folder or os.getcwd()).replace(os.sep, "/"))
        except ValueError:  # Windows: another drive
            return None


def is_inside(file: str, folder: str) -> bool:
    """Whether `file` lies in `folder`, links resolved on both sides."""
    file, folder = os.path.realpath(file), os.path.realpath(folder)
    try:
        return os.path.commonpath([file, folder]) == folder
    except ValueError:
        return False
