"""What stands between a tag and its text: names, types, defaults, in every order that languages write them."""

from __future__ import annotations

import re
from typing import NamedTuple

from kwmagic.docstrings.blocks import closing_parenthesis
from kwmagic.docstrings.comment_blocks import name_lead
from kwmagic.docstrings.comment_inline import code, reference

_DIRECTION = re.compile(r"\s*\[\s*((?:in|out|inout)(?:\s*,\s*(?:in|out))?)\s*\]", re.IGNORECASE)
_PHP_NAME = re.compile(r"(&?(?:\.\.\.)?&?\$\w+)(?!\w)\s*")
_BRACKETS = re.compile(r"<[^<>]*>|\([^()]*\)|\{[^{}]*\}")
_NAME = re.compile(r"(?:\\?\.\.\.|<[^<>\s]{1,60}>|[^\s,<\[{]+)(?:\s*,\s*[A-Za-z_]\w*(?=\s*,|\s+[^\s,]))*")
_SEPARATOR = re.compile(r"\s*(?:[-–—]+|:)(?:\s+|$)|\s+")
_ERROR = re.compile(
    r"\\?(?:[A-Za-z_]\w*(?:\.|::|\\))*(?:[A-Z]\w*(?:Error|Exception|Failure|[a-z][A-Z]\w*)|Error|Exception)\b"
    r"|\\?[A-Za-z_]\w*(?:(?:\.|::|\\)\w+)+|[a-z]+(?:_[a-z]+)+\b"
)
_PHP_ATOM = (
    r"(?:\$this\b|\??\\?[A-Za-z_][\w\\-]*+(?:::[\w*]+)?)"
    r"(?:<(?:[^<>\n]|<(?:[^<>\n]|<[^<>\n]{0,80}+>){0,80}+>){1,160}+>|\{[^{}\n]{0,200}+\})?(?:\[\])*+"
)
_PHP_TYPE = re.compile(
    rf"(?=[^\s|<\[{{]*[|<\[{{?\\$]){_PHP_ATOM}(?:\s?[|&]\s?{_PHP_ATOM}){{0,20}}+(?=\s|$)"
    r"|(?:void|string|int|bool|array|mixed|float|callable|iterable|self|static|never|[A-Za-z_]\w*(?=\s*$))"
    r"(?=\s+[^a-z]|\s*$)"
)
"""Types that can be nothing else, whatever follows, and words that are types where no sentence goes on."""
_REFERENCES = re.compile(r"[#@\w.:$~]+(?:\([^()]{0,200}\))?(?:,\s*[#\w.:$~]+(?:\([^()]{0,200}\))?){0,20}$")
_JAVA_REFERENCE = re.compile(r"(?:[\w.]+)?#[\w$]+(?:\([^()]{0,200}\))?")


class Head(NamedTuple):
    """What stands before the text of a tag, translated, and the rest of the line."""

    lead: str
    text: str


def named(line: str) -> Head:
    """`{T} [name=default] - text`, `[in] name text`, `T $name text`, `name [T] text`, `[T] name text`."""
    direction = _DIRECTION.match(line)
    rest = line[direction.end() :] if direction else line
    item_type, rest = bracketed(rest, "{")
    if not direction and not item_type and re.match(r"\s*\[[^\[\]]*\]\s+[\w&*:]", rest):
        item_type, rest = bracketed(rest, "[")  # YARD
    php = _PHP_NAME.search(rest[:300])
    if php and not re.search(r"\s", _BRACKETS.sub("", _BRACKETS.sub("", rest[: php.start()])).strip()):
        stated = item_type or rest[: php.start()].strip()
        return Head(name_lead(php[1], stated), _separated(rest[php.end() :]))
    remarks = [direction[1].lower()] if direction else []
    rest = rest.lstrip()
    if rest.startswith("["):
        inside, rest = bracketed(rest, "[")
        name, equals, default = inside.partition("=")
        if item_type or equals:
            remarks += ["optional", *([f"default {code(default)}"] if default.strip() else [])]
    else:
        found = _NAME.match(rest)
        name = found[0] if found else rest.partition(" ")[0]
        rest = rest[len(name) :]
        if not item_type and name.endswith(":"):
            name, rest = name[:-1], f": {rest}"
    if not item_type and re.match(r"\s+\[[\w<>:#|,.=>{}() ]+\]", rest):
        item_type, rest = bracketed(rest, "[")
    return Head(name_lead(name.strip(), item_type, *remarks), _separated(rest)) if name.strip() else Head("", rest)


def typed(line: str) -> Head:
    """`{T} text`, `[T] text`, PHP's `T text`."""
    for bracket in "{[":
        item_type, rest = bracketed(line, bracket)
        if item_type:
            return Head(code(item_type), _separated(rest))
    php = _PHP_TYPE.match(line.strip())
    if php:
        return Head(code(php[0]), _separated(line.strip()[php.end() :]))
    return Head("", line.strip())


def error(line: str) -> Head:
    """`X text`, `{X} text`; an error is linked where it is known, and prose that names none stays prose."""
    head = typed(line) if line.lstrip().startswith(("{", "[")) else None
    if head and head.lead:
        return Head(reference(head.lead.strip("`")), head.text)
    line = line.strip()
    found = _ERROR.match(line)
    end = found.end() if found else len(line) if re.fullmatch(r"[\w.:\\]+", line) else 0
    return Head(reference(line[:end]), _separated(line[end:])) if end else Head("", line)


def value(line: str) -> Head:
    """`@retval v text`."""
    first, _, rest = line.strip().partition(" ")
    return Head(code(first), _separated(rest))


def option(line: str) -> Head:
    """YARD's `@option opts [T] :key (default) text`."""
    hash_name, _, rest = line.strip().partition(" ")
    item_type, rest = bracketed(rest, "[")
    key, _, rest = rest.strip().partition(" ")
    default, rest = bracketed(rest, "(")
    remark = [f"default {code(default)}"] if default else []
    return Head(name_lead(f"{hash_name} {key}".strip(), item_type, *remark), _separated(rest))


def signature(line: str) -> Head:
    """PHP's `@method static int find(int $id) text`; without parentheses it is no signature."""
    opening = line.find("(")
    end = closing_parenthesis(line[:1000], opening) if opening >= 0 else -1
    return Head(code(line[: end + 1]), _separated(line[end + 1 :])) if end > 0 else Head("", line)


def related(line: str) -> Head:
    """`@see Foo#bar(int) label`, `@sa foo(), bar`, or prose."""
    line = line.strip()
    if _REFERENCES.match(line):
        return Head("", ", ".join(reference(name.strip().lstrip("#")) for name in re.split(r",\s*(?![^(]*\))", line)))
    java = _JAVA_REFERENCE.match(line)
    return Head("", code(java[0].lstrip("#")) + line[java.end() :] if java else line)


def bracketed(text: str, opening: str) -> tuple[str, str]:
    """What stands inside a bracket at the start of `text`, and what follows it; empty where there is none."""
    start = len(text) - len(text.lstrip())
    if text[start : start + 1] != opening or text.startswith("{@", start):
        return "", text
    end = closing_parenthesis(text.replace("=>", "=_").replace("->", "-_"), start)
    return (text[start + 1 : end].strip(), text[end + 1 :]) if end > 0 else ("", text)


def _separated(text: str) -> str:
    found = _SEPARATOR.match(text)
    return text[found.end() :] if found else text
