"""Live objects as targets: the place where each was written, or where its class was."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from kwmagic import finders, inspection
from kwmagic.errors import TargetError
from kwmagic.inspection import Place
from kwmagic.model import FileRef, Target
from kwmagic.targets import live_facts
from kwmagic.targets.cells import cell_of
from kwmagic.targets.modules import root
from kwmagic.targets.paths import same_file
from kwmagic.targets.reexports import definition
from kwmagic.targets.scene import Scene


def of_object(text: str, value: Any, around: Scene) -> Target:
    """A class or a function, unwrapped; the class of any other object. Its notes say what its source does not."""
    target = _source_of(text, value, around)
    return replace(target, notes=live_facts.of_object(value, target, around))


def _source_of(text: str, value: Any, around: Scene) -> Target:
    behind = inspection.unwrap(value)
    where = inspection.place(behind)
    if where is not None:
        return _of_place(text, where, f"{where.kind} `{where.qualname}`", around)
    kind = type(behind)
    return _of_place(
        text, inspection.place(kind) or Place("class", None, "object"), f"class of the object `{text}`", around
    )


def _of_place(text: str, where: Place, how: str, around: Scene) -> Target:
    if cell := cell_of(where, around):
        return Target(text, where.qualname, f"{how} of the cell {cell.path}", (cell,), focus=where.qualname)
    module = around.find_module(where.module) if where.module else None
    if module and not where.file:  # `collections.deque` was written in C, in `_collections`
        module, names = definition(module, where.qualname.split("."), around)
        where = where._replace(qualname=".".join(names) or where.qualname)
    if (
        where.file
        and os.path.isfile(where.file)
        and not (module and module.file and same_file(module.file, where.file))
    ):
        file = os.path.abspath(where.file)
        ref = FileRef(os.path.basename(file), file)
        return Target(
            text, where.qualname, f"{how} of the file {ref.path}", (ref,), os.path.dirname(file), where.qualname
        )
    found = module and finders.module_ref(module)
    if module is None or found is None:
        raise TargetError(f"the source of {how} can't be found: it was made by running code, not written in a file")
    label = f"{module.name}.{where.qualname}"
    kind = "the live module" if found.live is not None else "module"
    return Target(text, label, f"{how} of {kind} `{module.name}`", (found,), root(module), where.qualname)
