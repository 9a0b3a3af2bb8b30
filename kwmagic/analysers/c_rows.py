"""Where the scanner of the C family stands in a text, and the rows that it has found so far."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from kwmagic.analysers import c_lexis as lexis
from kwmagic.analysers.c_preprocessor import MOST_PROBLEMS, Preprocessed
from kwmagic.analysers.c_texts import plain
from kwmagic.model import Import, Kind, Problem

_TEMPLATE = re.compile(rf"template\s*+(?={lexis.ANGLES}\s*+(?:{lexis.REQUIRES})?(?:template|\Z))")
_ATTRIBUTES = re.compile(r"\[\[\s*+([^\]]*+(?:\](?!\])[^\]]*+)*+)\]\]")
_BRACES = re.compile(r"[{}]")


@dataclass(slots=True)
class Scope:
    """What a `{` opened and its `}` ends: a namespace, a type, `extern "C"`."""

    kind: str
    """`namespace`, `class`, `linkage`, `container` (of Objective-C); `file` for the outermost."""
    prefix: str
    """What qualnames inside start with."""
    opened: int
    name: str = ""
    access: str = ""
    flags: tuple[str, ...] = ()
    """Of all that stands inside."""
    row: list[Any] | None = None
    """The fields of the symbol that ends with it."""
    declares: str = ""
    """The kind of what is declared behind the `}`."""
    type: str = ""
    """Of that."""


class Rows:
    """One text on its way; `rows` are the fields of the symbols found, in the order found."""

    def __init__(self, text: str, found: Preprocessed, *, is_c: bool, is_metal: bool) -> None:
        self.text = text
        self.code = found.code
        self.comments = found.comments
        self.conditions = found.conditions
        self.problems = found.problems
        self.is_c = is_c
        self.kernels = {"__global__", "kernel", "vertex", "fragment"} if is_metal else {"__global__"}
        self.rows: list[list[Any]] = []
        self.imports: list[Import] = []
        self.scopes = [Scope("file", "", 0)]
        self.namespaces: set[str] = set()
        self.counted, self.line = 0, 1
        self.closings: dict[int, int] | None = None
        self.custom_end = -1

    def line_of(self, offset: int) -> int:
        """The 1-based line of *offset*; asked for in rising order, so each character is counted once."""
        if offset > self.counted:
            self.line += self.text.count("\n", self.counted, offset)
            self.counted = offset
        return self.line

    def closing(self, brace: int) -> int:
        """The offset after the `}` of the `{` at *brace*."""
        if self.closings is None:
            if near := lexis.BODY.match(self.code, brace):
                return near.end()
            self.closings = _closings(self.code)
        if brace in self.closings:
            return self.closings[brace]
        self.problem(brace, "the `{` that begins here is never closed")
        if self.custom_end <= brace:
            end = self.code.find("\n}", brace)  # as functions end by custom
            self.custom_end = end + 2 if end >= 0 else len(self.code)
        return self.custom_end

    def rest(self, brace: int) -> int:
        """The `;` of a statement that goes on at the `{` of an initialiser."""
        while True:
            position = self.closing(brace)
            found = lexis.REST.match(self.code, position)
            assert found is not None
            position = found.end()
            if self.code[position : position + 1] != "{":
                return position
            brace = position

    def problem(self, offset: int, message: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(self.text.count("\n", 0, offset) + 1, message))

    def enter(self, kind: str, prefix: str, brace: int, **more: Any) -> None:
        """Go into the scope that begins at *brace*; it has the flags of the one around."""
        self.scopes.append(Scope(kind, prefix, brace, **{"flags": self.scopes[-1].flags, **more}))

    def add(  # noqa: PLR0917  # as many as a row has fields
        self, found: re.Match[str], kind: str, name: str, qualname: str, offset: int, stop: int,
        signature: str | None, flags: tuple[str, ...], bases: tuple[str, ...] = (),
    ) -> list[Any]:  # fmt: skip
        """A row; its last line is set later."""
        decorators = self.attributes(found) if found["attributes"] else ()
        line = self.line_of(offset)
        row = [
            kind, name, qualname, line, line, signature, self.doc(found, stop), decorators, bases,
            self.conditions.at(offset), flags, 0,
        ]  # fmt: skip
        self.rows.append(row)
        return row

    def attributes(self, found: re.Match[str]) -> tuple[str, ...]:
        """What stands in the `[[ ]]` before a head: found where strings are blank, taken from the text itself."""
        start, end = found.span("attributes")
        return tuple(plain(self.text[slice(*each.span(1))]) for each in _ATTRIBUTES.finditer(self.code, start, end))

    def define(  # noqa: PLR0917
        self, found: re.Match[str], kind: Kind, name: str, offset: int, stop: int, signature: str | None,
        own: tuple[str, ...] = (),
    ) -> None:  # fmt: skip
        """A row of the scope around for what ends at *stop*."""
        qualname = self.scopes[-1].prefix + name
        row = self.add(found, kind.value, name, qualname, offset, stop, signature, self.flags([*own]))
        row[4] = self.line_of(stop)

    def doc(self, found: re.Match[str], stop: int) -> str | None:
        start = found.start("template")
        doc = self.comments.above(start)
        if doc is None and (macro := found.start("macro")) >= 0:
            doc = self.comments.above_earlier(macro)
        if doc is None and self.comments.trailing:
            doc = self.comments.behind(stop)
        return doc

    def flags(self, own: list[str]) -> tuple[str, ...]:
        scope = self.scopes[-1]
        if scope.access:
            own.append(scope.access)
        if not own:
            return scope.flags
        if len(own) == 1 and not scope.flags:
            return (own[0],)
        return tuple(sorted({*own, *scope.flags}))

    def template(self, found: re.Match[str]) -> str:
        """`<typename T>` of the head."""
        written = found["template"]
        if not written:
            return ""
        start = found.start("template")
        *_, last = _TEMPLATE.finditer(written)
        parameters = plain(self.text[start + last.end() : found.end("template")])
        if parameters[1:2] == " ":
            parameters = f"<{parameters[2:]}"
        return "" if parameters == "<>" else parameters

    def say_conditions_once(self) -> None:
        """Leave of each condition what the definition around does not stand under itself."""
        around: dict[str, tuple[str, int, int]] = {}
        for row in self.rows:
            name, qualname, line, end_line, condition = row[1], row[2], row[3], row[4], row[9]
            if condition is None:
                continue
            outer, first, last = around.get(qualname[: -len(name) - 2], ("", 0, 0))
            if first <= line <= last:
                row[9] = condition.removeprefix(outer).removeprefix(" / ") or None
            around[qualname] = condition, line, end_line

    def is_c_linkage(self, linkage: re.Match[str], start: int) -> bool:
        """Whether `extern "C"` says so, not `extern "C++"`."""
        return self.text[start + linkage.start("language") : start + linkage.end("language")] == "C"


def _closings(code: str) -> dict[int, int]:
    """Where each `{` that is ever closed is closed: offset -> offset after its `}`."""
    closings: dict[int, int] = {}
    opened: list[int] = []
    for found in _BRACES.finditer(code):
        if code[found.start()] == "{":
            opened.append(found.start())
        elif opened:
            closings[opened.pop()] = found.end()
    return closings
