"""Pages that are written only where what they are made from differs from last time."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from kwmagic.building.output import Output
from kwmagic.errors import ForeignError


class Kept:
    """One round over such pages, each with a digest of what it is made from."""

    def __init__(self, output: Output, known: Mapping[str, tuple[bytes, bytes]]) -> None:
        """*known*: page -> hash of what the last build wrote, and digest of what it was made from."""
        self._output = output
        self.known = known
        self.now: dict[str, tuple[bytes, bytes]] = {}
        """The same of this round."""
        self.written = set[str]()
        self.blocked: dict[str, str] = {}
        """Page -> why it could not be written."""

    @property
    def pages(self) -> set[str]:
        """All that there are."""
        return {*self.now, *self.blocked}

    def keep(self, page: str, inputs: bytes) -> bool:
        """Whether a page is there and made from just this; then it stays."""
        return self.keep_all([page], inputs)

    def keep_all(self, pages: Collection[str], inputs: bytes) -> bool:
        """The same of several, of which all stay or none."""
        if not all(self.is_there(page) and self.known[page][1] == inputs for page in pages):
            return False
        self.now.update((page, self.known[page]) for page in pages)
        return True

    def is_there(self, page: str) -> bool:
        """Whether a page is as it was written."""
        return page in self.known and self._output.pages.get(page) == self.known[page][0]

    def write(self, page: str, content: str | bytes, inputs: bytes) -> None:
        """Write a page, unless something that is not ours is in its place."""
        data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
        try:
            if self._output.write(page, data):
                self.written.add(page)
        except ForeignError as error:
            self.blocked[page] = str(error)
        else:
            self.now[page] = self._output.pages[page], inputs
