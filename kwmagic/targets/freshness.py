"""Whether the file that a module was imported from still holds what is loaded, as far as that is sure."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from types import FunctionType, ModuleType
from typing import Any

from kwmagic.inspection import functions_in, is_class, module_dict, place, plain, unwrap
from kwmagic.model import FileRef
from kwmagic.sources import head
from kwmagic.targets.loaded import Drift, drift
from kwmagic.targets.wording import code, counted_names
from kwmagic.targets.written import Written

_HEADER = 16
"""Bytes before the code in a `.pyc`: magic number, flags, time and size of the source (PEP 552), 4 bytes each."""


def is_plain(names: dict[str, Any]) -> bool:
    """Whether a module with these names was compiled from its source as it stands: no import hook had a hand in it."""
    spec = _spec(names)
    own = dict.get(names, "__name__")
    is_script = dict.get(names, "__spec__") is None and type(own) is str and own == "__main__"  # `%run` and cells
    return is_script or (spec is not None and type(spec.get("loader")) is SourceFileLoader)


def changed_size(module: ModuleType, file: str) -> tuple[int, int] | None:
    """The bytes that its source had when it was imported and has now, where they differ.

    The size stands in the compiled file, which every import of a changed source writes anew. Where it may not have
    been written, as in a folder of another user, nothing is said.
    """
    names = module_dict(module)
    spec = _spec(names)
    compiled = spec.get("_cached") if spec is not None else None
    if not is_plain(names) or type(compiled) is not str or sys.dont_write_bytecode:
        return None
    header = head(compiled, _HEADER)
    is_dated = len(header) == _HEADER and header[:8] == MAGIC_NUMBER + bytes(4)
    if not is_dated or not os.access(os.path.dirname(compiled), os.W_OK):
        return None
    before = int.from_bytes(header[12:], "little")
    try:
        now = os.stat(file).st_size & 0xFFFFFFFF
    except OSError:
        return None
    return (before, now) if before != now else None


def changed_files(files: Iterable[FileRef], modules: Mapping[str, Any]) -> list[str]:
    """The paths of those that were imported and have another size now; *files* are named from the top of a package."""
    found = []
    for ref in files:
        name = ref.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        module = modules.get(name)
        if ref.file and not ref.member and type(module) is ModuleType and changed_size(module, ref.file):
            found.append(ref.path)
    return found


def functions_of_class(kind: type, file: str) -> list[FunctionType]:
    """The functions of a class that were written in it, in this file."""
    where = place(kind)
    inside = f"{where.qualname}." if where else ""
    behind = (function for _, _, function in functions_in(kind))
    return [each for each in behind if _is_of(each, file) and plain(each.__code__.co_qualname).startswith(inside)]


def functions_of_module(module: ModuleType, file: str) -> list[FunctionType]:
    """The functions of a module that were written in it, those of its classes too."""
    found: dict[int, FunctionType] = {}
    names = module_dict(module)
    own_name = names.get("__name__")
    for value in list(names.values()):
        behind = unwrap(value)
        where = place(behind)
        if is_class(behind) and where and type(own_name) is str and where.module == own_name:
            found |= {id(each): each for each in functions_of_class(behind, file)}
        elif type(behind) is FunctionType and _is_of(behind, file):
            found[id(behind)] = behind
    return list(found.values())


def change(
    functions: Iterable[FunctionType], now: Written, known_as: str, sizes: tuple[int, int] | None = None
) -> list[str]:
    """What has changed since the import, as one sentence; none where nothing is known to differ."""
    found = drift((each for each in functions if is_plain(each.__globals__)), now)
    parts = [*_moved(found), *_gone(found.gone)]
    if sizes is not None:
        parts.append(f"it had {sizes[0]:,} bytes and has {sizes[1]:,} now")
    if parts and found.changed:
        parts.append(f"the code of {counted_names(found.changed)} is another")
    if parts:
        return [f"The file has changed since it was imported as {code(known_as)}: {'; '.join(parts)}."]
    if found.changed:
        return [f"What is loaded is not what the file holds now: the code of {counted_names(found.changed)} differs."]
    return []


def _moved(found: Drift) -> list[str]:
    if not found.moved:
        return []
    first = found.moved[0]
    parts = [f"{code(first.name)} began at L{first.before}, it begins at L{first.now} now"]
    if more := len(found.moved) - 1:
        parts.append(f"{more:,} more {'begins on another line' if more == 1 else 'begin on other lines'}")
    return [", ".join(parts)]


def _gone(names: Sequence[str]) -> list[str]:
    verb = "are" if len(names) > 1 else "is"
    return [f"{counted_names(names)} {verb} not in it any more"] if names else []


def _spec(names: dict[str, Any]) -> dict[str, Any] | None:
    """What stands in `__spec__`, where that is the import system's own."""
    spec = dict.get(names, "__spec__")
    return object.__getattribute__(spec, "__dict__") if type(spec) is ModuleSpec else None


def _is_of(function: FunctionType, file: str) -> bool:
    own = plain(function.__code__.co_filename)
    return own == file or os.path.normcase(os.path.abspath(own)) == os.path.normcase(file)
