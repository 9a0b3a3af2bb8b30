"""Matches of a grammar's patterns, put together into symbols and imports."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kwmagic.analysers.lines import Comments, Lines, said, shortened, squeeze
from kwmagic.model import Import, Kind, Symbol

if TYPE_CHECKING:
    from tree_sitter import Node

_FLAGS = """
    abstract actual async const constexpr data declaration default defer expect export extern external file
    fileprivate final fixed function generator getter global implicit infix inline inner internal lateinit lazy
    local mutable native nonisolated open operator overload override package partial private protected re-export
    readonly ref required sealed setter signature static strictfp suspend synchronized system tailrec transient
    typing-only unsafe value virtual volatile weak
"""
FLAGS = frozenset(_FLAGS.split())
"""Words that a definition or an import is marked with; public ones are not said to be."""
_FUNCTIONS = frozenset(
    {Kind.FUNCTION, Kind.METHOD, Kind.CONSTRUCTOR, Kind.DESTRUCTOR, Kind.OPERATOR, Kind.PROPERTY, Kind.MACRO}
)
"""What is defined in them is local."""
_VALUES = frozenset(
    {Kind.VARIABLE, Kind.CONSTANT, Kind.FIELD, Kind.PROPERTY, Kind.ATTRIBUTE, Kind.ENUMERATOR, Kind.TYPE_ALIAS}
)
_DIRECTIVE = re.compile(
    rb"/[/*]{1,3}+!?[ \t]{0,9}+(?:@ts-|eslint|tslint|jshint|jslint|prettier-|istanbul|c8 |v8 |biome-|noinspection|"
    rb"#?(?:end)?region|<reference|go:|nolint|NOSONAR|@formatter|ReSharper|phpcs|@phpstan-ignore)|"
    rb"--[ \t]{0,9}+luacheck|#[ \t]{0,9}+(?:rubocop|:nocov|frozen_string_literal|warn_indent|typed:|(?:en)?coding:)"
)
"""Comments for tools, not for readers."""
_MEMBERS = frozenset({Kind.METHOD, Kind.ATTRIBUTE})
"""What the flags of a section are for."""
_ACCESS = frozenset({"public", "protected", "private"})
_LOCALS = "<locals>"
DEEPEST = 200
"""Scopes around a definition that is listed; more are written by machines, and make the qualnames endless."""
_BROKEN = re.compile(r"(?<=[<(\[])[ \t]*+\n\s*+|,?[ \t]*+\n\s*+(?=[>)\]])")
"""Line ends at the insides of brackets."""
_WINDOW = 2_000
"""Bytes in which blank lines at the end of a definition are looked for."""
_LONGEST = 1_000
"""Bytes of a value that are looked at; a signature shows less."""
_HOLDERS = ("scope", "local", "ignore", "section", "mark")
"""Captures of what is no definition, though others may be in it."""
_LOOSE = ("decorator", "condition")
"""Captures that speak of the definition that follows, where they stand alone."""


@dataclass(slots=True)
class _Item:
    """All that was captured of one node: of a definition, a scope, a function's body or an import."""

    node: Node
    kind: str = ""
    """Of a definition; else one of `_HOLDERS`."""
    decided: int = -1
    """The pattern that named the kind."""
    parts: dict[str, dict[int, Node]] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """What captures `part.word` say."""
    flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Frame:
    """An item that is still open."""

    end: int
    prefix: str
    is_local: bool
    holds_members: bool
    conditions: tuple[str, ...] = ()
    section: frozenset[str] = frozenset()
    """Flags of the members that follow."""


