"""Where live objects were written, in words, and the source that is there now."""

from __future__ import annotations

import os
from typing import Any

from kwmagic import finders, inspection
from kwmagic.errors import UnreadableError
from kwmagic.inspection import Place, module_dict, place
from kwmagic.model import FileRef
from kwmagic.sources import read
from kwmagic.targets import freshness
from kwmagic.targets.cells import cell_of
from kwmagic.targets.scene import Scene
from kwmagic.targets.wording import code
from kwmagic.targets.written import Written, written

_STUBS = (".pyi", ".pyx", ".pxd")
"""Not what Python runs."""
_IN_C = {"_lru_cache_wrapper": "functools.lru_cache", "partial": "functools.partial"}


def label(value: Any, around: Scene) -> str:
    """What a wrapper or a replacement is, and where it was written: `` `cached.<locals>.inner` (`shop.cache`, L12) ``.

    The line is where it begins, with its decorators.
    """
    where = place(value)
    if where is not None:
        return f"{code(where.qualname)}{at(where, around)}"
    kind = place(type(value))
    if kind is None:
        return "an object"
    if kind.module == "functools" and kind.qualname in _IN_C:
        return code(_IN_C[kind.qualname])
    return f"an object of {code(kind.qualname)}{at(kind, around)}"


def at(where: Place, around: Scene) -> str:
    """The module or cell in parentheses, after a space; "" where neither is known."""
    line = f", L{where.line}" if where.line else ""
    if (cell := cell_of(where, around)) is not None:
        return f" ({cell.path}{line})"
    return f" ({code(where.module)}{line})" if where.module else ""


def is_at(found: Place | None, qualname: str, beside: Place) -> bool:
    """Whether *found* is the definition of that name in the file of *beside*."""
    if found is None or found.qualname != qualname:
        return False
    if found.file is None or beside.file is None:
        return found.module == beside.module
    return os.path.normcase(os.path.abspath(found.file)) == os.path.normcase(os.path.abspath(beside.file))


def is_plain(where: Place, around: Scene) -> bool:
    """Whether its module is there, and was compiled from its source as it stands."""
    module = around.modules.get(where.module) if where.module else None
    return inspection.is_module(module) and freshness.is_plain(module_dict(module))


def source_of(where: Place, around: Scene) -> FileRef | None:
    """The cell or file that an object was written in."""
    if (cell := cell_of(where, around)) is not None:
        return cell
    if where.file is not None:
        file = os.path.abspath(where.file)
        return FileRef(os.path.basename(file), file) if os.path.isfile(file) else None
    module = around.find_module(where.module) if where.module else None
    return finders.module_ref(module) if module else None


def written_in(ref: FileRef) -> Written | None:
    """What the source holds now; None where it can't be read or is none that Python runs."""
    if ref.live is not None or ref.path.endswith(_STUBS):
        return None
    try:
        return written(read(ref).text)
    except UnreadableError:
        return None
