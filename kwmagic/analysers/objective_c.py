"""What Objective-C adds to C: containers between `@interface` and `@end`, their methods and properties."""

from __future__ import annotations

import re

from kwmagic.analysers import c_lexis as lexis
from kwmagic.analysers.c_declarations import Declarations
from kwmagic.analysers.c_heads import masked, read_variables
from kwmagic.analysers.c_texts import plain
from kwmagic.model import Import, Kind

_DIRECTIVE = re.compile(r"@\s*+(\w*+)\s*+")
_CONTAINER = re.compile(
    rf"(?P<name>\w++)\s*+(?P<types>{lexis.ANGLES})?+\s*+(?P<category>\(\s*+\w*+\s*+\)\s*+)?+"
    rf"(?::\s*+(?P<base>\w++)\s*+(?:{lexis.ANGLES}\s*+(?=<))?+)?+(?P<protocols>{lexis.ANGLES}\s*+)?+(?P<fields>\{{)?+"
)
_METHOD = re.compile(rf"[-+]\s*+(?P<type>{lexis.PARENS})?+\s*+(?P<rest>(?:[^();{{}}@]++|{lexis.PARENS})*+)")
_PART = re.compile(rf"(?P<name>\w*+)\s*+:\s*+(?P<type>{lexis.PARENS})?+\s*+(?:__unused\s++)?+(?P<parameter>\w*+)")
_PROPERTY = re.compile(rf"(?P<attributes>{lexis.PARENS})?+(?P<rest>(?:[^();{{}}@]++|{lexis.PARENS})*+)")
_TRAILING_MACRO = re.compile(rf"\b[A-Z]++_[A-Z_]++\b(?:\s*+{lexis.PARENS})?+\s*+\Z")
_NAME = re.compile(r"\w++")
_FAMILY = re.compile(
    r"^[ \t]*+(?:#[ \t]*+(?:import|include|define|if|ifdef|ifndef|pragma)\b"
    r"|@(?:interface|implementation|protocol|class|import|end)\b|//|/\*)|;[ \t]*+\n[^\n]*+\}|\)\s*+\{",
    re.MULTILINE,
)
"""What a text in this language has and one in MATLAB, Mathematica or Mercury, which share its suffix, does not."""
_ACCESS = {"public": "", "private": "private", "protected": "protected", "package": "private"}


def looks_like_it(text: str) -> bool:
    """Whether *text* can be Objective-C at all."""
    return not text.strip() or _FAMILY.search(text) is not None


def read(scanner: Declarations, found: re.Match[str], start: int) -> int:
    """What begins with the `@`, `-` or `+` at *start*; returns where the next statement starts."""
    directive = _DIRECTIVE.match(scanner.code, start)
    if directive is None:
        return _method(scanner, found, start) if scanner.scopes[-1].kind == "container" else start + 1
    word, position = directive[1], directive.end()
    if word in ("interface", "implementation", "protocol"):
        return _container(scanner, found, word, position)
    if word == "property":
        return _property(scanner, found, position)
    if word == "end":
        _leave(scanner, start)
        return position
    if word in _ACCESS:
        scanner.scopes[-1].access = _ACCESS[word]
        return position
    if word == "import":
        end = scanner.code.find(";", position)
        if end >= 0:
            module = plain(scanner.text[position:end])
            scanner.imports.append(Import(module, None, None, scanner.line_of(start), ("system",)))
            return end
    if word in ("class", "synthesize", "dynamic", "compatibility_alias"):
        end = scanner.code.find(";", position)
        return end if end >= 0 else position
    return position if word else start + 1


def _container(scanner: Declarations, found: re.Match[str], word: str, position: int) -> int:
    head = _CONTAINER.match(scanner.code, position)
    if head is None:
        return position
    if scanner.code[head.end() : head.end() + 1] in (",", ";"):  # `@protocol A, B;`
        return max(scanner.code.find(";", head.end()), head.end())
    _leave(scanner, position)  # where an `@end` is missing
    outer = scanner.scopes[-1]
    name = head["name"]
    kind = Kind.PROTOCOL if word == "protocol" else Kind.EXTENSION if head["category"] else Kind.CLASS
    shown = f"{name}{plain(head['category'])}" if head["category"] else name
    start, end = head.end("name"), head.start("fields") if head["fields"] else head.end()
    signature = plain(scanner.text[head.end("category") if head["category"] else start : end])
    adopted = _NAME.findall(head["protocols"] or (head["types"] if word == "protocol" else "") or "")
    bases = (*([head["base"]] if head["base"] else []), *adopted)
    flags = scanner.flags(["implementation"] if word == "implementation" else [])
    row = scanner.add(found, kind.value, shown, outer.prefix + shown, start, end, signature or None, flags, bases)
    scanner.enter("container", outer.prefix, position, row=row, type=f"{outer.prefix}{name}::")
    if head["fields"]:
        scanner.enter("class", f"{outer.prefix}{name}::", end, access="protected")
    return head.end()


def _leave(scanner: Declarations, offset: int) -> None:
    """End the container around, if any, and what was not closed in it."""
    if any(scope.kind == "container" for scope in scanner.scopes):
        kind = ""
        while kind != "container":
            scope = scanner.scopes.pop()
            kind = scope.kind
            if scope.row:
                scope.row[4] = scanner.line_of(offset)


def _method(scanner: Declarations, found: re.Match[str], start: int) -> int:
    head = _METHOD.match(scanner.code, start)
    if head is None:
        return start + 1
    parts = list(_PART.finditer(head["rest"]))
    shift = head.start("rest")
    name = "".join(f"{part['name']}:" for part in parts) or (_NAME.search(head["rest"]) or [""])[0]
    end = head.end()
    if not name:
        return end
    text = scanner.text
    parameters = [
        f"{_inner(text[shift + part.start('type') : shift + part.end('type')])} {part['parameter']}".replace(
            "* ", "*"
        ).strip()
        for part in parts
    ]
    signature = f"({', '.join(parameters)})"
    if head["type"]:
        signature += f" -> {_inner(text[head.start('type') : head.end('type')])}"
    flags = ["static"] if scanner.code[start] == "+" else []
    has_body = scanner.code[end : end + 1] == "{"
    if not has_body:
        flags.append("declaration")
    prefix = scanner.scopes[-1].type
    row = scanner.add(found, Kind.METHOD.value, name, prefix + name, start, end, signature, scanner.flags(flags))
    if has_body:
        end = scanner.closing(end)
        row[4] = scanner.line_of(end - 1)
    else:
        row[4] = scanner.line_of(end)
    return end


def _property(scanner: Declarations, found: re.Match[str], position: int) -> int:
    head = _PROPERTY.match(scanner.code, position)
    assert head is not None  # it matches the empty text
    start, end = head.span("rest")
    declared = masked(_TRAILING_MACRO.sub("", head["rest"]).rstrip())
    prefix = scanner.scopes[-1].type
    for each in read_variables(scanner.text[start : start + len(declared)], declared):
        row = scanner.add(
            found, Kind.PROPERTY.value, each.name, prefix + each.name, start + each.offset, end,
            f": {each.type}", scanner.flags([]),
        )  # fmt: skip
        if head["attributes"]:
            row[7] = (_inner(scanner.text[head.start("attributes") : head.end("attributes")]),)
    return end


def _inner(brackets: str) -> str:
    return plain(brackets[1:-1])
