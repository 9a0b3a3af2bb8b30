"""Where a module would be imported from and where a live object was written, without importing or running anything.

Modules: `importlib.util.find_spec("a.b")` runs `a/__init__.py`, so the finders are walked here, parent by parent. Live
objects may lie, loop or raise in every attribute, so only slots of the built-in types are read (`type.__dict__[…]`),
never attributes that a class can define.
"""

from __future__ import annotations

import functools
import os
import sys
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypeGuard

from kwmagic.analysers.python_scanner import Scan, scan
from kwmagic.errors import UnreadableError
from kwmagic.languages import language_of
from kwmagic.model import FileRef
from kwmagic.sources import read
from kwmagic.walking import walk

if TYPE_CHECKING:
    from importlib.machinery import ModuleSpec

MISSING: Final = object()
"""Stands for an attribute that isn't there; None may be its value."""

_SILENT_FINDERS = frozenset(("DistutilsMetaFinder", "MesonpyMetaFinder", "ScikitBuildRedirectingFinder", "PyxImporter"))
"""Not asked: their `find_spec` imports setuptools, runs a build or compiles."""

_MODULE_DICT: Final[Any] = vars(types.ModuleType)["__dict__"]


class Module(NamedTuple):
    """A module as the import system sees it."""

    name: str
    """Dotted; for an imported module the name it was imported under."""
    file: str | None
    """Its source or stub; may lie in an archive (`a.zip/pkg/__init__.py`)."""
    folders: tuple[str, ...] = ()
    """A package's; several for a namespace package."""
    live: types.ModuleType | None = None
    """The module object, if it is imported."""

    @property
    def path(self) -> str:
        """How pages name its file: starting at its package."""
        if self.file is None:
            return self.name
        base = os.path.basename(self.file)
        parts = self.name.split(".")
        return "/".join([*(parts if self.folders else parts[:-1]), base])


class Place(NamedTuple):
    """Where an object was written, as far as it can be known without asking it."""

    kind: str
    """`class`, `function` or `method`."""
    module: str | None
    qualname: str
    file: str | None = None
    """`co_filename`: a path, or what a notebook calls its cell."""


# --- modules ------------------------------------------------------------------------------------------------------


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


def imported(name: str, live: types.ModuleType) -> Module:
    """The facts of a live module, read from its `__dict__`: a lazy one stays asleep."""
    facts = module_dict(live)
    spec = facts.get("__spec__")
    own = object.__getattribute__(spec, "__dict__") if _is_spec(spec) else {}
    file = _source(facts.get("__file__")) or _source(own.get("origin"))
    folders = _existing(_strings(facts.get("__path__")) or _strings(own.get("submodule_search_locations")))
    known_as = own.get("name")
    if file and isinstance(known_as, str) and known_as.rpartition(".")[2] == _stem(file):
        name = known_as  # `os.path` is `posixpath`
    return Module(name, file, folders, live)


def module_ref(module: Module) -> FileRef | None:
    """The one file of a module, a package's `__init__`; the live module where it has no source."""
    if module.file is None:
        return None if module.live is None else FileRef(module.name, live=module.live)
    archive, member = _split_archive(module.file)
    return FileRef(module.path, archive, member)


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
            found = _members(folder)
        for ref in found:
            path = prefix + ref.path
            if path not in refs and _is_python(ref.path):
                refs[path] = FileRef(path, ref.file, ref.member, problem=ref.problem)
    return tuple(refs[path] for path in sorted(refs)), left_out


def imports_of(module: Module, name: str) -> Iterator[tuple[str, str, bool]]:
    """(module, name there, sure) of each import of *module* that may bind *name*; a star is not sure."""
    found = _scanned(module)
    if found is None or _is_defined(found, name):
        return
    here = [each for each in found.imports if each.name and "local" not in each.flags]
    for each in here:
        if each.name and (each.alias or each.name) == name:
            yield _absolute(module, each.module), each.name, True
    for each in here:
        if each.name == "*":
            yield _absolute(module, each.module), name, False


def defines(module: Module, name: str) -> bool:
    """Whether *module* defines or assigns *name* itself."""
    found = _scanned(module)
    return found is not None and _is_defined(found, name)


