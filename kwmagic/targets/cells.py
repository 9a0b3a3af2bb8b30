"""The notebook's cells as targets, and the cell that an object came from."""

from __future__ import annotations

import ast
import os
import re
import sys
import warnings
from collections.abc import Iterator

from kwmagic.inspection import Place
from kwmagic.model import FileRef, Target
from kwmagic.targets.scene import Scene

_IN = re.compile(r"In\[(\d+)\]")
_CELL_FILE = re.compile(r"<ipython-input-(\d+)-")
_PYTHON_CELL_MAGICS = frozenset(("%%time", "%%timeit", "%%capture", "%%prun"))


def named_cells(text: str, around: Scene) -> Target | None:
    """`.` where it means the cells run so far, `In[3]`."""
    if text == "." and around.dot == "cells":
        numbers = [n for n, cell in enumerate(around.cells) if _python_of(cell).strip()]
        files = tuple(_cell_ref(n, around.cells[n]) for n in numbers)
        return Target(text, "this notebook", "the cells run so far", files)
    if (match := _IN.fullmatch(text)) and int(match[1]) < len(around.cells) and around.cells[int(match[1])]:
        return Target(text, text, "cell", (_cell_ref(int(match[1]), around.cells[int(match[1])]),))
    return None


def cell_of(where: Place, around: Scene) -> FileRef | None:
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


def other_cells(name: str, around: Scene) -> Iterator[FileRef]:
    """The cells in which a name occurs, but not those that were only run again."""
    seen: set[str] = set()
    word = re.compile(rf"\b{re.escape(name)}\b")
    for number, cell in enumerate(around.cells):
        if cell not in seen and word.search(cell):
            seen.add(cell)
            yield _cell_ref(number, cell)


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


def _cell_ref(number: int, source: str) -> FileRef:
    return FileRef(f"In[{number}]", data=_python_of(source).encode("utf-8", "replace"))


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
