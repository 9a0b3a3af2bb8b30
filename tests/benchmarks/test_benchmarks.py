"""The benchmarks run to the end; how fast anything is, is not looked at."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
    assert len(rows) == 18
    assert all(len(row) == 6 for row in rows)


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
