"""The calls behind `kwmagic build` and `export`, `kwmagic.build` and `.export`: from what the user typed to pages."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from kwmagic import config
from kwmagic.building import build as building
from kwmagic.building.report import Built, Step
from kwmagic.errors import TargetError
from kwmagic.options import ExportOptions, SiteOptions
from kwmagic.progress import PAUSE, Pace, TerminalLine

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from kwmagic.exporting.export import ExportReport

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


def export(
    notebooks: str | os.PathLike[str] | Sequence[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    options: ExportOptions = ExportOptions(),
    execute: bool = False,
    timeout: int | None = None,
    with_pages: str | os.PathLike[str] | None = None,
    mermaid: str | os.PathLike[str] | None = None,
    progress: Watch | None = None,
    say: Callable[[str], None] = print,
) -> ExportReport:
    """Write notebooks as pages: what kwmagic showed in them becomes the page's own content.

    *notebooks* are files, or folders of them; *out* the folder for the pages: `x.ipynb` becomes `x.md` or `x.html`.
    *execute* runs a copy of each notebook in its own folder first, *timeout* seconds a cell at most; *with_pages* is a
    folder of pages that `build` wrote, which links to their sources then lead to; *mermaid* the file `mermaid.min.js`,
    for diagrams on HTML pages. *progress* and *say* as in `build`.

    Raises `TargetError` where there is no such notebook, `OptionError` where what is asked for can't be, `ForeignError`
    where something that is not ours is in a page's place, and `OSError` where a page can't be written.
    """
    from kwmagic.exporting import export as exporting  # noqa: PLC0415  # builds do without

    given = [notebooks] if isinstance(notebooks, (str, os.PathLike)) else notebooks
    with _shown(progress) as watch:
        return exporting.export(
            [os.fsdecode(each) for each in given],
            os.fsdecode(out),
            options=options,
            execute=execute,
            timeout=timeout,
            with_pages=None if with_pages is None else os.fsdecode(with_pages),
            mermaid=None if mermaid is None else os.fsdecode(mermaid),
            progress=lambda phase, done, total: watch(Step(phase, done, total)),
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
