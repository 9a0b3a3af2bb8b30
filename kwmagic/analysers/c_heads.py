"""What the head of a C-family statement declares: read from its text alone, without knowing where it stands.

Heads are *masked* first: what stands in angle brackets is replaced by as many backticks, so that no comma, bracket
or name in there is taken for one of the declaration.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kwmagic.analysers import c_lexis as lexis
from kwmagic.analysers.c_texts import plain

SPECIFIERS = {
    **dict.fromkeys(
        (
            *("inline", "__inline", "__inline__", "__forceinline", "__forceinline__", "__noinline__", "_Noreturn"),
            *("__extern_inline", "__extern_always_inline", "__always_inline", "__fortify_function", "__owur"),
            "__BEGIN_DECLS",
            *("extern", "mutable", "register", "friend", "typedef", "export", "volatile", "__extension__"),
            *("__global__", "__shared__", "__constant__", "__managed__"),
        ),
        "",
    ),
    **dict.fromkeys(("constexpr", "consteval", "constinit"), "constexpr"),
    **dict.fromkeys(("thread_local", "__thread", "_Thread_local"), "thread-local"),
    "static": "static",
    "virtual": "virtual",
    "explicit": "explicit",
    "__device__": "device",
    "__host__": "host",
}
"""Words in front of a type that are no part of it, with the flag that each gives."""
STATEMENTS = frozenset(
    (
        *("return", "if", "else", "for", "while", "do", "switch", "case", "default", "goto", "break", "continue"),
        *("throw", "try", "catch", "new", "delete", "using", "sizeof", "requires"),
        *("static_assert", "_Static_assert", "asm", "__asm__", "__asm"),
    )
)
"""Words that begin or call no declaration."""
_WORD = re.compile(r"\S++")
_TICKS = re.compile(r"`++")
_GLUED = re.compile(r"`(?=\w)")


class Function(NamedTuple):
    """The head of a function, constructor, operator … ."""

    name: str
    scope: str
    """What stands before the name with `::`: `A::B`."""
    offset: int
    """Of the end of the name in the head."""
    type: str
    """What it returns, as far as that stands in front; empty for a constructor."""
    parameters: int
    end: int
    """From where to where they stand in the head, with their brackets."""
    words: list[str]
    """What stands in front of the name."""
    is_operator: bool = False


class Variable(NamedTuple):
    """One declarator of a variable, field or typedef."""

    name: str
    scope: str
    offset: int
    """Of the end of the name in the head."""
    type: str
    value: str
    words: list[str]
    """What stands in front of the first declarator's name."""


def masked(head: str) -> str:
    """*head* with what could be mistaken for a part of the declaration made backticks; as long as it."""
    if "<" in head:
        head = lexis.ANGLE_PAIR.sub(_ticks, head)
    if "[" in head and "(" in head:
        head = lexis.CALLING_SIZE.sub(_ticks, head)
    if head.count("(") > 1 or "alignas" in head or "__" in head:
        head = lexis.TYPE_OF.sub(_ticks, lexis.NOT_PARAMETERS.sub(_spaces, head))
        head = lexis.BARE.sub(r" \g<name> ", head)
    return head


def is_macro(word: str) -> bool:
    """Whether *word* is written as macros are."""
    return word.isupper() and len(word) > 2


def read_function(source: str, mask: str, class_name: str, *, untyped: bool) -> Function | None:
    """The function that a head declares; None where the first round bracket in it belongs to something else.

    What has no type is a constructor or a macro, unless *untyped* functions are expected.
    """
    paren = mask.find("(")
    while paren >= 0:
        words = mask[:paren].split()
        if not words or words[0] in STATEMENTS:
            return None
        written = words.pop().lstrip("*&^")
        if words and (words[-1].endswith("::") or written[:1] == "`"):  # `A:: f`, `f <int>`
            written = words.pop() + written
        if "`" in written and (glued := _GLUED.search(written)):  # `enable_if<…>f`
            written = written[glued.end() :]
        scope, _, name = (_TICKS.sub("", written) if "`" in written else written).rpartition("::")
        arguments = lexis.ARGUMENTS.match(mask, paren)
        if arguments is None or not name.replace("~", "", 1).isidentifier() or name in STATEMENTS:
            return None
        end = arguments.end()
        is_structor = name == (scope.rpartition("::")[2] or class_name) or name[0] == "~"
        if not is_structor and all(word in SPECIFIERS or is_macro(word) for word in words):
            types = [word for word in words if word not in SPECIFIERS]
            if not types or is_macro(name):
                more = lexis.MORE.match(mask, end)
                if more and more["paren"]:  # `PyAPI_FUNC(int) name(…)`
                    mask = without_macro(mask, mask.rfind(name, 0, paren), paren, end)
                    paren = mask.find("(", end)
                    continue
                if types or not untyped or is_macro(name):
                    return None
        offset = len(mask[:paren].rstrip())
        kind = "" if is_structor else _type(source, mask, mask.rfind(written, 0, paren) if written else offset)
        return Function(name, scope.lstrip(":"), offset, kind, paren, end, words)
    return None


