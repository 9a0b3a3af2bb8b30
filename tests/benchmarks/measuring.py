"""Two things timed in turn, A B A B, so that what else the machine does meets both alike."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import NamedTuple

Timed = Callable[[], float]
"""Runs once; the seconds it took."""


class Row(NamedTuple):
    """One line of the result, as text."""

    what: str
    ours: str
    peer: str = "–"
    ratio: str = "–"
    target: str = "–"
    met: str = "–"


def call(work: Callable[[], object]) -> Timed:
    """The seconds of one call."""

    def run() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return run


def process(command: Sequence[str], cwd: str | None = None) -> Timed:
    """The seconds from the start of a process to its end; its output is thrown away."""
    return call(lambda: subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE))


def processor_time(command: Sequence[str], cwd: str | None = None) -> Timed:
    """The seconds of processor time that a process and its children take, in user and in system mode."""

    def run() -> float:
        before = os.times()
        subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        after = os.times()
        return (after.children_user - before.children_user) + (after.children_system - before.children_system)

    return run


def compare(
    what: str, ours: Timed, peer: Timed, *, most: float, rounds: int, warm: bool = True, faster: bool = False
) -> Row:
    """Our time against a peer's; the ratio is the median of those of the rounds.

    The target is at *most* so many times the peer's time; with *faster*, the peer's is at least so many times ours.
    """
    if warm:
        ours(), peer()
    pairs = [(ours(), peer()) for _ in range(rounds)]
    ratio = median(theirs / mine if faster else mine / theirs for mine, theirs in pairs)
    met = ratio >= most if faster else ratio <= most
    return Row(
        what,
        spread([mine for mine, _ in pairs]),
        spread([theirs for _, theirs in pairs]),
        f"{ratio:.2f}×" + (" faster" if faster else ""),
        f"≥ {most:g}× faster" if faster else f"≤ {most:g}×",
        verdict(met),
    )


def within(what: str, times: Sequence[float], most: float) -> Row:
    """Times against a limit in seconds."""
    return Row(what, spread(times), target=f"≤ {seconds(most)}", met=verdict(median(times) <= most))


def skipped(what: str, why: str) -> Row:
    """A line for what was not measured."""
    return Row(what, f"skipped: {why}")


def spread(times: Sequence[float]) -> str:
    """The median, the shortest and the longest."""
    return f"{seconds(median(times))} ({seconds(min(times))} – {seconds(max(times))})"


def seconds(time_taken: float) -> str:
    """`1.23 s`, or `45.6 ms` below a second."""
    return f"{time_taken:.2f} s" if time_taken >= 1 else f"{time_taken * 1000:.1f} ms"


def verdict(met: bool) -> str:
    return "yes" if met else "**no**"
