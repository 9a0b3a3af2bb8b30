"""Paths as targets: files, folders, patterns, and parts of a file."""

from __future__ import annotations

import glob
import os
import re
from dataclasses import replace
from fnmatch import fnmatchcase

from kwmagic.errors import TargetError
from kwmagic.model import FileRef, Target
from kwmagic.sources import reason
from kwmagic.targets import live_facts
from kwmagic.targets.scene import Scene
from kwmagic.targets.wording import left_out, quoted
from kwmagic.walking import walk

_LINE = re.compile(r"(.+):(\d+)")


def named_path(text: str, around: Scene) -> Target | None:
    """A file, a folder, a pattern or a part of a file; raises `TargetError` for what is there but can't be used."""
    file = os.path.join(around.cwd, os.path.expanduser(text))
    try:
        os.stat(file)
    except FileNotFoundError as error:
        if os.path.islink(file):
            raise TargetError(f"{quoted(text)} is a link to nothing") from error
    except ValueError:  # a NUL in it
        return None
    except OSError as error:
        if not isinstance(error, NotADirectoryError):
            raise TargetError(f"{quoted(text)}: {reason(error)}") from error
    else:
        return _folder(text, file, around) if os.path.isdir(file) else _file(text, file, around)
    return (_matching(text, file, around) if glob.has_magic(text) else None) or _part_of_file(text, around)


def same_file(one: str, other: str) -> bool:
    """Whether two paths lead to the same place; neither has to exist."""
    return os.path.normcase(os.path.realpath(one)) == os.path.normcase(os.path.realpath(other))


def _label(file: str, around: Scene) -> str:
    """As seen from the working folder; only the last part of what lies elsewhere."""
    file = os.path.normpath(file)
    base = os.path.join(around.cwd, "")
    inside = file.removeprefix(base) if file.startswith(base) else os.path.basename(file)
    return inside.replace(os.sep, "/") or "/"


def _file(text: str, file: str, around: Scene, focus: str | None = None) -> Target:
    file = os.path.normpath(file)
    ref = FileRef(os.path.basename(file), file)
    target = Target(text, _label(file, around), "file", (ref,), os.path.dirname(file), focus)
    return replace(target, notes=live_facts.of_file(file, target, around))


def _folder(text: str, file: str, around: Scene) -> Target:
    file = os.path.normpath(file)
    listing = walk(file, everything=around.everything)
    if len(listing.files) == 1 and listing.files[0].path == "." and (problem := listing.files[0].problem):
        raise TargetError(f"{quoted(text)}: {problem.message}")
    return Target(text, _label(file, around), "folder", listing.files, file, notes=left_out(listing.left_out))


def _part_of_file(text: str, around: Scene) -> Target | None:
    """`file.py::Class.method`, `file.py:123`; the second gives the focus `:123`."""
    name, mark, focus = text.partition("::")
    if not mark:
        match = _LINE.fullmatch(text)
        name, focus = (match[1], f":{match[2]}") if match else ("", "")
    file = os.path.join(around.cwd, os.path.expanduser(name))
    return _file(text, file, around, focus) if focus and name and os.path.isfile(file) else None


def _matching(text: str, pattern: str, around: Scene) -> Target | None:
    """A glob: it never enters what a walk would not, unless it names it; a folder that matches is taken whole."""
    parts = os.path.normpath(pattern).split(os.sep)
    fixed = next(index for index, part in enumerate(parts) if glob.has_magic(part))
    base, rest = os.sep.join(parts[:fixed]) or os.sep, parts[fixed:]
    if not os.path.isdir(base):
        return None
    listing = walk(base, everything=around.everything, enter=lambda path: bool(_reached(path, rest)))
    matched = tuple(ref for ref in listing.files if len(rest) in _reached(ref.path, rest))
    return Target(text, text, "files that match a pattern", matched, base) if matched else None


def _reached(path: str, pattern: list[str]) -> set[int]:
    """How many parts of the pattern the path can have used up; all of them is a match, none left a dead end."""
    reached = _skipped({0}, pattern)
    for part in path.split("/"):
        after = {index for index in reached if index == len(pattern) or pattern[index] == "**"}
        after |= {index + 1 for index in reached - after if fnmatchcase(part, pattern[index])}
        reached = _skipped(after, pattern)
    return reached


def _skipped(reached: set[int], pattern: list[str]) -> set[int]:
    """`**` may stand for nothing."""
    for index, part in enumerate(pattern):
        if part == "**" and index in reached:
            reached = reached | {index + 1}
    return reached
