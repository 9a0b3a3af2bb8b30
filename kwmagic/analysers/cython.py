"""Cython: its own statements are written as the Python that says the same, line by line, for the Python scanner."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from kwmagic.analysers.python import module_name
from kwmagic.analysers.python_lexis import BRACKET, GAP, NAME, STRING
from kwmagic.analysers.python_lines import LOGICAL_LINE
from kwmagic.analysers.python_scanner import scan
from kwmagic.analysers.python_text import column_of, split, squeeze
from kwmagic.languages import Language
from kwmagic.model import FILE, Findings, Import, Kind, Problem, Source, Symbol

_LONG = 20_000
"""Characters of one declaration; longer ones are no work of people."""
_WORDS = re.compile(
    rf"(?P<cdef>cdef|cpdef|ctypedef)\b|(?P<cimport>cimport\b|from{GAP}[^\n]*?\bcimport\b)|(?P<include>include){GAP}*+(?=[\"'])"
    rf"|(?P<constant>DEF)\b|(?P<test>IF|ELIF|ELSE)\b|(?P<property>property){GAP}++(?={NAME}{GAP}*+:)"
    rf"|(?P<python>(?:async{GAP}++)?def\b)|(?P<other>@|pass\b|\.\.\.|[\"'])"
)
_MODIFIERS = re.compile(rf"(public|readonly|inline|api|extern|packed|volatile|static|nogil)\b{GAP}*+")
_TYPE = re.compile(
    rf"(?P<what>class|struct|union|enum|cppclass|fused)\b{GAP}*+(?:(?:class|struct)\b{GAP}*+)?"
    rf"(?P<name>{NAME}(?:\.{NAME})*+)?{GAP}*+(?:{STRING}{GAP}*+)?(?P<rest>(?:{BRACKET}{GAP}*+)*+)(?:nogil{GAP}*+)?"
    r"(?P<colon>:|\Z)",
    re.DOTALL,
)
_C_NAMES = re.compile(r"\[\s*+(?:object|type|check_size)\b[^\]]*+\]")
"""Of a class's C structures, behind its name: `[object PyArrayObject]`."""
_EXTERN = re.compile(rf"from{GAP}*+(?:(?P<header>{STRING})|\*)(?:{STRING}|[^:\"'])*+(?P<colon>:?){GAP}*+", re.DOTALL)
_TOKEN = re.compile(
    rf"(?P<operator>operator{GAP}*+(?:\(\)|\[\]|[^\w\s(\[]{{1,3}}|\w++))"
    rf"|(?P<name>~?{NAME}(?:{GAP}*+\.{GAP}*+{NAME})*+)|(?P<bracket>{BRACKET})|(?P<string>{STRING})|(?P<stop>[=:])|\S",
    re.DOTALL,
)
_HEAD = re.compile(rf"(?:[^=\"'()\[\]{{}}]++|{STRING}|{BRACKET})*+", re.DOTALL)
_POINTER = re.compile(rf"\([\w \t]*?\*[* \t]*+(?:const\b[ \t]*+)?(?P<name>{NAME})?")
_KINDS = {
    "class": Kind.CLASS,
    "cppclass": Kind.CLASS,
    "struct": Kind.STRUCT,
    "union": Kind.UNION,
    "enum": Kind.ENUM,
    "fused": Kind.TYPEDEF,
}


class _Note(NamedTuple):
    """What the Python scanner can't know of the symbol that it finds in a rewritten line."""

    kind: Kind | None = None
    flags: tuple[str, ...] = ()
    name: str = ""
    """Where it is none of Python: `operator[]`, `~vector`."""
    returns: str = ""
    signature: str | None = None
    """Instead of the one that is found."""


class _Block(NamedTuple):
    """A block that is open, and what its lines are."""

    column: int
    what: str
    """`extern`, `cdef`, `struct`, `union`, `enum`, `cppclass`, `fused`: its lines are declarations without a word in
    front; `module`, `class`, `function`: they are Python."""
    flags: tuple[str, ...] = ()
    """Of all that is declared in it."""
    name: str = ""
    line: int = 0


def analyse(source: Source, language: Language) -> Findings:
    """What one Cython file defines, declares and imports; never raises."""
    del language
    rewriting = _Rewriting()
    found = scan(rewriting.rewritten(source.text))
    name = module_name(source.ref.path)
    module = Symbol(Kind.MODULE, name, name, 1, max(source.lines, 1), doc=found.doc, flags=(FILE,))
    symbols = [rewriting.corrected(symbol) for symbol in found.symbols]
    imports = sorted([*rewriting.includes, *map(rewriting.flagged, found.imports)], key=lambda each: each.line)
    problems = (*rewriting.problems, *found.problems)
    return Findings("scanner", (module, *symbols), tuple(imports), found.exports, problems, found.doc)


