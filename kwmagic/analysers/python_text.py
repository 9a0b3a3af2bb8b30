"""One-line text and values made from pieces of Python source."""

from __future__ import annotations

import re
import unicodedata

from kwmagic.analysers.python_lexis import COMMAS, SPACE, STRING_LITERALS, matching_brackets

_UNEVEN = re.compile(r"[\n\t\f\\#]|  |[(\[{] | [)\]}]")
_LITERAL = re.compile(r"[\"'#\\\\]")
_HARD = re.compile(r"[#\\]|\"\"\"|'''")
_LOOSE = re.compile(r"  |[(\[{][ \t]| [)\]},]|[\t\f]")
_ESCAPE = re.compile(
    r"""\\(?:(?P<line>\n)|(?P<char>[\\'"abfnrtv])|(?P<octal>[0-7]{1,3})"""
    r"""|x(?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})|U(?P<U>[0-9a-fA-F]{8})|N\{(?P<named>[^}\n]{1,100})\})"""
)
_CHARS = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def squeeze(text: str) -> str:
    """Source text on one line: comments and line breaks gone, runs of space one space, strings untouched."""
    text = text.strip()
    if not _UNEVEN.search(text):
        return text
    if not _LITERAL.search(text):  # the common case, ten times faster without a look at every token
        return _tight(" ".join(text.split()), " ")
    if "\n" in text and not _HARD.search(text):  # no string spans lines: what joins them is outside of strings
        lines = "\n".join([line for part in text.split("\n") if (line := part.strip())])
        if not _LOOSE.search(lines):
            return _tight(lines, "\n").replace("\n", " ")

    def space(match: re.Match[str]) -> str:
        if match[0][0] in "\"'":
            return match[0]
        before, after = text[match.start() - 1], text[match.end() : match.end() + 1]
        return "" if before in "([{" or after in (")", "]", "}", ",") else " "

    return SPACE.sub(space, text).strip()


def _tight(text: str, space: str) -> str:
    """Without the space after opening brackets and before closing ones and commas."""
    for bracket in "([{":
        text = text.replace(bracket + space, bracket)
    for bracket in ")]},":
        text = text.replace(space + bracket, bracket)
    return text


def split(text: str) -> tuple[str, ...]:
    """The elements of a comma-separated list, brackets and strings respected."""
    elements, start = [], 0
    for comma in _top_level_commas(text):
        elements.append(text[start:comma].strip())
        start = comma + 1
    elements.append(text[start:].strip())
    return tuple(element for element in elements if element)


def _top_level_commas(text: str) -> list[int]:
    closing = None
    commas, depth_end = [], 0
    for token in COMMAS.finditer(text):
        if token.start() < depth_end:
            continue
        if token[0] == ",":
            commas.append(token.start())
        elif token[0] in "([{":
            closing = matching_brackets(text) if closing is None else closing
            depth_end = closing.get(token.start(), 0)
    return commas


def evaluate_strings(text: str) -> str:
    """The value of one or more adjacent string literals (no f-strings, no bytes), as Python evaluates it."""
    parts = []
    for literal in STRING_LITERALS.finditer(text):
        body = literal["string"]
        size = 3 if body[:3] in ('"""', "'''") and len(body) >= 6 else 1
        value = body[size:-size]
        parts.append(value if literal["prefix"] in ("r", "R") or "\\" not in value else _ESCAPE.sub(_character, value))
    return "".join(parts)


def _character(escape: re.Match[str]) -> str:
    if escape["line"]:
        return ""
    if escape["char"]:
        return _CHARS.get(escape["char"], escape["char"])
    if escape["octal"]:
        return chr(int(escape["octal"], 8))
    if escape["named"]:
        try:
            return unicodedata.lookup(escape["named"])
        except KeyError:
            return escape[0]
    number = int(escape["x"] or escape["u"] or escape["U"], 16)
    return chr(number) if number < 0x110000 else escape[0]


def column_of(indent: str) -> int:
    """The column an indentation reaches: tabs go to the next multiple of 8, a form feed starts again at 0."""
    return len(indent.rpartition("\f")[2].expandtabs(8)) if "\t" in indent or "\f" in indent else len(indent)


def normal(name: str) -> str:
    """An identifier as the compiler stores it (PEP 3131: NFKC)."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)
