"""A checkout with files of every language: one index, grouped and linked, and the documentation of any of them."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from test_pages import cell

from kwmagic import documents
from kwmagic.languages import LANGUAGES
from kwmagic.links import Reader
from kwmagic.model import FileFacts, Kind
from kwmagic.results import KeywordIndex

CHECKOUT = Path(__file__).parent / "cases" / "checkout"
READER = Reader("github", str(CHECKOUT.parent))
OPERATORS = re.compile(r"^operator\s*")


@pytest.fixture(name="index", scope="module")
def _index() -> KeywordIndex:
    return documents.index("./", reader=READER, scene=documents.Scene(cwd=str(CHECKOUT)))


def facts_of(index: KeywordIndex, path: str) -> FileFacts:
    return next(facts for facts in index.files if facts.path == path)


def test_every_language_of_the_table_is_there(index: KeywordIndex) -> None:
    assert {facts.language for facts in index.files} == {row.name for row in LANGUAGES}


def test_what_is_left_out_is_counted(index: KeywordIndex) -> None:
    (note,) = index.target.notes
    assert note == (
        "Left out: 1 vendored, cache or environment folder (`--all` includes them); 1 binary file; "
        "1 file of an unknown kind."
    )


def test_generated_and_minified_files_are_marked(index: KeywordIndex) -> None:
    marked = {facts.path: facts.flags for facts in index.files if facts.flags}
    assert marked == {"src/generated_ops.h": ("generated",), "web/lib.min.js": ("minified",)}


def test_a_binary_file_with_the_suffix_of_a_source_is_a_problem_and_nothing_else_is(index: KeywordIndex) -> None:
    problems = {facts.path: [each.message for each in facts.problems] for facts in index.files if facts.problems}
    assert problems == {"src/broken.cpp": ["binary content"]}


def test_index_of_the_whole(index: KeywordIndex, golden) -> None:
    golden(CHECKOUT.parent / "checkout.index.txt", cell(index, plain=True) + "\n")


def test_every_name_stands_on_its_line(index: KeywordIndex) -> None:
    """By the text of the file itself, whatever the analyser."""
    checked = 0
    for facts in index.files:
        for symbol in facts.symbols:
            if symbol.kind in (Kind.MODULE, Kind.HEADING):
                continue
            lines = text_of(facts, symbol.cell).split("\n")
            name = OPERATORS.sub("", symbol.name).split(":")[0]
            last = symbol.end_line if symbol.kind == Kind.TARGET else symbol.line  # Bazel's have it in an argument
            assert any(name in line.replace(" (", "(") for line in lines[symbol.line - 1 : last]), (facts.path, symbol)
            assert symbol.line <= symbol.end_line <= len(lines), (facts.path, symbol)
            checked += 1
    assert checked > 100


def text_of(facts: FileFacts, number: int) -> str:
    """The source of a notebook's cell, or of the whole file."""
    text = (CHECKOUT / facts.path).read_text("utf-8")
    return "".join(json.loads(text)["cells"][number - 1]["source"]) if number else text


def test_every_link_of_the_page_leads_to_a_line_of_its_file(index: KeywordIndex) -> None:
    found = re.findall(r"\]\(([^)#\s]+)(?:#L(\d+))?(?:-L?\d+)?\)", index.to_markdown())
    assert len(found) > 100
    for url, line in found:
        file = CHECKOUT.parent / unquote(url)
        assert file.is_file(), url
        if line:
            assert int(line) <= len(file.read_text("utf-8").split("\n")), (url, line)


@pytest.mark.parametrize(
    "path",
    [
        *("README.md", "docs/guide.md", "docs/reference.rst", "src/vec.h", "web/view.ts", "rust/src/lib.rs"),
        *("notebooks/demo.ipynb", "config/lumen.yaml", "CMakeLists.txt", "ios/LMScene.m", "dotnet/Scene.cs"),
    ],
)
def test_documentation_of_a_file(path: str, golden, tmp_path: Path) -> None:
    """In a copy that is a project of its own, and in no repository, whose history would differ from day to day."""
    checkout = shutil.copytree(CHECKOUT, tmp_path / "checkout")
    (checkout / "pyproject.toml").touch()
    reader = Reader("github", str(tmp_path))
    document = documents.document(path, reader=reader, scene=documents.Scene(cwd=str(checkout)))
    name = path.replace("/", ".")
    golden(CHECKOUT.parent / f"checkout.{name}.page.md", document.to_markdown())


def test_in_a_live_kernel(tmp_path: Path) -> None:
    shutil.copytree(CHECKOUT, tmp_path / "checkout")
    notebook = new_notebook(
        cells=[new_code_cell("%load_ext kwmagic"), new_code_cell("%kwindex checkout/ --links jupyterlab")],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    nbformat.validate(notebook)
    (output,) = notebook.cells[1].outputs
    markdown = output["data"]["text/markdown"]
    assert "#line=" in markdown
    for path in ("src/vec.h", "web/view.ts", "proto/scene.proto", "notebooks/demo.ipynb", "Makefile"):
        assert path in output["data"]["text/plain"]
        assert path in markdown