class _Rewriting:
    """Goes through the logical lines of one text; remembers what the Python in their place doesn't say."""

    def __init__(self) -> None:
        self.blocks = [_Block(-1, "module")]
        self.line = 1
        self.column = 0
        self.notes: dict[tuple[int, str], _Note] = {}
        self.fused: dict[int, list[str]] = {}  # line of the head -> its types
        self.cimports: set[int] = set()
        self.includes: list[Import] = []
        self.problems: list[Problem] = []

    # After the scan

    def corrected(self, symbol: Symbol) -> Symbol:
        """A symbol with what its line said in Cython."""
        note = self.notes.get((symbol.line, symbol.name))
        if note is None:
            return symbol
        signature = symbol.signature if note.signature is None else note.signature or None
        if symbol.line in self.fused:
            signature = f"= {' | '.join(self.fused[symbol.line])}"
        if note.returns:
            signature = f"{signature} -> {note.returns}"
        owner = symbol.qualname.removesuffix(symbol.name)
        name = note.name or symbol.name
        flags = tuple(sorted({*symbol.flags, *note.flags}))
        kind = note.kind.value if note.kind else symbol.kind
        return symbol._replace(kind=kind, name=name, qualname=owner + name, signature=signature, flags=flags)

    def flagged(self, each: Import) -> Import:
        return each._replace(flags=tuple(sorted({*each.flags, "cimport"}))) if each.line in self.cimports else each

    # Before it

    def rewritten(self, text: str) -> str:
        """Python with the same number of lines."""
        parts, position = [], 0
        while position < len(text) and (found := LOGICAL_LINE.match(text, position)):
            position = found.end()
            written, code = found[0], found["code"]
            newlines = written.count("\n")
            if code:
                self.column = column_of(found["indent"])
                while self.blocks[-1].column >= self.column:
                    self.blocks.pop()
                if self.blocks[-1].what != "function" and (new := self.statement(code)) is not None:
                    written = found["indent"] + new + "\n" * (newlines - new.count("\n"))
            parts.append(written)
            self.line += newlines
        return "".join(parts)

    def statement(self, code: str) -> str | None:
        """The Python of one statement; None where it is Python as it stands."""
        block = self.blocks[-1]
        found = _WORDS.match(code)
        rest = code[found.end() :].lstrip(" \t\\\n") if found else code
        match found and found.lastgroup:
            case "cdef" if found:
                return self.declaration(rest, (found["cdef"],) if found["cdef"] != "ctypedef" else (), found["cdef"])
            case "cimport" if found:
                self.cimports.add(self.line)
                return found[0].removesuffix("cimport") + "import " + code[found.end() :]
            case "include":
                self.includes.append(Import(rest.strip(" \t\"'"), None, None, self.line, ("include",)))
                return "pass"
            case "constant":
                self.notes[self.line, rest.partition("=")[0].strip()] = _Note(Kind.CONSTANT, ("compile-time",))
                return rest
            case "test" if found:
                return found[0].lower() + code[found.end() :]
            case "property":
                self.notes[self.line, rest.partition(":")[0].strip()] = _Note(Kind.PROPERTY)
                return f"class {rest}"
            case "python":
                self.open("function")
                return None
            case None if block.what not in ("module", "class"):
                return self.declaration(rest, (), "")
            case _:
                return None

    def open(self, what: str, flags: tuple[str, ...] = (), name: str = "") -> None:
        self.blocks.append(_Block(self.column, what, flags, name, self.line))

    # Declarations

    def declaration(self, text: str, flags: tuple[str, ...], word: str) -> str:
        """What follows `cdef`, `cpdef`, `ctypedef`, or stands alone in a block of declarations."""
        block = self.blocks[-1]
        if len(text) > _LONG:
            self.problems.append(Problem(self.line, f"a declaration of {len(text):,} characters is not read"))
            return "pass"
        if block.what == "enum":
            return self.enumerators(text)
        if block.what == "fused":
            self.fused[block.line] += map(squeeze, split(text))
            return "pass"
        flags = (*block.flags, *flags)
        while modifier := _MODIFIERS.match(text):
            flags = (*flags, modifier[1])
            text = text[modifier.end() :]
        if text.startswith(":"):
            self.open("cdef", flags)
            return "with cdef:"
        if "extern" in flags and (head := _EXTERN.match(text)):
            return self.extern(head, text[head.end() :], flags)
        if (head := _TYPE.match(text)) and (head["name"] or head["what"] == "enum"):
            return self.type(head, text[head.end() :].strip(), flags)
        return self.function(text, flags, word) or self.variables(text, flags, word)

    def extern(self, head: re.Match[str], body: str, flags: tuple[str, ...]) -> str:
        """`cdef extern from "header.h" namespace "ns":`"""
        if head["header"]:
            self.includes.append(Import(head["header"].strip("\"'"), None, None, self.line, ("extern",)))
        if head["colon"]:
            self.open("extern", tuple(flag for flag in flags if flag != "cdef"))
        return (self.statement(body) or body) if body else "with extern:"

    def type(self, head: re.Match[str], body: str, flags: tuple[str, ...]) -> str:
        """The head of a class, struct, union, enum or fused type, and what stands behind its colon."""
        what, name = head["what"], (head["name"] or "").rpartition(".")[2]
        rest = _C_NAMES.sub("", head["rest"]).strip()
        if name:
            forward = () if head["colon"] else ("declaration",)
            self.notes[self.line, name] = _Note(_KINDS[what], (*flags, *forward))
        if what == "fused":
            self.fused[self.line] = []
        if head["colon"]:
            self.open(what, self.blocks[-1].flags, name)
        body = (self.statement(body) or body) if body else "" if head["colon"] else "pass"
        return f"class {name}{rest}: {body}" if name else f"with enum: {body}"

    def enumerators(self, text: str) -> str:
        names = []
        for each in split(text):
            name, _, value = each.partition("=")
            if found := re.match(NAME, name):
                names.append(f"{found[0]} = 0")
                signature = f"= {squeeze(value)}" if value else ""
                self.notes[self.line, found[0]] = _Note(Kind.ENUMERATOR, self.blocks[-1].flags, signature=signature)
        return "; ".join(names) or "pass"

    def function(self, text: str, flags: tuple[str, ...], word: str) -> str | None:
        """`int f(double x) except -1 nogil: …`; None where the declaration is of no function."""
        block = self.blocks[-1]
        tokens = _tokens(text)
        found = _function_name(tokens)
        if found is None or word == "ctypedef":
            return None
        name, opening = found
        written = " ".join(name[0].split())
        plain = "operator" if name["operator"] else written.lstrip("~").rpartition(".")[2]
        suffix = text[tokens[opening].end() :]
        colon = next((token for token in _tokens(suffix) if token[0] == ":"), None)
        kind = None
        if block.what == "cppclass" and plain == block.name:
            kind = Kind.DESTRUCTOR if written[0] == "~" else Kind.CONSTRUCTOR
        elif name["operator"]:
            kind = Kind.OPERATOR
        flags = flags if colon else (*flags, "declaration")
        name_in_c = written if written != plain else ""
        self.notes[self.line, plain] = _Note(kind, flags, name_in_c, squeeze(text[: name.start()]))
        if colon:
            self.open("function")
        template = tokens[opening - 1][0] if tokens[opening - 1]["bracket"] else ""
        return f"def {plain}{template}{tokens[opening][0]}{suffix if colon else f'{suffix.rstrip()}: pass'}"

    def variables(self, text: str, flags: tuple[str, ...], word: str) -> str:
        """`int x = 3, *p, a[10]`, `void (*callback)(int)`."""
        is_member = self.blocks[-1].what in ("struct", "union", "cppclass")
        kind = Kind.TYPEDEF if word == "ctypedef" else Kind.FIELD if is_member else None
        statements, base = [], ""
        for part in split(text):
            head = _HEAD.match(part)[0]  # type: ignore[index]  # it matches the empty text
            name, c_type = _declarator(head, base)
            if name:
                base = base or c_type.rstrip("*& ")
                value = f" = {part[len(head) + 1 :].strip()}" if part[len(head) :].startswith("=") else ""
                self.notes[self.line, name] = _Note(kind, flags)
                statements.append(f"{name}: {c_type or 'object'}{value}")
        return "; ".join(statements) or "pass"


