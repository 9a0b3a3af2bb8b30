"""Sources that change or go while they are read, clocks that go back, edits that time and size do not show."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from stage import CART, NEW, Ran, Stage

OTHER = CART.replace("total", "figure").replace("Holds", "Counts")
"""A third version of the file that changes."""
YEAR = 365 * 86_400
SHIM = """
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>
static long shift(void) { const char *by = getenv("SHIFT"); return by ? atol(by) : 0; }
int clock_gettime(clockid_t id, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
    int code = real(id, at);
    if (!code && id == CLOCK_REALTIME) at->tv_sec += shift();
    return code;
}
time_t time(time_t *at) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    if (at) *at = now.tv_sec;
    return now.tv_sec;
}
"""
PROBLEM_PAGE = "index.md"
"""Lists the files that changed while they were read, so it is of neither version."""


class NoToolError(Exception):
    """What this needs is not installed here."""


def _replace(file: Path, text: str) -> None:
    beside = file.with_name("beside.tmp")
    beside.write_text(text, "utf-8")
    beside.replace(file)


def _in_place(file: Path, text: str) -> None:
    file.write_text(text, "utf-8")


EDITS: dict[str, Callable[[Path, str], None]] = {
    "replaced": _replace,
    "written": _in_place,
    "deleted": lambda file, _: file.unlink(),
}


def held_back(base: Path, moments: int) -> Iterator[str]:
    """Each opening and reading of one source takes 0.4 s, and meanwhile it is replaced, written in place or deleted."""
    if shutil.which("strace") is None:
        raise NoToolError("strace")
    stage = Stage(base)
    for name, edit in EDITS.items():
        changed = _with(stage, edit)
        for moment in range(moments):
            found = _moved(stage, edit, changed, 0.45 + 0.17 * moment)
            yield from (f"{name}, moment {moment + 1}: {each}" for each in found)


def _with(stage: Stage, edit: Callable[[Path, str], None]) -> dict[str, bytes]:
    """The pages of the sources after an edit."""
    stage.reset()
    edit(stage.src / "shop/cart.py", OTHER)
    return stage.fresh()


def _moved(
    stage: Stage, edit: Callable[[Path, str], None], changed: Mapping[str, bytes], seconds: float
) -> Iterator[str]:
    stage.reset()
    file = stage.src / "shop/cart.py"
    timer = threading.Timer(seconds, edit, (file, OTHER))
    timer.start()
    calls = ("-e", "trace=openat,read", "-e", "inject=openat,read:delay_enter=400000")
    ran = stage.run("strace", "-f", "-qq", "-o", str(stage.base / "trace"), "-P", str(file), *calls)
    timer.join()
    yield from _sane(stage, ran, changed)
    stage.before = stage.around()
    yield from stage.settled(changed)


def _sane(stage: Stage, ran: Ran, changed: Mapping[str, bytes]) -> Iterator[str]:
    if ran.code or "Traceback" in ran.said:
        yield f"O3 exit code {ran.code}: {ran.said}"
    held = stage.held()
    if held in (stage.new, changed):
        return
    if "changed" not in ran.said and "no such file" not in ran.said:
        yield f"O3 the pages are of neither version, and nothing is said: {ran.said}"
    held.pop(PROBLEM_PAGE)
    yield from stage.torn(held, changed)


def swapped(base: Path, builds: int) -> Iterator[str]:
    """Two versions of a source take turns, without a rest, and another comes and goes."""
    stage = Stage(base)
    changed = _with(stage, _replace)
    stage.reset()
    (stage.src / "shop/more.py").write_text("MORE = 1\n")
    _replace(stage.src / "shop/cart.py", CART.replace("total", "amount"))
    with_more = [stage.fresh()]
    _replace(stage.src / "shop/cart.py", OTHER)
    with_more.append(stage.fresh())
    for number in range(builds):
        stage.reset()
        with _swapping(stage):
            ran = stage.run(more=("-j", "1" if number % 2 else "2"))
        if ran.code or "Traceback" in ran.said:
            yield f"build {number + 1}: O3 exit code {ran.code}: {ran.said}"
        held = stage.held()
        held.pop(PROBLEM_PAGE, None)
        for each in stage.torn(held, changed, *with_more):
            if "shop/cart.py" in each:
                yield f"build {number + 1}: {each}"
        stage.before = stage.around()
        yield from (f"build {number + 1}: {each}" for each in stage.settled())


@contextmanager
def _swapping(stage: Stage) -> Iterator[None]:
    stopped = threading.Event()
    file, more = stage.src / "shop/cart.py", stage.src / "shop/more.py"

    def swap() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            (_replace if number % 4 < 2 else _in_place)(file, (OTHER, NEW["shop/cart.py"])[number % 2])
            if number % 2:
                more.write_text("MORE = 1\n")
            else:
                more.unlink(missing_ok=True)
            time.sleep(0.003)

    thread = threading.Thread(target=swap)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
        _replace(file, NEW["shop/cart.py"])
        more.unlink(missing_ok=True)


def unseen_edits(base: Path) -> Iterator[str]:
    """Edits that keep size and time, by writing and by another file in the place; times of any sort."""
    stage = Stage(base)
    text = NEW["shop/cart.py"].replace("amount", "figure")
    for name, edit in {"written": _in_place, "moved": _replace}.items():
        stage.reset()
        stage.run()
        file = stage.src / "shop/cart.py"
        status = file.stat()
        edit(file, text)
        os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
        yield from (f"{name}: {each}" for each in _taken_over(stage))


def _taken_over(stage: Stage) -> Iterator[str]:
    """One run, and the pages are those of the sources."""
    ran = stage.run()
    if ran.code or "Traceback" in ran.said:
        yield f"O3 exit code {ran.code}: {ran.said}"
    found, wanted = stage.held(), stage.fresh()
    yield from (f"O2 {path}" for path in sorted(found.keys() | wanted) if found.get(path) != wanted.get(path))


def odd_times(base: Path) -> Iterator[str]:
    """All files of 1970, of the far future, of before the epoch: nothing is written for it, and an edit is seen."""
    stage = Stage(base)
    for when in (0, int(time.time()) + 10 * YEAR, 2**33, -YEAR):
        stage.reset()
        stage.run()
        _touch(stage.src, when)
        yield from (f"{when}: {each}" for each in _nothing_to_do(stage))
        (stage.src / "shop/cart.py").write_text(OTHER)
        _touch(stage.src, when)
        yield from (f"{when}: {each}" for each in _taken_over(stage))


def _touch(folder: Path, when: int) -> None:
    for file in [*folder.rglob("*")]:
        with suppress(OverflowError):
            os.utime(file, (when, when))


def _nothing_to_do(stage: Stage, *before: str) -> Iterator[str]:
    ran = stage.run(*before)
    if ran.code or ": 0 written" not in ran.said or " 0 removed" not in ran.said:
        yield f"something was written: {ran.said}"


def clocks(base: Path) -> Iterator[str]:
    """The system's clock goes a year on, then two years back."""
    library = base / "shift.so"
    (base / "shift.c").write_text(SHIM)
    if shutil.which("gcc") is None:
        raise NoToolError("gcc")
    subprocess.run(["gcc", "-shared", "-fPIC", "-o", str(library), str(base / "shift.c"), "-ldl"], check=True)
    probe = ["env", f"LD_PRELOAD={library}", f"SHIFT={YEAR}", "python3", "-c", "import time; print(time.time())"]
    said = subprocess.run(probe, capture_output=True, text=True, check=True).stdout
    if float(said) < time.time() + YEAR / 2:
        raise NoToolError("a shim that moves the clock")
    stage = Stage(base / "stages")
    for first, second in ((YEAR, -YEAR), (-YEAR, YEAR), (0, -YEAR)):
        stage.reset()
        stage.run("env", f"LD_PRELOAD={library}", f"SHIFT={first}")
        back = ("env", f"LD_PRELOAD={library}", f"SHIFT={second}")
        yield from (f"{first} then {second}: {each}" for each in _nothing_to_do(stage, *back))
        (stage.src / "shop/cart.py").write_text(OTHER)
        stage.run(*back)
        yield from (f"{first} then {second}: {each}" for each in _nothing_to_do(stage))
        yield from (f"{first} then {second}: {each}" for each in _taken_over(stage))
