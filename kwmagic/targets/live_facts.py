"""What is known of a live object beside its source: who wraps it, whether it is still what its file or cell says.

Only what is sure is said, in sentences for `Target.notes`; where nothing differs, nothing. Objects are read through
`kwmagic.inspection`, so that none of their code runs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import Any

from kwmagic import finders, inspection
from kwmagic.analysers.python_scanner import scan
from kwmagic.finders import Module
from kwmagic.inspection import MISSING, Place, is_class, is_module, member, module_dict, place, unwrap
from kwmagic.model import FileRef, Kind, Target
from kwmagic.targets import freshness, members, parameters
from kwmagic.targets.cells import other_cells
from kwmagic.targets.places import at, label, written_in
from kwmagic.targets.scene import Scene
from kwmagic.targets.wording import code, counted_names
from kwmagic.targets.written import Function, Written, plain_definitions

_MOST = 5
"""Wrappers and cells named in one sentence."""


def of_object(value: Any, target: Target, around: Scene) -> tuple[str, ...]:
    """The notes on a live object whose source is the first file of *target*."""
    behind = unwrap(value)
    subject = behind if place(behind) is not None else type(behind)
    where = place(subject)
    if where is None:
        return ()
    notes = [*_wrapped(value, where, around), *_other_object(subject, where, around), *_other_cells(target, around)]
    ref = target.files[0]
    now = written_in(ref)
    if now is not None:
        notes += _beside_source(value, subject, ref, now)
    if now is not None and is_class(subject):
        notes += members.of_class(subject, where, now, around)
    return tuple(notes)


def of_module(module: Module, ref: FileRef) -> tuple[str, ...]:
    """The notes on an imported module whose source is *ref*."""
    live = module.live
    if type(live) is not ModuleType or not freshness.is_plain(module_dict(live)):  # a lazy one stays asleep
        return ()
    now = written_in(ref)
    if now is None or ref.file is None or ref.member is not None:
        return ()
    names = module_dict(live)
    sizes = freshness.changed_size(live, ref.file)
    notes = freshness.change(freshness.functions_of_module(live, ref.file), now, module.name, sizes)
    missing = [each.name for each in plain_definitions(now.tree.body) if each.name not in names]
    if missing:
        notes.append(f"The imported {code(module.name)} has no {counted_names(missing)}, which its source defines.")
    return tuple(notes)


def of_package(module: Module, files: Sequence[FileRef], around: Scene) -> tuple[str, ...]:
    """One sentence on the files of an imported package that have changed since."""
    changed = freshness.changed_files(files, around.modules) if module.live is not None else []
    verb = "file has" if len(changed) == 1 else "files have"
    listed = counted_names(changed) if changed else ""
    return (f"{len(changed):,} {verb} changed since the import: {listed}.",) if changed else ()


def of_name(module: Module, name: str) -> tuple[str, ...]:
    """That an imported module has no such name, although its source is shown."""
    live = module.live
    if type(live) is not ModuleType or not freshness.is_plain(module_dict(live)) or name in module_dict(live):
        return ()
    return (f"The imported {code(module.name)} has no {code(name)}.",)


def of_file(file: str, target: Target, around: Scene) -> tuple[str, ...]:
    """The notes on a file that was imported as a module, or on one definition in it."""
    module = _imported_from(file, around.modules)
    if module is None:
        return ()
    if target.focus is None:
        return of_module(module, target.files[0])
    value: Any = module.live
    for name in target.focus.split("."):
        value = member(value, name) if is_module(value) or is_class(value) else MISSING
    where = None if value is MISSING else place(unwrap(value))
    return of_object(value, target, around) if where and where.qualname == target.focus else ()


def _imported_from(file: str, modules: Mapping[str, Any]) -> Module | None:
    """The imported module whose file this is."""
    base, wanted = os.path.basename(file), os.path.normcase(os.path.realpath(file))
    for name, live in list(modules.items()):
        own = module_dict(live).get("__file__") if type(live) is ModuleType else None
        if type(own) is not str or os.path.basename(own) != base:
            continue
        if os.path.normcase(os.path.realpath(own)) == wanted:
            return finders.imported(name, live)
    return None


# --- one object ---------------------------------------------------------------------------------------------------


def _wrapped(value: Any, where: Place, around: Scene) -> Iterator[str]:
    """What a call goes through before it reaches what is shown."""
    if wrappers := inspection.wrappers(value):
        names = [label(each, around) for each in wrappers[:_MOST]]
        more = f" and {len(wrappers) - _MOST} more" if len(wrappers) > _MOST else ""
        times = f" {len(wrappers)} times" if len(wrappers) > 1 else ""
        yield f"{code(where.qualname)} is wrapped{times}: a call goes first to {', then '.join(names)}{more}."


def _other_object(subject: Any, where: Place, around: Scene) -> Iterator[str]:
    """That its module holds another object under the name: it was reloaded, or the definition run again."""
    current: Any = around.modules.get(where.module) if where.module else None
    if not is_module(current) or "<locals>" in where.qualname or where.file is None:
        return
    for name in where.qualname.split("."):
        current = member(current, name)
        if current is MISSING:
            return
    current = unwrap(current)
    there = place(current)
    if current is not subject and there is not None and there.file is not None and there[:3] == where[:3]:
        name = where.qualname if where.module == "__main__" else f"{where.module}.{where.qualname}"
        kind = "class" if is_class(subject) else "function"
        lead = f"This {kind} is not the one that {code(name)} names now"
        yield f"{lead}{at(there, around)}: it was defined again, or its module reloaded."


def _other_cells(target: Target, around: Scene) -> Iterator[str]:
    """The cells that define the name in other words."""
    own, name = target.files[0], (target.focus or "").partition(".")[0]
    if not own.path.startswith("In[") or own.data is None or not name:
        return
    here = _definition(own, name)
    found = [ref.path for ref in other_cells(name, around) if _definition(ref, name) not in ("", here)]
    others = [path for path in found if path != own.path]
    if others:
        shown = others[-_MOST:]  # the latest matter most
        more = f" and {len(others) - _MOST} earlier" if len(others) > _MOST else ""
        yield f"Another {code(name)} is defined in {', '.join(shown)}{more}; this is the one of {own.path}."


def _definition(cell: FileRef, name: str) -> str:
    """The text of all that a cell defines under a name; "" for nothing."""
    text = (cell.data or b"").decode("utf-8", "replace")
    lines = text.split("\n")
    kinds = (Kind.CLASS, Kind.FUNCTION)
    found = (each for each in scan(text).symbols if each.qualname == name and each.kind in kinds)
    return "\n".join(line.rstrip() for each in found for line in lines[each.line - 1 : each.end_line])


# --- live beside written ------------------------------------------------------------------------------------------


def _beside_source(value: Any, subject: Any, ref: FileRef, now: Written) -> Iterator[str]:
    """Code that is not what the file holds, parameters that are not those of the source."""
    where = place(subject)
    known_as = (where and where.module) or "__main__"
    if is_class(subject) and ref.file is not None:
        yield from freshness.change(freshness.functions_of_class(subject, ref.file), now, known_as)
    if type(subject) is not FunctionType or where is None:
        return
    if ref.file is not None and where.file is not None:
        yield from freshness.change([subject], now, known_as)
    nodes = now.functions(where.qualname)
    if nodes and freshness.is_plain(subject.__globals__):
        yield from _parameters(value, subject, where, nodes)


def _parameters(value: Any, subject: FunctionType, where: Place, nodes: Sequence[Function]) -> Iterator[str]:
    """Where none of the definitions in the source takes what the function, its wrapper or its `__signature__` say."""
    written = [parameters.of_written(each) for each in nodes]
    if any(map(parameters.is_mangled, written)):
        return
    source = f"the source of {code(where.qualname)} {parameters.shown(written[-1])}"
    own = parameters.of_live(subject)
    if own not in written:
        yield f"As loaded it takes {parameters.shown(own)}, {source}."
    layers = [each for each in (*inspection.wrappers(value), subject) if type(each) is FunctionType]
    outer = parameters.of_live(layers[0])
    if outer not in (own, *written) and not parameters.takes_anything(outer):
        yield f"Its wrapper takes {parameters.shown(outer)}, {source}."
    claim = next(filter(None, map(parameters.of_claim, layers)), None)
    if claim is not None and claim not in (own, outer, *written):
        yield f"Its `__signature__` says {parameters.shown(claim)}, {source}."
