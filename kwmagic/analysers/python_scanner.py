"""The Python scanner: every definition, import and assignment of a text, whatever the syntax around them.

It reads logical lines and indentation, not a grammar, so it takes Python newer than the running one, older, or
broken. Where `ast` can parse a file the two agree; the tests hold them equal over the standard library.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kwmagic.analysers import python_lexis as lexis
from kwmagic.analysers.python_statements import (
    Exports,
    assigned_kind,
    base_texts,
    evaluate_doc,
    function_kind,
    parse_import,
    signature_text,
    target_names,
    value_text,
)
from kwmagic.analysers.python_text import column_of, evaluate_strings, normal, squeeze
from kwmagic.model import Import, Kind, Problem, Symbol

_MAX_DEPTH = 100
"""Levels of nesting read; CPython's own limit on indentation (MAXINDENT in Parser/lexer/state.h)."""
_UNREADABLE = ("def ", "class ", "<<<<<<< ", ">>>>>>> ")
"""What begins no simple statement: a definition without a name, the marks of a merge conflict."""
_CLAUSES = ("elif", "else", "except", "finally")
_MAX_TARGETS = 1_000
"""Names that one assignment statement binds at most; real ones bind fewer than 100."""


@dataclass(slots=True)
class Scan:
    """What the scanner found in one text."""

    symbols: list[Symbol]
    imports: list[Import]
    exports: tuple[str, ...] | None
    doc: str | None
    """The module's docstring."""
    problems: list[Problem]


@dataclass(slots=True)
class _Block:
    """A head that ended with a colon and is still open: its column, and what definitions inside it are."""

    column: int
    scope: str
    """The nearest definition around: `module`, `class`, `function`."""
    prefix: str
    """What qualnames inside start with."""
    local: bool = False
    """Whether any function is around."""
    outer: _Block | None = None
    row: list[Any] | None = None
    """The fields of the symbol that ends where this block ends; None where the head defines nothing."""
    head: tuple[int, int] = (0, 0)
    """Where the text of a head that defines nothing stands; read only if something is defined inside."""
    word: str = ""
    """Its keyword."""
    first: _Block | None = None
    """For `else`, `except` …: the block that the chain starts with."""


