"""The benchmarks run to the end; how fast anything is, is not looked at."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = Path(__file__).with_name("run.py")


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
    (tmp_path / "package/__init__.py").touch()
    rows = _rows("--source", str(file.parents[3]), "--rounds", "1")
    assert len(rows) == 12
    assert all(len(row) == 6 for row in rows)


@pytest.mark.slow
def test_what_needs_a_source_is_skipped_visibly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("KWMAGIC_TORCH", raising=False)
    rows = _rows("file", "package", "memory")
    assert [row[1] for row in rows] == ["skipped: no --source and no KWMAGIC_TORCH"] * 4
