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
"""The fault meets a build into an empty output, or one after changes of the sources."""
LEFTOVER = re.compile(r"\.kwmagic-\w+\.tmp")

CART = '"""The cart."""\n\n\nclass Cart:\n    """Holds items."""\n\n    def total(self):\n        return 0\n'
OLD = {
    "pyproject.toml": "[project]\nname = 'shop'\n",
    "README.md": "# Shop\n\nSells things.\n",
    "shop/__init__.py": '"""A shop."""\n\nfrom shop.cart import Cart\n',
    "shop/cart.py": CART,
    "shop/old/gone.py": "GONE = 1\n",
    "shop/m.py": "from shop.cart import Cart\n\n\ndef buy():\n    return Cart().total()\n",
}
NEW = {
    **{path: text for path, text in OLD.items() if path not in {"shop/old/gone.py", "shop/m.py"}},
    "shop/cart.py": CART.replace("total", "amount"),
    "shop/m/n.py": "from shop.cart import Cart\n\n\ndef sell():\n    return Cart().amount()\n",
}
BY_HAND = {"notes.md": "mine\n", "shop/keep.py.md": "mine\n", "more/index.md": "mine\n"}
"""In the output, written by nobody's build."""


class Ran(NamedTuple):
    """What a build said."""

    code: int
    said: str
    trace: str = ""


class Stage:
    """One folder with sources, output and cache, set back before each fault."""

    def __init__(self, base: Path, setup: str = "changed", command: Sequence[str] = ()) -> None:
        self.base, self.setup, self._command = base, setup, command or COMMAND
        self.src, self.out, self.cache = (base / "stage" / name for name in ("src", "out", "cache"))
        self._plant(OLD)
        self.old = self.clean()
        if setup == "first":
            self._plant(OLD)
        write(self.src, NEW)
        for path in OLD.keys() - NEW.keys():
            (self.src / path).unlink()
        shutil.rmtree(self.src / "shop/old")
        shutil.copytree(base / "stage", base / setup, symlinks=True)
        self.new = self.fresh()
        self.before = self.around()

    def reset(self) -> None:
        """Sources, output and cache as before the build that fails."""
        shutil.rmtree(self.base / "stage")
        shutil.copytree(self.base / self.setup, self.base / "stage", symlinks=True)
        self.before = self.around()

    # --- building ---------------------------------------------------------------------------------------------------

    def words(self, *more: str) -> list[str]:
        """The command."""
        return [*(word.format(src=self.src, out=self.out) for word in self._command), *more]

    def environment(self) -> dict[str, str]:
        """With the cache of this stage."""
        return {**os.environ, "KWMAGIC_CACHE_DIR": str(self.cache), "PYTHONDONTWRITEBYTECODE": "1"}

    def run(self, *before: str, more: Sequence[str] = ()) -> Ran:
        """Build, below the command *before*."""
        trace = self.base / "trace"
        trace.write_text("")
        done = subprocess.run(
            [*before, *self.words(*more)],
            env=self.environment(),
            cwd=self.base,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        return Ran(done.returncode, done.stderr + done.stdout, trace.read_text("utf-8", "replace"))

    def start(self, *more: str) -> subprocess.Popen[str]:
        """A build that runs on, in a session of its own."""
        return subprocess.Popen(
            self.words(*more),
            env=self.environment(),
            cwd=self.base,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def clean(self) -> dict[str, bytes]:
        """What a plain build leaves here; it must succeed."""
        ran = self.run()
        if ran.code:
            raise SystemExit(f"a plain build fails with {ran.code}: {ran.said}")
        return self.held()

    def fresh(self) -> dict[str, bytes]:
        """What a build from nothing makes of the sources as they are; output and cache are lost."""
        for folder in (self.out, self.cache):
            shutil.rmtree(folder, ignore_errors=True)
        write(self.out, BY_HAND)
        return self.clean()

    # --- looking ----------------------------------------------------------------------------------------------------

    def held(self) -> dict[str, bytes]:
        """The output: path -> content; of folders nothing."""
        files = sorted(self.out.rglob("*"))
        return {path.relative_to(self.out).as_posix(): b"" if path.is_dir() else path.read_bytes() for path in files}

    def around(self) -> dict[str, bytes]:
        """All that no build may touch."""
        return {str(path): path.read_bytes() for path in sorted(self.base.rglob("*")) if self._is_ours(path)}

    def torn(self, held: Mapping[str, bytes], *others: Mapping[str, bytes]) -> Iterator[str]:
        """Pages that are not those of one of the sources (O1)."""
        for path, data in held.items():
            whole = [each.get(path) for each in (self.old, self.new, *others)]
            if data and not LEFTOVER.fullmatch(path.rpartition("/")[2]) and data not in whole:
                yield f"O1 {path} is torn ({len(data)} bytes)"

    def told(self, ran: Ran) -> Iterator[str]:
        """What is wrong with the words of a build that was stopped by a fault (O3)."""
        if "Traceback" in ran.said:
            yield f"O3 a traceback: {ran.said[-600:]}"
        if ran.code == 0 and self.held() != self.new:
            yield "O3 it said success, and the pages are other than those of a clean build"
        if ran.code and not ran.said.strip():
            yield f"O3 exit code {ran.code} without a word"

    def settled(self, wanted: Mapping[str, bytes] | None = None) -> Iterator[str]:
        """Build once more; what is then other than in a clean build, left over or touched (O2, O4, O5)."""
        again = self.run()
        if again.code or "Traceback" in again.said:
            yield f"O2 the next build exits with {again.code}: {again.said[-600:]}"
        after, wanted = self.held(), self.new if wanted is None else wanted
        for path in sorted(after.keys() | wanted.keys()):
            if LEFTOVER.search(path):
                yield f"O4 {path} is left"
            elif after.get(path) != wanted.get(path):
                yield f"O2 {path} {'is not there' if path not in after else 'is other than in a clean build'}"
        if self.around() != self.before:
            yield "O5 something else was touched"

    def _is_ours(self, path: Path) -> bool:
        inside = (self.out, self.cache, self.base / "trace")
        if path.is_relative_to(self.out) and path.relative_to(self.out).as_posix() in BY_HAND:
            return True
        return path.is_file() and not any(path.is_relative_to(each) for each in inside)

    def _plant(self, files: Mapping[str, str]) -> None:
        shutil.rmtree(self.base / "stage", ignore_errors=True)
        self.cache.mkdir(parents=True)
        write(self.src, files)
        write(self.out, BY_HAND)


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Files with their folders; path -> text."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, "utf-8")
