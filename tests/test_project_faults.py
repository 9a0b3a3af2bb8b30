"""What goes wrong around a project costs time at most: one line says so, and the answer is the same."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kwmagic import documents, exploring
from kwmagic.documents import Scene
from kwmagic.projects import project
from kwmagic.projects.project import Project
from kwmagic.projects.roots import Root

_POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows keeps working folders, and names are Unicode there")
CART = 'class Cart:\n    """Holds items."""\n\n    def total(self):\n        return 0\n'
USER = "from shop.cart import Cart\n\n\ndef buy():\n    return Cart()\n"


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    root = tmp_path / "p"
    files = {"shop/__init__.py": "", "shop/cart.py": CART, **{f"shop/m{number}.py": USER for number in range(5)}}
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    (root / "pyproject.toml").touch()
    return root


def scene(root: Path, cache: str = "cache") -> Scene:
    return Scene(cache=str(root.parent / cache), cwd=str(root))


def answers(root: Path, cache: str = "cache") -> tuple[list[str], tuple[str, ...]]:
    """All that is told of the project, without what is said of the index, and that."""
    where = scene(root, cache)
    document = documents.document("shop/cart.py", scene=where)
    notes = document.target.notes
    found = exploring.search("cart", scene=where).to_markdown()
    used = exploring.uses("shop/cart.py::Cart", scene=where).to_markdown()
    return [_without(document.to_markdown(), notes), found, used], notes


def _without(page: str, notes: tuple[str, ...]) -> str:
    return page.replace("".join(f"{note}\n\n" for note in notes), "")


def _noise(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[5000] ^= 0xFF
    file.write_bytes(data)


def _folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda file: file.write_bytes(b""),
    "text": lambda file: file.write_text("no index"),
    "half": lambda file: os.truncate(file, file.stat().st_size // 2),
    "one byte": _noise,
    "folder": _folder,
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_index_is_one_line_and_the_same_answer(root: Path, damage: str) -> None:
    good, said = answers(root)
    assert said == ()
    (file,) = (root.parent / "cache").glob("*.sqlite")
    DAMAGES[damage](file)
    again, said = answers(root)
    assert len(said) == 1
    assert "\n" not in said[0]
    assert str(file) in said[0]
    if damage != "folder":
        assert again == good
        assert answers(root) == (good, ())


def test_an_index_that_another_one_holds_is_copied(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kwmagic.store.file.WAIT", 0.01)
    good, _ = answers(root)
    with Project(Root(str(root)), cache=str(root.parent / "cache")):
        with Project(Root(str(root)), cache=str(root.parent / "cache"), trust_stat=True) as second:
            assert {*second.store.files()} == {*second.disk.files}
        again, said = answers(root)
    assert again[0] == good[0]
    assert len(said) == 1
    assert "another process uses it" in said[0]
    assert answers(root) == (good, ())


def test_an_interrupt_while_it_is_written_loses_nothing(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "BATCH", 3)
    with Project(Root(str(root)), cache=str(root.parent / "cache")) as found:
        put, left = found.store.put, [KeyboardInterrupt()]

        def interrupted(entries: object, **how: object) -> None:
            if left:
                raise left.pop()
            put(entries, **how)  # type: ignore[arg-type]  # as given

        monkeypatch.setattr(found.store, "put", interrupted)
        with pytest.raises(KeyboardInterrupt):
            found.refresh()
        assert len(found.store.files()) == 3


def test_large_files_are_written_before_there_are_many(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project, "VOLUME", 1)
    written = []
    with Project(Root(str(root)), cache=str(root.parent / "cache")) as found:
        put = found.store.put
        monkeypatch.setattr(found.store, "put", lambda entries: (written.append(len(entries)), put(entries)))
        found.refresh()
    assert len(written) == 6  # empty files wait for the next


def test_files_that_change_meanwhile_leave_nothing_wrong_behind(root: Path) -> None:
    stopped = threading.Event()

    def churn() -> None:
        number = 0
        while not stopped.is_set():
            number += 1
            file = root / f"shop/m{number % 5}.py"
            if number % 3 == 0:
                file.unlink(missing_ok=True)
            else:
                file.write_text(USER * (number % 7), "utf-8")

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        for _ in range(10):
            assert answers(root)[1] == ()
    finally:
        stopped.set()
        thread.join()
    assert answers(root) == answers(root, "another cache")


@_POSIX
def test_links_that_lead_back_and_names_that_are_odd(root: Path) -> None:
    good, _ = answers(root)
    (root / "shop/loop").symlink_to("..")
    (root / "itself").symlink_to("itself")
    (root / "shop/nothing.py").symlink_to("gone.py")
    assert answers(root)[0] == good
    for name in (b"a\nb.py", b"`x`.py", b"-rf.py", b"a b;c.py", *([b"a\xff.py"] if sys.platform == "linux" else [])):
        (root / "shop" / os.fsdecode(name)).write_text(USER, "utf-8")
    where = scene(root)
    used = exploring.uses("shop/cart.py::Cart", scene=where).to_markdown()
    assert used.count("called L5") == len([*(root / "shop").glob("*.py")]) - 3  # the link, the cart, the package
    assert exploring.search("buy", scene=where).to_dict()


def test_a_home_folder_is_not_walked(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever lies in it: without a mark, or with one, only its own files count."""
    monkeypatch.setenv("HOME", str(root))
    monkeypatch.setenv("USERPROFILE", str(root))
    (root / "own.py").write_text("def mine():\n    pass\n", "utf-8")
    assert "own.py" in exploring.search("mine", scene=scene(root)).to_markdown()
    assert "cart.py" not in exploring.search("cart", scene=scene(root)).to_markdown()


@_POSIX
def test_a_working_folder_that_was_deleted_is_one_line(tmp_path: Path) -> None:
    code = (
        "import os, sys; from kwmagic.cli import run; os.mkdir('x'); os.chdir('x'); os.rmdir('../x');"
        "sys.exit(run(['search', 'total']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    message = "kwmagic search: the working folder no longer exists: change to another one\n"
    assert (done.returncode, done.stderr) == (2, message)
