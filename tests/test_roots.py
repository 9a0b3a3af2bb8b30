"""Where the project around a file begins."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kwmagic.projects.roots import Root, root_of


def planted(folder: Path, *names: str) -> str:
    """Empty files, and the path of the first."""
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch()
    return str(folder / names[0])


def test_the_nearest_mark(tmp_path: Path) -> None:
    file = planted(tmp_path, "repo/libs/a/src/pkg/m.py", "repo/libs/a/src/pkg/__init__.py")
    planted(tmp_path, "repo/libs/a/pyproject.toml")
    (tmp_path / "repo/.git").mkdir()
    assert root_of(file) == Root(str(tmp_path / "repo/libs/a"))
    assert root_of(str(tmp_path / "repo/setup.py")) == Root(str(tmp_path / "repo"))


def test_a_worktree_has_a_file_for_a_mark(tmp_path: Path) -> None:
    assert root_of(planted(tmp_path, "tree/a/m.py", "tree/.git")) == Root(str(tmp_path / "tree"))


@pytest.mark.parametrize("installed", ["site-packages", "dist-packages"])
def test_an_installed_package_is_a_project_of_its_own(tmp_path: Path, installed: str) -> None:
    (tmp_path / ".git").mkdir()
    file = planted(tmp_path, f"env/{installed}/pkg/sub/m.py", f"env/{installed}/six.py")
    assert root_of(file) == Root(str(tmp_path / "env" / installed), "pkg")
    assert root_of(str(tmp_path / "env" / installed / "six.py")) is None


def test_the_standard_library() -> None:
    folder = os.path.dirname(os.__file__)
    assert root_of(os.path.join(folder, "json", "decoder.py")) == Root(folder)


def test_the_top_of_the_package(tmp_path: Path) -> None:
    file = planted(tmp_path, "a/pkg/sub/m.py", "a/pkg/sub/__init__.py", "a/pkg/__init__.py")
    root = root_of(file)
    assert root == Root(str(tmp_path / "a"), "pkg") == root_of(planted(tmp_path, "a/pkg/sub/data/more/m.py"))
    assert root.label == "pkg"


def test_a_loose_file_has_its_folder_and_no_more(tmp_path: Path) -> None:
    assert root_of(planted(tmp_path, "loose/m.py")) == Root(str(tmp_path / "loose"), shallow=True)


def test_a_home_folder_is_no_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / ".git").mkdir()
    assert root_of(planted(tmp_path, "scripts/m.py")) == Root(str(tmp_path / "scripts"), shallow=True)