def scan(text: str) -> Scan:
    """All that is defined, imported and assigned in `text` (newlines `\\n`); never raises, linear in its length."""
    return _Scanner(text if text.endswith("\n") else text + "\n").scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks = [_Block(-1, "module", "")]
        self.ended: _Block | None = None  # the block without definition that ended at this column, for `else`
        self.rows: list[list[Any]] = []
        self.decorators: list[str] = []
        self.imports: list[Import] = []
        self.problems: list[Problem] = []
        self.exports = Exports()
        self.is_too_deep = False
        self.stuck = 0  # offset up to which `rest` has looked in vain: each line is looked at once
        self.code_end = 0  # offset of the end of the last line of code read
        self.counted, self.line = 0, 1
        self.partners: dict[int, int] | None = None
        self.assigned_docs: dict[str, str] = {}

    def scan(self) -> Scan:
        doc, position = self.docstring(0, -1)
        while head := lexis.LINE.match(self.text, position):
            indent = head["indent"]
            column = column_of(indent)
            self.ended = self.leave(column) if column <= self.blocks[-1].column else None
            start = head.end("indent")
            match head.lastgroup:
                case "simple":
                    position = self.run(start - len(indent)) or self.simple(start)
                case "function" | "name":
                    position = self.define(head, start, column)
                case "decorator":
                    position = self.decorator(start)
                case "block":
                    position = self.rest(start - len(indent)) or self.compound(start, column, head["block"])
                case _:
                    position = self.simple(start)
        self.leave(-1)
        return Scan(self.symbols(), self.imports, self.exports.names, doc, sorted(set(self.problems)))

    def symbols(self) -> list[Symbol]:
        for row in self.rows:
            if row[6] is None and row[2] in self.assigned_docs:
                row[6] = self.assigned_docs[row[2]]
        return [Symbol._make(row) for row in self.rows]

    # Where things are

    def line_of(self, offset: int) -> int:
        """The 1-based line of `offset`; asked for in rising order, so each character is counted once."""
        self.line += self.text.count("\n", self.counted, offset)
        self.counted = max(self.counted, offset)
        return self.line

    def last_code(self, end: int) -> int:
        """`end`, or the end of the line before where a backslash joins nothing but space or a comment to it."""
        newline = self.text.rfind("\n", 0, end)
        joined = newline > 0 and self.text[newline - 1] == "\\"
        return newline if joined and self.text[newline + 1 : end].lstrip()[:1] in ("", "#") else end

    def value_end(self, position: int) -> int:
        """The end of the simple statement around `position`: its `;`, comment or newline."""
        return self.find_end(position, "\n;#")

    def find_end(self, position: int, stops: str) -> int:
        """The next of `stops` (`\\n`, `#`, `;`, `:`, `=`) that stands outside strings and brackets."""
        text, last, start = self.text, len(self.text) - 1, position
        while True:
            position = lexis.CODE.match(text, position).end()  # type: ignore[union-attr]  # it matches the empty text
            if position > last:  # past the last newline: only a string that is never closed takes that along
                self.unclosed_string(start)
            if position >= last:
                return last
            stop = text[position]
            if stop in stops:
                return position
            position = self.partner(position) if stop in "([{" else position + 1

    def unclosed_string(self, start: int) -> None:
        """Say where the string begins that takes all the rest of the file from *start* on."""
        opening = start
        for found in lexis.STRING_LITERALS.finditer(self.text, start):
            opening = found.start("string")
        if self.text[opening : opening + 3] in ('"""', "'''"):
            self.problem(opening, "the string that begins here is never closed: nothing after it was read")

    def partner(self, bracket: int) -> int:
        """The offset after the bracket that closes the one at `bracket`, or after itself where none does."""
        if self.partners is None:
            if near := lexis.closing_bracket(self.text, bracket):
                return near
            self.partners = lexis.matching_brackets(self.text)
        if bracket in self.partners:
            return self.partners[bracket]
        self.problem(bracket, f"`{self.text[bracket]}` is never closed")
        return bracket + 1

    def problem(self, offset: int, message: str) -> None:
        if len(self.problems) < 20:  # a file of noise has thousands; each costs a count of lines
            self.problems.append(Problem(self.text.count("\n", 0, offset) + 1, message))

    def line_after(self, position: int) -> int:
        """Go past the comment and newline behind a statement that ended at `position`."""
        self.code_end = position
        return self.text.find("\n", position) + 1

    # Blocks

    def run(self, line: int) -> int:
        """Skip the lines of a function's body that define nothing; 0 where the first one has to be read."""
        self.decorators.clear()
        if self.blocks[-1].scope != "function":
            return 0
        if rest := self.rest(line):
            return rest
        end = lexis.RUN.match(self.text, line).end()  # type: ignore[union-attr]  # it matches the empty text
        if end == line:
            return 0
        self.code_end = end - 1
        return end

    def rest(self, line: int) -> int:
        """Skip the rest of a function's block, the blocks in it too, where nothing there has to be read; else 0."""
        if line < self.stuck or self.blocks[-1].scope != "function":
            return 0
        body = lexis.BODY.match(self.text, line)
        assert body is not None  # it matches the empty text
        after = lexis.LINE.match(self.text, body.end())
        if after and (column_of(after["indent"]) > column_of(body[1]) or after["block"] in _CLAUSES):
            # inside a block that would have to be open, or part of a chain whose first head has to be known
            self.stuck = body.end()
            return 0
        if body.end() == line:
            return 0
        self.decorators.clear()
        self.code_end = body.end() - 1
        return body.end()

    def leave(self, column: int) -> _Block | None:
        """Close the blocks that a line at `column` ends; the one at that column, where it defined nothing."""
        blocks, block = self.blocks, None
        while len(blocks) > 1 and blocks[-1].column >= column:
            block = blocks.pop()
            if block.row:
                block.row[4] = self.line_of(self.last_code(self.code_end))
        return block if block and block.column == column and not block.row else None

    def compound(self, start: int, column: int, word: str) -> int:
        """A head that defines nothing: `if`, `try`, `for`, `match` …; it puts a condition on what is inside."""
        colon = self.find_end(start, "\n;#:")
        if self.text[colon] != ":":
            return self.simple(start)
        self.decorators.clear()
        outer, ended = self.blocks[-1], self.ended
        block = _Block(column, outer.scope, outer.prefix, outer.local, outer, None, (start, colon), word)
        if ended and word in _CLAUSES:
            block.first = ended.first or ended
        return self.body(block, colon)

    def tests(self, block: _Block | None) -> list[str]:
        """The conditions between `block` and the definition around it, outermost first."""
        found: list[str] = []
        while block and not block.row:
            if block.word == "else" and block.first:
                found.append("else of " + squeeze(self.text[slice(*block.first.head)]))
            elif block.word not in ("", "with", "finally") and not self.text.startswith("async with", block.head[0]):
                found.append(squeeze(self.text[slice(*block.head)]))
            block = block.outer
        return found[::-1]

    def typing_only(self, block: _Block | None) -> bool:
        while block:
            head = squeeze(self.text[slice(*block.head)]) if block.word == "if" else ""
            if head.rpartition(".")[2].removeprefix("if ") == "TYPE_CHECKING":
                return True
            block = block.outer
        return False

    def import_flags(self) -> tuple[str, ...]:
        block = self.blocks[-1]
        return (
            *(("conditional",) if self.tests(block) else ()),
            *(("local",) if block.local else ()),
            *(("typing-only",) if self.typing_only(block) else ()),
        )

    def body(self, block: _Block, colon: int) -> int:
        """Go into the block whose head ends at `colon`; a suite on the same line is read at once."""
        if len(self.blocks) > _MAX_DEPTH:
            if not self.is_too_deep:
                self.problem(colon, f"nested deeper than {_MAX_DEPTH} levels: not read further in")
            self.is_too_deep = True
            block = _Block(block.column, "function", block.prefix, block.local, block.outer, block.row)
        self.blocks.append(block)
        if suite := lexis.SUITE.match(self.text, colon + 1):
            self.code_end = colon + 1
            return suite.end()
        return self.simple(colon + 1)

    # Definitions

    def decorator(self, start: int) -> int:
        end = self.value_end(start)
        self.decorators.append(signature_text(self.text[start + 1 : end]))
        return self.line_after(end)

    def define(self, head: re.Match[str], start: int, column: int) -> int:
        """A `def` or `class` head, its docstring, and the way into its body."""
        text, is_class = self.text, head["name"] is not None
        colon = self.find_end(head.end(), "\n;#:")
        signature = signature_text(text[head.end() : colon])
        complete = text[colon] == ":" and (signature[:1] in ("(", "[") or (is_class and not signature))
        if not complete:
            self.problem(start, f"the head of `{head['name'] or head['function']}` is not complete")
            if signature[:1] not in ("(", "["):
                return self.simple(start)
        block = self.definition(head, column, self.line_of(start), signature)
        if not complete:
            self.blocks.append(block)
            return self.line_after(colon)
        doc, after = self.docstring(colon + 1, column)
        self.rows[-1][6] = doc
        if after > colon + 1 and len(self.blocks) <= _MAX_DEPTH:
            self.blocks.append(block)
            return after
        return self.body(block, colon)

    def definition(self, head: re.Match[str], column: int, line: int, signature: str) -> _Block:
        """Record the symbol; the block it opens."""
        is_class = head["name"] is not None
        name = normal(head["name"] or head["function"])
        outer, decorators = self.blocks[-1], tuple(self.decorators)
        self.decorators.clear()
        qualname = outer.prefix + name
        row = self.record(Kind.CLASS if is_class else function_kind(outer.scope, decorators), name, line, signature)
        row[7] = decorators
        row[8] = base_texts(signature) if is_class else ()
        if head["async"]:
            row[10] = tuple(sorted((*row[10], "async")))
        if any(decorator.rpartition(".")[2] == "overload" for decorator in decorators):
            row[10] = tuple(sorted((*row[10], "overload")))
        if is_class:
            return _Block(column, "class", f"{qualname}.", outer.local, outer, row)
        return _Block(column, "function", f"{qualname}.<locals>.", True, outer, row)

    def record(self, kind: Kind, name: str, line: int, signature: str) -> list[Any]:
        """A symbol's fields in the order of `Symbol`; its end line and docstring come later."""
        block = self.blocks[-1]
        tests = self.tests(block)
        flags = [
            *(["conditional"] if tests else []),
            *(["local"] if block.local else []),
            *(["private"] if name.startswith("_") and not (name.startswith("__") and name.endswith("__")) else []),
        ]
        qualname, condition = block.prefix + name, " / ".join(tests) or None
        row = [kind.value, name, qualname, line, line, signature or None, None, (), (), condition, tuple(flags), 0]
        self.rows.append(row)
        return row

    def docstring(self, position: int, column: int) -> tuple[str | None, int]:
        """The docstring of a body that starts at `position`, and where to read on."""
        found = lexis.DOCSTRING.match(self.text, position)
        inline = column >= 0 and found is not None and "\n" not in found["lead"]
        if not found or not (inline or column_of(found["indent"]) > column):
            return None, position
        doc = evaluate_strings(found["text"])
        if inline or self.text[found.end()] == ";":
            return doc, position
        return doc, self.line_after(found.end())

    # Simple statements

    def simple(self, position: int) -> int:
        """Read the statements of one logical line, `a; b; c`, and go past it."""
        while True:
            end = self.statement(lexis.GAPS.match(self.text, position).end())  # type: ignore[union-attr]
            if self.text[end] != ";":
                return self.line_after(end)
            position = end + 1

    def statement(self, start: int) -> int:
        """Read one simple statement; the offset of what ended it."""
        text, block = self.text, self.blocks[-1]
        if text.startswith(_UNREADABLE, start):
            self.problem(start, f"`{text[start : text.find(chr(10), start)][:40].strip()}` can't be read")
        if text[start : start + 1] in "fil" and lexis.IMPORT_WORD.match(text, start):
            end = self.value_end(start)
            self.imports += parse_import(text[start:end], self.line_of(start), self.import_flags())
        elif block.scope == "function":
            end = self.value_end(start)
        elif text.startswith("type", start) and (alias := lexis.TYPE_STATEMENT.match(text, start)):
            end = self.type_statement(alias, start)
        elif annotated := lexis.ANNOTATED.match(text, start):
            end = self.annotated(annotated, start)
        else:
            end = self.unannotated(start)
        if block.scope == "module" and text.startswith("__all__", start):
            self.exports.read(text[start:end])
        return end

    def type_statement(self, alias: re.Match[str], start: int) -> int:
        """`type Name[T] = …` (PEP 695)."""
        equals = self.find_end(alias.end(), "\n;#=")
        end = self.value_end(equals + 1) if self.text[equals] == "=" else equals
        if end > equals:
            signature = self.text[alias.end() : equals].rstrip() + " = " + self.text[equals + 1 : end]
            self.assign([alias["name"]], start, end, signature, Kind.TYPE_ALIAS)
        return end

    def annotated(self, found: re.Match[str], start: int) -> int:
        """`name: annotation` with or without a value."""
        text = self.text
        end = self.find_end(found.end(), "\n;#=")
        annotation = ": " + squeeze(text[found.end() : end])
        value = ""
        if text[end] == "=":
            value_start = end + 1
            end = self.value_end(value_start)
            value = " = " + text[value_start:end]
        self.assign([found["name"]], start, end, annotation + value)
        return end

    def unannotated(self, start: int) -> int:
        """`name = …`, chains `a = b = …`, several targets `a, (b, c) = …`, or anything else."""
        text = self.text
        end = self.value_end(start)
        names: list[str] = []
        several = False
        position = start
        while len(names) < _MAX_TARGETS and (found := lexis.TARGETS.match(text, position, end)):
            target = [found["name"]] if found["name"] else target_names(found["targets"])
            if target is None:
                break
            several |= found["name"] is None
            names += target
            position = found.end()
        if len(names) >= _MAX_TARGETS:
            self.problem(start, f"more than {_MAX_TARGETS:,} targets in one assignment: the rest is not listed")
        if names:
            self.assign(names, start, end, "" if several else "= " + text[position:end])
        if text.find("__doc__", start, end) >= 0 and (doc := lexis.DOC_TARGET.match(text, start, end)):
            self.assign_doc(doc, text[doc.end() : end])
        return end

    def assign(self, names: Sequence[str], start: int, end: int, text: str, kind: Kind | None = None) -> None:
        """Record an assignment at module or class level, *text* its annotation and value."""
        in_class = self.blocks[-1].scope == "class"
        signature, line = value_text(text), self.line_of(start)
        end_line = line + self.text.count("\n", start, self.last_code(end))
        self.code_end = end
        for each in names:
            name = normal(each)
            row = self.record(kind or assigned_kind(name, signature, in_class=in_class), name, line, signature)
            row[4] = end_line

    def assign_doc(self, target: re.Match[str], value: str) -> None:
        """`__doc__ = "…"` in a class, `Class.__doc__ = "…"` after it."""
        if doc := evaluate_doc(value):
            owner = self.blocks[-1].prefix.rstrip(".") if target["of"] is None else target["of"].rstrip(".")
            self.assigned_docs.setdefault(owner, doc)
