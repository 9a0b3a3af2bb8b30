"""What the user typed, understood: an object, a module, a path, a name in a module, in this order.

Nothing of it is imported or run, and nothing live is asked for more than stands in its `__dict__`.
"""

from __future__ import annotations

import ast
import glob
import os
import re
import sys
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from types import ModuleType
from typing import Any, Literal

from kwmagic import finding
from kwmagic.errors import TargetError
from kwmagic.finding import MISSING, Module, Place
from kwmagic.languages import language_of
from kwmagic.model import FileRef, Target
from kwmagic.sources import reason
from kwmagic.walking import UNKNOWN, walk

_NAME = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*){0,99}")
_IN = re.compile(r"In\[(\d+)\]")
_CELL_FILE = re.compile(r"<ipython-input-(\d+)-")
_LINE = re.compile(r"(.+):(\d+)")


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a target is looked for."""

    namespace: Mapping[str, Any]
    modules: Mapping[str, Any]
    path: Sequence[str]
    cwd: str
    cells: Sequence[str] = ()
    cell_files: Mapping[str, int] | None = None
    dot: Literal["cells", "folder"] = "folder"
    everything: bool = False


def scene(
    namespace: Mapping[str, Any] | None,
    modules: Mapping[str, ModuleType] | None,
    path: Sequence[str] | None,
    cwd: str | None,
) -> Scene:
    """The given places, or those of the running interpreter."""
    try:
        here = os.path.abspath(cwd if cwd is not None else os.getcwd())
    except OSError:
        raise TargetError("the working folder does not exist any more; change to one that does") from None
    places = sys.path if path is None else path
    return Scene(
        namespace={} if namespace is None else namespace,
        modules=sys.modules if modules is None else modules,
        path=[here if entry == "" else entry for entry in places],
        cwd=here,
    )


def resolve(
    text: str,
    *,
    namespace: Mapping[str, Any] | None = None,
    modules: Mapping[str, ModuleType] | None = None,
    path: Sequence[str] | None = None,
    cwd: str | None = None,
    cells: Sequence[str] = (),
    cell_files: Mapping[str, int] | None = None,
    dot: Literal["cells", "folder"] = "folder",
    everything: bool = False,
) -> Target:
    """Understand *text*, or raise `TargetError`.

    *cells[n]* is the source of `In[n]`; *cell_files* says which `co_filename` belongs to which n, where the shell knows
    (`shell.compile._filename_map`). *dot* is what `.` means: the notebook's cells or the folder. With *everything*,
    folders are listed without exclusions.
    """
    around = replace(
        scene(namespace, modules, path, cwd), cells=cells, cell_files=cell_files, dot=dot, everything=everything
    )
    return _resolve(text, around)


def _resolve(text: str, around: Scene) -> Target:
    word = _unquoted(text.strip())
    if not word:
        raise TargetError("a target is needed: a module, a path or the name of an object")
    for way in (_cells, _object, _module, _path, _inside, _builtin):
        target = way(word, around)
        if target is not None:
            return replace(target, text=text.strip(), notes=(*target.notes, *_other_readings(word, target, around)))
    raise TargetError(_not_found(word, around, quoted=word != text.strip()))


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


# --- cells --------------------------------------------------------------------------------------------------------


def _cells(text: str, around: Scene) -> Target | None:
    if text == "." and around.dot == "cells":
        numbers = [n for n, cell in enumerate(around.cells) if _python_of(cell).strip()]
        files = tuple(_cell_ref(n, around.cells[n]) for n in numbers)
        return Target(text, "this notebook", "the cells run so far", files)
    if (match := _IN.fullmatch(text)) and int(match[1]) < len(around.cells) and around.cells[int(match[1])]:
        return Target(text, text, "cell", (_cell_ref(int(match[1]), around.cells[int(match[1])]),))
    return None


def _cell_ref(number: int, source: str) -> FileRef:
    return FileRef(f"In[{number}]", data=_python_of(source).encode("utf-8", "replace"))


_PYTHON_CELL_MAGICS = frozenset(("%%time", "%%timeit", "%%capture", "%%prun"))


def _python_of(source: str) -> str:
    """A cell with its magics blanked, every line where it was."""
    lines = source.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((line.split()[0] for line in lines if line.strip()), "")
    if first.startswith("%%") and first not in _PYTHON_CELL_MAGICS:
        return "\n" * (len(lines) - 1)
    for _ in range(len(lines)):  # guided by the parser: `% name` may as well continue an expression
        number = _bad_line("\n".join(lines))
        if not 0 < number <= len(lines) or not (blanked := _without_magic(lines[number - 1])):
            break
        lines[number - 1] = blanked[0]
    return "\n".join(lines)


def _without_magic(line: str) -> tuple[str] | None:
    """The line without its magic, in a tuple; None where it holds none."""
    stripped = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if stripped.startswith(("%", "!", "?")) or stripped.endswith("?"):
        return (f"{indent}pass" if indent else "",)
    if assigned := re.match(r"(\s*[\w.,\s*\[\]]+=\s*)[%!]", line):
        return (f"{assigned[1]}...",)
    return None


def _bad_line(source: str) -> int:
    """Where the parser stops; 0 where it does not."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source)
    except SyntaxError as error:
        return error.lineno or 0
    except (ValueError, RecursionError, MemoryError):
        return 0
    return 0


