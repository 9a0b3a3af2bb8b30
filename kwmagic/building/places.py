"""Where a build reads and where it writes, checked before anything is done."""

from __future__ import annotations

import os
from typing import NamedTuple

from kwmagic.errors import OptionError, TargetError
from kwmagic.links import is_inside
from kwmagic.projects.roots import Root, root_of


class Places(NamedTuple):
    """Absolute folders, links resolved."""

    source: str
    output: str

    @property
    def way(self) -> str:
        """The source tree as seen from the output, `/` separated; "" where no relative path leads there."""
        try:
            return os.path.relpath(self.source, self.output).replace(os.sep, "/")
        except ValueError:  # Windows: on another drive
            return ""

    @property
    def root(self) -> Root:
        """The project around the source tree; the tree itself where it lies in none."""
        found = root_of(os.path.join(self.source, "file"))
        return Root(self.source) if found is None or found.shallow else found


def checked(source: str, output: str) -> Places:
    """The folders of a build; raises `TargetError` or `OptionError` where they can't be those."""
    if not os.path.isdir(source):
        raise TargetError(f"{source} is no folder; give the folder whose files are to be documented")
    places = Places(os.path.realpath(source), os.path.realpath(output))
    if os.path.normcase(places.source) == os.path.normcase(places.output):
        raise OptionError(f"the output folder is the source folder, {source}; choose another one with -o")
    if is_inside(places.source, places.output):
        raise OptionError(f"the source folder {source} lies in the output folder {output}; choose another one with -o")
    if os.path.exists(places.output) and not os.path.isdir(places.output):
        raise OptionError(f"the output {output} is no folder; choose another one with -o")
    return places
