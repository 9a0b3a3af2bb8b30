"""Markdown and HTML that is trusted: all stays as written, only links and images lead elsewhere."""

from __future__ import annotations

import re
from html import escape, unescape

from kwmagic.foreign.addresses import Aim

_ATTRIBUTE = r"""<[a-z][^<>]*?\s(?:href|src)\s*=\s*(?:"(?P<double>[^"<>]*)"|'(?P<single>[^'<>]*)')"""
_NO_PLACE = r"<!--.*?-->|<(?P<raw>script|style)\b.*?</(?P=raw)\s*>"
_IN_HTML = re.compile(rf"{_NO_PLACE}|{_ATTRIBUTE}", re.DOTALL | re.IGNORECASE)
_IN_MARKDOWN = re.compile(
    rf"""
    ^[ \t>]*(?P<ticks>`{{3,}}|~{{3,}})[^\n]*\n.*?(?:^[ \t>]*(?P=ticks)|\Z)
    | (?P<run>`+)(?!`).*?(?<!`)(?P=run)(?!`)
    | {_NO_PLACE} | {_ATTRIBUTE}
    | \]\([ \t]*(?:<(?P<angled>[^<>\n]*)>|(?P<bare>[^\s()<>]+(?:\([^\s()<>]*\)[^\s()<>]*)*))
    | ^[ ]{{0,3}}\[[^\[\]\n^][^\[\]\n]*\]:[ \t]*(?P<defined>[^\s<>]+)
    """,
    re.DOTALL | re.IGNORECASE | re.MULTILINE | re.VERBOSE,
)
"""Code, comments and scripts, in which there is no link; one link."""


def aimed_html(html: str, aim: Aim) -> str:
    """HTML with the addresses of its elements re-aimed; those that can lead nowhere stay."""
    return _IN_HTML.sub(lambda found: _aimed(found, aim), html)


def aimed_markdown(markdown: str, aim: Aim) -> str:
    """The same for Markdown, its links and images included."""
    return _IN_MARKDOWN.sub(lambda found: _aimed(found, aim), markdown)


def _aimed(found: re.Match[str], aim: Aim) -> str:
    kind = found.lastgroup or ""
    if kind in ("ticks", "run", "raw", ""):
        return found[0]
    address = aim(unescape(found[kind]))
    if address is None:
        return found[0]
    new = escape(address) if kind in ("double", "single") else address
    return f"{found[0][: found.start(kind) - found.start()]}{new}{found[0][found.end(kind) - found.start() :]}"
