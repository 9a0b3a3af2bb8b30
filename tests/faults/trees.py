"""Sources and outputs of odd shapes: one inside the other, what goes or is renamed, entries that are no plain files."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from stage import BY_HAND, NEW, Stage, write

LONG = 100_000
"""Nested operators."""
SPARSE = 300 * 2**20
"""Bytes."""
MOST = 100 * 2**20
"""Bytes of the pages of a thousand folders, with each folder's path in some of them."""


def output_in_sources(base: Path) -> Iterator[str]:
    """An output below the sources, by its name or through a link, is not documented; nor is one of another build."""
    stage = Stage(base)
    for place, link in (("docs/api", None), ("docs/api", "elsewhere"), ("site", "../linked")):
        stage.reset()
        stage.out = stage.src / place
        stage.out.mkdir(parents=True)
        if link is not None:
            (stage.src / link).symlink_to(stage.out, target_is_directory=True)
            stage.out = stage.src / link
        counts = [len(_built(stage)) for _ in range(3)]
        if len({*counts}) > 1:
            yield f"{place}, {link}: the number of pages grows: {counts}"
        if any("_docs.md_" in each or each.startswith(("docs/", "site/")) for each in _built(stage)):
            yield f"{place}, {link}: pages of pages"
        shutil.rmtree(stage.cache)
        stage.out = base / "stage/out"
        found = _built(stage)
        if any("_docs.md_" in each or each.startswith(("docs/", "site/")) for each in found):
            yield f"{place}, {link}: pages of the pages of another output"
        for each in (stage.src / "../linked", stage.src / "elsewhere"):
            each.unlink(missing_ok=True)


def _built(stage: Stage) -> list[str]:
    ran = stage.run()
    return [*stage.held()] if not ran.code else [ran.said]


def refused(base: Path) -> Iterator[str]:
    """The output is the source folder, or above it: exit code 2, one line, and nothing is written."""
    stage = Stage(base)
    stage.reset()
    (stage.base / "link").symlink_to(stage.src, target_is_directory=True)
    for out in (stage.src, stage.src / "shop/..", stage.base / "link", stage.src.parent, stage.base):
        before = _everything(base)
        real, stage.out = stage.out, out
        ran = stage.run()
        stage.out = real
        if ran.code != 2 or len(ran.said.splitlines()) != 1:
            yield f"{out}: O3 exit code {ran.code}: {ran.said}"
        if _everything(base) != before:
            yield f"{out}: O5 something was written"


def _everything(base: Path) -> list[tuple[str, int]]:
    return sorted((str(each), each.stat().st_size) for each in base.rglob("*") if each.name != "trace")


def _move(old: str, new: str) -> Callable[[Stage], object]:
    def edit(stage: Stage) -> None:
        (stage.src / new).parent.mkdir(parents=True, exist_ok=True)
        (stage.src / old).rename(stage.src / new)

    return edit


def _file_to_folder(stage: Stage) -> None:
    (stage.src / "shop/cart.py").unlink()
    write(stage.src, {"shop/cart.py/cart.py": "X = 1\n", "shop/cart.py/index.md": "# Mine\n"})


def _folder_to_file(stage: Stage) -> None:
    shutil.rmtree(stage.src / "shop/m")
    write(stage.src, {"shop/m": "#!/usr/bin/env python3\nX = 1\n", "shop/m.py": "X = 1\n"})


def _all_removed(stage: Stage) -> None:
    shutil.rmtree(stage.src)
    stage.src.mkdir()


def _like_pages(stage: Stage) -> None:
    """Folders and files that are called as pages are."""
    names = (
        "index.md/x.py",
        "shop/cart.py_docs.md/x.py",
        "shop/doc.md",
        "sub.md",
        "keywords.json/a.py",
        "book.md/b.py",
    )
    write(stage.src, {name: f"# {name}\n" for name in names})


