"""Links and anchors of HTML: fast where a page is written as kwmagic writes it, else with the parser of Python."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

from kwmagic.checking.exact import Found

_ATTRIBUTE = r""" [a-z][a-z0-9:_-]*+(?:="[^"<>]*+")?"""
_OPENED = rf"<[a-z][a-z0-9]*+(?:{_ATTRIBUTE})*+ ?/?>"
_RAW = r"<script\b[^<>]*+>(?s:.*?)</script>|<style\b[^<>]*+>(?s:.*?)</style>"
_PLAIN = re.compile(rf"(?:[^<]++|</[a-z][a-z0-9]*+>|{_RAW}|{_OPENED}|<!--(?s:.*?)-->|<!doctype html>)*+")
"""A page all of whose tags are in lower case, with attributes between double quotes: then what looks like a tag with
a link is one."""
_UNREAD = re.compile(r"<!--(?s:.*?)-->|(?P<tag><(?P<raw>script|style)\b[^<>]*+>)(?s:.*?)</(?P=raw)>")
"""Comments, and scripts and styles, of which only the tag counts."""
_LINKING = re.compile(rf"<(?P<name>[a-z][a-z0-9]*+)(?=[^<>]* (?:id|href|src|name)=)(?P<rest>(?:{_ATTRIBUTE})++)")
_TAKEN = re.compile(r' (id|href|src|name)="([^"]*+)"')


def found_on(page: str) -> list[Found]:
    """All that a page links to and can be linked to by, in order; what scripts do is not known."""
    return list(_found(page) if _PLAIN.fullmatch(page) else _parsed(page))


def _found(page: str) -> Iterator[Found]:
    page = _UNREAD.sub(lambda each: (each["tag"] or "") + "\n" * each[0].count("\n"), page)
    ends = [match.start() for match in re.finditer("\n", page)]
    for tag in _LINKING.finditer(page):
        line = bisect_left(ends, tag.start()) + 1
        for key, value in _TAKEN.findall(tag["rest"]):
            if (is_anchor := _is_anchor(tag["name"], key)) is not None:
                yield Found(line, unescape(value), is_anchor)


def _parsed(page: str) -> list[Found]:
    parser = _Parser(convert_charrefs=True)
    parser.feed(page)
    parser.close()
    return parser.found


class _Parser(HTMLParser):
    def __init__(self, *, convert_charrefs: bool) -> None:
        super().__init__(convert_charrefs=convert_charrefs)
        self.found: list[Found] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        line, _ = self.getpos()
        for key, value in attrs:
            if value is not None and (is_anchor := _is_anchor(tag, key)) is not None:
                self.found.append(Found(line, value, is_anchor))


def _is_anchor(tag: str, key: str) -> bool | None:
    """Whether an attribute makes an anchor; None where it neither does nor links."""
    if key == "id":
        return True
    if key == "name":
        return True if tag == "a" else None
    return False if key in ("href", "src") else None
