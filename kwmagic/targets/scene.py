"""Where a target is looked for: the user's names, modules, folders and cells."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, Literal

from kwmagic.errors import TargetError
from kwmagic.finders import Module, find_module


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

    def find_module(self, name: str) -> Module | None:
        """The module of this name, imported or importable here."""
        return find_module(name, self.modules, self.path)


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