# --- objects ------------------------------------------------------------------------------------------------------


def _object(text: str, around: Scene) -> Target | None:
    first, *rest = text.split(".")
    if not _NAME.fullmatch(text) or first not in around.namespace:
        return None
    value: Any = around.namespace[first]
    if not rest and issubclass(type(value), str):
        return _named_by(text, str.__str__(value), around)
    if not rest and (file := _as_path(value)) is not None and (target := _path(file, around)) is not None:
        return replace(target, how=f"{target.how}, named by `{text}`")
    return _attribute(text, value, rest, around)


def _named_by(name: str, text: str, around: Scene) -> Target:
    """The text in a variable is a target itself; the variable is left out, since it may hold its own name."""
    names = {each: value for each, value in around.namespace.items() if each != name}
    try:
        target = _resolve(text, replace(around, namespace=names))
    except TargetError as error:
        raise TargetError(f"{error} (this is what {_quoted(name)} holds)") from None
    return replace(target, how=f"{target.how}, named by `{name}`")


def _builtin(text: str, around: Scene) -> Target | None:
    """`len`, `str.join`: last, so that they never hide a module or a file."""
    builtins = around.modules.get("builtins")
    first, *rest = text.split(".")
    if not _NAME.fullmatch(text) or not finding.is_module(builtins):
        return None
    value = finding.member(builtins, first)
    return None if value is MISSING else _attribute(text, value, rest, around)


def _as_path(value: Any) -> str | None:
    """A path-like object as text: the one thing that is asked of an object, since it is what such an object is for."""
    if finding.member(type(value), "__fspath__") is MISSING:
        return None
    try:
        return os.fsdecode(value)
    except Exception:  # only looks like a path
        return None


def _attribute(text: str, value: Any, rest: list[str], around: Scene) -> Target | None:
    """Follow *rest* from *value*, by what stands in `__dict__`s, to a definition or a module."""
    for index, name in enumerate(rest):
        inner = finding.member(value, name)
        if finding.is_module(value) and (inner is MISSING or not _is_definition(inner)):
            return _in_module(text, value, rest[index:], around)
        if inner is MISSING:
            return None
        value = inner
    if finding.is_module(value):
        return _of_module(text, _live_module(value), around)
    return _of_object(text, value, around)


def _is_definition(value: Any) -> bool:
    return finding.is_module(value) or finding.place(finding.unwrap(value)) is not None


