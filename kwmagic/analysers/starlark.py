"""Starlark (Bazel, Buck, Tilt): what the Python scanner finds, targets that have a written name, what is loaded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from kwmagic.analysers.comments import clean
from kwmagic.analysers.python_lexis import GAP, NAME, STRING, matching_brackets
from kwmagic.analysers.python_lines import LOGICAL_LINE
from kwmagic.analysers.python_scanner import scan
from kwmagic.analysers.python_text import evaluate_strings, split, squeeze
from kwmagic.languages import Language
from kwmagic.model import Findings, Import, Kind, Source, Symbol

_CALL = re.compile(rf"(?P<rule>{NAME}(?:\.{NAME})*+){GAP}*+(?=\()")
_NAMED = re.compile(rf"name\s*+=\s*+(?P<name>[rR]?{STRING})")
_LOADED = re.compile(rf"(?:(?P<alias>{NAME})\s*+=\s*+)?(?P<name>[rR]?{STRING})")
_INSTRUCTION = re.compile(r"^\#[ \t]*+(?:buildifier|gazelle|buildozer|keep)\b[^\n]*+\n?", re.MULTILINE)
"""For tools, not for readers."""
_LEGAL = re.compile(r"copyright|licen[sc]e|spdx", re.IGNORECASE)


class _Call(NamedTuple):
    """A call that is a whole statement of the file."""

    rule: str
    arguments: tuple[str, ...]
    line: int
    end_line: int
    comment: str
    """The lines of comment directly above it."""


def analyse(source: Source, language: Language) -> Findings:
    """What one Starlark file defines, declares and loads; never raises."""
    del language
    found = scan(source.text)
    symbols, imports = list(found.symbols), list[Import]()
    for call in _calls(source.text):
        name = next((evaluate_strings(arg["name"]) for arg in map(_NAMED.fullmatch, call.arguments) if arg), "")
        if call.rule == "load":
            imports += _loaded(call)
        elif name and call.rule == "bazel_dep":
            imports.append(Import(name, None, None, call.line))
        elif name:
            symbols.append(_target(name, call))
    symbols.sort(key=lambda symbol: symbol.line)
    return Findings("scanner", tuple(symbols), tuple(imports), problems=tuple(found.problems), doc=found.doc)


def _calls(text: str) -> Iterator[_Call]:
    closing = matching_brackets(text)
    position, line, comment = 0, 1, ""
    while position < len(text) and (found := LOGICAL_LINE.match(text, position)):
        end = found.end()
        if not found["indent"] and (head := _CALL.match(text, position)) and head.end() in closing:
            end = closing[head.end()]
            arguments = split(squeeze(text[head.end() + 1 : end - 1]))
            yield _Call(head["rule"], arguments, line, line + text.count("\n", position, end), comment)
            end = text.find("\n", end) + 1 or len(text)
        comment = comment + found[0] if found["comment"] and not found["code"] else ""
        line += text.count("\n", position, end)
        position = end


def _loaded(call: _Call) -> Iterator[Import]:
    """`load("//a:b.bzl", "c", d = "e")`."""
    names = [each for each in map(_LOADED.fullmatch, call.arguments) if each]
    for each in names[1:]:
        yield Import(evaluate_strings(names[0]["name"]), evaluate_strings(each["name"]), each["alias"], call.line)


def _target(name: str, call: _Call) -> Symbol:
    doc = "" if _LEGAL.search(call.comment) else clean(_INSTRUCTION.sub("", call.comment))
    return Symbol(Kind.TARGET.value, name, name, call.line, call.end_line, f"= {call.rule}", doc or None)
