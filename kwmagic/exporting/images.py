"""Images that a notebook carries in itself, as files with the hash of their content for a name."""

from __future__ import annotations

import re
from binascii import Error, a2b_base64
from hashlib import blake2b

from kwmagic.analysers.notebook import Cell, as_object
from kwmagic.model import Problem

KINDS = ("image/svg+xml", "image/png", "image/jpeg", "image/gif", "image/webp")
"""MIME types, the best first."""
_SUFFIXES = {"image/svg+xml": "svg", "image/png": "png", "image/jpeg": "jpg", "image/gif": "gif", "image/webp": "webp"}
_BEGINNINGS = {"png": b"\x89PNG\r\n", "jpg": b"\xff\xd8\xff", "gif": b"GIF8", "webp": b"RIFF"}
_SVG = re.compile(
    r"\ufeff?\s*(?:<\?xml(?![^>]*encoding=[\"'](?!utf-8|(?:us-)?ascii))[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*+"
    r"<(?:[\w.-]+:)?svg\b",
    re.IGNORECASE | re.DOTALL,
)
"""How an SVG file begins that all read as the same characters."""
_LIVE_SVG = re.compile(
    r"<(?:[\w.-]+:)?(?:script|iframe|object|embed|handler|set|animate|html|body|base|meta|link|form|input"
    r"|button|audio|video)\b|<!ENTITY|<\?xml-|\bon[a-z]+\s*=|\bbase\s*=|@import|url\(\s*[\"']?\s*(?!#|data:font/)[^\s\"']"
    r"|(?:href|src)\s*=\s*[\"']?\s*(?!#|data:image/(?:png|jpeg|gif)[;,])[^\s\"'>]"
    r"|=\s*(?:\"[^\"<>]*\\|'[^'<>]*\\)|<(?:[\w.-]+:)?style\b[^<]*\\",
    re.IGNORECASE,
)
"""What runs or loads something once the file is opened by itself; a backslash may hide such a thing in a style."""
_WEB_LINK = re.compile(r"<a\s+(?:xlink:)?href=\"https?://")
"""That of draw.io, say."""
LIVE = "has scripts, loads other files or is no plain SVG"
"""What is wrong with an SVG file that `is_live`."""
_DATA = re.compile(r"data:(?P<kind>image/[a-z+]+)(?:;[^,;]*)*;base64,(?P<payload>.*)\Z", re.IGNORECASE | re.DOTALL)


def named(content: bytes, suffix: str) -> str:
    """What the file of an image is called; *suffix* with its dot."""
    return f"{blake2b(content, digest_size=8).hexdigest()}{suffix}"


def is_live(svg: bytes) -> bool:
    """Whether an SVG file could do more than be looked at."""
    try:
        text = svg.decode()
    except UnicodeDecodeError:
        return True
    return "\0" in text or not _SVG.match(text) or bool(_LIVE_SVG.search(_WEB_LINK.sub("<a ", text)))


class Images:
    """The image files of one page, and what is wrong with those that are none."""

    def __init__(self, url: str, *, trusted: bool) -> None:
        self._url = url
        self._trusted = trusted
        self.files: dict[str, bytes] = {}
        self.problems: list[Problem] = []

    def add(self, kind: str, payload: object, cell: int) -> str | None:
        """The URL of an image of that MIME type, as the notebook has it; None where it is none, or unknown."""
        suffix = _SUFFIXES.get(kind.lower())
        if suffix is None:
            return None
        try:
            content = _content(payload, suffix)
        except ValueError as error:
            self._refuse(f"an image ({kind}) {error}: it is left out", cell)
            return None
        if suffix == "svg" and not self._trusted and is_live(content):
            self._refuse(f"an SVG image {LIVE}: it is left out", cell)
            return None
        name = named(content, f".{suffix}")
        self.files[name] = content
        return f"{self._url}/{name}"

    def data_url(self, address: str, cell: int) -> str | None:
        """The same for an image that is written out in a link."""
        found = _DATA.match(address)
        return self.add(found["kind"], found["payload"], cell) if found else None

    def attachment(self, name: str, cell: Cell) -> str | None:
        """The same for an image attached to a Markdown cell."""
        bundle = as_object(as_object(cell.fields, "attachments"), name)
        kind = next((kind for kind in KINDS if kind in bundle), "")
        if not kind:
            self._refuse(f"the cell has no image `{name}` attached", cell.number)
            return None
        return self.add(kind, bundle[kind], cell.number)

    def _refuse(self, message: str, cell: int) -> None:
        problem = Problem(0, message, cell)
        if problem not in self.problems:
            self.problems.append(problem)


def _content(payload: object, suffix: str) -> bytes:
    """The bytes of an image; `ValueError` says in words what they are instead."""
    lines = payload if isinstance(payload, list) else [payload]
    text = "".join(line for line in lines if isinstance(line, str))
    if suffix == "svg" and "<" in text:
        return text.encode("utf-8", "replace")
    try:
        content = a2b_base64("".join(text.split()).encode("ascii", "replace"), strict_mode=True)
    except Error:
        raise ValueError("is not valid base64") from None
    if not content.startswith(_BEGINNINGS.get(suffix, b"")):
        raise ValueError(f"doesn't begin as {suffix.upper()} does")
    return content
