"""One small project, its output and its cache, set back before each fault; and what must hold after any fault.

- O1: each page is wholly that of the old sources, or wholly that of the new ones.
- O2: one plain build more, and the output equals that of a clean build, byte for byte.
- O3: no traceback; an exit code other than 0, and a line that says why, where the pages are not those of the new
  sources.
- O4: no temporary file is left after that build.
- O5: nothing outside the output is touched, and nothing in it that was not written by kwmagic.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

COMMAND = (sys.executable, "-m", "kwmagic", "build", "{src}", "-o", "{out}", "-j", "1")
SETUPS = ("first", "changed")
LEFTOVER = re.compile(r"\.kwmagic-\w+\.tmp")

_CART = '"""The cart."""\n\n\nclass Cart:\n    """Holds items."""\n\n    def total(self):\n        return 0\n'
OLD = {
    "pyproject.toml": "[project]\nname = 'shop'\n",
    "README.md": "# Shop\n\nSells things.\n",
    "shop/__init__.py": '"""A shop."""\n\nfrom shop.cart import Cart\n',
    "shop/cart.py": _CART,
    "shop/old/gone.py": "GONE = 1\n",
    "shop/m.py": "from shop.cart import Cart\n\n\ndef buy():\n    return Cart().total()\n",
}
NEW = {
    **{path: text for path, text in OLD.items() if path not in {"shop/old/gone.py", "shop/m.py"}},
    "shop/cart.py": _CART.replace("total", "amount"),
    "shop/m/n.py": "from shop.cart import Cart\n\n\ndef sell():\n    return Cart().amount()\n",
}
BY_HAND = {"notes.md": "mine\n", "shop/keep.py.md": "mine\n", "more/index.md": "mine\n"}
"""In the output, written by nobody's build."""


class Ran(NamedTuple):
    """What a build said."""

    code: int
    said: str
    trace: str


class Stage:
    """One folder with sources, output and cache, set back before each fault."""

    def __init__(self, base: Path, command: Sequence[str], setup: str) -> None:
        self.base, self._command = base, command
        self.src, self.out, self.cache = (base / "stage" / name for name in ("src", "out", "cache"))
        self._plant(OLD)
        self.old = self._clean()
        if setup == "first":
            self._plant(OLD)
        self._write(self.src, NEW)
        for path in OLD.keys() - NEW.keys():
            (self.src / path).unlink()
        shutil.rmtree(self.src / "shop/old")
        shutil.copytree(base / "stage", base / setup, symlinks=True)
        self.setup = setup
        shutil.rmtree(self.out)
        shutil.rmtree(self.cache)
        self._write(self.out, BY_HAND)
        self.new = self._clean()

    def reset(self) -> None:
        """Sources, output and cache as before the build that fails."""
        shutil.rmtree(self.base / "stage")
        shutil.copytree(self.base / self.setup, self.base / "stage", symlinks=True)

    def run(self, *before: str) -> Ran:
        """Build, below the command *before*."""
        words = [word.format(src=self.src, out=self.out) for word in self._command]
        environment = {**os.environ, "KWMAGIC_CACHE_DIR": str(self.cache), "PYTHONDONTWRITEBYTECODE": "1"}
        trace = self.base / "trace"
        trace.write_text("")
        done = subprocess.run(
            [*before, *words], env=environment, cwd=self.base, capture_output=True, text=True, timeout=300, check=False
        )
        return Ran(done.returncode, done.stderr + done.stdout, trace.read_text("utf-8", "replace"))

    def traced(self, call: str, *more: str) -> Ran:
        """Build, and write down one kind of system call, of all processes."""
        flags = ("-f", "--seccomp-bpf", "-qq", "-s", "0", "-o", str(self.base / "trace"), "-e", f"trace={call}")
        return self.run("strace", *flags, *more)

    def held(self) -> dict[str, bytes]:
        """The output: path -> content; of folders nothing."""
        files = sorted(self.out.rglob("*"))
        return {path.relative_to(self.out).as_posix(): b"" if path.is_dir() else path.read_bytes() for path in files}

    def around(self) -> dict[str, bytes]:
        """All that no build may touch."""
        return {str(path): path.read_bytes() for path in sorted(self.base.rglob("*")) if self._is_ours(path)}

    def _is_ours(self, path: Path) -> bool:
        inside = (self.out, self.cache, self.base / "trace")
        if path.is_relative_to(self.out) and path.relative_to(self.out).as_posix() in BY_HAND:
            return True
        return path.is_file() and not any(path.is_relative_to(each) for each in inside)

    def _plant(self, files: dict[str, str]) -> None:
        shutil.rmtree(self.base / "stage", ignore_errors=True)
        self.cache.mkdir(parents=True)
        self._write(self.src, files)
        self._write(self.out, BY_HAND)

    def _clean(self) -> dict[str, bytes]:
        ran = self.run()
        if ran.code:
            raise SystemExit(f"a plain build fails with {ran.code}: {ran.said}")
        return self.held()

    @staticmethod
    def _write(folder: Path, files: dict[str, str]) -> None:
        for path, text in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, "utf-8")


