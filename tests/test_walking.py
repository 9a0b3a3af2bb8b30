"""The walk: every source below a folder is listed or counted, nothing hangs it, and ignoring means what git means."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
from pathlib import Path

import pytest

from kwmagic import walking
from kwmagic.model import FileRef
from kwmagic.walking import BINARY, HIDDEN, IGNORED, LINKED, UNKNOWN, VENDORED, walk

FIFO = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no FIFOs here")
POSIX = pytest.mark.skipif(os.name != "posix", reason="names and links as on POSIX")


def plant(root: Path, *files: str, **texts: str) -> None:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text(texts.get(file, ""), "utf-8")


def paths(root: Path, *, everything: bool = False) -> list[str]:
    return [ref.path for ref in walk(str(root), everything=everything).files]


def problems(root: Path) -> dict[str, str]:
    return {ref.path: ref.problem.message for ref in walk(str(root)).files if ref.problem}


def test_lists_sources_sorted_with_their_files_and_counts_the_rest(tmp_path: Path) -> None:
    plant(tmp_path, "b.py", "a/z.pyi", "a.py", "x.py/inner.py", "data.bin", "README")
    (tmp_path / "tool").write_text("#!/usr/bin/env python3\n")
    listing = walk(str(tmp_path))
    assert [ref.path for ref in listing.files] == ["a.py", "a/z.pyi", "b.py", "tool", "x.py/inner.py"]
    assert listing.files[1] == FileRef("a/z.pyi", str(tmp_path / "a" / "z.pyi"))
    assert listing.left_out == {BINARY: 1, UNKNOWN: 1}


def test_exclusions_are_counted_and_lifted_by_everything(tmp_path: Path) -> None:
    left_out = ["node_modules/x.py", "lib/site-packages/y.py", "p-1.0.dist-info/z.py", "venv/lib/v.py", ".hid/h.py"]
    plant(tmp_path, *left_out, "venv/pyvenv.cfg", ".hidden.py", "__pycache__/m.cpython-311.py", "env/own.py", "venv.py")
    listing = walk(str(tmp_path))
    assert [ref.path for ref in listing.files] == ["env/own.py", "venv.py"]
    assert listing.left_out == {HIDDEN: 2, VENDORED: 4}
    assert set(left_out) <= set(paths(tmp_path, everything=True))


def test_exclusions_hold_below_the_target_only(tmp_path: Path) -> None:
    plant(tmp_path, ".venv/lib/site-packages/pkg/lib/m.py", ".venv/pyvenv.cfg")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".gitignore").write_text("lib/\n.venv/\n")
    assert paths(tmp_path) == []
    assert paths(tmp_path / ".venv/lib/site-packages/pkg") == ["lib/m.py"]
    assert paths(tmp_path / ".venv/lib/site-packages") == ["pkg/lib/m.py"]


def test_rules_of_the_repository_hold_in_its_folders(tmp_path: Path) -> None:
    plant(tmp_path, "src/gen/a.py", "src/gen/b.py", "src/own.py", ".git/info/exclude", "src/local.py")
    (tmp_path / ".gitignore").write_text("/src/gen/a.py\n")
    (tmp_path / ".git/info/exclude").write_text("local.py\n")
    assert paths(tmp_path / "src") == ["gen/b.py", "own.py"]
    assert walk(str(tmp_path / "src")).left_out == {IGNORED: 2}
    assert paths(tmp_path / "src" / "gen") == ["b.py"]


def test_a_repository_inside_has_its_own_rules(tmp_path: Path) -> None:
    plant(tmp_path, "a.py", "inner/a.py", "inner/b.py", "inner/.git/HEAD")
    (tmp_path / ".gitignore").write_text("a.py\n")
    (tmp_path / "inner/.gitignore").write_text("b.py\n")
    assert paths(tmp_path) == ["inner/a.py"]


@pytest.mark.parametrize(
    "rules",
    [
        b"\xef\xbb\xbfbad.py\r\n",
        b"bad.py   \n",
        b"*.py\n!good.py\n",
        b"/*\n!/good.py\n",
        b"[\n[z-a]\nbad.py\n",
        b"\xff\xfe\nbad.py\n",
        b"**/bad.py",
        b"bad*\n!bad.py/\n",
    ],
)
def test_lines_of_gitignore(tmp_path: Path, rules: bytes) -> None:
    plant(tmp_path, "good.py", "bad.py")
    (tmp_path / ".gitignore").write_bytes(rules)
    assert paths(tmp_path) == ["good.py"]


NAMES = ["a", "b", "foo", "x.py", "y.py", "a.py", "b.gen.py", "build", "foo.py", "a b.py", "d.d"]
SEGMENTS = ["a", "b", "foo", "*", "**", "x.py", "*.py", "?", "[ab]", "[!a].py", "build", "*.gen.py", "f*", "a\\ b.py"]


def _pattern(chance: random.Random) -> str:
    pattern = "/".join(chance.choice(SEGMENTS) for _ in range(chance.choice([1, 1, 1, 2, 2, 3])))
    before = ("!" if chance.random() < 0.35 else "") + ("/" if chance.random() < 0.25 else "")
    return before + pattern + ("/" if chance.random() < 0.3 else "")


def _grow(chance: random.Random, folder: Path, depth: int) -> None:
    folder.mkdir()
    for name in NAMES:
        if name.endswith(".py") and chance.random() < 0.6:
            (folder / name).touch()
        elif not name.endswith(".py") and depth and chance.random() < 0.5:
            _grow(chance, folder / name, depth - 1)
    if depth == 3 or chance.random() < 0.35:
        (folder / ".gitignore").write_text("".join(f"{_pattern(chance)}\n" for _ in range(chance.randint(1, 6))))


@pytest.mark.skipif(shutil.which("git") is None, reason="git is the judge here")
def test_ignores_what_git_ignores(tmp_path: Path) -> None:
    for seed in range(40):
        root = tmp_path / str(seed)
        _grow(random.Random(seed), root, 3)
        subprocess.run(["git", "init", "-q", root], check=True)
        command = ["git", "-C", root, "ls-files", "-z", "-co", "--exclude-standard"]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split("\0")
        assert paths(root) == sorted(name for name in listed if name.endswith(".py")), f"seed {seed}"


@FIFO
def test_special_files_are_reported_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.py")
    os.mkfifo(tmp_path / ".gitignore")
    os.mkfifo(tmp_path / "tool")
    plant(tmp_path, "a.py")
    assert paths(tmp_path) == ["a.py", "x.py"]
    assert problems(tmp_path) == {"x.py": "is a FIFO"}


@POSIX
def test_links_are_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    plant(tmp_path, "root/sub/a.py", "outside/secret.py")
    (root / "same.py").symlink_to("sub/a.py")
    (root / "sub" / "up").symlink_to("..")
    (root / "away").symlink_to(tmp_path / "outside")
    (root / "away.py").symlink_to(tmp_path / "outside" / "secret.py")
    (root / "away.txt").symlink_to(tmp_path / "outside" / "secret.py")
    (root / "gone.py").symlink_to("nothing")
    (root / "loop.py").symlink_to("loop.py")
    assert paths(root) == ["away", "away.py", "gone.py", "loop.py", "sub/a.py"]
    assert problems(root) == {
        "away": "is a link out of the folder, not followed",
        "away.py": "is a link out of the folder, not followed",
        "gone.py": "is a link to nothing",
        "loop.py": "is a link that leads to itself",
    }
    assert walk(str(root)).left_out == {LINKED: 2, UNKNOWN: 1}


@POSIX
def test_a_link_as_target_is_followed(tmp_path: Path) -> None:
    plant(tmp_path, "real/a.py")
    (tmp_path / "link").symlink_to("real")
    assert paths(tmp_path / "link") == ["a.py"]


def test_a_folder_that_can_not_be_listed_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plant(tmp_path, "shut/a.py", "open/b.py")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("shut"):
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(walking.os, "scandir", scandir)
    assert problems(tmp_path) == {"shut": "permission denied"}
    assert paths(tmp_path) == ["open/b.py", "shut"]


@POSIX
@pytest.mark.parametrize(
    "name", ["new\nline.py", "back`tick.py", "sp ace.py", "b\udcffad.py", "'quo\"te.py", "\u202e.py"]
)
def test_odd_names(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert paths(tmp_path) == [name]


def _dig(root: Path, name: str, depth: int) -> None:
    """Folder in folder, deeper than one path can say."""
    descriptor = os.open(root, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir(name, dir_fd=descriptor)
        below = os.open(name, os.O_RDONLY, dir_fd=descriptor)
        os.close(descriptor)
        descriptor = below
    os.close(os.open("leaf.py", os.O_CREAT, dir_fd=descriptor))
    os.close(descriptor)


@POSIX
def test_eleven_hundred_folders_deep(tmp_path: Path) -> None:
    _dig(tmp_path, "d", 1100)
    found = paths(tmp_path)
    subprocess.run(["rm", "-r", tmp_path / "d"], check=True)  # pytest's own clean-up can't
    assert found == ["d/" * 1100 + "leaf.py"]


@POSIX
def test_a_path_that_is_too_long_is_reported(tmp_path: Path) -> None:
    _dig(tmp_path, "d" * 200, 30)
    plant(tmp_path, "a.py")
    found, reported = paths(tmp_path), problems(tmp_path)
    subprocess.run(["rm", "-r", tmp_path / ("d" * 200)], check=True)
    assert found[0] == "a.py"
    assert set(reported.values()) == {"the path is too long for this system"}


def test_enter_decides_which_folders_are_looked_into(tmp_path: Path) -> None:
    plant(tmp_path, "a/x.py", "b/y.py")
    assert [ref.path for ref in walk(str(tmp_path), enter=lambda path: path != "b").files] == ["a/x.py"]