class Rows:
    """Takes the matches of one text; gives its symbols and imports when all are there."""

    def __init__(self, text: str, data: bytes, separator: str) -> None:
        self._text = text
        self._data = data
        self._separator = separator
        self._items: dict[int, _Item] = {}
        self._imports: dict[int, _Item] = {}
        self._loose: list[tuple[str, Node]] = []
        self._exports: dict[int, Node] = {}
        self._exported: dict[int, Node] = {}
        self._comments: list[tuple[int, int]] = []
        self._directives: set[int] = set()
        self._about: dict[int, Node] = {}
        self._header: str | None = None
        self.is_cut = False
        """Whether there is more in more than `DEEPEST` scopes; known after the symbols."""

    def add(self, pattern: int, captures: dict[str, list[Node]]) -> None:
        """One match."""
        if "comment" in captures:
            for node in captures["comment"]:
                self._comment(node)
            return
        item = self._item(pattern, captures)
        for capture, nodes in captures.items():
            part, _, word = capture.partition(".")
            if part == "export":
                self._exports.update((node.start_byte, node) for node in nodes)
            elif part == "exported":
                self._exported.update((node.start_byte, node) for node in nodes)
            elif part == "about":
                self._about.update((node.start_byte, node) for node in nodes)
            elif item is None:
                self._loose += [(part, node) for node in nodes if part in _LOOSE]
            elif not word or part == "name":
                item.parts.setdefault(part, {}).update((node.start_byte, node) for node in nodes)
            elif part == "flag":
                item.flags.add(word)
            if word and item is not None and part not in ("definition", "flag"):
                item.words[part] = word

    def _item(self, pattern: int, captures: dict[str, list[Node]]) -> _Item | None:
        """What the match speaks of."""
        for capture, nodes in captures.items():
            what, _, kind = capture.partition(".")
            if what in ("import", "group"):
                item = self._imports.setdefault(nodes[0].id, _Item(nodes[0]))
                item.kind = item.kind or what.removeprefix("import")
                return item
            if what in ("definition", *_HOLDERS):
                item = self._items.setdefault(nodes[0].id, _Item(nodes[0]))
                if what != "definition":
                    kind = what
                if kind and pattern >= item.decided:
                    item.kind, item.decided = kind, pattern
                return item
        return None

    def _comment(self, node: Node) -> None:
        start, end = node.start_byte, node.end_byte
        end -= self._data.endswith(b"\n", start, end)  # doc comments of Rust hold it
        if _DIRECTIVE.match(self._data, start):
            self._directives.add(node.start_point.row + 1)
        self._comments.append((start, end))

    # What the items say

    def imports(self) -> tuple[Import, ...]:
        """By line."""
        rows = []
        groups: list[tuple[int, str, set[str]]] = []
        for item in _in_order(self._imports.values()):
            while groups and groups[-1][0] <= item.node.start_byte:
                groups.pop()
            _, outer, flags = groups[-1] if groups else (0, "", set[str]())
            module, name, alias = (self._word(item, part) for part in ("module", "imported", "alias"))
            module = self._separator.join(filter(None, (outer, module)))
            flags = flags | self._flags(item)
            if item.kind == "group":
                groups.append((item.node.end_byte, module, flags))
                continue
            flags |= {"star"} if name == "*" else set()
            name = "*" if "star" in flags else name
            module, name = (module.removesuffix(f"{self._separator}{name}"), name) if module else (name or "", None)
            if module:
                rows.append(Import(module, name, alias, item.node.start_point.row + 1, tuple(sorted(flags))))
        return tuple(sorted(rows, key=lambda row: row.line))

    def exports(self) -> tuple[str, ...] | None:
        """In the order of the text; None where nothing says what others may import."""
        names = (self._slice(node.start_byte, node.end_byte) for _, node in sorted(self._exports.items()))
        return tuple(dict.fromkeys(names)) or None

    def doc(self) -> str | None:
        """What the file says of itself; known after its symbols."""
        return self._header

    def symbols(self) -> list[Symbol]:
        """In the order of the text."""
        items = _in_order(item for item in self._items.values() if item.kind)
        self._give_loose(items)
        self._comments.sort()
        comments = self._read_comments()
        exported = {self._slice(node.start_byte, node.end_byte) for node in self._exported.values()}
        frames = [_Frame(len(self._data), "", is_local=False, holds_members=True)]
        symbols: list[Symbol] = []
        marked: dict[str, set[str]] = {}
        for item in items:
            while len(frames) > 1 and frames[-1].end <= item.node.start_byte:
                frames.pop()
            if len(frames) > DEEPEST:
                self.is_cut = True
                continue
            if item.kind == "section":
                frames[-1].section = frozenset(self._flags(item))
            elif item.kind == "mark":
                for node in item.parts.get("name", {}).values():
                    marked.setdefault(frames[-1].prefix + self._name(node), set()).update(self._flags(item))
            found = [
                symbol._replace(flags=tuple(sorted({*symbol.flags, "exported"})))
                if len(frames) == 1 and symbol.name in exported
                else symbol
                for symbol in self._of(item, frames[-2:][0] if "outside" in item.parts else frames[-1], comments)
            ]
            symbols += found
            frames.append(self._frame(item, frames[-1], found))
        symbols = [
            symbol._replace(flags=tuple(sorted({*symbol.flags, *marked.get(symbol.qualname, ())})))
            for symbol in symbols
        ]
        first = min((item.node.start_byte for item in (*items, *self._imports.values())), default=len(self._data))
        self._header = (
            self._said(self._about)
            or next((symbol.doc for symbol in symbols[:1] if symbol.kind == Kind.PACKAGE), None)
            or comments.header(len(self._data[:first].decode("utf-8", "replace")))
        )
        return sorted(symbols, key=lambda symbol: symbol.line)

    def _give_loose(self, items: list[_Item]) -> None:
        """Decorators and conditions that stand alone belong to the definition that follows."""
        starts = [item.node.start_byte for item in items]
        for part, node in self._loose:
            following = bisect_left(starts, node.end_byte)
            if following < len(items) and not self._is_inside_another(node, items[following]):
                items[following].parts.setdefault(part, {})[node.start_byte] = node

    def _is_inside_another(self, node: Node, item: _Item) -> bool:
        """Whether what stands in front of an item is in the body of the one before."""
        around: Node | None = node
        while around is not None and around != item.node.parent:
            if around.id in self._items:
                return True
            around = around.parent
        return False

    def _read_comments(self) -> Comments:
        """Those that stand alone on their lines; their offsets, which tree-sitter counts in bytes, in characters."""
        spans = []
        position = count = 0
        inside = {start for item in self._items.values() for start in item.parts.get("doc", ())} | self._about.keys()
        for start, end in self._comments:
            stands_alone = self._data[end : end + 100].strip(b" \t")[:1] in (b"\n", b"")
            if start in inside or not stands_alone or _DIRECTIVE.match(self._data, start):
                continue
            begin = count + len(self._data[position:start].decode("utf-8", "replace"))
            count = begin + len(self._data[start:end].decode("utf-8", "replace"))
            position = end
            spans.append((begin, count))
        return Comments(self._text, Lines(self._text), spans)

    def _frame(self, item: _Item, outer: _Frame, found: list[Symbol]) -> _Frame:
        """What *item* means for the definitions in it."""
        end = len(self._data) if "open" in item.parts else item.node.end_byte
        separator = self._separator
        is_function = item.kind == "local" or item.kind in _FUNCTIONS
        prefix = outer.prefix
        if found:
            prefix = found[0].qualname + separator
        elif item.kind == "scope" and (names := self._texts(item, "name")):
            prefix += names[0] + separator
        if is_function and prefix and not prefix.endswith(_LOCALS + separator):
            prefix += _LOCALS + separator
        is_open = item.kind in ("scope", "ignore") and item.words.get("scope") != "type"
        holds_members = outer.holds_members if is_open else not is_function
        conditions = self._conditions(item, outer.conditions)
        return _Frame(end, prefix, outer.is_local or is_function, holds_members, conditions)

    def _conditions(self, item: _Item, outer: tuple[str, ...]) -> tuple[str, ...]:
        """What must be true inside of *item*: of an alternative, which is part of what it is one to, the opposite."""
        condition = " ".join(self._texts(item, "condition")).lstrip("#")
        if not condition:
            return outer
        if outer and condition == "else":
            return *outer[:-1], f"else of {outer[-1]}"
        return (*(outer[:-1] if condition.startswith("el") else outer), condition)

    def _of(self, item: _Item, frame: _Frame, comments: Comments) -> Iterator[Symbol]:
        """The symbols that an item defines."""
        names = sorted(item.parts.get("name", {}).items())
        is_hidden = not frame.holds_members and (item.kind in _VALUES or item.kind == Kind.METHOD)
        if item.kind in _HOLDERS or not names or (is_hidden and "qualifier" not in item.parts):
            return
        flags = self._flags(item) | ({"local"} if frame.is_local else set())
        if item.kind in _MEMBERS and flags.isdisjoint(_ACCESS):
            flags |= frame.section
        qualifier = "".join(f"{text}{self._separator}" for text in self._texts(item, "qualifier"))
        doc = self._doc(item, comments)
        is_shared = len(names) > 1 and "signature" not in item.parts
        signature = None if is_shared else self._signature(item, names[-1][1])
        end = len(self._data) if "open" in item.parts else item.node.end_byte
        for _, node in names:
            name = item.words.get("name") or self._name(node)
            if not name:  # what broken code leaves
                continue
            line = node.start_point.row + 1
            yield Symbol(
                item.kind,
                name,
                f"{frame.prefix}{qualifier}{name}",
                line,
                max(line, self._last_line(item.node, end)),
                signature or None,
                doc,
                tuple(text.lstrip("@").strip() for text in self._texts(item, "decorator")),
                tuple(text.partition("<")[0] for text in self._texts(item, "base")),
                " / ".join(self._conditions(item, frame.conditions)) or None,
                tuple(sorted(flags - {"public"})),
            )

    def _last_line(self, node: Node, end: int) -> int:
        if end != node.end_byte:
            return self._text.count("\n") + (self._text[-1:] != "\n")
        return node.end_point.row + 1 - self._data.count(b"\n", self._written_end(node), node.end_byte)

    def _written_end(self, node: Node) -> int:
        """Where the last thing of a node ends: some grammars count blank lines and comments behind it as its own."""
        end = node.end_byte
        while True:
            window = self._data[max(node.start_byte, end - _WINDOW) : end]
            end -= len(window) - len(window.rstrip())
            before = bisect_left(self._comments, (end, 0)) - 1
            if before < 0 or self._comments[before][1] != end or self._comments[before][0] <= node.start_byte:
                return end
            end = self._comments[before][0]

    def _flags(self, item: _Item) -> set[str]:
        return item.flags | (FLAGS & {text.lower() for text in self._texts(item, "flag")})

    def _signature(self, item: _Item, name: Node) -> str:
        if "signature" in item.parts:
            signature = "".join(self._texts(item, "signature"))
        else:
            bodies = item.parts.get("body")
            end = min(bodies) if bodies else item.node.end_byte
            signature = self._slice(name.end_byte, min(end, name.end_byte + _LONGEST) if item.kind in _VALUES else end)
        signature = signature.lstrip("\"' ").rstrip(" ;,").replace(",)", ")")  # the quote of a name that is a string
        if item.kind in _VALUES:
            signature = shortened(signature)
        elif item.kind in _FUNCTIONS and signature[:1].isidentifier():  # the one parameter of `x => …`
            signature = f"({signature})"
        signature = "".join((*self._texts(item, "generics"), signature))
        if types := self._texts(item, "type"):
            signature = f": {' '.join(types)} {signature}".rstrip()
        if types := self._texts(item, "returns"):
            signature = f"{signature} -> {' '.join(types)}"
        return signature

    def _doc(self, item: _Item, comments: Comments) -> str | None:
        """The comments above and inside."""
        above = self._above(item, comments)
        inner = item.parts.get("doc")
        return "\n\n".join(filter(None, (above, self._said(inner)))) or None if inner else above

    def _above(self, item: _Item, comments: Comments) -> str | None:
        """The comment right above the definition, or above what is written in front of it."""
        own = item.node.start_point.row + 1
        first = min((node.start_point.row + 1 for nodes in item.parts.values() for node in nodes.values()), default=own)
        for line in dict.fromkeys((own, min(own, first))):
            above = next(number for number in range(line, 0, -1) if number - 1 not in self._directives)
            if doc := comments.above(above, apart=("/**", "#")):
                return doc
        return None

    def _said(self, comments: dict[int, Node]) -> str | None:
        """What comments say that stand inside of what they speak of."""
        texts = (self._data[start : node.end_byte].rstrip(b"\n") for start, node in sorted(comments.items()))
        return said(b"\n".join(texts).decode("utf-8", "replace"))

    def _word(self, item: _Item, part: str) -> str | None:
        """The word of a part, or the text from its first piece to its last."""
        nodes = item.parts.get(part)
        if part in item.words or not nodes:
            return item.words.get(part)
        return self._slice(min(nodes), max(node.end_byte for node in nodes.values()))

    def _name(self, node: Node) -> str:
        """A name without quotes around it; a symbol of Ruby without its colon."""
        text = self._slice(node.start_byte, node.end_byte)
        return text[node.type == "simple_symbol" :].strip("\"'")

    def _texts(self, item: _Item, part: str) -> tuple[str, ...]:
        if part not in item.parts:
            return ()
        return tuple(self._slice(start, node.end_byte) for start, node in sorted(item.parts[part].items()))

    def _slice(self, start: int, end: int) -> str:
        """The text between two offsets, on one line and without its comments."""
        kept, index = [], bisect_left(self._comments, (start, 0))
        while index < len(self._comments) and self._comments[index][0] < end:
            kept.append(self._data[start : self._comments[index][0]])
            start = self._comments[index][1]
            index += 1
        kept.append(self._data[start:end])
        text = b" ".join(kept).decode("utf-8", "replace")
        return squeeze(_BROKEN.sub("", text) if "\n" in text else text)


def _in_order(items: Iterable[_Item]) -> list[_Item]:
    """As they begin in the text, outer ones first."""
    return sorted(items, key=lambda item: (item.node.start_byte, -item.node.end_byte))