def _in_module(text: str, value: ModuleType, rest: list[str], around: Scene) -> Target | None:
    """A submodule that is not imported yet, or a name that holds a plain value."""
    module = _live_module(value)
    dotted = ".".join([module.name, *rest])
    target = _module(dotted, around) or _inside(dotted, around, deepest=module.name)
    return target and replace(target, text=text)


def _live_module(value: ModuleType) -> Module:
    name = finding.module_dict(value).get("__name__")
    return finding.imported(name if type(name) is str else "module", value)


def _of_object(text: str, value: Any, around: Scene) -> Target:
    behind = finding.unwrap(value)
    where = finding.place(behind)
    if where is not None:
        return _of_place(text, where, f"{where.kind} `{where.qualname}`", around)
    kind = type(behind)
    return _of_place(
        text, finding.place(kind) or Place("class", None, "object"), f"class of the object `{text}`", around
    )


def _of_place(text: str, where: Place, how: str, around: Scene) -> Target:
    if cell := _cell_of(where, around):
        return Target(text, where.qualname, f"{how} of the cell {cell.path}", (cell,), focus=where.qualname)
    module = _found(where.module, around) if where.module else None
    if module and not where.file:  # `collections.deque` was written in C, in `_collections`
        module, names = _reexported(module, where.qualname.split("."), around)
        where = where._replace(qualname=".".join(names) or where.qualname)
    if where.file and os.path.isfile(where.file) and not (module and module.file and _same(module.file, where.file)):
        file = os.path.abspath(where.file)
        ref = FileRef(os.path.basename(file), file)
        return Target(
            text, where.qualname, f"{how} of the file {ref.path}", (ref,), os.path.dirname(file), where.qualname
        )
    found = module and finding.module_ref(module)
    if module is None or found is None:
        raise TargetError(f"the source of {how} can't be found: it was made by running code, not written in a file")
    label = f"{module.name}.{where.qualname}"
    kind = "the live module" if found.live is not None else "module"
    return Target(text, label, f"{how} of {kind} `{module.name}`", (found,), _root(module), where.qualname)


def _same(one: str, other: str) -> bool:
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))


def _cell_of(where: Place, around: Scene) -> FileRef | None:
    """The notebook's cell an object was defined in."""
    number = _cell_number(where, around)
    if number is not None and 0 <= number < len(around.cells):
        return _cell_ref(number, around.cells[number])
    if where.file is None or os.path.exists(where.file) or where.module != "__main__":
        return None
    lines = sys.modules["linecache"].cache.get(where.file) if "linecache" in sys.modules else None
    if not isinstance(lines, tuple) or len(lines) < 3:
        return None
    path = os.path.basename(where.file) if number is None else f"In[{number}]"
    return FileRef(path, data="".join(lines[2]).encode("utf-8", "replace"))


def _cell_number(where: Place, around: Scene) -> int | None:
    if where.file is not None:
        if (known := (around.cell_files or {}).get(where.file)) is not None:
            return known
        if match := _CELL_FILE.match(where.file):
            return int(match[1])
        if os.path.exists(where.file):
            return None
    if where.module != "__main__":
        return None
    name = re.escape(where.qualname.partition(".")[0])
    defines = re.compile(rf"^(?:(?:class|def|async\s+def)\s+{name}\b|{name}\s*=[^=])", re.MULTILINE)
    return next((n for n in reversed(range(len(around.cells))) if defines.search(around.cells[n])), None)


# --- modules ------------------------------------------------------------------------------------------------------


def _found(name: str, around: Scene) -> Module | None:
    return finding.find_module(name, around.modules, around.path)


def _module(text: str, around: Scene) -> Target | None:
    module = _found(text, around) if _NAME.fullmatch(text) else None
    return module and _of_module(text, module, around)


