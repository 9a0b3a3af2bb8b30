"""A build that is ended at any moment, and builds that meet: Ctrl-C, SIGKILL, several at once, one killed that others
wait for."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from stage import SETUPS, Stage

INTERRUPTED = "kwmagic build: interrupted; run again to go on\n"
_STARTED = 0.1
"""Seconds after which Python itself runs, and Ctrl-C has an answer."""
_PATIENCE = 10.0
"""Seconds in which the processes of a build that was killed must have ended."""


def interrupted(base: Path, moments: int) -> Iterator[str]:
    """SIGINT: one line and 130, or the build was done; what was written is not written again."""
    yield from _at_moments(base, moments, signal.SIGINT)


def killed(base: Path, moments: int) -> Iterator[str]:
    """SIGKILL, to the first process alone: the others end by themselves."""
    yield from _at_moments(base, moments, signal.SIGKILL)


def _at_moments(base: Path, moments: int, number: signal.Signals) -> Iterator[str]:
    for setup in SETUPS:
        stage = Stage(base / setup, setup)
        for jobs in (1, 2):
            stage.reset()
            started = time.monotonic()
            stage.run(more=("-j", str(jobs)))
            whole = time.monotonic() - started
            for moment in range(moments):
                where = f"{setup}, -j {jobs}, moment {moment + 1} of {moments}"
                found = _ended(stage, jobs, _STARTED + whole * moment / moments, number)
                yield from (f"{where}: {each}" for each in found)


def _ended(stage: Stage, jobs: int, seconds: float, number: signal.Signals) -> Iterator[str]:
    stage.reset()
    with stage.start("-j", str(jobs), "--quiet") as process:
        time.sleep(seconds)
        process.send_signal(number)
        said, errors = process.communicate(timeout=60)
    if number is signal.SIGINT and (process.returncode, said, errors) != (130, "", INTERRUPTED) and process.returncode:
        yield f"O3 exit code {process.returncode}: {said}{errors}"
    yield from _left_running(process.pid)
    held = stage.held()
    yield from stage.torn(held)
    done = {path: _inode(stage, path) for path, data in held.items() if data and data == stage.new.get(path)}
    yield from stage.settled()
    again = [path for path in done if done[path] != _inode(stage, path)]
    if again:
        yield f"pages that were done are written again: {again[:3]} of {len(again)}"


def _inode(stage: Stage, path: str) -> int:
    file = stage.out / path
    return file.stat().st_ino if file.exists() else 0


def _left_running(session: int) -> Iterator[str]:
    """Processes of a build that has ended (Linux)."""
    end = time.monotonic() + _PATIENCE
    while left := [each for each in Path("/proc").glob("[0-9]*/stat") if _is_alive(each, session)]:
        if time.monotonic() > end:
            yield f"O5 {len(left)} processes run on"
            return
        time.sleep(0.02)


def worker_killed(base: Path, moments: int) -> Iterator[str]:
    """SIGKILL to one of the processes that work for a build: it ends well, and what is not as it should be is said."""
    stage, met = Stage(base), 0
    for moment in range(moments):
        stage.reset()
        with stage.start("-j", "2", "--quiet") as process:
            met += _one_killed(process, moment % 3 + 1, 0.01 * moment)
            said, errors = process.communicate(timeout=60)
        where = f"moment {moment + 1} of {moments}"
        if process.returncode or "Traceback" in errors:
            yield f"{where}: O3 exit code {process.returncode}: {said}{errors}"
        elif stage.held() != stage.new and "problem" not in said:
            yield f"{where}: O3 the pages are other than those of a clean build: {said}{errors}"
        yield from _left_running(process.pid)
        yield from (f"{where}: {each}" for each in stage.settled())
    if not met:
        yield "no process was ever met"


def _one_killed(process: subprocess.Popen[str], number: int, seconds: float) -> bool:
    """Kill the *number*th process that a build starts, some time after it is seen; False where there was none."""
    seen: set[str] = set()
    while process.poll() is None:
        for stat in Path("/proc").glob("[0-9]*/stat"):
            if stat.parent.name != str(process.pid) and _is_alive(stat, process.pid):
                seen.add(stat.parent.name)
                if len(seen) == number:
                    time.sleep(seconds)
                    with suppress(ProcessLookupError):
                        os.kill(int(stat.parent.name), signal.SIGKILL)
                    return True
    return False


def _is_alive(stat: Path, session: int) -> bool:
    try:
        words = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return int(words[3]) == session and words[0] not in "ZX"


def together(base: Path, rounds: int) -> Iterator[str]:
    """Four builds started at once."""
    for setup in SETUPS:
        stage = Stage(base / setup, setup)
        for turn in range(rounds):
            stage.reset()
            for number, process in enumerate([stage.start("--quiet") for _ in range(4)]):
                said, errors = process.communicate(timeout=120)
                if process.returncode or "Traceback" in errors:
                    yield f"{setup}, round {turn + 1}, build {number + 1}: O3 {process.returncode}: {said}{errors}"
            if stage.held() != stage.new:
                yield f"{setup}, round {turn + 1}: O2 the pages are other than those of a clean build"
            yield from _unsound(stage.cache)
            yield from (f"{setup}, round {turn + 1}: {each}" for each in stage.settled())


def _unsound(cache: Path) -> Iterator[str]:
    for file in cache.glob("*.sqlite"):
        with closing(sqlite3.connect(file)) as connection:
            said = connection.execute("PRAGMA integrity_check").fetchall()
        if said != [("ok",)]:
            yield f"{file.name} is damaged: {said}"


def waited_for(base: Path, rounds: int) -> Iterator[str]:
    """One build is killed while another waits for it: the other goes on at once, and does all of the work."""
    stage = Stage(base, "first")
    for turn in range(rounds):
        stage.reset()
        first = stage.start("--quiet")
        stopped = _stopped_with_lock(stage, first)
        second = stage.start()
        assert second.stderr is not None
        line = second.stderr.readline() if stopped else ""
        first.kill()
        first.communicate()
        _, errors = second.communicate(timeout=60)
        if not stopped:
            yield f"round {turn + 1}: the first build never held a lock"
        elif "waiting" not in line:
            yield f"round {turn + 1}: O3 the second did not say that it waits, but {line!r}"
        elif second.returncode or "Traceback" in errors or stage.held() != stage.new:
            yield f"round {turn + 1}: O2 the second exits with {second.returncode}: {errors}"
        yield from stage.settled()


def _stopped_with_lock(stage: Stage, process: subprocess.Popen[str]) -> bool:
    """Stop a build while it has the lock on its output; False where it ended before."""
    while process.poll() is None:
        os.kill(process.pid, signal.SIGSTOP)
        if any(_is_held(file) for file in stage.cache.glob("build-*.lock")):
            return True
        os.kill(process.pid, signal.SIGCONT)
        time.sleep(0.005)
    return False


def _is_held(file: Path) -> bool:
    import fcntl  # noqa: PLC0415  # not on Windows

    with open(file, "rb") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def lock_survives_nobody(base: Path) -> Iterator[str]:
    """What a build that is gone leaves in the cache does not stop the next: a lock file of whatever content."""
    stage = Stage(base, "changed")
    stage.reset()
    for file in stage.cache.glob("*.lock"):
        file.write_text("99999999\n")
    ran = stage.run()
    if ran.code:
        yield f"O2 exit code {ran.code}: {ran.said}"
    yield from stage.settled()