def without_macro(mask: str, start: int, paren: int, end: int) -> str:
    """*mask* without the macro call at *start*; what stands in its brackets is the type, if nothing else is."""
    more = lexis.MORE.match(mask, end)
    has_type = more is not None and len(more[0].split()) > 1 + (
        more[0].rstrip()[-1:] == "(" and more[0][-2:-1].isspace()
    )
    argument = " " * (end - paren - 2) if has_type else "`" * (end - paren - 2)
    return f"{mask[:start]}{' ' * (paren + 1 - start)}{argument} {mask[end:]}"


def read_operator(source: str, mask: str) -> Function | None:
    """The operator function that a head declares."""
    found = lexis.OPERATOR.search(mask)
    arguments = found and lexis.ARGUMENTS.match(mask, found.end())
    if not found or not arguments:
        return None
    start, end = found.span("symbol")
    symbol = plain(source[start:end])
    if not found["conversion"] and symbol[:3] not in ("new", "del", "co_"):
        name = f"operator{''.join(symbol.split())}"
    else:
        name = f"operator {symbol.replace(' [', '[')}"
    scope = _TICKS.sub("", "".join(found["scope"].split())).removesuffix("::")
    before = "" if found["conversion"] else _type(source, mask, found.start())
    words = mask[: found.start()].split()
    return Function(name, scope, end, before, found.end(), arguments.end(), words, True)


def read_variables(source: str, mask: str) -> list[Variable]:
    """The variables, fields or typedefs that a head declares; what is no declaration gives none."""
    pointer = _pointer(mask)
    groups = lexis.GROUP.sub(_ticks, mask)
    found: list[Variable] = []
    position = 0
    for piece in groups.split(","):
        declared = piece.partition("=")[0]
        end = position + len(declared)
        if pointer is not None and position <= pointer[0] < end:
            start, offset = pointer
        else:
            bits = declared.replace("::", "``").find(":")
            name = (declared if bits < 0 else declared[:bits]).rstrip("` \t\n")
            words = name.split(None, -1) if not found else name.rsplit(None, 1)
            offset = position + len(name)
            start = offset - len(words[-1].lstrip("*&^")) if words else offset
        if not found:
            first = groups[:start].split()
            if not first or first[0] in STATEMENTS or all(word in SPECIFIERS for word in first):
                return []
            base = _type(source, groups, start)
            kind = base
        else:
            kind = f"{base.rstrip('*& ')} {plain(source[position:start])}".rstrip()
        scope, _, name = _TICKS.sub("", mask[start:offset]).rpartition("::")
        if name.isidentifier():
            suffix = plain(source[offset:end])
            value = plain(source[end + 1 : position + len(piece)]) if len(piece) > len(declared) else ""
            if suffix.startswith("{"):
                suffix, value = "", suffix
            kind += suffix
            found.append(Variable(name, scope.lstrip(":"), offset, kind, value, first))
        elif not found:
            return []
        position += len(piece) + 1
    return found


def _pointer(mask: str) -> tuple[int, int] | None:
    """Where the name stands in `void (*name)(int)`."""
    found = lexis.POINTER.search(mask) if "(" in mask else None
    return found.span("name") if found else None


def _type(source: str, mask: str, end: int) -> str:
    """The type that stands in `source[:end]`, without specifiers and macros."""
    if "`" in mask[:end]:
        spans = [found.span() for found in _WORD.finditer(mask, 0, end)]
        words = [source[start:stop] for start, stop in spans]
    else:
        words = mask[:end].split()
    words = [word for word in words if word not in SPECIFIERS]
    if len(words) > 1:
        kept = [word for word in words if not is_macro(word)]
        if any(word.strip("*&") not in ("", "const") for word in kept):
            words = kept
    return " ".join(" ".join(words).split())


def _ticks(found: re.Match[str]) -> str:
    return "`" * (found.end() - found.start())


def _spaces(found: re.Match[str]) -> str:
    return " " * (found.end() - found.start())
