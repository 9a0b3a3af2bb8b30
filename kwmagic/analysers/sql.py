"""SQL: what CREATE statements make, in the dialects of PostgreSQL, MySQL, SQLite, SQL Server and Oracle."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice

from kwmagic.analysers.lines import Code, Span, shortened, squeeze
from kwmagic.languages import Language
from kwmagic.model import Findings, Import, Kind, Problem, Source, Symbol

_MOST_TOKENS = 100_000
"""Of one statement, in which its end or its columns are looked for."""
_HINT = re.compile(r"/\*![0-9]*+(.*?)(?:\*/|\Z)", re.DOTALL)
"""What MySQL runs although it stands in a comment."""
_DELIMITER = re.compile(r"^[ \t]*+DELIMITER[ \t]++(\S{1,20}+)", re.MULTILINE | re.IGNORECASE)
_BATCH_END = re.compile(r"^[ \t]*+(?:GO|/)[ \t]*+;?[ \t]*+$", re.MULTILINE | re.IGNORECASE)
"""What ends a batch of SQL Server, and a block of Oracle."""
_COMMENT = r"(?P<comment>--[^\n]*+|/\*(?s:.*?)(?:\*/|\Z)|^[ \t]*+\#[^\n]*+)"
_QUOTED = r"""(?P<name>"(?:[^"\n]|"")*+"|`[^`\n]*+`|\[[^\]\n]{0,250}+\])"""
_STRING = r"'(?:[^'\\]|''|\\'(?![\s,;)])|\\(?!'))*+\\?'"
_DOLLARS = r"\$(?P<tag>(?:[^\W\d]\w{0,60}+)?)\$(?s:.*?)(?:\$(?P=tag)\$|\Z)"
_COMMAND = r"^\\[^\n]*+"
_LEXIS = re.compile(rf"{_COMMENT}|{_QUOTED}|{_STRING}|{_COMMAND}|{_DOLLARS}", re.MULTILINE)
_LEXIS_WITHOUT_DOLLARS = re.compile(rf"{_COMMENT}|{_QUOTED}|{_STRING}|{_COMMAND}", re.MULTILINE)

_PART = r"""(?:"(?:[^"\n]|""){1,250}+"|`[^`\n]{1,250}+`|\[[^\]\n]{1,250}+\]|[\w$#@:{}%-]{1,250}+)"""
_NAME = rf"(?P<name>{_PART}(?:\s*+\.\s*+{_PART}){{0,3}}+)"
_KINDS = {
    "table": Kind.TABLE,
    "view": Kind.VIEW,
    "index": Kind.INDEX,
    "function": Kind.FUNCTION,
    "aggregate": Kind.FUNCTION,
    "procedure": Kind.PROCEDURE,
    "proc": Kind.PROCEDURE,
    "trigger": Kind.TRIGGER,
    "event": Kind.EVENT,
    "type": Kind.TYPEDEF,
    "domain": Kind.TYPEDEF,
    "schema": Kind.NAMESPACE,
    "database": Kind.NAMESPACE,
    "sequence": Kind.VARIABLE,
    "package": Kind.PACKAGE,
}
_ROUTINES = frozenset(("function", "aggregate", "procedure", "proc", "trigger", "event", "package"))
_CREATE = re.compile(
    r"(?:^|(?<=[;$/]))[ \t]*+(?P<verb>create|alter)\b(?P<words>(?:\s++(?:or\s++(?:replace|alter)|global|local"
    r"|temp(?:orary)?|unlogged|foreign|external|virtual|unique|materialized|recursive|(?:non)?clustered|fulltext|spatial|bitmap"
    r"|constraint|editionable|noneditionable|algorithm\s*+=\s*+\w++|definer\s*+=\s*+\S++|sql\s++security\s++\w++))*+)"
    rf"\s++(?P<what>{'|'.join(_KINDS)}|extension)\b(?:\s++body\b)?(?:\s++concurrently\b)?(?:\s++if\s++not\s++exists\b)?"
    rf"(?!\s++(?:on|authorization|trigger)\b)\s*+{_NAME}",
    re.MULTILINE | re.IGNORECASE,
)
_SHOWN = {"temp": "temporary", **dict.fromkeys(("temporary", "unique", "materialized", "virtual", "foreign"), "")}
_ALTERED = frozenset(("function", "procedure", "proc", "view", "trigger"))
"""What SQL Server defines anew with ALTER … AS."""
_END = re.compile(
    r";|^[ \t]*+(?:go[ \t]*+$|/[ \t]*+$|(?=(?:create|alter|drop|insert|grant)\b))", re.MULTILINE | re.IGNORECASE
)
_BLOCK = re.compile(r"\b(?:begin(?!\s++tran)|case|end(?:\s++(?:if|loop|while|repeat|for)\b)?)\b|;", re.IGNORECASE)
_TOKEN = re.compile(r"[(),]|\"[^\"\n]*+\"|`[^`\n]*+`|\[[^\]\n]{0,250}+\]")
_COLUMN = re.compile(
    r"\s*+(?!(?:constraint|primary|unique|foreign|check|key|index|fulltext|spatial|exclude|like|period)\b)"
    rf"(?P<name>{_PART})(?P<rest>.*+)",
    re.DOTALL | re.IGNORECASE,
)
_RETURNS = re.compile(
    r"\s*+(?P<returns>returns?\s++(?:setof\s++)?(?:table\s*+\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)|[\w.\"]++"
    r"(?:\s++(?:varying|precision|with(?:out)?\s++time\s++zone))?(?:\s*+\([^()]*+\))?(?:\[\])*+(?:%\w++)?))",
    re.IGNORECASE,
)
_HEAD_END = re.compile(
    r"\b(?:as|is|begin|for\s++each|execute|when|do|where|with|using|language|include)\b|;", re.IGNORECASE
)
_AS = re.compile(r"\bas\b", re.IGNORECASE)
_OPENING = re.compile(r"\s*+\(")
_PARTS = re.compile(_PART)
_LONG_HEAD = 10_000
"""Characters of a statement in which its signature is looked for."""
_MEMBER = re.compile(rf"^[ \t]*+(?P<what>function|procedure)\s++{_NAME}", re.MULTILINE | re.IGNORECASE)
_INCLUDE = re.compile(
    r"^[ \t]*+(?:\\(?:i|ir|include|include_relative)[ \t]++|@@|source[ \t]++)([^\s;]++)", re.MULTILINE
)


