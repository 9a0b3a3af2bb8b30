"""The lexical grammar of Python as regular expressions: what the scanner steps over, and where it stops.

Every quantifier over foreign text is possessive or bounded, so each expression is linear on any input. What one
expression can't match (brackets nested deeper than `_DEPTH`, brackets never closed) `matching_brackets` answers.
"""

from __future__ import annotations

import re

_DEPTH = 3
"""Brackets nested this deep are matched inside one expression; deeper ones are rare enough for the slow path."""


def _field(depth: int) -> str:
    """A replacement field `{…}` of an f-string; since Python 3.12 it may hold quotes of the same kind (PEP 701).

    Of triple strings inside only those of the outermost field are followed, and a thousand characters of them.
    """
    plain = [rf"{quote}(?:[^{quote}\\\n]++|\\.)*+{quote}" for quote in "\"'"]
    triple = [rf"{quote * 3}(?:[^{quote}\\]|\\.|{quote}{{1,2}}(?!{quote})){{0,1000}}+{quote * 3}" for quote in "\"'"]
    inside = [*triple, *plain, _field(depth - 1)] if depth else plain
    return rf"""\{{(?:[^{{}}"'\\]++|\\.|{"|".join(inside)}){{0,200}}+\}}"""


def _quoted(quote: str) -> str:
    """A string from its opening quote on: triple (to the end of the file if never closed), f-string, plain."""
    triple = rf"{quote * 2}(?:[^{quote}\\]++|\\.|{quote}{{1,2}}(?!{quote}))*+(?:{quote * 3}|\\?\Z)"
    after_f = rf"(?:(?<=\b[fFtT]{quote})|(?<=\b[fFtT][rR]{quote})|(?<=\b[rR][fFtT]{quote}))"
    formatted = rf"{after_f}(?:[^{quote}\\\n{{]++|\\.|\{{\{{|{_field(1)})*+{quote}"
    return rf"{quote}(?:{triple}|{formatted}|(?:[^{quote}\\\n]++|\\.)*+{quote})"


STRING = rf"(?:{_quoted(chr(34))}|{_quoted(chr(39))})"
"""Its prefix is not part of the match; lookbehinds see it."""
COMMENT = r"\#[^\n]*+"
_OTHER = (
    r"\x00-\xb6\xb8-\xbf\xd7\xf7\u2000-\u203e\u2041-\u2053\u2055-\u2bff"
    r"\u3000-\u3004\u3008-\u3020\ufe10-\ufe1f\uff00-\uff20"
)
"""No part of a name, where Python's `\\w` does not say so itself: it misses the marks of many scripts."""
NAME = rf"[^\W\d](?:\w|[^{_OTHER}])*+"
GAP = r"(?:[ \t\f]|\\\n)"
"""One character of space between tokens of a logical line."""
_NOT_INSIDE = rf"(?![ \t]*+(?:(?:async[ \t]+)?def|class|import)[ \t]+{NAME})"
"""After a newline: a line that starts so is no continuation, whatever bracket is still open."""


def _bracket(depth: int) -> str:
    inner = f"|{_bracket(depth - 1)}" if depth else ""
    return rf"""[(\[{{](?:[^()\[\]{{}}"'\#\n]++|\n{_NOT_INSIDE}|{STRING}|{COMMENT}{inner})*+[)\]}}]"""


BRACKET = _bracket(_DEPTH)
SHALLOW = _bracket(1)
"""For where deep brackets are rare: it compiles in a third of the time."""
BLANKS = rf"(?:[ \t\f]*+(?:{COMMENT})?\n)*+"
IMPORT = r"(?:lazy[ \t]+)?(?:import|from)\b"
_BLOCK = r"(?:if|elif|else|try|except|finally|for|while|with|async)\b|(?:match|case)[ \t(\[{\"'*-]"

LINE = re.compile(
    rf"{BLANKS}(?P<indent>[ \t\f]*+)(?:"
    rf"(?P<async>async{GAP}++)?(?P<def>def){GAP}++(?P<function>{NAME})"
    rf"|(?P<class>class){GAP}++(?P<name>{NAME})"
    rf"|(?P<decorator>@)"
    rf"|(?P<soft>(?:match|case)){GAP}*+(?:=|:(?!=)|,|\.)"
    rf"|(?P<block>{_BLOCK})"
    rf"|(?P<simple>[^\n])"
    rf")",
    re.DOTALL,
)
"""Where the next logical line starts and what it is."""


