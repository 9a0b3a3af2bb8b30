"""Fails every system call of a build that writes, one after another, with strace; then looks at what is left.

`python tests/faults/sweep.py [--short] [--calls …] [--kinds …] [--command …]` prints one line for each call and kind of
fault, and what went wrong; it exits with 1 if anything did. A fault is an error (ENOSPC, EIO) at the Nth call, once or
from there on, or SIGKILL at the Nth call; it meets a first build, and one after changes of the sources. What must hold
then is what `stage.py` says.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from stage import COMMAND, SETUPS, Ran, Stage

CALLS = (
    *("write", "pwrite64", "openat", "rename", "renameat2", "unlink", "unlinkat", "mkdir", "rmdir"),
    *(
        "ftruncate",
        "fsync",
        "fdatasync",
        "fallocate",
        "flock",
        "fcntl",
        "fchmod",
        "chmod",
        "utimensat",
        "link",
        "symlink",
    ),
)
"""`openat` only where it may make a file, `fcntl` only where it sets a lock."""
KINDS = ("ENOSPC", "EIO", "SIGKILL")
TELLS = {"write"}
"""Calls that a message needs, too: where they fail from some point on, none can be expected."""


class Fault(NamedTuple):
    """What is done to one call."""

    call: str
    kind: str
    """`ENOSPC`, `EIO` or `SIGKILL`."""
    lasting: bool
    """From the Nth call on, instead of at the Nth alone."""

    def injection(self, number: int) -> str:
        """For strace's `-e inject=`; *number* counts from 1."""
        what = "signal=SIGKILL" if self.kind == "SIGKILL" else f"error={self.kind}"
        return f"{self.call}:{what}:when={number}{'+' if self.lasting else ''}"

    def __str__(self) -> str:
        return f"{self.call:10} {self.kind:8} {'lasting' if self.lasting else 'once':8}"


FAULTS = tuple(
    Fault(call, kind, lasting)
    for call in CALLS
    for kind, lasting in (("ENOSPC", False), ("ENOSPC", True), ("EIO", False), ("EIO", True), ("SIGKILL", False))
)


def traced(stage: Stage, call: str, *more: str) -> Ran:
    """Build, and write down one kind of system call, of all processes."""
    flags = ("-f", "-qq", "-s", "0", "-o", str(stage.base / "trace"), "-e", f"trace={call}")
    faster = () if any("signal=" in word for word in more) else ("--seccomp-bpf",)  # with it, no signal is ever sent
    return stage.run("strace", *faster, *flags, *more)


def places(stage: Stage) -> dict[str, list[int]]:
    """Which calls can be made to fail: name -> their numbers, in the process that makes the most."""
    stage.reset()
    ran = traced(stage, ",".join(CALLS))
    numbers: Counter[tuple[str, str]] = Counter()
    found: dict[str, dict[str, list[int]]] = {}
    for line in ran.trace.splitlines():
        match = re.match(r"(\d+) +(\w+)\(", line)
        if match is None:
            continue
        process, call = match.groups()
        numbers[process, call] += 1
        if (call != "openat" or "O_CREAT" in line) and (call != "fcntl" or "F_SETLK" in line):
            found.setdefault(call, {}).setdefault(process, []).append(numbers[process, call])
    return {call: max(each.values(), key=len) for call, each in found.items()}


def wrong(stage: Stage, fault: Fault, number: int) -> Iterator[str]:
    """What does not hold after one fault; raises `LookupError` where it never came."""
    stage.reset()
    ran = traced(stage, fault.call, "-e", f"inject={fault.injection(number)}")
    if ran.code >= 0 and "(INJECTED)" not in ran.trace:
        raise LookupError(f"{fault} {number}")
    yield from stage.torn(stage.held())
    if fault.kind != "SIGKILL":
        yield from (each for each in stage.told(ran) if not _is_mute(fault, each))
    yield from stage.settled()


def _is_mute(fault: Fault, said: str) -> bool:
    """Whether what is wrong is only that the message itself could not be written."""
    return fault.call in TELLS and ("without a word" in said or (fault.lasting and "a traceback" in said))


class Row(NamedTuple):
    """All points of one fault."""

    setup: str
    fault: Fault
    points: int
    missed: int
    """Where the call was not made this time."""
    wrong: list[str]

    def __str__(self) -> str:
        missed = f", {self.missed} not met" if self.missed else ""
        return f"{self.setup:8} {self.fault} {self.points:4} points{missed}: {len(self.wrong) or 'nothing'} wrong"


def swept(stage: Stage, calls: Sequence[str], kinds: Sequence[str] = KINDS, *, short: bool) -> Iterator[Row]:
    """Every fault of the calls that a build makes; the *short* form takes of each the call in the middle alone."""
    numbers = places(stage)
    for fault in FAULTS:
        if fault.call not in calls or fault.kind not in kinds or fault.call not in numbers:
            continue
        there = numbers[fault.call]
        chosen = [there[len(there) // 2]] if short else there
        found: list[str] = []
        missed = 0
        for number in chosen:
            try:
                found += [f"{number}: {each}" for each in wrong(stage, fault, number)]
            except LookupError:
                missed += 1
        if missed == len(chosen):
            found.append("the fault never came")
        yield Row(stage.setup, fault, len(chosen) - missed, missed, found)


def printed(
    command: Sequence[str], setup: str, calls: Sequence[str], kinds: Sequence[str], *, short: bool
) -> tuple[int, int]:
    """Print the rows of one setup as they come; how many points there were, and how much was wrong."""
    points = bad = 0
    with tempfile.TemporaryDirectory(prefix="kwmagic-sweep-") as base:
        for row in swept(Stage(Path(base), setup, command), calls, kinds, short=short):
            points, bad = points + row.points, bad + len(row.wrong)
            print("\n".join([str(row), *(f"    {each}" for each in row.wrong)]), flush=True)
    return points, bad


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--calls", default=",".join(CALLS))
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--command", default=" ".join(COMMAND), help="with {src} and {out}")
    args = parser.parse_args()
    with ThreadPoolExecutor(len(SETUPS)) as pool:
        command, calls = args.command.split(), args.calls.split(",")
        kinds = args.kinds.split(",")
        found = pool.map(lambda setup: printed(command, setup, calls, kinds, short=args.short), SETUPS)
        points, bad = map(sum, zip(*found, strict=True))
    print(f"{points} points, {bad} wrong")
    return bool(bad or not points)


if __name__ == "__main__":
    sys.exit(main())
