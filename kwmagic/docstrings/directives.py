"""Explicit reST markup: everything that starts with `..`."""

from __future__ import annotations

import re
from itertools import takewhile

from kwmagic.docstrings.blocks import (
    Block,
    Code,
    Fence,
    Found,
    Item,
    Items,
    Lines,
    Math,
    Paragraph,
    Parse,
    Quote,
    Reference,
    Title,
    dedent,
    indented_end,
    skip_blank,
)

ADMONITIONS = {
    "note": "Note", "warning": "Warning", "tip": "Tip", "hint": "Hint", "important": "Important", "caution": "Caution",
    "danger": "Danger", "attention": "Attention", "error": "Error", "seealso": "See also", "todo": "To do",
    "deprecated": "Deprecated since version", "deprecated-removed": "Deprecated since version",
    "versionadded": "Added in version", "versionchanged": "Changed in version",
    "versionremoved": "Removed in version", "admonition": "", "topic": "", "sidebar": "",
}  # fmt: skip
_VERSIONED = {"deprecated", "versionadded", "versionchanged", "versionremoved", "deprecated-removed"}
_TITLED = {"admonition", "topic", "sidebar"}
_CODE = {
    "code": "", "code-block": "", "sourcecode": "", "testcode": "python", "testsetup": "python", "ipython": "python",
    "testcleanup": "python", "testoutput": "text", "parsed-literal": "text", "doctest": "pycon", "plot": "python",
    "prompt": "", "highlight": "text",
}  # fmt: skip
_OBJECTS = {"function", "class", "method", "attribute", "data", "exception", "module", "property", "decorator",
            "classmethod", "staticmethod", "envvar", "option", "describe", "rubric"}  # fmt: skip

_DIRECTIVE = re.compile(r"\.\.\s*([A-Za-z][\w.+-]*(?::[\w.+-]+)*)\s?::(?!\S*:)\s*(.*)")
_MISTYPED = re.compile(r"\.\.\s+(note|warning|tip|important|caution|seealso|todo)\s*:(?!:)\s*(.*)", re.IGNORECASE)
"""`.. note:` with one colon is a comment in reST, but never meant as one."""
_TARGET = re.compile(r"\.\. _(.+?):(?:\s+((?:https?://|mailto:)\S+))?$")
_FOOTNOTE = re.compile(r"\.\. (\[[#*\w.-]+\])(?:\s+(.*))?$")
_OPTION = re.compile(r":[\w-]+:(?:\s|$)")
"""White space after the second colon tells an option from a role that opens the body."""


def explicit(lines: Lines, at: int, parse: Parse) -> Found:
    """A directive, link target, footnote or comment, with the indented lines that belong to it."""
    line = lines[at]
    if not line.startswith(".."):
        return None
    end = indented_end(lines, at + 1)
    body = lines[at + 1 : end]
    if found := _DIRECTIVE.match(line) or _MISTYPED.match(line):
        name = found[1].lower().rpartition(":")[2]
        if name in ADMONITIONS and not found[2] and not any(body):
            end = _unindented_end(lines, at + 1)
            body = lines[at + 1 : end]
        return _directive(name, found[2], lines[at:end], parse), end
    if found := _TARGET.match(" ".join([line, *(inner.strip() for inner in body)])):
        return _target(found), end
    if found := _FOOTNOTE.match(line):
        return [Items((Item((Paragraph(found[1] + " " + (found[2] or "")), *parse(dedent(body)))),))], end
    if line == ".." or line.startswith(".. "):
        return [Fence("\n".join(lines[at:end]), "verbatim")], end
    return None


def _unindented_end(lines: Lines, at: int) -> int:
    """The end of the paragraph that follows directly: a body whose author forgot to indent it."""
    while at < len(lines) and lines[at] and not lines[at].startswith((".. ", ">>>")):
        at += 1
    return at


def _directive(name: str, argument: str, lines: Lines, parse: Parse) -> list[Block]:
    options, body = _split_options(dedent(lines[1:]))
    if name in ADMONITIONS:
        return [_admonition(name, argument, options + body, parse)]
    if name in _CODE:
        return _code(name, argument, options, body, parse)
    match name:
        case "math":
            return _formulas(([argument, ""] if argument else []) + body)
        case "image" | "figure":
            shown = (Paragraph(f"Image: ``{argument}``"), *_alternative_text(options), *parse(body))
            return [Items((Item(shown),))]
        case _ if name in _OBJECTS and argument:
            head = Title(argument) if name == "rubric" else Code(argument)
            return [head, *parse(options + body)]
    return [Fence("\n".join(lines), "verbatim")]


def _split_options(lines: Lines) -> tuple[list[str], list[str]]:
    options = list(takewhile(_OPTION.match, lines))
    return options, dedent(lines[skip_blank(lines, len(options)) :])


def _admonition(name: str, argument: str, lines: Lines, parse: Parse) -> Quote:
    title = ADMONITIONS[name]
    if name in _TITLED:
        return Quote(argument, parse(lines))
    if name in _VERSIONED:
        version, _, argument = argument.partition(" ")
        title = f"{title} {version}" if version else title.partition(" ")[0]
    continued = lines[skip_blank(lines, 0) :] if not argument else lines
    return Quote(title, parse([argument.strip(), *continued] if argument else continued))


def _formulas(lines: Lines) -> list[Block]:
    """Blank lines part formulas, but not inside an environment."""
    formulas: list[list[str]] = [[]]
    for line in lines:
        if line:
            formulas[-1].append(line)
        elif formulas[-1]:
            formulas.append([])
    parts = ["\n".join(formula) for formula in formulas if formula]
    if any(part.count("\\begin{") != part.count("\\end{") for part in parts):
        parts = ["\n".join(parts)]
    return [Math(part) for part in parts]


def _code(name: str, argument: str, options: Lines, body: Lines, parse: Parse) -> list[Block]:
    caption = [Paragraph(line.partition(": ")[2]) for line in options if line.startswith(":caption: ")]
    if name == "highlight" or not any(body):
        return [Fence("\n".join([f".. {name}:: {argument}", *body]), "verbatim")]
    if name == "plot":
        return [*parse(body)] if any(line.startswith(">>>") for line in body) else [Fence("\n".join(body), "")]
    is_language = name in ("code", "code-block", "sourcecode", "prompt")
    said = argument.partition(" ")[0] if is_language else _CODE[name]
    return [*caption, Fence("\n".join(body), said)]


def _alternative_text(options: Lines) -> list[Block]:
    return [Paragraph(line.partition(": ")[2]) for line in options if line.startswith(":alt: ")]


def _target(found: re.Match[str]) -> list[Block]:
    """A place to link to shows nothing; a web address is kept for where the name is used."""
    name = found[1].strip("`").replace("\\", "")
    return [Reference(name, found[2])] if found[2] else []