def _scanned(module: Module) -> Scan | None:
    ref = None if module.file is None else module_ref(module)
    try:
        return None if ref is None else scan(read(ref).text)
    except UnreadableError:
        return None


def _is_defined(found: Scan, name: str) -> bool:
    return any(symbol.qualname == name for symbol in found.symbols)


def _absolute(module: Module, source: str) -> str:
    """The dotted name of what *module* calls *source*."""
    level = len(source) - len(source.lstrip("."))
    if not level:
        return source
    parts = module.name.split(".")
    keep = max(len(parts) - level + (1 if module.folders else 0), 0)
    return ".".join([*parts[:keep], *filter(None, [source[level:]])])


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


def is_module(value: object) -> TypeGuard[types.ModuleType]:
    """Like `isinstance`, which would ask the value for its `__class__`."""
    return issubclass(type(value), types.ModuleType)


def module_dict(module: types.ModuleType) -> dict[str, Any]:
    """A module's names; reading them so wakes no lazy module."""
    facts: dict[str, Any] = _MODULE_DICT.__get__(module)
    return facts


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
    if type(value) in {list, tuple} or type(value).__name__ in {"_NamespacePath", "NamespacePath"}:
        try:
            return tuple(each for each in value if type(each) is str)  # type: ignore[attr-defined]
        except Exception:  # a namespace package whose parent is gone
            return ()
    return ()


def _existing(folders: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(folder for folder in folders if os.path.isdir(folder) or _split_archive(folder)[1]))


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
    return os.path.isfile(file) or _split_archive(file)[1] is not None


def _is_python(path: str) -> bool:
    """By its name; a script without a suffix passes, as the walk only lists those it knows."""
    row = language_of(path)
    return row is None or row.name == "Python"


def _stem(file: str) -> str:
    base = os.path.basename(file).partition(".")[0]
    return os.path.basename(os.path.dirname(file)) if base == "__init__" else base


def _split_archive(path: str) -> tuple[str, str | None]:
    """`a.zip/pkg/m.py` as the archive and the member; the member is None for a plain file."""
    archive = path
    while not os.path.lexists(archive):
        parent = os.path.dirname(archive)
        if parent == archive:
            return path, None
        archive = parent
    if archive == path or not os.path.isfile(archive):
        return path, None
    return archive, path[len(archive) + 1 :].replace(os.sep, "/")


def _members(folder: str) -> Iterator[FileRef]:
    """The files below a folder inside an archive."""
    import zipfile  # noqa: PLC0415

    archive, member = _split_archive(folder)
    prefix = f"{member}/"
    try:
        with zipfile.ZipFile(archive) as opened:
            names = opened.namelist()
    except (OSError, zipfile.BadZipFile):
        return
    for name in names:
        if name.startswith(prefix) and language_of(name) is not None:
            yield FileRef(name.removeprefix(prefix), archive, name)


# --- live objects -------------------------------------------------------------------------------------------------

_HOPS: Final[tuple[tuple[type, str], ...]] = (
    (types.MethodType, "__func__"),
    (staticmethod, "__func__"),
    (classmethod, "__func__"),
    (property, "fget"),
    (functools.partial, "func"),
    (types.GenericAlias, "__origin__"),
)
_HOLDERS = (functools.cached_property, functools.partialmethod, functools.singledispatchmethod)
_DESCRIPTORS = (
    types.MethodDescriptorType,
    types.WrapperDescriptorType,
    types.ClassMethodDescriptorType,
    types.GetSetDescriptorType,
    types.MemberDescriptorType,
)


def is_class(value: object) -> TypeGuard[type]:
    """Like `isinstance(value, type)`, without asking the value."""
    return issubclass(type(value), type)


def member(owner: object, name: str) -> Any:
    """The attribute as it stands in a `__dict__`, never computed; `MISSING` where there is none.

    Stricter than `inspect.getattr_static`, which calls the `__getattribute__` of a metaclass.
    """
    if is_module(owner):
        return module_dict(owner).get(name, MISSING)
    of_class = _first(type(owner), name)
    own = _first(owner, name) if is_class(owner) else _instance_dict(owner).get(name, MISSING)
    defined = of_class is not MISSING and (_inner(of_class) is not MISSING or place(of_class) is not None)
    return of_class if own is MISSING or (defined and not is_class(owner)) else own


