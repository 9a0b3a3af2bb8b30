"""What the preprocessor of C sees: includes, macros, conditions; the rest with comments and literals made blank."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kwmagic.analysers import c_lexis as lexis
from kwmagic.analysers.c_comments import Comments
from kwmagic.analysers.c_texts import plain, shortened
from kwmagic.model import Import, Problem

MOST_PROBLEMS = 20
"""A file of noise has thousands."""
_LONGEST_CONDITION = 120
_MOST_CONDITIONS = 20
"""Levels of `#if` that are told apart; real files have fewer than 10."""
_INCLUDE = re.compile(r'[ \t]*+(?:<([^>\n]++)>|"([^"\n]++)"|(\w++))')
_DEFINE = re.compile(rf"(?:[ \t]|\\\n)*+({lexis.NAME})(\([^)]*+\))?")
_GUARD = re.compile(r"if(?:ndef | ?! ?defined ?\(? ?)(\w++)")
_NO_CODE = re.compile(rf"(?:\s++|#[^\n]*+|{lexis.COMMENT.pattern})*+\Z", re.DOTALL)
_ELSE = frozenset(("else", "elif", "elifdef", "elifndef"))
_IF = frozenset(("if", "ifdef", "ifndef"))
_IMPORT = frozenset(("include", "import", "include_next"))


@dataclass(slots=True, eq=False)
class Branch:
    """What stands under one `#if`, `#elif` or `#else`."""

    text: str
    """How pages say it; empty for an include guard."""
    start: int
    first: Branch | None = None
    """That of the `#if`; None for itself."""


@dataclass(slots=True, eq=False)
class Macro:
    """One `#define`."""

    name: str
    signature: str | None
    start: int
    end: int
    line: int
    end_line: int
    branches: tuple[Branch, ...]


@dataclass(slots=True)
class Preprocessed:
    """A text as the scanner needs it."""

    code: str
    """As long as the text; comments, the insides of literals, directives and `#if 0` are spaces."""
    comments: Comments
    macros: list[Macro]
    includes: list[Import]
    conditions: Conditions
    problems: list[Problem]


class Conditions:
    """The conditions that each place of a text stands under; asked for in rising order."""

    def __init__(self) -> None:
        self.changes: list[tuple[int, tuple[Branch, ...]]] = []
        self.next = 0
        self.text: str | None = None

    def at(self, offset: int) -> str | None:
        changes, index = self.changes, self.next
        if index < len(changes) and changes[index][0] < offset:
            while index < len(changes) and changes[index][0] < offset:
                index += 1
            self.next = index
            self.text = condition(changes[index - 1][1])
        return self.text


def condition(branches: tuple[Branch, ...]) -> str | None:
    """What *branches* ask, outermost first."""
    return " / ".join(branch.text for branch in branches if branch.text) or None


def preprocess(text: str) -> Preprocessed:
    """Blank what is no code and keep what it says; never raises, linear in the length of *text*."""
    return _Preprocessor(text).run()


@dataclass(slots=True)
class _Preprocessor:
    text: str
    comments: list[tuple[int, int]] = field(default_factory=list)
    macros: list[Macro] = field(default_factory=list)
    includes: list[Import] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    open: tuple[Branch, ...] = ()
    depth: int = 0
    """Levels of `#if`, those beyond the deepest told apart too."""
    dead: int = 0
    """How many of the open branches say `#if 0`."""
    conditions: Conditions = field(default_factory=Conditions)
    events: list[tuple[str, int, int]] = field(default_factory=list)
    dropped: list[tuple[int, int]] = field(default_factory=list)
    counted: int = 0
    line: int = 1
    newest: Branch | None = None
    """The one that began with the directive before this one."""
    outermost: Branch | None = None
    """The one that the code of the text begins with."""
    guards: set[Branch] = field(default_factory=set)
    """Those that define the macro that they ask for: in their first line, or the outermost one anywhere."""
    guard: tuple[Branch, int] | None = None
    """The last of them that was closed, and where."""

    def run(self) -> Preprocessed:
        code = lexis.TOKEN.sub(self.blank, self.text)
        if self.open:
            self.problem(self.open[-1].start, "the `#if` that begins here is never closed")
        if self.guard and _NO_CODE.match(self.text, self.guard[1]):
            self.guard[0].text = ""
        if any(word == "else" for word, *_ in self.events):
            self.dropped += _unbalanced(code, self.events)
        code = _without(code, sorted(self.dropped))
        comments = Comments(self.text, self.comments)
        return Preprocessed(code, comments, self.macros, self.includes, self.conditions, self.problems)

    def blank(self, token: re.Match[str]) -> str:
        """What stands for one token in the code."""
        start, end = token.span()
        kind = token.lastgroup
        if kind == "line":
            self.comments.append((start, end))
        elif kind == "rest":
            self.directive(token["directive"], token["rest"], start, end)
        elif kind == "block":
            self.comments.append((start, end))
            if end - start < 4 or self.text[end - 2 : end] != "*/":
                self.problem(start, "the comment that begins here is never closed")
        elif kind == "string":
            if end - start > 1 and self.text[end - 1] == '"':
                return f'"{" " * (end - start - 2)}"'
            self.problem(start, "the string that begins here is never closed")
            if self.text[end - 1] == ";":
                return f"{' ' * (end - start - 1)};"
        elif kind == "raw":
            if not token["raw"].endswith(f"){token['mark']}"):
                self.problem(start, "the raw string that begins here is never closed")
            return f'"{" " * (end - start - 2)}"'
        return " " * (end - start)

    def directive(self, word: str, rest: str, start: int, end: int) -> None:
        if word in _IMPORT:
            if not self.dead and (found := _INCLUDE.match(rest)):
                flags = ("system",) if found[1] else ("own",) if found[2] else ()
                module = found[found.lastindex or 0].strip()
                self.includes.append(Import(module, None, None, self.line_of(start), flags))
        elif word == "define":
            if not self.dead and (found := _DEFINE.match(rest)):
                self.define(found, rest, start, end)
        elif word in _IF:
            self.depth += 1
            if self.depth <= _MOST_CONDITIONS:
                self.enter(Branch(_said(word, rest), start), "if", start, end)
        elif word in _ELSE:
            if self.open and self.depth <= _MOST_CONDITIONS:
                last = self.leave(start)
                first = last.first or last
                said = f"else of {first.text}" if word == "else" else _said(word, rest)
                self.enter(Branch(said, start, first), "else", start, end)
        elif word == "endif":
            if self.open and self.depth <= _MOST_CONDITIONS:
                last = self.leave(start)
                if last in self.guards:
                    self.guard = last, end
                self.change("endif", start, end)
            self.depth = max(self.depth - 1, 0)
        if word not in _IF:
            self.newest = None

    def enter(self, branch: Branch, word: str, start: int, end: int) -> None:
        if not self.events and _NO_CODE.match(self.text, 0, start):
            self.outermost = branch
        self.newest = branch
        self.open = (*self.open, branch)
        self.dead += branch.text == "if 0"
        self.change(word, start, end)

    def leave(self, start: int) -> Branch:
        branch = self.open[-1]
        self.open = self.open[:-1]
        if branch.text == "if 0":
            self.dead -= 1
            self.dropped.append((branch.start, start))
        return branch

    def change(self, word: str, start: int, end: int) -> None:
        self.events.append((word, start, end))
        self.conditions.changes.append((start, self.open))

    def define(self, found: re.Match[str], rest: str, start: int, end: int) -> None:
        name, parameters = found.groups()
        guarded = self.newest or (self.outermost if self.open == (self.outermost,) else None)
        if guarded and (asked := _GUARD.fullmatch(guarded.text.rstrip(" )"))) and asked[1] == name:
            self.guards.add(guarded)
        if parameters:
            signature: str | None = plain(parameters)
        else:
            value = plain(rest[found.end() : found.end() + 400])
            signature = f"= {shortened(value)}" if value else None
        line = self.line_of(start)
        self.macros.append(Macro(name, signature, start, end, line, line + rest.count("\n"), self.open))

    def line_of(self, offset: int) -> int:
        """The 1-based line of *offset*; asked for in rising order."""
        self.line += self.text.count("\n", self.counted, offset)
        self.counted = offset
        return self.line

    def problem(self, offset: int, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS and not self.dead:
            self.problems.append(Problem(self.text.count("\n", 0, offset) + 1, message))


def _said(word: str, rest: str) -> str:
    text = plain(f"{word} {rest[:1000]}")
    return text if len(text) <= _LONGEST_CONDITION else f"{text[: _LONGEST_CONDITION - 1]}…"


def _without(code: str, dropped: list[tuple[int, int]]) -> str:
    """*code* with the *dropped* spans, sorted, made blank."""
    pieces, position = [], 0
    for start, end in dropped:
        if end > position:
            start = max(start, position)  # noqa: PLW2901
            pieces += [code[position:start], " " * (end - start)]
            position = end
    return "".join([*pieces, code[position:]]) if pieces else code


@dataclass(slots=True)
class _Group:
    """The branches between one `#if` and its `#endif`: where each starts, ends, and what it leaves open."""

    spans: list[tuple[int, int]]
    open: list[list[int]]
    """More `{`, more `(`."""


def _unbalanced(code: str, events: list[tuple[str, int, int]]) -> list[tuple[int, int]]:
    """The branches, but for the first of each group, that do not close what they open."""
    dropped: list[tuple[int, int]] = []
    groups = [_Group([(0, 0)], [[0, 0]])]
    position = 0
    for word, start, end in events:
        count = groups[-1].open[-1]
        count[0] += code.count("{", position, start) - code.count("}", position, start)
        count[1] += code.count("(", position, start) - code.count(")", position, start)
        position = end
        if word == "if":
            groups.append(_Group([(end, end)], [[0, 0]]))
            continue
        group = groups[-1]
        group.spans[-1] = group.spans[-1][0], start
        if word == "else":
            group.spans.append((end, end))
            group.open.append([0, 0])
            continue
        groups.pop()
        first = group.open[0]
        pairs = zip(group.spans[1:], group.open[1:], strict=True)
        dropped += [span for span, balance in pairs if any(balance)]
        outer = groups[-1].open[-1]
        outer[0] += first[0]
        outer[1] += first[1]
    return dropped


def flatten(code: str) -> str:
    """*code* with blanks for round brackets without partner and for those too deep for one expression."""
    pieces: list[str] = []
    opened: list[int] = []  # the offsets of `(`
    blank: list[int] = []
    for found in _PARENS.finditer(code):
        offset = found.start()
        if code[offset] == "(":
            opened.append(offset)
        elif not opened:
            blank.append(offset)
        else:
            start = opened.pop()
            if len(opened) >= lexis.DEPTH - 1:
                blank += [start, offset]
    position = 0
    for offset in sorted(blank + opened):
        pieces += [code[position:offset], " "]
        position = offset + 1
    return "".join([*pieces, code[position:]])


_PARENS = re.compile(r"[()]")
