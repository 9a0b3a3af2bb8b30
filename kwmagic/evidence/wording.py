"""Uses of names that are in the catalogue -> statements with the telling arguments quoted as they are written."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from kwmagic.evidence.catalogue import CATALOGUE, Entry
from kwmagic.evidence.outline import LONGEST, Outline, code
from kwmagic.evidence.resolver import Found
from kwmagic.model import Statement

METACLASS = "Has the metaclass"
_CHECKS = ("builtins.isinstance", "builtins.issubclass")


def listed(section: str, outline: Outline, found: Sequence[Found]) -> Iterator[Statement]:
    """The statements of one section that the catalogue tells."""
    scopes, metaclasses = _heads(outline)
    checked = {id(node) for each in found if each.name in _CHECKS and each.call for node in _classes(each.call)}
    for each in found:
        entry = CATALOGUE.get(each.name)
        if entry is None or entry.section != section or each.how not in entry.hows or id(each.node) in checked:
            continue
        text = _metaclass(each) if id(each.node) in metaclasses else _said(each, entry, outline)
        if text:
            scope = scopes.get(id(each.node), each.scope)
            yield Statement(section, entry.topic, text, each.node.lineno, scope)


def _heads(outline: Outline) -> tuple[dict[int, str], set[int]]:
    """`id` of the name of a decorator, base or metaclass -> the definition that it is of; and those of metaclasses."""
    scopes: dict[int, str] = {}
    metaclasses = set()
    for node, qualname, _ in outline.definitions:
        for each in node.decorator_list:
            scopes[id(name_in(each))] = qualname
        if isinstance(node, ast.ClassDef):
            for each in node.bases:
                scopes[id(name_in(each))] = qualname
            for keyword in node.keywords:
                if keyword.arg == "metaclass":
                    scopes[id(name_in(keyword.value))] = qualname
                    metaclasses.add(id(name_in(keyword.value)))
    return scopes, metaclasses


def name_in(node: ast.expr) -> ast.expr:
    """The name in a decorator or base, without its call and its `[…]`."""
    if isinstance(node, ast.Call):
        node = node.func
    return node.value if isinstance(node, ast.Subscript) else node


def _classes(call: ast.Call) -> Iterator[ast.expr]:
    """What an `isinstance` is asked for: these names are no evidence of use."""
    pending = call.args[1:2]
    while pending:
        match pending.pop():
            case ast.Tuple(elts=elements):
                pending += elements
            case ast.BinOp(left=left, right=right):
                pending += [left, right]
            case node:
                yield node


def _metaclass(found: Found) -> str:
    return f"{METACLASS} `{found.name}`"


def _said(found: Found, entry: Entry, outline: Outline) -> str:
    """The text about one use; empty where there is nothing to say."""
    name = found.name.removeprefix("builtins.")
    call = found.call
    if call is None:
        return "" if _writes(entry) else _mentioned(found, name)
    told: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    told = told[:LONGEST] if "*" in entry.tells else list(_told(call, entry))
    if _writes(entry) and (not told or any(each.arg == "fileobj" for each in call.keywords)):
        return ""  # what is written to an open file may be no file on disk
    shown = f"{name}({_arguments(call, told, outline)})" if told else name
    if "*" in entry.tells:
        shown = code(shown)
    return f"`@{shown}`" if found.how == "decorator" else f"Calls `{shown}`{_lacking(call, entry)}"


def _mentioned(found: Found, name: str) -> str:
    match found.how, getattr(found.node, "ctx", None):
        case "base", _:
            return f"Derives from `{name}`"
        case "decorator", _:
            return f"`@{name}`"
        case _, ast.Store():
            return f"Sets `{name}`"
        case _, ast.Del():
            return f"Deletes `{name}`"
    return f"Refers to `{name}`"


def _writes(entry: Entry) -> bool:
    return any(each.endswith("w") and "@" in each for each in entry.tells)


def _told(call: ast.Call, entry: Entry) -> Iterator[ast.expr | ast.keyword]:
    """The telling arguments that are there."""
    for tell in entry.tells:
        name, _, place = tell.rstrip("!").partition("@")
        given = _argument(call, name, int(place.rstrip("w")) if place else None)
        if given and (not place.endswith("w") or _is_writing(given)):
            yield given


def _arguments(call: ast.Call, told: Sequence[ast.expr | ast.keyword], outline: Outline) -> str:
    """The told arguments as they are written and in their order, `…` for those between."""
    shown: list[str] = []
    known = {id(each) for each in told}
    given: list[ast.expr | ast.keyword] = [*call.args, *call.keywords]
    for each in given:
        if id(each) not in known:
            if shown[-1:] != ["…"]:
                shown.append("…")
        elif isinstance(each, ast.keyword):
            source = outline.source(each.value)
            shown.append(f"{each.arg}={source}" if each.arg else f"**{source}")
        else:
            shown.append(outline.source(each))
    return ", ".join(shown)


def _argument(call: ast.Call, name: str, place: int | None) -> ast.expr | ast.keyword | None:
    """The argument that is given by its name, or at its place where no starred one stands before it."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword
    if place is None or any(isinstance(each, ast.Starred) for each in call.args[: place + 1]):
        return None
    return call.args[place] if place < len(call.args) else None


def _is_writing(given: ast.expr | ast.keyword) -> bool:
    """Whether a mode is a literal that opens for writing; what `tarfile` writes behind `:` or `|` is a compression."""
    mode = given.value if isinstance(given, ast.keyword) else given
    if not isinstance(mode, ast.Constant) or not isinstance(mode.value, str):
        return False
    return any(letter in mode.value.partition(":")[0].partition("|")[0] for letter in "wax+")


def _lacking(call: ast.Call, entry: Entry) -> str:
    """What is said of arguments that are not there; nothing where `**` may bring them."""
    given = {keyword.arg for keyword in call.keywords}
    lacking = [each[:-1] for each in entry.tells if each.endswith("!") and not {each[:-1], None} & given]
    return "".join(f" without `{each}`" for each in lacking)