def _of_module(text: str, module: Module, around: Scene) -> Target:
    state = "imported" if module.live is not None else "importable"
    if module.folders:
        files, left_out = finding.package_refs(module, everything=around.everything)
        kind = "package" if module.file else "namespace package"
        if files:
            return Target(text, module.name, f"{state} {kind}", files, _root(module), notes=_left_out(left_out))
    ref = _ref(module)
    how = "the live module (no source)" if ref.live is not None else f"{state} module"
    return Target(text, module.name, how, (ref,), _root(module))


def _ref(module: Module) -> FileRef:
    ref = finding.module_ref(module)
    if ref is None:
        why = "holds no Python file" if module.folders else "is compiled and has no stub (.pyi)"
        raise TargetError(f"module {_quoted(module.name)} {why}; import it first, then what it holds can be shown")
    return ref


def _root(module: Module) -> str | None:
    """The folder that holds the top of the package."""
    if module.file is None:
        if len(module.folders) != 1:
            return None
        return os.path.normpath(os.path.join(module.folders[0], *[".."] * (module.name.count(".") + 1)))
    return module.file[: -len(module.path)].rstrip("/" + os.sep) or os.sep


def _inside(text: str, around: Scene, deepest: str = "") -> Target | None:
    """A name in a module: the longest importable prefix is the module."""
    if not _NAME.fullmatch(text) or "." not in text:
        return None
    parts = text.split(".")
    for count in range(len(parts) - 1, 0, -1):
        module = _found(".".join(parts[:count]), around)
        if module is None:
            continue
        if module.live is not None and module.name != deepest:
            live = _attribute(text, module.live, parts[count:], replace(around, namespace={}))
            if live is not None:
                return live
        return _focused(text, module, parts[count:], around)
    return None


def _focused(text: str, module: Module, rest: list[str], around: Scene) -> Target:
    module, rest = _reexported(module, rest, around)
    if not rest:
        return _of_module(text, module, around)
    ref, focus = _ref(module), ".".join(rest)
    how = f"name in the {'imported' if module.live is not None else 'importable'} module `{module.name}`"
    return Target(text, f"{module.name}.{focus}", how, (ref,), _root(module), focus)


def _reexported(module: Module, rest: list[str], around: Scene, steps: int = 10) -> tuple[Module, list[str]]:
    """Follow `from .decoder import JSONDecoder` to where the name is defined; *steps* bounds rings of imports."""
    for source, name, is_sure in finding.imports_of(module, rest[0]) if rest and steps else ():
        if (inner := _found(f"{source}.{name}", around)) is not None:
            return _reexported(inner, rest[1:], around, steps - 1)
        outer = _found(source, around)
        if outer is not None:
            found = _reexported(outer, [name, *rest[1:]], around, steps - 1)
            if is_sure or finding.defines(found[0], found[1][0] if found[1] else ""):
                return found
    return module, rest


# --- paths --------------------------------------------------------------------------------------------------------


def _path(text: str, around: Scene) -> Target | None:
    file = os.path.join(around.cwd, os.path.expanduser(text))
    try:
        os.stat(file)
    except FileNotFoundError as error:
        if os.path.islink(file):
            raise TargetError(f"{_quoted(text)} is a link to nothing") from error
    except ValueError:  # a NUL in it
        return None
    except OSError as error:
        if not isinstance(error, NotADirectoryError):
            raise TargetError(f"{_quoted(text)}: {reason(error)}") from error
    else:
        return _folder(text, file, around) if os.path.isdir(file) else _file(text, file, around)
    return (_matching(text, file, around) if glob.has_magic(text) else None) or _part_of_file(text, around)


def _label(file: str, around: Scene) -> str:
    """As seen from the working folder; only the last part of what lies elsewhere."""
    file = os.path.normpath(file)
    base = os.path.join(around.cwd, "")
    inside = file.removeprefix(base) if file.startswith(base) else os.path.basename(file)
    return inside.replace(os.sep, "/") or "/"


def _file(text: str, file: str, around: Scene, focus: str | None = None) -> Target:
    file = os.path.normpath(file)
    ref = FileRef(os.path.basename(file), file)
    return Target(text, _label(file, around), "file", (ref,), os.path.dirname(file), focus)


