"""`python -m kwmagic export` and `notebook` as processes: exit codes, summary, one line where something is wrong."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import kwmagic

COMMAND = [sys.executable, "-m", "kwmagic"]
CODE = "def open_shop():\n    '''Opens it.'''\n"


@pytest.fixture(name="run")
def _run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Runs the command beside a notebook and a folder of sources; its result, checked to hold no traceback."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    cells = [new_markdown_cell("# Shop\n\nWords.", id="a"), new_code_cell("print(6 * 7)", id="b")]
    nbformat.write(new_notebook(cells=cells), tmp_path / "guide.ipynb")
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "shop.py").write_text(CODE, "utf-8")

    def run(*args: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run([*COMMAND, *args], capture_output=True, text=True, timeout=120, check=False)
        assert "Traceback" not in done.stderr
        return done

    return run


@pytest.mark.slow
@pytest.mark.parametrize("to", ["md", "html"])
def test_export_and_check(tmp_path: Path, run, to: str) -> None:
    done = run("export", "guide.ipynb", "-o", "out", "--to", to, "--execute", "--check", "--strict", "--quiet")
    assert (done.returncode, done.stderr) == (0, "")
    pages = {"md": 1, "html": 2}[to]  # of HTML an index, too
    assert done.stdout.startswith(f"{pages} page{'s' * (pages > 1)}: {pages} written, 0 unchanged, in ")
    assert done.stdout.endswith("links: all resolve\n")
    assert "42" in (tmp_path / "out" / f"guide.{to}").read_text("utf-8")
    assert "42" not in (tmp_path / "guide.ipynb").read_text("utf-8")
    again = run("export", "guide.ipynb", "-o", "out", "--to", to, "--execute")
    assert again.stdout.startswith(f"{pages} page{'s' * (pages > 1)}: 0 written, {pages} unchanged, in ")


def test_options_reach_the_page(tmp_path: Path, run) -> None:
    assert run("export", "guide.ipynb", "-o", "out", "--inputs", "hide", "--format", "mkdocs").returncode == 0
    page = (tmp_path / "out" / "guide.md").read_text("utf-8")
    assert page.startswith('---\ntitle: "Shop"\n---\n')
    assert "print" not in page


def test_a_site_has_a_name(tmp_path: Path, run) -> None:
    assert run("export", "guide.ipynb", "-o", "out", "--to", "html", "--site", "Ada & Co").returncode == 0
    page = (tmp_path / "out" / "guide.html").read_text("utf-8")
    assert "<title>Shop · Ada &amp; Co</title>" in page
    assert "<h1" in (tmp_path / "out" / "index.html").read_text("utf-8")


def test_a_broken_notebook_is_named_and_the_rest_goes_on(tmp_path: Path, run) -> None:
    (tmp_path / "bad.ipynb").write_text("{", "utf-8")
    done = run("export", "bad.ipynb", "guide.ipynb", "-o", "out")
    assert done.returncode == 0
    assert done.stdout.startswith("bad.ipynb:1: is not valid JSON: ")
    assert "2 pages: 2 written" in done.stdout
    assert run("export", "bad.ipynb", "guide.ipynb", "-o", "out", "--strict").returncode == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["export", "guide.ipynb"], "-o/--output"),
        (["export", "-o", "out"], "NOTEBOOK"),
        (["export", "none.ipynb", "-o", "out"], "none.ipynb"),
        (["export", "guide.ipynb", "-o", "guide.ipynb"], "guide.ipynb is no folder"),
        (["export", "guide.ipynb", "-o", "out", "--to", "pdf"], "pdf"),
        (["export", "guide.ipynb", "-o", "out", "--with-pages", "src"], "src holds no pages of a build"),
        (["export", "guide.ipynb", "-o", "out", "--source-url", "https://example.org"], "{path}"),
        (["export", "guide.ipynb", "-o", "out", "--to", "html", "--mermaid", "none.js"], "none.js"),
        (["notebook", "-o", "new.ipynb"], "a target is needed"),
        (["notebook", "src"], "-o/--output"),
        (["notebook", "nowhere", "-o", "new.ipynb"], "nowhere"),
        (["notebook", "src", "-o", "guide.ipynb"], "guide.ipynb is there already"),
    ],
)
def test_wrong_use_is_one_line(tmp_path: Path, run, words: list[str], said: str) -> None:
    done = run(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert not [*tmp_path.glob("out/*")]
    assert not (tmp_path / "new.ipynb").exists()


@pytest.mark.slow
def test_a_notebook_of_a_folder(tmp_path: Path, run) -> None:
    done = run("notebook", "src", "-o", "new.ipynb")
    assert done.returncode == 0
    assert "kwmagic export new.ipynb -o OUT" in done.stdout
    assert run("export", "new.ipynb", "-o", "out", "--execute", "--strict", "--check").returncode == 0
    assert "open_shop" in (tmp_path / "out" / "new.md").read_text("utf-8")


def test_from_python(tmp_path: Path, run) -> None:  # noqa: ARG001  # makes the notebook
    report = kwmagic.export("guide.ipynb", tmp_path / "out")
    assert (report.pages, report.problems) == (("guide.md",), ())
