"""What the user typed, understood: an object, a module, a path, a name in a module, in this order.

Nothing of it is imported or run, and nothing live is asked for more than stands in its `__dict__`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any, Literal

from kwmagic import inspection
from kwmagic.errors import TargetError
from kwmagic.inspection import MISSING
from kwmagic.model import Target
from kwmagic.targets.cells import named_cells
from kwmagic.targets.completion import complete
from kwmagic.targets.dotted import followed, named_builtin, named_inside
from kwmagic.targets.modules import named_module
from kwmagic.targets.paths import named_path
from kwmagic.targets.scene import Scene, scene
from kwmagic.targets.suggestions import not_found, other_readings
from kwmagic.targets.wording import is_name, quoted

__all__ = ["Scene", "complete", "resolve"]


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
    for way in (named_cells, _named_object, named_module, named_path, named_inside, named_builtin):
        target = way(word, around)
        if target is not None:
            return replace(target, text=text.strip(), notes=(*target.notes, *other_readings(word, target, around)))
    raise TargetError(not_found(word, around, is_quoted=word != text.strip()))


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text


def _named_object(text: str, around: Scene) -> Target | None:
    first, *rest = text.split(".")
    if not is_name(text) or first not in around.namespace:
        return None
    value: Any = around.namespace[first]
    if not rest and issubclass(type(value), str):
        return _named_by_text(text, str.__str__(value), around)
    if not rest and (file := _as_path(value)) is not None and (target := named_path(file, around)) is not None:
        return replace(target, how=f"{target.how}, named by `{text}`")
    return followed(text, value, rest, around)


def _named_by_text(name: str, text: str, around: Scene) -> Target:
    """The text in a variable is a target itself; the variable is left out, since it may hold its own name."""
    names = {each: value for each, value in around.namespace.items() if each != name}
    try:
        target = _resolve(text, replace(around, namespace=names))
    except TargetError as error:
        raise TargetError(f"{error} (this is what {quoted(name)} holds)") from None
    return replace(target, how=f"{target.how}, named by `{name}`")


def _as_path(value: Any) -> str | None:
    """A path-like object as text: the one thing that is asked of an object, since it is what such an object is for."""
    if inspection.member(type(value), "__fspath__") is MISSING:
        return None
    try:
        return os.fsdecode(value)
    except Exception:  # only looks like a path
        return None
