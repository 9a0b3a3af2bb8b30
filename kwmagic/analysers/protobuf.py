"""Protocol Buffers: statements end with `;`, bodies stand in braces, and nothing else has to be known."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from kwmagic.analysers.lines import Code, spans, squeeze
from kwmagic.languages import Language
from kwmagic.model import Findings, Import, Kind, Problem, Source, Symbol

_MAX_DEPTH = 64
"""Levels of nesting read; `protoc` itself takes no more than 32."""
_COMMENT = r"(?P<comment>//[^\n]*+|/\*(?s:.*?)(?:\*/|\Z))"
_LEXIS = re.compile(rf"""{_COMMENT}|"(?:[^"\\\n]|\\.)*+"|'(?:[^'\\\n]|\\.)*+'|\\.""")
_BOUNDARY = re.compile(r"[{};]|\[(?:[^\[\]]|\[[^\[\]]*+\])*+\]")
"""What ends a statement or a head; options in brackets may hold anything."""
_NAME = r"(?P<name>[^\W\d]\w{0,250}+)(?!\w)"
_HEAD = re.compile(
    rf"(?:(?:export|local)\s++)?(?P<word>message|enum|service|oneof)\s++{_NAME}\s*+$"
    rf"|(?P<extend>extend)\s++(?P<extended>[\w.]{{1,500}}+)\s*+$"
    rf"|(?:(?P<label>repeated|optional|required)\s++)?(?P<group>group)\s++(?P<called>\w{{1,250}}+)\s*+=\s*+(?P<number>\w++)"
)
_RPC = re.compile(rf"rpc\s++{_NAME}\s*+(?P<signature>\([^()]*+\)\s*+returns\s*+\([^()]*+\))")
_FIELD = re.compile(
    r"(?P<type>(?:(?:repeated|optional|required)\s++)?(?:map\s*+<[^<>]{0,500}>|[\w.]++))"
    rf"\s++{_NAME}\s*+=\s*+(?P<number>\w++)"
)
_VALUE = re.compile(rf"{_NAME}\s*+=\s*+(?P<number>-?\s*+\w++)")
_PACKAGE = re.compile(r"package\s++(?P<name>[\w.]{1,500}+)\s*+$")
_IMPORT = re.compile(r"""import\s++(?:(?P<flag>public|weak|option)\s++)?["'](?P<file>[^"'\n]++)["']""")
_DEPRECATED = re.compile(r"\bdeprecated\s*+=\s*+true\b")


@dataclass(slots=True)
class _Scope:
    """A body that is still open."""

    word: str
    """`message`, `enum`, `service`, `oneof`, `extend`; empty for the file, `skipped` for what defines nothing."""
    prefix: str = ""
    row: int | None = None
    """The place of its symbol among the rows."""
    bases: tuple[str, ...] = ()
    """What an `extend` extends."""


