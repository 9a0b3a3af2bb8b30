"""The commands that work on files: what they print, and what the process exits with."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from typing import TYPE_CHECKING

from kwmagic.arguments import export_options, site_options
from kwmagic.errors import OptionError
from kwmagic.mdtext import one_line
from kwmagic.progress import Progress

if TYPE_CHECKING:
    import argparse
    from concurrent.futures import Executor

    from kwmagic.building.report import Built
    from kwmagic.checking import Checked


def build(args: argparse.Namespace) -> tuple[int, Iterable[str]]:
    """Build; the exit code and the lines of the summary."""
    from kwmagic import config, publishing  # noqa: PLC0415  # wrong use is answered without it

    settings, _ = config.load(config.working_folder())
    options = site_options(args, settings)
    progress = Progress(is_quiet=args.quiet)
    with closing(progress), _executor(args.executor) as workers:
        built = publishing.build(
            args.source,
            args.output,
            options=options,
            jobs=args.jobs,
            executor=workers,
            everything=args.everything,
            progress=lambda step: progress.step(*step),
            say=progress.say,
        )
        failed = bool(built.blocked or (args.strict and built.problems))
        dead, lines = _dead(args, progress)
    return int(failed or dead), [*summary(built), *lines]


def export(args: argparse.Namespace) -> tuple[int, Iterable[str]]:
    """Export; the exit code and the lines of the summary."""
    from kwmagic import publishing  # noqa: PLC0415  # wrong use is answered without it

    progress = Progress(is_quiet=args.quiet)
    with closing(progress):
        exported = publishing.export(
            args.notebooks,
            args.output,
            options=export_options(args),
            execute=args.execute,
            timeout=args.timeout,
            with_pages=args.with_pages,
            mermaid=args.mermaid,
            progress=lambda step: progress.step(*step),
            say=progress.say,
        )
        dead, lines = _dead(args, progress)
    pages = len(exported.pages)
    told = f"{pages:,} page{'' if pages == 1 else 's'}: {exported.written:,} written, {exported.unchanged:,} unchanged"
    failed = args.strict and exported.problems
    return int(bool(failed) or dead), [*_problems(exported.problems), f"{told}, in {exported.seconds:,.1f} s", *lines]


def notebook(args: argparse.Namespace) -> tuple[int, Iterable[str]]:
    """Write a notebook; what to do with it."""
    from kwmagic import composing  # noqa: PLC0415  # wrong use is answered without it

    if not args.target:
        raise OptionError("a target is needed: a package, a module or a folder; see --help")
    folder = os.path.dirname(os.path.abspath(args.output))
    text = composing.notebook_text(" ".join(args.target), folder=folder)
    try:
        with open(args.output, "x", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
    except FileExistsError:  # it may hold the author's words
        raise OptionError(f"{args.output} is there already; choose another name with -o") from None
    return 0, [f"{args.output} is written: run it, add your words, then `kwmagic export {args.output} -o OUT`"]


def check(args: argparse.Namespace) -> tuple[int, Iterable[str]]:
    """Check; the exit code and what is dead."""
    progress = Progress(is_quiet=args.quiet)
    with closing(progress):
        checked = _checked(args, progress)
    lines = [checked.json_text().rstrip("\n")] if args.format == "json" else checked.lines()
    return int(bool(checked.dead)), lines


def _executor(name: str | None) -> AbstractContextManager[Executor | None]:
    if not name:
        return nullcontext()
    from kwmagic import clusters  # noqa: PLC0415  # few builds have one

    return clusters.named(name)


def _dead(args: argparse.Namespace, progress: Progress) -> tuple[bool, Iterable[str]]:
    """Whether links of the pages just written lead nowhere, where that was asked for, and what is said of it."""
    if not args.check:
        return False, ()
    checked = _checked(args, progress)
    ours = checked._replace(dead=tuple(each for each in checked.dead if each.is_ours))
    return bool(ours.dead), ours.lines()


def _checked(args: argparse.Namespace, progress: Progress) -> Checked:
    from kwmagic import checking  # noqa: PLC0415  # not every build is checked

    jobs = vars(args).get("jobs")  # an export has none
    return checking.check(args.output, jobs, lambda done, total: progress.step("checking", done, total))


def summary(built: Built) -> Iterator[str]:
    """What a build did, a line each: what could not be done, notes, then the figures."""
    yield from _problems(built.problems)
    yield from map(one_line, built.blocked)
    yield from map(one_line, built.notes)
    count = len(built.problems)
    met = f", {count:,} problem{'' if count == 1 else 's'}" if count else ""
    yield (
        f"{built.pages:,} pages of {built.files:,} files: {built.written:,} written, {built.unchanged:,} unchanged, "
        f"{built.removed:,} removed{met}, in {built.seconds:,.1f} s"
    )


def _problems(problems: Sequence[tuple[str, int, str]]) -> Iterator[str]:
    """Each with its place; what is wrong with many files alike is said once, with all of them."""
    alike: dict[str, list[str]] = {}
    for path, line, message in problems:
        if not line:
            alike.setdefault(message, []).append(path)
    for path, line, message in problems:
        if line:
            yield one_line(f"{path}:{line}: {message}")
        elif len(alike[message]) == 1:
            yield one_line(f"{path}: {message}")
    for message, paths in alike.items():
        if len(paths) > 1:
            yield one_line(f"{len(paths):,} files: {message}: {', '.join(paths)}")
