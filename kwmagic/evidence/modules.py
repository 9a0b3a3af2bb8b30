"""What the Python files of a project are called, and to which of them an import leads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple, Protocol

from kwmagic.evidence.importing import APART, ImportRow
from kwmagic.evidence.imports import STANDARD
from kwmagic.model import FileFacts, FileRef

Spots = Sequence[Sequence[int | str]]
"""Uses of one name in one file: (line, scope, how, first, last) each, as in `model.Use`."""
_SUFFIXES = (".py", ".pyi", ".pyw", ".pyx")
_PACKAGE_FILES = ("__init__.py", "__init__.pyi", "__init__.pyx")
_ENDS = ("/__init__.py", ".py", "/__init__.pyi", ".pyi", "/__init__.pyx", ".pyx", ".pyw")
"""Where a module may be, the place that Python prefers first; stubs where there is nothing else."""


class Index(Protocol):
    """What links between files are found in: the files of one project, by queries."""

    @property
    def modules(self) -> Mapping[str, str]:
        """Dotted name -> path (`named_files`)."""

    @property
    def names(self) -> Mapping[str, str]:
        """Path -> dotted name, for every Python file (`module_names`)."""

    @property
    def paths(self) -> frozenset[str]:
        """All files, relative to the project's root."""

    @property
    def extensions(self) -> frozenset[str]:
        """Dotted names of compiled modules."""

    @property
    def config(self) -> frozenset[str]:
        """What configures tests: `pytest`, and the paths of runners such as `tests/runtests.py`."""

    @property
    def found(self) -> dict[tuple[str, str, str], str | None]:
        """What `module_file` has found, to be kept as long as the index is: it is asked again for every import."""

    def facts(self, path: str) -> FileFacts | None:
        """None where the project has no such file."""

    def ref(self, path: str) -> FileRef:
        """The file at *path*."""

    def source(self, path: str, first: int, last: int) -> str:
        """Lines *first* to *last*, 1-based and both included; "" where they can't be read."""

    def imports_of(self, modules: Sequence[str]) -> Sequence[tuple[str, ImportRow]]:
        """The imports of these modules in all files, with the file's path; by path and line."""

    def imports_from(self, taken: Sequence[tuple[str, str | None]]) -> Sequence[tuple[str, ImportRow]]:
        """Those of the imports of a module, in all files, that take a name from it: (module, name) each; None for an
        import of the module itself."""

    def importers_from(self, taken: Sequence[tuple[str, str | None]]) -> frozenset[str]:
        """The paths of the files in which `imports_from` finds something."""

    def importer_count(self, module: str) -> int:
        """How many files import this very module, or from it."""

    def imports_in(self, path: str) -> Sequence[ImportRow]:
        """The imports of one file, modules absolute; by line."""

    def uses_of(self, name: str) -> Sequence[tuple[str, str, Spots]]:
        """(name, path, spots) of this resolved name and those below it (`name.x`); by path."""

    def co_changed(self, path: str) -> Sequence[tuple[str, int, int]]:
        """(other path, commits that changed both, commits that changed *path*), best first."""


def module_names(paths: Iterable[str]) -> dict[str, str]:
    """Path -> dotted name of each Python file.

    A name starts at the import root: the parent of the outermost package around the file, a folder `src`, or else the
    project's root.
    """
    sources = [path for path in paths if path.endswith(_SUFFIXES)]
    folders = _Folders(sources)
    return {path: folders.name_of(path, path.rpartition("/")[2].rpartition(".")[0]) for path in sources}


def named_files(names: Mapping[str, str]) -> dict[str, str]:
    """Dotted name -> path, the other way round: of several files of one name the one that Python prefers."""

    def preferred(path: str) -> tuple[int, str]:
        return next((place for place, end in enumerate(_ENDS) if path.endswith(end)), len(_ENDS)), path

    return {names[path]: path for path in sorted(names, key=preferred, reverse=True)}


def extension_names(binaries: Iterable[str], paths: Iterable[str]) -> frozenset[str]:
    """The dotted names of compiled modules: *binaries* are their paths, *paths* those of the Python files."""
    folders = _Folders(path for path in paths if path.endswith(_SUFFIXES))
    return frozenset(folders.name_of(path, path.rpartition("/")[2].partition(".")[0]) for path in binaries)


class _Folders:
    """The dotted names of folders."""

    def __init__(self, sources: Iterable[str]) -> None:
        split = (path.rpartition("/") for path in sources)
        self.packages = {folder for folder, _, file in split if file in _PACKAGE_FILES}
        self.outermost: dict[str, str] = {"": ""}
        self.dotted: dict[str, str] = {}

    def name_of(self, path: str, stem: str) -> str:
        folder = path.rpartition("/")[0]
        dotted = self.dotted.get(folder)
        if dotted is None:
            dotted = self.dotted[folder] = self.below_root(folder).replace("/", ".")
        if stem == "__init__" and dotted:
            return dotted
        return f"{dotted}.{stem}" if dotted else stem

    def below_root(self, folder: str) -> str:
        package = self.package_around(folder)
        if package:
            return folder[len(package.rpartition("/")[0]) :].removeprefix("/")
        _, source, inner = f"/{folder}/".rpartition("/src/")
        return inner.strip("/") if source else folder

    def package_around(self, folder: str) -> str:
        """The outermost package that the folder is or is in; "" where there is none."""
        inward = []
        while folder not in self.outermost:
            inward.append(folder)
            folder = folder.rpartition("/")[0]
        found = self.outermost[folder]
        for each in reversed(inward):
            found = found or (each if each in self.packages else "")
            self.outermost[each] = found
        return found