@dataclass(slots=True)
class _Reader:
    code: Code
    scopes: list[_Scope] = field(default_factory=lambda: [_Scope("")])
    rows: list[Symbol] = field(default_factory=list)
    imports: list[Import] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def read(self) -> None:
        start, options = 0, ""
        for boundary in _BOUNDARY.finditer(self.code.bare):
            mark, end = boundary[0], boundary.start()
            if mark[0] == "[":
                options = mark
                continue
            begin = start + len(self.code.bare[start:end]) - len(self.code.bare[start:end].lstrip())
            if mark == "}":
                self.close(end)
            elif mark == "{":
                self.open(begin, end)
            else:
                self.statement(begin, end, ("deprecated",) if _DEPRECATED.search(options) else ())
            start, options = boundary.end(), ""
        if len(self.scopes) > 1:
            row = self.scopes[-1].row
            line = self.code.lines.of(len(self.code.bare)) if row is None else self.rows[row].line
            self.problems.append(Problem(line, "the `{` of this line is never closed"))
        while len(self.scopes) > 1:
            self.close(len(self.code.bare.rstrip()))

    def open(self, begin: int, end: int) -> None:
        """Go into a body; its head stands before it."""
        outer, head = self.scopes[-1], self.code.bare[begin:end]
        if outer.word in ("skipped", "enum") or len(self.scopes) > _MAX_DEPTH:
            if len(self.scopes) == _MAX_DEPTH + 1:
                self.problems.append(
                    Problem(self.code.lines.of(begin), f"nested deeper than {_MAX_DEPTH} levels: not read")
                )
            self.scopes.append(_Scope("skipped"))
        elif found := _RPC.match(head):
            row = self.record(Kind.RPC, found["name"], begin + found.start("name"), squeeze(found["signature"]))
            self.scopes.append(_Scope("skipped", row=row))
        elif found := _HEAD.match(head):
            self.enter(found, begin)
        else:
            self.scopes.append(_Scope("skipped"))

    def enter(self, found: re.Match[str], begin: int) -> None:
        outer = self.scopes[-1]
        if found["extend"]:
            self.scopes.append(_Scope("extend", outer.prefix, bases=(found["extended"],)))
        elif found["word"] == "oneof":
            row = self.record(Kind.FIELD, found["name"], begin + found.start("name"), flags=("oneof",))
            self.scopes.append(_Scope("oneof", outer.prefix, row))
        elif found["group"]:
            signature = f": {found['label'] or ''} group = {found['number']}".replace("  ", " ")
            row = self.record(Kind.MESSAGE, found["called"], begin + found.start("called"), signature, flags=("group",))
            self.scopes.append(_Scope("message", f"{outer.prefix}{found['called']}.", row))
        else:
            row = self.record(Kind(found["word"]), found["name"], begin + found.start("name"))
            self.scopes.append(_Scope(found["word"], f"{outer.prefix}{found['name']}.", row))

    def close(self, offset: int) -> None:
        if len(self.scopes) > 1 and (row := self.scopes.pop().row) is not None:
            self.rows[row] = self.rows[row]._replace(end_line=self.code.lines.of(offset))

    def statement(self, begin: int, end: int, flags: tuple[str, ...]) -> None:
        """A field, a value of an enum, an rpc without body; outside of all bodies a package or an import."""
        text, word = self.code.bare[begin:end], self.scopes[-1].word
        if word == "":
            if found := _IMPORT.match(self.code.text, begin):
                flag = (found["flag"],) if found["flag"] else ()
                self.imports.append(Import(found["file"], None, None, self.code.lines.of(begin), flag))
            elif found := _PACKAGE.match(text):
                self.record(Kind.PACKAGE, found["name"], begin)
        elif word == "enum":
            if (found := _VALUE.match(text)) and found["name"] != "option":
                signature = f"= {''.join(found['number'].split())}"
                self.record(Kind.ENUMERATOR, found["name"], begin, signature, flags=flags, end=end)
        elif word == "service":
            if found := _RPC.match(text):
                signature = squeeze(found["signature"])
                self.record(Kind.RPC, found["name"], begin + found.start("name"), signature, flags=flags, end=end)
        elif word != "skipped" and (found := _FIELD.match(text)) and found["type"] != "option":
            flags += ("extension",) if word == "extend" else ()
            signature = f": {squeeze(found['type'])} = {found['number']}"
            self.record(Kind.FIELD, found["name"], begin + found.start("name"), signature, flags=flags, end=end)

    def record(
        self,
        kind: Kind,
        name: str,
        begin: int,
        signature: str | None = None,
        *,
        flags: tuple[str, ...] = (),
        end: int = 0,
    ) -> int:
        """Note a symbol; its place among the rows."""
        scope, line = self.scopes[-1], self.code.lines.of(begin)
        end_line = self.code.lines.of(end) if end else line
        doc = self.code.comments.above(line) or self.code.comments.behind(end_line)
        qualname = scope.prefix + name if kind != Kind.PACKAGE else name
        self.rows.append(
            Symbol(kind.value, name, qualname, line, end_line, signature, doc, bases=scope.bases, flags=flags)
        )
        return len(self.rows) - 1


def analyse(source: Source, language: Language) -> Findings:
    """The package, messages, enums, services and imports of one file; never raises."""
    del language
    reader = _Reader(Code(source.text, spans(source.text, _LEXIS)))
    reader.read()
    doc = reader.code.header()
    return Findings("patterns", tuple(reader.rows), tuple(reader.imports), problems=tuple(reader.problems), doc=doc)
