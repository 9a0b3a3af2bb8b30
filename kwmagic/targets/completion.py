"""What a target that is being typed may become."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

from kwmagic import finders, inspection
from kwmagic.inspection import MISSING
from kwmagic.languages import language_of
from kwmagic.targets.modules import live_module
from kwmagic.targets.scene import Scene, scene
from kwmagic.targets.wording import is_name


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
        names = names_below(head, around) if dot else top_names(around, deadline)
        found |= dict.fromkeys(f"{head}{dot}{name}" for name in names if _fits(name, tail))
    for each in paths_below(prefix, around, deadline):
        mark = quote or ('"' if " " in each else "")
        found[f"{mark}{each}{'' if each.endswith('/') else mark}"] = None
    return list(found)


def top_names(around: Scene, deadline: float) -> Iterator[str]:
    """The user's names, imported modules, importable ones; each in alphabetical order."""
    yield from sorted(name for name in around.namespace if type(name) is str)
    yield from sorted({name.partition(".")[0] for name in list(around.modules)})
    importable: set[str] = set(sys.builtin_module_names)
    for entry in around.path:
        if time.monotonic() > deadline:
            break
        importable.update(finders.names_in(entry))
    yield from sorted(importable)


def names_below(head: str, around: Scene) -> list[str]:
    """What `head.` may go on with: a module's names and submodules, a class's members."""
    first, *rest = head.split(".")
    value = around.namespace.get(first, MISSING)
    for name in rest:
        value = MISSING if value is MISSING else inspection.member(value, name)
    module = live_module(value) if inspection.is_module(value) else None
    if value is MISSING and is_name(head):
        module = around.find_module(head)
        value = module.live if module and module.live is not None else MISSING
    names = set() if value is MISSING else set(inspection.names_of(value))
    for folder in module.folders if module else ():
        names.update(finders.names_in(folder))
    return sorted(names)


def paths_below(prefix: str, around: Scene, deadline: float) -> list[str]:
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


def _fits(name: str, tail: str) -> bool:
    return name.startswith(tail) and (not name.startswith("_") or tail.startswith("_"))