def _folder(text: str, file: str, around: Scene) -> Target:
    file = os.path.normpath(file)
    listing = walk(file, everything=around.everything)
    if len(listing.files) == 1 and listing.files[0].path == "." and (problem := listing.files[0].problem):
        raise TargetError(f"{_quoted(text)}: {problem.message}")
    return Target(text, _label(file, around), "folder", listing.files, file, notes=_left_out(listing.left_out))


def _part_of_file(text: str, around: Scene) -> Target | None:
    """`file.py::Class.method`, `file.py:123`; the second gives the focus `:123`."""
    name, mark, focus = text.partition("::")
    if not mark:
        match = _LINE.fullmatch(text)
        name, focus = (match[1], f":{match[2]}") if match else ("", "")
    file = os.path.join(around.cwd, os.path.expanduser(name))
    return _file(text, file, around, focus) if focus and name and os.path.isfile(file) else None


def _matching(text: str, pattern: str, around: Scene) -> Target | None:
    """A glob: it never enters what a walk would not, unless it names it; a folder that matches is taken whole."""
    parts = os.path.normpath(pattern).split(os.sep)
    fixed = next(index for index, part in enumerate(parts) if glob.has_magic(part))
    base, rest = os.sep.join(parts[:fixed]) or os.sep, parts[fixed:]
    if not os.path.isdir(base):
        return None
    listing = walk(base, everything=around.everything, enter=lambda path: bool(_reached(path, rest)))
    matched = tuple(ref for ref in listing.files if len(rest) in _reached(ref.path, rest))
    return Target(text, text, "files that match a pattern", matched, base) if matched else None


def _reached(path: str, pattern: list[str]) -> set[int]:
    """How many parts of the pattern the path can have used up; all of them is a match, none left a dead end."""
    reached = _skipped({0}, pattern)
    for part in path.split("/"):
        after = {index for index in reached if index == len(pattern) or pattern[index] == "**"}
        after |= {index + 1 for index in reached - after if fnmatchcase(part, pattern[index])}
        reached = _skipped(after, pattern)
    return reached


def _skipped(reached: set[int], pattern: list[str]) -> set[int]:
    """`**` may stand for nothing."""
    for index, part in enumerate(pattern):
        if part == "**" and index in reached:
            reached = reached | {index + 1}
    return reached


# --- what is said besides -----------------------------------------------------------------------------------------


def _left_out(counts: Mapping[str, int]) -> tuple[str, ...]:
    """One sentence; what `--all` would not show either comes last."""
    parts = [f"{count:,} {why}" for why, count in counts.items() if why != UNKNOWN]
    if parts:
        parts[-1] += " (`--all` includes them)"
    if count := counts.get(UNKNOWN):
        parts.append(f"{count:,} {UNKNOWN}" if count > 1 else "1 file of an unknown kind")
    return (f"Left out: {'; '.join(parts)}.",) if parts else ()


def _other_readings(text: str, target: Target, around: Scene) -> Iterator[str]:
    """The same words as a module or a path, where another reading came first."""
    if not _NAME.fullmatch(text) or target.how in {"file", "folder"}:
        return
    file = os.path.join(around.cwd, text)
    if os.path.lexists(file) and not (target.root and _same(file, os.path.join(target.root, text))):
        kind = "folder" if os.path.isdir(file) else "file"
        yield f"A {kind} `{text}` also exists here; write `./{text}` for it."


def _not_found(text: str, around: Scene, *, quoted: bool) -> str:
    if not quoted and len(text.split()) > 1:
        return f"one target at a time: {_quoted(text)} is no path (quote a path that holds spaces)"
    close = _close(text, around)
    hint = f". Did you mean: {', '.join(close)}?" if close else "; check the spelling, or give a path such as ./folder"
    return f"no module, path or object {_quoted(text)}{hint}"


