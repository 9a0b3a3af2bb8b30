"""Tells code, tables and diagrams from prose, as docstrings indent all of them alike."""

from __future__ import annotations

import ast
import re
import warnings

from kwmagic.docstrings.blocks import Lines, dedent, skip_blank

_CODE_SIGN = re.compile(r"[=(\[@]|^\s*(?:import|from|del|raise|return|pass)\b", re.MULTILINE)
"""Words and numbers alone also parse as Python; code has one of these."""

_MARKUP = re.compile(r"[-*+•] |\d+[.)] |\.\. |[:@][a-z]+[^:]*:|>>>|```|.*:`|.*::$|[A-Z][a-z]+:$")
_BORDER = re.compile(r"\+[-=+]+\+$|\|.*\|$|=+(?: +=+)+$|-+(?: +-+)+$|[-=~_*#]{4,}$")
_DRAWING = re.compile(r"[\u2500-\u257f\u2580-\u259f]|[-=]{2,}>|<[-=]{2,}|\|__|/ \\|\\ /")
_GAP = re.compile(r"[^\s.!?] {3,}\S")
_WORD = re.compile(r"""[("'*`]*[A-Za-z][A-Za-z'’-]*[)"'*`]*[.,;:!?]*$""")

_LANGUAGES = {
    "c": "c", "c++": "cpp", "cpp": "cpp", "cuda": "cuda", "rust": "rust", "java": "java", "javascript": "javascript",
    "js": "javascript", "bash": "bash", "sh": "bash", "shell": "bash", "console": "console", "json": "json",
    "yaml": "yaml", "yml": "yaml", "toml": "toml", "ini": "ini", "cfg": "ini", "xml": "xml", "html": "html",
    "ts": "typescript", "typescript": "typescript", "tsx": "tsx", "jsx": "jsx", "go": "go", "swift": "swift",
    "kotlin": "kotlin", "scala": "scala", "php": "php", "ruby": "ruby", "csharp": "csharp", "cs": "csharp",
    "c#": "csharp", "objc": "objective-c", "css": "css", "sql": "sql",
    "diff": "diff", "rst": "rst", "cmake": "cmake", "make": "make",
}  # fmt: skip
_OTHER_THAN_PYTHON = {"verbatim", "text", "none", "txt", "output", "plain"}


def language(text: str, said: str) -> str:
    """The Pygments name to write on a fence; empty unless it is certain."""
    said = said.lower()
    if said in _LANGUAGES:
        return _LANGUAGES[said]
    if said in _OTHER_THAN_PYTHON:
        return ""
    if text.lstrip().startswith(">>>"):
        return "pycon"
    return "python" if is_python(text) else ""


def is_python(text: str) -> bool:
    """Whether `text` is Python statements, and not just words that happen to parse."""
    if len(text) > 50_000 or not _CODE_SIGN.search(text):
        return False
    try:
        with warnings.catch_warnings():  # "\d" in a string warns
            warnings.simplefilter("ignore")
            return bool(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def is_border(line: str) -> bool:
    """Whether `line` is drawn: the rule of a table, a box, an underline."""
    return bool(_BORDER.match(line.strip()))


def is_drawn(lines: Lines) -> bool:
    """Whether `lines` are a table or a diagram that wrapping would destroy."""
    if len(lines) < 2:
        return False
    drawn = sum(bool(_DRAWING.search(line)) or is_border(line) for line in lines)
    gaps = sum(bool(_GAP.search(line.strip())) for line in lines)
    return drawn > len(lines) // 2 or (gaps >= 2 and gaps * 2 >= len(lines))


def below(lead: str, lines: Lines) -> list[str]:
    """The dedented lines below the first paragraph of an item, indented again only if they are code for sure.

    Authors indent the further paragraphs of an item by any amount.
    """
    inside = dedent(lines)
    is_flush = any(inside) and not inside[skip_blank(inside, 0)].startswith(" ")
    if is_flush and (lead.endswith("::") or (lead.endswith(":") and is_verbatim(inside))):
        return [f" {line}" if line else line for line in inside]
    return inside


def is_verbatim(lines: Lines) -> bool:
    """Whether the indented (now dedented) `lines` are meant to be kept as they are."""
    if any(_MARKUP.match(line.lstrip()) for line in lines):
        return False
    text = "\n".join(lines)
    if is_drawn([line for line in lines if line]) or is_python(text):
        return True
    words = text.split()
    return sum(bool(_WORD.match(word)) for word in words) < 0.6 * len(words)
