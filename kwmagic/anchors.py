"""Names of places in pages, and paths as parts of URLs."""

from __future__ import annotations

import re
from hashlib import blake2b
from urllib.parse import quote


def quoted(path: str) -> str:
    """A path as part of a URL; undecodable bytes (lone surrogates) become the bytes they stand for."""
    try:
        return quote(path.encode("utf-8", "surrogateescape"), safe="/")
    except UnicodeEncodeError:  # a surrogate that stands for no byte
        return quote(path.encode("utf-8", "surrogatepass"), safe="/")


def anchor(page: str, path: str, qualname: str) -> str:
    """`kw-<6 hex digits of page kind and path>-<qualname>`, only of characters every front end scrolls to."""
    digest = blake2b(f"{page}\0{path}".encode("utf-8", "surrogatepass"), digest_size=3).hexdigest()
    name = qualname.lower().replace("<locals>", "locals").replace("::", ".").replace(" > ", ".").replace(" ", "-")
    name = re.sub(r"[^a-z0-9._-]", "", name)
    return f"kw-{digest}-{name}"


class Anchors:
    """The anchors of one page, each unique: a repeated name gets `-2`, `-3` …"""

    def __init__(self, page: str) -> None:
        self._page = page
        self._used: dict[str, int] = {}

    def new(self, path: str, qualname: str) -> str:
        """The next anchor for a name of a file."""
        base = anchor(self._page, path, qualname)
        count = self._used.get(base, 0) + 1
        found = base if count == 1 else f"{base}-{count}"
        while count > 1 and found in self._used:  # a name that looks like a numbered one: `f-2` beside two `f`
            count += 1
            found = f"{base}-{count}"
        self._used[base] = count
        self._used.setdefault(found, 1)
        return found
