"""Make: targets, variables, defines and includes; recipes are skipped. GNU's and BSD's alike."""

from __future__ import annotations

import re

from kwmagic.analysers.lines import Comments, Lines, shortened
from kwmagic.languages import Language
from kwmagic.model import Findings, Import, Kind, Problem, Source, Symbol

_MAX_DEPTH = 20
"""Conditions that are written out; deeper ones are left out of `condition`."""
_MOST_TARGETS = 200
"""Targets of one rule."""


def _nested(depth: int) -> str:
    inner = rf"|[({{]{_nested(depth - 1)}[)}}]" if depth else ""
    return rf"(?:[^(){{}}]{inner})*+"


_LOGICAL = re.compile(r"(?:[^\\\n]++|\\.|\\\Z)*+", re.DOTALL)
"""A line with those that a backslash joins to it."""
_REFERENCE = re.compile(rf"\$(?:\({_nested(4)}\)|\{{{_nested(4)}\}}|[^({{])")
_COMMENT = re.compile(r"(?<!\\)\#")
_DIRECTIVE = re.compile(
    r" *+(?P<word>else[ \t]++if(?:n?eq|n?def)|if(?:n?eq|n?def)|else|endif|define|endef|-?include|sinclude"
    r"|\.[ \t]*+(?:if(?:n?def|n?make)?|el(?:se|if\w{0,5})|endif|[-sd]?include))(?=[\s(<\x22\\]|\Z)(?![ \t]*+[:+?!]?=)"
    r"[ \t]*+(?P<rest>.*+)",
    re.DOTALL,
)
_STATEMENT = re.compile(
    r"(?P<names>(?:[^:=&?+!]++|&(?!::?)|[?+!](?!=))*+)(?P<how>:::?=|::?=|[?+!]=|=|&?::?)(?P<rest>.*+)", re.DOTALL
)
_PREFIXES = frozenset(("export", "unexport", "override", "private"))
_OF_TARGET = re.compile(r"\s*+(?:(?:export|override|private)\s++)*+[^\s:=+?!]++\s*+(?:[:?+!]|::|:::)?=")
"""A variable for one target alone, behind its colon."""
_DEFINED = re.compile(r"(?P<name>\S{1,250}+)")
_WORD = re.compile(r"(?:[^\s\\]|\\[^\n])++")
_SPECIAL = re.compile(r"\.[A-Z][A-Z_]++")


def analyse(source: Source, language: Language) -> Findings:
    """The rules, variables, defines and includes of one Makefile; never raises."""
    del language
    reader = _Reader(source.text)
    reader.read()
    comments = Comments(source.text, reader.lines, reader.comments)
    symbols = tuple(
        row._replace(
            doc=comments.above(row.line) or comments.behind(row.line),
            flags=tuple(
                sorted({*row.flags, *(["phony"] if row.kind == "target" and row.name in reader.phony else [])})
            ),
        )
        for row in reader.rows
    )
    doc = comments.header(reader.code)
    return Findings("patterns", symbols, tuple(reader.imports), problems=tuple(reader.problems), doc=doc)


