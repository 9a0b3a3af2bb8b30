"""Where imported modules come from: the standard library, this project, a third party."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from kwmagic.model import Import

REMOVED = {
    "asynchat": "3.12",
    "asyncore": "3.12",
    "distutils": "3.12",
    "imp": "3.12",
    "smtpd": "3.12",
    "aifc": "3.13",
    "audioop": "3.13",
    "cgi": "3.13",
    "cgitb": "3.13",
    "chunk": "3.13",
    "crypt": "3.13",
    "imghdr": "3.13",
    "lib2to3": "3.13",
    "mailcap": "3.13",
    "msilib": "3.13",
    "nis": "3.13",
    "nntplib": "3.13",
    "ossaudiodev": "3.13",
    "pipes": "3.13",
    "sndhdr": "3.13",
    "spwd": "3.13",
    "sunau": "3.13",
    "telnetlib": "3.13",
    "uu": "3.13",
    "xdrlib": "3.13",
    "binhex": "3.11",
    "_dummy_thread": "3.9",
    "dummy_threading": "3.9",
    "parser": "3.10",
    "symbol": "3.10",
    "formatter": "3.10",
}
"""Standard library modules that a running Python may not know any more, and the version that lacks them (PEP 594,
"What's New" of each version)."""
_ADDED = {"tomllib", "annotationlib", "compression", "concurrent", "pathlib", "string", "profiling"}
"""Modules newer than the oldest Python that runs kwmagic, so that a page does not depend on the Python that made it."""
STANDARD = frozenset(sys.stdlib_module_names) | frozenset(REMOVED) | _ADDED
ORIGINS = ("standard library", "third party", "this project")


@dataclass(frozen=True, slots=True)
class Dependency:
    """One imported module and how it is imported."""

    module: str
    """As written, with the dots of a relative import."""
    origin: str
    """Of `ORIGINS`."""
    imports: tuple[Import, ...]
    """By line."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names taken from it, `name` or `name as alias`, each once; empty for a plain `import a.b`."""
        named = (f"{each.name} as {each.alias}" if each.alias else each.name for each in self.imports if each.name)
        return tuple(dict.fromkeys(named))

    @property
    def aliases(self) -> tuple[str, ...]:
        """The names that `import a.b as alias` gives it, each once."""
        return tuple(dict.fromkeys(each.alias for each in self.imports if each.alias and not each.name))

    @property
    def lines(self) -> tuple[int, ...]:
        """The lines of its statements, each once."""
        return tuple(dict.fromkeys(each.line for each in self.imports))


def dependencies(imports: Iterable[Import], project: frozenset[str]) -> list[Dependency]:
    """The modules that a file imports, by origin and name; `project`: the top-level names of this project."""
    found: dict[str, list[Import]] = defaultdict(list)
    for each in imports:
        found[each.module].append(each)
    listed = [Dependency(module, origin(module, project), tuple(group)) for module, group in found.items()]
    return sorted(listed, key=lambda each: (ORIGINS.index(each.origin), each.module.lower(), each.module))


def origin(module: str, project: frozenset[str]) -> str:
    """Where a module comes from; relative imports are this project's."""
    top = module.partition(".")[0]
    if not top or top in project:
        return "this project"
    return "standard library" if top in STANDARD else "third party"


def project_names(paths: Iterable[str]) -> frozenset[str]:
    """The top-level modules and packages that a set of paths makes importable from its own root."""
    tops = (path.partition("/") for path in paths)
    return frozenset(top if rest else top.rpartition(".")[0] for top, _, rest in tops)
