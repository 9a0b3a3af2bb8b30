"""Kinds of symbols in words and in sets: what pages treat alike."""

from __future__ import annotations

from kwmagic.model import Kind

_IRREGULAR = {
    "class": "Classes",
    "type_alias": "Type aliases",
    "property": "Properties",
    "index": "Indexes",
    "decorator": "Decorators used",
    "rpc": "RPCs",
}
PLURALS = {str(kind): _IRREGULAR.get(kind, f"{kind.capitalize()}s") for kind in (*Kind, "import", "decorator")}
"""Headings of groups by kind, in page order."""

TYPES = frozenset(
    (
        Kind.CLASS,
        Kind.STRUCT,
        Kind.UNION,
        Kind.RECORD,
        Kind.INTERFACE,
        Kind.PROTOCOL,
        Kind.TRAIT,
        Kind.OBJECT,
        Kind.EXTENSION,
        Kind.ANNOTATION,
        Kind.ENUM,
        Kind.MESSAGE,
        Kind.SERVICE,
    )
)
"""What has members, and may have bases."""
NAMESPACES = frozenset((Kind.MODULE, Kind.PACKAGE, Kind.NAMESPACE))
"""What only gives names a place."""
CALLED = frozenset(
    (
        Kind.FUNCTION,
        Kind.KERNEL,
        Kind.METHOD,
        Kind.CONSTRUCTOR,
        Kind.DESTRUCTOR,
        Kind.OPERATOR,
        Kind.PROPERTY,
        Kind.RPC,
        Kind.PROCEDURE,
    )
)
"""What runs code of its own."""
MEMBERS = frozenset(
    (
        Kind.METHOD,
        Kind.CONSTRUCTOR,
        Kind.DESTRUCTOR,
        Kind.OPERATOR,
        Kind.PROPERTY,
        Kind.ATTRIBUTE,
        Kind.FIELD,
        Kind.ENUMERATOR,
        Kind.RPC,
        Kind.EVENT,
        Kind.COLUMN,
    )
)
"""What an index by kind lists below its owner."""
ASSIGNED = frozenset(
    (
        Kind.CONSTANT,
        Kind.VARIABLE,
        Kind.ATTRIBUTE,
        Kind.TYPE_ALIAS,
        Kind.TYPEDEF,
        Kind.FIELD,
        Kind.ENUMERATOR,
        Kind.COLUMN,
    )
)
"""What takes one line: a name and its value or type."""
OUTLINE = frozenset((Kind.HEADING, Kind.SECTION, Kind.KEY))
"""What is shown in the order of the file, one inside the other."""


def noun(kind: str, number: int) -> str:
    """A kind as a noun in running text, singular or plural."""
    word = PLURALS[kind] if number != 1 else kind.replace("_", " ")
    return word if word.isupper() or word == "RPCs" else word.lower()