def _lines(stops: str) -> re.Pattern[str]:
    """As many lines as possible, at least as deep as the first, that define nothing and don't start with a stop."""
    return re.compile(
        rf"(?=([ \t\f]*+))(?:{BLANKS}\1(?![ \t\f]*+(?:def\b|class\b|@|{IMPORT}|{stops}))"
        rf"""(?:[^\n"'\#()\[\]{{}}\\:;]++|{STRING}|{BRACKET}|[:;](?![ \t]*+{IMPORT})|\\\n|{COMMENT})*+\n)*+""",
        re.DOTALL,
    )


RUN = _lines(_BLOCK)
"""Simple statements: most of a function's body."""
BODY = _lines(rf"async{GAP}++def\b")
"""Blocks as well: often all that is left of a function's body."""
SUITE = re.compile(rf"[ \t\f]*+(?:{COMMENT})?\n")
"""What follows the colon of a block whose body is on the next lines."""
DOCSTRING = re.compile(
    rf"(?P<lead>{BLANKS}(?P<indent>[ \t\f]*+))"
    rf"(?P<text>(?:[rRuU]?{STRING}{GAP}*+)++|\((?:\s++|{COMMENT}|[rRuU]?{STRING})++\)[ \t\f]*+)(?=[\n;\#])",
    re.DOTALL,
)
GAPS = re.compile(rf"{GAP}*+")
IMPORT_WORD = re.compile(IMPORT)
TYPE_STATEMENT = re.compile(rf"type{GAP}++(?P<name>{NAME}){GAP}*+(?=\[|=(?!=))", re.DOTALL)
CODE = re.compile(rf"""(?:[^\n"'\#()\[\]{{}}\\:;=]++|:=|[=!<>]=|{STRING}|{BRACKET}|\\\n)*+""", re.DOTALL)
"""Code of one logical line; stops at a newline, comment, `;`, `:`, `=`, or at what it can't match."""
ANNOTATED = re.compile(rf"(?P<name>(?!lambda\b){NAME}){GAP}*+:(?!=)", re.DOTALL)
TARGETS = re.compile(
    rf"""{GAP}*+(?:(?P<name>{NAME}){GAP}*+|(?P<targets>(?:[^\n"'\#()\[\]{{}}\\;:=!<>+/%&|^@-]++|{BRACKET}|\\\n)++))=(?!=)""",
    re.DOTALL,
)
"""The left side of an assignment: one name, or anything else with an `=` behind it."""
DOC_TARGET = re.compile(rf"(?P<of>(?:{NAME}\.)++)?__doc__{GAP}*+=(?!=)", re.DOTALL)
KEYWORD_ARGUMENT = re.compile(rf"{NAME}{GAP}*+=(?!=)|\*\*")
STRING_LITERALS = re.compile(rf"(?P<prefix>[rRuU]?)(?P<string>{STRING})", re.DOTALL)
SPACE = re.compile(rf"""(?=["'\s\\#])(?:{STRING}|(?:\s|\\\n|{COMMENT})++)""", re.DOTALL)
COMMAS = re.compile(rf"{STRING}|[(\[{{,]", re.DOTALL)
_PAIRS = re.compile(rf"{SHALLOW}|{STRING}|{COMMENT}|[()\[\]{{}}]|\n(?!{_NOT_INSIDE})", re.DOTALL)
_BRACKETS = re.compile(rf"{STRING}|{COMMENT}|[()\[\]{{}}]|\n(?!{_NOT_INSIDE})", re.DOTALL)


def matching_brackets(text: str) -> dict[int, int]:
    """Where each bracket that is ever closed is closed: offset of the opening one -> offset after the closing one."""
    closing: dict[int, int] = {}
    still_open: list[int] = []
    for token in _BRACKETS.finditer(text):
        first = text[token.start()]
        if first in "([{":
            still_open.append(token.start())
        elif first in ")]}":
            if still_open:
                closing[still_open.pop()] = token.end()
        elif first == "\n":
            still_open.clear()
    return closing


def closing_bracket(text: str, start: int) -> int:
    """The offset after the bracket that closes the one at `start`; 0 where none does."""
    depth = 0
    for token in _PAIRS.finditer(text, start):
        first = text[token.start()]
        if first in "([{":
            depth += token.end() - token.start() == 1  # or a pair of brackets with all between them
        elif first in ")]}":
            depth -= 1
        elif first == "\n":
            break
        if not depth:
            return token.end()
    return 0
