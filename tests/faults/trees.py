"""Sources and outputs that change, and one inside the other."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from stage import BY_HAND, NEW, Stage, write


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
        if found.get(path) != wanted.get(path) and path not in blocked and not (blocked and path == "objects.inv"):
            yield f"O2 {path} {'is not there' if path not in found else 'is other than in a clean build'}"


def foreign(base: Path) -> Iterator[str]:
    """Something else is in the place of a page: each build names it and ends with 1, until it is gone."""
    stage = Stage(base, "first")
    for page in ("index.md", "book.md", "shop/sub.md", "shop/cart.py_docs.md", "shop/m/n.py_kw.md", "objects.inv"):
        for make in (_text, Path.mkdir):
            stage.reset()
            (stage.out / page).parent.mkdir(parents=True, exist_ok=True)
            make(stage.out / page)
            for turn in ("first", "second"):
                ran = stage.run()
                if ran.code != 1 or page not in ran.said or "Traceback" in ran.said:
                    yield f"{page}, {turn}: O3 exit code {ran.code}: {ran.said}"
            if not (stage.out / page).exists():
                yield f"{page}: O5 it is gone"
            _away(stage.out / page)
            yield from (f"{page}: {each}" for each in stage.settled())


def _text(file: Path) -> None:
    file.write_text("by hand")


def _away(path: Path) -> None:
    if path.is_dir():
        path.rmdir()
    else:
        path.unlink(missing_ok=True)


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
