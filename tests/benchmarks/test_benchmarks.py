"""The benchmarks run to the end; how fast anything is, is not looked at."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.counting import contents, defined

PROGRAM = Path(__file__).with_name("run.py")
PARITY = Path(__file__).with_name("parity.py")


def _rows(*arguments: str) -> list[list[str]]:
    done = subprocess.run([sys.executable, PROGRAM, *arguments], check=True, capture_output=True, text=True)
    header, empty, *table = done.stdout.splitlines()
    assert "CPUs" in header
    assert not empty
    return [line.strip("| ").split(" | ") for line in table[2:]]


@pytest.mark.slow
def test_every_benchmark_gives_whole_rows(tmp_path: Path) -> None:
    file = tmp_path / "package/testing/_internal/distributed/distributed_test.py"
    file.parent.mkdir(parents=True)
    file.write_text('"""Doc."""\n\ndef function(a):\n    return a\n', encoding="utf-8")
    (tmp_path / "package/nn/modules").mkdir(parents=True)
    for name in ("__init__.py", "hub.py", "nn/__init__.py", "nn/modules/__init__.py"):
        (tmp_path / "package" / name).touch()
    (tmp_path / "package/nn/modules/conv.py").write_text("class Conv2d:\n    pass\n", encoding="utf-8")
    rows = _rows("--source", str(file.parents[3]), "--rounds", "1")
    sites = [row for row in rows if row[0].startswith("site of IPython")]
    assert len(rows) - len(sites) == 23
    assert {"pdoc", "mkdocstrings", "sphinx-autoapi"} <= {row[0].rpartition(" ")[2] for row in sites}
    assert all(len(row) == 6 for row in rows)


def test_what_a_site_holds_is_counted(tmp_path: Path) -> None:
    """Markdown and HTML: an entry is an anchor, and a link must have a file, an anchor or a line to lead to."""
    package, out = tmp_path / "p", tmp_path / "out"
    package.mkdir()
    (package / "a.py").write_text("class C:\n    def f(self): ...\n\n\ndef c(): ...\n\n\ndef gone(): ...\n", "utf-8")
    expected = defined(package)
    assert expected == {("p.a", name) for name in ("C", "C.f", "c", "gone")}
    out.mkdir()
    text = '<a id="kw-1-c"></a> <a id="kw-1-c-1"></a> <a id="kw-1-c.f"></a>\n\n'
    links = "[1](#kw-1-c) [2](../p/a.py#L8) [3](../p/a.py#L9) [4](none.md) [5](#none) [6](https://example.org)\n"
    (out / "a.py_docs.md").write_text(text + links, "utf-8")
    found = contents(out, package, expected)
    assert {name for _, name in found.shown} == {"C", "C.f", "c"}
    assert (found.links, [link for _, link in found.dead]) == (5, ["../p/a.py#L9", "none.md", "#none"])
    (out / "a.py_docs.md").unlink()
    (out / "p").mkdir()
    (out / "p/a.html").write_text('<p id="C"></p><p id="p.a.C.f"></p><a href="b.html">b</a><a href="#C">C</a>', "utf-8")
    found = contents(out, package, expected)
    assert {name for _, name in found.shown} == {"C", "C.f"}
    assert (found.links, found.dead) == (2, [("p/a.html", "b.html")])


@pytest.mark.slow
def test_what_needs_a_source_is_skipped_visibly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KWMAGIC_TORCH", raising=False)
    rows = _rows("file", "package", "memory")
    assert [row[1] for row in rows] == ["skipped: no --source and no KWMAGIC_TORCH"] * 4


@pytest.mark.slow
@pytest.mark.skipif(not shutil.which("ruff"), reason="no ruff installed")
def test_parity_counts_and_names_the_differences(tmp_path: Path) -> None:
    text = "import pickle, subprocess\neval(x)\nexec(x)\npickle.loads(x)\nsubprocess.run(x, shell=True)\n"
    (tmp_path / "both.py").write_text(text, encoding="utf-8")
    (tmp_path / "one.py").write_text("import shelve\nshelve.Shelf(x)\n", encoding="utf-8")
    done = subprocess.run([sys.executable, PARITY, tmp_path], check=True, capture_output=True, text=True)
    lines = done.stdout.splitlines()
    assert lines[2:6] == [
        "| exec | 1 | 0 | 0 |",
        "| eval | 1 | 0 | 0 |",
        "| pickle | 1 | 0 | 1 |",
        "| processes | 1 | 0 | 0 |",
    ]
    assert lines[7:] == ["pickle, only kwmagic: one.py:2"]
