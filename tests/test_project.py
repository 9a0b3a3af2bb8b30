"""The files of a project, kept in a store and renewed where they changed."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from kwmagic import trust
from kwmagic.analysis import analyse
from kwmagic.evidence.surroundings import Surroundings
from kwmagic.model import FileRef
from kwmagic.projects import gathering, indexing, project
from kwmagic.projects.gathering import How, asked, gathered
from kwmagic.projects.project import Project, related_languages
from kwmagic.projects.roots import Root
from kwmagic.walking import walk

FILES = {
    "pkg/__init__.py": "from pkg.shapes import Circle\n",
    "pkg/shapes.py": '"""Shapes."""\n\n\nclass Shape:\n    pass\n\n\nclass Circle(Shape):\n    pass\n',
    "pkg/use.py": "import pkg\n\n\ndef draw():\n    return pkg.Circle()\n",
    "tests/test_shapes.py": "from pkg import Circle\n\n\ndef test_circle():\n    assert Circle()\n",
    "README.md": "# Shapes\n\nSee [the source](pkg/shapes.py).\n",
}


@pytest.fixture(autouse=True)
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are old enough for their times to be trusted."""
    monkeypatch.setattr(trust, "SETTLED", 0.0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "repo"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    (folder / "pyproject.toml").touch()
    return folder


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """(task, path) of all that was indexed or traced."""
    seen: list[tuple[str, str]] = []

    def spied(task: str) -> Callable[[indexing.Piece], object]:
        do, _ = indexing.TASKS[task]
        return lambda piece: seen.append((task, piece.path)) or do(piece)

    monkeypatch.setattr(indexing, "TASKS", {task: (spied(task), made) for task, (_, made) in indexing.TASKS.items()})
    return seen


def opened(root: Path, *, trust_stat: bool = True, progress: project.Progress | None = None) -> Project:
    return Project(Root(str(root)), cache=str(root.parent / "cache"), trust_stat=trust_stat, progress=progress)


def test_it_holds_the_facts_that_analysis_gives(root: Path) -> None:
    with opened(root) as found:
        found.complete()
        facts = dict(found.all_facts([*found.disk.files]))
    assert {*FILES} <= {*facts}
    assert facts == {ref.path: analyse(ref) for ref in walk(str(root)).files}


@pytest.mark.parametrize("trust_stat", [True, False])
def test_nothing_is_analysed_twice(root: Path, looked_at: list[tuple[str, str]], trust_stat: bool) -> None:
    with opened(root, trust_stat=trust_stat) as found:
        found.complete()
    assert len(looked_at) == len({*looked_at}) == len(FILES) + 1 + 4
    looked_at.clear()
    with opened(root, trust_stat=trust_stat) as found:
        found.complete()
        assert found.uses_of("pkg.Circle")
    assert looked_at == []


@pytest.mark.parametrize("trust_stat", [True, False])
def test_only_what_was_edited_is_analysed_again(root: Path, looked_at: list[tuple[str, str]], trust_stat: bool) -> None:
    file = root / "pkg/use.py"
    before = file.stat()
    with opened(root, trust_stat=trust_stat) as found:
        found.complete()
    looked_at.clear()
    file.write_text(FILES["pkg/use.py"].replace("draw", "show"), "utf-8")  # as long as before
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    with opened(root, trust_stat=trust_stat) as found:
        found.complete()
        facts = found.facts("pkg/use.py")
        assert facts is not None
        assert [each.name for each in facts.symbols] == ["use", "show"]
    assert looked_at == [("index", "pkg/use.py"), ("trace", "pkg/use.py")]


def test_an_older_version_is_known_again(root: Path, looked_at: list[tuple[str, str]]) -> None:
    file = root / "pkg/use.py"
    for text in ("x = 1\n", FILES["pkg/use.py"], "x = 1\n"):
        file.write_text(text, "utf-8")
        with opened(root) as found:
            found.complete()
            assert bool(found.uses_of("pkg.Circle.nothing")) is False
            assert [path for _, path, _ in found.uses_of("pkg.Circle")].count("pkg/use.py") == (text != "x = 1\n")
    assert [path for task, path in looked_at if task == "trace"].count("pkg/use.py") == 2


def test_a_project_that_is_open_follows_its_files(root: Path) -> None:
    """Forth, and back to a version that the store has."""
    path, texts = "pkg/shapes.py", (FILES["pkg/shapes.py"], "# one line more\n" + FILES["pkg/shapes.py"])
    with opened(root, trust_stat=False) as found:
        for text in (texts[0], texts[1], texts[0]):
            (root / path).write_text(text, "utf-8")
            found.complete()
            assert found.source(path, 1, 1) == text.partition("\n")[0]
            assert found.facts(path) == analyse(found.ref(path))


def test_what_is_gone_is_forgotten(root: Path) -> None:
    with opened(root) as found:
        found.complete()
        assert found.uses_of("pkg.Circle")
    (root / "pkg/use.py").unlink()
    (root / "tests/test_shapes.py").unlink()
    with opened(root) as found:
        found.complete()
        assert not found.uses_of("pkg.Circle")
        assert found.facts("pkg/use.py") is None


def test_a_module_that_gets_another_name_is_analysed_again(root: Path) -> None:
    (root / "pkg/__init__.py").unlink()
    with opened(root) as found:
        found.complete()
    (root / "__init__.py").touch()
    with opened(root) as found:
        found.complete()
        assert found.store.files()["pkg/use.py"].module == found.names["pkg/use.py"]


def test_own_pages_are_no_files_of_the_project(root: Path) -> None:
    (root / "docs").mkdir()
    (root / "docs/x_docs.md").write_text("# Page\n\n[x](../pkg/use.py)\n\n<!-- kwmagic page of x.py -->\n", "utf-8")
    with opened(root) as found:
        found.complete()
        assert found.facts("docs/x_docs.md") is None
        assert [path for path, _ in found.imports_of(["pkg/shapes.py", "pkg/use.py"])] == ["README.md"]


def test_what_was_done_before_ctrl_c_stays(root: Path, looked_at: list[tuple[str, str]]) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), opened(root, progress=stop) as found:
        found.complete()
    assert len(looked_at) == 3
    with opened(root) as found:
        assert {*found.store.files()} == {path for _, path in looked_at}
        found.complete()
    assert len(looked_at) == len({*looked_at}) == len(FILES) + 1 + 4


