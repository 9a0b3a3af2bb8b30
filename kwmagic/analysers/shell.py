"""Shell: functions, top-level variables, aliases and sourced files.

First the text is taken apart, since quotes, substitutions and here-documents nest and hide whatever they like; then
words at the places where commands begin are read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Generator, Iterator
from dataclasses import dataclass

from kwmagic.analysers.lines import Code, Span, shortened
from kwmagic.languages import Language
from kwmagic.model import Findings, Import, Kind, Problem, Source, Symbol

_MAX_DEPTH = 100
"""Bodies in bodies that are told apart."""
_MOST_LOST = 10
"""Quotes that are never closed and after which reading starts anew."""

_IN_CODE = re.compile(
    r"""(?:[^\\'"`$()<>#\nce]++|c(?!ase[ \t])|e(?!sac\b))*+(?:"""
    r"(?P<skip>\\(?:\n[ \t]*+|.)|\$?'(?:(?<=\$')(?:[^'\\]|\\.)*+|(?<!\$')[^']*+)(?:'|\Z)|\$[#$?!])"
    r"""|(?P<open>"|`|\$\(|\$\{|\(\(?|<\(|>\()|(?P<close>\)\)?)"""
    r"|(?P<comment>(?:^|(?<=[\s;&|()]))\#[^\n]*+)"
    r"|(?P<heredoc><<-?[ \t]*+(?:'[^'\n]++'|\"[^\"\n]++\"|\\?[^\s;&|<>()\"'`$\\]++))|(?P<here_string><<<)"
    r"|(?P<newline>\n)|(?P<case>(?:^|(?<=[\s;&|(]))case(?=[ \t][^\n]{1,300}[ \t]in\b))|(?P<esac>\besac\b)"
    r"|(?P<other>.)|\Z)",
    re.MULTILINE | re.DOTALL,
)


def _until(plain: str, tokens: str) -> re.Pattern[str]:
    return re.compile(rf"{plain}*+(?:{tokens}|(?P<other>.)|\Z)", re.DOTALL)


_IN_QUOTES = _until(r'[^"\\$`]', r'(?P<skip>\\.|\$[#$?!])|(?P<open>`|\$\(|\$\{)|(?P<close>")')
_EXPANSION = r'(?P<skip>\\.|\$[#$?!]{0})|(?P<open>"|`|\$\(|\$\{{)|(?P<close>\}})'
_IN_EXPANSION = _until(r"""[^"\\$`}']""", _EXPANSION.format(r"|'[^'\n}]*+'"))
_IN_QUOTED_EXPANSION = _until(r'[^"\\$`}]', _EXPANSION.format(""))
_IN_BACKTICKS = _until(r"[^\\'`]", r"(?P<skip>\\.|'[^'`]*+')|(?P<close>`)")
_NESTS = {'"': _IN_QUOTES, "`": _IN_BACKTICKS, "${": _IN_EXPANSION}

_NAME = r"[^\s()<>;&|\"'`$\\{}=#\[\]]{1,250}+"
_BEGINNING = re.compile(
    r"(?:(?P<opens>(?<![^\s();&|])\{(?=\s|\Z))|^|[;&|(){}!]|\b(?:then|do|else|fi|done|esac)\b)[ \t]*+", re.MULTILINE
)
"""Where a command may begin."""
_WORD = re.compile(
    rf"function[ \t]++(?P<function>{_NAME})(?:[ \t]*+\([ \t]*+\))?(?=\s*+(?:[({{]|\[\[|\Z))"
    rf"|(?P<name>{_NAME})[ \t]*+\([ \t]*+\)(?=\s*+(?:[({{]|\[\[|(?:if|for|while|until|case|select)\b|\Z))"
    rf"|@test[ \t]++(?P<test>\"++)(?=[ \t]*+\{{)"
    rf"|(?P<sources>source|\.)[ \t]++(?P<file>[^\s;&|()<>]++)"
    rf"|alias(?:[ \t]++-[\w-]++)*+[ \t]++(?P<alias>[^\s=;&|()<>\"'`$]{{1,250}}+)="
    rf"|(?P<word>export|readonly|declare|typeset)(?P<options>(?:[ \t]++[-+]\w++)*+)(?=[ \t]++[A-Za-z_])"
    rf"|(?P<variable>[A-Za-z_]\w{{0,250}}+)(?=\+?=)"
    rf"|(?P<closes>\}})(?=[\s;&|)<>]|\Z)"
)
"""What is read there."""
_BODY = re.compile(r"\s*+([({])")
_PARENTHESIS = re.compile(r"[()]")
_VALUE = r"(?:[^\s;&|()<>]|(?<=\")\n++(?=\")|\((?:[^()]|\([^()]*+\))*+\))*+"
_ASSIGNMENT = re.compile(rf"[ \t]*+(?P<name>[A-Za-z_]\w{{0,250}}+)(?:\+?=(?P<value>{_VALUE}))?(?=[\s;&|)]|\Z)")
_REPLACEMENT = re.compile(_VALUE)
_STATEMENT_END = re.compile(r"[ \t]*+(?:$|[;&|)}])", re.MULTILINE)


def analyse(source: Source, language: Language) -> Findings:
    """The functions, variables, aliases and sourced files of one script; never raises."""
    del language
    scanner = _Scanner(source.text)
    code = Code(source.text, scanner.spans())
    reader = _Reader(code)
    reader.read()
    problems = sorted([*scanner.problems, *reader.problems])
    return Findings("patterns", tuple(reader.rows), tuple(reader.imports), problems=tuple(problems), doc=code.header())


@dataclass(slots=True)
class _Nest:
    """Something that is still open: a quote, an expansion, a parenthesis, a `case`."""

    mark: str
    lexis: re.Pattern[str]
    is_code: bool
    """Whether what is in it is read: not so in quotes and substitutions."""


class _Scanner:
    """Finds what is no code."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.problems: list[Problem] = []
        self.places: dict[str, list[int]] | None = None

    def spans(self) -> Iterator[Span]:
        """The strings, substitutions, here-documents and comments; what is in them is not told apart."""
        position = 0
        for _ in range(_MOST_LOST):
            lost = yield from self.spans_from(position)
            if lost is None:
                return
            position = lost
        yield position, len(self.text), False

    def spans_from(self, position: int) -> Generator[Span, None, int | None]:
        """Those from *position* on; at the end, where to start anew if one is never closed."""
        text = self.text
        nests: list[_Nest] = []
        heredocs: list[str] = []
        lexis, is_code, hidden = _IN_CODE, True, 0  # hidden: where the outermost nest begins that is not read
        while position < len(text):
            found = lexis.match(text, position)
            assert found is not None  # it matches any text
            position, what = found.end(), found.lastgroup
            if what is None or what == "other":
                continue
            start, mark = found.start(what), found[what]
            if what == "open":
                if is_code and mark != "(":
                    hidden = start
                inner = _IN_QUOTED_EXPANSION if mark == "${" and lexis is _IN_QUOTES else _NESTS.get(mark, _IN_CODE)
                nests.append(_Nest(mark, inner, is_code and mark == "("))
            elif what == "close":
                position = self.closed(nests, start, mark)
                if not is_code and (not nests or nests[-1].is_code):
                    yield hidden, position, False
            elif what in ("skip", "comment"):
                if is_code:
                    yield start, position, what == "comment"
            elif what == "heredoc":
                heredocs.append(mark)
            elif what == "newline" and heredocs:
                for heredoc in heredocs:
                    end = self.heredoc_end(heredoc, position)
                    if is_code and end > position:
                        yield position, end, False
                    position = end
                heredocs.clear()
            elif what == "case":
                nests.append(_Nest("case", _IN_CODE, is_code))
            elif what == "esac" and nests and nests[-1].mark == "case":
                nests.pop()
            lexis, is_code = (nests[-1].lexis, nests[-1].is_code) if nests else (_IN_CODE, True)
        if is_code:
            return None
        mark = text[hidden : hidden + 2] if text[hidden] in "$(<>" else text[hidden]
        self.problems.append(Problem(text.count("\n", 0, hidden) + 1, f"`{mark}` is never closed"))
        end = text.find("\n", hidden)
        end = len(text) if end < 0 else end
        yield hidden, end, False
        return end

    def closed(self, nests: list[_Nest], start: int, mark: str) -> int:
        """Close the innermost nest, if the *mark* at *start* closes it; where to read on."""
        opened = nests[-1].mark if nests else ""
        if opened == "((" and mark == "))":
            nests.pop()
            return start + 2
        if opened == "((":  # `((a) + b)`: two parentheses after all
            nests[-1].mark = "("
        elif opened and opened != "case":
            nests.pop()
        return start + 1

    def heredoc_end(self, opening: str, position: int) -> int:
        """Where the here-document ends that begins at *position*; there, if its last line is missing."""
        dash = opening.startswith("<<-")
        delimiter = opening[3 if dash else 2 :].strip(" \t").strip("\"'\\")
        if self.places is None:
            self.places = {}
            for line in re.finditer(r"^\t*+([^\n]{1,200}+)$", self.text, re.MULTILINE):
                self.places.setdefault(line[1], []).append(line.start())
        places = self.places.get(delimiter, [])
        for place in places[bisect_left(places, position) :][:100]:
            if dash or self.text[place] != "\t":
                return self.text.index(delimiter, place) + len(delimiter)
        return position


@dataclass(slots=True)
class _Body:
    """A body that is still open."""

    prefix: str
    """What qualnames in it start with."""
    is_function: bool
    """Whether it is one of a function, or in one."""
    row: int | None = None
    """The place of its function among the rows."""
    end: int | None = None
    """Where it ends, if that is known: that of a subshell."""


class _Reader:
    """Reads the words at which commands begin, with the bodies around them on a stack."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.rows: list[Symbol] = []
        self.imports: list[Import] = []
        self.problems: list[Problem] = []
        self.bodies = [_Body("", is_function=False)]
        self.variables: set[str] = set()
        self.partners: dict[int, int] | None = None  # behind each parenthesis -> where it closes
        self.heads: dict[int, int] = {}  # offset of the brace of a function's body -> the function's row

    def read(self) -> None:
        position, bare = 0, self.code.bare
        for begin in _BEGINNING.finditer(bare):
            if begin.end() < position:
                continue
            while (end := self.bodies[-1].end) is not None and end < begin.start():
                self.close(end)
            if begin["opens"]:
                self.open(begin.start())
            if found := _WORD.match(bare, begin.end()):
                position = self.word(found)
        self.problems += [
            Problem(self.rows[body.row].line, "the body of this function is never closed")
            for body in self.bodies
            if body.row is not None and body.end is None
        ]
        while len(self.bodies) > 1:
            self.close(self.bodies[-1].end or len(bare.rstrip()))

    def word(self, found: re.Match[str]) -> int:
        """What stands where a command begins; where to read on."""
        if found["closes"]:
            self.close(found.start())
        elif found["function"] or found["name"] or found["test"]:
            self.define(found)
        elif found["sources"]:
            module = self.code.text[found.start("file") : found.end("file")].strip("\"'")
            flags = ("local",) if self.bodies[-1].is_function else ()
            self.imports.append(Import(module, None, None, self.code.lines.of(found.start()), flags))
        elif not self.bodies[-1].is_function:
            return self.alias(found) if found["alias"] else self.assign(found)
        return found.end()

    def open(self, offset: int) -> None:
        """Go into the braces at *offset*."""
        outer, row = self.bodies[-1], self.heads.pop(offset, None)
        if row is None or len(self.bodies) > _MAX_DEPTH:
            self.bodies.append(_Body(outer.prefix, outer.is_function or row is not None))
        else:
            self.bodies.append(_Body(f"{self.rows[row].qualname}.<locals>.", True, row))

    def close(self, offset: int) -> None:
        if len(self.bodies) > 1 and (row := self.bodies.pop().row) is not None:
            self.rows[row] = self.rows[row]._replace(end_line=self.code.lines.of(offset))

    def define(self, found: re.Match[str]) -> None:
        """A function, or a test of Bats."""
        what = next(filter(found.group, ("function", "name", "test")))
        name = self.code.text[found.start(what) : found.end(what)].strip("\"'")
        flags = {"local"} if self.bodies[-1].is_function else set()
        self.record(Kind.FUNCTION, name, found.start(what), None, flags=flags | ({"test"} if found["test"] else set()))
        body = _BODY.match(self.code.bare, found.end())
        row = len(self.rows) - 1
        if body and body[1] == "{":
            self.heads[body.end() - 1] = row
        elif body:
            prefix = f"{self.rows[row].qualname}.<locals>."
            if len(self.bodies) <= _MAX_DEPTH:
                self.bodies.append(_Body(prefix, True, row, self.subshell_end(body.end())))

    def subshell_end(self, position: int) -> int:
        """Where the parenthesis closes that opens before *position*; there, if none does."""
        if self.partners is None:
            self.partners, opened = {}, []
            for found in _PARENTHESIS.finditer(self.code.bare):
                if found[0] == "(":
                    opened.append(found.end())
                elif opened:
                    self.partners[opened.pop()] = found.start()
        return self.partners.get(position, position)

    def alias(self, found: re.Match[str]) -> int:
        end = self.value_end(found.end())
        value = self.code.text[found.end() : end]
        self.record(Kind.MACRO, found["alias"], found.start("alias"), f"= {shortened(value)}", flags={"alias"}, end=end)
        return end

    def value_end(self, position: int) -> int:
        return _REPLACEMENT.match(self.code.bare, position).end()  # type: ignore[union-attr]  # it matches the empty text

    def assign(self, found: re.Match[str]) -> int:
        """The assignments of one command: all its words, unless they only go before a command."""
        start = found.start("variable") if found["variable"] else found.end()
        position, targets = start, []
        while target := _ASSIGNMENT.match(self.code.bare, position):
            if target["value"] is None and found["variable"]:
                break
            targets.append(target)
            position = target.end()
        options = found["options"] or ""
        if "f" in options or (found["variable"] and not _STATEMENT_END.match(self.code.bare, position)):
            return found.end()
        is_constant = found["word"] == "readonly" or "r" in options
        flags = {"exported"} if found["word"] == "export" or "x" in options else set()
        for target in targets:
            if target["name"] not in self.variables:
                self.variables.add(target["name"])
                value = self.code.text[slice(*target.span("value"))] if target["value"] else ""
                signature = f"= {shortened(value)}".rstrip() if target["value"] is not None else None
                kind = Kind.CONSTANT if is_constant else Kind.VARIABLE
                self.record(kind, target["name"], target.start("name"), signature, flags=flags, end=target.end())
        return max(position, found.end())

    def record(
        self, kind: Kind, name: str, start: int, signature: str | None, *, flags: set[str], end: int = 0
    ) -> None:
        line = self.code.lines.of(start)
        end_line = self.code.lines.of(end) if end else line
        doc = self.code.comments.above(line) or self.code.comments.behind(end_line)
        qualname = self.bodies[-1].prefix + name
        found = Symbol(kind.value, name, qualname, line, end_line, signature, doc, flags=tuple(sorted(flags)))
        self.rows.append(found)
