"""YAML: its keys by path, read by indentation; templates of Helm and Jinja around them are stepped over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kwmagic.analysers.brackets import Flow, Grammar, unquoted
from kwmagic.analysers.keys import Key, Keys, Scope
from kwmagic.analysers.lines import shortened
from kwmagic.languages import Language
from kwmagic.model import Findings, Source

_DOUBLE = r'"(?:[^"\\]++|\\.)*+"'
_SINGLE = r"'(?:[^']++|'')*+'"
_END = r"(?=[ \t\n]|\Z)"
_PROPERTIES = r"(?:[&!][^ \t\n]*+(?:[ \t]++|(?=\n|\Z)))*+"
"""Anchors and tags."""
_TEMPLATE = r"\{\{[^\n{}]*+\}\}"
_FIRST = rf"""(?:{_TEMPLATE}|[^\s\-?:,\[\]{{}}\#&*!|>'"%@`]|[-?:](?![ \t\n]|\Z))"""
"""What an unquoted scalar starts with."""
_NAME = rf"{_FIRST}(?:[^ \t\n:\#]++|:(?![ \t\n]|\Z)|(?<![ \t])\#|[ \t]++(?![\#\n]|:[ \t\n]|:\Z))*+"
_KEY = re.compile(
    rf"""{_PROPERTIES}(?P<name>"(?:[^"\\\n]++|\\.)*+"|'(?:[^'\n]++|'')*+'|{_NAME})[ \t]*+:{_END}[ \t]*+""", re.DOTALL
)
_MARK = re.compile(rf"(?<![ \t])(?:---|\.\.\.){_END}[ \t]*+")
"""What stands between documents."""
_LINE = re.compile(
    rf"""(?P<indent>[ \t]*+)(?:
    (?P<blank>\n) | (?P<comment>\#[^\n]*+)
    | (?P<mark>{_MARK.pattern}) | (?P<directive>(?<![ \t])%[^\n]*+)
    | (?P<template>\{{\{{-?[ \t]*+/\*(?:[^*]++|\*(?!/))*+(?:\*/[^\n]*+|\Z)
        | \{{\#(?:[^\#]++|\#(?!\}}))*+(?:\#\}}[^\n]*+|\Z) | \{{%[^\n]*+ | {_TEMPLATE}[ \t]*+(?!:)[^\n]*+)
    | (?P<content>[^\n]))""",
    re.VERBOSE,
)
_INDICATOR = re.compile(rf"(?P<sign>[-?:]){_END}[ \t]*+")
_VALUE = re.compile(
    rf"""{_PROPERTIES}(?:(?P<block>[|>][-+0-9]*+[ \t]*+(?:\#[^\n]*+)?(?=\n|\Z)) | (?P<quoted>{_DOUBLE}|{_SINGLE})
    | (?P<open>(?!\{{[{{%\#])[\[{{]) | (?P<plain>(?!\#)[^ \t\n](?:[^\n\#]++|(?<![ \t])\#)*+) | (?P<nothing>))""",
    re.VERBOSE | re.DOTALL,
)
_TAIL = re.compile(r"[^\n\#]*+(?:(?<![ \t])\#[^\n\#]*+)*+(?P<comment>\#[^\n]*+)?")
_INDENT = re.compile(r"\n(?P<indent>[ ]*+)(?P<blank>[ \t]*+(?=\n|\Z))?")

_WORD = r"(?:[^ \t\n,\[\]{}:\#]++|:(?![ \t\n,\[\]{}]|\Z)|(?<![ \t\n])\#)++"
_TOKEN = re.compile(
    rf"""[ \t\n]*+(?:
    (?P<open>[\[{{]) | (?P<close>[\]}}]) | (?P<comma>,) | (?P<comment>(?<![^ \t\n,\[\]{{}}])\#[^\n]*+)
    | (?:[&!][^ \t\n,\[\]{{}}]*+[ \t\n]++|\?[ \t\n]++)*+
      (?P<atom>(?P<quoted>{_DOUBLE}|{_SINGLE})|{_WORD}(?:[ \t\n]++(?!\#){_WORD})*+)
      (?P<key>[ \t\n]*+:(?(quoted)|(?=[ \t\n,\[\]{{}}]|\Z)))?+
    | (?P<loose>.) | \Z)""",
    re.VERBOSE | re.DOTALL,
)


@dataclass(slots=True)
class _Block:
    """A mapping or list in block style that is still open."""

    column: int
    scope: Scope
    key: Key | None = None
    """The last one read."""


def analyse(source: Source, language: Language) -> Findings:
    """The keys of one file by path, of all its documents; never raises."""
    del language
    reader = _Reader(source.text)
    reader.read()
    return reader.keys.findings(source.text, reader.flow.comments, reader.flow.problems)


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.keys = Keys()
        self.flow = Flow(text, Grammar(_TOKEN, ":", _parts), self.keys)
        self.blocks: list[_Block] = []
        self.end = 0  # of the last content read
        self.has_tab = False

    def read(self) -> None:
        position = 0
        while position < len(self.text) and (line := _LINE.match(self.text, position)):
            what = line.lastgroup
            position = line.end()
            if what == "comment":
                self.flow.comments.append(line.span("comment"))
            elif what == "mark":
                self.leave(-1)
                position = self.value(position, -1, None, None)
            elif what == "content":
                if "\t" in line["indent"] and not self.has_tab:
                    self.has_tab = True
                    self.flow.problems.append((line.start(), "a tab in the indentation"))
                position = self.content(line.end("indent"), len(line["indent"]))
            if what != "blank":
                position = self.rest(position)
        self.leave(-1)

    def content(self, position: int, column: int) -> int:
        """Read a line from its first character on; gives the offset where its last value ends."""
        outer, owner, scope = column, None, None
        while True:
            key = _KEY.match(self.text, position)
            sign = None if key else _INDICATOR.match(self.text, position)
            if sign is None:
                break
            outer = column
            block = self.block(column, is_list=sign["sign"] == "-")
            owner = block.key if sign["sign"] == ":" else None
            scope = block.scope
            column += sign.end() - position
            position = sign.end()
            if sign["sign"] == "?":
                return self.complex_key(block, position)
        if key is None:
            return self.value(position, outer, scope, owner)
        block = self.block(column, is_list=False)
        if key["name"] == "<<":  # takes the keys of another mapping: none of its own
            block.key = None
        else:
            block.key = self.keys.add(block.scope, _parts(key["name"]), key.start("name"), key.end())
        self.end = key.end()
        return self.value(key.end(), column, block.scope, block.key)

    def complex_key(self, block: _Block, position: int) -> int:
        """A key behind a `?`: one if it is a scalar, else nothing that has a name."""
        block.key = None
        if _INDICATOR.match(self.text, position) or _KEY.match(self.text, position):
            return position
        value = _VALUE.match(self.text, position)
        what = value.lastgroup if value else None
        if value and what in ("plain", "quoted"):
            start, self.end = value.span(what)
            name = self.text[start : self.end].rstrip()
            block.key = self.keys.add(block.scope, _parts(name), start, self.end)
            return self.end
        return self.value(position, block.column, block.scope, None)

    def block(self, column: int, *, is_list: bool) -> _Block:
        """The mapping or list that stands at *column*: an open one or a new one."""
        self.leave(column)
        top = self.blocks[-1] if self.blocks else None
        if top is not None and top.column == column:
            if top.scope.is_list == is_list:
                self.finish(top)
                return top
            if top.scope.is_list:
                self.blocks.pop()  # a list that is no deeper than its key ends with the next key
                return self.block(column, is_list=is_list)
        scope = Scope.outermost(is_list) if top is None else top.scope.nested(top.key, is_list)
        self.blocks.append(_Block(column, scope))
        return self.blocks[-1]

    def leave(self, column: int) -> None:
        """Close what stands deeper than *column*."""
        while self.blocks and self.blocks[-1].column > column:
            self.finish(self.blocks.pop())

    def finish(self, block: _Block) -> None:
        if block.key is not None:
            block.key.end = max(block.key.end, self.end)

    def value(self, position: int, column: int, scope: Scope | None, owner: Key | None) -> int:
        """Read the value at *position*, if there is one, of what stands at *column*; gives the offset after it."""
        value = _VALUE.match(self.text, position)
        what = value.lastgroup if value else None
        if value is None or what == "nothing":
            return position
        start, end = value.start(what or 0), value.end()
        if what == "open":
            inside = scope.nested(owner, self.text[start] == "[") if scope else Scope.outermost(self.text[start] == "[")
            if closing := self.flow.end_of(start):
                self.end = self.flow.read(start, closing, inside, owner)
                return self.end
            end = self.line_end(start)
        elif what == "block":
            end = self.deeper(end, column, is_text=True)
        elif what == "plain":
            if self.text[start] in ("'", '"'):
                self.flow.problems.append((start, f"{self.text[start]!r} is never closed"))
            end = self.deeper(end, column, is_text=False)
        self.end = end
        if owner is not None:
            owner.end = end
            owner.signature = f": {shortened(self.text[position:end])}"
        return end

    def deeper(self, position: int, column: int, *, is_text: bool) -> int:
        """The end of the lines after *position* that are deeper than *column*; of an unquoted scalar, not of keys."""
        end = position
        while line := _INDENT.match(self.text, position):
            if line["blank"] is None:
                if len(line["indent"]) <= column or (column < 0 and _MARK.match(self.text, line.end())):
                    break
                if not is_text and (self.text.startswith(("#", "{{", "{%"), line.end()) or self.has_key(line.end())):
                    break
            position = self.line_end(line.end())
            end = end if line["blank"] is not None else position
        return end

    def has_key(self, position: int) -> bool:
        """Whether a line is no continuation of a scalar, since a key is in it."""
        while sign := _INDICATOR.match(self.text, position):
            if sign["sign"] == "?":
                return True
            position = sign.end()
        return _KEY.match(self.text, position) is not None

    def line_end(self, position: int) -> int:
        end = self.text.find("\n", position)
        return end if end >= 0 else len(self.text)

    def rest(self, position: int) -> int:
        """Step over the rest of a line, which should be no more than a comment; gives the start of the next one."""
        tail = _TAIL.match(self.text, position)
        if tail and tail["comment"]:
            self.flow.comments.append(tail.span("comment"))
        return self.line_end(position) + 1


def _parts(key: str) -> tuple[str]:
    if key.startswith("'"):
        key = key.strip("'").replace("''", "'")
    return (" ".join(unquoted(key).split()),)
