"""Whether a file is as it was, by what the system tells of it without reading it."""

from __future__ import annotations

import os
import time

State = tuple[int, int, int, int]
"""Size in bytes, mtime and ctime in nanoseconds, inode."""
SETTLED = 2.0
"""Seconds after its last change until a file's times can be trusted; those of FAT are that coarse."""


def state_of(status: os.stat_result) -> State:
    """What changes with the content."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def is_settled(state: State) -> bool:
    """Whether the next change of the file will show in its times."""
    return abs(time.time_ns() - max(state[1:3])) >= SETTLED * 1e9
