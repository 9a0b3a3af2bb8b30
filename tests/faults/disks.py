"""Disks that are full or read-only, and folders that can't be used; needs Linux and the right to mount."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from stage import BY_HAND, Stage, write

SIZES = (16, 32, 48, 64, 96, 120, 144)
"""Kilobytes of the output's disk in a first build."""
MORE = (0, 4, 8, 12, 16, 24)
"""Kilobytes beside the pages of the last build."""
_RIGHTS = "-dac_override,-dac_read_search"
_BOUND = ("setpriv", f"--bounding-set={_RIGHTS}", f"--inh-caps={_RIGHTS}")
"""Root as any other user, as far as files are concerned."""
FULL = "No space left on device"


class NoDiskError(Exception):
    """Nothing can be mounted here."""


@contextmanager
def disk(folder: Path, size: str = "8m", files: Mapping[str, bytes] | None = None) -> Iterator[None]:
    """A disk of its own at *folder*, with *files*; *size* counts from when these are there."""
    folder.mkdir(exist_ok=True, parents=True)
    try:
        _mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", str(folder))
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoDiskError(str(error)) from None
    try:
        for path, data in (files or {}).items():
            _put(folder / path, data)
        _mount("-o", f"remount,size={size}", str(folder))
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def _put(file: Path, data: bytes) -> None:
    if data:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def _mount(*words: str) -> None:
    subprocess.run(["mount", *words], check=True, capture_output=True)


def _used(folder: Path) -> int:
    """Kilobytes."""
    status = os.statvfs(folder)
    return (status.f_blocks - status.f_bfree) * status.f_frsize // 1024


def full_output(base: Path, sizes: int) -> Iterator[str]:
    """The disk of the output is full after some kilobytes; then it has room."""
    first = Stage(base / "first", "first")
    for size in SIZES[:: max(len(SIZES) // sizes, 1)]:
        first.reset()
        with disk(first.out, f"{size}k"):
            write(first.out, BY_HAND)
            yield from (f"first, {size} kB: {each}" for each in _filled(first))
    changed = Stage(base / "changed")
    for more in MORE[:: max(len(MORE) // sizes, 1)]:
        changed.reset()
        with disk(changed.out, files=changed.held()):
            _mount("-o", f"remount,size={_used(changed.out) + more}k", str(changed.out))
            yield from (f"changed, {more} kB more: {each}" for each in _filled(changed))


def _filled(stage: Stage) -> Iterator[str]:
    ran = stage.run()
    if ran.code and (ran.code != 1 or FULL not in ran.said or str(stage.out) not in ran.said):
        yield f"O3 exit code {ran.code}: {ran.said}"
    yield from stage.told(ran)
    yield from stage.torn(stage.held())
    _mount("-o", "remount,size=8m", str(stage.out))
    yield from stage.settled()


def full_cache(base: Path, sizes: int) -> Iterator[str]:
    """The disk of the cache is full: the build goes on without, and says so."""
    stage = Stage(base)
    for size in (4, 16, 32, 64)[-sizes:]:
        stage.reset()
        shutil.rmtree(stage.cache)
        with disk(stage.cache, f"{size}k"):
            yield from (f"{size} kB: {each}" for each in _without_cache(stage))


def _without_cache(stage: Stage) -> Iterator[str]:
    ran = stage.run()
    if ran.code:
        yield f"O3 exit code {ran.code}: {ran.said}"
    yield from stage.told(ran)
    if str(stage.cache) not in ran.said:
        yield f"O3 nothing is said of the cache: {ran.said}"
    yield from stage.settled()


def read_only_cache(base: Path) -> Iterator[str]:
    """The cache can't be written, with what the last build left in it, and empty."""
    stage = Stage(base)
    for files in ({file.name: file.read_bytes() for file in _kept(stage)}, {}):
        stage.reset()
        with disk(stage.cache, files=files):
            _mount("-o", "remount,ro", str(stage.cache))
            yield from (f"{len(files)} files: {each}" for each in _without_cache(stage))


def _kept(stage: Stage) -> list[Path]:
    stage.reset()
    return sorted(stage.cache.iterdir())


def read_only_output(base: Path) -> Iterator[str]:
    """One line and an exit code; nothing changed. Where nothing is to be done, success is right too."""
    stage = Stage(base)
    stage.reset()
    with disk(stage.out, files=stage.held()):
        _mount("-o", "remount,ro", str(stage.out))
        yield from _refused(stage)
        _mount("-o", "remount,rw", str(stage.out))
        yield from stage.settled()
        _mount("-o", "remount,ro", str(stage.out))
        ran = stage.run()
        if ran.code not in {0, 1} or "Traceback" in ran.said:
            yield f"O3 nothing to do: exit code {ran.code}: {ran.said}"
    stage.reset()
    stage.out = stage.out / "below/it"
    with disk(stage.out.parent):
        _mount("-o", "remount,ro", str(stage.out.parent))
        yield from _refused(stage)


def _refused(stage: Stage) -> Iterator[str]:
    before = stage.held()
    ran = stage.run("timeout", "60")
    if ran.code != 1 or "Read-only file system" not in ran.said or str(stage.out) not in ran.said:
        yield f"O3 exit code {ran.code}: {ran.said}"
    if len(ran.said.strip().splitlines()) > 3:
        yield f"O3 more than a line: {ran.said}"
    if stage.held() != before:
        yield "O1 something was changed"


def not_mine(base: Path) -> Iterator[str]:
    """Folders that the user may not write: first the cache, which is done without, then the output, too."""
    stage = Stage(base)
    stage.reset()
    words = _BOUND if os.geteuid() == 0 else ()
    _locked(stage.cache)
    if subprocess.run([*words, "touch", str(stage.cache / "probe")], capture_output=True, check=False).returncode == 0:
        raise NoDiskError("root may write everywhere")
    try:
        ran = stage.run(*words)
        if ran.code or str(stage.cache) not in ran.said:
            yield f"cache: O3 exit code {ran.code}: {ran.said}"
        yield from (f"cache: {each}" for each in stage.told(ran))
        (stage.src / "shop/cart.py").write_text("CHANGED = 1\n")
        before = stage.held()
        _locked(stage.out)
        ran = stage.run(*words)
        if ran.code != 1 or "Permission denied" not in ran.said or "Traceback" in ran.said:
            yield f"output: O3 exit code {ran.code}: {ran.said}"
        if stage.held() != before:
            yield "output: O1 something was changed"
    finally:
        for folder in (stage.cache, stage.out):
            _locked(folder, 0o700)
    found, wanted = stage.clean(), stage.fresh()
    if found != wanted:
        yield "O2 the pages are other than those of a clean build"


def _locked(folder: Path, mode: int = 0o500) -> None:
    for each in [folder, *folder.rglob("*")]:
        each.chmod(mode if each.is_dir() else mode & 0o600)
