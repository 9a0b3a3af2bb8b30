"""Declarations guessed by their keywords, for text of no known kind and languages whose grammar is not installed.

A keyword alone says nothing: prose has "class of problems" and "function is". What counts stands first on its line,
names something, and goes on as a declaration does; scopes are read off the indentation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from kwmagic.analysers.lines import Code, shortened, spans, squeeze
from kwmagic.languages import GENERIC, Language
from kwmagic.model import Findings, Import, Kind, Source, Symbol

_MAX_DEPTH = 50
"""Declarations in declarations that are told apart."""
_TYPES = {
    "class": Kind.CLASS,
    "struct": Kind.STRUCT,
    "union": Kind.UNION,
    "enum": Kind.ENUM,
    "interface": Kind.INTERFACE,
    "trait": Kind.TRAIT,
    "object": Kind.OBJECT,
    "protocol": Kind.PROTOCOL,
    "extension": Kind.EXTENSION,
    "actor": Kind.CLASS,
    "record": Kind.RECORD,
}
_SPACES = {
    "module": Kind.MODULE,
    "mod": Kind.MODULE,
    "defmodule": Kind.MODULE,
    "namespace": Kind.NAMESPACE,
    "package": Kind.PACKAGE,
}
_FUNCTIONS = {
    **dict.fromkeys(("def", "defp", "fn", "func", "function", "fun", "sub"), Kind.FUNCTION),
    **dict.fromkeys(("proc", "procedure", "subroutine"), Kind.PROCEDURE),
    **dict.fromkeys(("macro", "defmacro", "macro_rules!"), Kind.MACRO),
}
_VALUES = {
    "type": Kind.TYPE_ALIAS,
    "typealias": Kind.TYPE_ALIAS,
    "const": Kind.CONSTANT,
    **dict.fromkeys(("let", "var", "val", "static"), Kind.VARIABLE),
}
_KINDS = {**_TYPES, **_SPACES, **_FUNCTIONS, **_VALUES}
_SHOWN = frozenset(("abstract", "async", "private", "protected", "static"))
"""Modifiers that are flags."""
_OFFERED = frozenset(("export", "pub", "public", "static"))
"""Modifiers under which a value counts although it stands in a scope."""
_MODIFIERS = (
    *("export", "default", "pub", "public", "private", "protected", "internal", "fileprivate", "static", "abstract"),
    *(
        "final",
        "sealed",
        "open",
        "override",
        "virtual",
        "async",
        "inline",
        "extern",
        "unsafe",
        "data",
        "case",
        "partial",
    ),
    *("declare", "lazy", "implicit", "local", "mutating", "suspend", "const", "readonly"),
)
_PROSE = frozenset(
    (
        *("a", "an", "and", "are", "as", "be", "by", "can", "do", "for", "from", "has", "if", "in", "is", "it", "its"),
        *("name", "names", "of", "on", "or", "that", "the", "this", "to", "was", "will", "with"),
    )
)
"""Words that follow a keyword in sentences and are no names."""

_DECLARATION = re.compile(
    rf"^(?P<indent>[ \t]*+)(?P<modifiers>(?:(?:{'|'.join(_MODIFIERS)})(?:\([\w ]{{1,40}}\))?[ \t]++"
    rf"(?=[a-z_!]++\b))*)"
    rf"(?P<word>{'|'.join(sorted(map(re.escape, _KINDS), key=len, reverse=True))})\*?"
    r"(?:(?<=\bfunc)[ \t]++\([^()\n]{1,80}\))?[ \t]++"  # Go's receiver
    r"(?P<name>[^\W\d][\w$]{0,250}+(?:(?:::|[.'])[^\W\d]\w{0,250}+){0,20}+[?!]?)(?![\w$])(?P<member>:[^\W\d]\w{0,250}+(?=\())?(?P<rest>[^\n]*+)",
    re.MULTILINE,
)
_SEPARATORS = re.compile(r"[:.']")
_CALLABLE = re.compile(r"(?:<[^<>\n]{0,200}(?:<[^<>\n]{0,200}>[^<>\n]{0,200}){0,5}>|\[[^\[\]\n]{0,200}\])?(?:[ \t]?)\(")
_TYPED = re.compile(r"[ \t]*+:[ \t]*+[\w.<>\[\](){}|&?*, '\"]++(?:[=;,{].*)?$")
_HEAD = re.compile(r"[ \t]*+(?:\{|=(?!=)|:=|<\w)|[ \t]++(?P<word>struct|interface)[ \t]*+\{")
_HEIR = re.compile(r"[ \t]++(?:extends|implements|with|where|is|as|do|begin|returns?|throws|of)\b|[ \t]*+[:(<\[]")
_OPENS = re.compile(r"(?:[{(\[:=,]|->|=>|\b(?:do|is|as|begin|where|then|extends|implements))$")
_PARAMETERS = re.compile(r"\((?:[^()]|\((?:[^()]|\((?:[^()]){0,500}+\)){0,500}+\)){0,2000}+\)")
_BODY = re.compile(r" ?(?:\{.*+|[:;=]|\b(?:do|begin|is|as|where|end))$")
_CLOSES = re.compile(r"[)}\]]|end\b|END\b|fi\b|done\b")
_LINE = re.compile(r"^([ \t]*+)([^\n]++)", re.MULTILINE)
_IMPORT = re.compile(
    r"^[ \t]{0,8}+(?:export[ \t]++|pub[ \t]++|global[ \t]++|#[ \t]*+)?(?:"
    r"from[ \t]++(?P<origin>[\w./:@-]++)[ \t]++import[ \t]++(?P<names>[^\n]{1,500}+)"
    r"|(?:import|export)[ \t]++[^;\"'\n]{0,500}\bfrom[ \t]*+(?P<q1>[\"'])(?P<es>[^\"'\n]{1,200}+)(?P=q1)"
    r"|(?:import|use|using|include|require|require_once|include_once|require_relative|load)"
    r"[ \t]*+\(?[ \t]*+(?:(?P<q2>[\"'])(?P<quoted>[^\"'\n]{1,200}+)(?P=q2)|<(?P<angled>[^>\n]{1,200}+)>)"
    r"(?:[ \t]++as[ \t]++(?P<named>\w++))?[ \t]*+\)?[ \t]*+(?=;|//|/\*|\#|$)"
    r"|import[ \t]++(?:static[ \t]++|qualified[ \t]++)?+(?P<module>[\w./:\\*-]{1,200}+)"
    r"(?:[ \t]++as[ \t]++(?P<alias>\w++))?[ \t]*+(?:;|\(.*|$)"
    r"|(?:use|using|require|include)[ \t]++(?P<used>[\w.:\\*{}, ]{1,400}+);"
    r"|[^\n\"']{0,80}?\brequire[ \t]*+\((?P<q3>[\"'])(?P<required>[^\"'\n]{1,200}+)(?P=q3)\)"
    r")",
    re.MULTILINE,
)
_STRING = r"""(?P<string>\"{3}(?:[^"]|"(?!""))*+\"{3}|"(?:[^"\\\n]|\\.)*+"|(?<![<&\w])'(?:[^'\\\n]|\\.)*+'|\\.)"""
_TEMPLATE = r"|(?P<template>`(?:[^`\\]|\\.)*+`)"


