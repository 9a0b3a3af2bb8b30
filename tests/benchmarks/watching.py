"""What a process and all that it starts take: time, processor time and memory."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_EVERY = 0.05
"""Seconds between two looks at the memory."""


class Taken(NamedTuple):
    """By a process and its descendants."""

    wall: float
    """Seconds from the start to the end."""
    processor: float
    """Seconds in user and system mode, of all that were waited for."""
    memory: int
    """Bytes at the peak, pages that several share counted once; 0 where the system does not tell."""
    own: int
    """Bytes at the peak of the first process alone."""
    other: int
    """Bytes at the peak of the largest of the others."""


def watched(command: Sequence[str], cwd: str | None = None, variables: Mapping[str, str] | None = None) -> Taken:
    """Run a command; raises `CalledProcessError`, with what it said last, where it fails."""
    before, start = os.times(), time.perf_counter()
    environment = {**os.environ, **(variables or {})}
    quiet = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=cwd, env=environment, stdin=quiet, stdout=quiet, stderr=subprocess.PIPE
    ) as process:
        done = threading.Event()
        peaks = [0, 0, 0]
        looking = threading.Thread(target=_look, args=(process.pid, peaks, done))
        looking.start()
        _, said = process.communicate()
        wall = time.perf_counter() - start
        done.set()
        looking.join()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(command), stderr=said[-2000:])
    after = os.times()
    taken = after.children_user - before.children_user + after.children_system - before.children_system
    return Taken(wall, taken, *peaks)


def _look(first: int, peaks: list[int], done: threading.Event) -> None:
    while not done.wait(_EVERY) and sys.platform == "linux":
        now = {number: _memory(number) for number in _tree(first)}
        own = now.pop(first, 0)
        for place, value in enumerate((own + sum(now.values()), own, max(now.values(), default=0))):
            peaks[place] = max(peaks[place], value)


def _tree(first: int) -> list[int]:
    """A process and its descendants."""
    found = [first]
    for number in found:
        try:
            texts = [each.read_text("ascii") for each in Path(f"/proc/{number}/task").glob("*/children")]
        except OSError:  # it has just ended
            continue
        found += [int(each) for text in texts for each in text.split()]
    return found


def _memory(number: int) -> int:
    try:
        lines = Path(f"/proc/{number}/smaps_rollup").read_text("ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)
