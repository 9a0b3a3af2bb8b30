"""Where links and images of foreign text may lead: the web, mail, and relative to the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from urllib.parse import quote

Aim = Callable[[str], str | None]
"""The address an `href` or `src` shall have, given as written; None: no link can be, the text alone stays."""

_IGNORED = re.compile("[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
"""Left out or read as nothing by some reader, so that `java\\tscript:` is a scheme there."""
_WEB = ("http", "https")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def as_written(address: str) -> str:
    """The aim of text that stays where it is."""
    return address


def aimed(address: str, aim: Aim) -> str | None:
    """The new address, percent-encoded so that it ends neither a link of Markdown nor an attribute; None: no link.

    *address*: without entities and backslashes.
    """
    found = aim(address.strip())
    if found is None or not is_harmless(found):
        return None
    return quote(found.strip(), safe="%/:?#@!$&+,;=~-.[]'", errors="replace").replace("[", "%5B").replace("]", "%5D")


def is_harmless(address: str) -> bool:
    """Whether nothing but a page, a file, a mail or a place of this page can be behind an address."""
    bare = _IGNORED.sub("", unescape(unescape(address))).replace("\\", "/")
    scheme, _, rest = bare.partition(":")
    if scheme.lower() in _WEB:
        return rest.startswith("//")  # else some take it for a path, others for a host
    return not rest or scheme.lower() == "mailto" or bool(re.search(r"[/?#]", scheme))


def in_markdown(address: str) -> str:
    """An address that `aimed` made, as the destination of a link."""
    return _ENTITY.sub("&amp;", address)