@dataclass(slots=True)
class _Scope:
    """A declaration whose body is still open."""

    indent: int
    prefix: str
    is_function: bool
    is_type: bool
    row: int
    """Its place among the rows."""


def analyse(source: Source, language: Language) -> Findings:
    """What looks like a declaration or an import in one text; never raises."""
    code = Code(source.text, spans(source.text, _lexis(language)))
    symbols = _Reader(code, language).symbols()
    return Findings("generic", tuple(symbols), tuple(_imports(code)), doc=code.header())


@cache
def _lexis(language: Language) -> re.Pattern[str]:
    """What is no code in *language*: its comments, and strings as most languages write them."""
    unknown = language.name == GENERIC.name
    marks = "|".join(map(re.escape, language.comment.split())).replace(r"\#", r"\#(?!\[)")  # `#[` opens an attribute
    line = r"^[ \t]*+(?:\#(?!include)|//|--|;|%)[^\n]*+" if unknown else rf"(?:{marks})[^\n]*+" if marks else r"(?!)"
    opening, _, closing = ("/* */" if unknown else language.block_comment).partition(" ")
    block = rf"{re.escape(opening)}(?s:.*?)(?:{re.escape(closing)}|\Z)" if opening else r"(?!)"
    start = "^" if opening.startswith("=") else ""  # Ruby's `=begin`
    template = _TEMPLATE if "//" in language.comment else ""
    return re.compile(rf"(?P<comment>{start}{block}|{line})|{_STRING}{template}", re.MULTILINE)