def is_package(path: str) -> bool:
    """Whether the file is the one that makes its folder a package."""
    return path.rpartition("/")[2] in _PACKAGE_FILES


def bound(row: ImportRow) -> str:
    """The name that an import gives to what it imports; `*` for a star."""
    return row.alias or row.name or row.module.partition(".")[0]


def leads_to(index: Index, path: str, row: ImportRow) -> str | None:
    """The file that an import in the file at *path* leads to, where the project has it.

    `from a.b import c` leads to the module `a.b.c` where there is one, else to `a.b`; never from an extension module
    without stub to the package around it.
    """
    wanted = [row.module] if row.name in (None, "*") else [f"{row.module}.{row.name}", row.module]
    for name in wanted:
        found = module_file(index, path, name)
        if found is not None or name in index.extensions:
            return found
    return None


def module_file(index: Index, path: str, name: str) -> str | None:
    """The file of the module that the file at *path* knows by this absolute name.

    First where the file's own imports begin, which tells packages of one name in two folders apart. A script's
    imports begin in its own folder, too; in a package that is tried last, since only a script in it sees it so.
    """
    if not name or name.startswith("."):
        return None
    key = (*_starts(path, index.names.get(path, "")), name)
    if key not in index.found:
        index.found[key] = _found(index, *key)
    return index.found[key]


def _found(index: Index, root: str, beside: str, name: str) -> str | None:
    inner = name.replace(".", "/")
    is_script = f"{root}{beside[len(root) :].partition('/')[0]}/__init__.py" not in index.paths
    if is_script and root != beside and (found := _file_at(index, beside + inner)):
        return found
    found = index.modules.get(name)
    if found is None or not found.startswith(root):
        found = _file_at(index, root + inner) or found
    if found or is_script or f"{beside}__init__.py" in index.paths or name.partition(".")[0] in STANDARD:
        return found
    return _file_at(index, beside + inner)


@lru_cache(maxsize=50_000)  # asked again for every import of the same file
def _starts(path: str, name: str) -> tuple[str, str]:
    """The import root of a file of this dotted name and its own folder, each "" or with a final slash."""
    folder = path[: path.rfind("/") + 1]
    depth = name.count(".") + is_package(path)
    root = "/".join([*folder.split("/")[: -1 - depth], ""]) if depth else folder
    return root, folder


def _file_at(index: Index, start: str) -> str | None:
    return next((file for end in _ENDS if (file := start + end) in index.paths), None)


def local_names(index: Index, path: str) -> tuple[str, ...]:
    """The absolute names under which the project's files may import the one at *path*: scripts also as the files beside
    them see them."""
    name = index.names.get(path, "")
    if not name:
        return ()
    root, folder = _starts(path, name)
    if root == folder or f"{folder}__init__.py" in index.paths:
        return (name,)
    return tuple(dict.fromkeys((name, name.rpartition(".")[2])))


def imported(index: Index, path: str, *, at_once: bool = False) -> dict[str, int]:
    """The files that a file imports, each with the line of the first import; *at_once*: when it is imported itself."""
    lines: dict[str, int] = {}
    for row in index.imports_in(path):
        target = None if at_once and not APART.isdisjoint(row.flags.split()) else leads_to(index, path, row)
        if target is not None and target != path:
            lines.setdefault(target, row.line)
    return lines


class Importing(NamedTuple):
    """An import of a module, or from it."""

    path: str
    """Of the file that imports."""
    row: ImportRow
    target: str
    """The file that is imported."""
    is_whole: bool
    """Whether the module itself is imported, not a name of it."""


def importing(index: Index, files: Iterable[str]) -> Iterator[Importing]:
    """All imports of the modules *files* and from them, by the importer's path; of a statement that imports both a
    module and from the package around it, both."""
    by_name: dict[str, set[str]] = defaultdict(set)
    for file in sorted(files):  # what stands on one line comes in this order
        for name in local_names(index, file):
            by_name[name].add(file)
    taken = [(parent, last) for name in by_name for parent, _, last in [name.rpartition(".")] if parent not in by_name]
    rows = dict.fromkeys([*index.imports_of([*by_name]), *index.imports_from(taken)])
    for path, row in sorted(rows, key=lambda each: (each[0], each[1].line)):
        has_name = row.name is not None and row.name != "*"
        for name in (row.module, f"{row.module}.{row.name}") if has_name else (row.module,):
            targets = by_name.get(name)
            if targets and (target := module_file(index, path, name)) in targets:
                yield Importing(path, row, target, row.name is None or name != row.module)
