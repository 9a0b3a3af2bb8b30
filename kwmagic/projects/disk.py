"""What there is of a project on disk: its files, found by one walk, and what their names alone tell."""

from __future__ import annotations

import os
from collections import Counter
from functools import cached_property, lru_cache

from kwmagic.errors import UnreadableError
from kwmagic.evidence.modules import extension_names, module_names, named_files
from kwmagic.languages import Language, language_of
from kwmagic.model import FileRef
from kwmagic.projects.roots import Root
from kwmagic.sources import head, read_bytes
from kwmagic.trust import is_settled, state_of
from kwmagic.walking import Listing, walk

_PYTEST = {
    "pytest.ini": b"[pytest]",
    "pyproject.toml": b"[tool.pytest.ini_options]",
    "tox.ini": b"[pytest]",
    "setup.cfg": b"[tool:pytest]",
}
"""Where pytest is configured, and by which words (its documentation, "Configuration")."""
_RUNNERS = ("tests/runtests.py", "runtests.py", "bin/test")


class Disk:
    """One state of a project's folder; each part is looked up when it is first asked for."""

    def __init__(self, root: Root, *, everything: bool = False, without: str = "") -> None:
        """*everything*: also what is hidden, ignored, vendored; *without*: an absolute folder that is passed over."""
        self.root = root
        self._everything = everything
        self._without = without
        self._start = f"{root.top}/" if root.top else ""

    @cached_property
    def listing(self) -> Listing:
        """What a walk finds in the folder, or in the one package of it that is the project."""
        folder = os.path.join(self.root.folder, self.root.top)
        enter = self._enters if self.root.shallow or self._without else None
        return walk(folder, everything=self._everything, enter=enter)

    def _enters(self, path: str) -> bool:
        folder = os.path.join(self.root.folder, self.root.top, *path.split("/"))
        return not self.root.shallow and folder != self._without

    @cached_property
    def files(self) -> dict[str, FileRef]:
        """Path -> file, for every file with a language; sorted."""
        found = (ref for ref in self.listing.files if not ref.problem)
        return {self._start + ref.path: FileRef(self._start + ref.path, ref.file) for ref in found}

    @cached_property
    def listed(self) -> frozenset[str]:
        """The paths of all files."""
        return frozenset(self.files)

    @cached_property
    def paths(self) -> dict[str | None, str]:
        """Absolute name of a file -> path."""
        return {ref.file: path for path, ref in self.files.items()}

    @cached_property
    def languages(self) -> dict[str, Language | None]:
        """Path -> language."""
        return {path: _language(path) or language_of(path, head(ref.file or "")) for path, ref in self.files.items()}

    @cached_property
    def count(self) -> Counter[str]:
        """Language -> number of files."""
        return Counter(each.name for each in self.languages.values() if each is not None)

    @cached_property
    def names(self) -> dict[str, str]:
        """Path -> dotted name, of Python files."""
        return module_names(self.files)

    @cached_property
    def modules(self) -> dict[str, str]:
        """Dotted name -> path."""
        return named_files(self.names)

    @cached_property
    def extensions(self) -> frozenset[str]:
        """Dotted names of compiled modules."""
        return extension_names([self._start + path for path in self.listing.compiled], self.files)

    @cached_property
    def config(self) -> frozenset[str]:
        """What configures the project's tests: `pytest`, and the paths of its own runners."""
        marked = any(_holds(os.path.join(self.root.folder, name), mark) for name, mark in _PYTEST.items())
        pytest = marked or any(path.rpartition("/")[2] == "conftest.py" for path in self.files)
        runners = [name for name in _RUNNERS if os.path.isfile(os.path.join(self.root.folder, name))]
        return frozenset([*(["pytest"] if pytest else []), *runners])

    def size(self, path: str) -> int:
        """Bytes; 0 for a file that is gone."""
        status = self._status(path)
        return status.st_size if status else 0

    def state(self, path: str) -> str | None:
        """What changes with the content; None where the file is too young for its times to be trusted."""
        status = self._status(path)
        state = state_of(status) if status is not None else None
        return " ".join(map(str, state)) if state is not None and is_settled(state) else None

    def _status(self, path: str) -> os.stat_result | None:
        try:
            return os.stat(self.files[path].file or "")
        except OSError:
            return None


@lru_cache(2**16)
def _language(path: str) -> Language | None:
    return language_of(path)


def _holds(file: str, mark: bytes) -> bool:
    try:
        return mark in read_bytes(file)
    except UnreadableError:
        return False
