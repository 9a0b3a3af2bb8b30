"""Python: what the scanner found in a text, with the module itself in front and its re-exports marked."""

from __future__ import annotations

from kwmagic.analysers.python_scanner import Scan, scan
from kwmagic.languages import Language
from kwmagic.model import FILE, Findings, Import, Kind, Source, Symbol

_PACKAGE_FILES = ("__init__.py", "__init__.pyi")


def analyse(source: Source, language: Language) -> Findings:
    """What one Python file defines and imports, whatever its syntax; never raises."""
    del language
    found = scan(source.text)
    name = module_name(source.ref.path)
    module = Symbol(Kind.MODULE, name, name, 1, max(source.lines, 1), doc=found.doc, flags=(FILE,))
    imports = _with_reexports(found, source.ref.path)
    return Findings("scanner", (module, *found.symbols), imports, found.exports, tuple(found.problems), found.doc)


def module_name(path: str) -> str:
    """The last part of the dotted name: a package's `__init__.py` is called as its folder."""
    folder, _, file = path.rpartition("/")
    if folder and file in _PACKAGE_FILES:
        return folder.rpartition("/")[2]
    return file.rpartition(".")[0] or file


def _with_reexports(found: Scan, path: str) -> tuple[Import, ...]:
    exports = None if found.exports is None else frozenset(found.exports)
    packages = _package_names(path) if exports is None else ()
    return tuple(
        each._replace(flags=tuple(sorted((*each.flags, "re-export"))))
        if "local" not in each.flags and _is_reexport(each, exports, packages)
        else each
        for each in found.imports
    )


def _is_reexport(each: Import, exports: frozenset[str] | None, packages: tuple[str, ...]) -> bool:
    """Whether it offers a name of another module as this one's own, by `__all__` or the typing rules for stubs."""
    if each.alias is not None and each.alias == (each.name or each.module):
        return True
    if exports is not None:
        return (each.alias or each.name or each.module.partition(".")[0]) in exports
    is_public = each.name is not None and not (each.alias or each.name).startswith("_")
    return is_public and bool(packages) and f"{each.module}.".startswith(packages)


def _package_names(path: str) -> tuple[str, ...]:
    """What the package of an `__init__` file is called in its own imports, each with a final dot; none for others."""
    folder, _, file = path.rpartition("/")
    if file not in _PACKAGE_FILES:
        return ()
    dotted = folder.replace("/", ".")
    names = (dotted, dotted.removeprefix("src."))
    return (".", *(f"{name}." for name in names if name))
