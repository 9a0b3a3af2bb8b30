"""CMake: functions, macros, targets, options, top-level variables and what is included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, pairwise

from kwmagic.analysers.lines import Code, shortened, spans, squeeze
from kwmagic.languages import Language
from kwmagic.model import Findings, Import, Kind, Problem, Source, Symbol

_MAX_DEPTH = 20
"""Conditions that are written out; deeper ones are left out of `condition`."""
_MOST_ARGUMENTS = 200
_MOST_PROBLEMS = 20
_BRACKETS = r"\[(?P<{0}>=*+)\[.*?(?:\](?P={0})\]|\Z)"
_STRING = r'"(?:[^"\\]|\\.)*+(?:"|\Z)'
_LEXIS = re.compile(
    rf"(?P<comment>\#(?:{_BRACKETS.format('commented')}|[^\n]*+))|(?<=[\s(;]){_BRACKETS.format('bracket')}|{_STRING}|\\.",
    re.DOTALL,
)
_ARGUMENT = re.compile(
    rf"(?P<comment>\#(?:{_BRACKETS.format('commented')}|[^\n]*+))|(?P<brackets>{_BRACKETS.format('bracket')})"
    rf"|(?P<string>{_STRING})|(?P<plain>(?:[^\s()\"\\]|\\.|(?<=\S){_STRING})++)",
    re.DOTALL,
)
_COMMAND = re.compile(
    r"^[ \t]*+(?P<command>(?:end)?function|(?:end)?macro|(?:else|end)?if|else|add_executable|add_library"
    r"|add_custom_target|add_test|option|cmake_dependent_option|set|project|include|find_package|add_subdirectory)"
    r"[ \t]*+\(",
    re.MULTILINE | re.IGNORECASE,
)


def _parentheses(depth: int) -> str:
    inner = rf"|\({_parentheses(depth - 1)}\)" if depth else ""
    return rf"(?:[^()]{inner})*+"


_ARGUMENTS = re.compile(_parentheses(6))
_TARGETS = {
    "add_executable": "executable",
    "add_library": "library",
    "add_custom_target": "custom",
    "add_test": "test",
}
_LIBRARIES = ("STATIC", "SHARED", "MODULE", "OBJECT", "INTERFACE", "IMPORTED", "ALIAS")


def analyse(source: Source, language: Language) -> Findings:
    """What one list file defines, builds and includes; never raises."""
    del language
    reader = _Reader(Code(source.text, spans(source.text, _LEXIS)))
    reader.read()
    doc = reader.code.header()
    return Findings("patterns", tuple(reader.rows), tuple(reader.imports), problems=tuple(reader.problems), doc=doc)


class _Reader:
    """Reads commands from the top, with the conditions and functions around them on stacks."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.rows: list[Symbol] = []
        self.imports: list[Import] = []
        self.problems: list[Problem] = []
        self.tests: list[tuple[str, str]] = []  # the `if` of each condition, and the branch of it that is read
        self.functions: list[tuple[int, str]] = []  # rows of the functions and macros around, with their commands
        self.variables: set[str] = set()
        self.span = 0, 0  # of the command that is read

    def read(self) -> None:
        for found in _COMMAND.finditer(self.code.bare):
            end = _ARGUMENTS.match(self.code.bare, found.end()).end()  # type: ignore[union-attr]  # it matches "" too
            if self.code.bare.startswith(")", end):
                self.command(found["command"].lower(), found.start("command"), found.end(), end)
            elif len(self.problems) < _MOST_PROBLEMS:
                line = self.code.lines.of(found.start("command"))
                self.problems.append(Problem(line, f"the parenthesis of this {found['command']} is never closed"))
        self.problems += [
            Problem(self.rows[row].line, f"this {command} has no end{command}()") for row, command in self.functions
        ]

    def command(self, name: str, start: int, begin: int, end: int) -> None:
        """One command from *start*, its arguments from *begin* to *end*."""
        if name in ("if", "elseif", "else", "endif"):
            self.condition(name, squeeze(self.code.text[begin : min(end, begin + 500)]))
        elif name in ("endfunction", "endmacro"):
            if self.functions:
                row, _ = self.functions.pop()
                self.rows[row] = self.rows[row]._replace(end_line=self.code.lines.of(start))
        elif arguments := self.arguments(begin, end):
            self.span = start, end
            self.define(name, arguments)

    def condition(self, name: str, test: str) -> None:
        if name == "if":
            self.tests.append((test, f"if({test})"))
        elif self.tests:
            first, _ = self.tests.pop()
            if name != "endif":
                self.tests.append((first, f"elseif({test})" if name == "elseif" else f"else of if({first})"))

    def arguments(self, begin: int, end: int) -> list[str]:
        """The arguments of a command, without quotes and brackets."""
        found = (each for each in _ARGUMENT.finditer(self.code.text, begin, end) if not each["comment"])
        return [_unquoted(each) for each in islice(found, _MOST_ARGUMENTS)]

    def define(self, name: str, arguments: list[str]) -> None:
        first, rest = arguments[0], arguments[1:]
        match name:
            case "function" | "macro":
                flags = ["macro"] if name == "macro" else []
                self.record(Kind.FUNCTION, first, f"({', '.join(rest)})", flags=flags)
                self.functions.append((len(self.rows) - 1, name))
            case "option":
                self.option(first, rest[:1], rest[1] if len(rest) > 1 else "OFF")
            case "cmake_dependent_option":
                self.option(first, rest[:1], rest[1] if len(rest) > 1 else "")
            case "set":
                self.variable(first, rest)
            case "project":
                about = dict(pairwise(rest))
                version = f"VERSION {about['VERSION']}" if "VERSION" in about else None
                self.record(Kind.PACKAGE, first, version, about.get("DESCRIPTION"))
            case "include" | "find_package" | "add_subdirectory":
                words = {"find_package": ["package"], "add_subdirectory": ["subdirectory"]}.get(name, [])
                flags = sorted([*words, *(["conditional"] if self.tests else []), *self.where()])
                self.imports.append(Import(first, None, None, self.code.lines.of(self.span[0]), tuple(flags)))
            case _:
                self.target(name, first, rest)

    def target(self, name: str, first: str, rest: list[str]) -> None:
        if name == "add_test" and first == "NAME" and rest:
            first, rest = rest[0], rest[1:]
        kinds = [word.lower() for word in _LIBRARIES if name != "add_test" and word in rest[:2]]
        of = f"= {rest[1]}" if "alias" in kinds and len(rest) > 1 else None
        self.record(Kind.TARGET, first, of, flags=[_TARGETS[name], *kinds])

    def variable(self, name: str, values: list[str]) -> None:
        """`set`: with CACHE an option of the build, else a variable; only the first of a name counts."""
        if "CACHE" in values:
            at = values.index("CACHE")
            typed = f": {values[at + 1]} " if len(values) > at + 1 else ""
            signature = f"{typed}= {_value(values[:at])}"
            self.record(Kind.OPTION, name, signature, " ".join(values[at + 2 : at + 3]))
        elif values and not self.functions and name not in self.variables:
            self.variables.add(name)
            self.record(Kind.VARIABLE, name, f"= {_value(values)}")

    def option(self, name: str, doc: list[str], default: str) -> None:
        self.record(Kind.OPTION, name, f"= {default}", *doc)

    def where(self) -> list[str]:
        return ["local"] if self.functions else []

    def record(
        self, kind: Kind, name: str, signature: str | None, doc: str | None = None, flags: Sequence[str] = ()
    ) -> None:
        line, end_line = map(self.code.lines.of, self.span)
        doc = doc or self.code.comments.above(line) or self.code.comments.behind(end_line)
        condition = " / ".join(branch for _, branch in self.tests[:_MAX_DEPTH]) or None
        words = tuple(sorted({*flags, *self.where()}))
        self.rows.append(
            Symbol(kind.value, name, name, line, end_line, signature, doc, condition=condition, flags=words)
        )


def _value(words: list[str]) -> str:
    return shortened(" ".join(words)) or '""'


def _unquoted(argument: re.Match[str]) -> str:
    text = argument[0]
    if argument["string"]:
        return text[1:-1]
    if argument["brackets"]:
        size = len(argument["bracket"]) + 2
        return text[size:-size].strip("\n")
    return text
