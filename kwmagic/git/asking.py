"""How git is asked: so that nothing a repository holds or configures can run code, in bounded time and space.

Only commands that read objects and refs are given to it: none of them runs filters, hooks, pagers, external diffs,
text conversions or a monitor of files. What git would run on its own is turned off for every question; and where it
would fetch what a partial clone lacks, no protocol is allowed.
"""

from __future__ import annotations

import os
import subprocess
import threading
from contextlib import suppress
from typing import NamedTuple

_FLAGS = (
    *("--no-optional-locks", "--no-pager"),
    *("-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "-c", f"core.hooksPath={os.devnull}"),
)
_SETTINGS = {
    "GIT_NO_LAZY_FETCH": "1",  # from 2.44 on
    "GIT_ALLOW_PROTOCOL": "",  # so does the list of nothing, in any version
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",  # reasons are told apart by their words
}
_ELSEWHERE = frozenset(
    (
        *("GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_INDEX_FILE", "GIT_NAMESPACE", "GIT_PREFIX"),
        *("GIT_GLOB_PATHSPECS", "GIT_NOGLOB_PATHSPECS", "GIT_ICASE_PATHSPECS"),
        *("GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_SHALLOW_FILE", "GIT_GRAFT_FILE"),
    )
)
"""Set by a hook or a script around us: they would make git speak of another repository than the folder's."""


class Answer(NamedTuple):
    """What git said."""

    code: int
    """Of its exit; not 0 where it was stopped."""
    out: bytes
    error: str
    whole: bool = True
    """Whether this is all of it: False where time or space ran out."""

    @property
    def succeeded(self) -> bool:
        """Whether git did what it was asked, to the end."""
        return self.code == 0 and self.whole


def ask(
    folder: str,
    *words: str,
    given: bytes | None = None,
    seconds: float = 5.0,
    most: int = 64 * 2**20,
    literal: bool = True,
) -> Answer | None:
    """Run git in a folder, *given* on its input; None where there is no git, or no such folder.

    After *seconds*, or *most* bytes, it is stopped, and the answer is what came until then. Paths are taken as they
    stand, where the command knows how to (*literal*).
    """
    program = _program()
    if program is None:
        return None
    kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    try:
        process = subprocess.Popen(
            [program, *_FLAGS, *(("--literal-pathspecs",) if literal else ()), *map(_argument, words)],
            cwd=folder,
            env=kept | _SETTINGS,
            stdin=subprocess.PIPE if given is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
    except (OSError, ValueError):  # a NUL in a word
        return None
    with process:
        return _received(process, given, seconds, most)


def _received(process: subprocess.Popen[bytes], given: bytes | None, seconds: float, most: int) -> Answer:
    assert process.stdout is not None
    assert process.stderr is not None
    late = threading.Event()
    errors: list[bytes] = []
    helpers = [threading.Thread(target=_drain, args=(process, errors), daemon=True)]
    if given is not None:
        helpers.append(threading.Thread(target=_feed, args=(process, given), daemon=True))
    timer = threading.Timer(seconds, _stop, (process, late))
    timer.daemon = True
    try:
        for thread in (*helpers, timer):
            thread.start()
        out = process.stdout.read(most + 1)
        if len(out) > most:
            _stop(process, late)
        for thread in helpers:
            thread.join()
        code = process.wait()
    finally:
        timer.cancel()
        process.kill()  # nothing where it has ended; on Ctrl-C it has not
    return Answer(code, out[:most], b"".join(errors).decode("utf-8", "replace").strip(), not late.is_set())


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _drain(process: subprocess.Popen[bytes], into: list[bytes]) -> None:
    """Keep the beginning of what it complains of; the rest must not fill the pipe."""
    assert process.stderr is not None
    into.append(process.stderr.read(10_000))
    while process.stderr.read(65_536):
        pass


def _feed(process: subprocess.Popen[bytes], given: bytes) -> None:
    assert process.stdin is not None
    with suppress(OSError):  # it has ended
        process.stdin.write(given)
    with suppress(OSError):
        process.stdin.close()


def _program() -> str | None:
    """Where git is: only absolute folders of PATH count, and never the working folder, where Windows looks first."""
    name = "git.exe" if os.name == "nt" else "git"
    places = (os.path.join(folder, name) for folder in os.get_exec_path() if os.path.isabs(folder))
    return next((each for each in places if os.path.isfile(each) and os.access(each, os.X_OK)), None)


def _argument(word: str) -> str | bytes:
    """A word as the system takes it: undecodable bytes of paths as they were."""
    return word if os.name == "nt" else os.fsencode(word)
