"""The call behind `kwmagic build` and `kwmagic.build`: from what the user typed to pages on disk."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kwmagic import config
from kwmagic.building import build as building
from kwmagic.building.report import Built, Step
from kwmagic.errors import TargetError
from kwmagic.options import SiteOptions
from kwmagic.progress import PAUSE, Pace, TerminalLine

if TYPE_CHECKING:
    from concurrent.futures import Executor

Watch = Callable[[Step], None]


def build(
    src: str | os.PathLike[str],
    out: str | os.PathLike[str],
    *,
    options: SiteOptions = SiteOptions(),
    jobs: int | None = None,
    executor: Executor | None = None,
    everything: bool = False,
    cache: str | None = None,
    progress: Watch | None = None,
    say: Callable[[str], None] = print,
) -> Built:
    """Write the pages of a whole project, of those that are there already only what changed.

    *src* is a folder, or a package by its name, which is not imported; *out* the folder for the pages; *jobs* the
    number of processes here (None: by the work there is), *executor* one of `concurrent.futures` that does their work
    instead; *everything* includes what a folder excludes; *cache* is the folder that the state of builds is kept in
    (None: as configured). *progress* is called as often as there is something to tell; None: a line of progress where
    somebody sees it. *say* is given the sentences that can't wait for the end.

    Raises `TargetError` where there is no such source, `OptionError` where the two folders can't be those of a build,
    and `OSError` where a page can't be written.
    """
    settings, warnings = config.load(config.working_folder())
    for warning in warnings:
        say(warning)
    folder = folder_of(os.fsdecode(src))
    with _shown(progress) as watch:
        return building.build(
            folder,
            os.fsdecode(out),
            options=options,
            jobs=jobs,
            executor=executor,
            everything=everything,
            cache=cache or config.cache_folder(settings),
            progress=watch,
            say=say,
        )


def folder_of(source: str) -> str:
    """The folder that is meant: one of that path, else that of a package. Raises `TargetError` where there is none."""
    path = os.path.expanduser(source)
    if os.path.isdir(path):
        return path
    from kwmagic import documents  # noqa: PLC0415  # takes as long to import as a build without changes

    found = documents.resolve(source, documents.Scene())
    folder = os.path.join(found.root or "", *found.label.split("."))
    if found.focus is not None or not os.path.isdir(folder):
        raise TargetError(f"{source} is no folder and no package; `kwmagic doc` documents a single file")
    return folder


@contextmanager
def _shown(progress: Watch | None) -> Iterator[Watch]:
    """What to tell of each step: whoever asked, else the notebook or the terminal in front of the user."""
    if progress is not None:
        yield progress
        return
    pace = Pace()
    if (shell := _kernel()) is not None:
        from kwmagic.display import Screen  # noqa: PLC0415  # needs IPython, which is there

        screen = Screen(shell)
        try:
            yield lambda step: screen.tell(pace.words(*step))
        except BaseException:
            screen.stop()
            raise
        screen.end()
        return
    line = TerminalLine(PAUSE)
    try:
        yield lambda step: line.write(pace.words(*step))
    finally:
        line.erase()


def _kernel() -> Any:
    """The shell of the notebook that this runs in; None elsewhere."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell if getattr(shell, "kernel", None) is not None else None
