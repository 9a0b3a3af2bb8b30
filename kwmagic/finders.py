"""Where a module would be imported from, and its files, without importing or running anything.

`importlib.util.find_spec("a.b")` runs `a/__init__.py`, so the finders are walked here, parent by parent.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

from kwmagic.archives import members, split_archive
from kwmagic.inspection import MISSING, class_name, is_exactly, is_module, member, module_dict
from kwmagic.languages import language_of
from kwmagic.model import FileRef
from kwmagic.walking import OTHERS, walk

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

_SILENT_FINDERS = frozenset(("DistutilsMetaFinder", "MesonpyMetaFinder", "ScikitBuildRedirectingFinder", "PyxImporter"))
"""Not asked: their `find_spec` imports setuptools, runs a build or compiles."""


class Module(NamedTuple):
    """A module as the import system sees it."""

    name: str
    """Dotted; for an imported module the name it was imported under."""
    file: str | None
    """Its source or stub; may lie in an archive (`a.zip/pkg/__init__.py`)."""
    folders: tuple[str, ...] = ()
    """A package's; several for a namespace package."""
    live: ModuleType | None = None
    """The module object, if it is imported."""

    @property
    def path(self) -> str:
        """How pages name its file: starting at its package."""
        if self.file is None:
            return self.name
        base = os.path.basename(self.file)
        parts = self.name.split(".")
        return "/".join([*(parts if self.folders else parts[:-1]), base])


def find_module(name: str, modules: Mapping[str, Any], path: Sequence[str]) -> Module | None:
    """The module *name*: out of *modules* if it is imported, else from where it would be imported."""
    if is_module(live := modules.get(name)):
        return imported(name, live)
    parent, _, leaf = name.rpartition(".")
    if not parent:
        spec = _path_spec(leaf, path) or _finder_spec(leaf)
    else:
        package = find_module(parent, modules, path)
        spec = _path_spec(leaf, package.folders) if package and package.folders else None
    return None if spec is None else Module(name, _source(spec.origin), _existing(_locations(spec)))


def imported(name: str, live: ModuleType) -> Module:
    """The facts of a live module, read from its `__dict__`: a lazy one stays asleep."""
    facts = module_dict(live)
    spec = facts.get("__spec__")
    own = object.__getattribute__(spec, "__dict__") if _is_spec(spec) else {}
    file = _source(facts.get("__file__")) or _source(own.get("origin"))
    folders = _existing(_strings(facts.get("__path__")) or _strings(own.get("submodule_search_locations")))
    known_as = own.get("name")
    if file and type(known_as) is str and known_as.rpartition(".")[2] == _stem(file):
        name = known_as  # `os.path` is `posixpath`
    return Module(name, file, folders, live)


def module_ref(module: Module) -> FileRef | None:
    """The one file of a module, a package's `__init__`; the live module where it has no source."""
    if module.file is None:
        return None if module.live is None else FileRef(module.name, live=module.live)
    return FileRef(module.path, *split_archive(module.file))


def package_refs(module: Module, *, everything: bool = False) -> tuple[tuple[FileRef, ...], dict[str, int]]:
    """All Python files of a package, and what was left out; of two portions the first holds a name."""
    prefix = module.name.replace(".", "/") + "/"
    refs: dict[str, FileRef] = {}
    left_out: dict[str, int] = {}
    for folder in module.folders:
        if os.path.isdir(folder):
            listing = walk(folder, everything=everything)
            found: Iterator[FileRef] = iter(listing.files)
            for why, count in listing.left_out.items():
                left_out[why] = left_out.get(why, 0) + count
        else:
            found = members(folder)
        for ref in found:
            path = prefix + ref.path
            if path in refs:
                continue
            if not everything and not _is_python(ref.path):
                left_out[OTHERS] = left_out.get(OTHERS, 0) + 1
            else:
                refs[path] = FileRef(path, ref.file, ref.member, problem=ref.problem)
    return tuple(refs[path] for path in sorted(refs)), left_out


def names_in(folder: str) -> Iterator[str]:
    """The names of the modules and packages in *folder*, found by listing it."""
    from importlib.machinery import all_suffixes  # noqa: PLC0415

    suffixes = tuple(all_suffixes())
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                stem, dot, _ = entry.name.partition(".")
                if not stem.isidentifier() or stem in {"__init__", "__pycache__"}:
                    continue
                if entry.name[len(stem) :] in suffixes or (not dot and entry.is_dir()):
                    yield stem
    except OSError:
        return


def _path_spec(leaf: str, path: Sequence[str]) -> ModuleSpec | None:
    """Asked for the last name only: with dots it would look for the parent among the imported modules."""
    from importlib.machinery import PathFinder  # noqa: PLC0415

    places = [entry for entry in path if isinstance(entry, str)]
    for attempt in (1, 2):
        try:
            spec = PathFinder.find_spec(leaf, places)
        except Exception:  # a hook for some entry of the path, not ours
            return None
        if spec is not None or attempt == 2:
            return spec
        PathFinder.invalidate_caches()  # the file may be younger than the listing of its folder
    return None


def _finder_spec(name: str) -> ModuleSpec | None:
    """What the other finders say: built-in and frozen modules, editable installs."""
    from importlib.machinery import PathFinder  # noqa: PLC0415

    for finder in list(sys.meta_path):
        kind = finder if isinstance(finder, type) else type(finder)
        if finder is PathFinder or kind.__name__ in _SILENT_FINDERS or member(finder, "find_spec") is MISSING:
            continue
        try:
            spec = finder.find_spec(name, None)
        except Exception:  # a finder's own fault
            continue
        if _is_spec(spec):
            return spec
    return None


def _is_spec(value: object) -> bool:
    from importlib.machinery import ModuleSpec  # noqa: PLC0415

    return issubclass(type(value), ModuleSpec)


def _locations(spec: ModuleSpec) -> tuple[str, ...]:
    return _strings(spec.submodule_search_locations)


def _strings(value: object) -> tuple[str, ...]:
    """A `__path__`; only of the types the import system makes, since others may run code when they are read."""
    if is_exactly(value, list, tuple) or class_name(type(value)) in {"_NamespacePath", "NamespacePath"}:
        try:
            return tuple(each for each in value if type(each) is str)  # type: ignore[attr-defined]
        except Exception:  # a namespace package whose parent is gone
            return ()
    return ()


def _existing(folders: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folder for folder in folders if os.path.isdir(folder) or split_archive(folder)[1]))


def _source(origin: object) -> str | None:
    """The source for what the import system would load: itself, or what lies beside a compiled file."""
    from importlib.machinery import BYTECODE_SUFFIXES, EXTENSION_SUFFIXES  # noqa: PLC0415

    if type(origin) is not str:
        return None
    for suffix in (*EXTENSION_SUFFIXES, *BYTECODE_SUFFIXES):  # `.abi3.so` stands before `.so`
        if origin.endswith(suffix):
            stem = origin.removesuffix(suffix)
            return next((stem + end for end in (".py", ".pyi") if _is_there(stem + end)), None)
    return os.path.abspath(origin) if _is_python(origin) and _is_there(origin) else None


def _is_there(file: str) -> bool:
    return os.path.isfile(file) or split_archive(file)[1] is not None


def _is_python(path: str) -> bool:
    """By its name; a script without a suffix passes, as the walk only lists those it knows."""
    row = language_of(path)
    return row is None or row.name == "Python"


def _stem(file: str) -> str:
    base = os.path.basename(file).partition(".")[0]
    return os.path.basename(os.path.dirname(file)) if base == "__init__" else base
