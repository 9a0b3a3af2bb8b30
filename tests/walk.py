"""A walk of random edits over a repository: after each step, a build that goes on from the last one must have written
just what a build from nothing writes.

`python tests/walk.py REPOSITORY [--steps 300] [--seed 1]` clones the repository and walks over its history.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from kwmagic.building.build import build
from kwmagic.options import DocOptions, SiteOptions

TEXTS = (".py", ".md", ".toml", ".yml", ".yaml", ".json", ".txt", ".ipynb", ".sh", ".c", ".h", ".cfg")
OPTIONS = (
    SiteOptions(),
    SiteOptions(source_url="https://example.org/blob/main/{path}#L{line}"),
    SiteOptions(format="mkdocs"),
    SiteOptions(doc=DocOptions(without=("source", "related"))),
)


class Walk:
    """One repository, one output that is built again and again, one that is always new."""

    def __init__(self, repository: Path, scratch: Path, seed: int) -> None:
        self.repository = repository
        self.source = repository
        self.out, self.clean = scratch / "a" / "out", scratch / "b" / "out"
        self.caches = scratch / "caches"
        self.random = random.Random(seed)
        self.options = OPTIONS[0]
        self.number = 0
        self.steps: tuple[Callable[[], str], ...] = (
            *(self.insert, self.insert, self.delete_lines, self.swap_word, self.swap_word, self.rename, self.move),
            *(self.remove, self.copy, self.touch, self.restore, self.commit, self.checkout, self.choose),
            *(self.damage_page, self.remove_page, self.lose_cache, self.hand_write, self.remove_folder, self.nothing),
        )

    # --- steps ------------------------------------------------------------------------------------------------------

    def insert(self) -> str:
        """A line more: what stands below it moves."""
        path = self.text()
        lines = self.lines(path)
        place = self.random.randrange(len(lines) + 1)
        new = self.random.choice(("# a remark", "import os", "", "VALUE = 1", '"""A text."""', "def added(): ..."))
        path.write_text("\n".join([*lines[:place], new, *lines[place:]]), encoding="utf-8")
        return f"insert {new!r} at {place} of {path.name}"

    def delete_lines(self) -> str:
        path = self.text()
        lines = self.lines(path)
        place = self.random.randrange(len(lines) or 1)
        del lines[place : place + self.random.randint(1, 5)]
        path.write_text("\n".join(lines), encoding="utf-8")
        return f"delete lines at {place} of {path.name}"

    def swap_word(self) -> str:
        """Another name, of the same length as often as not."""
        path = self.text()
        text = path.read_text(encoding="utf-8", errors="replace")
        words = sorted({word for word in text.replace("(", " ").replace(".", " ").split() if word.isidentifier()})
        if not words:
            return "swap nothing"
        old = self.random.choice(words)
        new = self.random.choice((old[::-1], f"{old}_2", self.random.choice(words)))
        path.write_text(text.replace(old, new), encoding="utf-8")
        return f"{old} -> {new} in {path.name}"

    def rename(self) -> str:
        path = self.file()
        new = path.with_name(
            self.random.choice((path.name.upper(), f"new_{path.name}", f"{path.stem}{self.number}.py"))
        )
        if new.exists():
            return "rename nothing"
        path.rename(new)
        return f"{path.name} -> {new.name}"

    def move(self) -> str:
        path, folder = self.file(), self.random.choice([self.source, *self.folders()])
        if (folder / path.name).exists():
            return "move nothing"
        path.rename(folder / path.name)
        return f"move {path.name} to {folder.name}"

    def remove(self) -> str:
        path = self.file()
        path.unlink()
        return f"remove {path.name}"

    def remove_folder(self) -> str:
        folders = self.folders()
        if len(folders) < 4:
            return "remove no folder"
        shutil.rmtree(folder := self.random.choice(folders))
        return f"remove folder {folder.name}"

    def copy(self) -> str:
        path = self.file()
        shutil.copy2(path, path.with_name(f"copy{self.number}_{path.name}"))
        return f"copy {path.name}"

    def touch(self) -> str:
        path = self.file()
        os.utime(path, (self.number, self.number))
        return f"touch {path.name}"

    def restore(self) -> str:
        self.git("checkout", "-q", "-f", "HEAD", "--", ".")
        return "restore"

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", f"step {self.number}")
        return "commit"

    def checkout(self) -> str:
        """Any commit of the history, with all that was changed thrown away."""
        commit = self.random.choice(self.git("rev-list", "--all").split())
        self.git("checkout", "-q", "-f", commit)
        self.git("clean", "-q", "-f", "-d")
        return f"checkout {commit[:8]}"

    def begin_again(self) -> str:
        """The first commit, as little is left to walk over."""
        self.git("checkout", "-q", "-f", self.git("rev-list", "--max-parents=0", "--all").split()[-1])
        self.git("clean", "-q", "-f", "-d")
        return "begin again"

    def choose(self) -> str:
        self.options = self.random.choice(OPTIONS)
        return f"options {OPTIONS.index(self.options)}"

    def damage_page(self) -> str:
        page = self.random.choice(self.pages())
        page.write_bytes(page.read_bytes()[: self.random.randrange(50)])
        return f"damage {page.name}"

    def remove_page(self) -> str:
        page = self.random.choice(self.pages())
        page.unlink()
        return f"remove page {page.name}"

    def lose_cache(self) -> str:
        shutil.rmtree(self.caches / "a")
        return "lose the cache"

    def hand_write(self) -> str:
        """A file of somebody else in both outputs: it stays."""
        for out in (self.out, self.clean):
            (out / f"notes{self.number}.md").write_text("by hand\n", encoding="utf-8")
        return "notes by hand"

    def nothing(self) -> str:
        return "nothing"

    # --- what there is ----------------------------------------------------------------------------------------------

    def git(self, *words: str) -> str:
        settings = ("-c", "user.name=W", "-c", "user.email=w@example.org")
        return subprocess.run(
            ["git", *settings, *words], cwd=self.repository, check=True, capture_output=True, text=True
        ).stdout

    def file(self) -> Path:
        return self.random.choice(sorted(self.below(lambda path: path.is_file())))

    def text(self) -> Path:
        return self.random.choice(sorted(self.below(lambda path: path.is_file() and path.suffix in TEXTS)))

    def folders(self) -> list[Path]:
        return sorted(self.below(Path.is_dir))

    def below(self, wanted: Callable[[Path], bool]) -> Iterator[Path]:
        for path in self.source.rglob("*"):
            if ".git" not in path.parts and wanted(path):
                yield path

    @staticmethod
    def lines(path: Path) -> list[str]:
        return path.read_text(encoding="utf-8", errors="replace").split("\n")

    def pages(self) -> list[Path]:
        return sorted(path for path in self.out.rglob("*") if path.is_file() and not path.name.startswith("notes"))

    # --- walking ----------------------------------------------------------------------------------------------------

    def step(self) -> str:
        """Take one step and build both ways; raises `AssertionError` where the outputs differ."""
        self.number += 1
        few = sum(1 for _ in self.below(lambda path: path.is_file() and path.suffix in TEXTS)) < 5
        action = self.random.choice(self.steps) if not few else self.begin_again
        said = action() if self.number > 1 else "the beginning"
        for page in self.clean.rglob("*"):
            if page.is_file() and not page.name.startswith("notes"):
                page.unlink()
        shutil.rmtree(self.caches / "b", ignore_errors=True)
        self.build(self.out, "a")
        self.build(self.clean, "b")
        differ = differences(self.out, self.clean)
        assert not differ, f"step {self.number}, {said}: {differ[:5]} of {len(differ)}"
        return said

    def build(self, out: Path, cache: str) -> None:
        build(str(self.source), str(out), options=self.options, jobs=1, cache=str(self.caches / cache), say=sys.exit)


def differences(one: Path, other: Path) -> list[str]:
    """The files that are not the same, or in one folder only."""
    contents = [
        {path.relative_to(out): path.read_bytes() for path in out.rglob("*") if path.is_file()} for out in (one, other)
    ]
    mine, theirs = contents
    return sorted(str(path) for path in mine.keys() | theirs.keys() if mine.get(path) != theirs.get(path))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository")
    parser.add_argument("--steps", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--below", default="", help="the folder of the repository that is documented")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        clone = Path(scratch, "repository")
        subprocess.run(["git", "clone", "-q", args.repository, str(clone)], check=True)
        walk = Walk(clone, Path(scratch), args.seed)
        walk.source = clone / args.below
        taken = Counter(walk.step().split()[0] for _ in range(args.steps))
        print(f"{args.steps} steps, no difference: {dict(taken)}")


if __name__ == "__main__":
    main()