def names_of(value: object) -> Iterator[str]:
    """What can follow the dot: the names in a module, or in a class and its bases."""
    if is_module(value):
        spaces: Sequence[Mapping[str, Any]] = (module_dict(value),)
    else:
        spaces = _class_dicts(value if is_class(value) else type(value))
    for names in spaces:
        yield from (name for name in list(names) if type(name) is str)


def _class_dicts(kind: type) -> list[Mapping[str, Any]]:
    """Of the class and its bases, in the order of look-up."""
    return [type.__dict__["__dict__"].__get__(each) for each in type.__dict__["__mro__"].__get__(kind)]


def _first(kind: type, name: str) -> Any:
    return next((names[name] for names in _class_dicts(kind) if name in names), MISSING)


def _instance_dict(value: object) -> Mapping[str, Any]:
    slot = _first(type(value), "__dict__")
    names = slot.__get__(value) if type(slot) is types.GetSetDescriptorType else None
    return names if type(names) is dict else {}


def unwrap(value: Any) -> Any:
    """What is behind methods, properties, partials and decorators that left `__wrapped__`; circles end."""
    seen: set[int] = set()
    while id(value) not in seen and len(seen) < 100:
        seen.add(id(value))
        inner = _inner(value)
        if inner is MISSING or inner is None:
            break
        value = inner
    return value


def place(value: Any) -> Place | None:
    """Where a class or a function was written; None for every other object."""
    if is_class(value):
        return _place_of_class(value)
    if type(value) is types.FunctionType:
        return _place_of_function(value)
    if type(value) in _DESCRIPTORS:
        owner = _place_of_class(value.__objclass__)
        return Place("method", owner.module, f"{owner.qualname}.{value.__name__}")
    if type(value) in {types.BuiltinFunctionType, types.MethodWrapperType}:
        return _place_of_builtin(value)
    return None


def _inner(value: Any) -> Any:
    if is_class(value):
        return MISSING
    for kind, slot in _HOPS:
        if issubclass(type(value), kind):
            return kind.__dict__[slot].__get__(value)
    if issubclass(type(value), _HOLDERS):
        return member(value, "func")
    if member(type(value), "__wrapped__") is MISSING:  # a proxy's own `__wrapped__` would have to be computed
        return member(value, "__wrapped__")
    return MISSING


def _place_of_class(value: type) -> Place:
    module = type.__dict__["__module__"].__get__(value)
    qualname = type.__dict__["__qualname__"].__get__(value)
    facts = _class_dicts(value)[0]
    codes = [each.__code__ for each in map(unwrap, facts.values()) if type(each) is types.FunctionType]
    own = (code.co_filename for code in codes if code.co_qualname.startswith(f"{qualname}."))
    return Place("class", _name(module), qualname, next(own, None))


def _place_of_function(value: types.FunctionType) -> Place:
    """By its code, which can't lie; but code made by `exec`, as dataclasses do, has no place of its own."""
    code = value.__code__
    file = code.co_filename
    made = file.startswith("<") and not file.startswith("<ipython-input-")
    qualname = value.__qualname__ if made else code.co_qualname
    scope = qualname.rpartition(".")[0]
    kind = "method" if scope and not scope.endswith("<locals>") else "function"
    module = _name(value.__globals__.get("__name__")) or _name(value.__module__)
    return Place(kind, _name(value.__module__) or module if made else module, qualname, None if made else file)


def _place_of_builtin(value: Any) -> Place:
    owner = value.__self__
    if owner is None or is_module(owner):
        return Place("function", _name(value.__module__), value.__qualname__)
    place_of_owner = _place_of_class(owner if is_class(owner) else type(owner))
    return Place("method", place_of_owner.module, f"{place_of_owner.qualname}.{value.__name__}")


def _name(value: object) -> str | None:
    return value if type(value) is str else None