def _quoted(text: str) -> str:
    """In quotes and on one line, whatever it holds."""
    shown = "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)
    return f"'{shown[:80]}…'" if len(shown) > 80 else f"'{shown}'"


def _close(text: str, around: Scene) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415  # only once something is wrong

    deadline = time.monotonic() + 0.5
    names = {*_top_names(around, deadline), *(each.rstrip("/") for each in _paths("", around, deadline))}
    head = text.rpartition("." if _NAME.fullmatch(text) else "/")[0]
    if _NAME.fullmatch(text) and head:
        names |= {f"{head}.{name}" for name in _names_below(head, around)}
    elif head:
        names |= set(_paths(f"{head}/", around, deadline))
    return get_close_matches(text, sorted(name for name in names if name.isprintable()), n=3)


# --- completion ---------------------------------------------------------------------------------------------------


def complete(
    text: str,
    *,
    namespace: Mapping[str, Any] | None = None,
    modules: Mapping[str, ModuleType] | None = None,
    path: Sequence[str] | None = None,
    cwd: str | None = None,
) -> list[str]:
    """Targets that begin with *text*, within 100 ms: the user's names, modules, then paths (folders end in `/`)."""
    around = scene(namespace, modules, path, cwd)
    deadline = time.monotonic() + 0.1
    quote = text[:1] if text[:1] in {"'", '"'} else ""
    prefix = text[len(quote) :]
    found: dict[str, None] = {}
    if not quote and "/" not in prefix:
        head, dot, tail = prefix.rpartition(".")
        names = _names_below(head, around) if dot else _top_names(around, deadline)
        found |= dict.fromkeys(f"{head}{dot}{name}" for name in names if _fits(name, tail))
    for each in _paths(prefix, around, deadline):
        mark = quote or ('"' if " " in each else "")
        found[f"{mark}{each}{'' if each.endswith('/') else mark}"] = None
    return list(found)


def _fits(name: str, tail: str) -> bool:
    return name.startswith(tail) and (not name.startswith("_") or tail.startswith("_"))


def _top_names(around: Scene, deadline: float) -> Iterator[str]:
    """The user's names, imported modules, importable ones; each in alphabetical order."""
    yield from sorted(name for name in around.namespace if type(name) is str)
    yield from sorted({name.partition(".")[0] for name in list(around.modules)})
    importable: set[str] = set(sys.builtin_module_names)
    for entry in around.path:
        if time.monotonic() > deadline:
            break
        importable.update(finding.names_in(entry))
    yield from sorted(importable)


def _names_below(head: str, around: Scene) -> list[str]:
    """What `head.` may go on with: a module's names and submodules, a class's members."""
    first, *rest = head.split(".")
    value = around.namespace.get(first, MISSING)
    for name in rest:
        value = MISSING if value is MISSING else finding.member(value, name)
    module = _live_module(value) if finding.is_module(value) else None
    if value is MISSING and _NAME.fullmatch(head):
        module = _found(head, around)
        value = module.live if module and module.live is not None else MISSING
    names = set() if value is MISSING else set(finding.names_of(value))
    for folder in module.folders if module else ():
        names.update(finding.names_in(folder))
    return sorted(names)


def _paths(prefix: str, around: Scene, deadline: float) -> list[str]:
    """Files and folders whose path begins with *prefix*; folders first, then what kwmagic can read."""
    head, slash, tail = prefix.rpartition("/")
    ranked = []
    try:
        with os.scandir(os.path.join(around.cwd, os.path.expanduser(head + slash))) as entries:
            for entry in entries:
                if entry.name.startswith(tail) and (tail.startswith(".") or not entry.name.startswith(".")):
                    folder = entry.is_dir()
                    rank = 0 if folder else 1 if language_of(entry.name) else 2
                    ranked.append((rank, f"{head}{slash}{entry.name}{'/' if folder else ''}"))
                if time.monotonic() > deadline:
                    break
    except (OSError, ValueError):
        return []
    return [each for _, each in sorted(ranked)]