def test_a_file_that_vanishes_stops_nothing(root: Path) -> None:
    with opened(root) as found:
        assert "pkg/use.py" in found.disk.files
        (root / "pkg/use.py").unlink()
        found.complete()
        assert found.facts("pkg/shapes.py") is not None


def test_damage_in_the_middle_is_survived(root: Path) -> None:
    with opened(root) as found:
        found.complete()
        file = next((root.parent / "cache").glob("*.sqlite"))
    with sqlite3.connect(file) as connection:
        connection.execute("UPDATE facts SET blob = x'00'")
    connection.close()
    assert around(root, "pkg/shapes.py").importers


def around(root: Path, path: str) -> Surroundings:
    facts = analyse(FileRef(path, str(root / path)))
    found, _ = gathered(facts, How(str(root.parent / "cache"), trust_stat=True))
    assert found is not None
    return found


def test_what_the_project_tells_of_a_file(root: Path) -> None:
    found = around(root, "pkg/shapes.py")
    assert [each.file.path for each in found.importers] == ["README.md", "pkg/__init__.py"]
    assert {name: [each.file.path for each in users] for name, users in found.uses.items()} == {
        "Circle": ["pkg/use.py", "tests/test_shapes.py"]
    }
    assert [each.file.path for each in found.tests] == ["tests/test_shapes.py"]


def test_only_files_that_can_reach_it_are_resolved(root: Path, looked_at: list[tuple[str, str]]) -> None:
    for number in range(20):
        (root / f"pkg/other{number}.py").write_text("import os\n\nprint(os.name)\n", "utf-8")
    around(root, "pkg/shapes.py")
    traced = {path for task, path in looked_at if task == "trace"}
    assert traced == {"pkg/__init__.py", "pkg/shapes.py", "pkg/use.py", "tests/test_shapes.py"}


def test_a_question_is_asked_once_more_after_a_loss(root: Path) -> None:
    answers = [gathering.LostError("lost")]

    def question() -> int:
        if answers:
            raise answers.pop()
        return 1

    with opened(root) as found:
        assert asked(found, question) == 1


def test_languages_that_belong_together() -> None:
    assert {"Python", "Jupyter notebook", "Markdown"} <= related_languages("Python")
    assert {"C++", "C", "CUDA"} <= related_languages("C")
    assert related_languages("Rust") == {"Markdown"}
