"""What else may be meant: other readings of a target that was found, close matches to one that was not."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

from kwmagic.model import Target
from kwmagic.targets.completion import names_below, paths_below, top_names
from kwmagic.targets.paths import same_file
from kwmagic.targets.scene import Scene
from kwmagic.targets.wording import is_name, quoted


def other_readings(text: str, target: Target, around: Scene) -> Iterator[str]:
    """The same words as a module or a path, where another reading came first."""
    if not is_name(text) or target.how in {"file", "folder"}:
        return
    file = os.path.join(around.cwd, text)
    if os.path.lexists(file) and not (target.root and same_file(file, os.path.join(target.root, text))):
        kind = "folder" if os.path.isdir(file) else "file"
        yield f"A {kind} `{text}` also exists here; write `./{text}` for it."


def not_found(text: str, around: Scene, *, is_quoted: bool) -> str:
    """What is wrong with the text, in one sentence, and what may be meant instead."""
    if not is_quoted and len(text.split()) > 1:
        return f"one target at a time: {quoted(text)} is no path (quote a path that holds spaces)"
    close = _close(text, around)
    hint = f". Did you mean: {', '.join(close)}?" if close else "; check the spelling, or give a path such as ./folder"
    return f"no module, path or object {quoted(text)}{hint}"


def _close(text: str, around: Scene) -> list[str]:
    from difflib import get_close_matches  # noqa: PLC0415  # only once something is wrong

    deadline = time.monotonic() + 0.5
    names = {*top_names(around, deadline), *(each.rstrip("/") for each in paths_below("", around, deadline))}
    head = text.rpartition("." if is_name(text) else "/")[0]
    if is_name(text) and head:
        names |= {f"{head}.{name}" for name in names_below(head, around)}
    elif head:
        names |= set(paths_below(f"{head}/", around, deadline))
    return get_close_matches(text, sorted(name for name in names if name.isprintable()), n=3)
