"""What the analysers here are: to tell whether what was found elsewhere, or before, is what would be found here."""

from __future__ import annotations

import sys
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from platform import python_version
from typing import NamedTuple

from kwmagic.languages import LANGUAGES


class Identity(NamedTuple):
    """Two of them are equal where the same is found in the same file."""

    kwmagic: str
    """Its version, for people; empty where it is not installed as a package."""
    python: str
    digest: str
    """Of the sources, and of which grammars there are."""


@cache
def identity() -> Identity:
    """That of this process; the same on another machine with the same things installed."""
    found = sha256(sys.implementation.name.encode())
    for file in own_files():
        found.update(b"\0".join((file.name.encode(), file.read_bytes(), b"")))
    for file in grammars():
        found.update(f"{file.name} {file.stat().st_size}\0".encode())
    try:
        installed = version("kwmagic")
    except PackageNotFoundError:
        installed = ""
    return Identity(installed, python_version(), found.hexdigest())


def own_files() -> list[Path]:
    """The files of kwmagic that facts depend on, sorted."""
    return sorted(file for file in Path(__file__).parent.rglob("*") if file.suffix in (".py", ".scm"))


def grammars() -> list[Path]:
    """The modules of the grammars that are installed, by language."""
    found = (find_spec(row.needs.replace("-", "_")) for row in LANGUAGES if row.needs)
    return [Path(spec.origin) for spec in found if spec is not None and spec.origin]
