"""The files that all pages of a site share: style sheet and scripts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from kwmagic.errors import OptionError
from kwmagic.mdtext import page_mark

SHARED = "kwmagic-site"
"""Where they are, from the top of the output."""
_FILES = ("search.js", "site.css", "site.js", "theme.js")
_HERE = Path(__file__).with_name("assets")


def static_files(mermaid: str | None = None) -> Iterator[tuple[str, bytes]]:
    """Names from the top of the output, and contents; a line with the page mark ends each, a comment in all of them.

    *mermaid*: the file `mermaid.min.js`, to draw what is not drawn already. Raises `OptionError` where there is none.
    """
    mark = f"{page_mark('./')}\n".encode()
    for name in _FILES:
        yield f"{SHARED}/{name}", _own(name) + mark
    if mermaid is not None:
        yield f"{SHARED}/mermaid.min.js", _script(mermaid) + mark


def style() -> str:
    """The style sheet, for a page that is alone."""
    return _own("site.css").decode("utf-8")


def _own(name: str) -> bytes:
    return (_HERE / name).read_bytes().replace(b"\r\n", b"\n")


def _script(path: str) -> bytes:
    try:
        return Path(path).read_bytes().rstrip() + b"\n"
    except OSError as error:
        raise OptionError(f"can't read the Mermaid script {path}: {error.strerror}") from None