class _Reader:
    """Reads lines from the top, with the declarations around them on a stack."""

    def __init__(self, code: Code, language: Language) -> None:
        self.code = code
        self.language = language
        self.rows: list[Symbol] = []
        self.scopes: list[_Scope] = []
        self.last = 1  # the line of the last code

    def symbols(self) -> list[Symbol]:
        bare = self.code.bare
        found = {self.code.lines.of(each.start()): each for each in _DECLARATION.finditer(bare) if self._is_one(each)}
        for number, line in enumerate(bare.split("\n"), 1):
            text = line.strip()
            if text and self.scopes:
                self._leave(_column(line), text, number)
            if number in found:
                self._declare(found[number], number)
            self.last = number if text else self.last
        while self.scopes:
            self._end(self.last)
        return self.rows

    def _leave(self, indent: int, text: str, number: int) -> None:
        """End what a line at *indent* is no part of."""
        while self.scopes and indent <= self.scopes[-1].indent:
            is_end = indent == self.scopes[-1].indent and _CLOSES.match(text)
            if (is_end and _OPENS.search(text)) or (indent == self.scopes[-1].indent and text[0] == "{"):
                return  # `) {` and a brace on its own line go on with the head
            self._end(number if is_end else self.last)
            if is_end:
                return

    def _end(self, line: int) -> None:
        row = self.scopes.pop().row
        self.rows[row] = self.rows[row]._replace(end_line=max(line, self.rows[row].line))

    def _is_one(self, found: re.Match[str]) -> bool:
        """Whether the line goes on as a declaration does."""
        word, rest = found["word"], found["rest"].rstrip()
        if found["name"] in _PROSE:
            return False
        if _HEAD.match(rest):
            return True
        if word in _VALUES:
            return rest == ";" or (word not in ("type", "static") and bool(_TYPED.match(rest)))
        if word in _FUNCTIONS and _CALLABLE.match(rest) and (rest[0] != " " or self._opens(found, rest)):
            return True
        if word in _TYPES and rest[:1] == "(":
            return True
        if word in _SPACES and (rest == ";" or (not rest and self.language.name != GENERIC.name)):
            return True
        return (not rest or bool(_HEIR.match(rest))) and self._opens(found, rest)

    def _opens(self, found: re.Match[str], rest: str) -> bool:
        """Whether a body begins at the end of the line or on the next."""
        if _OPENS.search(rest) or (rest.endswith("}") and "{" in rest):
            return True
        below = _LINE.search(self.code.bare, found.end() + 1)
        while below and not below[2].strip() and below.end() - found.end() < 2_000:
            below = _LINE.search(self.code.bare, below.end() + 1)
        if below is None or not below[2].strip():
            return False
        return below[2][0] == "{" or _column(below[1]) > _column(found["indent"])

    def _declare(self, found: re.Match[str], line: int) -> None:
        word, name, modifiers = found["word"], found["name"] + (found["member"] or ""), found["modifiers"].split()
        outer = self.scopes[-1] if self.scopes else None
        is_local = outer is not None and any(scope.is_function for scope in self.scopes)
        head = _HEAD.match(found["rest"]) if word == "type" else None
        word = (head and head["word"]) or word  # Go's `type Name struct {`
        if word in _VALUES and found["indent"] and (is_local or _OFFERED.isdisjoint(modifiers)):
            return
        kind = _KINDS[word]
        if kind == Kind.FUNCTION and outer is not None and outer.is_type:
            kind = Kind.METHOD
        flags = sorted({*_SHOWN.intersection(modifiers), *(["local"] if is_local else [])})
        qualname = (outer.prefix if outer else "") + name
        signature = None if word != found["word"] else self._signature(found)
        doc = self.code.comments.above(line)
        self.rows.append(
            Symbol(kind.value, _SEPARATORS.split(name)[-1], qualname, line, line, signature, doc, flags=tuple(flags))
        )
        if word not in _VALUES and len(self.scopes) < _MAX_DEPTH:
            inner = f"{qualname}.<locals>." if word in _FUNCTIONS else f"{qualname}{self.language.separator}"
            indent = _column(found["indent"])
            self.scopes.append(_Scope(indent, inner, word in _FUNCTIONS, word in _TYPES, len(self.rows) - 1))

    def _signature(self, found: re.Match[str]) -> str | None:
        """What follows the name; parameters may go on over lines."""
        start = found.start("rest")
        end = found.end()
        opening = self.code.bare.find("(", start, end)
        if opening >= 0 and found["word"] not in _VALUES and (parameters := _PARAMETERS.match(self.code.bare, opening)):
            end = self.code.bare.find("\n", parameters.end())
            end = len(self.code.bare) if end < 0 else end
        text = squeeze(self.code.text[start : min(end, start + 5_000)])
        if found["word"] in _VALUES:
            return shortened(text.rstrip(";")) or None
        return _BODY.sub("", text) or None


def _column(line: str) -> int:
    """How far *line* is indented."""
    indent = line[: len(line) - len(line.lstrip())]
    return len(indent.expandtabs()) if "\t" in indent else len(indent)


def _imports(code: Code) -> Iterator[Import]:
    for found in _IMPORT.finditer(code.text):
        if code.bare[found.start() : found.end()].strip(' \n"') == "":
            continue  # inside a comment or a string
        module = next(filter(None, found.group("es", "quoted", "angled", "module", "used", "required")), None)
        line = code.lines.of(found.start())
        if found["origin"]:
            yield Import(found["origin"], squeeze(found["names"]).rstrip(";") or None, None, line)
        elif module:
            module, _, alias = squeeze(module).partition(" as ")
            yield Import(module, None, found["alias"] or found["named"] or alias or None, line)
