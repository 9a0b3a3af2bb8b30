"""Which part of a target is asked for: one definition with what is inside it, or the notebook's own names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches

from kwmagic import analysis
from kwmagic.errors import TargetError
from kwmagic.model import FILE, FileFacts, Symbol, Target, is_part
from kwmagic.pages.compared import Comparison


def focused(target: Target, facts: FileFacts) -> tuple[Target, FileFacts]:
    """Only the definition that was asked for, by name or by a line of it, with what is inside it.

    The whole file for a line that is in none; raises `TargetError` for a name that is not defined.
    """
    defined = [each for each in facts.symbols if FILE not in each.flags]
    focus = target.focus or ""
    if focus.startswith(":"):
        line = int(focus[1:])
        around = [each for each in defined if each.line <= line <= each.end_line and not each.cell]
        if not around:
            return replace(target, focus=None), facts
        focus = around[-1].qualname  # the innermost, as symbols stand in the order of their lines
        target = replace(target, focus=focus, how=f"`{focus}` in the {target.how}")
    focus = _qualname(focus, defined)
    found = tuple(each for each in facts.symbols if is_part(each.qualname, focus))
    if found:
        how = f"`{focus}` in the file" if target.how == "file" else target.how
        return replace(target, focus=focus, how=how), replace(facts, symbols=found)
    close = get_close_matches(focus, sorted({each.qualname for each in defined}), 3)
    hint = f" Did you mean: {', '.join(close)}?" if close else ""
    raise TargetError(f"no '{focus}' is defined in {facts.path}.{hint}")


def _qualname(name: str, defined: Sequence[Symbol]) -> str:
    """The one of which *name* is the last part, where nothing else ends so but what is inside it: `c10::Device`."""
    if any(each.qualname == name for each in defined):
        return name
    ends = sorted((each.qualname for each in defined if each.name == name), key=len)
    return ends[0] if ends and all(each.startswith(ends[0]) for each in ends) else name


def as_notebook(target: Target, files: list[FileFacts]) -> tuple[Target, list[FileFacts]]:
    """For the notebook's own names: cells that define nothing are left out, names defined twice are said."""
    if target.root is not None or not all(facts.path.startswith("In[") for facts in files):
        return target, files
    kept = [replace(facts, symbols=facts.symbols[1:]) for facts in files]
    kept = [facts for facts in kept if facts.symbols or facts.imports or facts.problems]
    cells: dict[str, list[str]] = defaultdict(list)
    for facts in kept:
        for name in dict.fromkeys(each.qualname for each in facts.symbols if each.qualname == each.name):
            cells[name].append(facts.path)
    again = [
        f"`{name}` is defined in {', '.join(paths)}; the last one run counts."
        for name, paths in cells.items()
        if len(paths) > 1
    ]
    return replace(target, notes=(*target.notes, *again)), kept


def focus_of_both(target: Target, compared: Comparison) -> Target:
    """The target with the name that its definition has now, or had before where it is gone.

    Raises `TargetError` where neither state has it.
    """
    try:
        return focused(target, analysis.analyse(target.files[0]))[0]
    except TargetError:
        before = [each.old for each in compared.files if each.old is not None]
        if not before:
            raise
        return focused(target, before[0])[0]