def analyse(source: Source, language: Language) -> Findings:
    """What one script creates; never raises."""
    del language
    text = _HINT.sub(_opened, source.text) if "/*!" in source.text else source.text
    delimiters = [(found.start(), found[1]) for found in _DELIMITER.finditer(text)]
    code = Code(text, _spans(text, _LEXIS_WITHOUT_DOLLARS if delimiters else _LEXIS), quote="'")
    reader = _Reader(code, delimiters)
    reader.read()
    problems = tuple(reader.problems)
    return Findings("patterns", tuple(reader.rows), tuple(reader.includes()), problems=problems, doc=code.header())


def _opened(hint: re.Match[str]) -> str:
    """The statement in a hint, everything where it was."""
    before, after = hint.start(1) - hint.start(), hint.end() - hint.end(1)
    return " " * before + hint[1] + " " * after


def _spans(text: str, lexis: re.Pattern[str]) -> Iterator[Span]:
    """Comments and strings; quoted names stay."""
    for found in lexis.finditer(text):
        if found.lastgroup != "name":
            yield found.start(), found.end(), found.lastgroup == "comment"


class _Reader:
    """Reads CREATE statements; what stands in the body of a routine is its own."""

    def __init__(self, code: Code, delimiters: list[tuple[int, str]]) -> None:
        self.code = code
        self.delimiters = delimiters
        self.batch_ends = [found.start() for found in _BATCH_END.finditer(code.bare)]
        self.rows: list[Symbol] = []
        self.imports: list[Import] = []
        self.problems: list[Problem] = []

    def includes(self) -> list[Import]:
        """Files that are run, and extensions, by line."""
        files = [
            Import(found[1].strip("'\""), None, None, self.code.lines.of(found.start()))
            for found in _INCLUDE.finditer(self.code.text)
            if self.code.bare[found.start(1)] != " "
        ]
        return sorted([*self.imports, *files], key=lambda each: each.line)

    def read(self) -> None:
        position = 0
        while found := _CREATE.search(self.code.bare, position):
            what = found["what"].lower()
            position = self.end(what, found.end())
            if found["verb"].lower() == "alter" and not (
                what in _ALTERED and _AS.search(self.code.bare, found.end(), min(position, found.end() + _LONG_HEAD))
            ):
                continue
            if what == "extension":
                self.imports.append(Import(_parts(found["name"])[-1], None, None, self.line(found), ("extension",)))
            else:
                self.create(found, what, position)

    def line(self, found: re.Match[str]) -> int:
        return self.code.lines.of(found.start("verb"))

    def end(self, what: str, position: int) -> int:
        """Where the statement ends whose name ends at *position*."""
        bare = self.code.bare
        at = bisect_right(self.delimiters, (position, ""))
        if at and (delimiter := self.delimiters[at - 1][1]) != ";":
            end = bare.find(delimiter, position)
            return len(bare) if end < 0 else end
        if what in _ROUTINES:
            at = bisect_right(self.batch_ends, position)
            return self.batch_ends[at] if at < len(self.batch_ends) else self.block_end(position)
        found = _END.search(bare, position)
        return found.start() if found else len(bare)

    def block_end(self, position: int) -> int:
        """The `;` behind the END of the routine's outermost BEGIN, or the first where there is none."""
        depth = 0
        for found in islice(_BLOCK.finditer(self.code.bare, position), _MOST_TOKENS):
            word = found[0].lower()
            if word == ";":
                if depth == 0:
                    return found.start()
            elif word in ("begin", "case"):
                depth += 1
            elif word == "end":
                depth = max(depth - 1, 0)
        return len(self.code.bare.rstrip())

    def create(self, found: re.Match[str], what: str, end: int) -> None:
        words = found["words"].lower().split()
        flags = {_SHOWN[word] or word for word in words if word in _SHOWN}
        if what == "aggregate" or found["verb"].lower() == "alter":
            flags.add("aggregate" if what == "aggregate" else "altered")
        parts = _parts(found["name"])
        qualname = ".".join(parts)
        signature = self.signature(what, found.end(), end)
        line, end_line = self.line(found), self.code.lines.of(self.last(found.end(), end))
        doc = self.code.comments.above(line)
        kind = _KINDS[what]
        self.rows.append(
            Symbol(kind.value, parts[-1], qualname, line, end_line, signature, doc, flags=tuple(sorted(flags)))
        )
        if what == "table":
            self.columns(qualname, found.end(), end)
        elif what == "package":
            self.members(qualname, found.end(), end)

    def last(self, start: int, end: int) -> int:
        """The last code of what stands between."""
        return start + len(self.code.bare[start:end].rstrip())

    def signature(self, what: str, start: int, end: int) -> str | None:
        """Parameters and what is returned; what an index or a trigger is on; what a type stands for."""
        bare, text = self.code.bare, self.code.text
        if what in ("table", "view", "schema", "database", "package", "event"):
            return None
        stop = min(end, start + _LONG_HEAD)
        opening = _OPENING.match(bare, start, stop)
        if what in _ROUTINES and what != "trigger" and opening:
            close = next((place for place, mark in self.tokens(opening.end(), stop) if mark == ")"), stop)
            returns = _RETURNS.match(bare, close + 1, stop)
            parameters = squeeze(text[opening.end() - 1 : close + 1])
            return f"{parameters} {squeeze(text[slice(*returns.span('returns'))])}" if returns else parameters
        if what in _ROUTINES:
            found = _HEAD_END.search(bare, start, stop)
            stop = found.start() if found else stop
            return squeeze(text[start:stop]) or None
        return shortened(text[start:stop]) or None

    def tokens(self, position: int, end: int) -> Iterator[tuple[int, str]]:
        """The commas of the parenthesis that opens before *position*, and at last its end."""
        depth = 0
        for found in islice(_TOKEN.finditer(self.code.bare, position, end), _MOST_TOKENS):
            mark = found[0]
            if mark == "(":
                depth += 1
            elif mark in ",)" and depth == 0:
                yield found.start(), mark
                if mark == ")":
                    return
            elif mark == ")":
                depth -= 1

    def columns(self, table: str, start: int, end: int) -> None:
        opening = _OPENING.match(self.code.bare, start, end)
        if opening is None:
            return
        begin = opening.end()
        for place, _ in self.tokens(begin, end):
            if found := _COLUMN.match(self.code.bare, begin, place):
                name = _parts(found["name"])[0]
                line, end_line = self.code.lines.of(found.start("name")), self.code.lines.of(self.last(begin, place))
                rest = shortened(self.code.text[slice(*found.span("rest"))])
                signature = f": {rest}" if rest else None
                doc = self.code.comments.above(line) or self.code.comments.behind(line)
                self.rows.append(Symbol(Kind.COLUMN.value, name, f"{table}.{name}", line, end_line, signature, doc))
            begin = place + 1

    def members(self, package: str, start: int, end: int) -> None:
        """The functions and procedures of a package of Oracle."""
        for found in _MEMBER.finditer(self.code.bare, start, end):
            what, name = found["what"].lower(), _parts(found["name"])[-1]
            line = self.code.lines.of(found.start("what"))
            signature, doc = self.signature(what, found.end(), end), self.code.comments.above(line)
            kind = _KINDS[what].value
            self.rows.append(Symbol(kind, name, f"{package}.{name}", line, line, signature, doc))


def _parts(name: str) -> list[str]:
    """The parts of a qualified name, without their quotes."""
    return [part.strip('"`[]') for part in _PARTS.findall(name)]
