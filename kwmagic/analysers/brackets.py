"""Collections in brackets, which JSON, TOML and YAML write much alike."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from kwmagic.analysers.keys import Key, Keys, Scope
from kwmagic.analysers.lines import shortened

SPACE = r"[ \t\n]*+"
NUMBER = r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?[0-9]++)?+"
_RUN = re.compile(rf'(?:{SPACE}(?:{NUMBER}|"[^"\\\x00-\x1f]*+"|true|false|null){SPACE},)++')
"""Items of a list that are no collections: most of a file of data."""
_DEEPEST = 1_000
"""Brackets inside each other that are read."""


class Grammar(NamedTuple):
    """How a language writes collections in brackets."""

    token: re.Pattern[str]
    """With groups `open`, `close`, `comma`, `comment`, `atom` and, behind an atom, `key` for the sign that makes it
    one; `loose` and `loose_key` are the same for atoms that the language does not allow. Without a group at the end."""
    sign: str
    """Before a value, in signatures."""
    parts: Callable[[str], Sequence[str]]
    """The path that a key as written stands for."""
    is_strict: bool = False
    """Whether the order of tokens is checked."""


@dataclass(slots=True)
class _Open:
    """A bracket that is not closed yet."""

    scope: Scope
    owner: Key | None
    start: int
    keys: int
    """Read before it."""
    comments: int
    closer: str
    key: Key | None = None
    """The last one inside."""
    state: str = "start"
    """What came last: nothing, a `key`, a `value` or a `comma`."""

    def is_due(self, what: str) -> bool:
        """Whether a `key`, a `value` or a `comma` may come next."""
        if self.state == "value":
            return what == "comma"
        return what == ("value" if self.scope.is_list or self.state == "key" else "key")


@dataclass(slots=True)
class Flow:
    """The collections in brackets of one text, and their comments and problems."""

    text: str
    grammar: Grammar
    keys: Keys
    comments: list[tuple[int, int]] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    has_unclosed: bool = False

    def read(self, position: int, limit: int, scope: Scope, owner: Key | None = None) -> int:
        """Read the collection at *position*, which is *scope* and the value of *owner*; gives the offset after it.

        One that is not closed before *limit* ends there, and is a problem.
        """
        text, token_at = self.text, self.grammar.token.match
        opened: list[_Open] = []
        while True:
            if opened and opened[-1].scope.is_list and opened[-1].is_due("value"):
                run = _RUN.match(text, position, limit)
                position = run.end() if run else position
            token = token_at(text, position, limit)
            if token is None or token.lastgroup is None:
                break
            what, start, position = token.lastgroup, token.start(token.lastgroup), token.end()
            top = opened[-1] if opened else None
            if what == "comment":
                self.comments.append((start, position))
            elif what == "open":
                if top is not None:
                    self.take(top, "value", start)
                    owner = None if top.scope.is_list else top.key
                    scope = top.scope.nested(owner, text[start] == "[")
                if len(opened) == _DEEPEST:
                    self.problems.append((start, f"brackets are nested more than {_DEEPEST:,} deep"))
                    return limit
                closer = "]" if scope.is_list else "}"
                opened.append(_Open(scope, owner, start, self.keys.total, len(self.comments), closer))
            elif top is None:
                break
            elif what == "close":
                if top.closer != text[start]:
                    self.unexpected(start)
                    if len(opened) == 1 or opened[-2].closer != text[start]:
                        continue
                    self.close(opened.pop(), start, start)  # it is the one around that is closed here
                self.close(opened.pop(), start, position)
                if not opened:
                    return position
            elif what == "comma":
                self.take(top, "comma", start)
            elif what in ("key", "loose_key"):
                first, last = token.span("atom" if what == "key" else "loose")
                self.take(top, "key", first, is_loose=text[first] != '"')
                around = top.scope.nested(None, False) if top.scope.is_list else top.scope
                top.key = self.keys.add(around, self.grammar.parts(text[first:last]), first, position)
            else:
                self.take(top, "value", start, is_loose=what == "loose")
                if top.key is not None and not top.scope.is_list:
                    top.key.end = position
                    top.key.signature = f"{self.grammar.sign} {shortened(text[start:position])}"
        if opened:
            self.problems.append((opened[0].start, f"{text[opened[0].start]!r} is never closed"))
        return limit

    def take(self, top: _Open, what: str, start: int, *, is_loose: bool = False) -> None:
        """Note what came in a collection; what may not stand there is a problem."""
        if is_loose or not top.is_due(what):
            self.unexpected(start)
        top.state = what

    def unexpected(self, start: int) -> None:
        """Note the first token that is wrong; after it little is what it seems."""
        if self.grammar.is_strict and not self.problems:
            self.problems.append((start, f"unexpected {self.text[start]!r}"))

    def close(self, top: _Open, start: int, end: int) -> None:
        """End a collection with the bracket at *start*; where no key is in it, it is shown as a value."""
        if top.state == "key":
            self.unexpected(start)
        if top.owner is not None:
            top.owner.end = end
            if top.keys == self.keys.total:
                top.owner.signature = f"{self.grammar.sign} {self.shown(top, start)}"

    def end_of(self, position: int) -> int:
        """The offset after the collection at *position*; 0 where it is never closed, which is a problem.

        After the first of these, collections may span no lines, so that no text is looked through again and again.
        """
        text, start, depth = self.text, position, 0
        limit = len(text) if not self.has_unclosed else (text.find("\n", start) + 1 or len(text))
        while (token := self.grammar.token.match(text, position, limit)) and token.lastgroup:
            position = token.end()
            if token.lastgroup == "open":
                depth += 1
            elif token.lastgroup == "close":
                depth -= 1
                if not depth:
                    return position
        if not self.has_unclosed:
            self.problems.append((start, f"{text[start]!r} is never closed"))
        self.has_unclosed = True
        return 0

    def shown(self, top: _Open, end: int) -> str:
        """A collection as a value: without its comments, and tight, as if it had been written on one line."""
        pieces, position = [], top.start + 1
        for start, after in self.comments[top.comments :]:
            pieces.append(self.text[position:start])
            position = after
        inner = "".join([*pieces, self.text[position:end]]).strip().removesuffix(",").rstrip()
        return shortened(f"{self.text[top.start]}{inner}{top.closer}")


def unquoted(key: str) -> str:
    """The text that a key stands for; escapes stay where what they stand for can't be shown."""
    if key[:1] not in ('"', "'"):
        return key
    inner = key[1:-1] if len(key) > 1 and key[-1] == key[0] else key[1:]
    if "\\" not in inner or key[0] == "'":
        return inner
    try:
        value = json.loads(f'"{inner}"', strict=False)
    except ValueError:
        return inner
    return value if value.isprintable() else inner
