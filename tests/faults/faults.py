"""Meets builds with every fault that is known to happen, but single system calls (`sweep.py`).

`python tests/faults/faults.py [NAME …]` prints a line for each fault, and what went wrong; it exits with 1 if anything
did. NAME is that of a fault or of its module; without any, all run, some minutes.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import disks
import ends
import kept
import moving
import odd
import trees

Check = Callable[..., Iterator[str]]
MISSING = (disks.NoDiskError, moving.NoToolError)
"""Raised where a fault can't be made here."""


class Fault(NamedTuple):
    """One fault, and how often it is made."""

    check: Check
    whole: tuple[Any, ...] = ()
    """Arguments of the check, behind its folder."""
    short: tuple[Any, ...] | None = None
    """The same in the short form; None: it has none."""

    @property
    def module(self) -> str:
        """Where it is described."""
        return self.check.__module__

    @property
    def name(self) -> str:
        """Its own."""
        return self.check.__name__


FAULTS = (
    Fault(ends.interrupted, (25,)),
    Fault(ends.killed, (25,)),
    Fault(ends.worker_killed, (25,)),
    Fault(ends.together, (5,)),
    Fault(ends.waited_for, (5,), (1,)),
    Fault(ends.lock_survives_nobody),
    Fault(disks.full_output, (7,)),
    Fault(disks.full_cache, (4,)),
    Fault(disks.read_only_cache),
    Fault(disks.read_only_output),
    Fault(disks.not_mine, (), ()),
    Fault(kept.damaged),
    Fault(kept.damaged_briefly),
    Fault(kept.in_the_way),
    Fault(kept.lost_in_part),
    Fault(kept.planted),
    Fault(kept.power_lost, (), ()),
    Fault(moving.held_back, (8,)),
    Fault(moving.swapped, (20,)),
    Fault(moving.unseen_edits),
    Fault(moving.odd_times),
    Fault(moving.clocks),
    Fault(trees.output_in_sources),
    Fault(trees.refused),
    Fault(trees.edited),
    Fault(trees.edited_briefly),
    Fault(odd.odd_entries, (), ()),
    Fault(odd.deep_expressions),
    Fault(odd.deep_folders),
    Fault(trees.foreign),
    Fault(trees.by_hand),
)


def found(fault: Fault) -> tuple[int, str]:
    """Make a fault in a folder of its own; how much is wrong, and what to print."""
    started, name = time.monotonic(), f"{fault.module}.{fault.name}"
    with tempfile.TemporaryDirectory(prefix="kwmagic-faults-") as base:
        try:
            wrong = [*fault.check(Path(base), *fault.whole)]
        except MISSING as error:
            return 0, f"{name}: can't be made here ({type(error).__name__}: {error})"
    said = [f"{name}: {len(wrong) or 'nothing'} wrong, {time.monotonic() - started:.0f} s"]
    return len(wrong), "\n".join([*said, *(f"    {each}" for each in wrong)])


def main() -> int:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("names", nargs="*", help=", ".join(fault.name for fault in FAULTS))
    names = {*parser.parse_args().names}
    chosen = [fault for fault in FAULTS if not names or names & {fault.name, fault.module}]
    bad = 0
    for fault in chosen:
        number, text = found(fault)
        bad += number
        print(text, flush=True)
    print(f"{len(chosen)} faults, {bad} wrong")
    return bool(bad or not chosen)


if __name__ == "__main__":
    sys.exit(main())