def _tokens(text: str) -> list[re.Match[str]]:
    """Those before the value or the colon, and this `=` or `:` itself."""
    tokens = []
    for token in _TOKEN.finditer(text):
        tokens.append(token)
        if token["stop"]:
            break
    return tokens


def _function_name(tokens: Sequence[re.Match[str]]) -> tuple[re.Match[str], int] | None:
    """The token of a function's name and the index of its parameters."""
    for index, token in enumerate(tokens):
        if token[0][0] != "(" or index == 0:
            continue
        if index + 1 < len(tokens) and tokens[index + 1][0][0] == "(" and _POINTER.match(token[0]):
            return None
        before = index - 1
        while before > 0 and (tokens[before]["string"] or tokens[before][0][0] == "["):
            before -= 1
        if tokens[before]["name"] or tokens[before]["operator"]:
            return tokens[before], index
    return None


def _declarator(head: str, base: str) -> tuple[str, str]:
    """The name that one part of a declaration declares, and its type; *base* is that of the parts before."""
    tokens = _tokens(head)
    for index, token in enumerate(tokens[:-1]):
        if tokens[index + 1][0][0] == "(" and (pointer := _POINTER.match(token[0])) and pointer["name"]:
            return pointer["name"], squeeze(f"{base} {head[: token.start()]} (*){head[token.end() :]}")
    last = next((index for index in reversed(range(len(tokens))) if tokens[index]["name"]), None)
    if last is None or "." in tokens[last][0]:
        return "", ""
    sizes = "".join(token[0] for token in tokens[last + 1 :] if token["bracket"])
    return tokens[last][0].lstrip("~"), squeeze(f"{base} {head[: tokens[last].start()]}") + sizes