class _Reader:
    """Reads logical lines from the top, with the conditions around them on a stack."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.lines = Lines(text)
        self.rows: list[Symbol] = []
        self.imports: list[Import] = []
        self.problems: list[Problem] = []
        self.comments: list[tuple[int, int]] = []
        self.code = len(text)
        """Where the first code is."""
        self.phony: set[str] = set()
        self.variables: set[tuple[object, ...]] = set()
        self.tests: list[tuple[str, str]] = []  # the head of each condition, and the branch of it that is read
        self.rule: range | None = None  # the rows of the rule that lines with a tab belong to
        self.define = 0  # how many defines are open
        self.line = self.end_line = 1  # of the logical line that is read

    def read(self) -> None:
        position = 0
        while position < len(self.text):
            end = _LOGICAL.match(self.text, position).end()  # type: ignore[union-attr]  # it matches the empty text
            self.logical(position, end)
            position = end + 1
        if self.define:
            self.problems.append(Problem(self.rows[-1].line, "this define has no endef"))

    def logical(self, start: int, end: int) -> None:
        """One logical line."""
        text = self.text[start:end]
        if text.startswith("\t") and self.rule is not None and not self.define:
            self.end(self.rule, self.lines.of(end))
            return
        masked = _REFERENCE.sub(_filled, text)
        if comment := None if self.define else _COMMENT.search(masked):
            self.comments.append((start + comment.start(), end))
            text, masked = text[: comment.start()], masked[: comment.start()]
        if not masked.strip():
            return
        self.code = min(self.code, start)
        self.line, self.end_line = self.lines.of(start), self.lines.of(end)
        if directive := _DIRECTIVE.match(masked.lstrip()):
            rest = text.lstrip()[directive.start("rest") :]
            self.directive(" ".join(directive["word"].lstrip(".").split()), rest)
        elif not self.define and (found := _STATEMENT.match(masked)):
            names, rest = text[: found.end("names")], text[found.start("rest") :]
            if "=" in found["how"]:
                self.variable(names.split(), found["how"], rest)
            elif not _OF_TARGET.match(found["rest"]):
                self.targets(masked[: found.end("names")], names, found["how"], rest)

    def directive(self, word: str, rest: str) -> None:
        """A condition, a define or an include; *word* as GNU make writes it."""
        if self.define:
            self.define += {"define": 1, "endef": -1}.get(word, 0)
            if not self.define:
                self.end(range(len(self.rows) - 1, len(self.rows)), self.line)
        elif word == "define":
            if found := _DEFINED.match(rest):
                self.define = 1
                self.record(Kind.MACRO, found["name"], None)
        elif word.endswith("include"):
            flags = [*(["conditional"] if self.tests else []), *(["optional"] if word != "include" else [])]
            for file in _words(rest, _REFERENCE.sub(_filled, rest)):
                self.imports.append(Import(file.strip('"<>'), None, None, self.line, tuple(flags)))
        elif word.startswith("if"):
            test = _joined(f"{word} {rest}")
            self.tests.append((test, test))
        elif word == "endif":
            self.tests = self.tests[:-1]
        elif word.startswith("el") and self.tests:
            first, _ = self.tests.pop()
            self.tests.append((first, _joined(f"{word} {rest}") if rest.strip() else f"else of {first}"))

    def variable(self, words: list[str], how: str, value: str) -> None:
        """An assignment; of several to one name under the same condition the first counts."""
        prefixes = _PREFIXES.intersection(words[:-1])
        if len(words) != len(prefixes) + 1 or (words[-1], *self.tests) in self.variables:
            return
        self.rule = None
        self.variables.add((words[-1], *self.tests))
        flags = ("exported",) if "export" in prefixes else ()
        self.record(Kind.VARIABLE, words[-1], f"{how} {shortened(_joined(value))}".rstrip(), flags)

    def targets(self, masked: str, names: str, how: str, rest: str) -> None:
        """A rule: all its targets, but not those that only tell make what to do."""
        words = _words(names, masked)
        begin = len(self.rows)
        if ".PHONY" in words:
            self.phony.update(rest.split())
        signature = f"{how} {shortened(_joined(rest.partition(';')[0]))}".rstrip()
        for word in words[:_MOST_TARGETS]:
            if not _SPECIAL.fullmatch(word):
                self.record(Kind.TARGET, _joined(word), signature)
        if len(words) > _MOST_TARGETS:
            self.problems.append(Problem(self.line, f"only the first {_MOST_TARGETS} targets of this rule are listed"))
        self.rule = range(begin, len(self.rows))

    def end(self, rows: range, line: int) -> None:
        for row in rows:
            self.rows[row] = self.rows[row]._replace(end_line=line)

    def record(self, kind: Kind, name: str, signature: str | None, flags: tuple[str, ...] = ()) -> None:
        condition = " / ".join(branch for _, branch in self.tests[:_MAX_DEPTH]) or None
        row = Symbol(kind.value, name, name, self.line, self.end_line, signature, condition=condition, flags=flags)
        self.rows.append(row)


def _words(text: str, masked: str) -> list[str]:
    """The words of *text*, as *masked* divides it."""
    return [text[word.start() : word.end()] for word in _WORD.finditer(masked)]


def _filled(reference: re.Match[str]) -> str:
    return "$" * len(reference[0])


def _joined(text: str) -> str:
    """Without the backslashes that join lines."""
    return " ".join(text.replace("\\\n", " ").split())[:500]