EDITS: dict[str, Callable[[Stage], object]] = {
    "file removed": lambda stage: (stage.src / "shop/cart.py").unlink(),
    "folder removed": lambda stage: shutil.rmtree(stage.src / "shop/m"),
    "package removed": lambda stage: shutil.rmtree(stage.src / "shop"),
    "all removed": _all_removed,
    "renamed": _move("shop/cart.py", "shop/basket.py"),
    "other case": _move("shop/cart.py", "shop/CART.py"),
    "folder, other case": _move("shop", "SHOP"),
    "both cases": lambda stage: write(stage.src, {"shop/CART.py": "UPPER = 1\n", "shop/Cart.py": "Mixed = 1\n"}),
    "module to package": _move("shop/cart.py", "shop/cart/__init__.py"),
    "file to folder": _file_to_folder,
    "folder to file": _folder_to_file,
    "like pages": _like_pages,
    "page edited": lambda stage: (stage.out / "shop/cart.py_docs.md").write_text("changed\n"),
    "page cut": lambda stage: os.truncate(stage.out / "shop/cart.py_kw.md", 100),
    "page emptied": lambda stage: (stage.out / "index.md").write_text(""),
    "page removed": lambda stage: (stage.out / "shop/index.md").unlink(),
    "page is a link": lambda stage: _link(stage, "shop/cart.py_docs.md"),
    "twin edited": lambda stage: (stage.out / "keywords.json").write_text("{}"),
    "twin removed": lambda stage: (stage.out / "objects.inv").unlink(),
    "output removed": lambda stage: shutil.rmtree(stage.out / "shop/m"),
    "nothing": lambda _: None,
}


def _link(stage: Stage, page: str) -> None:
    """A page that leads to a file elsewhere, as a forger of outputs would have it."""
    (stage.out / page).rename(stage.base / "elsewhere.md")
    (stage.out / page).symlink_to(stage.base / "elsewhere.md")


def edited(base: Path) -> Iterator[str]:
    """Whatever changes in sources and output: the next build leaves what a build from nothing would; also without the
    cache."""
    stage = Stage(base)
    for name, edit in EDITS.items():
        for is_lost in (False, True):
            found = _edited(stage, edit, is_lost=is_lost)
            yield from (f"{name}{', cache lost' if is_lost else ''}: {each}" for each in found)


def edited_briefly(base: Path) -> Iterator[str]:
    """Some of these."""
    stage = Stage(base)
    for name in ("other case", "file to folder", "like pages"):
        yield from (f"{name}: {each}" for each in _edited(stage, EDITS[name], is_lost=True))


def _edited(stage: Stage, edit: Callable[[Stage], object], *, is_lost: bool) -> Iterator[str]:
    (stage.base / "elsewhere.md").unlink(missing_ok=True)
    stage.reset()
    stage.run()
    edit(stage)
    if is_lost:
        shutil.rmtree(stage.cache)
    before = stage.around()
    ran = stage.run()
    found = stage.held()
    if stage.around() != before:
        yield "O5 something else was touched"
    blocked = [path for path in found if f"{path} " in ran.said or f"{path}:" in ran.said]
    if "Traceback" in ran.said or ran.code != bool(blocked):
        yield f"O3 exit code {ran.code}: {ran.said}"
    wanted = stage.fresh()
    for path in sorted(found.keys() | wanted):
        if found.get(path) != wanted.get(path) and path not in blocked:
            yield f"O2 {path} {'is not there' if path not in found else 'is other than in a clean build'}"


# --- odd entries ------------------------------------------------------------------------------------------------------


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


def by_hand(base: Path) -> Iterator[str]:
    """All sources go, and the cache: pages and their folders go, what others wrote stays."""
    stage = Stage(base)
    for is_lost in (False, True):
        stage.reset()
        stage.run()
        for path in NEW:
            (stage.src / path).unlink()
        if is_lost:
            shutil.rmtree(stage.cache)
        stage.before = stage.around()
        ran = stage.run()
        left = {path for path, data in stage.held().items() if data and path not in BY_HAND and "/" in path}
        if ran.code or left:
            yield f"exit code {ran.code}, left: {sorted(left)}"
        yield from stage.settled(stage.held())
