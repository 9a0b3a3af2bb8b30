"""Where imported modules and included files come from, as far as their names tell it surely."""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kwmagic.evidence.importing import PYTHON
from kwmagic.model import FileFacts, Import

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
ADDED = {
    "graphlib": "3.9",
    "zoneinfo": "3.9",
    "tomllib": "3.11",
    "annotationlib": "3.14",
    "compression": "3.14",
    "concurrent.interpreters": "3.14",
    "pathlib.types": "3.14",
    "string.templatelib": "3.14",
    "profiling": "3.15",
}
"""Modules of the standard library that a Python in use may lack, and the version that brought them ("What's New" of
each version). All that are newer than the oldest Python that runs kwmagic are there, so that a page does not depend on
the Python that made it."""
_UNLISTED = {"__main__"}
"""In the library's documentation, but not in `sys.stdlib_module_names`."""
STANDARD = frozenset(sys.stdlib_module_names) | REMOVED.keys() | {name.partition(".")[0] for name in ADDED} | _UNLISTED
ORIGINS = (
    "standard library",
    "angle-bracket includes",
    "third party",
    "quoted includes",
    "this project",
    "others",
)
"""In page order; `others` where a name does not tell."""
_NODE = re.compile(
    r"node:|(?:assert|async_hooks|buffer|child_process|cluster|console|constants|crypto|dgram|diagnostics_channel|dns"
    r"|domain|events|fs|http|http2|https|inspector|module|net|os|path|perf_hooks|process|punycode|querystring|readline"
    r"|repl|stream|string_decoder|sys|timers|tls|trace_events|tty|url|util|v8|vm|wasi|worker_threads|zlib)(?:/|$)"
)
"""Node.js's `module.builtinModules`."""
_STANDARD = {
    "Rust": re.compile(r"(?:std|core|alloc|proc_macro)(?:::|$)"),
    "Go": re.compile(r"[^./]+(?:/|$)"),  # import paths of others begin with a domain (`go help importpath`)
    "Java": re.compile(r"javax?\."),
    "Kotlin": re.compile(r"(?:javax?|kotlin)\."),
    "Scala": re.compile(r"(?:javax?|scala)\."),
    "C#": re.compile(r"System(?:\.|$)"),
    **dict.fromkeys(("JavaScript", "TypeScript", "TSX"), _NODE),
}
"""What a module of the language's own library is called."""
_HERE = re.compile(r"[./]|(?:crate|self|super)(?:::|$)")
"""How modules of the same project are named."""
_PACKAGES = frozenset(("Rust", "Go", "JavaScript", "TypeScript", "TSX"))
"""Languages in which every other module is of a third party."""


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


def dependencies(facts: FileFacts, project: frozenset[str], only: Sequence[Import] | None = None) -> list[Dependency]:
    """The modules that a file imports (or *only* these), by origin and name; *project*: this one's top-level names."""
    found: dict[str, list[Import]] = defaultdict(list)
    for each in facts.imports if only is None else only:
        found[each.module].append(each)
    listed = [Dependency(name, _origin(group[0], facts, project), tuple(group)) for name, group in found.items()]
    return sorted(listed, key=lambda each: (ORIGINS.index(each.origin), each.module.lower(), each.module))


def _origin(each: Import, facts: FileFacts, project: frozenset[str]) -> str:
    if facts.language in PYTHON:
        return origin(each.module, project)
    if "system" in each.flags:
        return "angle-bracket includes"
    if "own" in each.flags:
        return "quoted includes"
    standard = _STANDARD.get(facts.language)
    if standard and standard.match(each.module):
        return "standard library"
    if _HERE.match(each.module):
        return "this project"
    return "third party" if facts.language in _PACKAGES else "others"


def origin(module: str, project: frozenset[str]) -> str:
    """Where a module comes from; relative imports are this project's."""
    top = module.partition(".")[0]
    if not top or top in project:
        return "this project"
    return "standard library" if top in STANDARD else "third party"


def standard_note(module: str) -> str:
    """`removed in Python 3.12` or `added in Python 3.14` for a module of the standard library; else empty."""
    names = [module[:end] for end, char in enumerate(module + ".") if char == "."]  # `a.b`, and what it is in: `a`
    removed = next((f"removed in Python {REMOVED[name]}" for name in names if name in REMOVED), "")
    return removed or next((f"added in Python {ADDED[name]}" for name in names if name in ADDED), "")


def project_names(paths: Iterable[str]) -> frozenset[str]:
    """The top-level modules and packages that a set of paths makes importable from its own root."""
    tops = (path.partition("/") for path in paths)
    return frozenset(top if rest else top.rpartition(".")[0] for top, _, rest in tops)
