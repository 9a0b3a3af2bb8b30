"""Entries that are no plain files, names that hurt, trees and expressions that are very deep."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from stage import Stage, write

LONG = 100_000
"""Nested operators."""
SPARSE = 300 * 2**20
"""Bytes."""
MOST = 100 * 2**20
"""Bytes of the pages of a thousand folders, with each folder's path in some of them."""


def _odd_files(folder: Path) -> dict[str, str]:
    """Make them; name -> a word of what must be said of it, or nothing."""
    os.mkfifo(folder / "fifo.py")
    with closing(socket.socket(socket.AF_UNIX)) as bound:
        here = os.open(folder, os.O_RDONLY)  # the path of a socket is short
        bound.bind(f"/proc/self/fd/{here}/socket.py")
        os.close(here)
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "loop").symlink_to("..", target_is_directory=True)
    (folder / "gone.py").symlink_to("nowhere.py")
    with open(folder / "big.py", "wb") as stream:
        stream.truncate(SPARSE)
    names = (b"b\xffad.py", b"new\nline.py", b"`tick`.py", b"a [b](c).py", b"-o.py", b"<b>.py", b"caf\xc3\xa9.py")
    for name in names:
        (folder / os.fsdecode(name)).write_text("FINE = 1\n")
    (folder / "nul.py").write_bytes(b"X = 1\n\0\n")
    (folder / "bytes.py").write_bytes(b"X = '\xff\xfe'\n")
    (folder / "cookie.py").write_bytes(b"# -*- coding: klingon -*-\nX = 1\n")
    (folder / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\nX = '\xe9'\n")
    words = {"fifo.py": "FIFO", "socket.py": "socket", "loop.py": "link", "gone.py": "gone.py", "big.py": "big.py"}
    return {**words, "cookie.py": "klingon", "nul.py": "nul.py", "bytes.py": "bytes.py"}


def odd_entries(base: Path) -> Iterator[str]:
    """Entries that block, lead nowhere, are too big, are no text or have names that hurt: each is told, the rest is as
    it would be without."""
    if sys.platform != "linux":
        return
    stage = Stage(base)
    stage.reset()
    (stage.src / "odd").mkdir()
    words = _odd_files(stage.src / "odd")
    ran = stage.run("timeout", "100")
    if ran.code or "Traceback" in ran.said:
        yield f"O3 exit code {ran.code}: {ran.said}"
    for name, word in words.items():
        if name not in ran.said or word not in ran.said:
            yield f"O3 nothing is said of {name}"
    held = stage.held()
    for path in ("shop/cart.py_docs.md", "odd/latin.py_docs.md", "odd/`tick`.py_docs.md", "odd/caf\u00e9.py_docs.md"):
        if path not in held:
            yield f"{path} is missing"
    if len([path for path in held if path.startswith("odd/") and "FINE" in held[path].decode()]) < 7:
        yield "a file with an odd name has no page"
    shutil.rmtree(stage.src / "odd")
    yield from stage.settled()


def deep_expressions(base: Path) -> Iterator[str]:
    """Expressions and blocks that no parser's stack can hold, in this process and in workers."""
    stage = Stage(base)
    texts = {
        "brackets": f"X = {'(' * LONG}1{')' * LONG}\n",
        "minus": f"X = {'-' * LONG}1\n",
        "sum": f"X = 1{' + 1' * LONG}\n",
        "attributes": f"X = a{'.b' * LONG}\n",
        "calls": f"X = a{'()' * LONG}\n",
        "lambdas": f"X = {'lambda: ' * LONG}1\n",
        "elifs": "if a: pass\n" + "elif b: pass\n" * 10_000,
        "blocks": "".join(f"{' ' * depth}if x:\n" for depth in range(1_500)) + " " * 1_500 + "pass\n",
        "types": f"def f(x: {'list[' * LONG}int{']' * LONG}): ...\n",
    }
    for jobs in ("1", "2"):
        stage.reset()
        write(stage.src / "deep", {f"{name}.py": f"FINE = 1\n\n\n{text}" for name, text in texts.items()})
        ran = stage.run("timeout", "200", more=("-j", jobs))
        if ran.code or "Traceback" in ran.said:
            yield f"-j {jobs}: O3 exit code {ran.code}: {ran.said[-900:]}"
        held = stage.held()
        missing = [name for name in texts if f"deep/{name}.py_docs.md" not in held and f"{name}.py" not in ran.said]
        yield from (f"-j {jobs}: nothing of deep/{name}.py" for name in missing)
        shutil.rmtree(stage.src / "deep")
        yield from (f"-j {jobs}: {each}" for each in stage.settled())


def deep_folders(base: Path) -> Iterator[str]:
    """A thousand folders, one in the other."""
    stage = Stage(base)
    stage.reset()
    here = os.open(stage.src, os.O_RDONLY)
    for _ in range(1_000):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    with open(os.open("x.py", os.O_WRONLY | os.O_CREAT, dir_fd=here), "w", encoding="utf-8") as stream:
        stream.write("DEEP = 1\n")
    os.close(here)
    try:
        ran = stage.run("timeout", "500")
        if ran.code or "Traceback" in ran.said:
            yield f"O3 exit code {ran.code}: {ran.said[-900:]}"
        if not (stage.out / "/".join(["d"] * 1_000) / "x.py_docs.md").exists():
            yield "the file at the bottom has no page"
        size = int(subprocess.run(["du", "-sb", stage.out], capture_output=True, check=True).stdout.split()[0])
        if size > MOST:
            yield f"the pages are {size:,} bytes"
        _emptied(stage.src / "d")
        ran = stage.run("timeout", "500")
        if ran.code or (stage.out / "d").exists():
            yield f"O2 exit code {ran.code}: {ran.said[-900:]}"
    finally:
        _emptied(stage.src / "d", stage.out / "d")
    yield from stage.settled()


def _emptied(*folders: Path) -> None:
    """Python 3.11 can't remove folders that are so deep."""
    subprocess.run(["rm", "-rf", *folders], check=True)
