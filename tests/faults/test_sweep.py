"""The sweep in short: each write-side call fails once, and from there on; the whole of it is `sweep.py` itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stage import Stage
from sweep import CALLS, swept

CARELESS = """
import os, sys
src, out = sys.argv[1:]
for folder, _, names in os.walk(src):
    for name in names:
        path = os.path.relpath(os.path.join(folder, name), src)
        page = os.path.join(out, path + "_docs.md")
        try:
            os.makedirs(os.path.dirname(page), exist_ok=True)
            with open(os.path.join(folder, name), "rb") as source, open(page, "wb") as stream:
                stream.write(source.read() + b"<!-- kwmagic page of " + os.fsencode(path) + b" -->\\n")
        except OSError:
            pass
"""


def _is_traced() -> bool:
    """Whether strace is there and may trace."""
    strace = shutil.which("strace")
    return (
        strace is not None and subprocess.run([strace, "-qq", "-e", "trace=none", "true"], check=False).returncode == 0
    )


pytestmark = [pytest.mark.slow, pytest.mark.skipif(not _is_traced(), reason="strace is missing, or may not trace")]


def test_a_failing_call_leaves_every_page_old_or_new(tmp_path: Path) -> None:
    rows = [*swept(Stage(tmp_path), CALLS, short=True)]
    assert {"write", "openat", "rename", "unlink", "mkdir"} <= {row.fault.call for row in rows if row.points}
    assert [str(row) + "".join(f"\n  {each}" for each in row.wrong) for row in rows if row.wrong] == []


def test_a_careless_build_is_seen(tmp_path: Path) -> None:
    (tmp_path / "careless.py").write_text(CARELESS)
    command = (sys.executable, str(tmp_path / "careless.py"), "{src}", "{out}")
    rows = swept(Stage(tmp_path, "changed", command), ["write"], short=True)
    assert {"O2", "O3"} <= {each.partition(": ")[2][:2] for row in rows for each in row.wrong}
