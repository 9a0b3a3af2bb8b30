"""A git repository made for a test, far from the user's configuration."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NEEDS_GIT = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
_QUIET = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_AUTHOR_NAME": "A",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "A",
    "GIT_COMMITTER_EMAIL": "a@example.org",
    "GIT_AUTHOR_DATE": "2024-05-06T12:00:00Z",
    "GIT_COMMITTER_DATE": "2024-05-06T12:00:00Z",
}


class Repository:
    """A repository with a working tree."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *options)

    def git(self, *words: str, given: bytes | None = None, fails: bool = False) -> str:
        done = subprocess.run(
            ["git", *words],
            cwd=self.folder,
            env={**os.environ, **_QUIET},
            input=given,
            capture_output=True,
            check=False,
        )
        assert fails or done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def write(self, **files: str | bytes) -> Path:
        """`a__b_py="…"` writes `a/b.py`; `put` takes other names."""
        for name, content in files.items():
            self.put(name.replace("__", "/").removesuffix("_py") + (".py" if name.endswith("_py") else ""), content)
        return self.folder

    def put(self, name: str, content: str | bytes) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return file

    def commit(self, message: str = "a commit", **files: str | bytes) -> str:
        """Write files, and commit all there is."""
        self.write(**files)
        self.git("add", "-A")
        self.git("commit", "-q", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")
