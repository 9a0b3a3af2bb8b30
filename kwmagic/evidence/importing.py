"""Imports as rows of a project's index: absolute, so that those of one module are found in all files at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from kwmagic.model import FileFacts, Import


class ImportRow(NamedTuple):
    """One imported name of one file, with the module that it leads to."""

    module: str
    """Absolute in Python: `torch.nn`; as written in C; for a link in Markdown the path inside the project."""
    name: str | None
    """The imported name; None for `import a.b` and for what imports no names; `*` for a star."""
    alias: str | None
    line: int
    """1-based line of the statement."""
    flags: str
    """Those of `Import`, joined by spaces; `link` for a link in Markdown."""

    def as_import(self) -> Import:
        """The same as files' facts have it, but for the absolute module."""
        return Import(self.module, self.name, self.alias, self.line, tuple(self.flags.split()))


PYTHON = frozenset(("Python", "Cython", "Jupyter notebook"))
"""Languages that import Python modules."""
APART = frozenset(("local", "typing-only"))
"""Flags of imports that do not happen when the module is imported."""


def import_rows(facts: FileFacts, module: str, *, is_package: bool) -> Iterator[ImportRow]:
    """The imports of a file whose own dotted name is *module*; those that lead out of the top are left as written."""
    for each in facts.imports:
        name = absolute(each.module, module, is_package=is_package) if facts.language in PYTHON else each.module
        yield ImportRow(name or each.module, each.name, each.alias, each.line, " ".join(each.flags))


def absolute(written: str, module: str, *, is_package: bool) -> str:
    """The dotted name of what the module *module* calls *written*: `..x` in `a.b.c` is `a.x`; "" where the dots lead
    out of all packages."""
    level = len(written) - len(written.lstrip("."))
    if not level:
        return written
    parts = module.split(".") if module else []
    kept = len(parts) - level + is_package
    if kept < 1:
        return ""
    return ".".join([*parts[:kept], *filter(None, [written[level:]])])
